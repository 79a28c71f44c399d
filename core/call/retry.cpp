// Our INVITE once more: what can be mended, and where redirections send it (RFC 3261 sections
// 8.1.3.4, 8.1.3.5, 22.2; RFC 4028 section 7.3).
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/session_timer.h>
#include <sipring/core/message/header/token.h>
#include <sipring/pools/trimmed.h>

namespace sipring {
namespace {

using detail::equals_ignoring_case;

constexpr std::uint8_t most_attempts = 4;  // at one target: after 422, 420, 401 ...

// Whether it names our description among what it takes; without Accept it says nothing.
bool takes_descriptions(const Message& response) {
  for (const auto& range : elements<parse_accept>(response, HeaderId::accept))
    if (range && range->covers("application", "sdp")) return true;
  return false;
}

// Of "a, b" those that a response does not list as unsupported, at `to`; gives their end.
char* put_supported(char* to, std::string_view tags, const Message& response) {
  const char* const begin = to;
  while (!tags.empty()) {
    const std::size_t comma = std::min(tags.find(','), tags.size());
    const std::string_view tag = trimmed(tags.substr(0, comma));
    tags.remove_prefix(std::min(comma + 1, tags.size()));
    bool is_refused = false;
    for (const auto& refused : elements<parse_token>(response, HeaderId::unsupported))
      is_refused |= refused && equals_ignoring_case(refused->text, tag);
    if (is_refused) continue;
    if (to != begin) to = std::ranges::copy(std::string_view(", "), to).out;
    to = std::ranges::copy(tag, to).out;
  }
  return to;
}

// The lines of an INVITE's user without the required extensions that a 420 names. Null: it names
// none of them, or there is no room.
Ref<Buffer> without_refused(BufferPool& buffers, std::string_view lines, const Message& response) {
  Ref<Buffer> buffer = buffers.acquire(lines.size());
  if (!buffer) return {};
  char* at = buffer->data();
  const std::size_t before = lines.size();
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n") + 2);
    const std::string_view name = line.substr(0, line.find(": "));
    lines.remove_prefix(line.size());
    if (!equals_ignoring_case(name, "Require") && !equals_ignoring_case(name, "Proxy-Require")) {
      at = std::ranges::copy(line, at).out;
      continue;
    }
    char* const value = std::ranges::copy(line.substr(0, name.size() + 2), at).out;
    char* const end =
        put_supported(value, line.substr(name.size() + 2, line.size() - name.size() - 4), response);
    if (end != value) at = std::ranges::copy(std::string_view("\r\n"), end).out;
  }
  const auto size = static_cast<std::size_t>(at - buffer->data());
  if (size == before) return {};
  buffer->resize(static_cast<std::uint32_t>(size));
  return buffer;
}

}  // namespace

// What can be mended is sent once more, with a higher CSeq.
bool Calls::Core::try_again(const Moment& moment, At at, const Message& response) {
  Call& call = pool_.at(at.slot);
  if (call.attempts >= most_attempts) return false;
  const bool mended = answers_challenge(&response, at, Kind::invite) || mend(moment, at, response);
  if (!mended) return false;
  forget_attempt(at);
  (void)call.leg.dialog.next_cseq();
  return send_invite(moment, at).has_value();
}

// Its early dialogs, and what was open in them.
void Calls::Core::forget_attempt(At at) {
  Call& call = pool_.at(at.slot);
  drop_forks(call);
  call.change = {};
  call.update_sent = false;
  if (call.asked == Asked::nothing) return;
  call.asked = Asked::nothing;
  call.asked_of = {};
  stop(at, again);
}

// A lesser form is tried once (section 8.1.3.5).
bool Calls::Core::mend(const Moment& moment, At at, const Message& response) {
  Call& call = pool_.at(at.slot);
  if (response.status() == 422) return take_min_se(call, response);
  if (call.is_lessened) return false;
  switch (response.status()) {
    case 413: call.is_lessened = leave_out_offer(call); break;
    case 415: call.is_lessened = !takes_descriptions(response) && leave_out_offer(call); break;
    case 420: call.is_lessened = leave_out_extensions(moment, call, response); break;
    default: break;
  }
  return call.is_lessened;
}

// An interval that is long enough for everybody on the way.
bool Calls::Core::take_min_se(Call& call, const Message& response) {
  const auto min_se = parse_min_se(response.first(HeaderId::min_se).value_or(""));
  if (!min_se || min_se->seconds <= call.session_expires) return false;
  call.min_se = std::max(call.min_se, min_se->seconds);
  call.session_expires = call.min_se;
  return true;
}

// They offer then, in the 2xx.
bool Calls::Core::leave_out_offer(Call& call) {
  if (call.awaits_offer) return false;
  step_exchange(call.leg.session, ExchangeEvent::abandoned);
  call.awaits_offer = true;
  return true;
}

bool Calls::Core::leave_out_extensions(const Moment& moment, Call& call, const Message& response) {
  Dialog& dialog = call.leg.dialog;
  BufferPool& buffers = moment.engine.buffers();
  const std::string_view lines = dialog.text(DialogText::extra);
  if (lines.empty()) return false;
  const Ref<Buffer> left = without_refused(buffers, lines, response);
  return left && dialog.keep(buffers, DialogText::extra, left->view());
}

// False: nobody is to be asked for another target, for there is none.
bool Calls::Core::redirect(const Moment& moment, At at, std::uint16_t status,
                           const Message* response) {
  Call& call = pool_.at(at.slot);
  if (!settings_.tells_redirections || status >= 600) return false;
  Dialog& dialog = call.leg.dialog;
  BufferPool& buffers = moment.engine.buffers();
  if (response != nullptr && status >= 300 && status <= 302) {
    const Redirection known(dialog.text(DialogText::targets));
    const Ref<Buffer> all = known.with(buffers, dialog.remote_target(), *response, moment.now);
    if (!all || !dialog.keep(buffers, DialogText::targets, all->view())) return false;
  }
  step_invite(call, InviteEvent::failure);
  forget_attempt(at);
  call.end_status = status;
  return ask_where(moment, at, response);
}

bool Calls::Core::ask_where(const Moment& moment, At at, const Message* response) {
  Call& call = pool_.at(at.slot);
  Dialog& dialog = call.leg.dialog;
  BufferPool& buffers = moment.engine.buffers();
  const Redirection targets(dialog.text(DialogText::targets));
  const auto uri = targets.next(moment.now);
  if (!uri) return false;
  const Ref<Buffer> left = targets.with_tried(buffers, *uri);
  if (!left || !dialog.retarget(buffers, *uri)) return false;
  if (!dialog.keep(buffers, DialogText::targets, left->view())) return false;
  call.asked = Asked::redirection;
  const Instant until = moment.now + settings_.answer_within;
  arm(at, again, until);
  tell(Redirected{at, call.attached, call.end_status, dialog.remote_target(), response, until});
  return true;
}

Done Calls::Core::follow(const Moment& moment, At at, const NetworkAddress& destination,
                         Flow flow) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  if (call.asked != Asked::redirection) return std::unexpected(CallError::wrong_state);
  Dialog& dialog = call.leg.dialog;
  dialog.send_to({destination, flow, Flow::of_listener(dialog.listener())});
  (void)dialog.next_cseq();
  call.attempts = 0;
  if (const Done sent = send_invite(moment, at); !sent) return sent;
  call.asked = Asked::nothing;
  stop(at, again);
  return {};
}

void Calls::Core::skip(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  call.asked = Asked::nothing;
  stop(at, again);
  if (ask_where(moment, at, nullptr)) return;
  finish(moment, at, CallEvent::failure, EndedBy::refused, call.end_status);
}

}  // namespace sipring
