// SPDX-License-Identifier: MIT
#include <names/destination_text.h>

#include <sipring/core/message/uri.h>

#include <fmt/format.h>

#include <charconv>

namespace sipring::app {
namespace {

struct Prefix {
  std::string_view text;
  Transport transport;
};
constexpr Prefix prefixes[] = {{"udp:", Transport::udp},
                               {"tcp:", Transport::tcp},
                               {"tls:", Transport::tls},
                               {"ws:", Transport::ws},
                               {"wss:", Transport::wss}};

// The error is what is wrong with it.
std::expected<Destination, std::string_view> parse_host(std::string_view text,
                                                        Transport transport) {
  Destination destination{.host = text, .transport = transport};
  destination.secure = has_tls(transport);
  const std::size_t after_brackets = text.starts_with('[') ? text.find(']') : 0;
  if (after_brackets == std::string_view::npos) return std::unexpected("the bracket is not closed");
  if (const std::size_t colon = text.find(':', after_brackets); colon != std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    destination.host = text.substr(0, colon);
    const char* const end = port.data() + port.size();
    const auto [stop, error] = std::from_chars(port.data(), end, destination.port);
    if (error != std::errc{} || stop != end || destination.port == 0)
      return std::unexpected("the port is not 1 to 65535");
  }
  if (destination.host.empty()) return std::unexpected("there is no host");
  return destination;
}

}  // namespace

std::expected<Destination, std::string> parse_destination(std::string_view text) {
  for (const Prefix& prefix : prefixes) {
    if (!text.starts_with(prefix.text)) continue;
    const auto destination = parse_host(text.substr(prefix.text.size()), prefix.transport);
    if (destination) return *destination;
    return std::unexpected(fmt::format("{}: {} ({}example.net and {}192.0.2.1:5060 are right)",
                                       text, destination.error(), prefix.text, prefix.text));
  }
  const auto uri = parse_uri(text);
  if (!uri) {
    return std::unexpected(
        fmt::format("{} is no URI (sip:bob@example.net, udp:example.net and "
                    "udp:192.0.2.1:5060 are right)",
                    text));
  }
  const auto destination = destination_of(*uri);
  if (destination) return *destination;
  return std::unexpected(
      destination.error() == DestinationError::not_sip
          ? fmt::format("{} is neither a sip nor a sips URI: it says not where to go", text)
          : fmt::format("{} names a transport that is not known, or none for sips", text));
}

}  // namespace sipring::app
