// The PROXY protocol's header, version 2 (haproxy's proxy-protocol.txt, section 2.2): a proxy in
// front says before the first octet of a connection from whom it comes. Read it only where it was
// asked for: anybody can write one.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace sipring {

enum class ProxyHeaderError : std::uint8_t {
  signature,  // something else begins the connection
  version,    // not 2
  command,    // neither LOCAL nor PROXY
  family,     // not of this world, or datagrams over a stream
  addresses,  // fewer octets than its two addresses have
  extension,  // a type-length-value that ends outside
  checksum,   // PP2_TYPE_CRC32C is not the header's
  header_too_large,
};
[[nodiscard]] std::string_view to_string(ProxyHeaderError error);

struct ProxyHeader {
  std::size_t size = 0;  // octets of the whole header; 0: more have to come
  // Of the client, and where it wanted to go; absent: the connection is the proxy's own, or its
  // addresses are of a kind that we do not know, so those of the connection itself hold.
  std::optional<IpAddress> source_ip;
  std::uint16_t source_port = 0;
  std::optional<IpAddress> destination_ip;
  std::uint16_t destination_port = 0;
};

inline constexpr std::size_t max_proxy_header_bytes = 1'024;

// `bytes` begins with the connection's first octet. What is no header is refused at its first wrong
// octet.
[[nodiscard]] std::expected<ProxyHeader, ProxyHeaderError> read_proxy_header(
    std::string_view bytes);

}  // namespace sipring
