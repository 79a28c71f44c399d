// SPDX-License-Identifier: MIT
#include <sipring/core/network_address.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>

namespace sipring {
namespace {

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {{a, b, c, d}, IpAddress::Family::v4};
}

// What the C library makes of an IPv6 text.
std::optional<IpAddress> by_inet_pton(const std::string& text) {
  IpAddress address{{}, IpAddress::Family::v6};
  if (inet_pton(AF_INET6, text.c_str(), address.octets.data()) != 1) return std::nullopt;
  return address;
}

TEST(Transport, has_the_port_of_its_rfc) {
  EXPECT_EQ(default_port(Transport::udp), 5060);
  EXPECT_EQ(default_port(Transport::tcp), 5060);
  EXPECT_EQ(default_port(Transport::tls), 5061);
  EXPECT_EQ(default_port(Transport::ws), 80);
  EXPECT_EQ(default_port(Transport::wss), 443);
}

TEST(IpAddress, reads_four_decimal_numbers) {
  EXPECT_EQ(parse_ip_address("192.0.2.1"), v4(192, 0, 2, 1));
  EXPECT_EQ(parse_ip_address("0.0.0.0"), v4(0, 0, 0, 0));
  EXPECT_EQ(parse_ip_address("255.255.255.255"), v4(255, 255, 255, 255));
}

TEST(IpAddress, refuses_what_only_looks_like_ipv4) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.",
                           ".1.2.3.4",
                           "1..2.3",
                           "1.2.3.4.5",
                           "256.1.1.1",
                           "1.2.3.1000",
                           "01.2.3.4",
                           "1.2.3.00",
                           "0x1.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "+1.2.3.4",
                           "-1.2.3.4",
                           "1.2.3.a",
                           "[1.2.3.4]",
                           "99999999999.1.1.1",
                           "example.com",
                           "1.2.3.4.example.com"}) {
    EXPECT_EQ(parse_ip_address(text), std::nullopt) << text;
  }
}

TEST(IpAddress, reads_ipv6_with_and_without_brackets) {
  const IpAddress expected{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                           IpAddress::Family::v6};
  for (const char* text : {"2001:db8::1", "[2001:db8::1]", "2001:DB8:0:0:0:0:0:1",
                           "2001:0db8:0000::0.0.0.1", "2001:db8::0:1"}) {
    EXPECT_EQ(parse_ip_address(text), expected) << text;
  }
}

TEST(IpAddress, agrees_with_the_c_library_on_ipv6) {
  for (const char* text :
       {"::", "::1", "1::", "1::8", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
        "1:2:3::5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "::1.2.3.4", "1::1.2.3.4",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
        // and not
        ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8:", "1::2::3", "::1:", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3",
        "::1.2.3.4:5", "::1.2.3.4.5", "1.2.3.4::", "::256.1.1.1", "fe80::1%eth0", "1:::2", ":1::2",
        "::-1", "::+1", "::0x1"}) {
    EXPECT_EQ(parse_ip_address(text), by_inet_pton(text)) << text;
  }
  for (const char* text : {"[", "]", "[]", "[::1", "::1]", "[[::1]]", "[::1] "}) {
    EXPECT_EQ(parse_ip_address(text), std::nullopt) << text;
  }
}

TEST(IpAddress, agrees_with_the_c_library_on_random_text) {
  std::mt19937 random(1);
  int valid = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::size_t parts = random() % 9; parts > 0; --parts) {
      text += std::array{":", "::", "0", "ab:", "1:", "12f:", "0:", "1.2.3.4", "00f"}[random() % 9];
    }
    if (text.find(':') == std::string::npos) continue;
    ASSERT_EQ(parse_ip_address(text), by_inet_pton(text)) << text;
    valid += by_inet_pton(text).has_value() ? 1 : 0;
  }
  EXPECT_GT(valid, 1'000);
}

TEST(IpAddress, is_written_as_rfc_5952_says) {
  for (const auto& [text, canonical] : std::initializer_list<std::tuple<const char*, const char*>>{
           {"192.0.2.255", "192.0.2.255"},
           {"::", "::"},
           {"::1", "::1"},
           {"1::", "1::"},
           {"2001:0DB8::0001", "2001:db8::1"},
           {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // one zero group stays
           {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // the longest run
           {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // the first of equals
           {"0:0:1::", "0:0:1::"},
           {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
           {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}}) {
    EXPECT_EQ(to_text(parse_ip_address(text).value()).view(), canonical);
  }
}

TEST(IpAddress, survives_being_written_and_read) {
  std::mt19937 random(2);
  for (int i = 0; i < 20'000; ++i) {
    IpAddress address{{}, i % 4 == 0 ? IpAddress::Family::v4 : IpAddress::Family::v6};
    const std::size_t size = address.family == IpAddress::Family::v4 ? 4 : 16;
    for (std::size_t at = 0; at < size; ++at) {
      address.octets[at] = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    }
    ASSERT_EQ(parse_ip_address(to_text(address).view()), address) << to_text(address).view();
  }
}

TEST(NetworkAddress, is_written_with_its_port) {
  const auto text = [](const char* ip, std::uint16_t port) {
    const AddressText written = to_text(NetworkAddress{parse_ip_address(ip).value(), port});
    return std::string(written.view());
  };
  EXPECT_EQ(text("192.0.2.1", 5060), "192.0.2.1:5060");
  EXPECT_EQ(text("2001:db8::1", 5061), "[2001:db8::1]:5061");
  const char* const longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  EXPECT_EQ(text(longest, 65'535), "[" + std::string(longest) + "]:65535");
}

TEST(Transport, is_spelled_as_in_a_via) {
  EXPECT_EQ(to_string(Transport::udp), "UDP");
  EXPECT_EQ(to_string(Transport::tcp), "TCP");
  EXPECT_EQ(to_string(Transport::tls), "TLS");
  EXPECT_EQ(to_string(Transport::ws), "WS");
  EXPECT_EQ(to_string(Transport::wss), "WSS");
}

}  // namespace
}  // namespace sipring
