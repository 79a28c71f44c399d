// The worth of a datagram that nobody has framed: whatever it is has one, line ends in front of it
// change nothing, and where a request is as it should be the guess is what framing finds.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/overload/detail/precedence.h>

#include <algorithm>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

// A guess takes a tag for one wherever it stands in the To's line, and none that is folded or
// spaced.
bool is_folded(std::string_view text) {
  return text.find("\n ") != text.npos || text.find("\n\t") != text.npos;
}

// Nothing where the two may differ.
std::optional<Precedence> framed(std::string_view padded) {
  static Message message{64, *std::pmr::new_delete_resource()};
  if (!strictly(parse(padded, message), message) || !message.is_request()) return std::nullopt;
  if (is_folded(padded)) return std::nullopt;
  const std::string_view value = message.first(HeaderId::to).value_or("");
  const Parsed<Address> to = parse_address_without_uri(value);
  const std::string_view tag = to ? to->tag : std::string_view{};
  if (tag.empty() == value.contains(";tag=")) return std::nullopt;
  return precedence_of(message, tag);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view datagram = fuzz::text_of(data, size);
  const Precedence guess = guess_precedence(datagram);
  fuzz::must(guess < Precedence::count && !to_string(guess).empty(), "worth something");
  fuzz::must(guess_precedence("\r\n\r\n" + std::string(datagram)) == guess, "line ends in front");
  std::vector<char> padded(size + readable_padding, '\r');
  std::copy_n(data, size, padded.begin());
  const auto found = framed({padded.data(), size});
  fuzz::must(!found || *found == guess, "as framing finds");
  return 0;
}
