// Responses on their way up: RFC 3261 section 16.7.
// SPDX-License-Identifier: MIT
#include "tests/simulation/broken.h"
#include "tests/simulation/proxy.h"

namespace sipring::simulation {
namespace {

// Section 16.7 step 6: a 2xx, a 6xx, the lowest class.
bool is_better(int status, int best) {
  if (best == 0 || status / 100 == 2) return best / 100 != 2;
  if (best / 100 == 2 || best >= 600) return false;
  return status >= 600 || status / 100 < best / 100;
}

}  // namespace

Proxy::Relay* Proxy::relay_of_branch(std::uint64_t attached) {
  const auto server = servers_.find(attached);
  return server == servers_.end() ? nullptr : &relays_.at(server->second);
}

void Proxy::on_response(Instant now, WatchedEngine& engine, const ResponseReceived& response) {
  Relay* relay = relay_of_branch(response.attached);
  require(relay != nullptr, "a response for no branch");
  const int status = response.message->status();
  if (status / 100 == 2) return on_success(now, engine, *relay, response);
  if (status >= 200) {
    if (status >= 600)
      cancel_others(now, engine, *relay, response.attached);  // section 16.7 step 5
    return conclude(now, engine, *relay, response.attached, status, response.envelope->to_tag);
  }
  // RFC 4320 section 4.1 knows no provisional response but 100, which goes one hop.
  if (status > 100 && relay->is_invite && relay->answered == 0 && engine.find(relay->server))
    (void)pass_back(now, engine, *relay, response);
}

WatchedEngine::Done Proxy::pass_back(Instant now, WatchedEngine& engine, const Relay& relay,
                                     const ResponseReceived& response) {
  return engine.forward(now, relay.server, edit_.start(*response.message));
}

void Proxy::on_success(Instant now, WatchedEngine& engine, Relay& relay,
                       const ResponseReceived& response) {
  if (engine.find(relay.server) == nullptr) return;  // RFC 6026 section 7.3: not without its INVITE
  if (relay.answered != 0) return pass_another_success(now, engine, relay, response);
  const int status = response.message->status();
  const std::string_view tag = response.envelope->to_tag;
  cancel_others(now, engine, relay, response.attached);
  if (pass_back(now, engine, relay, response)) {
    relay.answered = status;
    relay.answered_tag = tag;
  }
  conclude(now, engine, relay, response.attached, status, tag);
}

// A retransmission, or another callee's: both go on to the caller.
void Proxy::pass_another_success(Instant now, WatchedEngine& engine, const Relay& relay,
                                 const ResponseReceived& response) {
  if (!relay.is_invite || relay.answered / 100 != 2) return;
  if (response.envelope->to_tag == relay.answered_tag) {
    (void)engine.repeat_response(now, relay.server);
    return;
  }
  (void)pass_back(now, engine, relay, response);
}

void Proxy::on_failed(Instant now, WatchedEngine& engine, std::uint64_t attached, bool timed_out) {
  if (Relay* relay = relay_of_branch(attached))
    conclude(now, engine, *relay, attached, timed_out ? 408 : 503, {});
}

// The branch has had its final response.
void Proxy::conclude(Instant now, WatchedEngine& engine, Relay& relay, std::uint64_t branch,
                     int status, std::string_view tag) {
  std::size_t open = 0;
  for (Branch& each : relay.branches) {
    if (each.attached == branch && each.is_final) return;
    each.is_final = each.is_final || each.attached == branch;
    if (!each.is_final) ++open;
  }
  if (is_better(status, relay.best)) {
    relay.best = status;
    relay.best_tag = tag;
  }
  if (open == 0) answer(now, engine, relay);
}

// Nothing at all for a non-INVITE request that timed out (RFC 4320 section 4.2).
void Proxy::answer(Instant now, WatchedEngine& engine, Relay& relay) {
  if (relay.answered != 0 || engine.find(relay.server) == nullptr) return;
  if (relay.best == 408 && !relay.is_invite) return;
  const int best = relay.best == 503 || relay.best == 0 ? 500 : relay.best;
  const auto responded = engine.respond(
      now, relay.server, {.status = static_cast<std::uint16_t>(best), .to_tag = relay.best_tag});
  if (responded) {
    relay.answered = best;
    relay.answered_tag = relay.best_tag;
  } else if (WatchedEngine::is_shortage(responded.error())) {
    agenda_.plan(now + after_a_shortage, {Plan::answer, relay.server});
  } else {
    relay.best = 500, relay.best_tag.clear();  // what came cannot be passed on
    agenda_.plan(now + after_a_shortage, {Plan::answer, relay.server});
  }
}

void Proxy::on_terminated(WatchedEngine&, std::uint64_t attached) {
  const auto branch = servers_.find(attached);
  const std::uint64_t server = branch == servers_.end() ? attached : branch->second;
  if (branch != servers_.end()) servers_.erase(branch);
  const auto relay = relays_.find(server);
  require(relay != relays_.end(), "the end of an unknown transaction");
  if (--relay->second.alive == 0) relays_.erase(relay);
}

}  // namespace sipring::simulation
