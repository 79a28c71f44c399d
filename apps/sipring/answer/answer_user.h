// AnswerUser: the transaction user of `sipring answer`, one for each shard. It answers whatever
// comes (RFC 3261 section 8.2) and remembers only calls that have no ACK yet.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/calls.h>
#include <answer/guard.h>
#include <answer/registration.h>
#include <answer/rejection.h>

#include <sipring/core/message/header_block.h>
#include <sipring/io/transaction_user.h>

#include <functional>
#include <memory_resource>
#include <optional>
#include <string>
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
  [[nodiscard]] Instant next_deadline() const override { return calls_.next_deadline(); }
  void advance(Engine& engine, Instant now) override { calls_.advance(engine, now); }
  [[nodiscard]] bool is_idle() const override { return calls_.alive() == 0; }
  void on_listen(Engine& engine, Instant now, const Listener& listener) override;
  void on_close(Engine& engine, Instant now, const Listener& listener) override;

  [[nodiscard]] const Calls& calls() const { return calls_; }

 private:
  void on_request(Engine& engine, Instant now, const RequestReceived& request);
  void on_options(Engine& engine, Instant now, const RequestReceived& request);
  void on_register(Engine& engine, Instant now, const RequestReceived& request);
  void on_update(Engine& engine, Instant now, const RequestReceived& request);
  void on_within_dialog(Engine& engine, Instant now, const RequestReceived& request);
  [[nodiscard]] bool admits(Instant now, const RequestReceived& request);
  // Whether the request is outside of any dialog, or in one of ours.
  [[nodiscard]] const Endpoint& endpoint_of(const RequestReceived& request) const;
  [[nodiscard]] bool is_welcome(const RequestReceived& request) const;

  std::vector<Endpoint> endpoints_;
  Calls calls_;
  std::optional<Guard> guard_;
  HeaderBlock capabilities_;
  FixedText<1024> refusal_text_;
  RegistrationText registration_;
  SdpText session_;
  std::string advertise_;
  Duration work_;
  std::function<void(const AnswerTally&)> at_end_;
};

}  // namespace sipring::app
