// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/input_iterator.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sipring {
namespace {

// The words of a text.
class Words {
 public:
  class Cursor {
   public:
    explicit Cursor(std::string_view text) : rest_(text) { next(); }
    [[nodiscard]] const std::string_view& value() const { return word_; }
    void next() {
      word_ = rest_.substr(0, rest_.find(' '));
      rest_.remove_prefix(std::min(word_.size() + 1, rest_.size()));
    }
    [[nodiscard]] bool at_end() const { return word_.empty(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }

   private:
    std::string_view rest_, word_;
  };
  using Iterator = InputIterator<Cursor>;

  explicit Words(std::string_view text) : text_(text) {}
  [[nodiscard]] Iterator begin() const { return Iterator(text_); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  std::string_view text_;
};

// Numbers, which exist only when they are asked for.
class Countdown {
 public:
  explicit Countdown(int from) : left_(from) {}
  [[nodiscard]] int value() const { return left_; }
  void next() { --left_; }
  [[nodiscard]] bool at_end() const { return left_ == 0; }

 private:
  int left_;
};

TEST(InputIterator, walks_from_the_first_to_the_last) {
  std::vector<std::string> found;
  for (const std::string_view word : Words("one two three")) found.emplace_back(word);
  EXPECT_EQ(found, (std::vector<std::string>{"one", "two", "three"}));
  for (const std::string_view word : Words("")) FAIL() << word;
}

TEST(InputIterator, knows_what_its_cursor_knows) {
  Words::Iterator at = Words("one two three").begin();
  EXPECT_EQ(at->size(), 3u);
  EXPECT_EQ(at.rest(), "two three");
  EXPECT_EQ(*++at, "two");
  at++;
  EXPECT_EQ(*at, "three");
  EXPECT_FALSE(at == std::default_sentinel);
  EXPECT_TRUE(++at == std::default_sentinel);
}

TEST(InputIterator, hands_out_values_where_there_is_nothing_to_refer_to) {
  InputIterator<Countdown> at(2);
  static_assert(std::same_as<decltype(*at), int>);
  static_assert(std::same_as<decltype(at)::pointer, void>);
  EXPECT_EQ(*at, 2);
  EXPECT_EQ(*++at, 1);
  EXPECT_TRUE(++at == std::default_sentinel);
}

TEST(InputIterator, is_one_for_the_standard_library) {
  static_assert(std::input_iterator<Words::Iterator>);
  static_assert(std::sentinel_for<std::default_sentinel_t, Words::Iterator>);
}

}  // namespace
}  // namespace sipring
