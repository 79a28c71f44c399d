// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/edge.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/via.h>

#include <string_view>

namespace sipring {
namespace {

bool has_reg_id(const Message& request) {
  for (const Parsed<Contact>& contact : elements<parse_contact>(request, HeaderId::contact)) {
    if (contact && contact->reg_id != 0) return true;
  }
  return false;
}

// Outside of one, a request of a method that makes one (RFC 3261 section 12.1, RFC 6665, RFC 3515).
bool makes_dialog(const Message& request) {
  const Method method = request.method();
  const bool may =
      method == Method::invite || method == Method::subscribe || method == Method::refer;
  const auto value = request.first(HeaderId::to);
  const auto to = value ? parse_address(*value) : Parsed<Address>(std::unexpected(ParseError{}));
  return may && to && to->tag.empty();
}

// RFC 5626 section 5.3.2: the client asks for help by the "ob" of its Contact.
bool contact_asks_for_it(const Message& request) {
  const auto value = request.first(HeaderId::contact);
  const auto contact =
      value ? parse_contact(*value) : Parsed<Contact>(std::unexpected(ParseError{}));
  return contact && contact->outbound;
}

}  // namespace

bool is_first_hop(const Message& request) {
  int vias = 0;
  for (const Parsed<Via>& via : elements<parse_via>(request, HeaderId::via)) {
    (void)via;
    if (++vias > 1) return false;
  }
  return vias == 1;
}

PathNeed path_need(const Message& registration) {
  return is_first_hop(registration) && has_reg_id(registration) ? PathNeed::with_flow_token
                                                                : PathNeed::by_policy;
}

EdgeDecision detail::read_edge_route(const Message& request, const Route& route,
                                     const Received& received, const FlowTokens& tokens) {
  using Kind = EdgeDecision::Kind;
  if (route.uri.user.empty()) return {};
  const auto flow = tokens.read(route.uri.user);
  if (!flow) return {.kind = Kind::refuse, .flow = {}, .status = status_of(flow.error())};
  const bool is_outgoing = flow->peer == received.source;
  const bool wants_help = route.outbound || (is_outgoing && contact_asks_for_it(request));
  return {.kind = is_outgoing ? Kind::outgoing : Kind::incoming,
          .flow = *flow,
          .record_route = wants_help && makes_dialog(request)};
}

}  // namespace sipring
