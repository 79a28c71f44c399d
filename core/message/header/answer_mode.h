// Answer-Mode and Priv-Answer-Mode: RFC 5373 section 2. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct AnswerMode {
  enum class Mode : std::uint8_t { manual, automatic, other };

  Mode mode = Mode::other;
  std::string_view text;        // the mode as written
  bool require = false;         // refuse rather than answer in another way
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // all octets: the header field is no list
  Forgiven forgiven = {};
};

Parsed<AnswerMode> parse_answer_mode(std::string_view value);

}  // namespace sipring
