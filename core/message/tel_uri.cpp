// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/detail/uri_text.h>
#include <sipring/core/message/tel_uri.h>

#include <algorithm>
#include <iterator>

namespace sipring {
namespace {

void skip_separators(std::string_view& digits) {
  while (!digits.empty() && is_visual_separator(digits.front())) digits.remove_prefix(1);
}

// Takes one digit, an escape undone; nullopt at the end.
std::optional<detail::UnescapedOctet> take_digit(std::string_view& digits) {
  skip_separators(digits);
  if (digits.empty()) return std::nullopt;
  const detail::UnescapedOctet digit = detail::UnescapedOctets{digits}.next().folded();
  digits.remove_prefix(detail::escaped_octet(digits) < 0 ? 1 : 3);
  return digit;
}

bool same_digits(std::string_view a, std::string_view b) {
  for (;;) {
    const auto left = take_digit(a);
    if (left != take_digit(b)) return false;
    if (!left) return true;
  }
}

bool is_number(const UriComponent& parameter) {
  const auto is_named = [&](std::string_view name) {
    return same_text_ignoring_case(parameter.name, name);
  };
  if (is_named("ext") || is_named("rn") || is_named("cic")) return true;
  return (is_named("phone-context") || is_named("rn-context") || is_named("cic-context")) &&
         parameter.value.starts_with('+');
}

bool same_tel_parameter(const UriComponent& a, const UriComponent& b) {
  if (a.has_value != b.has_value) return false;
  if (is_number(a) && is_number(b)) return same_digits(a.value, b.value);
  return same_text_ignoring_case(a.value, b.value);
}

std::ptrdiff_t count_of(const UriComponents& parameters) {
  return std::ranges::distance(parameters.begin(), parameters.end());
}

bool same_tel_parameters(const TelUri& a, const TelUri& b) {
  if (count_of(tel_parameters(a)) != count_of(tel_parameters(b))) return false;
  for (const UriComponent& parameter : tel_parameters(a)) {
    const std::optional<UriComponent> other = find(tel_parameters(b), parameter.name);
    if (!other || !same_tel_parameter(parameter, *other)) return false;
  }
  return true;
}

bool is_escape(std::string_view text) {
  return detail::escaped_octet(text) >= 0;
}

// As a user has it: escapes stay, what a user cannot have is escaped.
void add_as_user(TextWriter& out, std::string_view subscriber) {
  while (!subscriber.empty()) {
    const std::size_t size = is_escape(subscriber) ? 3 : 1;
    if (size == 3)
      out << subscriber.substr(0, size);
    else
      detail::add_escaped(out, UriPart::user, subscriber.front());
    subscriber.remove_prefix(size);
  }
}

}  // namespace

std::optional<std::string_view> tel_parameter(const TelUri& tel, std::string_view name) {
  const std::optional<UriComponent> found = find(tel_parameters(tel), name);
  return found ? std::optional{found->value} : std::nullopt;
}

bool has_mandatory_parameter(const TelUri& tel) {
  for (const UriComponent& parameter : tel_parameters(tel))
    if (same_text_ignoring_case(parameter.name.substr(0, 2), "m-")) return true;
  return false;
}

UriText write_digits(const TelUri& tel, std::span<char> room) {
  TextWriter out{room};
  for (std::string_view rest = tel.number;;) {
    skip_separators(rest);
    if (rest.empty()) return detail::text_of(out);
    const int escaped = detail::escaped_octet(rest);
    out << (escaped < 0 ? rest.front() : static_cast<char>(escaped));
    rest.remove_prefix(escaped < 0 ? 1 : 3);
  }
}

bool is_equivalent(const TelUri& a, const TelUri& b) {
  return a.is_global == b.is_global && same_digits(a.number, b.number) && same_tel_parameters(a, b);
}

UriText write_sip_uri(const TelUri& tel, std::string_view host, std::span<char> room) {
  if (!detail::is_host(host)) return std::unexpected(UriError::host);
  TextWriter out{room};
  out << "sip:";
  add_as_user(out, tel.number);
  add_as_user(out, tel.parameters);
  out << '@';
  out << host;
  out << ";user=phone";
  return detail::text_of(out);
}

}  // namespace sipring
