// Frontier: how far memory that is used from its beginning onwards has been brought ahead of its
// use. The kernel gives a page when it is first touched, and the message that touches it waits;
// whoever has a quiet moment can ask what comes next, and have it there before.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace sipring {

class Frontier {
 public:
  static constexpr std::size_t step = std::size_t{64} << 10;

  // What is to be brought now: at most `step` octets of `memory`, of which `used` have been used;
  // empty while `ahead` of them are there. It counts as brought from then on.
  [[nodiscard]] std::span<std::byte> next(std::span<std::byte> memory, std::size_t used,
                                          std::size_t ahead) {
    brought_ = std::max(brought_, used);
    if (brought_ >= std::min(memory.size(), used + ahead)) [[likely]]
      return {};
    const std::size_t from = brought_;
    brought_ = std::min(memory.size(), from + step);
    return memory.subspan(from, brought_ - from);
  }

 private:
  std::size_t brought_ = 0;
};

// The first that has something to bring says what; empty: none has.
template <class... Owners>
[[nodiscard]] std::span<std::byte> first_coming(Owners&... owners) {
  std::span<std::byte> coming;
  (void)(... || !(coming = owners.coming_memory()).empty());
  return coming;
}

}  // namespace sipring
