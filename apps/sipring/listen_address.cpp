// SPDX-License-Identifier: MIT
#include "listen_address.h"

#include <fmt/format.h>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
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

IpAddress ip_of(const addrinfo& found) {
  IpAddress ip;
  if (found.ai_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, found.ai_addr, sizeof v6);
    ip.family = IpAddress::Family::v6;
    std::memcpy(ip.octets.data(), &v6.sin6_addr, 16);
  } else {
    sockaddr_in v4;
    std::memcpy(&v4, found.ai_addr, sizeof v4);
    std::memcpy(ip.octets.data(), &v4.sin_addr, 4);
  }
  return ip;
}

// By the system's resolver, in the order of families. The error is what it says.
std::expected<IpAddress, std::string> resolve(std::string_view host,
                                              std::span<const int> families) {
  int error = EAI_NONAME;
  for (const int family : families) {
    addrinfo hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* list = nullptr;
    error = ::getaddrinfo(std::string(host).c_str(), nullptr, &hints, &list);
    if (error != 0) continue;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(list, ::freeaddrinfo);
    return ip_of(*list);
  }
  return std::unexpected(std::string(::gai_strerror(error)));
}

// What answers at a name with addresses of both kinds answers at IPv4 in the field ("localhost").
std::span<const int> families_of(std::optional<IpAddress::Family> family) {
  static constexpr std::array order{AF_INET, AF_INET6};
  const std::span<const int> all(order);
  if (!family) return all;
  return *family == IpAddress::Family::v4 ? all.first(1) : all.last(1);
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

std::expected<NetworkAddress, std::string> resolve_target(std::string_view text,
                                                          std::optional<IpAddress::Family> family) {
  constexpr std::string_view right = "udp:example.com:5060, udp:127.0.0.1:5060 and udp:[::1]:5060";
  if (!text.starts_with("udp:"))
    return or_sentence(text, right, std::unexpected("only udp: is there to send by"));
  const auto parts = split(text.substr(4), "5060");
  if (!parts) return or_sentence(text, right, std::unexpected(parts.error()));
  if (parts->port == 0)
    return or_sentence(text, right, std::unexpected("the port is not 1 to 65535"));
  if (parts->host.empty()) return or_sentence(text, right, std::unexpected("there is no host"));
  if (const auto ip = parse_ip_address(parts->host))
    return NetworkAddress{*ip, parts->port, Transport::udp};
  const auto ip = resolve(parts->host, families_of(family));
  if (ip) return NetworkAddress{*ip, parts->port, Transport::udp};
  return std::unexpected(
      fmt::format("{}: the name {} does not resolve: {}", text, parts->host, ip.error()));
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
