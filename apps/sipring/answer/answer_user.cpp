// SPDX-License-Identifier: MIT
#include <answer/answer_user.h>

#include <answer/capabilities.h>

#include <array>
#include <ctime>
#include <utility>
#include <variant>

namespace sipring::app {
namespace {

constexpr std::array options_lines{allow, accept, accept_encoding, accept_language, supported};

Duration cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Uses up so much of the thread's own time, however often it is interrupted.
void do_work(Duration amount) {
  const Duration end = cpu_time() + amount;
  while (cpu_time() < end) {
  }
}

}  // namespace

AnswerUser::AnswerUser(const AnswerOptions& options, std::vector<Endpoint> endpoints,
                       const Entropy& entropy, std::pmr::memory_resource& memory,
                       std::function<void(const AnswerTally&)> at_end)
    : endpoints_(std::move(endpoints)),
      calls_(options, endpoints_, entropy, memory),
      capabilities_(options_lines),
      advertise_(options.advertise),
      work_(options.work),
      at_end_(std::move(at_end)) {
  if (options.auth != nullptr) guard_.emplace(*options.auth, entropy, memory);
}

AnswerUser::~AnswerUser() {
  if (at_end_) at_end_(calls_.tally());
}

// Responses, time-outs and transport failures are of our BYEs: nobody waits for them.
void AnswerUser::on_output(Engine& engine, Instant now, const Output& output) {
  if (const auto* request = std::get_if<RequestReceived>(&output)) {
    on_request(engine, now, *request);
  } else if (const auto* cancelled = std::get_if<Cancelled>(&output)) {
    calls_.on_cancel(engine, now, *cancelled);
  } else if (const auto* terminated = std::get_if<Terminated>(&output)) {
    calls_.on_terminated(engine, now, *terminated);
  }
}

void AnswerUser::on_listen(Engine&, Instant, const Listener& listener) {
  endpoints_.push_back(make_endpoint(listener, advertise_));
  calls_.add_endpoint(endpoints_);
}

// Its calls still go by its names, which are found no more.
void AnswerUser::on_close(Engine&, Instant, const Listener& listener) {
  for (Endpoint& endpoint : endpoints_) {
    if (endpoint.listener == listener.flow) endpoint.listener = {};
  }
}

void AnswerUser::on_request(Engine& engine, Instant now, const RequestReceived& request) {
  const Method method = request.message->method();
  if (method == Method::ack) return calls_.on_ack(engine, *request.envelope);
  if (work_ > Duration::zero()) do_work(work_);
  if (!admits(now, request))
    return calls_.refuse(engine, now, request.transaction, guard_->refusal(now));
  const Uri& request_uri = *request.envelope->request_uri;
  if (const auto refusal = refuse(*request.message, request_uri, refusal_text_)) {
    return calls_.refuse(engine, now, request.transaction, refusal->response());
  }
  switch (method) {
    case Method::invite: return calls_.on_invite(engine, now, request);
    case Method::bye: return calls_.on_bye(engine, now, request);
    case Method::options: return on_options(engine, now, request);
    case Method::register_: return on_register(engine, now, request);
    case Method::update: return on_update(engine, now, request);
    default: return on_within_dialog(engine, now, request);
  }
}

const Endpoint& AnswerUser::endpoint_of(const RequestReceived& request) const {
  return endpoints_[index_of(endpoints_, request.received->listener)];
}

// Who is in a dialog of ours was let in when it began.
bool AnswerUser::admits(Instant now, const RequestReceived& request) {
  if (!guard_) return true;
  const DialogId dialog = dialog_id_of(*request.envelope);
  const bool in_dialog = !dialog.to_tag.empty() && calls_.tags().recognize(dialog).has_value();
  return in_dialog || guard_->admits(now, *request.message);
}

bool AnswerUser::is_welcome(const RequestReceived& request) const {
  const DialogId dialog = dialog_id_of(*request.envelope);
  return dialog.to_tag.empty() || calls_.tags().recognize(dialog).has_value();
}

// MESSAGE may come within a dialog and without one (RFC 3428), INFO only within (RFC 6086).
void AnswerUser::on_within_dialog(Engine& engine, Instant now, const RequestReceived& request) {
  const DialogId dialog = dialog_id_of(*request.envelope);
  const bool may_be_without = request.message->method() == Method::message;
  const bool known =
      dialog.to_tag.empty() ? may_be_without : calls_.tags().recognize(dialog).has_value();
  const Response response{.status = static_cast<std::uint16_t>(known ? 200 : 481)};
  (void)engine.respond(now, request.transaction, response);
}

// Section 11.2. Max-Forwards: 0 is for proxies to mind; here the request has arrived.
void AnswerUser::on_options(Engine& engine, Instant now, const RequestReceived& request) {
  if (!is_welcome(request)) return (void)engine.respond(now, request.transaction, {.status = 481});
  const HeaderLine contact[] = {{"Contact", endpoint_of(request).contact}};
  (void)engine.respond(now, request.transaction,
                       {.status = 200, .headers = contact, .block = &capabilities_});
}

void AnswerUser::on_register(Engine& engine, Instant now, const RequestReceived& request) {
  write_registration(*request.message, registration_);
  const HeaderLine contact[] = {{"Contact", registration_.contacts.view()}};
  Response response{.status = registration_.status, .reason = registration_.reason};
  if (registration_.contacts.size() != 0) response.headers = contact;
  (void)engine.respond(now, request.transaction, response);
}

// RFC 3311: within a dialog; an offer is answered in the 200.
void AnswerUser::on_update(Engine& engine, Instant now, const RequestReceived& request) {
  const auto tag = calls_.tags().recognize(dialog_id_of(*request.envelope));
  if (!tag) {
    return (void)engine.respond(now, request.transaction, {.status = 481});
  }
  const std::array headers{HeaderLine{"Contact", endpoint_of(request).contact}, allow, supported,
                           sdp_content};
  Response response{.status = 200, .headers = std::span(headers).first(3)};
  if (const std::string_view offer = session_description(*request.message); !offer.empty()) {
    const SdpOrigin origin =
        calls_.origin(*tag, request.envelope->cseq.number, endpoint_of(request));
    const auto described = write_sdp_answer(offer, origin, session_);
    if (!described) {
      return (void)engine.respond(now, request.transaction,
                                  rejection_of(described.error()).response());
    }
    response.headers = headers;
    response.body = session_.view();
  }
  (void)engine.respond(now, request.transaction, response);
}

}  // namespace sipring::app
