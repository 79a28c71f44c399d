// Requests on their way down: RFC 3261 sections 16.3 to 16.6, 16.8, 16.10.
// SPDX-License-Identifier: MIT
#include "tests/simulation/proxy.h"

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/values.h>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

constexpr Duration timer_c = std::chrono::seconds(181);

// Section 16.3 item 3.
bool has_gone_far_enough(const Message& request) {
  const auto left = parse_max_forwards(request.first(HeaderId::max_forwards).value_or(""));
  return left && *left == 0;
}

}  // namespace

Proxy::Proxy(std::size_t number, const Weights& weights, const Directory& directory, Random& random,
             Network& network, const Canary& canary)
    : number_(number),
      weights_(weights),
      directory_(directory),
      random_(random),
      site_(directory[number], weights, random, network, canary, *this),
      record_route_("<sip:" + std::string(to_text(directory[number]).view()) + ";lr>") {}

void Proxy::advance(Instant now) {
  while (const std::optional<Task> task = agenda_.take_due(now)) {
    WatchedEngine& engine = site_.engine_of(task->attached);
    if (task->plan == Plan::cancel) {
      cancel(now, engine, task->attached);
    } else if (const auto relay = relays_.find(task->attached); relay != relays_.end()) {
      answer(now, engine, relay->second);
    }
    engine.take_outputs(now);
  }
  site_.advance(now);
}

void Proxy::on_request(Instant now, WatchedEngine& engine, std::uint64_t attached,
                       const RequestReceived& request) {
  const Message& message = *request.message;
  if (attached == 0) return forward_ack(engine, message);
  Relay& relay = relays_[attached];
  relay.server = attached;
  relay.is_invite = message.method() == Method::invite;
  if (has_gone_far_enough(message)) {
    relay.best = 483;
  } else {
    forward(now, engine, relay, message);
  }
  if (relay.branches.empty()) answer(now, engine, relay);
}

bool Proxy::is_routed_here(const Message& request) const {
  const auto route = parse_address(request.first(HeaderId::route).value_or(""));
  return route && directory_.index_of_uri(route->uri.text) == number_;
}

// The first route that is not ours, else the Request-URI. nullopt: nobody in particular.
std::optional<std::size_t> Proxy::next_hop_of(const Message& request) const {
  const auto routes = elements<parse_address>(request, HeaderId::route);
  auto route = routes.begin();
  if (is_routed_here(request)) ++route;
  if (route == routes.end()) return directory_.index_of_uri(request.request_uri());
  return *route ? directory_.index_of_uri((*route)->uri.text) : std::nullopt;
}

// Section 16.6, but for our Via.
MessageEdit& Proxy::edit(const Message& request, bool records_route) {
  edit_.start(request).decrement_max_forwards();
  if (is_routed_here(request)) edit_.pop_route();
  if (records_route) edit_.record_route(record_route_);
  return edit_;
}

void Proxy::forward(Instant now, WatchedEngine& engine, Relay& relay, const Message& message) {
  const auto hop = next_hop_of(message);
  const std::vector<std::size_t> targets =
      hop && *hop != number_ ? std::vector{*hop} : draw_targets();
  if (targets.size() > 1) ++forked_;
  for (const std::size_t target : targets) forward_to(now, engine, relay, message, target);
}

// Section 16.5: where the user may be.
std::vector<std::size_t> Proxy::draw_targets() {
  std::vector<std::size_t> targets;
  for (std::size_t count = 1 + random_.below(weights_.most_forks); count > 0; --count) {
    const auto proxy = random_.chance(300) ? directory_.draw_proxy(random_, number_) : std::nullopt;
    targets.push_back(proxy ? *proxy : directory_.draw_answerer(random_, number_));
  }
  return targets;
}

void Proxy::forward_to(Instant now, WatchedEngine& engine, Relay& relay, const Message& message,
                       std::size_t target) {
  const auto sent = engine.forward(now, edit(message, relay.is_invite), directory_[target],
                                   engine.find(relay.server)->call_id);
  if (!sent) {
    require(WatchedEngine::is_shortage(sent.error()) || weights_.may_forge() ||
                sent.error() == SendError::too_large,
            "a request that came does not go on");
    relay.best = WatchedEngine::is_shortage(sent.error()) ? 503 : 400;
    return;
  }
  relay.branches.push_back({*sent});
  ++relay.alive;
  servers_.emplace(*sent, relay.server);
  if (relay.is_invite) agenda_.plan(now + timer_c, {Plan::cancel, *sent});  // section 16.6 step 11
}

// Section 16.11: along its routes, or to the remote target.
void Proxy::forward_ack(WatchedEngine& engine, const Message& message) {
  const auto hop = next_hop_of(message);
  if (!hop || *hop == number_ || has_gone_far_enough(message)) return;
  const auto sent = engine.forward_stateless(edit(message, false), directory_[*hop]);
  require(sent || WatchedEngine::is_shortage(sent.error()) || weights_.may_forge(),
          "an ACK does not go on");
}

// Section 16.10.
void Proxy::on_cancelled(Instant now, WatchedEngine& engine, std::uint64_t attached) {
  if (const auto relay = relays_.find(attached); relay != relays_.end())
    cancel_others(now, engine, relay->second, 0);
}

// Those that are open; `branch` has just been answered.
void Proxy::cancel_others(Instant now, WatchedEngine& engine, const Relay& relay,
                          std::uint64_t branch) {
  if (!relay.is_invite) return;
  for (const Branch& each : relay.branches)
    if (!each.is_final && each.attached != branch) cancel(now, engine, each.attached);
}

void Proxy::cancel(Instant now, WatchedEngine& engine, std::uint64_t branch) {
  if (engine.find(branch) == nullptr) return;
  const auto cancelled = engine.cancel(now, branch);
  if (!cancelled && WatchedEngine::is_shortage(cancelled.error()))
    agenda_.plan(now + after_a_shortage, {Plan::cancel, branch});
}

void Proxy::check_at_rest() {
  site_.check_at_rest();
  require(relays_.empty() && servers_.empty(), "a response context has leaked");
}

void Proxy::add_to(Account& account) const {
  site_.add_to(account);
  account.forked += forked_;
}

}  // namespace sipring::simulation
