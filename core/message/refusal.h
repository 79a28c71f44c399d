// What a message that cannot be read is answered with (RFC 3261 sections 8.2, 18.3, 21.4, 21.5): a
// status and a reason phrase that says what is wrong, and in which header field.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring {

// 400 where no other status says it better: 413, 414, 505, 513. 0 for `none`.
[[nodiscard]] std::uint16_t status_of(ParseErrorCode code);

// Owns its reason phrase: one line, ASCII.
class Refusal {
 public:
  // Of the message as a whole. A 400 explains; other statuses have their phrase.
  explicit Refusal(ParseErrorCode code);
  // Of what is only forgiven, by a strict element.
  explicit Refusal(Forgiveness forgiven);
  // Of one header field: "Malformed CSeq Header Field", "Missing ...", "Repeated ...".
  Refusal(HeaderId header, ParseErrorCode code);

  [[nodiscard]] std::uint16_t status() const { return status_; }
  [[nodiscard]] std::string_view reason() const { return {text_.data(), size_}; }

 private:
  void append(std::string_view text);

  std::array<char, 126> text_;
  std::uint16_t status_;
  std::uint8_t size_ = 0;
};

}  // namespace sipring
