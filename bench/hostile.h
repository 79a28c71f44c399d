// Texts that a hostile peer might send to cost us time: as much work for each octet as can be. Some
// are refused; that costs as well.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/parser.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "parse_depths.h"

namespace sipring::bench {

// A message is `before`, as many times `repeated` as fit, and `after`.
struct Hostile {
  std::string_view name;
  std::string_view before;
  std::string_view repeated;
  std::string_view after;
};

inline constexpr std::string_view options_line = "OPTIONS sip:a@b SIP/2.0\r\n";
inline constexpr std::array hostile_texts{
    Hostile{"dense_folds", "Subject: a", "\r\n b", "\r\n"},
    Hostile{"quoted_controls", "Subject: \"", "\\\x01", "\"\r\n"},
    Hostile{"short_headers", "", "a:b\r\n", ""},
    Hostile{"broken_lines", "", "\x01\r\n", ""},
    Hostile{"long_name", "X", "-", ": v\r\n"},
    Hostile{"long_call_id", "Call-ID: ", "a", "\r\n"},
    Hostile{"via_parameters", "Via: SIP/2.0/UDP h", ";a=b", "\r\n"},
    Hostile{"via_spaced_parameters", "Via: SIP/2.0/UDP h", " ; a = b", "\r\n"},
    Hostile{"via_folded_parameters", "Via: SIP/2.0/UDP h", "\r\n ;a", "\r\n"},
    Hostile{"via_commas", "Via: SIP/2.0/UDP h", ",SIP/2.0/UDP h", "\r\n"},
    Hostile{"contact_commas", "Contact: <a:b>", ",<a:b>", "\r\n"},
    Hostile{"contact_bare_commas", "Contact: a:b", ",a:b", "\r\n"},
    Hostile{"contact_words", "Contact: a", " a", " <sip:a>\r\n"},
    Hostile{"contact_escapes", "Contact: \"", "\\a", "\" <sip:a>\r\n"},
    Hostile{"contact_spaces", "Contact: a", "\t", "<sip:a>\r\n"},
    Hostile{"contact_parameters", "Contact: <sip:a>", ";a=b", " x\r\n"},
    Hostile{"uri_parameters", "Contact: <sip:a", ";a=b", ">\r\n"},
    Hostile{"uri_escapes", "Contact: <sip:", "%41", "@a>\r\n"},
    Hostile{"uri_headers", "Contact: <sip:a?a=b", "&a=b", ">\r\n"},
    Hostile{"uri_at_signs", "Contact: <sip:a", "@", ">\r\n"},
};

// At most `octets` long.
inline PaddedText make_hostile(const Hostile& hostile, std::size_t octets) {
  std::string text{options_line};
  text += hostile.before;
  const std::size_t end = octets - hostile.after.size() - 2;
  while (text.size() + hostile.repeated.size() <= end) text += hostile.repeated;
  text += hostile.after;
  return PaddedText{text += "\r\n"};
}

// As many header fields as a text of the largest size can have.
inline constexpr std::uint32_t hostile_headers = 16384;

// Frames the text and reads what can be read of it.
inline void read_hostile(std::string_view text, Message& message) {
  if (!parse(text, message) && message.header_count() == 0) return;
  (void)read_headers(message, typed_readers);
}

}  // namespace sipring::bench
