// WorkingText: a copy of a message from which broken lines are cut, so that the parser can go on
// behind them; it remembers where each octet stood.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/explanation.h>
#include <check/line_index.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

class WorkingText {
 public:
  explicit WorkingText(std::string_view original);  // which outlives this

  [[nodiscard]] std::string_view view() const;  // followed by readable_padding octets
  // Where an offset, or a view into view(), was in the original.
  [[nodiscard]] Position position(std::size_t offset) const;
  [[nodiscard]] Position position(std::string_view part) const;

  // Cuts the line that holds `offset`, its continuation lines too. False when there is none.
  bool cut_line(std::size_t offset);
  // Ends the head where the octets end before it does; nothing of what is there is changed.
  void end_head();
  // Puts another start line in the place of the first one.
  void replace_start_line(std::string_view line);

  [[nodiscard]] std::uint64_t visited() const { return lines_.visited(); }

 private:
  void pad();

  LineIndex lines_;                   // of the original
  std::string text_;                  // with padding
  std::vector<std::size_t> origins_;  // of each octet; one more for the end
};

}  // namespace sipring::app
