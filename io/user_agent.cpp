// SPDX-License-Identifier: MIT
#include <sipring/io/user_agent.h>

#include <utility>
#include <variant>

namespace sipring {
namespace {

LocalEndpoint endpoint_of(const Listener& listener) {
  return local_endpoint(std::string(to_text(listener.address).view()), listener.address.transport);
}

CallSettings completed(CallSettings settings, const ShardContext& context) {
  settings.mark = context.mark;
  settings.keeps_alive = context.keep_alives != nullptr;
  if (context.steering != nullptr && context.shards > 1) {
    settings.is_home = [steering = context.steering, shard = context.shard](std::string_view id) {
      return steering->home_of(id) == shard;
    };
  }
  if (!settings.endpoints.empty()) return settings;
  for (const Listener& listener : context.listeners) {
    settings.endpoints.push_back(endpoint_of(listener));
  }
  return settings;
}

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

}  // namespace

void CallHandler::on_incoming_call(UserAgent& agent, const IncomingCall& call) {
  (void)agent.reject(call.call, 480);
}

void CallHandler::on_redirected(UserAgent& agent, const Redirected& call) {
  (void)agent.refuse(call.call);
}

void CallHandler::on_offered(UserAgent& agent, const Offered& offer) {
  (void)agent.refuse(offer.call);
}

void CallHandler::on_requested(UserAgent& agent, const Requested& request) {
  (void)agent.respond(request.transaction, {.status = 200});
}

void CallHandler::on_other(UserAgent& agent, const Output& output) {
  const auto* const request = std::get_if<RequestReceived>(&output);
  if (request == nullptr || !request->transaction) return;
  const bool asks = request->message->method() == Method::options;
  (void)agent.respond(request->transaction,
                      {.status = static_cast<std::uint16_t>(asks ? 200 : 501)});
}

UserAgent::UserAgent(const ShardContext& context, CallSettings settings, const CallLimits& limits,
                     std::unique_ptr<CallHandler> handler)
    : shard_(context.shard),
      sender_(context.sender),
      connections_(context.connections),
      keep_alives_(context.keep_alives),
      listeners_(context.listeners),
      calls_(completed(std::move(settings), context), limits, context.entropy, *context.memory),
      handler_(std::move(handler)) {}

void UserAgent::on_output(Engine& engine, Instant now, const Output& output) {
  at(engine, now, [&](const Moment& moment) {
    if (calls_.handle(moment, output) == Fate::passed) handler_->on_other(*this, output);
  });
}

void UserAgent::on_no_target(Engine& engine, Instant now, const Sender::Ended& ended) {
  at(engine, now, [&](const Moment& moment) { (void)calls_.handle(moment, ended); });
}

void UserAgent::advance(Engine& engine, Instant now) {
  at(engine, now, [&](const Moment& moment) {
    if (!std::exchange(started_, true)) handler_->on_start(*this);
    calls_.advance(moment);
  });
}

// Each call ends by its own means, a BYE as a rule; the shard waits for them.
void UserAgent::on_drain(Engine& engine, Instant now) {
  at(engine, now, [&](const Moment& moment) {
    std::uint32_t slot = 0;
    while (const Handle<Call> call = calls_.next_call(slot)) {
      (void)calls_.end(moment, call);
      tell();
    }
  });
}

void UserAgent::on_finish(Engine& engine, Instant now) {
  at(engine, now, [&](const Moment& moment) { calls_.end_all(moment); });
}

void UserAgent::on_listen(Engine&, Instant, const Listener& listener) {
  calls_.set_endpoint(listener.flow.slot, endpoint_of(listener));
}

void UserAgent::tell() {
  while (const auto output = calls_.next_output()) {
    std::visit(Overloaded{
                   [&](const IncomingCall& event) { handler_->on_incoming_call(*this, event); },
                   [&](const StateChanged& event) { handler_->on_state_change(*this, event); },
                   [&](const Ringing& event) { handler_->on_ringing(*this, event); },
                   [&](const Redirected& event) { handler_->on_redirected(*this, event); },
                   [&](const Established& event) { handler_->on_established(*this, event); },
                   [&](const Offered& event) { handler_->on_offered(*this, event); },
                   [&](const OfferFailed& event) { handler_->on_offer_failed(*this, event); },
                   [&](const Requested& event) { handler_->on_requested(*this, event); },
                   [&](const Replied& event) { handler_->on_replied(*this, event); },
                   [&](const Ended& event) { handler_->on_ended(*this, event); },
               },
               *output);
  }
}

}  // namespace sipring
