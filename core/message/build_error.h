// Why a message was not built or edited: the header field, and what is wrong with it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/pools/buffer.h>

#include <cstdint>
#include <expected>
#include <string_view>

namespace sipring {

enum class BuildProblem : std::uint8_t {
  missing,           // a mandatory header field is not there (RFC 3261 section 8.1.1, Table 2)
  missing_tag,       // a From, or a To of a response, without a tag (sections 8.1.1.3, 8.2.6.2)
  missing_branch,    // a Via without a branch that begins with the magic cookie (section 8.1.1.7)
  repeated,          // it may come once and comes twice (section 7.3.1)
  malformed,         // its value breaks its grammar
  line_break,        // CR or LF where it would begin a line of its own
  bad_name,          // the name is no token
  contradiction,     // the CSeq has another method than the Request-Line (section 8.1.1.5)
  computed,          // Content-Length is written by the builder
  start_line,        // a method that is no token, no Request-URI, a status outside 100 to 699
  absent,            // what should be taken out, replaced or moved is not there
  overlap,           // two edits of the same octets
  no_hops_left,      // Max-Forwards is 0: answer 483 (section 16.3)
  too_many_headers,  // more header fields than HeaderList::capacity, more edits than MessageEdit's
  room_full,         // the values given need more room than the builder has
  too_large,         // more octets than a message may have, or than there is room for
  no_buffers,        // the buffer memory is used up
};
[[nodiscard]] std::string_view to_string(BuildProblem problem);    // "missing_tag"
[[nodiscard]] std::string_view explanation(BuildProblem problem);  // one sentence for a human

struct BuildError {
  BuildProblem problem = BuildProblem::missing;
  HeaderId header = HeaderId::extension;  // or none, where the problem is not about one
  friend bool operator==(const BuildError&, const BuildError&) = default;
};

// The octets are ready to send.
using Built = std::expected<Ref<Buffer>, BuildError>;

}  // namespace sipring
