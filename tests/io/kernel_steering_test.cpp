// The kernel's program against Steering, on real sockets: what it finds it puts where Steering
// would, and what it does not find stays with the kernel's own choice, which is the same for each
// datagram of one peer.
// SPDX-License-Identifier: MIT
#include <sipring/io/detail/kernel_steering.h>

#include <source_dir.h>

#include <sipring/core/shard/steering.h>

#include "loopback.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sipring {
namespace {

using test::Peer;

constexpr std::uint32_t shards = 5;
constexpr HashSeed seed{11, 12};

std::vector<std::vector<UdpSocket>> open_sockets(std::span<const NetworkAddress> listeners) {
  std::vector<std::vector<UdpSocket>> sockets(shards);
  std::vector<std::string> notices;
  for (const NetworkAddress& address : listeners) {
    auto opened = UdpSocket::open(address, shards, {}, notices);
    if (!opened) return {};
    for (std::uint32_t i = 0; i < shards; ++i) sockets[i].push_back(std::move((*opened)[i]));
  }
  return sockets;
}

class KernelSteeringTest : public testing::Test {
 protected:
  void SetUp() override {
    const NetworkAddress listeners[] = {test::loopback_v4(), test::loopback_v6()};
    sockets_ = open_sockets(listeners);
    ASSERT_EQ(sockets_.size(), shards);
    auto attached = KernelSteering::attach(sockets_, seed, roster(ShardPhase::serving));
    if (!attached && attached.error().error_number == EPERM) GTEST_SKIP() << attached.error().text;
    ASSERT_TRUE(attached.has_value()) << attached.error().text;
    kernel_.emplace(std::move(*attached));
    usual_ = landing("OPTIONS sip:a@b SIP/2.0\r\n\r\n");
  }

  // All serve but shard 3, which is in this phase.
  static Homes roster(ShardPhase phase) {
    std::vector<ShardPhase> phases(shards, ShardPhase::serving);
    phases[3] = phase;
    return make_homes(phases);
  }

  // The shard whose socket got the datagram; `shards` when none did.
  std::uint32_t landing(std::string_view datagram, std::size_t listener = 0) {
    Peer& peer = listener == 0 ? v4_ : v6_;
    if (!peer.send(datagram, sockets_[0][listener].bound_address())) return shards;
    std::vector<pollfd> waiting;
    for (const auto& of_shard : sockets_) waiting.push_back({of_shard[listener].fd(), POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), 10'000) != 1) return shards;
    for (std::uint32_t i = 0; i < shards; ++i) {
      if (waiting[i].revents == 0) continue;
      std::string room(65'535, '\0');
      (void)::recv(waiting[i].fd, room.data(), room.size(), 0);
      return i;
    }
    return shards;
  }

  static std::string message(std::string_view call_id_line, std::string_view before = {}) {
    return "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKi\r\n" +
           std::string(before) + std::string(call_id_line) +
           "\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
  }
  // One line for each of many Call-IDs, as the spelling `%` says.
  static std::vector<std::string> spelled(std::string spelling, std::string_view before = {}) {
    std::vector<std::string> messages;
    const std::size_t at = spelling.find('%');
    for (int i = 0; i < 24; ++i) {
      std::string line = spelling;
      messages.push_back(message(line.replace(at, 1, std::to_string(i * 977)), before));
    }
    return messages;
  }
  void expect_found(const std::vector<std::string>& messages) {
    for (const std::string& text : messages) {
      EXPECT_EQ(landing(text), steering_.home_of_datagram(text)) << text;
    }
  }
  void expect_left_to_the_kernel(const std::vector<std::string>& messages) {
    for (const std::string& text : messages) EXPECT_EQ(landing(text), usual_) << text;
  }

  Peer v4_{test::loopback_v4()}, v6_{test::loopback_v6()};
  std::vector<std::vector<UdpSocket>> sockets_;
  std::optional<KernelSteering> kernel_;
  Steering steering_{shards, seed};
  std::uint32_t usual_ = 0;  // where the kernel puts what comes from v4_
};

TEST_F(KernelSteeringTest, finds_the_call_id_however_it_is_spelled) {
  for (const char* spelling : {"Call-ID: %@host", "i: %@host", "I:%", "CALL-ID : %@host  ",
                               "call-id\t:%@a.b.c\t", "cAll-iD:%", "Call-ID: %01234567",
                               "Call-ID: %0123456789abcdef0123456789abcdef@192.168.100.200",
                               "Call-ID: %\x7f\xe2\x82\xac\xff"}) {
    expect_found(spelled(spelling));
  }
}

TEST_F(KernelSteeringTest, finds_it_at_each_alignment_and_behind_lines_that_look_like_it) {
  for (std::size_t size = 0; size < 17; ++size) {
    expect_found(spelled("Call-ID: %@host", "S: " + std::string(size, 'x') + "\r\n"));
    expect_found(spelled("i:%", "S: " + std::string(size, 'x') + "\r\n"));
  }
  expect_found(
      spelled("i: %", "Contact: i: 7\r\nCall-Info: x\r\nIdentity: 7\r\nCall-IDs: 1\r\nC:\r\n"));
  expect_found(spelled("Call-ID: %", "Subject: x\n Call-ID: 7\ncc:1\ni-:2\n"));
  expect_found(spelled("Call-ID: %", "Subject: " + std::string(1'800, 'x') + "\r\n"));
}

TEST_F(KernelSteeringTest, finds_the_same_for_ipv6) {
  for (const std::string& text : spelled("Call-ID: %@host")) {
    EXPECT_EQ(landing(text, 1), steering_.home_of_datagram(text)) << text;
  }
}

TEST_F(KernelSteeringTest, leaves_to_the_kernel_what_it_does_not_find) {
  expect_left_to_the_kernel(spelled("Call-ID:\r\n %@host"));                 // folded
  expect_left_to_the_kernel(spelled("Call-ID: %" + std::string(128, 'x')));  // long
  expect_left_to_the_kernel(
      spelled("Call-ID: %", "S: " + std::string(2'048, 'x') + "\r\n"));  // far
  expect_left_to_the_kernel(spelled("Call-Id-Not: %"));
  expect_left_to_the_kernel(spelled("Call-ID %"));
  expect_left_to_the_kernel(spelled("Via: %", "\r\n"));  // the body
  expect_left_to_the_kernel(spelled("Call-ID: %\x01x"));
  expect_left_to_the_kernel({"", "\r\n", "\r\n\r\n", "x", std::string(3'000, '\n'),
                             std::string(65'000, 'i'), "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: cut"});
}

// Whatever is in there, a datagram is either where Steering wants it or where it would be without
// the program.
TEST_F(KernelSteeringTest, agrees_on_the_whole_corpus) {
  int found = 0;
  int all = 0;
  const std::filesystem::path corpus = SIPRING_SOURCE_DIR "/tests/corpus";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (!entry.is_regular_file() || entry.file_size() > 60'000) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::uint32_t landed = landing(text);
    const bool at_home = landed == steering_.home_of_datagram(text);
    EXPECT_TRUE(at_home || landed == usual_) << entry.path() << ": shard " << landed;
    found += at_home && landed != usual_ ? 1 : 0;
    ++all;
  }
  EXPECT_GT(all, 100);
  EXPECT_GT(found, 40);
}

TEST_F(KernelSteeringTest, follows_the_homes_when_a_shard_stops) {
  const auto messages = spelled("Call-ID: %@host");
  const Homes after = roster(ShardPhase::stopped);
  steering_.place(after);
  ASSERT_TRUE(kernel_->place(after));
  kernel_->remove(3);
  sockets_[3][0].leave_group();
  for (const std::string& text : messages) EXPECT_NE(landing(text), 3U);
  expect_found(messages);
  usual_ = landing("OPTIONS sip:a@b SIP/2.0\r\n\r\n");
  EXPECT_NE(usual_, 3U);
}

// In any case: what has no socket in the map is the kernel's to choose.
TEST_F(KernelSteeringTest, loses_nothing_when_a_socket_goes_unannounced) {
  const auto messages = spelled("Call-ID: %@host");
  sockets_[3][0].leave_group();
  for (const std::string& text : messages) EXPECT_LT(landing(text), shards);
}

}  // namespace
}  // namespace sipring
