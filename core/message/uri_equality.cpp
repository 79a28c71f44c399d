// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/tel_uri.h>
#include <sipring/core/message/uri_equality.h>
#include <sipring/core/message/uri_parts.h>
#include <sipring/core/message/uri_writer.h>
#include <sipring/core/network_address.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace sipring {
namespace {

constexpr std::size_t most_components = 64;

// The components of one part, taken apart once.
class Components {
 public:
  explicit Components(const UriComponents& components) {
    for (const UriComponent& component : components) {
      if (size_ == most_components) too_many_ = true;
      if (too_many_) return;
      all_[size_++] = component;
    }
  }
  [[nodiscard]] bool too_many() const { return too_many_; }
  [[nodiscard]] std::span<const UriComponent> all() const { return {all_.data(), size_}; }
  [[nodiscard]] const UriComponent* find(std::string_view name) const {
    for (const UriComponent& component : all())
      if (same_text_ignoring_case(component.name, name)) return &component;
    return nullptr;
  }

 private:
  std::array<UriComponent, most_components> all_;
  std::size_t size_ = 0;
  bool too_many_ = false;
};

bool is_absent(std::string_view part) {
  return part.data() == nullptr;
}

bool same_userinfo(std::string_view a, std::string_view b) {
  return is_absent(a) == is_absent(b) && same_text(a, b);
}

bool same_host(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::optional<IpAddress> address = parse_ip_address(a);
  if (address) return address == parse_ip_address(b);
  return same_text_ignoring_case(a, b);
}

bool is_named(const UriComponent& parameter, std::string_view name) {
  return same_text_ignoring_case(parameter.name, name);
}

// Whether it makes a difference to be there.
bool is_significant(const UriComponent& parameter) {
  return std::ranges::any_of(
      std::to_array<std::string_view>({"user", "ttl", "method", "maddr", "transport"}),
      [&](std::string_view name) { return is_named(parameter, name); });
}

bool same_parameter(const UriComponent& a, const UriComponent& b) {
  if (a.has_value != b.has_value) return false;
  if (is_named(a, "method")) return same_text(a.value, b.value);
  if (is_named(a, "maddr")) return same_host(a.value, b.value);
  return same_text_ignoring_case(a.value, b.value);
}

// All that `a` has, `b` has alike or need not have.
bool is_matched(const Components& a, const Components& b) {
  return std::ranges::all_of(a.all(), [&](const UriComponent& parameter) {
    if (a.find(parameter.name) != &parameter) return true;  // the first of a name counts
    const UriComponent* const other = b.find(parameter.name);
    return other == nullptr ? !is_significant(parameter) : same_parameter(parameter, *other);
  });
}

bool same_parameters(const Uri& a, const Uri& b) {
  if (a.parameters == b.parameters) return true;
  const Components left{uri_parameters(a)};
  const Components right{uri_parameters(b)};
  return !left.too_many() && !right.too_many() && is_matched(left, right) &&
         is_matched(right, left);
}

HeaderId header_id_of(std::string_view name) {
  std::array<char, 64> room;  // longer than any name in the list
  return header_id_from(unescape(name, room).value_or(""));
}

// Where letter case does not count.
enum class Folding : std::uint8_t { nowhere, outside_quotes, behind_at };

Folding folding_of(HeaderId id, const UriComponent& header) {
  switch (id) {
    case HeaderId::call_id: return Folding::nowhere;
    case HeaderId::to:
    case HeaderId::from:
    case HeaderId::contact:
    case HeaderId::reply_to:
    case HeaderId::refer_to:
    case HeaderId::referred_by:
    case HeaderId::route:
    case HeaderId::record_route: return Folding::behind_at;
    default: return is_named(header, "body") ? Folding::nowhere : Folding::outside_quotes;
  }
}

// What has been read of a value decides whether the case of the next octet counts.
class CaseRule {
 public:
  CaseRule(Folding folding, std::string_view value)
      : folds_(folding == Folding::outside_quotes ||
               (folding == Folding::behind_at && !has_at(value))),
        folding_(folding) {}
  [[nodiscard]] bool folds() const { return folds_ && !quoted_; }
  void read(char octet) {
    if (folding_ == Folding::behind_at && octet == '@') folds_ = true;
    if (octet == '"' && !behind_backslash_) quoted_ = !quoted_;
    behind_backslash_ = octet == '\\' && quoted_ && !behind_backslash_;
  }

 private:
  static bool has_at(std::string_view value) {
    for (detail::UnescapedOctets octets{value}; !octets.at_end();)
      if (octets.next().octet == '@') return true;
    return false;
  }

  bool folds_;
  Folding folding_;
  bool quoted_ = false;
  bool behind_backslash_ = false;
};

bool same_header_value(Folding folding, std::string_view a, std::string_view b) {
  if (a == b) return true;
  CaseRule rule{folding, a};
  detail::UnescapedOctets left{a};
  detail::UnescapedOctets right{b};
  while (!left.at_end() && !right.at_end()) {
    const detail::UnescapedOctet x = left.next();
    const detail::UnescapedOctet y = right.next();
    if (rule.folds() ? x.folded() != y.folded() : x != y) return false;
    rule.read(x.octet);
  }
  return left.at_end() && right.at_end();
}

bool same_header(const UriComponent& a, const UriComponent& b) {
  const HeaderId id = header_id_of(a.name);
  if (id != header_id_of(b.name)) return false;
  if (id == HeaderId::extension && !is_named(a, b.name)) return false;
  return same_header_value(folding_of(id, a), a.value, b.value);
}

std::ptrdiff_t count_of(const UriComponent& header, const Components& headers) {
  return std::ranges::count_if(
      headers.all(), [&](const UriComponent& other) { return same_header(header, other); });
}

// The same ones, each as often, in any order.
bool same_headers(const Uri& a, const Uri& b) {
  if (a.headers == b.headers) return true;
  const Components left{uri_headers(a)};
  const Components right{uri_headers(b)};
  if (left.too_many() || right.too_many() || left.all().size() != right.all().size()) return false;
  return std::ranges::all_of(left.all(), [&](const UriComponent& header) {
    return count_of(header, left) == count_of(header, right);
  });
}

bool is_same_sip(const Uri& a, const Uri& b) {
  return a.port == b.port && same_userinfo(a.user, b.user) &&
         same_userinfo(a.password, b.password) && same_host(a.host, b.host) &&
         same_parameters(a, b) && same_headers(a, b);
}

bool is_same_tel(const Uri& a, const Uri& b) {
  const Parsed<TelUri> left = parse_tel_uri(a.text);
  const Parsed<TelUri> right = parse_tel_uri(b.text);
  return left && right && is_equivalent(*left, *right);
}

bool is_same_text(const Uri& a, const Uri& b) {
  const std::string_view scheme = scheme_name(a);
  return same_text_ignoring_case(scheme, scheme_name(b)) &&
         a.text.substr(scheme.size()) == b.text.substr(scheme.size());
}

}  // namespace

bool is_equivalent(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  if (a.text == b.text) return true;
  switch (a.scheme) {
    case Uri::Scheme::sip:
    case Uri::Scheme::sips: return is_same_sip(a, b);
    case Uri::Scheme::tel: return is_same_tel(a, b);
    case Uri::Scheme::other: return is_same_text(a, b);
  }
  return false;
}

}  // namespace sipring
