// Everything that is wrong with a message that has been parsed: each header field by its own parser
// (header/registry.h, which also says what stands once), what its method or status must have
// (mandatory_headers.h, as the builders), and what belongs together (RFC 3261
// sections 7.3.1, 8.1.1, 8.2.6.2, 10.2.2, 19.1.1, 20.15).
//
// A malformed header field spoils no message: who needs the value meets the error there, everybody
// else goes on. The engine refuses what nobody can do without (envelope.h), and with
// Settings::strict everything that is found here.
//
//   Finding findings[16];
//   const std::size_t count = validate(message, findings);
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/refusal.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sipring {

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
