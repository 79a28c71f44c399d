// Requests by URI over real sockets: the test is the name server, the targets, and the peer who has
// the shard's user send them.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>
#include <sipring/io/server.h>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/io/bound_socket.h"
#include "tests/io/loopback.h"

namespace sipring {
namespace {

using test::BoundSocket;
using test::header_of;
using test::Peer;
using test::Zone;

// Sends an OPTIONS to the URI in the body of a request, and answers that with what came of it.
class Caller : public TransactionUser {
 public:
  explicit Caller(const ShardContext& context) : sender_(*context.sender) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    if (const auto* request = std::get_if<RequestReceived>(&output)) {
      if (request->transaction) call(now, *request);
    } else if (const auto* response = std::get_if<ResponseReceived>(&output)) {
      if (response->message->status() >= 200)
        tell(engine, now, response->attached, std::to_string(response->message->status()));
    } else if (const auto* timeout = std::get_if<TimedOut>(&output)) {
      if (timeout->kind == TransactionKind::client)
        tell(engine, now, timeout->attached, "timed out");
    } else if (const auto* failure = std::get_if<TransportFailed>(&output)) {
      if (failure->kind == TransactionKind::client) tell(engine, now, failure->attached, "failed");
    }
  }
  void on_no_target(Engine& engine, Instant now, const Sender::Ended& ended) override {
    tell(engine, now, ended.attached, std::string(to_string(ended.reason)));
  }

 private:
  void call(Instant now, const RequestReceived& received) {
    const HeaderLine headers[] = {{"From", "<sip:a@127.0.0.1>;tag=1"},
                                  {"To", "<sip:b@x.example>"},
                                  {"Call-ID", "towards-a-name"},
                                  {"CSeq", "1 OPTIONS"}};
    const auto uri = parse_uri(received.message->body());
    ASSERT_TRUE(uri.has_value());
    const auto sent = sender_.send(
        now, *destination_of(*uri),
        {.method = "OPTIONS", .request_uri = "sip:b@x.example", .headers = headers},
        std::uint64_t{received.transaction.generation} << 32 | received.transaction.slot);
    EXPECT_TRUE(sent.has_value());
  }
  static void tell(Engine& engine, Instant now, std::uint64_t attached,
                   const std::string& outcome) {
    const HeaderLine headers[] = {{"X-Outcome", outcome}};
    const Handle<Transaction> transaction{static_cast<std::uint32_t>(attached),
                                          static_cast<std::uint32_t>(attached >> 32)};
    EXPECT_TRUE(engine.respond(now, transaction, Response{.headers = headers}).has_value());
  }

  Sender& sender_;
};

class NamingTest : public testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.listeners = {test::loopback_v4()};
    options.shards = 1;
    options.settings.limits.transactions = 1'024;
    options.shard.pin = false;
    NameOptions& names = options.names.emplace();
    names.system.hosts = "";
    names.system.settings = {};
    names.system.settings.servers = {name_server.address()};
    names.sending.sendings = 64;
    names.sending.kept_bytes = 1 << 20;
    auto started = Server::start(
        options, [](ShardContext& context) { return std::make_unique<Caller>(context); });
    ASSERT_TRUE(started.has_value()) << started.error().text;
    server = std::move(*started);
  }

  void call(std::string_view uri) {
    ASSERT_TRUE(
        commander.send(test::request("CALL", ++number, uri), server->listeners().front().address));
  }
  std::string outcome() {
    const auto answer = commander.receive();
    return answer ? header_of(*answer, "X-Outcome") : "nothing";
  }
  // A target gets the request, and answers.
  void answer(Peer& target, std::string_view status) {
    const auto text = target.receive();
    ASSERT_TRUE(text.has_value());
    std::string response = "SIP/2.0 " + std::string(status) + "\r\n";
    for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"})
      response += std::string(name) + ": " + header_of(*text, name) + "\r\n";
    response += "Content-Length: 0\r\n\r\n";
    ASSERT_TRUE(target.send(response, server->listeners().front().address));
  }
  static std::string server_record(std::string_view priority, const Peer& target,
                                   std::string_view name) {
    return "_sip._udp.x.example SRV " + std::string(priority) + " 0 " +
           std::to_string(target.address().port) + " " + std::string(name) + "\n" +
           std::string(name) + " A 127.0.0.1\n";
  }

  BoundSocket name_server;
  Peer commander, first, second;
  Zone zone{server_record("1", first, "a.example") + server_record("2", second, "b.example")};
  std::unique_ptr<Server> server;
  int number = 0;
};

TEST_F(NamingTest, a_request_by_uri_goes_where_its_name_leads) {
  call("sip:x.example;transport=udp");
  name_server.serve(zone);  // SRV
  name_server.serve(zone);  // A
  answer(first, "200 OK");
  EXPECT_EQ(outcome(), "200");
  call("sip:x.example;transport=udp");  // nobody is asked again
  answer(first, "404 Not Found");
  EXPECT_EQ(outcome(), "404");
}

TEST_F(NamingTest, after_503_the_next_target_has_it_and_the_user_hears_of_one_request) {
  call("sip:x.example;transport=udp");
  name_server.serve(zone);
  name_server.serve(zone);
  answer(first, "503 Service Unavailable\r\nRetry-After: 20");
  name_server.serve(zone);  // the second one's address
  answer(second, "200 OK");
  EXPECT_EQ(outcome(), "200");
  call("sip:x.example;transport=udp");  // the first is avoided now
  answer(second, "200 OK");
  EXPECT_EQ(outcome(), "200");
}

TEST_F(NamingTest, where_nobody_listens_the_next_target_is_tried_at_once) {
  first.close();
  call("sip:x.example;transport=udp");
  name_server.serve(zone);
  name_server.serve(zone);
  name_server.serve(zone);
  answer(second, "200 OK");
  EXPECT_EQ(outcome(), "200");
}

TEST_F(NamingTest, a_name_that_leads_nowhere_is_told) {
  call("sip:nowhere.example:5060");
  name_server.serve(zone);
  EXPECT_EQ(outcome(), "no_such_name");
}

TEST_F(NamingTest, what_is_truncated_is_asked_by_tcp) {
  const BoundSocket by_tcp(name_server);
  call("sip:a.example:" + std::to_string(first.address().port));
  name_server.serve(zone, true);
  by_tcp.serve_stream(zone);
  answer(first, "200 OK");
  EXPECT_EQ(outcome(), "200");
}

TEST_F(NamingTest, while_a_name_server_is_silent_others_are_served) {
  call("sip:x.example;transport=udp");  // nobody answers this one
  call("sip:127.0.0.1:" + std::to_string(second.address().port));
  answer(second, "200 OK");
  EXPECT_EQ(outcome(), "200");
}

TEST(NameOptionsTest, a_listener_at_any_address_needs_to_be_told_what_it_is_reached_by) {
  ServerOptions options;
  options.listeners = {{}};
  options.names.emplace();
  const auto started =
      Server::start(options, [](ShardContext&) { return std::unique_ptr<TransactionUser>(); });
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, OpenErrorCode::options);
  EXPECT_NE(started.error().text.find("sent_by"), std::string::npos) << started.error().text;
}

}  // namespace
}  // namespace sipring
