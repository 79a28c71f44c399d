// Queries over real sockets on the loopback; the test is the name server.
// SPDX-License-Identifier: MIT
#include <sipring/io/name_servers.h>

#include <sipring/io/clock.h>
#include <sipring/io/socket_address.h>

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory_resource>
#include <set>
#include <string>

#include "bound_socket.h"
#include "tests/core/dns/zone.h"

namespace sipring {
namespace {

using test::BoundSocket;
using test::Zone;

class NameServersTest : public ::testing::Test {
 protected:
  static dns::ResolverSettings settings(const NetworkAddress& server) {
    dns::ResolverSettings settings;
    settings.servers = {server};
    settings.limits = {.questions = 16,
                       .at_once = 16,
                       .waiters = 16,
                       .cached = 64,
                       .record_bytes = std::size_t{4} << 20};
    return settings;
  }
  bool ask(std::string_view name, dns::RecordType type = dns::RecordType::a) {
    const auto asked = servers.resolver().ask(read_clock(), name, type, 1);
    const bool waits = std::holds_alternative<Handle<dns::Waiter>>(asked);
    EXPECT_FALSE(servers.perform(read_clock()).has_value());
    return waits;
  }
  // Polls as a loop would: what is awaited once.
  void poll_once() {
    servers.each_awaited([&](const NameServers::Awaited& awaited) {
      pollfd polled{awaited.fd, awaited.events, 0};
      EXPECT_EQ(::poll(&polled, 1, 10'000), 1);
      servers.ready(read_clock(), awaited.question);
    });
  }

  BoundSocket by_udp;
  NameServers servers{settings(by_udp.address()), "", Entropy{{1, 2, 3, 4}},
                      *std::pmr::new_delete_resource()};
  Zone zone{"a.example A 192.0.2.1\nb.example A 192.0.2.2"};
};

TEST_F(NameServersTest, a_question_is_answered_over_udp) {
  ASSERT_TRUE(ask("a.example"));
  by_udp.serve(zone);
  const auto answered = servers.wait();
  ASSERT_TRUE(answered.has_value());
  ASSERT_EQ(answered->answer.outcome, dns::Outcome::records);
  EXPECT_EQ(to_text(answered->answer.records[0].address).view(), "192.0.2.1");
  EXPECT_FALSE(servers.wait().has_value());  // nothing is asked any more
}

TEST_F(NameServersTest, each_query_has_a_port_of_its_own) {
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(ask("n" + std::to_string(i) + ".example"));
  for (int i = 0; i < 10; ++i) ports.insert(by_udp.serve(zone));
  EXPECT_EQ(ports.size(), 10u);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(servers.wait().has_value());
}

TEST_F(NameServersTest, what_is_truncated_comes_by_tcp_in_pieces_too) {
  const BoundSocket by_tcp(by_udp);
  ASSERT_TRUE(ask("a.example"));
  by_udp.serve(zone, true);
  poll_once();                                              // truncated
  EXPECT_FALSE(servers.perform(read_clock()).has_value());  // connects
  poll_once();                                              // sends
  const int connection = ::accept(by_tcp.fd(), nullptr, nullptr);
  ASSERT_GE(connection, 0);
  std::array<char, 512> room{};
  const ssize_t size = ::recv(connection, room.data(), room.size(), 0);
  ASSERT_GT(size, 2);
  EXPECT_EQ(static_cast<unsigned char>(room[1]), size - 2);  // its length comes first
  const std::string answer = zone.answer({room.data() + 2, static_cast<std::size_t>(size) - 2});
  const std::string framed = std::string(1, '\0') + static_cast<char>(answer.size()) + answer;
  for (const char octet : framed) {
    ASSERT_EQ(::send(connection, &octet, 1, 0), 1);
    poll_once();
  }
  const auto answered = servers.perform(read_clock());
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->answer.records.size(), 1u);
  ::close(connection);
}

TEST(NameServersAbsent, where_nobody_listens_a_question_fails_without_waiting) {
  NetworkAddress nobody;
  { nobody = BoundSocket().address(); }
  dns::ResolverSettings settings;
  settings.servers = {nobody};
  settings.patience = std::chrono::seconds(30);
  settings.timeout = std::chrono::seconds(30);
  settings.limits.record_bytes = std::size_t{4} << 20;
  NameServers servers(settings, "", Entropy{}, *std::pmr::new_delete_resource());
  (void)servers.resolver().ask(read_clock(), "a.example", dns::RecordType::a, 1);
  const Instant began = read_clock();
  const auto answered = servers.wait();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->answer.outcome, dns::Outcome::failed);
  EXPECT_LT(read_clock() - began, std::chrono::seconds(20));
}

}  // namespace
}  // namespace sipring
