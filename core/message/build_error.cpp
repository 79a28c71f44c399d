// SPDX-License-Identifier: MIT
#include <sipring/core/message/build_error.h>

#include <array>
#include <cstddef>

namespace sipring {
namespace {

struct Description {
  BuildProblem problem;
  std::string_view name, explanation;
};

// In the order of the enumeration, so that a problem is an index.
constexpr std::array descriptions{
    Description{BuildProblem::missing, "missing", "a mandatory header field is absent"},
    Description{BuildProblem::missing_tag, "missing_tag", "an address has no tag"},
    Description{BuildProblem::missing_branch, "missing_branch",
                "a Via has no branch that begins with z9hG4bK"},
    Description{BuildProblem::repeated, "repeated",
                "a header field that may come once comes twice"},
    Description{BuildProblem::malformed, "malformed", "a value breaks the grammar of its kind"},
    Description{BuildProblem::line_break, "line_break", "a value holds CR or LF"},
    Description{BuildProblem::bad_name, "bad_name", "the name of a header field is not a token"},
    Description{BuildProblem::contradiction, "contradiction",
                "the method of CSeq is not that of the Request-Line"},
    Description{BuildProblem::computed, "computed", "Content-Length is computed, not given"},
    Description{BuildProblem::start_line, "start_line",
                "the start line has no method, URI or status that can be written"},
    Description{BuildProblem::absent, "absent", "the header field that is to be changed is absent"},
    Description{BuildProblem::overlap, "overlap", "two edits change the same octets"},
    Description{BuildProblem::no_hops_left, "no_hops_left", "Max-Forwards has come down to 0"},
    Description{BuildProblem::too_many_headers, "too_many_headers",
                "there are more header fields or edits than there is place for"},
    Description{BuildProblem::room_full, "room_full",
                "the values that were given need more room than there is"},
    Description{BuildProblem::too_large, "too_large", "the message has too many octets"},
    Description{BuildProblem::no_buffers, "no_buffers", "the buffer memory is used up"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < descriptions.size(); ++i)
    if (static_cast<std::size_t>(descriptions[i].problem) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::string_view to_string(BuildProblem problem) {
  return descriptions[static_cast<std::size_t>(problem)].name;
}
std::string_view explanation(BuildProblem problem) {
  return descriptions[static_cast<std::size_t>(problem)].explanation;
}

}  // namespace sipring
