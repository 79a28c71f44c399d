// The answer to a REGISTER by a registrar that grants everything and remembers nothing: the
// contacts come back with the time that they were granted (RFC 3261 section 10.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/pools/fixed_text.h>

#include <cstdint>
#include <string_view>

namespace sipring::app {

struct RegistrationText {
  FixedText<8192> contacts;      // the value of one Contact header field; empty: none
  std::uint16_t status = 200;    // or why not
  std::string_view reason = {};  // empty: the standard phrase
};

void write_registration(const Message& request, RegistrationText& text);

}  // namespace sipring::app
