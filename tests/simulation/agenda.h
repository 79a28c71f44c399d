// What somebody means to do, in the order of its time.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace sipring::simulation {

template <class Task>
class Agenda {
 public:
  void plan(Instant at, Task task) { tasks_.push({at, ++planned_, std::move(task)}); }
  [[nodiscard]] Instant next() const { return tasks_.empty() ? never : tasks_.top().at; }
  [[nodiscard]] bool empty() const { return tasks_.empty(); }
  [[nodiscard]] std::optional<Task> take_due(Instant now) {
    if (next() > now || tasks_.empty()) return std::nullopt;
    Task task = tasks_.top().task;
    tasks_.pop();
    return task;
  }

 private:
  struct Planned {
    Instant at;
    std::uint64_t number;  // first planned, first done
    Task task;
    friend bool operator>(const Planned& a, const Planned& b) {
      return a.at != b.at ? a.at > b.at : a.number > b.number;
    }
  };
  std::priority_queue<Planned, std::vector<Planned>, std::greater<>> tasks_;
  std::uint64_t planned_ = 0;
};

}  // namespace sipring::simulation
