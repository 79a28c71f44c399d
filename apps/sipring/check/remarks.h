// Remarks: the mistakes, or the notes, of an explanation while it is written. Each is told once;
// they come out in the order of their places. To add one costs the logarithm of their number.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/explanation.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace sipring::app {

class Remarks {
 public:
  Remarks() = default;
  Remarks(const Remarks&) = delete;
  Remarks& operator=(const Remarks&) = delete;

  // The same code at the same place is the same remark; of what is absent, which stands nowhere,
  // the text tells too.
  void add(Mistake remark, bool is_absence = false);
  // Whether one of this code stands from `first` to `last`.
  [[nodiscard]] bool has(std::string_view code, std::size_t first, std::size_t last) const;
  // Ends this.
  [[nodiscard]] std::vector<Mistake> take();
  // Comparisons made so far: the measure of its work.
  [[nodiscard]] std::uint64_t compared() const { return compared_; }

 private:
  using Key = std::tuple<std::string, std::size_t, std::string>;  // code, offset, text
  struct Counting {
    std::uint64_t* compared;
    bool operator()(const Key& a, const Key& b) const {
      ++*compared;
      return a < b;
    }
  };

  mutable std::uint64_t compared_ = 0;
  std::set<Key, Counting> known_{Counting{&compared_}};
  std::vector<Mistake> all_;
};

}  // namespace sipring::app
