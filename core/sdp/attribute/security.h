// Attributes that key SRTP: fingerprint (RFC 8122), setup and connection (RFC 4145), crypto
// (RFC 4568). A parse function each, over the attribute's value.
//
// Lifetime: views point into the value. Reading is tolerant, strictly() refuses what was forgiven.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/core/sdp/detail/words.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::sdp {

// RFC 8122 section 5. Digits in lower case are forgiven.
struct Fingerprint {
  std::string_view hash;    // "sha-256"
  std::string_view digits;  // "6B:8B:F0:..."
  Forgiven forgiven;
};
Parsed<Fingerprint> parse_fingerprint(std::string_view value);

// RFC 4145 section 4: who opens the connection.
enum class Setup : std::uint8_t { active, passive, actpass, holdconn };
[[nodiscard]] std::string_view to_string(Setup setup);
struct SetupRole {
  Setup role = Setup::active;
  Forgiven forgiven;
};
Parsed<SetupRole> parse_setup(std::string_view value);
// RFC 4145 section 4.1, RFC 5763 section 5: what an answer says, which prefers to be active.
[[nodiscard]] Setup answered(Setup offered);
[[nodiscard]] bool may_answer(Setup answer, Setup offered);

// RFC 4145 section 5: whether an existing connection goes on.
enum class ConnectionUse : std::uint8_t { fresh, existing };
[[nodiscard]] std::string_view to_string(ConnectionUse use);  // "new", "existing"
struct ConnectionKind {
  ConnectionUse use = ConnectionUse::fresh;
  Forgiven forgiven;
};
Parsed<ConnectionKind> parse_connection_use(std::string_view value);

// RFC 4568 section 9.1.
struct Crypto {
  std::uint32_t tag = 0;  // 1 to 9 digits
  std::string_view suite;
  std::string_view key_parameters;      // parse_key_parameter for each of Words(..., ";")
  std::string_view session_parameters;  // for (auto parameter : Words(...)); empty: none
  Forgiven forgiven;
};
Parsed<Crypto> parse_crypto(std::string_view value);

// RFC 4568 section 9.2: "inline:KEYSALT|2^20|1:4".
struct KeyParameter {
  std::string_view method;       // "inline"
  std::string_view info;         // all of it
  std::string_view key_salt;     // base64
  std::string_view lifetime;     // packets: "2^20" or a number; empty: absent
  std::string_view mki;          // empty: absent
  std::uint16_t mki_length = 0;  // octets, 1 to 128
};
Parsed<KeyParameter> parse_key_parameter(std::string_view text);

}  // namespace sipring::sdp
