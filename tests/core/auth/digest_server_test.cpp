// The cases A10 and A11 of a server, and that client and server understand each other.
// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest_server.h>

#include <gmock/gmock.h>

#include <string>
#include <type_traits>

#include "tests/core/auth/digest_fixture.h"

namespace sipring::test {
namespace {

using ::testing::HasSubstr;

// Kept while a source of credentials is asked, and sent to another thread if need be.
static_assert(std::is_trivially_copyable_v<DigestClaim>);

class DigestServerTest : public DigestFixture {
 protected:
  // A request with the answer to a challenge.
  ParsedText answered(DigestServer& of, const DigestRequest& request,
                      const DigestAccount& account = {"bob", "zanzibar"}) {
    DigestClient client = make_client(account);
    DigestAttempt attempt;
    EXPECT_EQ(take(client, attempt, challenge(of)), std::nullopt);
    headers = answer(client, attempt, request);
    return ParsedText(request_text(request.method, request.uri, headers, request.body));
  }
  static ParsedText with(const std::string& parameters, std::string_view method = "REGISTER") {
    return ParsedText(
        request_text(method, "sip:example.com", "Authorization: Digest " + parameters + "\r\n"));
  }
  static constexpr DigestRequest register_{"REGISTER", "sip:example.com", ""};
  DigestServer server = make_server();
  std::string headers;  // of the last answer
};

TEST_F(DigestServerTest, challenges_with_each_algorithm_the_strongest_first) {
  const std::string lines = challenge(server);
  const std::size_t sha512 = lines.find("SHA-512-256"), sha256 = lines.find("algorithm=SHA-256"),
                    md5 = lines.find("MD5");
  EXPECT_LT(sha512, sha256);
  EXPECT_LT(sha256, md5);
  EXPECT_NE(md5, lines.npos);
  EXPECT_EQ(parameter_of(lines, "realm"), realm);
  EXPECT_EQ(parameter_of(lines, "stale"), "(none)");
  EXPECT_EQ(parameter_of(challenge(server, true), "stale"), "true");
  DigestServer at_proxy = make_server({.role = DigestRole::proxy});
  EXPECT_THAT(challenge(at_proxy), HasSubstr("Proxy-Authenticate: Digest"));
}

TEST_F(DigestServerTest, accepts_who_knows_the_password) {
  for (const DigestAlgorithm algorithm :
       {DigestAlgorithm::md5, DigestAlgorithm::md5_sess, DigestAlgorithm::sha_256,
        DigestAlgorithm::sha_256_sess, DigestAlgorithm::sha_512_256,
        DigestAlgorithm::sha_512_256_sess}) {
    for (const bool integrity : {false, true}) {
      for (const DigestRole role : {DigestRole::user_agent, DigestRole::proxy}) {
        DigestServer one =
            make_server({.algorithms = {algorithm}, .role = role, .offers_integrity = integrity});
        const DigestAccount account{"bob", "zanzibar", integrity};
        const DigestRequest invite{"INVITE", "sip:bob@example.com", "v=0\r\n"};
        EXPECT_EQ(judge(one, answered(one, invite, account)), DigestVerdict::accepted);
        EXPECT_EQ(judge(one, answered(one, invite, account), "other"), DigestVerdict::refused);
      }
    }
  }
}

TEST_F(DigestServerTest, refuses_another_method_uri_or_body) {
  DigestServer careful = make_server({.offers_integrity = true});
  const DigestRequest message{"MESSAGE", "sip:bob@example.com", "hello"};
  (void)answered(careful, message, {"bob", "zanzibar", true});
  const auto said = [&](std::string_view method, std::string_view body) {
    return judge(careful, ParsedText(request_text(method, "sip:bob@example.com", headers, body)));
  };
  EXPECT_EQ(said("INFO", "hello"), DigestVerdict::refused);
  EXPECT_EQ(said("MESSAGE", "hallo"), DigestVerdict::refused);
  EXPECT_EQ(said("MESSAGE", ""), DigestVerdict::refused);
  EXPECT_EQ(said("MESSAGE", "hello"), DigestVerdict::accepted);
}

// A11.
TEST_F(DigestServerTest, says_that_a_nonce_was_stale_only_to_who_knows_the_password) {
  const ParsedText request = answered(server, register_);
  now += std::chrono::minutes(6);
  EXPECT_EQ(judge(server, request, "other"), DigestVerdict::refused);
  EXPECT_EQ(judge(server, request), DigestVerdict::stale);
  DigestServer restarted = make_server({}, 99);
  EXPECT_EQ(judge(restarted, answered(server, register_)), DigestVerdict::stale);
}

// A11.
TEST_F(DigestServerTest, refuses_what_was_sent_before) {
  const ParsedText request = answered(server, register_);
  EXPECT_EQ(judge(server, request), DigestVerdict::accepted);
  EXPECT_EQ(judge(server, request), DigestVerdict::stale);
  EXPECT_EQ(judge(server, request), DigestVerdict::stale);
}

TEST_F(DigestServerTest, accepts_every_count_of_a_nonce_once) {
  DigestClient client = make_client();
  DigestAttempt attempt;
  EXPECT_EQ(take(client, attempt, challenge(server)), std::nullopt);
  for (int i = 0; i < 100; ++i) {
    const ParsedText request(
        request_text("REGISTER", "sip:example.com", answer(client, attempt, register_)));
    EXPECT_EQ(judge(server, request), DigestVerdict::accepted);
    EXPECT_EQ(judge(server, request), DigestVerdict::stale);
  }
}

// A11: nobody can tell an unknown user from a wrong password.
TEST_F(DigestServerTest, refuses_an_unknown_user_as_a_wrong_password) {
  const ParsedText request = answered(server, register_);
  EXPECT_EQ(judge(server, request, "zanzibar", false), DigestVerdict::refused);
  now += std::chrono::hours(1);
  EXPECT_EQ(judge(server, request, "zanzibar", false), DigestVerdict::refused);
}

// The same work is done, counted in hashed octets.
TEST_F(DigestServerTest, hashes_as_much_for_an_unknown_user) {
  static std::size_t hashed;
  HashFunctions counting = hashes;
  counting.sha_512_256 = [](void*, std::span<const std::string_view> pieces, std::uint8_t* to) {
    for (const std::string_view piece : pieces) hashed += piece.size();
    openssl_hashes().sha_512_256(nullptr, pieces, to);
  };
  DigestServer counted({.realm = realm}, counting, Entropy{}, *std::pmr::new_delete_resource());
  const ParsedText request = answered(counted, register_);
  const auto work = [&](const std::optional<HexDigest>& ha1) {
    const auto claim = counted.claim(*request);
    hashed = 0;
    EXPECT_EQ(counted.judge(now, *claim, ha1), DigestVerdict::refused);
    return hashed;
  };
  EXPECT_EQ(work(std::nullopt),
            work(make_ha1(hashes, DigestAlgorithm::sha_512_256, "bob", realm, "x")));
}

// The request's octets are gone by then.
TEST_F(DigestServerTest, judges_a_claim_when_the_answer_of_a_far_source_has_come) {
  std::optional<DigestClaim> kept;
  {
    const ParsedText request = answered(server, register_);
    kept = server.claim(*request).value();
  }
  EXPECT_EQ(kept->username.view(), "bob");
  const DigestClaim copy = *kept;
  now += std::chrono::seconds(3);
  EXPECT_EQ(server.judge(now, copy, make_ha1(hashes, copy.algorithm, "bob", realm, "zanzibar")),
            DigestVerdict::accepted);
}

// A08, the server's half.
TEST_F(DigestServerTest, asks_for_a_user_by_hash) {
  DigestServer hiding = make_server({.offers_userhash = true});
  const ParsedText request = answered(hiding, register_);
  const auto claim = hiding.claim(*request);
  ASSERT_TRUE(claim);
  EXPECT_TRUE(claim->is_userhash);
  EXPECT_EQ(claim->username.view(), make_userhash(hashes, claim->algorithm, "bob", realm).view());
  EXPECT_EQ(judge(hiding, request), DigestVerdict::accepted);
}

// A10: what cannot be challenged is not; an ACK is judged by its INVITE's credentials.
TEST_F(DigestServerTest, judges_an_ACK_by_the_credentials_of_its_INVITE) {
  EXPECT_FALSE(DigestServer::may_challenge(Method::ack));
  EXPECT_FALSE(DigestServer::may_challenge(Method::cancel));
  EXPECT_TRUE(DigestServer::may_challenge(Method::bye));
  const ParsedText invite = answered(server, {"INVITE", "sip:bob@example.com", ""});
  const ParsedText ack(request_text("ACK", "sip:bob@192.0.2.4", headers));
  EXPECT_EQ(judge(server, ack), DigestVerdict::stale) << "no INVITE has come";
  EXPECT_EQ(judge(server, invite), DigestVerdict::accepted);
  EXPECT_EQ(judge(server, ack), DigestVerdict::accepted);
  EXPECT_EQ(judge(server, ack), DigestVerdict::accepted) << "an ACK may be sent again";
  EXPECT_EQ(judge(server, ack, "other"), DigestVerdict::refused);
}

TEST_F(DigestServerTest, says_why_there_is_no_claim) {
  const std::string whole =
      R"(username="bob", realm="example.com", nonce="n", uri="sip:h", response="00", algorithm=MD5)";
  const auto error_of = [&](const std::string& parameters) {
    const auto claim = server.claim(*with(parameters));
    return claim ? std::nullopt : std::optional(claim.error());
  };
  EXPECT_TRUE(server.claim(*with(whole)));
  EXPECT_EQ(server.claim(*ParsedText(request_text("REGISTER", "sip:h", ""))).error(),
            ClaimError::absent);
  EXPECT_EQ(server.claim(*with(replaced(whole, "example.com", "example.org"))).error(),
            ClaimError::absent);
  EXPECT_EQ(error_of(replaced(whole, R"(uri="sip:h", )", "")), ClaimError::malformed);
  EXPECT_EQ(error_of(replaced(whole, "MD5", "SHA3")), ClaimError::unknown_algorithm);
  EXPECT_EQ(error_of(replaced(whole, "MD5", "MD5-sess")), ClaimError::unknown_algorithm);
  EXPECT_EQ(error_of(whole + R"(, qop=auth-int, cnonce="c", nc=00000001)"),
            ClaimError::unknown_qop);
  EXPECT_EQ(error_of(whole + ", qop=auth"), ClaimError::malformed);
  EXPECT_EQ(error_of(replaced(whole, "bob", std::string(257, 'b'))), ClaimError::too_long);
  EXPECT_EQ(error_of(replaced(whole, "\"n\"", "\"" + std::string(57, 'n') + "\"")),
            ClaimError::too_long);
  EXPECT_EQ(status_of(ClaimError::malformed, DigestRole::proxy), 400);
  EXPECT_EQ(status_of(ClaimError::absent, DigestRole::proxy), 407);
  EXPECT_EQ(status_of(ClaimError::absent, DigestRole::user_agent), 401);
}

TEST_F(DigestServerTest, reads_credentials_among_those_of_other_realms) {
  const ParsedText request = answered(server, register_);
  const std::string others =
      "Authorization: Digest username=\"x\", realm=\"other\", nonce=\"n\", uri=\"sip:h\", "
      "response=\"0\"\r\nAuthorization: Bearer abc\r\n";
  EXPECT_EQ(
      judge(server, ParsedText(request_text("REGISTER", "sip:example.com", others + headers))),
      DigestVerdict::accepted);
}

// A05: clients of RFC 2069 count nothing, so a nonce is good for one request.
TEST_F(DigestServerTest, takes_an_answer_without_qop_once) {
  const std::string nonce = parameter_of(challenge(server), "nonce");
  const HexDigest ha1 = make_ha1(hashes, DigestAlgorithm::md5, "bob", realm, "zanzibar");
  const HexDigest ha2 = make_ha2(hashes, DigestAlgorithm::md5, Qop::none, "REGISTER", "sip:h", "");
  std::string proof(make_response(hashes, DigestAlgorithm::md5,
                                  {.ha1 = ha1.view(), .nonce = nonce, .ha2 = ha2.view()})
                        .view());
  for (char& digit : proof) digit = static_cast<char>(std::toupper(digit));  // as some send it
  const ParsedText request = with("username=\"bob\", realm=\"example.com\", nonce=\"" + nonce +
                                  "\", uri=\"sip:h\", response=\"" + proof + "\"");
  EXPECT_EQ(judge(server, request), DigestVerdict::accepted);
  EXPECT_EQ(judge(server, request), DigestVerdict::stale);
  DigestServer strict = make_server({.takes_no_qop = false});
  EXPECT_EQ(strict.claim(*request).error(), ClaimError::unknown_qop);
}

// A07, the server's half.
TEST_F(DigestServerTest, understands_quotes_and_names_of_other_alphabets) {
  DigestServer quoting = make_server({.realm = R"(a"b\c)"});
  DigestClient client = make_client({R"(b"o\b)", "p"});
  DigestAttempt attempt;
  EXPECT_EQ(take(client, attempt, challenge(quoting)), std::nullopt);
  const ParsedText request(
      request_text("REGISTER", "sip:h", answer(client, attempt, {"REGISTER", "sip:h", ""})));
  const auto claim = quoting.claim(*request);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->username.view(), R"(b"o\b)");
  EXPECT_EQ(
      quoting.judge(now, *claim, make_ha1(hashes, claim->algorithm, R"(b"o\b)", R"(a"b\c)", "p")),
      DigestVerdict::accepted);
  const auto extended =
      server.claim(*with("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"example.com\", "
                         "nonce=\"n\", uri=\"sip:h\", response=\"00\""));
  ASSERT_TRUE(extended);
  EXPECT_EQ(extended->username.view(), "J\xc3\xa4s\xc3\xb8n Doe");
}

TEST_F(DigestServerTest, writes_nothing_where_there_is_no_room) {
  HeaderLine lines[DigestServer::most_lines];
  std::string room(server.room_for_lines(), '\0');
  EXPECT_EQ(server.challenge(now, true, lines, room).size(), 3u);
  EXPECT_TRUE(server.challenge(now, true, lines, std::span(room).first(100)).empty());
  EXPECT_TRUE(server.challenge(now, true, std::span(lines).first(2), room).empty());
}

TEST_F(DigestServerTest, offers_no_algorithm_that_it_cannot_compute) {
  HashFunctions some = hashes;
  some.md5 = nullptr;
  DigestServer without({.realm = realm}, some, Entropy{}, *std::pmr::new_delete_resource());
  EXPECT_EQ(challenge(without).find("MD5"), std::string::npos);
}

}  // namespace
}  // namespace sipring::test
