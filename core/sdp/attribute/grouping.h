// Attributes that tie media together: mid and group (RFC 5888, BUNDLE of RFC 9143), msid
// (RFC 8830). A parse function each, over the attribute's value.
//
// Lifetime: views point into the value. Reading is tolerant, strictly() refuses what was forgiven.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/core/sdp/detail/words.h>

#include <string_view>

namespace sipring::sdp {

// RFC 5888 section 4.
struct Mid {
  std::string_view id;
  Forgiven forgiven;
};
Parsed<Mid> parse_mid(std::string_view value);

// RFC 5888 section 5: "BUNDLE audio video".
struct Group {
  std::string_view semantics;
  std::string_view mids;  // for (auto mid : Words(mids)); empty: none (an answer may say so)
  Forgiven forgiven;
};
Parsed<Group> parse_group(std::string_view value);

// RFC 8830 section 2: "stream track"; "-" for no stream.
struct Msid {
  std::string_view id;
  std::string_view application_data;  // empty: none
  Forgiven forgiven;
};
Parsed<Msid> parse_msid(std::string_view value);

}  // namespace sipring::sdp
