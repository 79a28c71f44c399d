// SPDX-License-Identifier: MIT
#include <sipring/io/udp/send_queue.h>

#include "tests/io/loopback.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

namespace sipring {
namespace {

// A network whose answers are scripted: each call takes the next errno (0: all of it is sent).
struct ScriptedNetwork {
  std::vector<int> errors;
  std::size_t calls = 0;
  std::vector<std::string> sent;  // one string for each message, its octets joined
  std::uint32_t most_segments = 0;
};
ScriptedNetwork network;

int scripted(int, mmsghdr* messages, unsigned count, int) {
  const int error = network.calls < network.errors.size() ? network.errors[network.calls] : 0;
  ++network.calls;
  if (error != 0) {
    errno = error;
    return -1;
  }
  for (unsigned i = 0; i < count; ++i) {
    std::string octets;
    const msghdr& message = messages[i].msg_hdr;
    for (std::size_t j = 0; j < message.msg_iovlen; ++j) {
      octets.append(static_cast<const char*>(message.msg_iov[j].iov_base),
                    message.msg_iov[j].iov_len);
    }
    network.most_segments =
        std::max(network.most_segments, static_cast<std::uint32_t>(message.msg_iovlen));
    network.sent.push_back(octets);
  }
  return static_cast<int>(count);
}

class SendQueueTest : public testing::Test {
 protected:
  SendQueueTest() { network = {}; }

  Transmit transmit(std::string_view text, const NetworkAddress& to, std::uint32_t lane = 0) {
    Transmit result;
    result.bytes = buffers_.acquire(text.size());
    std::memcpy(result.bytes->data(), text.data(), text.size());
    result.bytes->resize(static_cast<std::uint32_t>(text.size()));
    result.destination = to;
    result.lane = lane;
    return result;
  }
  // Of the room's queues; a new room each time.
  SendQueue scripted_queue(std::uint32_t capacity) {
    room_.emplace(SendOptions{.capacity = capacity}, failed_, *std::pmr::new_delete_resource());
    return {*room_, {}, scripted};
  }

  std::optional<SendRoom> room_;
  FailedSends failed_{64, *std::pmr::new_delete_resource()};
  BufferPool buffers_{1 << 20, *std::pmr::new_delete_resource()};
  IoCounters counters_;
  NetworkAddress a_ = test::loopback_v4(1'000);
  NetworkAddress b_ = test::loopback_v4(2'000);
};

TEST_F(SendQueueTest, joins_equal_sizes_to_one_peer_where_that_keeps_their_order) {
  SendQueue queue = scripted_queue(64);
  for (const char* text : {"aa", "bb", "c", "dd", "ee"}) {
    ASSERT_TRUE(queue.push(transmit(text, a_)));
    ASSERT_TRUE(queue.push(transmit("xxx", b_)));
  }
  EXPECT_EQ(queue.flush(counters_), SendQueue::State::idle);
  EXPECT_EQ(network.sent, (std::vector<std::string>{"aabb", "xxxxxxxxxxxxxxx", "c", "ddee"}));
  EXPECT_EQ(network.calls, 1U);
  EXPECT_EQ(counters_.datagrams_sent, 10U);
  EXPECT_EQ(counters_.segment_runs, 3U);
  EXPECT_EQ(buffers_.size(), 0U);
}

TEST_F(SendQueueTest, never_reorders_datagrams_of_one_order) {
  SendQueue queue = scripted_queue(64);
  for (const char* text : {"a", "bb", "c", "dd"}) ASSERT_TRUE(queue.push(transmit(text, a_)));
  (void)queue.flush(counters_);
  std::string all;
  for (const std::string& message : network.sent) all += message;
  EXPECT_EQ(all, "abbcdd");
}

TEST_F(SendQueueTest, gathers_by_size_what_may_overtake_others) {
  SendQueue queue = scripted_queue(64);
  for (std::uint32_t call = 0; call < 2; ++call) {
    for (const char* text : {"aa", "ccc", "d"}) ASSERT_TRUE(queue.push(transmit(text, a_, call)));
  }
  (void)queue.flush(counters_);
  EXPECT_EQ(network.sent, (std::vector<std::string>{"aaaa", "cccccc", "dd"}));
  EXPECT_EQ(counters_.segment_runs, 3U);
}

TEST_F(SendQueueTest, begins_a_run_anew_rather_than_let_one_of_an_order_overtake) {
  SendQueue queue = scripted_queue(64);
  ASSERT_TRUE(queue.push(transmit("200", a_, 1)));  // of an earlier call, sent again
  ASSERT_TRUE(queue.push(transmit("18", a_, 2)));
  ASSERT_TRUE(queue.push(transmit("2OO", a_, 2)));
  ASSERT_TRUE(queue.push(transmit("18", a_, 3)));
  ASSERT_TRUE(queue.push(transmit("2oo", a_, 3)));
  (void)queue.flush(counters_);
  EXPECT_EQ(network.sent, (std::vector<std::string>{"200", "1818", "2OO2oo"}));
}

TEST_F(SendQueueTest, forgets_orders_with_the_turn) {
  SendQueue queue = scripted_queue(64);
  for (int turn = 0; turn < 2; ++turn) {
    for (const char* text : {"aa", "ccc"}) ASSERT_TRUE(queue.push(transmit(text, a_, 1)));
    for (const char* text : {"aa", "ccc"}) ASSERT_TRUE(queue.push(transmit(text, a_, 2)));
    (void)queue.flush(counters_);
    EXPECT_EQ(network.sent, (std::vector<std::string>{"aaaa", "cccccc"}));
    network = {};
  }
}

TEST_F(SendQueueTest, limits_a_run_to_64_segments) {
  SendQueue queue = scripted_queue(256);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(queue.push(transmit("same size", a_)));
  (void)queue.flush(counters_);
  EXPECT_EQ(network.most_segments, 64U);
  EXPECT_EQ(network.sent.size(), 4U);
  EXPECT_EQ(counters_.datagrams_sent, 200U);
}

TEST_F(SendQueueTest, leaves_large_datagrams_alone) {
  SendQueue queue = scripted_queue(8);
  const std::string large(1'453, 'x');
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push(transmit(large, a_)));
  (void)queue.flush(counters_);
  EXPECT_EQ(network.most_segments, 1U);
  EXPECT_FALSE(queue.push(transmit(std::string(65'508, 'x'), a_)));
}

TEST_F(SendQueueTest, keeps_the_rest_when_the_socket_is_full) {
  network.errors = {EAGAIN};
  SendQueue queue = scripted_queue(5);  // of which one is kept for other queues
  ASSERT_TRUE(queue.push(transmit("one", a_)));
  EXPECT_EQ(queue.flush(counters_), SendQueue::State::blocked);
  EXPECT_EQ(counters_.send_blocked, 1U);
  EXPECT_EQ(queue.size(), 1U);
  for (const char* text : {"two", "three", "four"}) ASSERT_TRUE(queue.push(transmit(text, a_)));
  EXPECT_FALSE(queue.push(transmit("five", a_)));
  EXPECT_EQ(queue.flush(counters_), SendQueue::State::idle);
  EXPECT_EQ(network.sent, (std::vector<std::string>{"onetwo", "three", "four"}));
  EXPECT_TRUE(queue.push(transmit("five", a_)));
  (void)queue.flush(counters_);
  EXPECT_EQ(buffers_.size(), 0U);
}

TEST_F(SendQueueTest, names_what_was_refused_and_tells_whose_it_was) {
  const std::pair<int, SendFailure> refusals[] = {
      {ENOBUFS, SendFailure::no_buffers},      {EMSGSIZE, SendFailure::too_large},
      {ECONNREFUSED, SendFailure::refused},    {EPERM, SendFailure::not_permitted},
      {ENETUNREACH, SendFailure::unreachable}, {EHOSTUNREACH, SendFailure::unreachable},
      {EAFNOSUPPORT, SendFailure::other}};
  for (const auto& [error, failure] : refusals) {
    network = {};
    network.errors = {error, error};
    IoCounters counters;
    SendQueue queue = scripted_queue(4);
    Transmit lost = transmit("lost", a_);
    lost.transaction = {5, 1};
    ASSERT_TRUE(queue.push(std::move(lost)));
    // Errors that ICMP may have left behind are tried twice; the others go on to the next message.
    ASSERT_TRUE(queue.push(transmit("kept", b_)));
    if (error == ENOBUFS || error == EPERM || error == EAFNOSUPPORT) network.errors.pop_back();
    EXPECT_EQ(queue.flush(counters), SendQueue::State::idle);
    EXPECT_EQ(counters[failure], 1U) << to_string(failure);
    EXPECT_EQ(network.sent, std::vector<std::string>{"kept"}) << to_string(failure);
    EXPECT_EQ(failed_.next(), (Handle<Transaction>{5, 1}));
    EXPECT_EQ(failed_.next(), std::nullopt);
  }
}

TEST_F(SendQueueTest, does_not_blame_a_message_for_an_earlier_ones_icmp_error) {
  network.errors = {ECONNREFUSED};
  SendQueue queue = scripted_queue(4);
  ASSERT_TRUE(queue.push(transmit("innocent", a_)));
  EXPECT_EQ(queue.flush(counters_), SendQueue::State::idle);
  EXPECT_EQ(network.sent, std::vector<std::string>{"innocent"});
  EXPECT_EQ(counters_[SendFailure::refused], 0U);
  EXPECT_TRUE(queue.take_error_seen());
  EXPECT_FALSE(queue.take_error_seen());
}

TEST_F(SendQueueTest, sends_one_by_one_where_a_device_refuses_segments) {
  network.errors = {EIO};
  SendQueue queue = scripted_queue(8);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push(transmit("same", a_)));
  EXPECT_EQ(queue.flush(counters_), SendQueue::State::idle);
  EXPECT_EQ(network.sent, (std::vector<std::string>{"same", "same", "same"}));
  EXPECT_EQ(counters_.segments_refused, 1U);
  EXPECT_EQ(counters_.datagrams_sent, 3U);
}

TEST_F(SendQueueTest, shares_its_room_without_mixing_what_goes_through_two_sockets) {
  SendQueue first = scripted_queue(64);
  SendQueue second(*room_, {.number = 1}, scripted);
  for (const char* text : {"aa", "bb"}) {
    ASSERT_TRUE(first.push(transmit(text, a_)));
    ASSERT_TRUE(second.push(transmit(text, a_)));
  }
  EXPECT_EQ(room_->size(), 4U);
  (void)second.flush(counters_);
  EXPECT_EQ(network.sent, std::vector<std::string>{"aabb"});
  EXPECT_EQ(first.size(), 2U);
  (void)first.flush(counters_);
  EXPECT_EQ(network.sent, (std::vector<std::string>{"aabb", "aabb"}));
  EXPECT_EQ(room_->size(), 0U);
}

TEST_F(SendQueueTest, of_a_full_socket_leaves_room_to_the_others) {
  network.errors = {EAGAIN};
  SendQueue blocked = scripted_queue(8);
  SendQueue other(*room_, {.number = 1}, scripted);
  ASSERT_TRUE(blocked.push(transmit("one", a_)));
  EXPECT_EQ(blocked.flush(counters_), SendQueue::State::blocked);
  std::uint32_t pushed = 0;
  while (blocked.push(transmit("more", a_))) ++pushed;
  EXPECT_EQ(pushed, 5U);
  EXPECT_TRUE(other.push(transmit("mine", b_)));
  (void)other.flush(counters_);
  EXPECT_EQ(network.sent, std::vector<std::string>{"mine"});
}

TEST_F(SendQueueTest, that_goes_tells_whose_messages_went_with_it) {
  std::optional<SendQueue> queue;
  room_.emplace(SendOptions{.capacity = 8}, failed_, *std::pmr::new_delete_resource());
  queue.emplace(*room_, SendQueue::Way{}, scripted);
  Transmit message = transmit("late", a_);
  message.transaction = {3, 1};
  ASSERT_TRUE(queue->push(std::move(message)));
  queue.reset();
  EXPECT_EQ(failed_.next(), (Handle<Transaction>{3, 1}));
  EXPECT_EQ(buffers_.size(), 0U);
  EXPECT_EQ(room_->size(), 0U);
}

// What a port takes: listeners may come by the dozen.
TEST_F(SendQueueTest, is_small) {
  EXPECT_LE(sizeof(SendQueue), 64U);
}

TEST_F(SendQueueTest, reaches_real_sockets_as_single_datagrams) {
  test::Peer first;
  test::Peer second;
  test::Peer sender;
  ASSERT_TRUE(first.is_open() && second.is_open() && sender.is_open());
  SendRoom room({.capacity = 1'024}, failed_, *std::pmr::new_delete_resource());
  SendQueue queue(room, {sender.fd()});
  for (int i = 100; i < 400; ++i) {
    ASSERT_TRUE(queue.push(transmit("first " + std::to_string(i), first.address())));
    ASSERT_TRUE(queue.push(transmit(std::to_string(i), second.address())));
  }
  EXPECT_EQ(queue.flush(counters_), SendQueue::State::idle);
  for (int i = 100; i < 400; ++i) {
    ASSERT_EQ(first.receive(), "first " + std::to_string(i));
    ASSERT_EQ(second.receive(), std::to_string(i));
  }
  EXPECT_EQ(counters_.datagrams_sent, 600U);
  EXPECT_EQ(counters_.segment_runs, 10U);
  EXPECT_EQ(counters_.system_calls, 2U);  // of 512 iovecs at most
}

}  // namespace
}  // namespace sipring
