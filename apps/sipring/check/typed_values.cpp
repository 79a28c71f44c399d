// SPDX-License-Identifier: MIT
#include <check/typed_values.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/uri.h>

#include <string>
#include <utility>

namespace sipring {
namespace {

// What is empty or zero is absent.
void put(TypedValue& typed, const char* name, std::string_view value) {
  if (!value.empty()) typed.emplace_back(name, value);
}
void put(TypedValue& typed, const char* name, std::uint32_t number) {
  if (number != 0) typed.emplace_back(name, std::to_string(number));
}

TypedValue type_uri(const Uri& uri) {
  TypedValue typed;
  put(typed, "scheme", scheme_name(uri));
  put(typed, "user", uri.user);
  put(typed, "host", uri.host);
  put(typed, "port", uri.port);
  put(typed, "uri-parameters", uri.parameters);
  put(typed, "uri-headers", uri.headers);
  return typed;
}

Parsed<TypedValue> type_via(std::string_view value, std::uint32_t& length) {
  const Parsed<Via> via = parse_via(value);
  if (!via) return std::unexpected(via.error());
  length = via->length;
  TypedValue typed;
  put(typed, "transport", via->transport);
  put(typed, "host", via->host);
  put(typed, "port", via->port);
  put(typed, "branch", via->branch);
  put(typed, "received", via->received);
  put(typed, "maddr", via->maddr);
  if (via->has_rport)
    typed.emplace_back("rport", via->rport ? std::to_string(via->rport) : "asked");
  return typed;
}

Parsed<TypedValue> type_address(std::string_view value, std::uint32_t& length) {
  const Parsed<Address> address = parse_address(value);
  if (!address) return std::unexpected(address.error());
  length = address->length;
  TypedValue typed;
  put(typed, "name", address->display_name);
  for (auto& part : type_uri(address->uri)) typed.push_back(std::move(part));
  put(typed, "tag", address->tag);
  put(typed, "parameters", address->parameters);
  return typed;
}

// Elements with commas between them.
template <class TypeElement>
TypedField type_list(std::string_view value, TypeElement&& type_element) {
  TypedField field;
  for (std::size_t begin = 0;;) {
    std::uint32_t length = 0;
    Parsed<TypedValue> typed = type_element(value.substr(begin), length);
    if (!typed) {
      field.error = typed.error();
      field.error->offset += static_cast<std::uint32_t>(begin);
      return field;
    }
    field.elements.push_back(std::move(*typed));
    begin += length;
    if (begin >= value.size()) return field;
    begin = value.find_first_not_of(" \t\r\n", begin + 1);
    if (begin == std::string_view::npos) begin = value.size();
  }
}

// One element, to the end of the value.
TypedField type_single_address(std::string_view value) {
  TypedField field = type_list(value, type_address);
  if (field.elements.size() > 1) {
    field.error = ParseError{ParseErrorCode::address, parse_address(value)->length};
  }
  return field;
}

TypedField type_number(const char* name, const Parsed<std::uint32_t>& number) {
  if (!number) return {{}, number.error()};
  return {{{{name, std::to_string(*number)}}}, {}};
}

TypedField type_cseq(std::string_view value) {
  const Parsed<CSeq> cseq = parse_cseq(value);
  if (!cseq) return {{}, cseq.error()};
  return {{{{"number", std::to_string(cseq->number)}, {"method", std::string(cseq->method_name)}}},
          {}};
}

TypedField type_call_id(std::string_view value) {
  const Parsed<std::string_view> call_id = parse_call_id(value);
  if (!call_id) return {{}, call_id.error()};
  return {};
}

}  // namespace

Parsed<TypedValue> type_uri(std::string_view text) {
  const Parsed<Uri> uri = parse_uri(text);
  if (!uri) return std::unexpected(uri.error());
  return type_uri(*uri);
}

TypedField type_field(HeaderId id, std::string_view value) {
  switch (id) {
    case HeaderId::via: return type_list(value, type_via);
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::reply_to:
    case HeaderId::refer_to:
    case HeaderId::referred_by: return type_single_address(value);
    case HeaderId::contact:
      if (is_wildcard(value)) return {};
      return type_list(value, type_address);
    case HeaderId::route:
    case HeaderId::record_route:
    case HeaderId::path:
    case HeaderId::service_route:
    case HeaderId::p_asserted_identity: return type_list(value, type_address);
    case HeaderId::cseq: return type_cseq(value);
    case HeaderId::call_id: return type_call_id(value);
    case HeaderId::max_forwards: return type_number("number", parse_max_forwards(value));
    case HeaderId::content_length: return type_number("octets", parse_content_length(value));
    case HeaderId::expires:
    case HeaderId::min_expires: return type_number("seconds", parse_expires(value));
    default: return {};
  }
}

}  // namespace sipring
