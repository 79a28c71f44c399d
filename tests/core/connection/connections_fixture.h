// Connections with invented sockets and time: what they want of io is written down, and a test says
// what became of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/connections.h>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/support/sha1.h"

namespace sipring::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline std::string message_of(std::string_view mark, std::size_t body = 0) {
  std::string text = "MESSAGE sip:b@example.com SIP/2.0\r\nCall-ID: ";
  text.append(mark).append("\r\nContent-Length: ").append(std::to_string(body)).append("\r\n\r\n");
  return text.append(std::string(body, 'x'));
}

// "<192.0.2.1:5060>": no other address's mark contains it.
inline std::string to_mark(const NetworkAddress& address) {
  return "<" + std::string(to_text(address).view()) + ">";
}

inline NetworkAddress address_of(std::string_view ip, std::uint16_t port,
                                 Transport transport = Transport::tcp) {
  return {*parse_ip_address(ip), port, transport};
}

class ConnectionsFixture : public testing::Test {
 protected:
  struct Message {
    Flow flow;
    std::string text;
    NetworkAddress source;
  };

  void start(const ConnectionLimits& limits) {
    connections.reset();
    connections = std::make_unique<Connections>(
        Connections::Settings{.shard = 3, .limits = limits, .sha1 = sha1}, Entropy{{1, 2, 3, 4}},
        *std::pmr::new_delete_resource());
  }
  static ConnectionLimits small() {
    ConnectionLimits limits;
    limits.connections = 64;
    limits.sends = 256;
    limits.partial_bytes = 1024 * 1024;
    limits.sources = 64;
    return limits;
  }
  void SetUp() override { start(small()); }

  // Takes outputs until there are none.
  void take_outputs() {
    while (auto output = connections->next_output()) {
      if (const auto* open = std::get_if<OpenConnection>(&*output)) opens.push_back(*open);
      if (const auto* shut = std::get_if<ShutConnection>(&*output)) shuts.push_back(shut->flow);
      if (const auto* end = std::get_if<EndConnection>(&*output)) ends.push_back(*end);
      if (const auto* lost = std::get_if<Undelivered>(&*output))
        undelivered.push_back(lost->transaction.slot);
      if (const auto* pong = std::get_if<Pong>(&*output)) pongs.push_back(pong->flow);
      if (const auto* received = std::get_if<Received>(&*output)) {
        messages.push_back({received->flow, std::string(received->bytes), received->source});
      }
    }
  }

  Flow accept(std::uint16_t port = 40'000, Transport transport = Transport::tcp,
              std::string_view ip = "192.0.2.1") {
    const auto flow =
        connections->accept(now, {.peer = address_of(ip, port, transport),
                                  .listener = Flow::of_listener(1),
                                  .upgrade = transport == Transport::ws ? &policy : nullptr});
    take_outputs();
    if (!flow) refusal = flow.error();
    return flow.value_or(Flow{});
  }
  // In a buffer of its own, with the octets behind it that may be read.
  void receive(Flow flow, std::string_view octets) {
    std::vector<char> exact(octets.begin(), octets.end());
    exact.resize(octets.size() + readable_padding);
    connections->receive(now, flow, std::span(exact).first(octets.size()));
    take_outputs();
  }
  bool send(std::string_view text, const NetworkAddress& to, Flow flow = Flow{},
            std::uint32_t transaction = 7) {
    const auto taken = connections->send(now, Transmit{.bytes = buffers.copy(text),
                                                       .destination = to,
                                                       .flow = flow,
                                                       .lane = 0,
                                                       .transaction = {transaction, 1}});
    if (!taken) send_error = taken.error();
    take_outputs();
    return taken.has_value();
  }
  // Everything that is to be written, as if the kernel took it all: the octets for `flow`.
  std::string written(Flow flow) {
    std::string text;
    while (const auto next = connections->next_write()) {
      const std::string octets = gather(*next);
      if (*next == flow) text += octets;
      connections->sent(now, *next, octets.size());
      take_outputs();
    }
    return text;
  }
  std::string gather(Flow flow) {
    std::array<std::string_view, 64> pieces;
    const std::size_t count = connections->gather(now, flow, pieces);
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += pieces[i];
    return text;
  }
  void pass(Duration time) {
    const Instant end = now + time;
    while (connections->next_deadline() <= end) {
      now = std::max(now, connections->next_deadline());
      connections->advance(now);
      take_outputs();
    }
    now = end;
  }
  // io gives up all descriptors that it was asked to.
  void end_all() {
    for (const EndConnection& end : std::exchange(ends, {})) connections->ended(now, end.flow);
    take_outputs();
  }
  std::uint64_t closed(CloseReason reason) const {
    return connections->counters().closed[std::to_underlying(reason)];
  }
  ConnectionState state(Flow flow) const {
    const Connection* connection = std::as_const(*connections).find(flow);
    return connection == nullptr ? ConnectionState::gone : connection->state;
  }

  BufferPool buffers{4 * 1024 * 1024, *std::pmr::new_delete_resource()};
  UpgradePolicy policy{
      .sha1 = sha1, .head_bytes = 2'048, .resource = {}, .origins = {}, .needs_origin = false};
  std::unique_ptr<Connections> connections;
  Instant now{seconds(1'000)};
  std::vector<OpenConnection> opens;
  std::vector<Flow> shuts;
  std::vector<Flow> pongs;
  std::vector<EndConnection> ends;
  std::vector<std::uint32_t> undelivered;
  std::vector<Message> messages;
  std::optional<AcceptRefusal> refusal;
  std::optional<StreamSendError> send_error;
};

}  // namespace sipring::test
