// A server on loopback that answers what comes over streams, for tests of one kind of stream each.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/server.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/io/comes_true.h"
#include "tests/io/loopback.h"

namespace sipring::test {

struct StreamTold {
  std::atomic<int> transport_failures = 0;
  std::atomic<int> responses = 0;
};

// Answers every request with 200 and its shard's number; CALL sends an OPTIONS over `transport` to
// the port in its body.
class StreamAnswerer : public TransactionUser {
 public:
  StreamAnswerer(const ShardContext& context, Transport transport, StreamTold& told)
      : shard_(std::to_string(context.shard)),
        transport_(transport),
        flow_(context.listeners[0].flow),
        told_(told) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    if (std::holds_alternative<TransportFailed>(output)) ++told_.transport_failures;
    if (std::holds_alternative<ResponseReceived>(output)) ++told_.responses;
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const HeaderLine headers[] = {{"X-Shard", shard_}};
    EXPECT_TRUE(
        engine.respond(now, request->transaction, Response{.headers = headers}).has_value());
    if (request->message->method_name() == "CALL") call(engine, now, *request);
  }

 private:
  void call(Engine& engine, Instant now, const RequestReceived& request) const {
    const HeaderLine headers[] = {{"From", "<sip:a@127.0.0.1>;tag=1"},
                                  {"To", "<sip:nobody@127.0.0.1>"},
                                  {"Call-ID", "from-the-server"},
                                  {"CSeq", "1 OPTIONS"}};
    Request options;
    options.method = "OPTIONS";
    options.request_uri = "sip:nobody@127.0.0.1";
    options.headers = headers;
    options.destination =
        loopback_v4(static_cast<std::uint16_t>(std::stoul(std::string(request.message->body()))));
    options.destination.transport = transport_;
    options.flow = flow_;
    options.sent_by = "127.0.0.1";
    EXPECT_TRUE(engine.send(now, options, 1).has_value());
  }

  std::string shard_;
  Transport transport_;
  Flow flow_;
  StreamTold& told_;
};

class StreamFixture : public testing::Test {
 protected:
  // `transport` is what requests come by and leave by.
  explicit StreamFixture(Transport transport) : transport_(transport) {
    options_.shards = 1;
    options_.settings.limits.transactions = 4'096;
    options_.shard.pin = false;
    options_.shard.steer = Steer::hand_over;
  }
  static NetworkAddress of(Transport transport) {
    NetworkAddress address = loopback_v4();
    address.transport = transport;
    return address;
  }
  auto try_to_start(const ServerOptions& options) {
    return Server::start(options, [this](ShardContext& context) {
      return std::make_unique<StreamAnswerer>(context, transport_, told_);
    });
  }
  void start() {
    auto started = try_to_start(options_);
    ASSERT_TRUE(started.has_value()) << started.error().text;
    server_ = std::move(*started);
  }
  [[nodiscard]] const NetworkAddress& address(std::size_t listener = 0) const {
    return server_->listeners()[listener].address;
  }
  [[nodiscard]] std::string request(std::string_view method, int number,
                                    std::string_view body = {}) const {
    std::string text = test::request(method, number, body);
    return text.replace(text.find("/UDP"), 4, "/" + std::string(to_string(transport_)));
  }

  Transport transport_;
  ServerOptions options_;
  StreamTold told_;
  std::unique_ptr<Server> server_;
};

}  // namespace sipring::test
