// What comes within a dialog, in the order in which it is looked at: is there one, is it in order,
// can we do it (RFC 3261 sections 8.2, 12.2.2; RFC 6086).
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/token.h>

#include <array>

namespace sipring {

// Among many calls this one is not in the cache: it comes while its tag is looked through.
Calls::Core::Named Calls::Core::named(const Envelope& request) const {
  const auto claim = DialogTags::read(request.to_tag);
  if (!claim || !is_ours(claim->number)) return {};
  const At at = call_of(claim->number);
  pool_.prefetch_whole(at.slot);
  const bool signs = (claim->number & signs_far_tag) != 0;
  const std::string_view far_tag = signs ? request.from_tag : std::string_view{};
  if (!tags_.verify(*claim, request.call_id, far_tag)) return {};
  return {at, signs};
}

void Calls::Core::on_within(const Moment& moment, const RequestReceived& request) {
  const Envelope& envelope = *request.envelope;
  const auto [at, far_tag_is_right] = named(envelope);
  Call* const call = has_room() ? find(at) : nullptr;
  Leg* leg = nullptr;
  if (call != nullptr) leg = far_tag_is_right ? &call->leg : leg_of(*call, envelope.from_tag);
  if (leg == nullptr) {
    return refuse_transaction(moment, request.transaction, {.status = 481});
  }
  if (!leg->dialog.take_cseq(envelope.cseq.number)) {
    return refuse_transaction(moment, request.transaction, {.status = 500});
  }
  serve(moment, at, *leg, request);
}

void Calls::Core::serve(const Moment& moment, At at, Leg& leg, const RequestReceived& request) {
  Call& call = pool_.at(at.slot);
  const Method method = request.message->method();
  const auto refuse = [&](const Response& response) {
    refuse_transaction(moment, request.transaction, response);
  };
  if (!takes_extensions(moment, request)) return;
  if (method == Method::bye) return on_bye(moment, at, leg, request);
  // The session is over, and only its BYE is waited for.
  if (call.state == CallState::terminating && method != Method::prack) {
    return refuse({.status = 481});
  }
  switch (method) {
    case Method::invite:
      if (!call.confirmed || &leg != &call.leg) {  // section 14.2
        return refuse_verdict(moment, request, call.is_caller ? Verdict::glare : Verdict::later);
      }
      return on_reinvite(moment, at, request);
    case Method::prack: return on_prack(moment, at, leg, request);
    case Method::update: return on_update(moment, at, leg, request);
    case Method::options: return answer_options(moment, leg, request);
    case Method::info: return on_info(moment, at, request);
    case Method::message:
      return tell(Requested{at, call.attached, request.transaction, request.message});
    case Method::notify: return refuse({.status = 481});  // of no subscription (RFC 6665)
    default: break;
  }
  if (abilities_.has_method(request.message->method_name()))
    return tell(Requested{at, call.attached, request.transaction, request.message});
  const HeaderLine allow[] = {{"Allow", abilities_.allow()}};
  const std::uint16_t status = method == Method::unknown ? 501 : 405;
  refuse({.status = status, .headers = allow});
}

// Section 8.2.2.3.
bool Calls::Core::takes_extensions(const Moment& moment, const RequestReceived& request) {
  if (!request.message->first(HeaderId::require)) return true;
  std::array<char, 512> octets;
  TextRoom room(octets);
  room.begin();
  bool any = false;
  for (const auto& tag : elements<parse_token>(*request.message, HeaderId::require)) {
    if (!tag || abilities_.has_extension(tag->text)) continue;
    if (std::exchange(any, true)) room.put(", ");
    room.put(tag->text);
  }
  if (!any) return true;
  const HeaderLine lines[] = {{"Unsupported", room.end().value_or("")}};
  refuse_transaction(moment, request.transaction, {.status = 420, .headers = lines});
  return false;
}

// RFC 6086 section 4.2.2: we have announced no packages, so one is not known; an INFO without is
// the user's own affair, DTMF as a rule.
void Calls::Core::on_info(const Moment& moment, At at, const RequestReceived& info) {
  if (info.message->first(HeaderId::info_package)) {
    const HeaderLine lines[] = {{"Recv-Info", ""}};
    return refuse_transaction(moment, info.transaction, {.status = 469, .headers = lines});
  }
  tell(Requested{at, pool_.at(at.slot).attached, info.transaction, info.message});
}

void Calls::Core::answer_options(const Moment& moment, const Leg& leg,
                                 const RequestReceived& options) {
  const HeaderLine lines[] = {
      {"Contact", contact(leg.dialog)}, {"Accept", abilities_.accept()}, {"Recv-Info", ""}};
  (void)moment.engine.respond(moment.now, options.transaction,
                              {.status = 200, .headers = lines, .block = &abilities_.block()});
}

Done Calls::Core::request(const Moment& moment, At at, Method method, const Content& content) {
  const auto found = open(at);
  if (!found) return std::unexpected(found.error());
  Call& call = **found;
  const bool is_ready = call.confirmed && call.state == CallState::established;
  switch (method) {
    case Method::info:
    case Method::message:
    case Method::options: break;
    default: return std::unexpected(CallError::wrong_state);
  }
  if (!is_ready) return std::unexpected(CallError::wrong_state);
  Dialog& dialog = call.leg.dialog;
  DialogRequest request(dialog, to_string(method), dialog.next_cseq());
  bool fits = request.add(content.headers);
  if (!content.body.empty()) fits = fits && request.add("Content-Type", content.type);
  fits = fits && authorize(request, at, Kind::other, content.body);
  if (!fits) return std::unexpected(CallError::too_large);
  const Sent sent = send(moment, at, dialog, request, word_of(at), content.body);
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  return {};
}

}  // namespace sipring
