// haproxy's proxy-protocol.txt, section 2.2.
// SPDX-License-Identifier: MIT
#include <sipring/core/stream/proxy_protocol.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sipring {
namespace {

using enum ProxyHeaderError;

const std::string begin("\r\n\r\n\0\r\nQUIT\n", 12);

std::string header(int version_and_command, int family, std::string_view body) {
  std::string text = begin;
  text += static_cast<char>(version_and_command);
  text += static_cast<char>(family);
  text += static_cast<char>(body.size() >> 8);
  text += static_cast<char>(body.size() & 255);
  return text.append(body);
}

// 192.0.2.1:56324 to 198.51.100.7:5060.
const std::string v4_block("\xc0\x00\x02\x01\xc6\x33\x64\x07\xdc\x04\x13\xc4", 12);

std::string extension_of(int type, std::string_view value) {
  std::string text{static_cast<char>(type), static_cast<char>(value.size() >> 8),
                   static_cast<char>(value.size() & 255)};
  return text.append(value);
}

ProxyHeaderError error_of(std::string_view bytes) {
  const auto read = read_proxy_header(bytes);
  EXPECT_FALSE(read);
  return read ? header_too_large : read.error();
}

TEST(ProxyHeader, says_from_whom_a_connection_comes) {
  const auto read = read_proxy_header(header(0x21, 0x11, v4_block) + "INVITE");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size, 28U);
  EXPECT_EQ(read->source_ip, parse_ip_address("192.0.2.1"));
  EXPECT_EQ(read->source_port, 56'324);
  EXPECT_EQ(read->destination_ip, parse_ip_address("198.51.100.7"));
  EXPECT_EQ(read->destination_port, 5060);
}

TEST(ProxyHeader, reads_ipv6) {
  std::string block = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x01";
  block += std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x02";
  block += std::string("\xdc\x04\x13\xc4", 4);
  const auto read = read_proxy_header(header(0x21, 0x21, block));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->source_ip, parse_ip_address("2001:db8::1"));
  EXPECT_EQ(read->destination_ip, parse_ip_address("2001:db8::2"));
}

TEST(ProxyHeader, is_incomplete_up_to_its_last_octet) {
  const std::string text = header(0x21, 0x11, v4_block + extension_of(0x04, "padding"));
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    const auto read = read_proxy_header(std::string(text.substr(0, cut)));
    ASSERT_TRUE(read) << cut;
    ASSERT_EQ(read->size, 0U);
  }
  EXPECT_EQ(read_proxy_header(text)->size, text.size());
}

TEST(ProxyHeader, the_proxys_own_connections_have_no_other_source) {
  for (const std::string& text :
       {header(0x20, 0x00, ""), header(0x20, 0x11, v4_block), header(0x20, 0xff, "anything"),
        header(0x21, 0x00, ""), header(0x21, 0x31, std::string(216, 'x'))}) {
    const auto read = read_proxy_header(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->size, text.size());
    EXPECT_EQ(read->source_ip, std::nullopt);
  }
}

TEST(ProxyHeader, refuses_by_name) {
  EXPECT_EQ(error_of("PROXY TCP4 192.0.2.1"), signature);
  EXPECT_EQ(error_of("\r\nINVITE"), signature);
  EXPECT_EQ(error_of(header(0x11, 0x11, v4_block)), version);
  EXPECT_EQ(error_of(header(0x22, 0x11, v4_block)), command);
  EXPECT_EQ(error_of(header(0x21, 0x12, v4_block)), family) << "datagrams over a stream";
  EXPECT_EQ(error_of(header(0x21, 0x41, v4_block)), family);
  EXPECT_EQ(error_of(header(0x21, 0x11, v4_block.substr(1))), addresses);
  EXPECT_EQ(error_of(header(0x21, 0x21, v4_block)), addresses);
  EXPECT_EQ(error_of(header(0x21, 0x11, v4_block + "\x01")), extension);
  EXPECT_EQ(error_of(header(0x21, 0x11, v4_block + extension_of(1, "abc").substr(0, 5))),
            extension);
  EXPECT_EQ(error_of(header(0x21, 0x11, v4_block + std::string(2'000, '\0'))), header_too_large);
}

// CRC-32C as RFC 3720 appendix B.4 checks it: of 32 zero octets 8a9136aa.
std::uint32_t crc32c(std::string_view text) {
  std::uint32_t crc = ~0U;
  for (const char octet : text) {
    crc ^= static_cast<unsigned char>(octet);
    for (int i = 0; i < 8; ++i) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78U : crc >> 1;
  }
  return ~crc;
}

TEST(ProxyHeader, a_checksum_is_right) {
  ASSERT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  const std::string blank = header(
      0x21, 0x11, v4_block + extension_of(3, std::string(4, '\0')) + extension_of(4, "after"));
  const std::uint32_t crc = crc32c(blank);
  std::string text = blank;
  for (std::size_t i = 0; i < 4; ++i) text[31 + i] = static_cast<char>(crc >> (24 - 8 * i));
  EXPECT_TRUE(read_proxy_header(text).has_value());
  for (std::size_t at = 16; at < text.size(); ++at) {
    std::string wrong = text;
    wrong[at] = static_cast<char>(wrong[at] ^ 1);
    EXPECT_FALSE(read_proxy_header(wrong).has_value() && at < 28) << at;
  }
  EXPECT_EQ(error_of(header(0x21, 0x11, v4_block + extension_of(3, "abc"))), checksum);
}

}  // namespace
}  // namespace sipring
