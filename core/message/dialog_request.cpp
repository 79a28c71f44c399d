// Requests that follow from others: CANCEL (RFC 3261 section 9.1), ACK (section 17.1.1.3), and the
// client's requests within a dialog (sections 12.1.2, 12.2.1.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/companion.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/request_builder.h>
#include <sipring/pools/trimmed.h>

#include <algorithm>
#include <array>
#include <optional>

namespace sipring {
namespace {

// The route set in the order in which a client uses it.
struct RouteSet {
  static constexpr std::uint32_t capacity = 64;
  std::array<Address, capacity> routes;
  std::array<std::string_view, capacity> texts;
  std::uint32_t size = 0;
};

// Section 12.1.2: the Record-Routes of the response in reverse order.
std::optional<BuildProblem> read_route_set(const Message& response, RouteSet& set) {
  const auto list = elements<parse_address>(response, HeaderId::record_route);
  for (auto i = list.begin(); i != list.end(); ++i) {
    if (!*i) return BuildProblem::malformed;
    if (set.size == RouteSet::capacity) return BuildProblem::too_many_headers;
    const std::string_view value = response.header(i.header_index()).value;
    set.routes[set.size] = **i;
    set.texts[set.size++] = trimmed(value.substr(i.offset(), (*i)->length));
  }
  std::reverse(set.routes.begin(), set.routes.begin() + set.size);
  std::reverse(set.texts.begin(), set.texts.begin() + set.size);
  return std::nullopt;
}

bool is_loose(const Address& route) {
  return parameter(route.uri.parameters, "lr").has_value();
}

}  // namespace

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
  RouteSet set;
  const std::optional<BuildProblem> problem = read_route_set(response, set);
  const bool strict = set.size != 0 && !is_loose(set.routes[0]);
  if (!contact || problem) {
    clear();
    return !contact ? fail(BuildProblem::missing, HeaderId::contact)
                    : fail(*problem, HeaderId::record_route);
  }
  // A strict router finds itself in the Request-URI, and the remote target at the end of the route.
  start(method, strict ? set.routes[0].uri.text : contact->uri.text).max_forwards(70);
  for (std::uint32_t i = strict ? 1 : 0; i < set.size; ++i)
    headers_.append_received(HeaderId::route, set.texts[i]);
  Uri target;
  target.text = contact->uri.text;
  if (strict) route(target);
  copy(response, HeaderId::from).copy(response, HeaderId::to);
  return copy(response, HeaderId::call_id).cseq(cseq);
}

}  // namespace sipring
