// SPDX-License-Identifier: MIT
#include <sipring/io/tls/session.h>

#include "tests/io/tls/authority.h"
#include "tests/io/tls/joined.h"

#include <openssl/ssl.h>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace sipring {
namespace {

using test::Authority;
using test::CertificateWish;
using test::join;
using test::Pair;

class TlsSessionTest : public testing::Test {
 protected:
  TlsSessionTest() { keys_.add(draw_ticket_key()); }

  TlsContext server(const CertificateWish& wish, TlsServerOptions options = {}) {
    if (options.ticket_keys == nullptr) options.ticket_keys = &keys_;
    return TlsContext::server(library_, std::vector{authority_.material(wish)}, options).value();
  }
  TlsContext client(TlsClientOptions options = {}) {
    return TlsContext::client(client_library_, authority_.trust(), options).value();
  }
  TlsContext client_with(const CertificateWish& wish) {
    return TlsContext::client(client_library_, authority_.material(wish), {}).value();
  }
  Pair joined(const TlsContext& from, const TlsContext& to, std::string_view domain = "example.com",
              TlsTicket ticket = {}) {
    Pair pair = join(from, to, domain, std::move(ticket));
    pair.run();
    return pair;
  }
  // Of the client, whose server shows this certificate.
  std::optional<TlsFailureCode> seen(const CertificateWish& wish, std::string_view domain) {
    const TlsContext to = server(wish);
    const TlsContext from = client();
    const Pair pair = joined(from, to, domain);
    if (!pair.client.failure) return std::nullopt;
    return pair.client.failure->code;
  }

  static inline const CertificateWish example{.alternatives = "URI:sip:example.com"};

  TlsLibrary library_;
  TlsLibrary client_library_;
  TicketKeys keys_;
  Authority authority_;
};

TEST_F(TlsSessionTest, shakes_hands_and_carries_octets_both_ways) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair pair = joined(from, to);
  ASSERT_TRUE(pair.is_open());
  EXPECT_EQ(pair.client.session.version(), "TLSv1.3");
  EXPECT_EQ(pair.server.session.protocol(), "sip/2");
  pair.client.say(pair.server, "OPTIONS");
  pair.server.say(pair.client, "200");
  pair.run();
  EXPECT_EQ(pair.server.plain, "OPTIONS");
  EXPECT_EQ(pair.client.plain, "200");
}

TEST_F(TlsSessionTest, works_whatever_octets_come_at_once_and_however_small_the_room_is) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  for (const std::size_t grain : {1, 7, 100, 600}) {
    Pair pair = join(from, to, "example.com");
    pair.run({.in = grain, .out = grain});
    ASSERT_TRUE(pair.is_open()) << grain;
    pair.client.say(pair.server, std::string(40'000, 'x'));
    pair.run({.in = grain, .out = grain});
    EXPECT_EQ(pair.server.plain, std::string(40'000, 'x')) << grain;
  }
}

TEST_F(TlsSessionTest, gives_a_record_in_pieces_where_the_room_is_small) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair pair = joined(from, to);
  pair.client.say(pair.server, "0123456789");
  std::array<char, 4> room;
  std::array<char, TlsSession::overhead> out;
  TlsWire wire{.in = pair.server.incoming, .out = out};
  ASSERT_EQ(pair.server.session.read(wire, room).value(), 4U);
  EXPECT_TRUE(wire.in.empty());
  // Nothing more comes from the network, and there is more all the same.
  EXPECT_TRUE(pair.server.session.has_plaintext());
  ASSERT_EQ(pair.server.session.read(wire, room).value(), 4U);
  ASSERT_EQ(pair.server.session.read(wire, room).value(), 2U);
  EXPECT_FALSE(pair.server.session.has_plaintext());
}

// RFC 5922 section 7.2.
TEST_F(TlsSessionTest, believes_only_a_certificate_that_speaks_for_the_domain) {
  EXPECT_EQ(seen(example, "example.com"), std::nullopt);
  EXPECT_EQ(seen(example, "EXAMPLE.com"), std::nullopt);
  EXPECT_EQ(seen({.alternatives = "DNS:example.com"}, "example.com"), std::nullopt);
  EXPECT_EQ(seen({.common_name = "example.com"}, "example.com"), std::nullopt);
  const auto wrong = TlsFailureCode::wrong_domain;
  EXPECT_EQ(seen({.alternatives = "DNS:*.example.com"}, "sip.example.com"), wrong);
  EXPECT_EQ(seen({.alternatives = "DNS:example.com"}, "sip.example.com"), wrong);
  EXPECT_EQ(seen({.alternatives = "URI:sip:bob@example.com"}, "example.com"), wrong);
  EXPECT_EQ(seen({.alternatives = "URI:sips:example.com"}, "example.com"), wrong);
  EXPECT_EQ(seen({.alternatives = "URI:sip:a.example,DNS:b.example"}, "b.example"), wrong);
  EXPECT_EQ(seen({.common_name = "example.com", .alternatives = "DNS:a.example"}, "example.com"),
            wrong);
}

TEST_F(TlsSessionTest, names_what_is_wrong_with_a_certificate) {
  CertificateWish wish = example;
  wish.until = -60;
  EXPECT_EQ(seen(wish, "example.com"), TlsFailureCode::expired);
  wish = example;
  wish.from = 3'600;
  EXPECT_EQ(seen(wish, "example.com"), TlsFailureCode::not_yet_valid);
  wish = example;
  wish.usage = "codeSigning";
  EXPECT_EQ(seen(wish, "example.com"), TlsFailureCode::wrong_purpose);
  wish.usage = "serverAuth";
  EXPECT_EQ(seen(wish, "example.com"), std::nullopt);
  wish.usage = "1.3.6.1.5.5.7.3.20";  // id-kp-sipDomain
  EXPECT_EQ(seen(wish, "example.com"), std::nullopt);
}

TEST_F(TlsSessionTest, refuses_an_authority_that_nobody_trusts) {
  const Authority stranger;
  const TlsContext to =
      TlsContext::server(library_, std::vector{stranger.material(example)}, {}).value();
  const TlsContext from = client();
  const Pair pair = joined(from, to);
  ASSERT_TRUE(pair.client.failure);
  EXPECT_EQ(pair.client.failure->code, TlsFailureCode::unknown_authority)
      << pair.client.failure->text;
  ASSERT_TRUE(pair.server.failure);
  EXPECT_EQ(pair.server.failure->code, TlsFailureCode::refused_by_peer);
}

TEST_F(TlsSessionTest, believes_anybody_when_it_is_told_to) {
  const TlsContext to = server({.alternatives = "DNS:other.example"});
  const TlsContext from = client({.verify = false});
  const Pair pair = joined(from, to);
  EXPECT_TRUE(pair.is_open());
  EXPECT_FALSE(pair.client.session.is_authenticated_as("other.example"));
}

TEST_F(TlsSessionTest, demands_a_certificate_of_the_client_where_it_is_to) {
  const TlsContext to = server(example, {.verify = TlsVerify::require});
  const TlsContext nameless = client();
  const Pair refused = joined(nameless, to);
  ASSERT_TRUE(refused.server.failure);
  EXPECT_EQ(refused.server.failure->code, TlsFailureCode::no_certificate);

  const TlsContext named = client_with({.alternatives = "URI:sip:peer.example"});
  const Pair pair = joined(named, to);
  ASSERT_TRUE(pair.is_open());
  EXPECT_TRUE(pair.server.session.is_authenticated_as("peer.example"));
  EXPECT_FALSE(pair.server.session.is_authenticated_as("example.com"));
}

TEST_F(TlsSessionTest, lets_a_client_without_certificate_in_where_it_only_asks) {
  const TlsContext to = server(example, {.verify = TlsVerify::request});
  const TlsContext nameless = client();
  const Pair pair = joined(nameless, to);
  ASSERT_TRUE(pair.is_open());
  EXPECT_FALSE(pair.server.session.has_peer_certificate());
}

TEST_F(TlsSessionTest, shows_the_certificate_that_the_server_name_asks_for) {
  const std::vector materials{authority_.material({.alternatives = "URI:sip:a.example"}),
                              authority_.material({.alternatives = "URI:sip:b.example"})};
  const TlsContext to = TlsContext::server(library_, materials, {.ticket_keys = &keys_}).value();
  const TlsContext from = client();
  EXPECT_TRUE(joined(from, to, "a.example").is_open());
  EXPECT_TRUE(joined(from, to, "b.example").is_open());
  const Pair other = joined(from, to, "c.example");
  ASSERT_TRUE(other.client.failure);
  EXPECT_EQ(other.client.failure->code, TlsFailureCode::wrong_domain);
}

TEST_F(TlsSessionTest, refuses_a_protocol_that_is_not_served) {
  const TlsContext to = server(example);
  const TlsContext from = client({.protocol = TlsProtocol::websocket});
  const Pair pair = joined(from, to);
  ASSERT_TRUE(pair.server.failure);
  EXPECT_EQ(pair.server.failure->code, TlsFailureCode::no_common_protocol);
  ASSERT_TRUE(pair.client.failure);
  EXPECT_EQ(pair.client.failure->code, TlsFailureCode::refused_by_peer);
}

TEST_F(TlsSessionTest, resumes_on_another_shard_and_after_its_key_was_replaced) {
  const TlsContext to = server(example);
  TlsLibrary other_library;
  const TlsContext elsewhere =
      TlsContext::server(other_library, std::vector{authority_.material(example)},
                         {.ticket_keys = &keys_})
          .value();
  const TlsContext from = client();
  Pair first = joined(from, to);
  EXPECT_FALSE(first.client.session.was_resumed());
  TlsTicket ticket = first.client.session.take_ticket();
  ASSERT_TRUE(ticket);

  Pair second = joined(from, elsewhere, "example.com", std::move(ticket));
  ASSERT_TRUE(second.is_open());
  EXPECT_TRUE(second.client.session.was_resumed());
  EXPECT_TRUE(second.client.session.is_authenticated_as("example.com"));

  ticket = second.client.session.take_ticket();
  keys_.add(draw_ticket_key());
  keys_.add(draw_ticket_key());
  Pair third = joined(from, to, "example.com", std::move(ticket));
  EXPECT_TRUE(third.client.session.was_resumed());

  ticket = third.client.session.take_ticket();  // a new one, of the new key
  ASSERT_TRUE(ticket);
  for (std::size_t i = 0; i < TicketKeys::kept; ++i) keys_.add(draw_ticket_key());
  const Pair fourth = joined(from, to, "example.com", std::move(ticket));
  ASSERT_TRUE(fourth.is_open());
  EXPECT_FALSE(fourth.client.session.was_resumed());
}

TEST_F(TlsSessionTest, resumes_with_the_clients_certificate_too) {
  const TlsContext to = server(example, {.verify = TlsVerify::require});
  const TlsContext from = client_with({.alternatives = "URI:sip:peer.example"});
  Pair first = joined(from, to);
  ASSERT_TRUE(first.is_open());
  const Pair second = joined(from, to, "example.com", first.client.session.take_ticket());
  ASSERT_TRUE(second.is_open());
  EXPECT_TRUE(second.server.session.was_resumed());
  EXPECT_TRUE(second.server.session.is_authenticated_as("peer.example"));
}

TEST_F(TlsSessionTest, gives_its_buffers_back_and_works_on) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair pair = joined(from, to);
  EXPECT_TRUE(pair.server.session.release_buffers());
  pair.client.say(pair.server, "after a while");
  pair.run();
  EXPECT_EQ(pair.server.plain, "after a while");
}

TEST_F(TlsSessionTest, keeps_its_buffers_while_a_record_is_on_its_way) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair pair = joined(from, to);
  pair.client.say(pair.server, "hello");
  const std::string rest = pair.server.incoming.substr(9);
  pair.server.incoming.resize(9);
  pair.run();
  EXPECT_FALSE(pair.server.session.release_buffers());
  pair.server.incoming = rest;
  pair.run();
  EXPECT_EQ(pair.server.plain, "hello");
}

TEST_F(TlsSessionTest, hears_close_notify_and_reads_what_came_before) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair pair = joined(from, to);
  pair.client.say(pair.server, "last words");
  pair.client.close(pair.server);
  pair.run();
  EXPECT_EQ(pair.server.plain, "last words");
  EXPECT_TRUE(pair.server.session.is_closed());
  EXPECT_FALSE(pair.server.failure);
}

TEST_F(TlsSessionTest, lives_on_when_its_context_is_replaced) {
  std::optional<TlsContext> to = server(example);
  const TlsContext from = client();
  Pair old = joined(from, *to);
  Pair half = join(from, *to, "example.com");
  half.client.step(half.server, {});
  to = server({.alternatives = "URI:sip:new.example"});
  half.run();
  EXPECT_TRUE(half.is_open());
  old.client.say(old.server, "still here");
  old.run();
  EXPECT_EQ(old.server.plain, "still here");
  EXPECT_TRUE(joined(from, *to, "new.example").is_open());
}

TEST_F(TlsSessionTest, tells_plain_text_from_tls) {
  const TlsContext to = server(example);
  for (const std::string_view text :
       {"OPTIONS sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\n\r\n\r\n"}) {
    TlsSession session = TlsSession::accept(to).value();
    std::array<char, 1'024> out;
    TlsWire wire{.in = text, .out = out};
    const auto done = session.handshake(wire);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, TlsFailureCode::not_tls) << text << done.error().text;
  }
}

TEST_F(TlsSessionTest, blames_no_connection_for_anothers_fault) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair good = joined(from, to);
  TlsSession bad = TlsSession::accept(to).value();
  std::array<char, 1'024> out;
  TlsWire wire{.in = "not TLS at all, as anybody sees", .out = out};
  EXPECT_FALSE(bad.handshake(wire));
  good.client.say(good.server, "untouched");
  good.run();
  EXPECT_EQ(good.server.plain, "untouched");
  EXPECT_FALSE(good.server.failure);
}

// A client of OpenSSL's own, which does what ours does not.
class RawClient {
 public:
  explicit RawClient(int version) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    session_ = SSL_new(context_.get());
    SSL_set_bio(session_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(session_);
  }
  ~RawClient() { SSL_free(session_); }
  SSL* get() { return session_; }
  void hear(std::string& octets) {
    BIO_write(SSL_get_rbio(session_), octets.data(), static_cast<int>(octets.size()));
    octets.clear();
  }
  std::string said() {
    std::string octets(static_cast<std::size_t>(BIO_pending(SSL_get_wbio(session_))), '\0');
    BIO_read(SSL_get_wbio(session_), octets.data(), static_cast<int>(octets.size()));
    return octets;
  }

 private:
  detail::OwnedContext context_;
  SSL* session_;
};

std::optional<TlsFailure> shake(RawClient& client, TlsSession& server) {
  std::array<char, 16'384> out;
  std::string back;
  for (int i = 0; i < 10; ++i) {
    SSL_do_handshake(client.get());
    const std::string said = client.said();
    TlsWire wire{.in = said, .out = out};
    const auto done = server.handshake(wire);
    if (!done) return done.error();
    back.assign(out.data(), wire.written);
    client.hear(back);
  }
  return std::nullopt;
}

TEST_F(TlsSessionTest, refuses_old_versions) {
  const TlsContext to = server(example);
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    RawClient old(version);
    TlsSession session = TlsSession::accept(to).value();
    const auto failure = shake(old, session);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, TlsFailureCode::version_too_old) << failure->text;
  }
}

TEST_F(TlsSessionTest, does_not_renegotiate) {
  const TlsContext to = server(example);
  RawClient client(TLS1_2_VERSION);
  TlsSession session = TlsSession::accept(to).value();
  ASSERT_EQ(shake(client, session), std::nullopt);
  ASSERT_TRUE(session.is_open());
  EXPECT_EQ(session.version(), "TLSv1.2");
  SSL_renegotiate(client.get());
  SSL_do_handshake(client.get());
  const std::string hello = client.said();
  ASSERT_FALSE(hello.empty());
  std::array<char, 16'384> out;
  std::array<char, 1'024> plain;
  TlsWire wire{.in = hello, .out = out};
  const auto read = session.read(wire, plain);
  EXPECT_TRUE(!read || *read == 0);
  // A warning no_renegotiation, and no second handshake.
  EXPECT_LT(wire.written, 100U);
}

// 16 KB of new keys, which would cost 5 ms in one call, and again with the next.
TEST_F(TlsSessionTest, does_not_change_keys_again_and_again_for_who_says_nothing) {
  const TlsContext to = server(example);
  RawClient client(TLS1_3_VERSION);
  TlsSession session = TlsSession::accept(to).value();
  ASSERT_EQ(shake(client, session), std::nullopt);
  for (int i = 0; i < 600; ++i) {
    SSL_key_update(client.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(client.get());
  }
  const std::string said = client.said();
  std::array<char, 16'384> out;
  std::array<char, 1'024> plain;
  TlsWire wire{.in = said, .out = out};
  const auto read = session.read(wire, plain);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, TlsFailureCode::key_updates);
}

TEST_F(TlsSessionTest, changes_keys_now_and_then_for_as_long_as_its_peer_speaks) {
  const TlsContext to = server(example);
  RawClient client(TLS1_3_VERSION);
  TlsSession session = TlsSession::accept(to).value();
  ASSERT_EQ(shake(client, session), std::nullopt);
  std::array<char, 16'384> out;
  std::array<char, 16'384> plain;
  const std::string text(10'000, 'x');
  for (int i = 0; i < 200; ++i) {
    SSL_key_update(client.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_write(client.get(), text.data(), static_cast<int>(text.size()));
    const std::string said = client.said();
    TlsWire wire{.in = said, .out = out};
    const auto read = session.read(wire, plain);
    ASSERT_TRUE(read) << i << ": " << read.error().text;
    ASSERT_EQ(*read, text.size());
  }
}

// Whom the server asks, and whom it believes, is what its options say, whichever name is asked for.
TEST_F(TlsSessionTest, asks_clients_as_it_was_told_to_whichever_name_they_ask_for) {
  const Authority stranger;
  const auto shown = [&](const Authority* by, long until) {
    CertificateWish wish = {.common_name = "client", .alternatives = "DNS:client.example"};
    wish.until = until;
    TlsMaterial material = by == nullptr ? authority_.trust() : by->material(wish);
    material.authorities = authority_.trust().authorities;
    return TlsContext::client(client_library_, material, {}).value();
  };
  const TlsContext none = shown(nullptr, 0);
  const TlsContext good = shown(&authority_, 86'400);
  const TlsContext expired = shown(&authority_, -60);
  const TlsContext foreign = shown(&stranger, 86'400);
  const std::vector materials{authority_.material({.alternatives = "DNS:a.example"}),
                              authority_.material({.alternatives = "DNS:b.example"})};
  using Code = TlsFailureCode;
  const std::optional<Code> taken;
  const struct {
    TlsVerify verify;
    const TlsContext& client;
    std::optional<Code> end;
  } cases[] = {
      {TlsVerify::none, none, taken},
      {TlsVerify::none, good, taken},
      {TlsVerify::none, expired, taken},
      {TlsVerify::none, foreign, taken},
      {TlsVerify::request, none, taken},
      {TlsVerify::request, good, taken},
      {TlsVerify::request, expired, Code::expired},
      {TlsVerify::request, foreign, Code::unknown_authority},
      {TlsVerify::require, none, Code::no_certificate},
      {TlsVerify::require, good, taken},
      {TlsVerify::require, expired, Code::expired},
      {TlsVerify::require, foreign, Code::unknown_authority},
  };
  for (const auto& [verify, client, end] : cases) {
    const TlsContext to =
        TlsContext::server(library_, materials, {.verify = verify, .ticket_keys = &keys_}).value();
    for (const std::string_view name : {"a.example", "b.example"}) {
      const Pair pair = joined(client, to, name);
      const auto seen = pair.server.failure ? std::optional(pair.server.failure->code) : taken;
      EXPECT_EQ(seen, end) << static_cast<int>(verify) << " " << name << " "
                           << (&client == &none      ? "none"
                               : &client == &good    ? "good"
                               : &client == &expired ? "expired"
                                                     : "foreign");
      EXPECT_EQ(pair.server.session.is_open(), !end);
    }
  }
}

TEST_F(TlsSessionTest, changes_keys_when_it_is_asked_to) {
  const TlsContext to = server(example);
  RawClient client(TLS1_3_VERSION);
  TlsSession session = TlsSession::accept(to).value();
  ASSERT_EQ(shake(client, session), std::nullopt);
  std::array<char, 16'384> out;
  std::array<char, 1'024> plain;
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(SSL_key_update(client.get(), SSL_KEY_UPDATE_REQUESTED), 1);
    SSL_write(client.get(), "hello", 5);
    const std::string said = client.said();
    TlsWire wire{.in = said, .out = out};
    const auto read = session.read(wire, plain);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(*read, 5U);
    EXPECT_LE(wire.written, TlsSession::overhead);
    std::string back(out.data(), wire.written);
    client.hear(back);
    char none[8];
    SSL_read(client.get(), none, sizeof none);
  }
}

TEST_F(TlsSessionTest, ends_well_whatever_the_octets_are) {
  const TlsContext to = server(example);
  const TlsContext from = client();
  Pair recorded = join(from, to, "example.com");
  recorded.client.step(recorded.server, {});
  const std::string hello = recorded.server.incoming;
  for (std::size_t at = 0; at < hello.size(); ++at) {
    std::string mutated = hello;
    mutated[at] = static_cast<char>(mutated[at] ^ 0x55);
    TlsSession session = TlsSession::accept(to).value();
    std::array<char, 16'384> out;
    TlsWire wire{.in = mutated, .out = out};
    (void)session.handshake(wire);
    EXPECT_FALSE(session.is_open());
  }
}

}  // namespace
}  // namespace sipring
