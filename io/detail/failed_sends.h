// FailedSends: transactions of which a message could not be sent. The engine is told when all its
// outputs are taken (Engine::transmit_failed): until then one may point to what an input would
// overwrite.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/ring.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <memory_resource>
#include <optional>

namespace sipring {

struct Transaction;

class FailedSends {
 public:
  FailedSends(std::uint32_t capacity, std::pmr::memory_resource& memory)
      : transactions_(capacity, memory) {}

  // A null one is nobody's. Where there is no room the transaction finds out by its timers.
  void add(Handle<Transaction> transaction) {
    if (transaction) (void)transactions_.emplace(transaction);
  }
  [[nodiscard]] std::optional<Handle<Transaction>> next() {
    if (transactions_.empty()) return std::nullopt;
    return transactions_.pop();
  }
  [[nodiscard]] std::uint32_t size() const { return transactions_.size(); }

 private:
  Ring<Handle<Transaction>> transactions_;
};

}  // namespace sipring
