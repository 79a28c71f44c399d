// Everything that is wrong with a message that has been parsed: each header field by its own parser
// (header/registry.h, which also says what stands once), what its method or status must have
// (mandatory_headers.h, as the builders), and what belongs together (RFC 3261
// sections 7.3.1, 8.1.1, 8.2.6.2, 10.2.2, 19.1.1, 20.15).
//
// A malformed header field spoils no message: who needs the value meets the error there, everybody
// else goes on. The engine refuses what nobody can do without (envelope.h), and with
// Settings::strict everything that is found here. A Refusal is what a message is answered with
// (sections 8.2, 18.3, 21.4, 21.5).
//
//   Finding findings[16];
//   const std::size_t count = validate(message, findings);
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/names.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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

struct Finding {
  // Which header field; header_count() for the message as a whole and for what is absent.
  std::uint32_t index = 0;
  HeaderId header = HeaderId::extension;  // also of what is absent
  // Offset within the header field's value; of the message as a whole, within the octets parsed.
  ParseError error;
  Forgiveness forgiven = Forgiveness::count;  // `count`: not forgiven

  [[nodiscard]] bool is_forgiven() const { return forgiven != Forgiveness::count; }
  // What a strict element says.
  [[nodiscard]] Refusal refusal() const;
};

// Allocates nothing and keeps no view. Fills `findings` from the front, at most one for each header
// field and each thing that is absent: the message as a whole, then header fields in their order,
// then what belongs together. The result is how many there are, which may be more than fit.
std::size_t validate(const Message& message, std::span<Finding> findings);

}  // namespace sipring
