// Uring: owns one io_uring. Finds out what the kernel has, makes the best ring of it, submits and
// waits with one system call.
//
// SINGLE_ISSUER | DEFER_TASKRUN | COOP_TASKRUN: completions are made only inside our own
// io_uring_enter, in batches. To be made and used by one thread.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>

#include <liburing.h>

#include <cstdint>
#include <expected>
#include <string>

namespace sipring {

// How long to sleep, and what for.
struct UringWait {
  Duration at_most = Duration::max();  // max: until something happens
  std::uint32_t completions = 1;       // 0: take what is there
  Duration minimum{};  // with completions > 1: after this time one completion is enough
};

class Uring {
 public:
  // `allowed` masks features; those that remain and that the kernel has are in features()
  // afterwards.
  [[nodiscard]] static std::expected<Uring, OpenError> open(std::uint32_t submissions,
                                                            std::uint32_t completions,
                                                            const UringFeatures& allowed);
  Uring(Uring&& other) noexcept;
  Uring& operator=(Uring&&) = delete;
  ~Uring();

  [[nodiscard]] const UringFeatures& features() const { return features_; }
  [[nodiscard]] int fd() const { return ring_.ring_fd; }
  [[nodiscard]] io_uring* get() { return &ring_; }

  // A table of so many places for descriptors, which operations name by their place
  // (IOSQE_FIXED_FILE). Once per ring; all places are empty.
  [[nodiscard]] std::expected<void, OpenError> register_files(std::uint32_t places);
  // -1: the place is empty again.
  void set_file(std::uint32_t place, int fd);

  // Never null: submits first when the queue is full. The caller fills all of it.
  [[nodiscard]] io_uring_sqe& submission();

  // Submits what was prepared and sleeps as told. One system call.
  void wait(const UringWait& wait);

  // Hands up to `limit` completions to `handle` in order, and returns how many.
  template <class Handle>
  std::uint32_t complete(std::uint32_t limit, Handle&& handle) {
    std::uint32_t count = 0;
    unsigned head = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(&ring_, head, completion) {
      if (count == limit) break;
      handle(*completion);
      ++count;
    }
    io_uring_cq_advance(&ring_, count);
    return count;
  }
  [[nodiscard]] bool has_completions() { return io_uring_cq_ready(&ring_) != 0; }

  [[nodiscard]] std::uint64_t system_calls() const { return system_calls_; }

 private:
  Uring() = default;
  int set_up(std::uint32_t submissions, std::uint32_t completions, unsigned flags);
  void find_features(const UringFeatures& allowed, bool deferred);
  unsigned enter(unsigned minimum, const void* argument);

  io_uring ring_{};
  UringFeatures features_;
  int enter_fd_ = -1;
  unsigned enter_flags_ = 0;
  std::uint64_t system_calls_ = 0;
  bool open_ = false;
};

// "6.1.0-18-amd64"
[[nodiscard]] std::string kernel_release();

}  // namespace sipring
