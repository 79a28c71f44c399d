// resolv.conf and hosts.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/hosts.h>
#include <sipring/core/dns/resolver_settings.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::dns {
namespace {

std::string addresses_of(const Hosts& hosts, std::string_view name) {
  std::string all;
  hosts.each(name, [&](const IpAddress& address) {
    all += std::string(all.empty() ? "" : " ") + std::string(to_text(address).view());
  });
  return all;
}

TEST(ResolvConf, says_servers_search_list_and_options) {
  ResolverSettings settings;
  apply_resolv_conf(
      "# a comment\n"
      "nameserver 192.0.2.53 ; another\n"
      "nameserver 2001:db8::53\r\n"
      "nameserver fe80::1%eth0\n"
      "domain old.example\n"
      "search corp.example  example.net.\n"
      "options ndots:2 timeout:3 attempts:9 rotate\n"
      "sortlist 10.0.0.0\n",
      settings);
  ASSERT_EQ(settings.servers.size(), 2u);
  EXPECT_EQ(to_text(settings.servers[0]).view(), "192.0.2.53:53");
  EXPECT_EQ(to_text(settings.servers[1]).view(), "[2001:db8::53]:53");
  ASSERT_EQ(settings.search.size(), 2u);
  EXPECT_EQ(settings.search[1].view(), "example.net");
  EXPECT_EQ(settings.ndots, 2u);
  EXPECT_EQ(settings.timeout, std::chrono::seconds(3));
  EXPECT_EQ(settings.rounds, 5u);  // at most
}

TEST(ResolvConf, without_a_server_this_machine_is_asked) {
  ResolverSettings settings;
  apply_resolv_conf("", settings);
  ASSERT_EQ(settings.servers.size(), 1u);
  EXPECT_EQ(to_text(settings.servers[0]).view(), "127.0.0.1:53");
  EXPECT_EQ(settings.timeout, std::chrono::milliseconds(500));
}

TEST(ResolvConf, no_more_servers_than_there_is_room_for) {
  ResolverSettings settings;
  std::string text;
  for (int i = 0; i < 20; ++i) text += "nameserver 192.0.2." + std::to_string(i) + "\n";
  apply_resolv_conf(text, settings);
  EXPECT_EQ(settings.servers.size(), ResolverSettings::most_servers);
}

TEST(Hosts, has_the_addresses_of_each_line_in_order) {
  const Hosts hosts(
      "192.0.2.9 pbx.example pbx # the exchange\n"
      "not-an-address x.example\n"
      "2001:db8::9 PBX\n"
      "192.0.2.8 pbx",
      *std::pmr::new_delete_resource());
  EXPECT_EQ(addresses_of(hosts, "pbx"), "192.0.2.9 2001:db8::9 192.0.2.8");
  EXPECT_EQ(addresses_of(hosts, "pbx.example"), "192.0.2.9");
  EXPECT_EQ(hosts.know("pbx"), Hosts::Known::here);
  EXPECT_EQ(hosts.know("x.example"), Hosts::Known::no);
}

TEST(Hosts, localhost_is_here_and_invalid_is_nowhere) {
  const Hosts hosts("", *std::pmr::new_delete_resource());
  EXPECT_EQ(addresses_of(hosts, "localhost"), "127.0.0.1 ::1");
  EXPECT_EQ(hosts.know("a.localhost"), Hosts::Known::here);
  EXPECT_EQ(hosts.know("notlocalhost"), Hosts::Known::no);
  EXPECT_EQ(hosts.know("df7jal23ls0d.invalid"), Hosts::Known::never_there);
  const Hosts own("127.0.1.1 localhost\n", *std::pmr::new_delete_resource());
  EXPECT_EQ(addresses_of(own, "localhost"), "127.0.1.1");  // the file has the last word
}

}  // namespace
}  // namespace sipring::dns
