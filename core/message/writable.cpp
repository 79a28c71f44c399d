// What may be written: a line end inside of a value would begin a header field of somebody else's.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/message/writer.h>

#include <algorithm>
#include <cstdint>

namespace sipring {
namespace {

// Neither CR nor LF, among eight octets: whether there is one is exact, where it is would not be.
bool has_no_line_end(std::uint64_t octets) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const std::uint64_t cr = octets ^ ('\r' * ones);
  const std::uint64_t lf = octets ^ ('\n' * ones);
  return ((((cr - ones) & ~cr) | ((lf - ones) & ~lf)) & (0x80 * ones)) == 0;
}

// The same 8 or 32 octets at a time; the last ones may overlap those before.
bool has_no_line_end(std::string_view text) {
  using detail::Block;
  if (text.size() < sizeof(std::uint64_t)) {
    bool found = false;
    for (const char c : text) found |= c == '\r' || c == '\n';
    return !found;
  }
  if (text.size() < Block::size) {
    bool good = has_no_line_end(detail::load<std::uint64_t>(text.data() + text.size() - 8));
    for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
      good &= has_no_line_end(detail::load<std::uint64_t>(text.data() + at));
    }
    return good;
  }
  std::uint32_t found = 0;
  const auto look_at = [&](std::size_t offset) {
    const Block block(text.data() + offset);
    found |= block.equal('\r') | block.equal('\n');
  };
  for (std::size_t offset = 0; offset + Block::size < text.size(); offset += Block::size) {
    look_at(offset);
  }
  look_at(text.size() - Block::size);
  return found == 0;
}

// Tags are long, names are short.
bool is_token(std::string_view text) {
  const unsigned char* const begin = detail::octets(text.data());
  const unsigned char* const end = begin + text.size();
  if (text.size() >= detail::run_vector) {
    return detail::skip<detail::token_octet>(begin, end, true) == end;
  }
  bool all = begin != end;
  for (const unsigned char* at = begin; at != end; ++at) {
    all &= detail::is_in_class<detail::token_octet>(*at);
  }
  return all;
}

bool is_writable(std::span<const HeaderLine> lines) {
  return std::ranges::all_of(lines, [](const HeaderLine& line) {
    return is_token(line.name) && has_no_line_end(line.value);
  });
}

// A URI has white space in quoted strings only; the writer escapes it.
bool has_white_space_in_quotes_only(std::string_view uri) {
  return uri.find_first_of(" \t") == uri.npos || parse_uri(uri).has_value();
}

}  // namespace

bool is_writable(const Response& response) {
  return response.status >= 100 && response.status <= 699 && has_no_line_end(response.reason) &&
         (response.to_tag.empty() || is_token(response.to_tag)) && is_writable(response.headers);
}

bool is_writable(const Request& request) {
  return is_token(request.method) && !request.request_uri.empty() &&
         has_no_line_end(request.request_uri) &&
         has_white_space_in_quotes_only(request.request_uri) && has_no_line_end(request.sent_by) &&
         is_writable(request.headers);
}

}  // namespace sipring
