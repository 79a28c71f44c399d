// Small changes to a text that is copied: what is replaced, in order of position.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

// `replaced` is a view into the text (empty: an insertion at its position); `with` takes its place.
struct Edit {
  std::string_view replaced;
  std::string_view with;
};

// Hands the pieces of `text` with the edits applied to put(std::string_view). Edits outside `text`
// are not allowed.
template <class Put>
constexpr void put_edited(Put&& put, std::string_view text, std::span<const Edit> edits) {
  const char* from = text.data();
  for (const Edit& edit : edits) {
    put(std::string_view(from, edit.replaced.data()));
    put(edit.with);
    from = edit.replaced.data() + edit.replaced.size();
  }
  put(std::string_view(from, text.data() + text.size()));
}

}  // namespace sipring
