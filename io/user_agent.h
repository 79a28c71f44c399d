// UserAgent: the calls of a shard for a program that would rather be called than ask (RFC 3261
// section 8). It is the transaction user of its shard; what happens to a call is a function of its
// CallHandler, and what is to be done is a function of the agent, from within those.
//
//   auto server = Server::start(options, [](ShardContext& context) {
//     return std::make_unique<UserAgent>(context, CallSettings{}, CallLimits{},
//                                        std::make_unique<AnsweringMachine>());
//   });
//
// One for each shard, called by that shard's thread alone. Other threads post what they want done:
//
//   server->post(shard, UserAgent::errand([](UserAgent& agent) { (void)agent.call(...); }));
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/calls.h>
#include <sipring/io/errand.h>
#include <sipring/io/transaction_user.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace sipring {

class UserAgent;

// What becomes of calls. Views and messages live until the function returns.
class CallHandler {
 public:
  virtual ~CallHandler() = default;
  // Once, when the shard has begun: the place for a first call().
  virtual void on_start(UserAgent&) {}
  virtual void on_incoming_call(UserAgent& agent, const IncomingCall& call);  // 480
  virtual void on_state_change(UserAgent&, const StateChanged&) {}
  virtual void on_ringing(UserAgent&, const Ringing&) {}
  virtual void on_redirected(UserAgent& agent, const Redirected& call);  // refuses: the call ends
  virtual void on_established(UserAgent&, const Established&) {}
  virtual void on_offered(UserAgent& agent, const Offered& offer);  // refuses with 488
  virtual void on_offer_failed(UserAgent&, const OfferFailed&) {}
  virtual void on_requested(UserAgent& agent, const Requested& request);  // 200
  virtual void on_replied(UserAgent&, const Replied&) {}
  virtual void on_ended(UserAgent&, const Ended&) {}
  // An output of the engine that is no call's: OPTIONS gets 200, any other request 501.
  virtual void on_other(UserAgent& agent, const Output& output);
};

class UserAgent final : public TransactionUser {
 public:
  // Without endpoints in `settings` those of the shard's listeners are used: they must not listen
  // on all addresses then. Timers and mark are to be those of the server's engines.
  UserAgent(const ShardContext& context, CallSettings settings, const CallLimits& limits,
            std::unique_ptr<CallHandler> handler);

  // `function(agent)` for Server::post(), as from within a function of the handler. All users of
  // that server are UserAgents. What it captures is moved to the shard's thread.
  template <class Function>
  [[nodiscard]] static Errand errand(Function function) {
    return Errand([function = std::move(function)](TransactionUser& user, Engine& engine,
                                                   Instant now) mutable {
      auto& agent = static_cast<UserAgent&>(user);
      agent.at(engine, now, [&](const Moment&) { function(agent); });
    });
  }

  // From within a function of the handler, or of an errand, only.
  std::expected<Handle<Call>, CallError> call(const Invitation& invitation,
                                              std::uint64_t attached = 0) {
    return calls_.invite(*moment_, invitation, attached);
  }
  Done ring(Handle<Call> call, std::uint16_t status = 180, const Content& content = {}) {
    return calls_.ring(*moment_, call, status, content);
  }
  Done accept(Handle<Call> call, std::string_view description) {
    return calls_.accept(*moment_, call, {.body = description});
  }
  Done reject(Handle<Call> call, std::uint16_t status, std::span<const HeaderLine> headers = {}) {
    return calls_.reject(*moment_, call, status, headers);
  }
  Done end(Handle<Call> call, std::span<const HeaderLine> headers = {}) {
    return calls_.end(*moment_, call, headers);
  }
  Done follow(Handle<Call> call, const NetworkAddress& destination = {}, Flow flow = {}) {
    return calls_.follow(*moment_, call, destination, flow);
  }
  Done offer(Handle<Call> call, std::string_view description) {
    return calls_.offer(*moment_, call, description);
  }
  Done answer(Handle<Call> call, std::string_view description) {
    return calls_.answer(*moment_, call, description);
  }
  Done refuse(Handle<Call> call, std::uint16_t status = 488) {
    return calls_.refuse(*moment_, call, status);
  }
  Done request(Handle<Call> call, Method method, const Content& content = {}) {
    return calls_.request(*moment_, call, method, content);
  }
  // To a request that is no call's, or of Requested.
  std::expected<void, SendError> respond(Handle<Transaction> transaction,
                                         const Response& response) {
    return moment_->engine.respond(moment_->now, transaction, response);
  }
  [[nodiscard]] Instant now() const { return moment_->now; }
  [[nodiscard]] Calls& calls() { return calls_; }
  [[nodiscard]] std::span<const Listener> listeners() const { return listeners_; }
  [[nodiscard]] std::uint32_t shard() const {
    return shard_;
  }  // where to post what is for its calls

  // TransactionUser.
  void on_output(Engine& engine, Instant now, const Output& output) override;
  void on_no_target(Engine& engine, Instant now, const Sender::Ended& ended) override;
  [[nodiscard]] Instant next_deadline() const override {
    return started_ ? calls_.next_deadline() : Instant{};
  }
  void advance(Engine& engine, Instant now) override;
  [[nodiscard]] std::span<std::byte> coming_memory() override { return calls_.coming_memory(); }
  void on_drain(Engine& engine, Instant now) override;
  void on_finish(Engine& engine, Instant now) override;
  void on_listen(Engine& engine, Instant now, const Listener& listener) override;
  [[nodiscard]] const CallCounters* call_counters() const override { return &calls_.counters(); }
  [[nodiscard]] bool is_idle() const override { return calls_.alive() == 0; }

 private:
  // `function` may ask for something, and what comes of it is told.
  template <class Function>
  void at(Engine& engine, Instant now, Function&& function) {
    const Moment moment{engine, now, sender_, connections_, keep_alives_};
    moment_ = &moment;
    function(moment);
    tell();
    moment_ = nullptr;
  }
  void tell();

  std::uint32_t shard_;
  Sender* sender_;
  Connections* connections_;
  KeepAlives* keep_alives_;
  std::span<const Listener> listeners_;
  Calls calls_;
  std::unique_ptr<CallHandler> handler_;
  const Moment* moment_ = nullptr;  // while the handler may ask for something
  bool started_ = false;
};

}  // namespace sipring
