// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>

#include <algorithm>

namespace sipring {
namespace {

template <auto parse_element>
bool is_list(std::string_view value) {
  for (const auto& element : elements<parse_element>(value))
    if (!strictly_where_noted(element)) return false;
  return true;
}

bool is_one_address(std::string_view value) {
  const Parsed<Address> address = strictly_where_noted(parse_address(value));
  return address && address->length == value.size();
}

}  // namespace

bool is_well_formed(HeaderId header, std::string_view value) {
  switch (header) {
    case HeaderId::via: return is_list<parse_via>(value);
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::refer_to:
    case HeaderId::referred_by:
    case HeaderId::reply_to: return is_one_address(value);
    case HeaderId::contact: return is_wildcard(value) || is_list<parse_address>(value);
    case HeaderId::route:
    case HeaderId::record_route:
    case HeaderId::path:
    case HeaderId::service_route: return is_list<parse_address>(value);
    case HeaderId::cseq: return strictly_where_noted(parse_cseq(value)).has_value();
    case HeaderId::call_id: return strictly_where_noted(parse_call_id(value)).has_value();
    case HeaderId::max_forwards: return parse_max_forwards(value).has_value();
    case HeaderId::content_length: return parse_content_length(value).has_value();
    case HeaderId::expires:
    case HeaderId::min_expires: return parse_expires(value).has_value();
    default: return true;
  }
}

bool is_line_text(std::string_view text) {
  return std::ranges::none_of(text, [](char octet) {
    const auto number = static_cast<unsigned char>(octet);
    return (number < 0x20 && octet != '\t') || number == 0x7f;
  });
}

BuildProblem line_problem(std::string_view text) {
  const bool breaks = text.find_first_of("\r\n") != std::string_view::npos;
  return breaks ? BuildProblem::line_break : BuildProblem::malformed;
}

bool is_token_text(std::string_view text) {
  return !text.empty() && detail::is_all<detail::token_octet>(text);
}

bool is_single(HeaderId header) {
  constexpr HeaderId single[] = {
      HeaderId::call_id,      HeaderId::content_disposition,
      HeaderId::content_type, HeaderId::cseq,
      HeaderId::date,         HeaderId::event,
      HeaderId::expires,      HeaderId::from,
      HeaderId::max_forwards, HeaderId::min_expires,
      HeaderId::mime_version, HeaderId::organization,
      HeaderId::priority,     HeaderId::rack,
      HeaderId::refer_to,     HeaderId::reply_to,
      HeaderId::retry_after,  HeaderId::rseq,
      HeaderId::server,       HeaderId::session_expires,
      HeaderId::subject,      HeaderId::subscription_state,
      HeaderId::timestamp,    HeaderId::to,
      HeaderId::user_agent,
  };
  return std::ranges::find(single, header) != std::end(single);
}

}  // namespace sipring
