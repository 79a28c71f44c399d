// SPDX-License-Identifier: MIT
#include "listen_address.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <utility>

namespace sipring::app {
namespace {

using Address = std::expected<NetworkAddress, std::string>;

struct HostAndPort {
  std::string_view host;
  std::uint16_t port = 0;
};

constexpr std::array<std::pair<std::string_view, Transport>, 5> prefixes{
    {{"udp:", Transport::udp},
     {"tcp:", Transport::tcp},
     {"tls:", Transport::tls},
     {"ws:", Transport::ws},
     {"wss:", Transport::wss}}};

// `text` is HOST or HOST:PORT; a missing port is `port`. The error is what is wrong with it.
std::expected<HostAndPort, std::string_view> split(std::string_view text, std::string_view port) {
  const std::size_t after_brackets = text.starts_with('[') ? text.find(']') : 0;
  if (after_brackets == std::string_view::npos) return std::unexpected("the bracket is not closed");
  HostAndPort parts{.host = text};
  if (const std::size_t colon = text.find(':', after_brackets); colon != std::string_view::npos) {
    port = text.substr(colon + 1);
    parts.host = text.substr(0, colon);
  }
  const char* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, parts.port);
  if (error != std::errc{} || stop != end) return std::unexpected("the port is not 0 to 65535");
  return parts;
}

std::expected<NetworkAddress, std::string_view> parse_address(std::string_view text,
                                                              std::string_view port,
                                                              Transport transport) {
  const auto parts = split(text, port);
  if (parts) {
    if (const auto ip = parse_ip_address(parts->host))
      return NetworkAddress{*ip, parts->port, transport};
    return std::unexpected("the host is not an IP address");
  }
  return std::unexpected(parts.error());
}

Address or_sentence(std::string_view text, std::string_view right,
                    std::expected<NetworkAddress, std::string_view> address) {
  if (address) return *address;
  return std::unexpected(fmt::format("{}: {} ({} are right)", text, address.error(), right));
}

}  // namespace

std::expected<NetworkAddress, std::string> parse_listen_address(std::string_view text) {
  constexpr std::string_view right =
      "udp:127.0.0.1:5060, tcp:[::1]:5060, tls:0.0.0.0:5061 and wss:127.0.0.1:8443";
  for (const auto& [prefix, transport] : prefixes) {
    if (!text.starts_with(prefix)) continue;
    const std::string port = std::to_string(default_port(transport));
    return or_sentence(text, right, parse_address(text.substr(prefix.size()), port, transport));
  }
  return or_sentence(text, right,
                     std::unexpected("it begins with none of udp:, tcp:, tls:, ws: and wss:"));
}

std::expected<NetworkAddress, std::string> parse_host_and_port(std::string_view text) {
  return or_sentence(text, "127.0.0.1:9464 and [::1]:9464",
                     parse_address(text, "", Transport::tcp));
}

std::string listen_address_text(const NetworkAddress& address) {
  for (const auto& [prefix, transport] : prefixes) {
    if (transport == address.transport) return fmt::format("{}{}", prefix, to_text(address).view());
  }
  return fmt::format("{} {}", to_string(address.transport), to_text(address).view());
}

}  // namespace sipring::app
