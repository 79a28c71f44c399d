// Summary: what was seen over all messages of a run of `sipring check`.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/capture.h>
#include <check/explanation.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace sipring::app {

class Summary {
 public:
  void add(const Explanation& explanation);
  void add(const CaptureSummary& capture);

  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] bool all_valid() const { return valid_ == messages_; }
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] std::string to_json() const;  // {"summary": {...}}

 private:
  using Counts = std::map<std::string, std::uint64_t>;

  std::uint64_t messages_ = 0;
  std::uint64_t valid_ = 0;
  Counts kinds_;     // by method, or status
  Counts mistakes_;  // by code
  Counts notes_;     // the same
  Counts packets_;   // of captures, by what they were
  std::set<std::string> call_ids_;
};

}  // namespace sipring::app
