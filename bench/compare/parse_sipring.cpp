// Ours. The message object is made once, as a shard does.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/elements.h>

#include <memory_resource>

#include "../parse_depths.h"
#include "peer.h"

namespace {

using namespace sipring;

static_assert(readable_padding <= 64);

Message& message() {
  static Message one{128, *std::pmr::new_delete_resource()};
  return one;
}

void state_address(compare::Facts& facts, std::string_view kind, HeaderId id) {
  for (const Parsed<Address>& address : elements<parse_address>(message(), id))
    facts.add(kind, address->uri.user, address->uri.host, address->uri.port, address->tag);
}

std::uint64_t number_of(HeaderId id, Parsed<std::uint32_t> (*parse_number)(std::string_view)) {
  const auto value = message().first(id);
  return value ? parse_number(*value).value() : 0;
}

}  // namespace

bool compare::parse(std::string_view text, Depth depth) {
  return bench::read_at(static_cast<bench::Depth>(depth), text, message());
}

bool compare::state_facts(std::string_view text, Facts& facts) {
  if (!parse(text, Depth::full)) return false;
  if (message().is_request()) {
    const Uri uri = *parse_uri(message().request_uri());
    facts.add("method", message().method_name());
    facts.add("uri", uri.user, uri.host, uri.port);
  } else {
    facts.add("status", static_cast<std::uint64_t>(message().status()));
  }
  for (const Parsed<Via>& via : elements<parse_via>(message(), HeaderId::via))
    facts.add("via", via->host, via->port, via->branch, via->received);
  state_address(facts, "from", HeaderId::from);
  state_address(facts, "to", HeaderId::to);
  state_address(facts, "contact", HeaderId::contact);
  state_address(facts, "route", HeaderId::route);
  state_address(facts, "record-route", HeaderId::record_route);
  facts.add("call-id", *message().first(HeaderId::call_id));
  const CSeq cseq = *parse_cseq(*message().first(HeaderId::cseq));
  facts.add("cseq", cseq.number, cseq.method_name);
  facts.add("max-forwards", number_of(HeaderId::max_forwards, parse_max_forwards));
  facts.add("content-length", number_of(HeaderId::content_length, parse_content_length));
  return true;
}
