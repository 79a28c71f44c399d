// StatelessUser: the transaction user of `sipring answer --stateless-dialogs`, one for each shard.
// It answers whatever comes (RFC 3261 section 8.2) and remembers only calls that have no ACK yet:
// what is left of a dialog is its signed tag, so that it does not know of sequence numbers, of
// targets or of its end. As a far side for measurements that is enough, and cheap.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/outside.h>
#include <answer/stateless/open_calls.h>

#include <sipring/io/transaction_user.h>

#include <functional>
#include <memory_resource>
#include <string>
#include <vector>

namespace sipring::app {

class StatelessUser : public TransactionUser {
 public:
  // `at_end` gets the tally when the user is destroyed, on the shard's thread.
  StatelessUser(const AnswerOptions& options, std::vector<Endpoint> endpoints,
                const Entropy& entropy, std::pmr::memory_resource& memory,
                std::function<void(const AnswerTally&)> at_end = {});
  ~StatelessUser() override;
  StatelessUser(const StatelessUser&) = delete;
  StatelessUser& operator=(const StatelessUser&) = delete;

  void on_output(Engine& engine, Instant now, const Output& output) override;
  [[nodiscard]] Instant next_deadline() const override { return calls_.next_deadline(); }
  void advance(Engine& engine, Instant now) override { calls_.advance(engine, now); }
  [[nodiscard]] bool is_idle() const override { return calls_.alive() == 0; }
  void on_listen(Engine& engine, Instant now, const Listener& listener) override;
  void on_close(Engine& engine, Instant now, const Listener& listener) override;

  [[nodiscard]] const AnswerTally& tally() const { return calls_.tally(); }
  [[nodiscard]] const OpenCalls& calls() const { return calls_; }

 private:
  void on_request(Engine& engine, Instant now, const RequestReceived& request);
  void on_update(Engine& engine, Instant now, const RequestReceived& request);
  [[nodiscard]] const Endpoint& endpoint_of(const RequestReceived& request) const;

  std::vector<Endpoint> endpoints_;
  OpenCalls calls_;
  Outside outside_;
  SdpText session_;
  std::string advertise_;
  std::function<void(const AnswerTally&)> at_end_;
};

}  // namespace sipring::app
