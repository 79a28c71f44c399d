// Expectations: the events that must come, one after the other; others may come between them.
//
//   EVENT           by its name: "established"
//   EVENT=STATUS    and its status: "ended=486"
//
// SPDX-License-Identifier: MIT
#pragma once

#include <call/event.h>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

// Whether an event is what such a text names.
[[nodiscard]] bool is_meant(std::string_view expectation, const Event& event);

class Expectations {
 public:
  explicit Expectations(std::vector<std::string> texts = {}) : texts_(std::move(texts)) {}

  // True when that was the last one.
  bool take(const Event& event);
  [[nodiscard]] bool are_met() const { return met_ == texts_.size(); }
  // The one that is waited for; empty: none.
  [[nodiscard]] std::string_view next() const {
    return are_met() ? std::string_view{} : std::string_view(texts_[met_]);
  }

 private:
  std::vector<std::string> texts_;
  std::size_t met_ = 0;
};

}  // namespace sipring::app
