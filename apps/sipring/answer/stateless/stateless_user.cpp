// SPDX-License-Identifier: MIT
#include <answer/stateless/stateless_user.h>

#include <array>
#include <utility>
#include <variant>

namespace sipring::app {

StatelessUser::StatelessUser(const AnswerOptions& options, std::vector<Endpoint> endpoints,
                             const Entropy& entropy, std::pmr::memory_resource& memory,
                             std::function<void(const AnswerTally&)> at_end)
    : endpoints_(std::move(endpoints)),
      calls_(options, endpoints_, entropy, memory),
      outside_(without_dialogs, options, entropy, memory),
      advertise_(options.advertise),
      at_end_(std::move(at_end)) {
  for (Endpoint& endpoint : endpoints_) outside_.introduce(endpoint);
}

StatelessUser::~StatelessUser() {
  if (at_end_) at_end_(calls_.tally());
}

// Responses, time-outs and transport failures are of our BYEs: nobody waits for them.
void StatelessUser::on_output(Engine& engine, Instant now, const Output& output) {
  if (const auto* request = std::get_if<RequestReceived>(&output)) {
    on_request(engine, now, *request);
  } else if (const auto* cancelled = std::get_if<Cancelled>(&output)) {
    calls_.on_cancel(engine, now, *cancelled);
  } else if (const auto* terminated = std::get_if<Terminated>(&output)) {
    calls_.on_terminated(engine, now, *terminated);
  }
}

void StatelessUser::on_listen(Engine&, Instant, const Listener& listener) {
  outside_.introduce(endpoints_.emplace_back(make_endpoint(listener, advertise_)));
  calls_.add_endpoint(endpoints_);
}

// Its calls still go by its names, which are found no more.
void StatelessUser::on_close(Engine&, Instant, const Listener& listener) {
  for (Endpoint& endpoint : endpoints_) {
    if (endpoint.listener == listener.flow) endpoint.listener = {};
  }
}

const Endpoint& StatelessUser::endpoint_of(const RequestReceived& request) const {
  return endpoints_[index_of(endpoints_, request.received->listener.slot)];
}

// MESSAGE may come within a dialog and without one (RFC 3428), INFO only within (RFC 6086).
void StatelessUser::on_request(Engine& engine, Instant now, const RequestReceived& request) {
  const Method method = request.message->method();
  if (method == Method::ack) return calls_.on_ack(engine, now, *request.envelope);
  const DialogId dialog = dialog_id_of(*request.envelope);
  const bool has_tag = !dialog.to_tag.empty();
  const bool in_dialog = has_tag && calls_.tags().recognize(dialog).has_value();
  if (const auto refusal = outside_.refusal(now, request, in_dialog)) {
    return calls_.refuse(engine, now, request.transaction, *refusal);
  }
  switch (method) {
    case Method::invite: return calls_.on_invite(engine, now, request);
    case Method::bye: return calls_.on_bye(engine, now, request);
    case Method::update: return on_update(engine, now, request);
    case Method::register_: return outside_.answer(engine, now, request, endpoint_of(request));
    default: break;
  }
  if (!has_tag || (in_dialog && method == Method::options)) {
    return outside_.answer(engine, now, request, endpoint_of(request));
  }
  const Response response{.status = static_cast<std::uint16_t>(in_dialog ? 200 : 481)};
  (void)engine.respond(now, request.transaction, response);
}

// RFC 3311: within a dialog; an offer is answered in the 200.
void StatelessUser::on_update(Engine& engine, Instant now, const RequestReceived& request) {
  const auto tag = calls_.tags().recognize(dialog_id_of(*request.envelope));
  if (!tag) {
    return (void)engine.respond(now, request.transaction, {.status = 481});
  }
  const std::array headers{HeaderLine{"Contact", endpoint_of(request).contact},
                           without_dialogs.allow, without_dialogs.supported, sdp_content};
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
