// What an open call waits for: the time to answer, the ACK of its 2xx (RFC 3261 section 13.3.1).
// SPDX-License-Identifier: MIT
#include <answer/stateless/open_calls.h>

#include <algorithm>

namespace sipring::app {
namespace {

constexpr Duration provisional_every = std::chrono::minutes(1);
constexpr std::uint32_t timers_at_once = 64;  // until the engine's outputs are taken

}  // namespace

void OpenCalls::proceed(const Moment& moment, Handle<OpenCall> handle, Manner manner) {
  OpenCall& call = pool_.at(handle.slot);
  const bool rings = manner == Manner::ring;
  call.phase = rings ? OpenCall::Phase::ringing : OpenCall::Phase::silent;
  if (rings) call.answer_at = moment.now + options_.ringing;
  const Instant next = rings ? call.answer_at : moment.now + provisional_every;
  wake_at(handle, std::min(next, call.expires_at));
}

// 64*T1 without an ACK: section 13.3.1.4.
void OpenCalls::hang_up(const Moment& moment, Handle<OpenCall> handle) {
  const OpenCall& call = pool_.at(handle.slot);
  ++tally_.unacknowledged;
  if (call.kept_invite) {
    const KeptInvite::Dialog dialog{call.tag, call.source, call.flow,
                                    endpoints_[call.endpoint].sent_by};
    (void)call.kept_invite.send(moment.engine, moment.now, dialog, unacknowledged_);
  }
  end(moment.engine, handle);
}

void OpenCalls::wake_at(Handle<OpenCall> handle, Instant deadline) {
  timers_.arm(handle.slot, deadline);
}

void OpenCalls::advance(Engine& engine, Instant now) {
  for (std::uint32_t fired = 0; fired < timers_at_once; ++fired) {
    const auto slot = timers_.pop_due(now);
    if (!slot) return;
    on_due({engine, now}, pool_.handle_of(*slot));
  }
}

void OpenCalls::on_due(const Moment& moment, Handle<OpenCall> handle) {
  OpenCall& call = pool_.at(handle.slot);
  switch (call.phase) {
    case OpenCall::Phase::ringing: {
      if (moment.now < call.answer_at) return cancel(moment, handle);  // Expires came first
      const Message* invite = moment.engine.request(call.invite);
      if (invite == nullptr) return end(moment.engine, handle);
      if (auto described = describe(*invite, call); !described) {
        return refuse_session(moment, handle, described.error());
      }
      return answer(moment, handle, *invite);
    }
    case OpenCall::Phase::silent:
      if (call.expires_at <= moment.now) return cancel(moment, handle);
      ring(moment, call);
      return wake_at(handle, std::min(moment.now + provisional_every, call.expires_at));
    case OpenCall::Phase::answered: return repeat_answer(moment, handle);
    case OpenCall::Phase::unanswered: return finish(moment, handle, {.status = 503});
  }
}

void OpenCalls::repeat_answer(const Moment& moment, Handle<OpenCall> handle) {
  OpenCall& call = pool_.at(handle.slot);
  if (call.expires_at <= moment.now) return hang_up(moment, handle);
  const auto repeated = moment.engine.repeat_response(moment.now, call.invite);
  if (!repeated && repeated.error() == SendError::stale_transaction) return hang_up(moment, handle);
  call.interval = std::min(2 * call.interval, options_.timers.t2);
  wake_at(handle, std::min(moment.now + call.interval, call.expires_at));
}

}  // namespace sipring::app
