// Fragments: what is read lies inside the text; a fragment that ends in a blank line reads as the
// same message when it has a start line; and reading is the same with the missing line ending.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/parser.h>
#include <sipring/core/message/sipfrag.h>
#include <sipring/core/message/tolerance.h>

#include <algorithm>
#include <memory_resource>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace sipring::fuzz {
namespace {

constexpr std::uint32_t headers = 64;

bool same_fields(const Message& a, const Message& b) {
  if (a.header_count() != b.header_count()) return false;
  for (std::uint32_t i = 0; i < a.header_count(); ++i) {
    const HeaderField one = a.header(i), other = b.header(i);
    if (one.id != other.id || one.name != other.name || one.value != other.value) return false;
  }
  return a.method_name() == b.method_name() && a.request_uri() == b.request_uri() &&
         a.status() == b.status() && a.reason() == b.reason();
}

void check_views(const Message& message, std::string_view text) {
  must(is_inside(message.head(), text) && is_inside(message.body(), text), "parts inside the text");
  for (std::uint32_t i = 0; i < message.header_count(); ++i)
    must(is_inside(message.header(i).value, text), "a value inside the text");
}

// The message parser finds the same where both can read.
void check_against_parser(std::string_view text, const Message& fragment) {
  static Message whole{headers, *std::pmr::new_delete_resource()};
  std::string padded(text);
  padded.append(readable_padding, '\r');
  if (!parse({padded.data(), text.size()}, whole)) return;
  must(same_fields(whole, fragment), "what the message parser reads");
}

void check_line_ending(std::string_view text, const Message& fragment) {
  static Message ended{headers, *std::pmr::new_delete_resource()};
  std::string with_ending(text.ends_with('\r') ? text.substr(0, text.size() - 1) : text);
  with_ending += "\r\n";
  const Parsed<Sipfrag> again = parse_sipfrag(with_ending, ended);
  must(again && !again->forgiven.has(Forgiveness::no_line_ending),
       "a fragment with its line ending");
  must(same_fields(ended, fragment), "the same with its line ending");
}

}  // namespace
}  // namespace sipring::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  static Message message{fuzz::headers, *std::pmr::new_delete_resource()};
  const std::vector<char> octets(data, data + size);  // exactly its size
  const std::string_view text(octets.data(), size);
  const Parsed<Sipfrag> fragment = parse_sipfrag(text, message);
  if (!fragment) {
    fuzz::must(fragment.error().offset <= size, "an error inside the text");
    return 0;
  }
  fuzz::check_views(message, text);
  if (message.is_request() || message.status() != 0) fuzz::check_against_parser(text, message);
  if (fragment->forgiven.has(Forgiveness::no_line_ending)) {
    fuzz::check_line_ending(text, message);
  }
  return 0;
}
