// SPDX-License-Identifier: MIT
#include "listen_address.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace sipring {
namespace {

std::unexpected<std::string> wrong(std::string_view text, std::string_view why) {
  return std::unexpected(
      fmt::format("{}: {} (udp:127.0.0.1:5060 and udp:[::1]:5060 are right)", text, why));
}

}  // namespace

std::expected<NetworkAddress, std::string> parse_listen_address(std::string_view text) {
  if (!text.starts_with("udp:")) return wrong(text, "only udp: is there to listen on");
  std::string_view host = text.substr(4), port = "5060";
  const std::size_t after_brackets = host.starts_with('[') ? host.find(']') : 0;
  if (after_brackets == std::string_view::npos) return wrong(text, "the bracket is not closed");
  if (const std::size_t colon = host.find(':', after_brackets); colon != std::string_view::npos) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  const auto ip = parse_ip_address(host);
  if (!ip) return wrong(text, "the host is not an IP address");
  NetworkAddress address{.ip = *ip, .port = 0, .transport = Transport::udp};
  const char* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, address.port);
  if (error != std::errc{} || stop != end) return wrong(text, "the port is not 0 to 65535");
  return address;
}

std::string listen_address_text(const NetworkAddress& address) {
  return fmt::format("udp:{}", to_text(address).view());
}

}  // namespace sipring
