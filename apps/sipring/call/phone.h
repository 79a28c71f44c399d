// Phone: the softphone for scripts, without its sockets and its clock: commands go in, events come
// out. It is the transaction user of a shard, and does what commands say in their order; `wait` and
// `pause` hold those behind them back.
//
//   call, answer ──▶ established ──hold──▶ held ──resume──▶ resumed ──hangup, BYE──▶ ended
//
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <call/event.h>
#include <call/expectations.h>
#include <call/phone_command.h>
#include <call/phone_media.h>

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/call/calls.h>
#include <sipring/io/digest_hashes.h>
#include <sipring/io/transaction_user.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

struct PhoneOptions {
  std::string from = {};                       // our address of record; empty: that of the listener
  std::optional<DigestAccount> account = {};   // answers 401 and 407
  bool answers = false;                        // each call, at once
  std::uint16_t media_port = 9;                // discard (RFC 863)
  std::uint32_t calls = 64;                    // at once
  TimerSettings timers = {};                   // as the engine's
  ShardMark mark = {};                         // the same
  std::vector<std::string> expectations = {};  // when the last one is met, it quits
  Connections* connections = nullptr;          // of the shard
  KeepAlives* keep_alives = nullptr;           // likewise; none are sent where it is null
};

// A command, and where its INVITE goes: to the first target that does not fail (RFC 3263 section
// 4.3).
struct Order {
  PhoneCommand command;
  std::vector<NetworkAddress> targets = {};
  std::string domain = {};  // whom TLS verifies; empty: an address
};

class Phone : public TransactionUser {
 public:
  using Tell = std::function<void(const Event&)>;
  Phone(const PhoneOptions& options, std::vector<Endpoint> endpoints, const Entropy& entropy,
        std::pmr::memory_resource& memory, Tell tell);
  ~Phone() override;
  Phone(const Phone&) = delete;
  Phone& operator=(const Phone&) = delete;

  // Done at the next advance(), behind those that were there before.
  void give(Order order) { orders_.push_back(std::move(order)); }
  // Ends all calls, and takes no more.
  void quit();
  // It has quit, and no call is left.
  [[nodiscard]] bool is_over() const { return quits_ && calls_.alive() == 0; }
  [[nodiscard]] bool quits() const { return quits_; }
  [[nodiscard]] const Expectations& expectations() const { return expectations_; }

  // TransactionUser.
  void on_output(Engine& engine, Instant now, const Output& output) override;
  [[nodiscard]] Instant next_deadline() const override;
  void advance(Engine& engine, Instant now) override;
  void on_drain(Engine&, Instant) override { quit(); }
  [[nodiscard]] bool is_idle() const override { return calls_.alive() == 0; }

 private:
  // A call, by its number.
  struct Line {
    Handle<sipring::Call> call;
    PhoneMedia media;
    Order order = {};  // of a call of ours: the targets that are left
    bool has_rung = false;
    bool holds = false;    // as we want it
    bool held = false;     // as it was agreed
    bool is_held = false;  // by the far side
    bool is_established = false;
    bool is_ending = false;  // by us
    std::string offer = {};  // of their INVITE, until it is answered
    std::string keys = {};   // that are still to be sent
    bool key_again = false;  // the first of them has been challenged
    std::size_t sent = 0;    // of them
  };
  using Number = std::uint32_t;

  [[nodiscard]] Moment moment_of(Engine& engine, Instant now) const {
    return {engine, now, nullptr, options_.connections, options_.keep_alives};
  }
  static sipring::CallSettings settings_of(const PhoneOptions& options,
                                           const std::vector<Endpoint>& endpoints);
  Line& add(const Endpoint& endpoint);  // its number is last_
  void tell(Event event);
  void complain(const PhoneCommand& command, std::string_view why);

  void run_orders();
  [[nodiscard]] std::vector<Event>::const_iterator find_seen(const PhoneCommand& wait) const;
  [[nodiscard]] bool waits_for_more(const PhoneCommand& command) const;
  void execute(Order&& order);
  void call(Order&& order);
  [[nodiscard]] const Endpoint* endpoint_to(const NetworkAddress& target) const;
  std::expected<void, std::string_view> invite(Number number, Line& line);
  [[nodiscard]] bool has_failed(const Line& line, const Ended& event) const;
  [[nodiscard]] bool try_next(Number number, Line& line, const Ended& event);
  Done act(const PhoneCommand& command, Line& line);
  void end_all();
  Done accept(Line& line);
  Done set_hold(Line& line, bool holds);
  Done send_key(Line& line);

  void take_events();
  void on_event(const IncomingCall& event);
  void on_event(const StateChanged&) {}
  void on_event(const Ringing& event);
  void on_event(const Redirected&) {}
  void on_event(const Established& event);
  void on_event(const Offered& event);
  void on_event(const OfferFailed& event);
  void on_event(const Requested& event);
  void on_event(const Replied& event);
  void on_event(const Ended& event);
  void on_other(const Output& output);
  Line* line_of(std::uint64_t attached);

  PhoneOptions options_;
  std::vector<Endpoint> endpoints_;
  DigestHashes hashes_;
  std::optional<DigestClient> client_;
  sipring::Calls calls_;
  std::map<Number, Line> lines_;
  Number last_ = 0;        // number given
  std::uint64_t session_;  // of the first call's descriptions
  std::deque<Order> orders_;
  Instant paused_until_ = Instant::min();
  std::vector<Event> seen_;  // since the last command that was done
  Expectations expectations_;
  Tell tell_;
  bool quits_ = false;
  const Moment* moment_ = nullptr;  // while something is asked of the calls
};

}  // namespace sipring::app
