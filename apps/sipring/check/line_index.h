// LineIndex: on which line an octet stands, at a cost that does not grow with the text: the lines
// are counted once, and noted at every 64th octet.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sipring::app {

class LineIndex {
 public:
  // `text` outlives this.
  explicit LineIndex(std::string_view text);

  // From 1. `offset` is at most the text's size.
  [[nodiscard]] std::size_t line_at(std::size_t offset) const;
  // Octets looked at so far: the measure of its work.
  [[nodiscard]] std::uint64_t visited() const { return visited_; }

 private:
  static constexpr std::size_t stride = 64;

  [[nodiscard]] std::size_t line_ends(std::size_t begin, std::size_t end) const;

  std::string_view text_;
  std::vector<std::size_t> lines_;  // at each multiple of the stride
  mutable std::uint64_t visited_ = 0;
};

}  // namespace sipring::app
