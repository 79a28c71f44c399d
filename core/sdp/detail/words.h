// The words of a text: what stands between separators, one after the other, without a copy. Formats
// of an m= line, the members of a group, parameters of a format.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/input_iterator.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace sipring::sdp {

// Runs of separators count as one; empty words are left out. Valid as long as the text is.
class Words {
 public:
  class Cursor {
   public:
    Cursor(std::string_view text, std::string_view separators)
        : rest_(text), separators_(separators) {
      next();
    }
    [[nodiscard]] std::string_view value() const { return word_; }
    void next() {
      std::size_t begin = 0;
      while (begin != rest_.size() && separates(rest_[begin])) ++begin;
      std::size_t end = begin;
      while (end != rest_.size() && !separates(rest_[end])) ++end;
      word_ = rest_.substr(begin, end - begin);
      rest_.remove_prefix(end);
    }
    [[nodiscard]] bool at_end() const { return word_.empty(); }
    // What follows the word.
    [[nodiscard]] std::string_view rest() const { return rest_; }

   private:
    [[nodiscard]] bool separates(char octet) const {
      for (const char separator : separators_)
        if (octet == separator) return true;
      return false;
    }
    std::string_view rest_, separators_, word_;
  };
  using Iterator = InputIterator<Cursor>;

  explicit Words(std::string_view text, std::string_view separators = " \t")
      : text_(text), separators_(separators) {}
  [[nodiscard]] Iterator begin() const { return {text_, separators_}; }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }
  [[nodiscard]] bool has(std::string_view wanted) const {
    for (const std::string_view word : *this)
      if (word == wanted) return true;
    return false;
  }
  // Empty when there is none.
  [[nodiscard]] std::string_view first() const { return *begin(); }

 private:
  std::string_view text_, separators_;
};

}  // namespace sipring::sdp
