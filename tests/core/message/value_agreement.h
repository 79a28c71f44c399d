// A value read with accelerators beside the same value read by its grammar alone. Used by the tests
// and by the fuzz targets, so it answers with a text and needs no GoogleTest.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/detail/plain.h>

#include <string_view>

namespace sipring::testing {

// The same octets in the same place, unless both are empty.
inline bool same_view(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || a.data() == b.data());
}

// Each names the member that differs; empty when there is none.
inline std::string_view difference(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return "scheme";
  if (!same_view(a.text, b.text)) return "text";
  if (!same_view(a.user, b.user)) return "user";
  if (!same_view(a.password, b.password)) return "password";
  if (!same_view(a.host, b.host)) return "host";
  if (a.port != b.port) return "port";
  if (!same_view(a.parameters, b.parameters)) return "parameters of the URI";
  if (!same_view(a.headers, b.headers)) return "headers";
  if (a.forgiven != b.forgiven) return "what is forgiven in the URI";
  return {};
}

inline std::string_view difference(const Address& a, const Address& b) {
  if (!same_view(a.display_name, b.display_name)) return "display_name";
  if (!same_view(a.tag, b.tag)) return "tag";
  if (!same_view(a.parameters, b.parameters)) return "parameters";
  if (a.bracketed != b.bracketed) return "bracketed";
  if (a.length != b.length) return "length";
  return difference(a.uri, b.uri);
}

inline std::string_view difference(const Via& a, const Via& b) {
  if (!same_view(a.transport, b.transport)) return "transport";
  if (!same_view(a.host, b.host) || a.port != b.port) return "sent-by";
  if (!same_view(a.branch, b.branch)) return "branch";
  if (!same_view(a.received, b.received)) return "received";
  if (!same_view(a.maddr, b.maddr)) return "maddr";
  if (a.has_rport != b.has_rport || a.rport != b.rport) return "rport";
  if (!same_view(a.parameters, b.parameters)) return "parameters";
  if (a.forgiven != b.forgiven) return "what is forgiven in the Via";
  return same_view(a.text, b.text) && a.length == b.length ? "" : "text";
}

inline std::string_view difference(const CSeq& a, const CSeq& b) {
  return a.number == b.number && same_view(a.method_name, b.method_name) ? "" : "CSeq";
}

template <class T>
std::string_view difference(const Parsed<T>& a, const Parsed<T>& b) {
  if (a.has_value() != b.has_value()) return "one refuses";
  if (!a) return a.error() == b.error() ? "" : "error";
  return difference(*a, *b);
}

inline std::string_view uri_disagreement(std::string_view text) {
  return difference(parse_uri(text), detail::parse_uri_plain(text));
}

// An address whose URI the plain grammar reads as well.
inline Parsed<Address> parse_address_plain(std::string_view value) {
  Parsed<Address> address = detail::parse_address_without_uri_plain(value);
  if (!address) return address;
  const Parsed<Uri> uri = detail::parse_uri_plain(address->uri.text);
  if (uri) {
    address->uri = *uri;
    return address;
  }
  const auto offset = static_cast<std::uint32_t>(address->uri.text.data() - value.data());
  return std::unexpected(ParseError{uri.error().code, offset + uri.error().offset});
}

inline std::string_view address_disagreement(std::string_view value) {
  const std::string_view found =
      difference(parse_address_without_uri(value), detail::parse_address_without_uri_plain(value));
  return found.empty() ? difference(parse_address(value), parse_address_plain(value)) : found;
}

// What is taken as ordinary is what the grammar reads.
inline std::string_view via_disagreement(std::string_view value) {
  const Parsed<Via> plain = detail::parse_via_plain(value);
  Via ordinary;
  if (detail::take_ordinary_via(value, ordinary)) {
    if (!plain) return "the ordinary form takes what the grammar refuses";
    if (const std::string_view found = difference(ordinary, *plain); !found.empty()) return found;
  }
  return difference(parse_via(value), plain);
}

inline std::string_view cseq_disagreement(std::string_view value) {
  return difference(parse_cseq(value), detail::parse_cseq_plain(value));
}

}  // namespace sipring::testing
