// What becomes of calls.
// SPDX-License-Identifier: MIT
#include <call/dtmf.h>
#include <call/phone.h>

#include "listen_address.h"

#include <sipring/core/dialog/dialog.h>

#include <chrono>
#include <utility>
#include <variant>

namespace sipring::app {
namespace {

constexpr HeaderLine allow_lines[] = {
    {"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE"},
    {"Accept", "application/sdp, multipart/mixed, application/dtmf-relay, application/dtmf"}};

std::string text_of(const Message& message, HeaderId id) {
  return std::string(message.first(id).value_or(""));
}

bool is_challenge(std::uint16_t status) {
  return status == 401 || status == 407;
}

std::string_view direction_text(std::string_view description) {
  return to_string(direction_of(description));
}

}  // namespace

Phone::Line* Phone::line_of(std::uint64_t attached) {
  const auto line = lines_.find(static_cast<Number>(attached));
  return line == lines_.end() ? nullptr : &line->second;
}

void Phone::on_output(Engine& engine, Instant now, const Output& output) {
  const Moment moment = moment_of(engine, now);
  moment_ = &moment;
  if (calls_.handle(moment, output) == Fate::passed) on_other(output);
  take_events();
  run_orders();
  moment_ = nullptr;
}

void Phone::take_events() {
  while (const auto output = calls_.next_output()) {
    std::visit([this](const auto& event) { on_event(event); }, *output);
  }
}

void Phone::on_other(const Output& output) {
  const auto* const request = std::get_if<RequestReceived>(&output);
  if (request == nullptr || !request->transaction) return;
  const Method method = request->message->method();
  const std::uint16_t status = method == Method::options   ? 200
                               : method == Method::unknown ? 501
                                                           : 405;
  (void)moment_->engine.respond(moment_->now, request->transaction,
                                {.status = status, .headers = allow_lines});
}

void Phone::on_event(const IncomingCall& event) {
  if (quits_) return (void)calls_.reject(*moment_, event.call, 480);
  Line& line = add(endpoints_[index_of(endpoints_, calls_.dialog(event.call)->listener())]);
  line.call = event.call;
  line.offer = event.offer;
  const Number number = last_;
  (void)calls_.attach(event.call, number);
  tell({"incoming",
        number,
        {{"from", text_of(*event.invite, HeaderId::from)},
         {"to", text_of(*event.invite, HeaderId::to)}}});
  (void)calls_.ring(*moment_, line.call);
  if (options_.answers) (void)accept(line);
}

void Phone::on_event(const Ringing& event) {
  if (Line* const line = line_of(event.attached)) line->has_rung = true;
  tell({"ringing",
        static_cast<Number>(event.attached),
        {{"status", event.status}, {"early_media", !event.early.empty()}}});
}

void Phone::on_event(const Established& event) {
  Line* const line = line_of(event.attached);
  if (line == nullptr) return;
  const bool is_first = !std::exchange(line->is_established, true);
  const auto number = static_cast<Number>(event.attached);
  const bool was_held = std::exchange(line->is_held, !receives(direction_of(event.remote)));
  const Event::Fields fields{{"local", direction_text(event.local)},
                             {"remote", direction_text(event.remote)}};
  if (is_first) return tell({"established", number, fields});
  const bool we_change = std::exchange(line->held, line->holds) != line->holds;
  if (we_change) tell({line->holds ? "held" : "resumed", number, fields});
  if (was_held != line->is_held) {
    tell({line->is_held ? "held_by_remote" : "resumed_by_remote", number, fields});
  } else if (!we_change) {
    tell({"changed", number, fields});
  }
}

void Phone::on_event(const Offered& event) {
  Line* const line = line_of(event.attached);
  if (line == nullptr) return;
  if (event.offer.empty()) {
    return (void)calls_.answer(*moment_, event.call, line->media.offer(line->holds));
  }
  const auto answer = line->media.answer(event.offer, line->holds);
  if (answer) return (void)calls_.answer(*moment_, event.call, *answer);
  const Rejection rejection = rejection_of(answer.error());
  (void)calls_.refuse(*moment_, event.call, rejection.status, rejection.response().headers);
}

void Phone::on_event(const OfferFailed& event) {
  Line* const line = line_of(event.attached);
  if (line == nullptr) return;
  line->holds = line->held;
  tell({"offer_failed", static_cast<Number>(event.attached), {{"status", event.status}}});
}

// INFO is a key or nothing; a MESSAGE is shown.
void Phone::on_event(const Requested& event) {
  const Message& request = *event.request;
  const auto number = static_cast<Number>(event.attached);
  const auto answer = [&](std::uint16_t status, std::span<const HeaderLine> lines = {}) {
    (void)moment_->engine.respond(moment_->now, event.transaction,
                                  {.status = status, .headers = lines});
  };
  if (request.method() == Method::message) {
    answer(200);
    return tell({"message", number, {{"text", request.body()}}});
  }
  if (request.method() != Method::info || request.body().empty()) return answer(200);
  const auto key = key_of(text_of(request, HeaderId::content_type), request.body());
  if (!key) return answer(415, std::span(allow_lines).subspan(1));
  answer(200);
  tell({"dtmf", number, {{"signal", key->signal}, {"milliseconds", key->milliseconds}}});
}

// To a key of ours: the next one goes when the last one has come. A challenge has been learnt from
// by now.
void Phone::on_event(const Replied& event) {
  Line* const line = line_of(event.attached);
  if (line == nullptr || line->keys.empty()) return;
  const auto number = static_cast<Number>(event.attached);
  const bool again = is_challenge(event.status) && client_ && !std::exchange(line->key_again, true);
  if (!again && event.status >= 300) {
    line->keys.clear();
    return tell({"dtmf_failed", number, {{"status", event.status}}});
  }
  if (!again) {
    line->key_again = false;
    line->keys.erase(0, 1);
    ++line->sent;
  }
  if (line->keys.empty()) return tell({"dtmf_sent", number, {{"keys", line->sent}}});
  if (!send_key(*line)) {
    line->keys.clear();
    tell({"dtmf_failed", number, {{"status", 0}}});
  }
}

// By its target, and not by whoever it was for (RFC 3263 section 4.3).
bool Phone::has_failed(const Line& line, const Ended& event) const {
  constexpr int service_unavailable = 503;
  if (line.has_rung || line.is_established || line.is_ending || quits_) return false;
  return event.by == EndedBy::timed_out || event.by == EndedBy::lost ||
         (event.by == EndedBy::refused && event.status == service_unavailable);
}

bool Phone::try_next(Number number, Line& line, const Ended& event) {
  while (!line.order.targets.empty()) {
    const NetworkAddress next = line.order.targets.front();
    if (!invite(number, line)) continue;
    tell({"next_target",
          number,
          {{"target", listen_address_text(next)},
           {"by", to_string(event.by)},
           {"status", event.status}}});
    return true;
  }
  return false;
}

void Phone::on_event(const Ended& event) {
  const auto number = static_cast<Number>(event.attached);
  const auto line = lines_.find(number);
  if (line == lines_.end()) return;  // one that was not taken
  if (has_failed(line->second, event) && try_next(number, line->second, event)) return;
  lines_.erase(line);
  Event told{"ended",
             number,
             {{"by", to_string(event.by)},
              {"status", event.status},
              {"seconds", std::chrono::duration<double>(event.lasted).count()}}};
  const std::string reason = event.message ? text_of(*event.message, HeaderId::reason) : "";
  if (!reason.empty()) told.fields["reason"] = reason;
  tell(std::move(told));
}

}  // namespace sipring::app
