// What an edge proxy decides about a request that a flow has to do with: RFC 5626 section 5.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/route.h>
#include <sipring/core/message/message.h>
#include <sipring/core/outbound/flow_token.h>
#include <sipring/core/received.h>

#include <cstdint>

namespace sipring {

// Whoever it came from has sent it itself: one Via stands in it, before ours is added.
[[nodiscard]] bool is_first_hop(const Message& request);

// Section 5.1: the Path of a REGISTER that this proxy passes on.
enum class PathNeed : std::uint8_t {
  by_policy,        // no reg-id, or we are not the first hop: without "ob"
  with_flow_token,  // a URI of ours with the token and "ob"
};
[[nodiscard]] PathNeed path_need(const Message& registration);

// Section 5.3: a request whose topmost Route is ours.
struct EdgeDecision {
  enum class Kind : std::uint8_t {
    ordinary,  // no flow token: nothing of this section
    outgoing,  // from the one at the end of the flow: it is routed as ever
    incoming,  // to that one: it leaves by the flow and by nothing else
    refuse,    // with `status`
  };
  Kind kind = Kind::ordinary;
  PeerFlow flow = {};        // of the token
  std::uint16_t status = 0;  // 403: changed by somebody; 430: the flow is gone
  // It makes a dialog, in which requests have to find the flow: a Record-Route with the token and
  // without "ob".
  bool record_route = false;
};
// `route` is the topmost one, whose user part is taken for a token where it has one. Whether the
// flow is there still (`is_alive(flow)`) is known to whoever owns it.
template <class IsAlive>
[[nodiscard]] EdgeDecision decide_at_edge(const Message& request, const Route& route,
                                          const Received& received, const FlowTokens& tokens,
                                          IsAlive&& is_alive);

namespace detail {
// All but whether the flow is there.
[[nodiscard]] EdgeDecision read_edge_route(const Message& request, const Route& route,
                                           const Received& received, const FlowTokens& tokens);
}  // namespace detail

template <class IsAlive>
EdgeDecision decide_at_edge(const Message& request, const Route& route, const Received& received,
                            const FlowTokens& tokens, IsAlive&& is_alive) {
  EdgeDecision decision = detail::read_edge_route(request, route, received, tokens);
  if (decision.kind == EdgeDecision::Kind::incoming && !is_alive(decision.flow)) {
    return {.kind = EdgeDecision::Kind::refuse, .flow = decision.flow, .status = 430};
  }
  return decision;
}

}  // namespace sipring
