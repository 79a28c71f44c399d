// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver_settings.h>

#include <sipring/core/dns/detail/lines.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sipring::dns {
namespace {

constexpr std::uint16_t dns_port = 53;

// The number of "name:NUMBER"; nullopt for another option.
std::optional<std::uint32_t> option_of(std::string_view word, std::string_view name) {
  if (!word.starts_with(name)) return std::nullopt;
  word.remove_prefix(name.size());
  std::uint32_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

// Bounds as in resolv.conf(5).
void apply_options(std::string_view line, ResolverSettings& settings) {
  for (auto word = detail::take_word(line); !word.empty(); word = detail::take_word(line)) {
    if (const auto ndots = option_of(word, "ndots:")) settings.ndots = std::min(*ndots, 15U);
    if (const auto seconds = option_of(word, "timeout:")) {
      settings.timeout = std::chrono::seconds(std::clamp(*seconds, 1U, 30U));
    }
    if (const auto rounds = option_of(word, "attempts:")) {
      settings.rounds = std::clamp(*rounds, 1U, 5U);
    }
  }
}

void apply_search(std::string_view line, ResolverSettings& settings) {
  settings.search.clear();  // the last one counts
  for (auto word = detail::take_word(line); !word.empty(); word = detail::take_word(line)) {
    if (const auto name = Name::parse(word)) settings.search.push_back(*name);
  }
}

}  // namespace

void apply_resolv_conf(std::string_view text, ResolverSettings& settings) {
  settings.servers.clear();
  while (!text.empty()) {
    std::string_view line = detail::take_line(text);
    const std::string_view keyword = detail::take_word(line);
    if (keyword == "nameserver") {
      const auto ip = parse_ip_address(detail::take_word(line));
      const bool fits = settings.servers.size() < ResolverSettings::most_servers;
      if (ip && fits) settings.servers.push_back({*ip, dns_port, Transport::udp});
    } else if (keyword == "search" || keyword == "domain") {
      apply_search(line, settings);
    } else if (keyword == "options") {
      apply_options(line, settings);
    }
  }
  if (settings.servers.empty()) {
    settings.servers.push_back({*parse_ip_address("127.0.0.1"), dns_port, Transport::udp});
  }
}

}  // namespace sipring::dns
