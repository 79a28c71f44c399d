// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/registry.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>

#include <array>
#include <cstddef>

namespace sipring {
namespace {

template <class Value>
void add_forgiven(Forgiven& forgiven, const Value& value, std::size_t offset) {
  if constexpr (requires { value.forgiven; }) forgiven.add(value.forgiven, offset);
}

// The value is one element: a comma behind it would make it two.
template <auto parse_value>
HeaderVerdict one(std::string_view value) {
  const auto parsed = parse_value(value);
  if (!parsed) return {parsed.error(), {}};
  HeaderVerdict verdict;
  if constexpr (requires { parsed->length; })
    if (parsed->length < value.size())
      verdict.error = {ParseErrorCode::repeated_header, parsed->length};
  add_forgiven(verdict.forgiven, *parsed, 0);
  return verdict;
}

template <auto parse_element>
HeaderVerdict list(std::string_view value) {
  HeaderVerdict verdict;
  const Elements<parse_element> all(value);
  auto element = all.begin();
  for (; element != all.end(); ++element) {
    if (!*element) return {element->error(), verdict.forgiven};
    add_forgiven(verdict.forgiven, **element, element.offset());
  }
  verdict.forgiven.add(element.forgiven(), 0);
  return verdict;
}

HeaderVerdict contacts(std::string_view value) {
  return is_wildcard(value) ? HeaderVerdict{} : list<parse_address>(value);
}

struct Row {
  HeaderId id;
  HeaderCheck check;
};

constexpr Row rows[] = {
    {HeaderId::call_id, one<parse_call_id>},
    {HeaderId::contact, contacts},
    {HeaderId::content_length, one<parse_content_length>},
    {HeaderId::cseq, one<parse_cseq>},
    {HeaderId::expires, one<parse_expires>},
    {HeaderId::from, one<parse_address>},
    {HeaderId::max_forwards, one<parse_max_forwards>},
    {HeaderId::min_expires, one<parse_expires>},
    {HeaderId::p_asserted_identity, list<parse_address>},
    {HeaderId::p_preferred_identity, list<parse_address>},
    {HeaderId::path, list<parse_address>},
    {HeaderId::record_route, list<parse_address>},
    {HeaderId::refer_to, one<parse_address>},
    {HeaderId::referred_by, one<parse_address>},
    {HeaderId::reply_to, one<parse_address>},
    {HeaderId::route, list<parse_address>},
    {HeaderId::service_route, list<parse_address>},
    {HeaderId::to, one<parse_address>},
    {HeaderId::via, list<parse_via>},
};

constexpr std::array checks = [] {
  std::array<HeaderCheck, 256> table{};
  for (const Row& row : rows) table[static_cast<std::size_t>(row.id)] = row.check;
  return table;
}();

}  // namespace

HeaderCheck header_check(HeaderId id) {
  return checks[static_cast<std::size_t>(id)];
}

}  // namespace sipring
