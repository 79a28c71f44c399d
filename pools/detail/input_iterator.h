// InputIterator: the iterator of a range whose members are read one after the other, made of a
// cursor that knows three things: value(), next() and at_end(). The end of such a range is
// std::default_sentinel. What else the cursor knows, the iterator knows.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace sipring {

template <class Cursor>
class InputIterator : public Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using reference = decltype(std::declval<const Cursor&>().value());
  using value_type = std::remove_cvref_t<reference>;
  using difference_type = std::ptrdiff_t;
  using pointer =
      std::conditional_t<std::is_reference_v<reference>, std::add_pointer_t<reference>, void>;

  using Cursor::Cursor;

  reference operator*() const { return Cursor::value(); }
  pointer operator->() const requires std::is_reference_v<reference> {
    return std::addressof(Cursor::value());
  }
  InputIterator& operator++() {
    Cursor::next();
    return *this;
  }
  void operator++(int) { Cursor::next(); }
  friend bool operator==(const InputIterator& iterator, std::default_sentinel_t) {
    return iterator.at_end();
  }
};

}  // namespace sipring
