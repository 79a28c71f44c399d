// The server's side of Digest: RFC 7616, RFC 8760, RFC 3261 section 22. A check has two steps with
// a question between them, so that the answer may come when the request's octets are gone:
//
//   const auto claim = server.claim(request);                // who says so, and what proves it
//   if (!claim) ... 401 with server.challenge(...), or 400: status_of(claim.error())
//   ... ask for the HA1 of claim->username, for claim->algorithm; keep the claim meanwhile ...
//   switch (server.judge(now, *claim, ha1)) ...
//
// Nobody can tell an unknown user from a wrong password, by answer or by time (RFC 7616 section
// 5.5). ACK and CANCEL are not challenged (RFC 3261 section 22.1): nothing answers the one, and the
// other cannot be sent again.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/detail/nonce.h>
#include <sipring/core/auth/digest.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>
#include <sipring/pools/fixed_text.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

// User agents and registrars challenge with 401, proxies with 407 (section 22.2, 22.3).
enum class DigestRole : std::uint8_t { user_agent, proxy };

struct DigestServerSettings {
  std::string realm{};
  // In the order of the challenges, the strongest first (RFC 8760 section 2.4).
  std::vector<DigestAlgorithm> algorithms{DigestAlgorithm::sha_512_256, DigestAlgorithm::sha_256,
                                          DigestAlgorithm::md5};
  DigestRole role = DigestRole::user_agent;
  bool offers_integrity = false;  // auth-int beside auth
  bool offers_userhash = false;   // the source of HA1 finds users by their hash, too
  bool takes_no_qop = true;       // clients of RFC 2069; each nonce is good for one request then
  Nonces::Settings nonces = {};
};

// Why there is no claim. 400 for what is malformed; the others are challenged.
enum class ClaimError : std::uint8_t {
  absent,             // no credentials for this realm
  malformed,          // they cannot be read, or lack what a response is computed from
  unknown_algorithm,  // one that was not offered
  unknown_qop,        // the same
  too_long,           // a user name, nonce or cnonce beyond what a claim holds
};
[[nodiscard]] std::string_view to_string(ClaimError error);
// 0 for ACK and CANCEL, which get no response for it.
[[nodiscard]] std::uint16_t status_of(ClaimError error, DigestRole role);

// What a request claims, with all that is needed to judge it: a value, to be kept or sent away.
struct DigestClaim {
  static constexpr std::size_t longest_username = 256, longest_cnonce = 128;

  FixedText<longest_username> username;  // or its hash
  bool is_userhash = false;
  bool is_ack = false;  // with the credentials of its INVITE
  DigestAlgorithm algorithm = DigestAlgorithm::unknown;
  Qop qop = Qop::none;
  std::uint32_t nonce_count = 0;
  FixedText<nonce_size> nonce;
  FixedText<longest_cnonce> cnonce;
  HexDigest ha2, response;
};

enum class DigestVerdict : std::uint8_t {
  accepted,
  refused,  // no such user, or another password: 401
  stale,    // the password is right; the nonce is too old, not ours, or has been used: 401, stale
};

class DigestServer {
 public:
  // `functions` know one of the algorithms at least; those that they do not know are not offered.
  DigestServer(const DigestServerSettings& settings, const HashFunctions& functions,
               const Entropy& entropy, std::pmr::memory_resource& memory);

  // A challenge's answer may be asked for: neither ACK nor CANCEL.
  [[nodiscard]] static bool may_challenge(Method method) {
    return method != Method::ack && method != Method::cancel;
  }

  // Of the credentials for this realm. For an ACK those of its INVITE: the method counts as INVITE.
  [[nodiscard]] std::expected<DigestClaim, ClaimError> claim(const Message& request) const;
  // `ha1` as make_ha1() makes it for the claim's algorithm; nullopt: there is no such user.
  [[nodiscard]] DigestVerdict judge(Instant now, const DigestClaim& claim,
                                    const std::optional<HexDigest>& ha1);

  // Header fields for a 401 or 407, one an algorithm, with one new nonce. They live in `lines` and
  // `room`; empty when these are too small (`most_lines`, `room_for_lines`).
  static constexpr std::size_t most_lines = 3;
  [[nodiscard]] std::size_t room_for_lines() const;
  [[nodiscard]] std::span<const HeaderLine> challenge(Instant now, bool stale,
                                                      std::span<HeaderLine> lines,
                                                      std::span<char> room);

  [[nodiscard]] const DigestServerSettings& settings() const { return settings_; }
  [[nodiscard]] const HashFunctions& functions() const { return functions_; }

 private:
  [[nodiscard]] bool offers(DigestAlgorithm algorithm) const;

  DigestServerSettings settings_;
  std::string realm_;  // as it stands between quotes
  HashFunctions functions_;
  Nonces nonces_;
};

}  // namespace sipring
