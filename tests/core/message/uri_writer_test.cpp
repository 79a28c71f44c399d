// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_writer.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

class UriWriter : public ::testing::Test {
 protected:
  template <class Source>
  std::string write(const Source& source) {
    const UriText text = write_uri(source, room_);
    return text ? std::string(*text) : "error " + std::string(to_string(text.error()));
  }
  std::array<char, 2048> room_{};
};

TEST_F(UriWriter, escapes_each_part_by_its_own_rule) {
  constexpr UriComponent parameters[] = {
      {"transport", "tcp", true}, {"a;b", "c=d&e", true}, {"lr"}};
  constexpr UriComponent headers[] = {{"Subject", "a&b?", true}, {"body", "\r\n", true}, {"X"}};
  EXPECT_EQ(write(UriParts{.scheme = Uri::Scheme::sips,
                           .user = "a b@c;d:#",
                           .password = "p@;",
                           .host = "h.example",
                           .port = 5061,
                           .parameters = parameters,
                           .headers = headers}),
            "sips:a%20b%40c;d%3A%23:p%40%3B@h.example:5061;transport=tcp;a%3Bb=c%3Dd&e;lr"
            "?Subject=a%26b?&body=%0D%0A&X=");
}

TEST_F(UriWriter, writes_hosts_of_all_kinds) {
  EXPECT_EQ(write(UriParts{.host = "h"}), "sip:h");
  EXPECT_EQ(write(UriParts{.host = "192.0.2.1", .port = 1}), "sip:192.0.2.1:1");
  EXPECT_EQ(write(UriParts{.user = "a", .host = "2001:db8::1"}), "sip:a@[2001:db8::1]");
  EXPECT_EQ(write(UriParts{.user = "a", .host = "[::1]", .port = 65535}), "sip:a@[::1]:65535");
}

TEST_F(UriWriter, refuses_what_is_no_uri) {
  constexpr UriComponent nameless[] = {{"", "x", true}};
  constexpr UriComponent valueless[] = {{"x", "", true}};
  EXPECT_EQ(write(UriParts{.scheme = Uri::Scheme::tel, .host = "h"}), "error scheme");
  EXPECT_EQ(write(UriParts{.user = "", .host = "h"}), "error user");
  EXPECT_EQ(write(UriParts{.password = "x", .host = "h"}), "error user");
  for (const auto* host : {"", "a_b", "a b", "h:1", "h;lr", "[::g]", "a@b"})
    EXPECT_EQ(write(UriParts{.host = host}), "error host") << host;
  EXPECT_EQ(write(UriParts{.host = "h", .parameters = nameless}), "error parameter");
  EXPECT_EQ(write(UriParts{.host = "h", .parameters = valueless}), "error parameter");
  EXPECT_EQ(write(UriParts{.host = "h", .headers = nameless}), "error parameter");
}

TEST_F(UriWriter, says_when_there_is_no_room) {
  for (std::size_t size = 0; size < 7; ++size)
    EXPECT_EQ(
        write_uri(UriParts{.user = "a", .host = "h"}, std::span{room_}.first(size)).has_value(),
        false)
        << size;
  EXPECT_EQ(write_uri(UriParts{.user = "a", .host = "h"}, std::span{room_}.first(7)), "sip:a@h");
}

TEST_F(UriWriter, writes_strictly_whatever_octets_the_parts_have) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  const UriComponent component[] = {{all, all, true}};
  std::array<char, 8192> room;
  const UriText text = write_uri(
      UriParts{
          .user = all, .password = all, .host = "h", .parameters = component, .headers = component},
      room);
  ASSERT_TRUE(text);
  const Parsed<Uri> uri = strictly(parse_uri(*text));
  ASSERT_TRUE(uri);
  std::array<char, 256> octets;
  EXPECT_EQ(unescape(uri->user, octets), all);
  EXPECT_EQ(unescape(uri->password, octets), all);
  EXPECT_EQ(unescape(uri_parameters(*uri).begin()->value, octets), all);
  EXPECT_EQ(unescape(uri_headers(*uri).begin()->name, octets), all);
}

TEST_F(UriWriter, writes_a_parsed_uri_as_it_came) {
  for (const testing::Row& row : testing::read_table("uri/parse.tsv")) {
    const Parsed<Uri> uri = parse_uri(row[0]);
    ASSERT_TRUE(uri) << row[0];
    if (!is_sip(*uri)) {
      EXPECT_EQ(write(*uri), "error scheme");
      continue;
    }
    const std::string text = write(*uri);
    const Parsed<Uri> again = parse_uri(text);
    ASSERT_TRUE(again) << row[0] << " " << text;
    EXPECT_EQ(write(*again), text);
    EXPECT_EQ(again->headers, uri->headers);
  }
}

TEST_F(UriWriter, writes_changed_parts) {
  Uri uri = *parse_uri("sip:a:p@h:5060;lr?x=y");
  uri.port = 0;
  uri.password = {};
  uri.headers = {};
  EXPECT_EQ(write(uri), "sip:a@h;lr");
  uri.scheme = Uri::Scheme::sips;
  uri.host = "[::1]";
  uri.parameters = ";transport=tls";
  EXPECT_EQ(write(uri), "sips:a@[::1];transport=tls");
}

TEST_F(UriWriter, keeps_an_at_that_guards_those_of_the_headers) {
  EXPECT_EQ(write(*parse_uri("sip:@h?a=b@c")), "sip:@h?a=b@c");
  EXPECT_EQ(write(*parse_uri("sip:@h?a=b")), "sip:h?a=b");
}

TEST_F(UriWriter, refuses_a_changed_part_that_would_be_read_as_others) {
  const auto with = [&](std::string_view Uri::*part, std::string_view text) {
    Uri uri = *parse_uri("sip:a@h;lr");
    uri.*part = text;
    return write(uri);
  };
  EXPECT_EQ(with(&Uri::user, "a@b"), "error changed");
  EXPECT_EQ(with(&Uri::user, "a:b"), "error changed");
  EXPECT_EQ(with(&Uri::user, "a b"), "error changed");
  EXPECT_EQ(with(&Uri::user, ""), "error changed");
  EXPECT_EQ(with(&Uri::host, "h:5060"), "error changed");
  EXPECT_EQ(with(&Uri::host, ""), "error changed");
  EXPECT_EQ(with(&Uri::parameters, "lr"), "error changed");
  EXPECT_EQ(with(&Uri::parameters, ";lr?a=b"), "error changed");
}

}  // namespace
}  // namespace sipring
