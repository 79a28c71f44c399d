// r-value of Resource-Priority and Accept-Resource-Priority, up to the comma before the next (RFC 4412 sections 3.1, 3.2).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/resource_priority.h>

namespace sipring {
namespace {

using detail::text_from;

%%{
  machine resource_priority;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action name_space { resource.name_space = text_from(begin, p); }
  action priority { resource.priority = text_from(begin, p); }
  action comma { comma = p; fbreak; }

  token_nodot = ( tchar - "." )+;
  main := SWS token_nodot >begin %name_space "." token_nodot >begin %priority SWS ( "," @comma )?;

  write data noerror noentry;
}%%

template <class Resource>
Parsed<Resource> read(std::string_view value) {
  const unsigned char* const first = detail::octets(value.data());
  const unsigned char* p = first;
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* comma = nullptr;
  int cs = resource_priority_start;
  Resource resource;

  %% write exec;

  if (cs < resource_priority_first_final)
    return detail::refusal(ParseErrorCode::field_value, static_cast<std::size_t>(p - first));
  resource.length = static_cast<std::uint32_t>((comma == nullptr ? pe : comma) - first);
  return resource;
}

}  // namespace

Parsed<ResourcePriority> parse_resource_priority(std::string_view value) {
  return read<ResourcePriority>(value);
}

Parsed<AcceptedPriority> parse_accept_resource_priority(std::string_view value) {
  return read<AcceptedPriority>(value);
}

}  // namespace sipring
