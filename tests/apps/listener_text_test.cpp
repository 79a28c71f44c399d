// SPDX-License-Identifier: MIT
#include <listener_text.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

TEST(ListenerText, names_the_files_of_its_certificate) {
  const auto listener =
      parse_listener("tls:[::1]:5071?cert=chain.pem&key=key.pem&ca=ca.pem&verify=peer");
  ASSERT_TRUE(listener) << listener.error();
  EXPECT_EQ(listener->address.port, 5071);
  EXPECT_EQ(listener->files.certificate, "chain.pem");
  EXPECT_EQ(listener->files.key, "key.pem");
  EXPECT_EQ(listener->files.authorities, "ca.pem");
  EXPECT_EQ(listener->verify, TlsVerify::require);
}

TEST(ListenerText, is_an_address_alone_where_there_is_nothing_to_show) {
  EXPECT_EQ(parse_listener("udp:127.0.0.1:5060")->address.port, 5060);
  EXPECT_TRUE(parse_listener("tcp:127.0.0.1:5060?proxy=v2")->is_proxied);
  EXPECT_TRUE(signs_itself(*parse_listener("wss:127.0.0.1:8443")));
}

TEST(ListenerText, says_in_one_line_what_is_wrong) {
  for (const auto& [text, why] :
       {std::pair{"udp:127.0.0.1:5060?cert=a", "options are for connections"},
        std::pair{"tcp:127.0.0.1:5060?cert=a", "cert=a is none of these"},
        std::pair{"tcp:127.0.0.1:5060?proxy=v1", "proxy=v1 is none of these"},
        std::pair{"tls:127.0.0.1?cart=a", "cart=a is none of these"},
        std::pair{"tls:127.0.0.1?cert", "cert is none of these"},
        std::pair{"tls:127.0.0.1?cert=a&verify=maybe", "verify=maybe is none"},
        std::pair{"tls:127.0.0.1?key=a", "a key without a cert"},
        std::pair{"tls:host?cert=a", "not an IP"}}) {
    const auto listener = parse_listener(text);
    ASSERT_FALSE(listener) << text;
    EXPECT_NE(listener.error().find(why), std::string::npos) << listener.error();
  }
}

TEST(ListenerText, makes_a_pair_for_trying_out_and_names_files_that_cannot_be_read) {
  const auto made = listener_tls_of(*parse_listener("tls:127.0.0.1:5061"));
  ASSERT_TRUE(made) << made.error();
  EXPECT_TRUE(made->materials.front().certificate.starts_with("-----BEGIN CERTIFICATE-----"));
  const auto absent = listener_tls_of(*parse_listener("tls:127.0.0.1:5061?cert=absent.pem"));
  ASSERT_FALSE(absent);
  EXPECT_NE(absent.error().find("absent.pem"), std::string::npos) << absent.error();
  EXPECT_NE(absent.error().find("unreadable_file"), std::string::npos) << absent.error();
}

}  // namespace
}  // namespace sipring::app::test
