// SPDX-License-Identifier: MIT
#include "listen_address.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace sipring::app {
namespace {

using Address = std::expected<NetworkAddress, std::string>;

// `text` is HOST or HOST:PORT; a missing port is `port`. The error is what is wrong with it.
std::expected<NetworkAddress, std::string_view> parse_address(std::string_view text,
                                                              std::string_view port,
                                                              Transport transport) {
  const std::size_t after_brackets = text.starts_with('[') ? text.find(']') : 0;
  if (after_brackets == std::string_view::npos) return std::unexpected("the bracket is not closed");
  std::string_view host = text;
  if (const std::size_t colon = text.find(':', after_brackets); colon != std::string_view::npos) {
    port = text.substr(colon + 1);
    host = text.substr(0, colon);
  }
  const auto ip = parse_ip_address(host);
  if (!ip) return std::unexpected("the host is not an IP address");
  NetworkAddress address{.ip = *ip, .port = 0, .transport = transport};
  const char* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, address.port);
  if (error != std::errc{} || stop != end) return std::unexpected("the port is not 0 to 65535");
  return address;
}

Address or_sentence(std::string_view text, std::string_view right,
                    std::expected<NetworkAddress, std::string_view> address) {
  if (address) return *address;
  return std::unexpected(fmt::format("{}: {} ({} are right)", text, address.error(), right));
}

}  // namespace

std::expected<NetworkAddress, std::string> parse_listen_address(std::string_view text) {
  constexpr std::string_view right = "udp:127.0.0.1:5060 and udp:[::1]:5060";
  if (!text.starts_with("udp:")) {
    return or_sentence(text, right, std::unexpected("only udp: is there to listen on"));
  }
  return or_sentence(text, right, parse_address(text.substr(4), "5060", Transport::udp));
}

std::expected<NetworkAddress, std::string> parse_host_and_port(std::string_view text) {
  return or_sentence(text, "127.0.0.1:9464 and [::1]:9464",
                     parse_address(text, "", Transport::tcp));
}

std::string listen_address_text(const NetworkAddress& address) {
  return fmt::format("udp:{}", to_text(address).view());
}

}  // namespace sipring::app
