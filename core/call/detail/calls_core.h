// The inside of Calls, a file for each message of a call: calling.cpp (our INVITE), forks.cpp,
// answering.cpp (theirs), ack.cpp, prack.cpp, modify.cpp (re-INVITE, UPDATE), session_timer.cpp,
// ending.cpp, within.cpp (what comes within a dialog), hop.cpp (where requests go).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/calls.h>
#include <sipring/core/call/detail/abilities.h>
#include <sipring/core/call/detail/authentication.h>
#include <sipring/core/call/detail/body.h>
#include <sipring/core/call/detail/call.h>
#include <sipring/core/call/detail/call_word.h>
#include <sipring/core/call/detail/kept_calls.h>
#include <sipring/core/call/detail/redirection.h>
#include <sipring/core/call/detail/timer_text.h>
#include <sipring/core/dialog/dialog_tag.h>
#include <sipring/core/dialog/request.h>
#include <sipring/core/transaction/identifiers.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/detail/ring.h>
#include <sipring/pools/pool.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

namespace sipring {

class Calls::Core {
 public:
  Core(const CallSettings& settings, const CallLimits& limits, const Entropy& entropy,
       std::pmr::memory_resource& memory);

  // Each call has three timers.
  enum Which : std::uint32_t {
    repetition,  // of a 2xx, or of a provisional response
    again,       // what could not go or was refused; an answer that is due
    lifetime,    // until a 2xx the patience of who calls; then RFC 4028, or the next probe
    timers_of_a_call,
  };
  using At = Handle<Call>;

  Fate handle(const Moment& moment, const Output& output);
  Fate handle(const Moment& moment, const Sender::Ended& ended);
  void advance(const Moment& moment);
  Call* find(At at) { return pool_.find(at); }

  // calling.cpp
  std::expected<At, CallError> invite(const Moment& moment, const Invitation& invitation,
                                      std::uint64_t attached);
  // answering.cpp
  Done ring(const Moment& moment, At at, std::uint16_t status, const Content& content);
  Done accept(const Moment& moment, At at, const Content& content);
  Done reject(const Moment& moment, At at, const Response& response);
  // retry.cpp
  Done follow(const Moment& moment, At at, const NetworkAddress& destination, Flow flow);
  // ending.cpp
  Done end_branch(const Moment& moment, At at, std::uint8_t branch,
                  std::span<const HeaderLine> lines);
  Done end(const Moment& moment, At at, std::span<const HeaderLine> lines);
  void end_all(const Moment& moment);
  // modify.cpp
  Done offer(const Moment& moment, At at, std::string_view description);
  Done ask_for_offer(const Moment& moment, At at);
  Done answer(const Moment& moment, At at, std::string_view description);
  Done refuse(const Moment& moment, At at, std::uint16_t status, std::span<const HeaderLine> lines);
  std::string_view offered(At at);
  // What cannot be sent for want of memory is a 503 later.
  void refuse_transaction(const Moment& moment, Handle<Transaction> transaction,
                          const Response& response);
  // within.cpp
  struct Named {  // by a To tag of ours
    At at = {};
    bool far_tag_is_right = false;
  };
  Named named(const Envelope& request) const;
  Done request(const Moment& moment, At at, Method method, const Content& content);

  CallSettings settings_;
  CallLimits limits_;
  std::pmr::memory_resource& memory_;
  std::optional<CallAuthentication> authentication_;
  DialogTags tags_;
  Identifiers identifiers_;
  Pool<Call> pool_;
  Pool<Fork> forks_;
  TimerWheel wheel_;
  Ring<CallOutput> outputs_;
  Ring<Handle<Transaction>> owed_;  // final responses that wait for memory
  Instant owed_at_ = never;
  // end_all() has been called; it goes on with the call after this one.
  bool is_leaving_ = false;
  std::uint32_t last_ended_ = 0;
  Instant ends_more_at_ = never;
  CallCounters counters_;

 private:
  using Sent = std::expected<Handle<Transaction>, SendError>;

  // calls.cpp: what the others share
  template <class Kind>
  void tell(Kind&& kind) {
    const bool pushed =
        outputs_.emplace(std::in_place_type<std::remove_cvref_t<Kind>>, std::forward<Kind>(kind));
    SIPRING_ASSERT(pushed);
  }
  void enter(const Moment& moment, At at, CallState state, CallEvent event,
             std::uint16_t status = 0);
  void note(const Moment& moment, At at, CallEvent event, std::uint16_t status = 0);
  CallAction step_invite(Call& call, InviteEvent event);
  bool step_exchange(SessionDescriptions& session, ExchangeEvent event);
  void arm(At at, Which which, Instant when) {
    wheel_.arm(at.slot * timers_of_a_call + which, when);
  }
  void stop(At at, Which which) { wheel_.stop(at.slot * timers_of_a_call + which); }
  const LocalEndpoint& endpoint(const Dialog& dialog) const;
  std::string_view contact(const Dialog& dialog) const;
  std::string_view sent_by(const Dialog& dialog) const { return endpoint(dialog).sent_by; }
  Duration draw(Duration from, Duration to);  // in steps of 10 ms
  static CallError as_call_error(SendError error);
  void finish(const Moment& moment, At at, CallEvent event, EndedBy by, std::uint16_t status = 0,
              const Message* message = nullptr);
  // Room for what one input makes.
  [[nodiscard]] bool has_room() const { return outputs_.capacity() - outputs_.size() >= 8; }
  // The call, when something may be asked of it now.
  std::expected<Call*, CallError> open(At at);
  void tell_established(At at, const Leg& leg);
  // `description`: of a body that goes along. False: no room for another line.
  bool add_abilities(const Call& call, const Dialog& dialog, std::string_view description,
                     DialogRequest& request) const;
  [[nodiscard]] ReadBody read(const Message& message) const {
    return read_body(message, abilities_.body_types());
  }
  static void learn(Call& call, const Message& message);
  static Ref<Buffer> keep(const Moment& moment, std::string_view text);
  static std::string_view view_of(const Ref<Buffer>& buffer) {
    return buffer ? buffer->view() : std::string_view{};
  }

  // Credentials, where there are any.
  using Kind = CallAuthentication::Kind;
  bool authorize(DialogRequest& request, At at, Kind kind, std::string_view body = {}) {
    return !authentication_ || authentication_->add(request, at.slot, kind, body);
  }
  bool answers_challenge(const Message* response, At at, Kind kind) {
    return authentication_ && response != nullptr &&
           authentication_->take(*response, at.slot, kind);
  }

  // dispatch.cpp
  Fate on_request(const Moment& moment, const RequestReceived& request);
  void on_response(const Moment& moment, At at, const ResponseReceived& response);
  void on_lost(const Moment& moment, At at, Handle<Transaction> transaction, TransactionKind kind,
               std::uint16_t status);
  void on_terminated(const Moment& moment, At at, const Terminated& terminated);
  void on_unanswered(const Moment& moment, At at);
  void on_due(const Moment& moment, At at, Which which);
  void on_patience(const Moment& moment, At at);
  void on_again(const Moment& moment, At at);
  void pay_owed(const Moment& moment);

  // calling.cpp
  Done send_invite(const Moment& moment, At at);
  void on_invite_response(const Moment& moment, At at, const ResponseReceived& response);
  void on_provisional(const Moment& moment, At at, const ResponseReceived& response);
  void on_success(const Moment& moment, At at, const ResponseReceived& response);
  void take_success(const Moment& moment, At at, const ResponseReceived& response);
  void on_failure(const Moment& moment, At at, const ResponseReceived& response);
  void begin_session(const Moment& moment, At at);

  // retry.cpp
  bool try_again(const Moment& moment, At at, const Message& response);
  void forget_attempt(At at);
  bool mend(const Moment& moment, At at, const Message& response);
  static bool take_min_se(Call& call, const Message& response);
  bool leave_out_extensions(const Moment& moment, Call& call, const Message& response);
  bool leave_out_offer(Call& call);
  bool redirect(const Moment& moment, At at, std::uint16_t status, const Message* response);
  bool ask_where(const Moment& moment, At at, const Message* response);
  void skip(const Moment& moment, At at);

  // forks.cpp
  std::uint32_t find_fork(const Call& call, std::string_view tag);
  std::uint32_t make_fork(const Moment& moment, Call& call, const ResponseReceived& response);
  void drop_fork(Call& call, std::uint32_t slot);
  Leg* leg_of(Call& call, std::string_view tag);
  Leg* early_leg(Call& call);
  Leg& asked_leg(Call& call);
  bool confirm(const Moment& moment, Call& call, const ResponseReceived& response);
  void drop_forks(Call& call);
  void end_fork(const Moment& moment, At at, const ResponseReceived& response);
  bool send_fork_bye(const Moment& moment, At at, Dialog& dialog,
                     std::span<const HeaderLine> lines = {});

  // answering.cpp
  void on_invite(const Moment& moment, const RequestReceived& invite);
  bool admit(const Moment& moment, const RequestReceived& invite, const ReadBody& body);
  Done ring_reliably(const Moment& moment, At at, std::uint16_t status,
                     std::string_view description);
  Done respond_provisional(const Moment& moment, At at, std::uint16_t status,
                           std::string_view description, std::string_view rseq);
  Done send_success(const Moment& moment, At at, std::string_view description,
                    std::span<const HeaderLine> more);
  void describe_success(const Moment& moment, At at, Ref<Buffer> description);
  bool refresh_from_request(const Moment& moment, Call& call);
  Done send_failure(const Moment& moment, At at, Response response, EndedBy by,
                    const Message* message = nullptr);
  void repeat_provisional(const Moment& moment, At at);
  void repeat_success(const Moment& moment, At at);
  void on_cancelled(const Moment& moment, At at, const Cancelled& cancelled);

  // hop.cpp
  void renew_connection(const Moment& moment, At at, Dialog& dialog);
  Sent send(const Moment& moment, At at, Dialog& dialog, const DialogRequest& request,
            std::uint64_t word, std::string_view body = {});
  void send_ack(const Moment& moment, At at, Dialog& dialog, const DialogRequest& ack,
                std::string_view answer = {});
  Done send_there(const Moment& moment, At at, const DialogRequest& invite, std::string_view offer);
  Done seek(const Moment& moment, At at, const DialogRequest& invite, std::string_view offer);
  void take_attempt(const Moment& moment, At at, const ResponseReceived& response);
  void on_unreached(const Moment& moment, At at, std::uint16_t status);

  // ack.cpp
  void send_ack(const Moment& moment, At at, std::string_view answer = {});
  void write_ack(const Moment& moment, At at, std::string_view answer);
  void acknowledge_again(const Moment& moment, At at);
  void on_ack(const Moment& moment, const RequestReceived& ack);
  void on_unacknowledged(const Moment& moment, At at);

  // prack.cpp
  void on_reliable(const Moment& moment, At at, Leg& leg, const ResponseReceived& response,
                   const ReadBody& body, std::uint32_t fork);
  CallAction step_reliable(Call& call, ReliableEvent event);
  Done send_prack(const Moment& moment, At at, Leg& leg, std::string_view answer);
  void on_prack(const Moment& moment, At at, Leg& leg, const RequestReceived& prack);
  void go_on_answering(const Moment& moment, At at);

  // modify.cpp
  void send_wanted(const Moment& moment, At at);
  void send_later(const Moment& moment, At at, Duration delay);
  Sent send_change(const Moment& moment, At at, Leg& leg, Kind kind, Ref<Buffer> description);
  Done send_reinvite(const Moment& moment, At at, Ref<Buffer> description);
  Done send_update(const Moment& moment, At at, Ref<Buffer> description);
  void on_change_response(const Moment& moment, At at, const ResponseReceived& response);
  void on_change_failure(const Moment& moment, At at, Kind kind, std::uint16_t status,
                         const Message* response);
  void on_reinvite(const Moment& moment, At at, const RequestReceived& invite);
  void on_update(const Moment& moment, At at, Leg& leg, const RequestReceived& update);
  bool take_offer(const Moment& moment, Leg& leg, std::string_view offer);
  Done respond_with(const Moment& moment, Handle<Transaction> transaction, const Call& call,
                    const Leg& leg, std::string_view description);
  std::optional<Duration> delay_of(const Call& call, std::uint16_t status, const Message* response,
                                   bool refresh);
  void forget_asked(const Moment& moment, At at);
  void refuse_asked(const Moment& moment, Call& call);
  std::uint32_t fork_of(const Call& call, const Leg& leg);
  void ask(const Moment& moment, At at, Asked asked, std::uint32_t fork, std::string_view offer);
  Done answer_request(const Moment& moment, At at, std::string_view description);
  Done answer_ack(const Moment& moment, At at, std::string_view description);
  Done answer_our_prack(const Moment& moment, At at, std::string_view description);
  void refuse_verdict(const Moment& moment, const RequestReceived& request, Verdict verdict);

  // session_timer.cpp
  bool is_too_brief(const Message& request) const;
  bool add_timer_request(const Call& call, DialogRequest& request) const;
  void choose_timer(Call& call, const Message& request) const;
  TimerText timer_answer(const Call& call) const;
  void start_timer(const Moment& moment, At at, SessionTimerEvent event);
  void start_answered_timer(const Moment& moment, At at);
  void learn_timer(const Moment& moment, At at, const Message& response);
  void on_session_due(const Moment& moment, At at);
  void plan_probe(const Moment& moment, At at);
  void probe(const Moment& moment, At at);

  // ending.cpp
  void cancel(const Moment& moment, At at);
  void send_bye(const Moment& moment, At at, std::span<const HeaderLine> lines = {});
  void hang_up(const Moment& moment, At at, EndedBy by, std::uint16_t status,
               const Message* message = nullptr);
  void on_bye(const Moment& moment, At at, Leg& leg, const RequestReceived& bye);
  void end_more(const Moment& moment);
  void leave(const Moment& moment, At at);

  // within.cpp
  void on_within(const Moment& moment, const RequestReceived& request);
  void serve(const Moment& moment, At at, Leg& leg, const RequestReceived& request);
  bool takes_extensions(const Moment& moment, const RequestReceived& request);
  void on_info(const Moment& moment, At at, const RequestReceived& info);
  void answer_options(const Moment& moment, const Leg& leg, const RequestReceived& options);

  Abilities abilities_;
  KeptCalls kept_;
  std::uint64_t drawn_ = 0;
  HashSeed draw_seed_;
};

}  // namespace sipring
