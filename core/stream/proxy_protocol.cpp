// SPDX-License-Identifier: MIT
#include <sipring/core/stream/proxy_protocol.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace sipring {
namespace {

constexpr std::string_view signature_octets("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t fixed_size = 16;  // signature, version and command, family, length
constexpr std::size_t type_length_size = 3;
constexpr unsigned int crc32c_type = 0x03;
constexpr std::size_t crc32c_size = 4;

unsigned int octet(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::uint16_t number16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(octet(bytes, at) << 8 | octet(bytes, at + 1));
}

std::uint32_t number32(std::string_view bytes, std::size_t at) {
  return std::uint32_t{number16(bytes, at)} << 16 | number16(bytes, at + 2);
}

// CRC-32C (Castagnoli) with the octets of the checksum itself as zeros.
std::uint32_t crc32c(std::string_view bytes, std::size_t checksum_at) {
  constexpr std::uint32_t polynomial = 0x82f63b78;
  std::uint32_t crc = ~0U;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool is_checksum = i >= checksum_at && i < checksum_at + crc32c_size;
    crc ^= is_checksum ? 0U : octet(bytes, i);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0U);
  }
  return ~crc;
}

// The two addresses stand in front: source, destination, source port, destination port.
struct AddressBlock {
  std::size_t ip_size = 0;  // 0: of a kind that we do not know
  std::size_t size = 0;
};

std::expected<AddressBlock, ProxyHeaderError> block_of(unsigned int family) {
  switch (family) {
    case 0x00: return AddressBlock{};        // AF_UNSPEC
    case 0x11: return AddressBlock{4, 12};   // TCP over IPv4
    case 0x21: return AddressBlock{16, 36};  // TCP over IPv6
    case 0x31: return AddressBlock{0, 216};  // a UNIX stream
    default: return std::unexpected(ProxyHeaderError::family);
  }
}

IpAddress ip_at(std::string_view bytes, std::size_t at, std::size_t size) {
  IpAddress ip;
  ip.family = size == 4 ? IpAddress::Family::v4 : IpAddress::Family::v6;
  std::memcpy(ip.octets.data(), bytes.data() + at, size);
  return ip;
}

// None of the extensions means anything to us but the checksum, which must be right.
std::optional<ProxyHeaderError> check_extensions(std::string_view header, std::size_t at) {
  using enum ProxyHeaderError;
  while (at < header.size()) {
    if (header.size() - at < type_length_size) return extension;
    const unsigned int type = octet(header, at);
    const std::size_t length = number16(header, at + 1);
    at += type_length_size;
    if (header.size() - at < length) return extension;
    if (type == crc32c_type &&
        (length != crc32c_size || number32(header, at) != crc32c(header, at)))
      return checksum;
    at += length;
  }
  return std::nullopt;
}

void take_addresses(std::string_view header, const AddressBlock& block, ProxyHeader& read) {
  if (block.ip_size == 0) return;
  const std::size_t ports = fixed_size + 2 * block.ip_size;
  read.source_ip = ip_at(header, fixed_size, block.ip_size);
  read.destination_ip = ip_at(header, fixed_size + block.ip_size, block.ip_size);
  read.source_port = number16(header, ports);
  read.destination_port = number16(header, ports + 2);
}

}  // namespace

std::expected<ProxyHeader, ProxyHeaderError> read_proxy_header(std::string_view bytes) {
  using enum ProxyHeaderError;
  const std::size_t compared = std::min(bytes.size(), signature_octets.size());
  if (bytes.substr(0, compared) != signature_octets.substr(0, compared))
    return std::unexpected(signature);
  if (bytes.size() < fixed_size) return ProxyHeader{};
  const unsigned int version_and_command = octet(bytes, 12);
  if (version_and_command >> 4 != 2) return std::unexpected(version);
  const unsigned int its_command = version_and_command & 0x0f;
  if (its_command > 1) return std::unexpected(command);
  const std::size_t size = fixed_size + number16(bytes, 14);
  if (size > max_proxy_header_bytes) return std::unexpected(header_too_large);
  const bool is_local = its_command == 0;  // a health check: whatever addresses it has are ignored
  const auto block = is_local ? AddressBlock{} : block_of(octet(bytes, 13));
  if (!block) return std::unexpected(block.error());
  if (size < fixed_size + block->size) return std::unexpected(addresses);
  if (bytes.size() < size) return ProxyHeader{};

  const std::string_view header = bytes.substr(0, size);
  if (!is_local) {
    if (const auto error = check_extensions(header, fixed_size + block->size))
      return std::unexpected(*error);
  }
  ProxyHeader read;
  read.size = size;
  take_addresses(header, *block, read);
  return read;
}

std::string_view to_string(ProxyHeaderError error) {
  using enum ProxyHeaderError;
  switch (error) {
    case signature: return "signature";
    case version: return "version";
    case command: return "command";
    case family: return "family";
    case addresses: return "addresses";
    case extension: return "extension";
    case checksum: return "checksum";
    case header_too_large: return "header_too_large";
  }
  std::unreachable();
}

}  // namespace sipring
