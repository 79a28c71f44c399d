// UserAgent over loopback: two servers, a call from one to the other, and its end.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>
#include <sipring/io/user_agent.h>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>

namespace sipring::test {
namespace {

constexpr std::string_view description =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP "
    "8\r\n";

struct Outcome {
  bool established = false;
  EndedBy by = EndedBy::no_room;
  std::string remote;
};

class Callee : public CallHandler {
 public:
  explicit Callee(std::promise<EndedBy>& ended) : ended_(ended) {}
  void on_incoming_call(UserAgent& agent, const IncomingCall& call) override {
    EXPECT_TRUE(agent.ring(call.call));
    EXPECT_TRUE(agent.accept(call.call, description));
  }
  void on_ended(UserAgent&, const Ended& ended) override { ended_.set_value(ended.by); }

 private:
  std::promise<EndedBy>& ended_;
};

// Calls as soon as it runs, unless it is told not to, and hangs up as soon as it is answered.
class Caller : public CallHandler {
 public:
  Caller(const NetworkAddress& whom, std::promise<Outcome>& outcome, bool calls = true)
      : whom_(whom), promise_(outcome), calls_(calls) {}
  static std::expected<Handle<Call>, CallError> call(UserAgent& agent, const NetworkAddress& whom) {
    const std::string to = "<sip:bob@" + std::string(to_text(whom).view()) + ">";
    return agent.call({.to = to,
                       .from = "<sip:alice@127.0.0.1>",
                       .destination = whom,
                       .flow = agent.listeners().front().flow,
                       .offer = description});
  }
  void on_start(UserAgent& agent) override {
    if (!calls_) return;
    EXPECT_TRUE(call(agent, whom_));
  }
  void on_established(UserAgent& agent, const Established& established) override {
    outcome_.established = true;
    outcome_.remote = established.remote;
    EXPECT_TRUE(agent.end(established.call));
  }
  void on_ended(UserAgent&, const Ended& ended) override {
    outcome_.by = ended.by;
    promise_.set_value(outcome_);
  }

 private:
  NetworkAddress whom_;
  Outcome outcome_;
  std::promise<Outcome>& promise_;
  bool calls_;
};

std::unique_ptr<Server> start(std::function<std::unique_ptr<CallHandler>()> make,
                              ServerOptions options = {}) {
  options.shards = 1;
  options.listeners = {{*parse_ip_address("127.0.0.1"), 0}};
  auto server = Server::start(options, [make = std::move(make)](ShardContext& context) {
    return std::make_unique<UserAgent>(context, CallSettings{}, CallLimits{.calls = 64, .forks = 8},
                                       make());
  });
  EXPECT_TRUE(server) << (server ? "" : server.error().text);
  return server ? std::move(*server) : nullptr;
}

TEST(UserAgent, calls_another_and_hangs_up) {
  std::promise<EndedBy> callee_ended;
  std::promise<Outcome> outcome;
  const auto bob = start([&] { return std::make_unique<Callee>(callee_ended); });
  ASSERT_TRUE(bob);
  const NetworkAddress address = bob->listeners().front().address;
  const auto alice = start([&] { return std::make_unique<Caller>(address, outcome); });
  ASSERT_TRUE(alice);
  auto ended = outcome.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  const Outcome known = ended.get();
  EXPECT_TRUE(known.established);
  EXPECT_EQ(known.remote, description);
  EXPECT_EQ(known.by, EndedBy::local);
  auto other = callee_ended.get_future();
  ASSERT_EQ(other.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(other.get(), EndedBy::remote);
}

// Whom it calls is a URI.
class CallerByName : public Caller {
 public:
  CallerByName(std::string uri, std::promise<Outcome>& outcome)
      : Caller({}, outcome, false), uri_(std::move(uri)) {}
  void on_start(UserAgent& agent) override {
    EXPECT_TRUE(agent.call({.to = uri_, .from = "<sip:alice@127.0.0.1>", .offer = description}));
  }

 private:
  std::string uri_;
};

ServerOptions with_hosts(std::string_view hosts) {
  ServerOptions options;
  NameOptions& names = options.names.emplace();
  names.system.hosts = hosts;
  names.system.settings = {};
  return options;
}

TEST(UserAgent, calls_by_name) {
  std::promise<EndedBy> callee_ended;
  std::promise<Outcome> outcome;
  const auto bob = start([&] { return std::make_unique<Callee>(callee_ended); });
  ASSERT_TRUE(bob);
  const std::uint16_t port = bob->listeners().front().address.port;
  const std::string uri = "sip:bob@pbx.example:" + std::to_string(port);
  const auto alice = start([&] { return std::make_unique<CallerByName>(uri, outcome); },
                           with_hosts("127.0.0.1 pbx.example\n"));
  ASSERT_TRUE(alice);
  auto ended = outcome.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_TRUE(ended.get().established);
  EXPECT_EQ(callee_ended.get_future().get(), EndedBy::remote);
}

TEST(UserAgent, hears_that_a_name_leads_nowhere) {
  std::promise<Outcome> outcome;
  const auto alice =
      start([&] { return std::make_unique<CallerByName>("sip:bob@nowhere.invalid:5060", outcome); },
            with_hosts(""));
  ASSERT_TRUE(alice);
  auto ended = outcome.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(ended.get().by, EndedBy::timed_out);
}

// Calls, and then does nothing.
class Talker : public Caller {
 public:
  using Caller::Caller;
  void on_established(UserAgent&, const Established&) override { is_up.set_value(); }
  static inline std::promise<void> is_up;
};

// Calls when another thread says so, and hangs up when it says so.
TEST(UserAgent, does_what_another_thread_posts) {
  std::promise<EndedBy> callee_ended;
  std::promise<Outcome> outcome;
  std::promise<Handle<Call>> begun;
  const auto bob = start([&] { return std::make_unique<Callee>(callee_ended); });
  ASSERT_TRUE(bob);
  const NetworkAddress whom = bob->listeners().front().address;
  Talker::is_up = {};
  const auto alice = start([&] { return std::make_unique<Talker>(whom, outcome, false); });
  ASSERT_TRUE(alice);
  ASSERT_TRUE(alice->post(UserAgent::errand([&](UserAgent& agent) {
    EXPECT_EQ(agent.shard(), 0u);
    begun.set_value(Caller::call(agent, whom).value_or(Handle<Call>{}));
  })));
  ASSERT_EQ(Talker::is_up.get_future().wait_for(std::chrono::seconds(30)),
            std::future_status::ready);
  const Handle<Call> call = begun.get_future().get();
  ASSERT_TRUE(alice->post(
      0, UserAgent::errand([call](UserAgent& agent) { EXPECT_TRUE(agent.end(call)); })));
  EXPECT_EQ(outcome.get_future().get().by, EndedBy::local);
  alice->stop();
  alice->join();
  const auto late = alice->post(UserAgent::errand([](UserAgent&) { FAIL(); }));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error(), PostError::stopped);
  EXPECT_EQ(alice->post(7, Errand()).error(), PostError::no_such_shard);
}

TEST(UserAgent, hangs_up_when_its_server_stops_in_order) {
  std::promise<EndedBy> callee_ended;
  std::promise<Outcome> outcome;
  const auto bob = start([&] { return std::make_unique<Callee>(callee_ended); });
  ASSERT_TRUE(bob);
  const NetworkAddress address = bob->listeners().front().address;
  Talker::is_up = {};
  const auto alice = start([&] { return std::make_unique<Talker>(address, outcome); });
  ASSERT_TRUE(alice);
  ASSERT_EQ(Talker::is_up.get_future().wait_for(std::chrono::seconds(30)),
            std::future_status::ready);
  EXPECT_FALSE(alice->has_finished());
  EXPECT_TRUE(alice->stop(std::chrono::seconds(30)));
  EXPECT_EQ(outcome.get_future().get().by, EndedBy::local);
  auto other = callee_ended.get_future();
  ASSERT_EQ(other.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(other.get(), EndedBy::remote);
}

}  // namespace
}  // namespace sipring::test
