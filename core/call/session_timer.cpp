// Session timers: RFC 4028. The 2xx to each INVITE or UPDATE says who refreshes, and how often.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/call/detail/session_timer_machine.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/session_timer.h>

#include <charconv>

namespace sipring {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t least_min_se = 90;          // section 5
constexpr Duration shortest_guard = seconds(32);    // section 10
constexpr std::uint32_t longest_interval = 0xffff;  // 18 hours: what the wheel and a peer can mean

std::optional<SessionExpires> session_expires_of(const Message& message) {
  const auto value = message.first(HeaderId::session_expires);
  if (!value) return std::nullopt;
  const auto read = parse_session_expires(*value);
  return read ? std::optional(*read) : std::nullopt;
}

std::uint32_t min_se_of(const Message& message) {
  const auto value = message.first(HeaderId::min_se);
  if (!value) return least_min_se;
  const auto read = parse_min_se(*value);
  return std::max(least_min_se, read ? read->seconds : 0);
}

// How long before its end a session without a refresh is given up.
Duration guard_of(Duration interval) {
  return std::min(shortest_guard, interval / 3);
}

}  // namespace

// Section 9: only who can read a 422 gets one.
bool Calls::Core::is_too_brief(const Message& request) const {
  const auto asked = session_expires_of(request);
  if (!asked || asked->seconds >= settings_.min_se) return false;
  return option_tags(request, HeaderId::supported).has(OptionTag::timer) ||
         option_tags(request, HeaderId::require).has(OptionTag::timer);
}

// Sections 7.1, 7.4: roles stay as they are, as the sender of this request names them.
bool Calls::Core::add_timer_request(const Call& call, DialogRequest& request) const {
  const bool runs = call.session_timer != SessionTimer::off;
  if (!runs && settings_.session_expires == 0) return true;
  const std::uint32_t interval =
      runs || call.session_expires != 0 ? call.session_expires : settings_.session_expires;
  const std::string_view refresher = !runs ? ""
                                     : call.session_timer == SessionTimer::refreshing
                                         ? ";refresher=uac"
                                         : ";refresher=uas";
  if (!request.add("Session-Expires", std::max(interval, call.min_se), refresher)) return false;
  return call.min_se <= least_min_se || request.add("Min-SE", call.min_se);
}

// Table 2 of section 9: what the 2xx to this request, from which the call has learnt, will say.
void Calls::Core::choose_timer(Call& call, const Message& request) const {
  const auto asked = session_expires_of(request);
  const std::uint32_t floor = std::max(min_se_of(request), settings_.min_se);
  if (!asked) {
    call.chosen = settings_.session_expires != 0 ? SessionTimerEvent::agreed_ours
                                                 : SessionTimerEvent::agreed_none;
    call.session_expires = std::max(settings_.session_expires, floor);
    return;
  }
  const std::uint32_t most = std::min(std::max(asked->seconds, floor), longest_interval);
  const std::uint32_t wanted = settings_.session_expires;
  call.session_expires = wanted != 0 ? std::clamp(wanted, std::min(floor, most), most) : most;
  const bool theirs = asked->refresher == Refresher::uac ||
                      (asked->refresher == Refresher::unspecified && call.peer_takes_timer);
  call.chosen = theirs ? SessionTimerEvent::agreed_theirs : SessionTimerEvent::agreed_ours;
}

TimerText Calls::Core::timer_answer(const Call& call) const {
  TimerText text;
  if (call.chosen == SessionTimerEvent::agreed_none) return text;
  text.require = call.chosen == SessionTimerEvent::agreed_theirs;
  const std::string_view refresher = text.require ? ";refresher=uac" : ";refresher=uas";
  char* const begin = text.octets.data();
  char* end = std::to_chars(begin, begin + 10, call.session_expires).ptr;
  end = std::ranges::copy(refresher, end).out;
  text.size = static_cast<std::size_t>(end - begin);
  return text;
}

void Calls::Core::start_timer(const Moment& moment, At at, SessionTimerEvent event) {
  Call& call = pool_.at(at.slot);
  const auto& transition = call_session_timer::machine.on(call.session_timer, event);
  if (transition.exists) call.session_timer = transition.to;
  const Duration interval = seconds(call.session_expires);
  if (call.wanted == Wanted::refresh) call.wanted = Wanted::nothing;
  switch (transition.actions[0]) {
    case CallAction::plan_refresh:
      note(moment, at, CallEvent::refreshed);
      call.refresh_begun = false;
      return arm(at, lifetime, moment.now + interval / 2);
    case CallAction::plan_end:
      note(moment, at, CallEvent::refreshed);
      return arm(at, lifetime, moment.now + interval - guard_of(interval));
    default: return plan_probe(moment, at);
  }
}

// With our 2xx.
void Calls::Core::start_answered_timer(const Moment& moment, At at) {
  start_timer(moment, at, pool_.at(at.slot).chosen);
}

// With theirs (sections 7.2, 8): without Session-Expires the timer is off, but that we who want one
// refresh for ourselves.
void Calls::Core::learn_timer(const Moment& moment, At at, const Message& response) {
  Call& call = pool_.at(at.slot);
  if (const auto said = session_expires_of(response)) {
    call.session_expires = std::clamp(said->seconds, least_min_se, longest_interval);
    const bool theirs = said->refresher == Refresher::uas;
    return start_timer(moment, at,
                       theirs ? SessionTimerEvent::agreed_theirs : SessionTimerEvent::agreed_ours);
  }
  if (settings_.session_expires == 0)
    return start_timer(moment, at, SessionTimerEvent::agreed_none);
  call.session_expires = std::max(settings_.session_expires, call.min_se);
  start_timer(moment, at, SessionTimerEvent::agreed_ours);
}

void Calls::Core::on_session_due(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.state != CallState::established) return;
  if (call.session_timer == SessionTimer::off) return probe(moment, at);
  const bool is_late = call.session_timer == SessionTimer::watching || call.refresh_begun;
  if (is_late) {
    note(moment, at, CallEvent::expired);
    return hang_up(moment, at, EndedBy::expired, 0);
  }
  call.refresh_begun = true;
  const Duration interval = seconds(call.session_expires);
  arm(at, lifetime, moment.now + interval / 2 - guard_of(interval));
  if (call.wanted != Wanted::nothing) return;  // an offer that goes refreshes as well
  call.wanted = Wanted::refresh;
  send_wanted(moment, at);
}

void Calls::Core::plan_probe(const Moment& moment, At at) {
  const Call& call = pool_.at(at.slot);
  if (call.session_timer != SessionTimer::off) return;
  if (settings_.probe_every == Duration{}) return stop(at, lifetime);
  arm(at, lifetime, moment.now + settings_.probe_every);
}

// Whether the far side still knows of the call.
void Calls::Core::probe(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  if (call.change) return plan_probe(moment, at);
  Dialog& dialog = call.leg.dialog;
  const DialogRequest options(dialog, "OPTIONS", dialog.next_cseq());
  const Sent sent = send(moment, at, dialog, options, word_of(at));
  if (!sent) return plan_probe(moment, at);
  call.change = *sent;
  call.probing = true;
}

}  // namespace sipring
