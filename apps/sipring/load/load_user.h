// LoadUser: the transaction user of `sipring load`, one for each shard. It begins sessions when
// they are due, leads each through its scenario, and counts.
//
//   options, register   request ──final──▶ ended
//   call                INVITE ──2xx──▶ ACK, talking ──hold──▶ BYE ──final──▶ ended
//                          └─300-699─▶ ended     └─BYE of theirs─▶ ended
//   hold                the same, with two re-INVITEs: held, and resumed
//   registered          the same as call, from phone to phone, once all of them are registered
//   called              none: phones register, and take what comes
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <load/arrivals.h>
#include <load/authorizer.h>
#include <load/callee.h>
#include <load/registrations.h>
#include <load/requests.h>
#include <load/session.h>
#include <load/tally.h>

#include <sipring/core/engine.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/io/published.h>
#include <sipring/io/transaction_user.h>
#include <sipring/pools/pool.h>

#include <cstdint>
#include <memory_resource>
#include <optional>

namespace sipring::app {

struct LoadOptions {
  Scenario scenario = Scenario::call;
  ArrivalPlan arrivals = {};      // in the open model; they say which part is this shard's
  std::uint32_t concurrency = 0;  // not 0: the closed model, so many sessions at once on this shard
  Duration hold{};                // from the ACK to the BYE
  std::uint32_t sessions = 65'536;            // alive at once
  std::optional<DigestAccount> account = {};  // answers 401 and 407
  Entropy entropy = {};                       // of its cnonces
  // Of the scenarios with phones, which target.phones counts.
  std::uint32_t expires_s = 3'600;
  Duration rings{};           // what is called, before it answers
  TimerSettings timers = {};  // as the engine's
  ShardMark mark = {};        // the same
  // Sessions that are due are begun together, once in such a time. The wait counts as theirs.
  Duration gather{};
};

// What other threads may see of a shard's user while it runs.
struct LoadView {
  Published<LoadTally> tally;
};

class LoadUser : public TransactionUser {
 public:
  // Starts at the first advance(). `view` outlives this and gets the final tally when it ends.
  LoadUser(const LoadOptions& options, const Target& target, const SessionNames& names,
           std::pmr::memory_resource& memory, LoadView& view);
  ~LoadUser() override;

  void on_output(Engine& engine, Instant now, const Output& output) override;
  void on_no_target(Engine& engine, Instant now, const Sender::Ended& ended) override;
  [[nodiscard]] Instant next_deadline() const override;
  void advance(Engine& engine, Instant now) override;
  // Registrations are removed, and what has been answered gets a BYE.
  void on_finish(Engine& engine, Instant now) override;
  [[nodiscard]] bool is_idle() const override;

  [[nodiscard]] const LoadTally& tally() const { return tally_; }

 private:
  static constexpr Duration publish_interval = std::chrono::milliseconds(200);
  static constexpr Duration late_after = std::chrono::milliseconds(10);

  [[nodiscard]] Moment moment_of(Engine& engine, Instant now) const {
    return {engine, now, sender_, connections_};
  }
  bool take_as_phone(Engine& engine, Instant now, const Output& output);
  void add_phones(std::uint32_t count, std::pmr::memory_resource& memory);
  void advance_phones(Engine& engine, Instant now);
  [[nodiscard]] Instant phones_deadline() const;
  bool choose_phones(Session& session);

  [[nodiscard]] static Failure failure_of(Unsent unsent);
  void begin_sessions(Instant now);
  void begin_due(Engine& engine, Instant now);
  bool begin(Engine& engine, Instant now, Instant due);
  Requests::Sent send_first(Engine& engine, Instant now, Handle<Session> handle, Session& session);
  bool try_again(Engine& engine, Instant now, Handle<Session> handle, const Message& response);
  void end(Instant now, Handle<Session> session);
  void fail(Instant now, Handle<Session> session, Failure failure);
  void refused(Instant now, Handle<Session> session, int status);
  void succeed(Instant now, Handle<Session> session);
  void hang_up(Engine& engine, Instant now, Handle<Session> handle);

  void on_response(Engine& engine, Instant now, const ResponseReceived& response);
  void on_answer(Engine& engine, Instant now, Handle<Session> handle,
                 const ResponseReceived& response);
  void on_changed(Engine& engine, Instant now, Handle<Session> handle,
                  const ResponseReceived& response);
  void talk(Engine& engine, Instant now, Handle<Session> handle);
  void go_on(Engine& engine, Instant now, Handle<Session> handle);
  void change(Engine& engine, Instant now, Handle<Session> handle);
  void on_request(Engine& engine, Instant now, const RequestReceived& request);
  void publish();

  LoadOptions options_;
  std::optional<Authorizer> authorizer_;
  Sender* sender_;
  Connections* connections_;
  Requests requests_;
  LoadView& view_;
  Pool<Session> sessions_;
  TimerWheel holds_;  // by session slot
  // Where there are phones: both or none.
  std::optional<Registrations> registrations_;
  std::optional<Callee> callee_;
  std::uint32_t next_caller_ = 0;
  std::optional<Arrivals> arrivals_;
  Instant stops_at_ = Instant::min();   // in the closed model
  Instant begins_at_ = Instant::min();  // not earlier, whatever is due
  Instant published_at_ = Instant::min();
  bool has_started_ = false;
  bool has_begun_ = false;  // sessions; with phones once these have settled
  LoadTally tally_;
};

}  // namespace sipring::app
