// Requests that follow from others: CANCEL (RFC 3261 section 9.1), ACK (section 17.1.1.3), and the
// client's requests within a dialog (sections 12.1.2, 12.2.1.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/companion.h>
#include <sipring/core/message/detail/route_set.h>
#include <sipring/core/message/request_builder.h>

namespace sipring {
RequestBuilder& RequestBuilder::start_companion(Method method, const Message& invite) {
  const detail::CompanionParts parts = detail::companion_parts(invite);
  start(method, invite.request_uri());
  if (!parts.via) return fail(BuildProblem::malformed, HeaderId::via);
  if (!parts.cseq) return fail(BuildProblem::malformed, HeaderId::cseq);
  struct Lines {
    RequestBuilder& builder;
    HeaderList& headers;
    void via(std::string_view text) { builder.via(text); }
    void max_forwards(std::uint32_t hops) { builder.max_forwards(hops); }
    void copy(const Message& message, std::uint32_t index) { headers.copy(message, index); }
    void cseq(std::uint32_t number) { builder.cseq(number); }
  };
  detail::put_companion(Lines{*this, headers_}, method, invite, parts);
  return *this;
}

RequestBuilder& RequestBuilder::start_cancel(const Message& invite) {
  return start_companion(Method::cancel, invite);
}

RequestBuilder& RequestBuilder::start_ack(const Message& invite, const Message& response) {
  return start_companion(Method::ack, invite).copy(response, HeaderId::to);
}

RequestBuilder& RequestBuilder::start_in_dialog(Method method, const Message& response,
                                                std::uint32_t cseq) {
  const Parsed<Address> contact = parse_address(response.first(HeaderId::contact).value_or(""));
  RouteSet routes;
  const bool is_read = routes.read(response, RouteSet::Order::reversed);
  if (!contact || !is_read) {
    clear();
    const bool is_full = routes.size() == RouteSet::capacity;
    return !contact ? fail(BuildProblem::missing, HeaderId::contact)
                    : fail(is_full ? BuildProblem::too_many_headers : BuildProblem::malformed,
                           HeaderId::record_route);
  }
  // A strict router finds itself in the Request-URI, and the remote target at the end of the route.
  const bool strict = !routes.strict_uri().empty();
  start(method, strict ? routes.strict_uri() : contact->uri.text).max_forwards(70);
  for (std::uint32_t i = strict ? 1 : 0; i < routes.size(); ++i)
    headers_.append_received(HeaderId::route, routes[i]);
  Uri target;
  target.text = contact->uri.text;
  if (strict) route(target);
  copy(response, HeaderId::from).copy(response, HeaderId::to);
  return copy(response, HeaderId::call_id).cseq(cseq);
}

}  // namespace sipring
