// SPDX-License-Identifier: MIT
#include <listen_address.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

std::string read_and_written(std::string_view text) {
  const auto address = parse_listen_address(text);
  return address ? listen_address_text(*address) : "error: " + address.error();
}

TEST(ListenAddress, is_transport_host_and_port) {
  EXPECT_EQ(read_and_written("udp:127.0.0.1:5070"), "udp:127.0.0.1:5070");
  EXPECT_EQ(read_and_written("udp:[::1]:5070"), "udp:[::1]:5070");
  EXPECT_EQ(read_and_written("udp:0.0.0.0:0"), "udp:0.0.0.0:0");
  EXPECT_EQ(read_and_written("tcp:127.0.0.1:5070"), "tcp:127.0.0.1:5070");
  EXPECT_EQ(read_and_written("ws:[::1]:8080"), "ws:[::1]:8080");
}

TEST(ListenAddress, has_its_transports_port_when_none_is_given) {
  EXPECT_EQ(read_and_written("tls:127.0.0.1"), "tls:127.0.0.1:5061");
  EXPECT_EQ(read_and_written("wss:127.0.0.1"), "wss:127.0.0.1:443");
  EXPECT_EQ(read_and_written("udp:127.0.0.1"), "udp:127.0.0.1:5060");
  EXPECT_EQ(read_and_written("udp:[2001:db8::1]"), "udp:[2001:db8::1]:5060");
}

TEST(ListenAddress, says_in_one_line_what_is_wrong) {
  for (const auto& [text, why] :
       {std::pair{"sctp:127.0.0.1:5060", "none of udp:"},
        std::pair{"127.0.0.1:5060", "none of udp:"}, std::pair{"udp:[::1:5060", "bracket"},
        std::pair{"udp:example.com:5060", "not an IP"}, std::pair{"udp:127.0.0.1:65536", "port"},
        std::pair{"udp:127.0.0.1:", "port"}, std::pair{"udp:127.0.0.1:50x", "port"},
        std::pair{"udp:", "not an IP"}}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().find(why), std::string::npos) << address.error();
    EXPECT_EQ(address.error().find('\n'), std::string::npos);
  }
}

TEST(HostAndPort, needs_both_and_nothing_else) {
  const auto written = [](std::string_view text) {
    const auto address = parse_host_and_port(text);
    return address ? std::string(to_text(*address).view()) : "error: " + address.error();
  };
  EXPECT_EQ(written("127.0.0.1:9464"), "127.0.0.1:9464");
  EXPECT_EQ(written("[::1]:0"), "[::1]:0");
  for (const char* text : {"127.0.0.1", "9464", "localhost:9464", "udp:127.0.0.1:1", "[::1"}) {
    EXPECT_TRUE(written(text).starts_with("error: ")) << text;
    EXPECT_NE(written(text).find("[::1]:9464"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace sipring::app::test
