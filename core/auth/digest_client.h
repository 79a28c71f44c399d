// The client's side of Digest: RFC 7616, RFC 8760 section 2.4, RFC 3261 section 22. A DigestClient
// is one account; it remembers each realm that has challenged it, so that later requests carry
// credentials at once, with the nonce's next count:
//
//   DigestAttempt attempt;                                            // for each request
//   ... send it with client.credentials({method, uri, body}, attempt, lines, room) ...
//   401 or 407:  if (client.take(response, attempt)) send it again, with CSeq + 1 (section 22.2)
//   2xx:         client.take_info(response, attempt)                  // next nonce, rspauth
//
// It never loops: a realm that challenges again the answer to its own challenge has refused the
// password, unless it says that the nonce was stale, and that counts once.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest.h>
#include <sipring/core/entropy.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>
#include <sipring/pools/fixed_text.h>
#include <sipring/pools/hash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace sipring {

struct DigestAccount {
  std::string username;
  std::string password;
  bool prefers_integrity = false;  // auth-int where it is offered
};

// Why a 401 or 407 is not answered.
enum class DigestError : std::uint8_t {
  no_challenge,    // none, or none that is well-formed
  unknown_scheme,  // no Digest among them
  unknown_algorithm,
  unknown_qop,
  wrong_password,  // the realm has refused what it asked for
  too_many_realms,
  too_long,  // a realm, nonce or opaque beyond what is kept
  no_room,   // the caller's lines or room
};
[[nodiscard]] std::string_view to_string(DigestError error);

// What one request has gone through, from its first sending to its final response.
struct DigestAttempt {
  static constexpr std::size_t most_realms = 4;
  struct Answer {
    std::uint32_t generation = 0;  // of the realm's nonce; 0: none sent
    std::uint32_t nonce_count = 0;
    bool was_asked = false;  // by a challenge to this request
    bool was_stale = false;  // and once more
  };
  std::array<Answer, most_realms> answers{};  // as the client's realms
};

// As they are sent: `uri` is the Request-URI octet for octet, also after a strict route (section
// 22.4, RFC 7616 section 3.4.6).
struct DigestRequest {
  std::string_view method, uri, body;
};

class DigestClient {
 public:
  static constexpr std::size_t most_realms = DigestAttempt::most_realms;
  static constexpr std::size_t longest_realm = 128, longest_nonce = 256, longest_opaque = 256;
  // Octets for the credentials of a realm, without user name and URI.
  static constexpr std::size_t room_for_one = longest_realm + longest_nonce + longest_opaque + 320;

  // Cnonces are drawn from `entropy`.
  DigestClient(const DigestAccount& account, const HashFunctions& functions,
               const Entropy& entropy);

  // Every realm that challenges in a 401 or 407, by its topmost challenge that we can answer. An
  // error of one is the error of all: the request would be challenged again.
  std::expected<void, DigestError> take(const Message& response, DigestAttempt& attempt);

  // Authorization and Proxy-Authorization, one for each realm that is known. They live in `lines`
  // and `room`. Empty: none is known.
  std::expected<std::span<const HeaderLine>, DigestError> credentials(const DigestRequest& request,
                                                                      DigestAttempt& attempt,
                                                                      std::span<HeaderLine> lines,
                                                                      std::span<char> room);
  // What was sent last, once more: for the ACK of a 2xx, which has its INVITE's (section 22.1).
  // `request` is the INVITE.
  std::expected<std::span<const HeaderLine>, DigestError> same_credentials(
      const DigestRequest& request, const DigestAttempt& attempt, std::span<HeaderLine> lines,
      std::span<char> room) const;

  // Authentication-Info of a final response to `request`: the next nonce. False: the server's own
  // proof is wrong, and so is the server (RFC 7616 section 3.5).
  [[nodiscard]] bool take_info(const Message& response, const DigestRequest& request,
                               const DigestAttempt& attempt);

  [[nodiscard]] std::size_t realms() const { return count_; }

 private:
  struct Realm {
    bool is_proxy = false;
    bool has_userhash = false;
    DigestAlgorithm algorithm = DigestAlgorithm::unknown;
    Qop qop = Qop::none;
    std::uint32_t generation = 0;  // of the nonce
    std::uint32_t nonce_count = 0;
    FixedText<longest_realm> name;  // as between quotes, as what follows
    FixedText<longest_nonce> nonce;
    FixedText<longest_opaque> opaque;
    bool has_opaque = false;
    HexDigest ha1, userhash;
  };
  using Taken = std::expected<void, DigestError>;
  Taken take_all(const Message& response, HeaderId id, bool is_proxy, DigestAttempt& attempt,
                 bool& any);
  [[nodiscard]] std::expected<Qop, DigestError> judge(const Challenge& challenge) const;
  Taken take_one(const Challenge& challenge, Qop qop, bool is_proxy, DigestAttempt& attempt);
  Realm* find(std::string_view name, bool is_proxy);
  Taken keep(const Challenge& challenge, Qop qop, bool is_proxy, Realm& realm);
  bool renew(Realm& realm, std::string_view nonce);
  void set_account(Realm& realm, DigestAlgorithm algorithm);
  std::expected<HeaderLine, DigestError> write(const Realm& realm, const DigestRequest& request,
                                               std::uint32_t nonce_count,
                                               std::span<char> room) const;
  [[nodiscard]] HexDigest response(const Realm& realm, std::uint32_t nonce_count,
                                   std::string_view ha2) const;
  struct Cnonce {
    std::array<char, 16> digits;
    [[nodiscard]] std::string_view view() const { return {digits.data(), digits.size()}; }
  };
  [[nodiscard]] Cnonce cnonce(const Realm& realm, std::uint32_t nonce_count) const;

  DigestAccount account_;
  std::string quoted_username_;
  HashFunctions functions_;
  HashSeed seed_;
  std::uint32_t generations_ = 0;
  std::size_t count_ = 0;
  std::array<Realm, most_realms> realms_;
};

}  // namespace sipring
