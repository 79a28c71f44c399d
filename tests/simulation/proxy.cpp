// Requests on their way down: RFC 3261 sections 16.3 to 16.6, 16.8, 16.10.
// SPDX-License-Identifier: MIT
#include "tests/simulation/proxy.h"

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/values.h>

#include <charconv>

#include "tests/simulation/broken.h"
#include "tests/simulation/next_hop.h"

namespace sipring::simulation {
namespace {

constexpr Duration timer_c = std::chrono::seconds(181);
constexpr Duration after_a_shortage = std::chrono::milliseconds(300);

}  // namespace

Proxy::Proxy(std::size_t number, const Weights& weights, const Directory& directory, Random& random,
             Network& network, const Canary& canary)
    : number_(number),
      weights_(weights),
      directory_(directory),
      random_(random),
      network_(network),
      site_(directory[number], weights, random, network, canary, *this),
      record_route_("<sip:" + std::string(to_text(directory[number]).view()) + ";lr>") {}

void Proxy::advance(Instant now) {
  while (const std::optional<Task> task = agenda_.take_due(now)) {
    WatchedEngine& engine = site_.engine_of(task->user);
    if (task->plan == Plan::cancel) {
      cancel(now, engine, task->user);
    } else if (const auto relay = relays_.find(task->user); relay != relays_.end()) {
      answer(now, engine, relay->second);
    }
    engine.drain(now);
  }
  site_.advance(now);
}

void Proxy::on_request(Instant now, WatchedEngine& engine, std::uint64_t user,
                       const RequestReceived& request) {
  const Message& message = *request.message;
  if (user == 0) return forward_ack(engine, message);
  Relay& relay = relays_[user];
  relay.server = user;
  relay.is_invite = message.method() == Method::invite;
  relay.upstream = request.received->source;
  for ([[maybe_unused]] const auto& field : message.each(HeaderId::record_route))
    ++relay.record_routes;
  if (copy_lines(message, relay.is_invite)) {
    forward(now, engine, relay, message);
  } else {
    relay.best = 483;
  }
  if (relay.branches.empty()) answer(now, engine, relay);
}

// What goes on, but for our Via and Content-Length, which the engine writes. False: it has gone far
// enough.
bool Proxy::copy_lines(const Message& request, bool records_route) {
  lines_.clear();
  max_forwards_.clear();
  if (records_route) lines_.push_back({"Record-Route", record_route_});
  bool may_be_ours = true;  // the topmost route
  for (std::uint32_t i = 0; i < request.header_count(); ++i) {
    const HeaderField field = request.header(i);
    if (field.id == HeaderId::content_length) continue;
    if (field.id == HeaderId::max_forwards) {
      if (!max_forwards_.empty()) continue;  // of a mangled request: the first counts
      const auto left = parse_max_forwards(field.value);
      if (left && *left == 0) return false;
      max_forwards_ = std::to_string(left ? *left - 1 : 70);
      lines_.push_back({field.name, max_forwards_});
      continue;
    }
    if (field.id == HeaderId::route && may_be_ours) {
      may_be_ours = false;
      const auto route = parse_address(field.value);
      if (route && directory_.index_of_uri(route->uri.text) == number_) continue;
    }
    lines_.push_back({field.name, field.value});
  }
  return true;
}

void Proxy::forward(Instant now, WatchedEngine& engine, Relay& relay, const Message& message) {
  Request request{.method = message.method_name(),
                  .request_uri = message.request_uri(),
                  .headers = lines_,
                  .body = message.body()};
  const std::string_view call_id = engine.find(relay.server)->call_id;
  const auto hop = next_hop(directory_, request);
  const std::vector<std::size_t> targets =
      hop && *hop != number_ ? std::vector{*hop} : draw_targets();
  if (targets.size() > 1) ++forked_;
  for (const std::size_t target : targets) {
    request.destination = directory_[target];
    forward_to(now, engine, relay, request, call_id);
  }
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

void Proxy::forward_to(Instant now, WatchedEngine& engine, Relay& relay, Request request,
                       std::string_view call_id) {
  const auto sent = engine.send(now, request, call_id);
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
  if (!copy_lines(message, false)) return;
  Request request{.method = "ACK",
                  .request_uri = message.request_uri(),
                  .headers = lines_,
                  .body = message.body()};
  const auto hop = next_hop(directory_, request);
  if (!hop || *hop == number_) return;
  request.destination = directory_[*hop];
  const auto sent = engine.send_stateless(request);
  require(sent || WatchedEngine::is_shortage(sent.error()) || weights_.may_forge(),
          "an ACK does not go on");
}

// Section 16.10.
void Proxy::on_cancelled(Instant now, WatchedEngine& engine, std::uint64_t user) {
  if (const auto relay = relays_.find(user); relay != relays_.end())
    cancel_others(now, engine, relay->second, 0);
}

// Those that are open; `branch` has just been answered.
void Proxy::cancel_others(Instant now, WatchedEngine& engine, const Relay& relay,
                          std::uint64_t branch) {
  if (!relay.is_invite) return;
  for (const Branch& each : relay.branches)
    if (!each.is_final && each.user != branch) cancel(now, engine, each.user);
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
