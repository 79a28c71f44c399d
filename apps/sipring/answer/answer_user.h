// AnswerUser: the transaction user of `sipring answer`, one for each shard. What it does with calls
// is here; what calls do is core/call's (RFC 3261 sections 8.2, 12 to 15).
//
//   INVITE ──▶ 180, 200    ring: 200 after 5 s    silent: 180 alone    busy: 486    decline: 603
//
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/answer_options.h>
#include <answer/outside.h>
#include <answer/sdp_answer.h>
#include <answer/tally.h>

#include <sipring/core/call/calls.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/io/transaction_user.h>

#include <algorithm>
#include <expected>
#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

class AnswerUser : public TransactionUser {
 public:
  // `at_end` gets the tally when the user is destroyed, on the shard's thread.
  AnswerUser(const AnswerOptions& options, std::vector<Endpoint> endpoints, const Entropy& entropy,
             std::pmr::memory_resource& memory,
             std::function<void(const AnswerTally&)> at_end = {});
  ~AnswerUser() override;
  AnswerUser(const AnswerUser&) = delete;
  AnswerUser& operator=(const AnswerUser&) = delete;

  void on_output(Engine& engine, Instant now, const Output& output) override;
  [[nodiscard]] std::span<std::byte> coming_memory() override { return calls_.coming_memory(); }
  [[nodiscard]] Instant next_deadline() const override {
    return std::min({calls_.next_deadline(), rings_.next_deadline(), leaves_at_});
  }
  void advance(Engine& engine, Instant now) override;
  // Calls go on until they end, or until patience does: then they hear a BYE.
  void on_drain(Engine& engine, Instant now) override;
  void on_finish(Engine& engine, Instant now) override;
  [[nodiscard]] bool is_idle() const override { return calls_.alive() == 0; }
  void on_listen(Engine& engine, Instant now, const Listener& listener) override;
  void on_close(Engine& engine, Instant now, const Listener& listener) override;

  [[nodiscard]] const CallCounters* call_counters() const override { return &calls_.counters(); }

  [[nodiscard]] AnswerTally tally() const;
  [[nodiscard]] const Calls& calls() const { return calls_; }

 private:
  [[nodiscard]] bool admits(const Moment& moment, const RequestReceived& request);
  [[nodiscard]] Moment moment_of(Engine& engine, Instant now) const;
  [[nodiscard]] const Endpoint& endpoint_at(std::uint32_t slot) const;

  // policy.cpp: what becomes of calls
  void take_events(const Moment& moment);
  void on_incoming(const Moment& moment, const IncomingCall& event);
  void accept(const Moment& moment, Handle<Call> call, std::string_view offer);
  void on_offered(const Moment& moment, const Offered& event);
  void on_ended(const Ended& event);
  void answer_due(const Moment& moment);
  std::expected<std::string_view, SdpError> describe(Handle<Call> call, std::string_view offer);

  std::vector<Endpoint> endpoints_;
  AnswerOptions options_;
  Outside outside_;
  Calls calls_;
  TimerWheel rings_;  // by call slot
  Instant leaves_at_ = never;
  SdpText session_;
  std::uint64_t sessions_;  // what the ids of sessions have in common
  // Of the request that is handled now.
  Handle<Transaction> invite_;
  std::string_view user_;  // of its Request-URI
  AnswerTally tally_;      // what calls_ does not count
  std::function<void(const AnswerTally&)> at_end_;
};

}  // namespace sipring::app
