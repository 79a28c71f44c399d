// Explanation: all that can be said of one message: its start line and header fields with their
// places and typed values, its body where it is SDP, multipart or a fragment, and every mistake
// with its place and the rule that it breaks.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipring::app {

// Where something stands in the octets that were given; lines count from 1.
struct Position {
  std::size_t offset = 0;
  std::size_t line = 1;
};

using TypedValue = std::vector<std::pair<std::string, std::string>>;  // {"host", "biloxi.com"} ...

struct ExplainedField {
  Position position;
  std::string name;   // "request", "status", a header field's full name, "body", "part", "sdp m"
  std::string value;  // as it stands there, folds and control octets made visible
  std::vector<TypedValue> elements;  // one for each element of a list
};

struct Mistake {
  Position position;
  std::string code;     // "via": core/result.h
  std::string text;     // a sentence
  std::string section;  // "RFC 3261 section 20.42"
};

struct Explanation {
  std::size_t octets = 0;
  std::string kind;     // the method, the status or "SDP"; empty when there is no start line
  std::string call_id;  // empty when there is none
  std::vector<ExplainedField> fields;  // in the order of the message
  std::vector<Mistake> mistakes;       // in the order of their offsets
  std::vector<Mistake> notes;  // what is forgiven, the same; their codes: core/message/tolerance.h
  // Octets and remarks gone through to place all this: in proportion to the octets, or nearly.
  std::uint64_t work = 0;
  [[nodiscard]] bool is_valid() const { return mistakes.empty(); }
};

// Of a message, or of SDP alone, which begins with "v=". Goes on after a line that cannot be read:
// it is left out and the rest is looked at. Strict: what is forgiven is a mistake too. What is
// larger than a message may be is told so, and not looked at beyond that.
[[nodiscard]] Explanation explain(std::string_view bytes, bool strict = false);

[[nodiscard]] std::string to_text(const Explanation& explanation, std::string_view file);
[[nodiscard]] std::string to_json(const Explanation& explanation, std::string_view file);

}  // namespace sipring::app
