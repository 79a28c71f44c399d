// Challenges, credentials and Authentication-Info: written, and read back.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/authentication_info.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/header/credentials.h>
#include <sipring/core/message/header/params.h>

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

std::array<char, 2048> digest_room;

Challenge offered() {
  return {.scheme = "Digest",
          .realm = "atlanta.com",
          .qop = "auth,auth-int",
          .nonce = "f84f1cec41e6cbe5aea9c8e88d359",
          .opaque = "",
          .stale = "TRUE",
          .algorithm = to_string(DigestAlgorithm::sha_256)};
}

TEST(ChallengeWriter, quotes_what_has_quotes_and_nothing_else) {
  EXPECT_EQ(write_challenge(offered(), digest_room),
            "Digest realm=\"atlanta.com\", qop=\"auth,auth-int\", "
            "nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", stale=TRUE, algorithm=SHA-256");
}

TEST(ChallengeWriter, leaves_out_what_is_absent) {
  EXPECT_EQ(write_challenge({.scheme = "Digest", .nonce = "n"}, digest_room), "Digest nonce=\"n\"");
  EXPECT_EQ(write_challenge({.scheme = "Digest"}, digest_room), std::nullopt);
}

TEST(ChallengeWriter, gives_back_what_was_read) {
  for (const std::string_view value :
       {"Digest realm=\"atlanta.com\", domain=\"sip:ss1.carrier.com sip:ss2.carrier.com\", "
        "qop=\"auth\", nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", stale=FALSE, "
        "algorithm=MD5",
        "Digest realm=\"a \\\"quoted\\\" \\\\ realm\", nonce=\"n\", algorithm=token, "
        "charset=UTF-8, "
        "userhash=true",
        "NoOneKnowsThisScheme opaque-data=here, x=\"y, z\""}) {
    const auto challenge = parse_challenge(value);
    ASSERT_TRUE(challenge) << value;
    EXPECT_EQ(write_challenge(*challenge, digest_room), value);
  }
}

TEST(ChallengeWriter, needs_room_for_all_of_it) {
  const std::string whole(*write_challenge(offered(), digest_room));
  std::array<char, 256> exact{};
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(write_challenge(offered(), std::span(exact).first(size)), std::nullopt) << size;
  EXPECT_EQ(write_challenge(offered(), std::span(exact).first(whole.size())), whole);
  EXPECT_EQ(exact[whole.size()], '\0');
}

TEST(ChallengeWriter, writes_nothing_that_breaks_out) {
  for (const std::string_view realm : {"a\"b", "a\\", "a\r\nVia: x", "\\\\\"", "a\x7f"})
    EXPECT_EQ(write_challenge({.scheme = "Digest", .realm = realm}, digest_room), std::nullopt)
        << realm;
  EXPECT_EQ(write_challenge({.scheme = "Digest", .stale = "a b"}, digest_room), std::nullopt);
  EXPECT_EQ(write_challenge({.scheme = "Digest", .algorithm = ""}, digest_room), std::nullopt);
  EXPECT_EQ(write_challenge({.scheme = "Di gest", .realm = "a"}, digest_room), std::nullopt);
  EXPECT_EQ(write_challenge({.scheme = "", .realm = "a"}, digest_room), std::nullopt);
  EXPECT_EQ(write_challenge({.scheme = "Other", .parameters = "a=1\r\n b=2"}, digest_room),
            std::nullopt);
  EXPECT_EQ(write_challenge({.scheme = "Other", .parameters = "a"}, digest_room), std::nullopt);
}

TEST(Challenge, says_what_it_offers) {
  EXPECT_TRUE(offered().is_digest());
  EXPECT_TRUE(offered().is_complete());
  EXPECT_TRUE(offered().is_stale());
  EXPECT_TRUE(offered().offers(Qop::auth));
  EXPECT_TRUE(offered().offers(Qop::auth_int));
  EXPECT_FALSE(offered().offers(Qop::none));
  EXPECT_TRUE(Challenge{.qop = "x, Auth"}.offers(Qop::auth));
  EXPECT_TRUE(Challenge{.qop = "x"}.offers(Qop::unknown));
  EXPECT_FALSE(Challenge{.qop = "x"}.offers(Qop::auth));
  EXPECT_TRUE(Challenge{}.offers(Qop::none));
  EXPECT_FALSE(Challenge{.realm = "a"}.is_complete());
  EXPECT_FALSE(Challenge{.stale = "maybe"}.is_stale());
}

TEST(Challenge, of_an_unknown_scheme_keeps_its_parameters) {
  const auto challenge = parse_challenge("Other opaque-data=here, Realm=\"x\"");
  ASSERT_TRUE(challenge);
  EXPECT_FALSE(challenge->is_digest());
  EXPECT_EQ(parameter(challenge->parameters, "opaque-data"), "here");
  EXPECT_EQ(parameter(challenge->parameters, "realm"), "\"x\"");
  EXPECT_EQ(challenge->realm.data(), nullptr);
}

TEST(Challenge, is_refused_strictly_where_quotes_are_wrong) {
  EXPECT_TRUE(parse_challenge("Digest realm=\"a\", algorithm=\"MD5\""));
  EXPECT_EQ(strictly(parse_challenge("Digest realm=\"a\", algorithm=\"MD5\"")).error(),
            (ParseError{ParseErrorCode::parameter, 28}));
  EXPECT_TRUE(strictly(parse_challenge("Digest realm=\"a\", algorithm=MD5")));
}

TEST(CredentialsWriter, quotes_what_has_quotes_and_nothing_else) {
  std::array<char, nonce_count_size> nc{};
  const Credentials credentials{.scheme = "Digest",
                                .username = "bob",
                                .realm = "biloxi.com",
                                .nonce = "dcd98b",
                                .uri = "sip:bob@biloxi.com",
                                .response = "89eb00",
                                .algorithm = "MD5",
                                .cnonce = "0a4f113b",
                                .opaque = "5ccc",
                                .qop = to_string(Qop::auth),
                                .nc = write_nonce_count(0x1a, nc)};
  EXPECT_EQ(write_credentials(credentials, digest_room),
            "Digest username=\"bob\", realm=\"biloxi.com\", nonce=\"dcd98b\", "
            "uri=\"sip:bob@biloxi.com\", response=\"89eb00\", algorithm=MD5, "
            "cnonce=\"0a4f113b\", opaque=\"5ccc\", qop=auth, nc=0000001a");
  EXPECT_TRUE(credentials.is_complete());
  EXPECT_EQ(credentials.nonce_count(), 26U);
}

TEST(CredentialsWriter, gives_back_what_was_read) {
  for (const std::string_view value :
       {"Digest username=\"bob\", realm=\"example.com\", "
        "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\","
        " uri=\"sip:registrar.example.com\", response=\"6629fae49393a05397450978507c4ef1\", "
        "algorithm=MD5, cnonce=\"0a4f113b\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\", "
        "qop=auth, "
        "nc=00000001",
        "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"api@example.org\", userhash=false",
        "NoOneKnowsThisScheme opaque-data=here"}) {
    const auto credentials = parse_credentials(value);
    ASSERT_TRUE(credentials) << value;
    EXPECT_EQ(write_credentials(*credentials, digest_room), value);
  }
}

// Columns: id, source, username, realm, password, nonce, uri, method, algorithm, qop, nc, cnonce,
// body, ha1, ha2, response, ...
TEST(CredentialsWriter, writes_the_vectors_of_the_rfcs) {
  const auto rows = testing::read_table("digest.tsv");
  for (testing::Row row : rows) {
    for (std::string& cell : row) cell = testing::unescaped(cell);
    Credentials credentials{.scheme = "Digest", .username = row[2], .realm = row[3]};
    credentials.nonce = row[5], credentials.uri = row[6], credentials.response = row[15];
    if (!row[8].empty()) credentials.algorithm = row[8];
    if (!row[9].empty())
      credentials.qop = row[9], credentials.nc = row[10], credentials.cnonce = row[11];
    const auto value = write_credentials(credentials, digest_room);
    ASSERT_TRUE(value) << row[0];
    const auto again = strictly(parse_credentials(*value));
    ASSERT_TRUE(again) << *value;
    EXPECT_TRUE(again->is_complete()) << *value;
    EXPECT_NE(digest_algorithm_from(again->algorithm), DigestAlgorithm::unknown) << *value;
    EXPECT_EQ(again->username, row[2]);
    EXPECT_EQ(again->uri, row[6]);
    EXPECT_EQ(again->response, row[15]);
    std::array<char, 2048> copy{};
    EXPECT_EQ(write_credentials(*again, copy), value);
  }
  EXPECT_GE(rows.size(), 20U);
}

TEST(Credentials, are_complete_with_all_that_a_response_is_made_of) {
  const Credentials old{.username = "u", .realm = "r", .nonce = "n", .uri = "i", .response = "x"};
  EXPECT_TRUE(old.is_complete());
  for (auto member : {&Credentials::username, &Credentials::realm, &Credentials::nonce,
                      &Credentials::uri, &Credentials::response}) {
    Credentials without = old;
    without.*member = {};
    EXPECT_FALSE(without.is_complete());
  }
  Credentials protected_ones = old;
  protected_ones.qop = "auth";
  EXPECT_FALSE(protected_ones.is_complete());
  protected_ones.cnonce = "c";
  EXPECT_FALSE(protected_ones.is_complete());
  protected_ones.nc = "00000001";
  EXPECT_TRUE(protected_ones.is_complete());
}

TEST(NonceCount, has_eight_digits) {
  std::array<char, nonce_count_size> nc{};
  EXPECT_EQ(write_nonce_count(0, nc), "00000000");
  EXPECT_EQ(write_nonce_count(0xabcdef01, nc), "abcdef01");
  const auto most = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ((Credentials{.nc = write_nonce_count(most, nc)}.nonce_count()), most);
  EXPECT_EQ(Credentials{}.nonce_count(), 0U);
}

TEST(AuthenticationInfoWriter, gives_back_what_was_read) {
  constexpr std::string_view value =
      "nextnonce=\"47364c23\", qop=auth, rspauth=\"6629fae4\", cnonce=\"0a4f113b\", nc=00000001";
  const auto info = parse_authentication_info(value);
  ASSERT_TRUE(info);
  EXPECT_EQ(write_authentication_info(*info, digest_room), value);
  EXPECT_EQ(write_authentication_info({}, digest_room), std::nullopt);
}

TEST(DigestNames, are_those_of_the_registry) {
  for (const auto* name :
       {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"})
    EXPECT_EQ(to_string(digest_algorithm_from(name)), name);
  EXPECT_EQ(digest_algorithm_from(""), DigestAlgorithm::md5);
  EXPECT_EQ(digest_algorithm_from("sha-256-SESS"), DigestAlgorithm::sha_256_sess);
  EXPECT_EQ(digest_algorithm_from("SHA-1"), DigestAlgorithm::unknown);
  EXPECT_EQ(to_string(DigestAlgorithm::unknown), "");
  EXPECT_EQ(qop_from("AUTH-INT"), Qop::auth_int);
  EXPECT_EQ(qop_from("auth-conf"), Qop::unknown);
  EXPECT_EQ(qop_from(""), Qop::none);
}

}  // namespace
}  // namespace sipring
