// What every parse program of this folder is: it reads a message file, parses it at one depth over
// and over, and says what it cost, or says what it read, so that the driver can see that all read
// the same.
//
//   parse_NAME FILE facts           the values of a full parse, a line each
//   parse_NAME FILE DEPTH time MS   "ns allocations" for each message
//   parse_NAME FILE DEPTH count N   parses N times: for callgrind
//
// The depths are those of bench/parse_depths.h. A peer that has no way to do less does all it does.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace compare {

enum class Depth : std::uint8_t { frame, transaction, full };

// Lines of a kind and its values, separated by spaces; "-" stands for what is absent.
class Facts {
 public:
  void add(std::string_view kind, auto&&... values) {
    text_ += kind;
    (append(values), ...);
    text_ += '\n';
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void append(std::string_view value) { (text_ += ' ') += value.empty() ? "-" : value; }
  void append(const char* value) { append(std::string_view{value == nullptr ? "" : value}); }
  void append(std::uint64_t number) { (text_ += ' ') += std::to_string(number); }

  std::string text_;
};

// Each program defines these. `text` has room for 64 readable octets behind it.
// False when anything that was read is malformed.
bool parse(std::string_view text, Depth depth);
// The same at full depth, said aloud: method|status, uri, via..., from, to, contact..., route...,
// record-route..., call-id, cseq, max-forwards, content-length.
bool state_facts(std::string_view text, Facts& facts);

}  // namespace compare
