// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/network_address.h>

#include <cstddef>
#include <optional>

namespace sipring::detail {
namespace {

constexpr std::ptrdiff_t shortest = run_vector;  // less is left to the grammar: skip() may be wide

template <class Word>
bool starts_with(const unsigned char* at, const unsigned char* end, Word word) {
  return end - at >= static_cast<std::ptrdiff_t>(sizeof word) &&
         load<Word>(reinterpret_cast<const char*>(at)) == word;
}

// All parameters from a ";" to the end, each plain and accepted by `take`.
template <class Take>
bool take_all_parameters(const unsigned char* at, const unsigned char* end, Take&& take) {
  while (at != end) {
    if (*at != ';') return false;
    RawParameter parameter;
    at = parameter.take_plain(at + 1, end, true);
    if (at == nullptr || !take(parameter)) return false;
  }
  return true;
}

// "rport", or "rport=" and a port.
bool take_rport(Via& via, const RawParameter& parameter) {
  if (via.has_rport) return false;
  via.has_rport = true;
  via.rport_text = parameter.text();
  if (!parameter.has_value()) return true;
  const std::string_view value = parameter.value();
  const unsigned char* at = octets(value.data());
  const unsigned char* const end = at + value.size();
  const std::uint64_t number = read_number(at, end, 65536);
  if (at != end || value.empty() || number == 0 || number > 65535) return false;
  via.rport = static_cast<std::uint16_t>(number);
  return true;
}

// An IPv4 address.
bool take_received(Via& via, const RawParameter& parameter) {
  if (!via.received.empty() || !parameter.has_value()) return false;
  via.received = parameter.value();
  const auto ip = parse_ip_address(via.received);
  return ip && ip->family == IpAddress::Family::v4;
}

// What has rules of its own beyond these is left to the grammar.
bool take_via_parameter(Via& via, const RawParameter& parameter) {
  const std::string_view name = parameter.name();
  switch (name.size()) {
    case 5:
      if (same_token(name, "maddr")) return false;
      return !same_token(name, "rport") || take_rport(via, parameter);
    case 6:
      if (!same_token(name, "branch")) return true;
      if (!via.branch.empty() || !parameter.has_value()) return false;
      via.branch = parameter.value();
      return true;
    case 8: return !same_token(name, "received") || take_received(via, parameter);
    default: return true;
  }
}

bool take_tag(std::string_view& tag, const RawParameter& parameter) {
  if (parameter.name().size() != 3 || !same_token(parameter.name(), "tag")) return true;
  if (!tag.empty() || !parameter.has_value()) return false;
  tag = parameter.value();
  return true;
}

// ":" and a port; `at` moves behind it.
bool take_port(const unsigned char*& at, const unsigned char* end, std::uint16_t& port) {
  const unsigned char* const digits = ++at;
  const std::uint64_t number = read_number(at, end, 65536);
  if (at == digits || number == 0 || number > 65535) return false;
  port = static_cast<std::uint16_t>(number);
  return true;
}

// The "<" behind a display name, or null.
const unsigned char* find_bracket(const unsigned char* at, const unsigned char* end) {
  if (*at == '"') {
    at = skip<quoted_octet>(at + 1, end, true);
    if (end - at < 3 || *at != '"') return nullptr;
    ++at;
    at += *at == ' ' ? 1 : 0;
    return *at == '<' ? at : nullptr;
  }
  for (; at != end; ++at) {
    if (*at == '<') return at;
    const unsigned char* const word = at;
    at = skip<token_octet>(at, end, true);
    if (at == end || at == word) return nullptr;
    if (*at == '<') return at;
    if (*at != ' ') return nullptr;
  }
  return nullptr;
}

}  // namespace

bool take_ordinary_via(std::string_view value, Via& via) {
  if (static_cast<std::ptrdiff_t>(value.size()) < shortest) return false;
  if (load<std::uint64_t>(value.data()) != word_of<std::uint64_t>("SIP/2.0/")) return false;
  via = {};
  const unsigned char* const end = octets(value.data()) + value.size();
  const unsigned char* const transport = octets(value.data()) + 8;
  const bool is_udp = load<std::uint32_t>(value.data() + 8) == word_of<std::uint32_t>("UDP ");
  const unsigned char* const host =
      is_udp ? transport + 4 : skip<token_octet>(transport, end, true) + 1;
  if (host - 1 == transport || host >= end || host[-1] != ' ') return false;
  const unsigned char* at = skip<host_octet>(host, end, true);
  if (at == host) return false;
  via.transport = text_from(transport, host - 1);
  via.host = text_from(host, at);
  if (at != end && *at == ':' && !take_port(at, end, via.port)) return false;
  if (at != end) via.parameters = text_from(at, end);
  via.text = value;
  via.length = static_cast<std::uint32_t>(value.size());
  if (starts_with<std::uint64_t>(at, end, word_of<std::uint64_t>(";branch="))) {
    const unsigned char* const branch = at + 8;
    at = skip<token_octet>(branch, end, true);
    via.branch = text_from(branch, at);
    if (at == branch) return false;
  }
  return take_all_parameters(
      at, end, [&](const RawParameter& parameter) { return take_via_parameter(via, parameter); });
}

bool take_ordinary_tag(std::string_view value, std::string_view& tag) {
  if (static_cast<std::ptrdiff_t>(value.size()) < shortest) return false;
  tag = {};
  const unsigned char* const end = octets(value.data()) + value.size();
  const unsigned char* const bracket = find_bracket(octets(value.data()), end);
  if (bracket == nullptr) return false;
  const unsigned char* const uri_end = skip<uri_octet>(bracket + 1, end, true);
  if (uri_end == bracket + 1 || uri_end == end || *uri_end != '>') return false;
  const unsigned char* at = uri_end + 1;
  if (starts_with<std::uint32_t>(at, end, word_of<std::uint32_t>(";tag")) && end - at > 5 &&
      at[4] == '=') {
    const unsigned char* const text = at + 5;
    at = skip<token_octet>(text, end, true);
    tag = text_from(text, at);
    if (at == text) return false;
  }
  return take_all_parameters(
      at, end, [&](const RawParameter& parameter) { return take_tag(tag, parameter); });
}

bool is_ordinary_call_id(std::string_view value) {
  if (static_cast<std::ptrdiff_t>(value.size()) < shortest) return false;
  const unsigned char* const begin = octets(value.data());
  const unsigned char* const end = begin + value.size();
  const unsigned char* const at = skip<word_octet>(begin, end, true);
  if (at == end) return true;
  return at != begin && *at == '@' && at + 1 != end && skip<word_octet>(at + 1, end, true) == end;
}

}  // namespace sipring::detail
