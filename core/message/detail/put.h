// Put: text written into room that the caller has made sure of.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/copy_text.h>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace sipring::detail {

class Put {
 public:
  explicit Put(char* to) : to_(to) {}
  void operator()(std::string_view text) {
    copy_text(to_, text);
    to_ += text.size();
  }
  // What is known when compiling costs a move or two.
  template <std::size_t size>
  [[gnu::always_inline]] void operator()(const char (&literal)[size]) {
    std::memcpy(to_, literal, size - 1);
    to_ += size - 1;
  }
  [[nodiscard]] const char* end() const { return to_; }

 private:
  char* to_;
};

inline void put_line(Put& put, std::string_view name, std::string_view value) {
  put(name), put(": "), put(value), put("\r\n");
}

}  // namespace sipring::detail
