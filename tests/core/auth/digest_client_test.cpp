// The cases A01 to A10, A12 and A13 of a client: each challenge answered, and none for ever.
// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest_client.h>

#include <gmock/gmock.h>

#include <string>

#include "tests/core/auth/digest_fixture.h"

namespace sipring::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr DigestRequest register_{"REGISTER", "sip:example.com", ""};

std::string www(const std::string& parameters) {
  return "WWW-Authenticate: Digest " + parameters + "\r\n";
}
std::string proxy(const std::string& parameters) {
  return "Proxy-Authenticate: Digest " + parameters + "\r\n";
}

class DigestClientTest : public DigestFixture {
 protected:
  std::string answer_to(const std::string& headers, const DigestRequest& request = register_) {
    EXPECT_EQ(take(client, attempt, headers), std::nullopt);
    return answer(client, attempt, request);
  }
  DigestClient client = make_client();
  DigestAttempt attempt;
};

TEST_F(DigestClientTest, sends_nothing_before_it_is_asked) {
  EXPECT_EQ(answer(client, attempt, register_), "");
}

// A01, A12.
TEST_F(DigestClientTest, answers_every_realm_and_keeps_what_was_taken) {
  const std::string first = answer_to(proxy(R"(realm="p1", nonce="n1", qop="auth")") +
                                      proxy(R"(realm="p2", nonce="n2", qop="auth")"));
  EXPECT_THAT(first, HasSubstr(R"(Proxy-Authorization: Digest username="bob", realm="p1")"));
  EXPECT_THAT(first, HasSubstr(R"(Proxy-Authorization: Digest username="bob", realm="p2")"));
  const std::string second = answer_to(www(R"(realm="p1", nonce="n3", qop="auth")"));
  EXPECT_THAT(second, HasSubstr(R"(realm="p1", nonce="n1")"));
  EXPECT_THAT(second, HasSubstr(R"(realm="p2", nonce="n2")"));
  EXPECT_THAT(second,
              HasSubstr("\r\nAuthorization: Digest username=\"bob\", realm=\"p1\", nonce=\"n3\""));
  EXPECT_EQ(client.realms(), 3u);
}

// A02.
TEST_F(DigestClientTest, answers_the_topmost_challenge_of_a_realm_that_it_knows) {
  const std::string three = www(R"(realm="r", nonce="n", qop="auth", algorithm=SHA3-512)") +
                            www(R"(realm="r", nonce="n", qop="auth", algorithm=SHA-512-256)") +
                            www(R"(realm="r", nonce="n", qop="auth", algorithm=SHA-256)") +
                            www(R"(realm="r", nonce="n", qop="auth", algorithm=MD5)");
  const std::string sent = answer_to("WWW-Authenticate: NTLM x=y\r\n" + three);
  EXPECT_EQ(parameter_of(sent, "algorithm"), "SHA-512-256");
  EXPECT_EQ(sent.find("\r\n"), sent.size() - 2) << "one answer for a realm";
  HashFunctions some = hashes;
  some.sha_512_256 = nullptr;
  DigestClient other({"bob", "zanzibar"}, some, Entropy{});
  DigestAttempt its;
  EXPECT_EQ(take(other, its, three), std::nullopt);
  EXPECT_EQ(parameter_of(answer(other, its, register_), "algorithm"), "SHA-256");
}

TEST_F(DigestClientTest, says_why_it_cannot_answer) {
  EXPECT_EQ(take(client, attempt, ""), DigestError::no_challenge);
  EXPECT_EQ(take(client, attempt, www("realm=\"r\"")), DigestError::no_challenge);
  EXPECT_EQ(take(client, attempt, "WWW-Authenticate: Basic realm=\"r\"\r\n"),
            DigestError::unknown_scheme);
  EXPECT_EQ(take(client, attempt, www(R"(realm="r", nonce="n", algorithm=SHA3)")),
            DigestError::unknown_algorithm);
  EXPECT_EQ(take(client, attempt, www(R"(realm="r", nonce="n", qop="other")")),
            DigestError::unknown_qop);
  const std::string nonce(DigestClient::longest_nonce + 1, 'n');
  EXPECT_EQ(take(client, attempt, www("realm=\"r\", nonce=\"" + nonce + "\"")),
            DigestError::too_long);
  EXPECT_EQ(client.realms(), 0u);
  std::string five;
  for (char i = '1'; i <= '5'; ++i) five += www(std::string("realm=\"r") + i + "\", nonce=\"n\"");
  EXPECT_EQ(take(client, attempt, five), DigestError::too_many_realms);
}

// A03.
TEST_F(DigestClientTest, tries_once_more_with_a_nonce_that_was_stale_and_never_in_a_loop) {
  (void)answer_to(www(R"(realm="r", nonce="n1", qop="auth")"));
  DigestAttempt wrong = attempt;
  EXPECT_EQ(take(client, wrong, www(R"(realm="r", nonce="n2", qop="auth")")),
            DigestError::wrong_password);
  EXPECT_THAT(answer_to(www(R"(realm="r", nonce="n2", qop="auth", stale=TRUE)")),
              HasSubstr("\"n2\""));
  EXPECT_EQ(take(client, attempt, www(R"(realm="r", nonce="n3", qop="auth", stale=true)")),
            DigestError::wrong_password);
}

// Whatever a server says, a request is answered a bounded number of times.
TEST_F(DigestClientTest, ends_whatever_it_is_asked) {
  int rounds = 0;
  for (; rounds < 100; ++rounds) {
    const std::string number = std::to_string(rounds);
    const std::string challenge = "realm=\"r" + std::to_string(rounds % 7) + "\", nonce=\"n" +
                                  number + "\", qop=\"auth\", stale=true";
    if (take(client, attempt, rounds % 2 == 0 ? www(challenge) : proxy(challenge))) break;
    (void)answer(client, attempt, register_);
  }
  EXPECT_LE(rounds, 2 * static_cast<int>(DigestClient::most_realms));
}

// Credentials that were sent unasked may have met a server that has forgotten its nonces.
TEST_F(DigestClientTest, answers_the_first_challenge_to_a_request_though_it_had_credentials) {
  (void)answer_to(www(R"(realm="r", nonce="n1", qop="auth")"));
  DigestAttempt next;
  EXPECT_THAT(answer(client, next, register_), HasSubstr("nc=00000002"));
  EXPECT_EQ(take(client, next, www(R"(realm="r", nonce="n2", qop="auth")")), std::nullopt);
  EXPECT_EQ(take(client, next, www(R"(realm="r", nonce="n3", qop="auth")")),
            DigestError::wrong_password);
}

// A04.
TEST_F(DigestClientTest, counts_the_uses_of_a_nonce_in_eight_digits) {
  const std::string challenge = www(R"(realm="r", nonce="n1", qop="auth")");
  EXPECT_THAT(answer_to(challenge), HasSubstr(", nc=00000001"));
  for (int i = 2; i <= 10; ++i) attempt = {}, (void)answer(client, attempt, register_);
  EXPECT_THAT(answer(client, attempt, register_), HasSubstr(", nc=0000000b"));
  attempt = {};
  EXPECT_THAT(answer_to(challenge), HasSubstr(", nc=0000000c")) << "the same nonce again";
  attempt = {};
  EXPECT_THAT(answer_to(www(R"(realm="r", nonce="n2", qop="auth")")), HasSubstr(", nc=00000001"));
}

TEST_F(DigestClientTest, draws_a_cnonce_for_each_use) {
  const std::string first = answer_to(www(R"(realm="r", nonce="n1", qop="auth")"));
  const std::string second = answer(client, attempt, register_);
  EXPECT_NE(parameter_of(first, "cnonce"), parameter_of(second, "cnonce"));
  EXPECT_EQ(parameter_of(first, "cnonce").size(), 16u);
}

// A05.
TEST_F(DigestClientTest, answers_in_short_where_there_is_no_qop) {
  const std::string sent = answer_to(www(R"(realm="biloxi.com", nonce="n", opaque="o")"));
  for (const char* absent : {"qop", "nc", "cnonce"})
    EXPECT_EQ(parameter_of(sent, absent), "(none)");
  const HexDigest ha1 = make_ha1(hashes, DigestAlgorithm::md5, "bob", "biloxi.com", "zanzibar");
  const HexDigest ha2 =
      make_ha2(hashes, DigestAlgorithm::md5, Qop::none, "REGISTER", "sip:example.com", "");
  const HexDigest response = make_response(hashes, DigestAlgorithm::md5,
                                           {.ha1 = ha1.view(), .nonce = "n", .ha2 = ha2.view()});
  EXPECT_EQ(parameter_of(sent, "response"), response.view());
  EXPECT_EQ(parameter_of(sent, "opaque"), "o");
}

// A05: both are right; bodies are changed on the way, so auth is taken unless the account asks.
TEST_F(DigestClientTest, protects_the_body_where_that_is_asked_for) {
  const DigestRequest invite{"INVITE", "sip:bob@example.com", "v=0\r\n"};
  const std::string both = R"(realm="r", nonce="n", qop="auth-int,auth")";
  EXPECT_EQ(parameter_of(answer_to(www(both), invite), "qop"), "auth");
  DigestClient careful = make_client({"bob", "zanzibar", true});
  DigestAttempt its;
  EXPECT_EQ(take(careful, its, www(both)), std::nullopt);
  const std::string with_body = answer(careful, its, invite);
  EXPECT_EQ(parameter_of(with_body, "qop"), "auth-int");
  attempt = {};
  EXPECT_EQ(parameter_of(answer_to(www(R"(realm="r2", nonce="n", qop="auth-int")")), "qop"),
            "auth");
}

// A06: as it is sent, octet for octet.
TEST_F(DigestClientTest, hashes_the_request_uri_as_it_is) {
  const std::string uri = "sip:%62ob@EXAMPLE.com:5060;lr;x=%41";
  const std::string sent = answer_to(www(R"(realm="r", nonce="n")"), {"INVITE", uri, ""});
  EXPECT_EQ(parameter_of(sent, "uri"), uri);
  const HexDigest ha1 = make_ha1(hashes, DigestAlgorithm::md5, "bob", "r", "zanzibar");
  const HexDigest ha2 = make_ha2(hashes, DigestAlgorithm::md5, Qop::none, "INVITE", uri, "");
  EXPECT_EQ(parameter_of(sent, "response"),
            make_response(hashes, DigestAlgorithm::md5,
                          {.ha1 = ha1.view(), .nonce = "n", .ha2 = ha2.view()})
                .view());
}

// A07.
TEST_F(DigestClientTest, hashes_what_quoted_values_say_and_sends_them_back_as_they_came) {
  DigestClient quoted = make_client({R"(b"o\b)", "zanzibar"});
  EXPECT_EQ(take(quoted, attempt, www(R"(realm="a\"\\b", nonce="n", opaque="o\"p")")),
            std::nullopt);
  const std::string sent = answer(quoted, attempt, register_);
  EXPECT_THAT(sent, HasSubstr(R"(username="b\"o\\b", realm="a\"\\b")"));
  EXPECT_THAT(sent, HasSubstr(R"(opaque="o\"p")"));
  const HexDigest ha1 = make_ha1(hashes, DigestAlgorithm::md5, R"(b"o\b)", R"(a"\b)", "zanzibar");
  const HexDigest ha2 =
      make_ha2(hashes, DigestAlgorithm::md5, Qop::none, "REGISTER", "sip:example.com", "");
  EXPECT_EQ(parameter_of(sent, "response"),
            make_response(hashes, DigestAlgorithm::md5,
                          {.ha1 = ha1.view(), .nonce = "n", .ha2 = ha2.view()})
                .view());
}

// A08.
TEST_F(DigestClientTest, hides_its_name_where_that_is_offered) {
  const std::string sent =
      answer_to(www(R"(realm="r", nonce="n", qop="auth", algorithm=SHA-256, userhash=true)"));
  EXPECT_EQ(parameter_of(sent, "username"),
            make_userhash(hashes, DigestAlgorithm::sha_256, "bob", "r").view());
  EXPECT_EQ(parameter_of(sent, "userhash"), "true");
  attempt = {};
  EXPECT_EQ(parameter_of(answer_to(www(R"(realm="r", nonce="n2", userhash=false)")), "username"),
            "bob");
}

// A09.
TEST_F(DigestClientTest, uses_the_next_nonce_and_believes_a_server_that_proves_itself) {
  const std::string sent = answer_to(www(R"(realm="r", nonce="n1", qop="auth-int")"));
  const std::string cnonce = parameter_of(sent, "cnonce"), body = "hello";
  const HexDigest ha1 = make_ha1(hashes, DigestAlgorithm::md5, "bob", "r", "zanzibar");
  const HexDigest ha2 =
      make_ha2(hashes, DigestAlgorithm::md5, Qop::auth_int, "", "sip:example.com", body);
  const std::string proof(make_response(hashes, DigestAlgorithm::md5,
                                        {.ha1 = ha1.view(),
                                         .nonce = "n1",
                                         .nc = "00000001",
                                         .cnonce = cnonce,
                                         .qop = Qop::auth_int,
                                         .ha2 = ha2.view()})
                              .view());
  const auto take_info = [&](const std::string& info) {
    const ParsedText response(response_text(200, "Authentication-Info: " + info + "\r\n", body));
    return client.take_info(*response, register_, attempt);
  };
  const std::string mine = "qop=auth-int, cnonce=\"" + cnonce + "\", nc=00000001, rspauth=\"";
  EXPECT_FALSE(take_info(mine + std::string(32, '0') + "\""));
  EXPECT_FALSE(take_info("rspauth=\"" + std::string(32, '0') + "\""));
  EXPECT_TRUE(take_info("nextnonce=\"n9\", cnonce=\"another's\""));
  EXPECT_THAT(answer(client, attempt, register_), HasSubstr("nonce=\"n1\""));
  DigestAttempt first = attempt;
  first.answers[0].nonce_count = 1;
  attempt = first;
  EXPECT_TRUE(take_info(mine + proof + "\", nextnonce=\"n2\""));
  const std::string next = answer(client, attempt, register_);
  EXPECT_THAT(next, HasSubstr("nonce=\"n2\""));
  EXPECT_THAT(next, HasSubstr("nc=00000001"));
}

// A10, the client's half: the ACK of a 2xx has the credentials of its INVITE, count and all.
TEST_F(DigestClientTest, gives_the_same_credentials_again_for_an_ACK) {
  const DigestRequest invite{"INVITE", "sip:bob@example.com", "v=0\r\n"};
  const std::string sent = answer_to(www(R"(realm="r", nonce="n", qop="auth")"), invite);
  std::string room(DigestClient::room_for_one, '\0');
  HeaderLine lines[DigestClient::most_realms];
  const auto again = client.same_credentials(invite, attempt, lines, room);
  ASSERT_TRUE(again);
  EXPECT_EQ(lines_text(*again), sent);
}

TEST_F(DigestClientTest, says_where_room_is_too_small) {
  EXPECT_EQ(take(client, attempt, www(R"(realm="r", nonce="n", qop="auth")")), std::nullopt);
  char room[64];
  HeaderLine lines[DigestClient::most_realms];
  EXPECT_EQ(client.credentials(register_, attempt, lines, room).error(), DigestError::no_room);
  std::string enough(DigestClient::room_for_one, '\0');
  EXPECT_EQ(client.credentials(register_, attempt, {}, enough).error(), DigestError::no_room);
}

TEST_F(DigestClientTest, many_answers_of_one_account_run_at_once) {
  DigestAttempt other;
  const std::string first = answer_to(www(R"(realm="r", nonce="n1", qop="auth")"));
  EXPECT_EQ(take(client, other, www(R"(realm="r", nonce="n2", qop="auth")")), std::nullopt);
  EXPECT_THAT(answer(client, other, register_), HasSubstr("nonce=\"n2\""));
  EXPECT_THAT(answer(client, attempt, register_), HasSubstr("nonce=\"n2\""));  // the newest one
  EXPECT_EQ(client.realms(), 1u);
}

}  // namespace
}  // namespace sipring::test
