// What becomes of calls: all that `sipring answer` decides.
// SPDX-License-Identifier: MIT
#include <agent/text.h>
#include <answer/answer_user.h>

#include <sipring/core/dialog/dialog.h>

#include <charconv>
#include <variant>

namespace sipring::app {
namespace {

constexpr int at_once = 16;  // calls, until the engine's outputs are taken

// Of "o=- ID VERSION ...", our own last description; 1: there is none.
std::uint32_t version_of(std::string_view description) {
  std::uint32_t version = 1;
  const std::size_t id = description.find("o=- ");
  if (id == description.npos) return version;
  const std::string_view rest = description.substr(id + 4);
  const char* const end = rest.data() + rest.size();
  std::from_chars(std::find(rest.data(), end, ' ') + 1, end, version);
  return version;
}

}  // namespace

void AnswerUser::take_events(const Moment& moment) {
  while (const auto output = calls_.next_output()) {
    if (const auto* incoming = std::get_if<IncomingCall>(&*output)) {
      on_incoming(moment, *incoming);
    } else if (const auto* offered = std::get_if<Offered>(&*output)) {
      on_offered(moment, *offered);
    } else if (const auto* requested = std::get_if<Requested>(&*output)) {
      (void)moment.engine.respond(moment.now, requested->transaction, {.status = 200});
    } else if (const auto* ended = std::get_if<Ended>(&*output)) {
      on_ended(*ended);
    }
  }
}

void AnswerUser::on_incoming(const Moment& moment, const IncomingCall& event) {
  if (is_user(user_, "busy")) return (void)calls_.reject(moment, event.call, 486);
  if (is_user(user_, "decline")) return (void)calls_.reject(moment, event.call, 603);
  const auto description = describe(event.call, event.offer);
  if (!description) {
    const Rejection rejection = rejection_of(description.error());
    const Response response = rejection.response();
    return (void)calls_.reject(moment, event.call, response.status, response.headers,
                               response.reason);
  }
  (void)moment.engine.respond(moment.now, invite_, {.status = 100});
  (void)calls_.ring(moment, event.call);
  if (is_user(user_, "silent")) return;
  if (is_user(user_, "ring")) {
    return rings_.arm(event.call.slot, moment.now + options_.ringing);
  }
  if (!calls_.accept(moment, event.call, {.body = session_.view()})) {
    (void)calls_.reject(moment, event.call, 503);
  }
}

// The ones that have rung long enough.
void AnswerUser::answer_due(const Moment& moment) {
  for (int count = 0; count < at_once; ++count) {
    const auto due = rings_.pop_due(moment.now);
    if (!due) return;
    std::uint32_t slot = *due;
    const Handle<Call> call = calls_.next_call(slot);
    const auto description = describe(call, calls_.offered(call));
    if (!description || !calls_.accept(moment, call, {.body = *description})) {
      (void)calls_.reject(moment, call, 503);
    }
    take_events(moment);
  }
}

void AnswerUser::on_offered(const Moment& moment, const Offered& event) {
  const auto description = describe(event.call, event.offer);
  if (description) return (void)calls_.answer(moment, event.call, *description);
  const Rejection rejection = rejection_of(description.error());
  const Response response = rejection.response();
  (void)calls_.refuse(moment, event.call, response.status, response.headers);
}

// Into session_: the answer, or our offer where there is none. Its version is that of the last one
// unless something has changed (RFC 3264 section 8). Some peers read the id as a signed number; 19
// digits always: messages of one size go in one piece.
std::expected<std::string_view, SdpError> AnswerUser::describe(Handle<Call> call,
                                                               std::string_view offer) {
  constexpr std::uint64_t least = std::uint64_t{1} << 61;
  const std::string_view last = calls_.local_description(call);
  const Endpoint& local = endpoint_at(calls_.dialog(call)->listener());
  const std::uint64_t number = std::uint64_t{call.generation} << 32 | call.slot;
  SdpOrigin origin{.session = ((sessions_ ^ number) & (least - 1)) | least,
                   .version = version_of(last),
                   .host = local.host,
                   .ipv6 = local.ipv6,
                   .port = options_.media_port};
  for (const bool is_first : {true, false}) {
    if (!is_first) ++origin.version;
    if (offer.empty()) {
      write_sdp_offer(origin, session_);
    } else if (const auto written = write_sdp_answer(offer, origin, session_); !written) {
      return std::unexpected(written.error());
    }
    if (last.empty() || session_.view() == last) break;
  }
  return session_.view();
}

void AnswerUser::on_ended(const Ended& event) {
  rings_.stop(event.call.slot);
  const bool is_bye = event.message != nullptr && event.message->is_request() &&
                      event.message->method() == Method::bye;
  if (event.status == 487) {
    ++tally_.cancelled;
  } else if (is_bye) {
    ++tally_.hung_up;
  } else if (event.by == EndedBy::local && event.status >= 300) {
    ++tally_.refused;
  }
}

}  // namespace sipring::app
