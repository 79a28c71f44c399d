// Errand: what another thread wants done on a shard. A function that the shard's thread calls
// between two messages; it is kept inline, so that none of it is allocated.
//
//   server->post(shard, Errand([](TransactionUser& user, Engine& engine, Instant now) { ... }));
//
// What it captures is moved from thread to thread and must not be borrowed from the poster, who may
// be gone by then. An errand that never ran is destroyed with the server.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/time.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sipring {

class TransactionUser;

class Errand {
 public:
  static constexpr std::size_t capacity = 48;  // octets of what a function captures

  Errand() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Errand> &&
           std::is_invocable_v<std::remove_cvref_t<F>&, TransactionUser&, Engine&,
                               Instant>) explicit Errand(F&& function) {
    using Function = std::remove_cvref_t<F>;
    static_assert(sizeof(Function) <= capacity,
                  "it captures more than Errand::capacity octets: let it own a pointer to them");
    static_assert(alignof(Function) <= alignof(std::max_align_t));
    static_assert(std::is_nothrow_move_constructible_v<Function>);
    ::new (static_cast<void*>(octets_)) Function(std::forward<F>(function));
    call_ = [](void* self, TransactionUser& user, Engine& engine, Instant now) {
      (*static_cast<Function*>(self))(user, engine, now);
    };
    carry_ = [](void* from, void* to) noexcept {
      auto* const carried = static_cast<Function*>(from);
      if (to != nullptr) ::new (to) Function(std::move(*carried));
      std::destroy_at(carried);
    };
  }
  ~Errand() { reset(); }
  Errand(Errand&& other) noexcept { take(other); }
  Errand& operator=(Errand&& other) noexcept {
    if (this == &other) return *this;
    reset();
    take(other);
    return *this;
  }
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;

  explicit operator bool() const { return call_ != nullptr; }
  // Not of an empty one.
  void operator()(TransactionUser& user, Engine& engine, Instant now) {
    call_(octets_, user, engine, now);
  }

 private:
  using Call = void (*)(void* self, TransactionUser& user, Engine& engine, Instant now);
  using Carry = void (*)(void* from, void* to) noexcept;  // `to` null: it is destroyed

  void take(Errand& other) {
    if (other.call_ == nullptr) return;
    other.carry_(other.octets_, octets_);
    call_ = std::exchange(other.call_, nullptr);
    carry_ = other.carry_;
  }
  void reset() {
    if (std::exchange(call_, nullptr) != nullptr) carry_(octets_, nullptr);
  }

  alignas(std::max_align_t) std::byte octets_[capacity];
  Call call_ = nullptr;
  Carry carry_ = nullptr;
};
static_assert(sizeof(Errand) == 64);

enum class PostError : std::uint8_t {
  no_such_shard,
  no_room,  // ShardOptions::errands wait there already
  stopped,  // the shard has ended, or is about to
};
[[nodiscard]] std::string_view to_string(PostError error);

}  // namespace sipring
