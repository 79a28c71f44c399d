// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/detail/uri_text.h>
#include <sipring/core/message/uri_writer.h>

namespace sipring {
namespace {

// Unreserved octets and those that a part has besides (RFC 3261 section 25.1).
constexpr bool is_plain(char octet, std::string_view besides) {
  const char letter = detail::lower(octet);
  return (letter >= 'a' && letter <= 'z') || (octet >= '0' && octet <= '9') ||
         std::string_view{"-_.!~*'()"}.find(octet) != std::string_view::npos ||
         besides.find(octet) != std::string_view::npos;
}

template <bool fold>
bool same(std::string_view a, std::string_view b) {
  if (a == b) return true;
  detail::UnescapedOctets left{a};
  detail::UnescapedOctets right{b};
  while (!left.at_end() && !right.at_end()) {
    const detail::UnescapedOctet x = left.next();
    const detail::UnescapedOctet y = right.next();
    if (fold ? x.folded() != y.folded() : x != y) return false;
  }
  return left.at_end() && right.at_end();
}

}  // namespace

bool detail::is_plain_in(UriPart part, char octet) {
  const auto number = static_cast<unsigned char>(octet);
  switch (part) {
    case UriPart::user: return is_in_class<user_octet>(number);
    case UriPart::password: return is_plain(octet, "&=+$,");
    case UriPart::parameter: return is_in_class<parameter_octet>(number);
    case UriPart::header: return is_plain(octet, "[]/?:+$");
  }
  return false;
}

std::string_view to_string(UriError error) {
  switch (error) {
    case UriError::escape: return "escape";
    case UriError::no_room: return "no_room";
    case UriError::scheme: return "scheme";
    case UriError::user: return "user";
    case UriError::host: return "host";
    case UriError::parameter: return "parameter";
    case UriError::changed: return "changed";
  }
  return "";
}

UriText unescape(std::string_view text, std::span<char> room) {
  if (text.find('%') == text.npos) return text;
  TextWriter out{room};
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('%'), text.size());
    out << text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const int octet = detail::escaped_octet(text);
    if (octet < 0) return std::unexpected(UriError::escape);
    out << static_cast<char>(octet);
    text.remove_prefix(3);
  }
  return detail::text_of(out);
}

UriText escape(UriPart part, std::string_view octets, std::span<char> room) {
  TextWriter out{room};
  for (const char octet : octets) detail::add_escaped(out, part, octet);
  return detail::text_of(out);
}

bool same_text(std::string_view a, std::string_view b) {
  return same<false>(a, b);
}

bool same_text_ignoring_case(std::string_view a, std::string_view b) {
  return same<true>(a, b);
}

}  // namespace sipring
