// KeptCalls: the calls whose flows are kept alive, because the far side has agreed to it in a
// response to their INVITE, until they end (RFC 6223 section 4.2.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/calls.h>
#include <sipring/core/dialog/dialog.h>
#include <sipring/core/outbound/keep_alives.h>

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace sipring {

class KeptCalls {
 public:
  // `calls` 0: nothing is agreed on.
  KeptCalls(std::uint32_t calls, std::pmr::memory_resource& memory) : kept_(calls, &memory) {}

  // `slot`: of the call. `dialog`: it knows where its requests go.
  void take(const Moment& moment, std::uint32_t slot, const ResponseReceived& response,
            const Dialog& dialog);
  // They go by another connection now.
  void move(const Moment& moment, std::uint32_t slot, const Dialog& dialog);
  void release(const Moment& moment, std::uint32_t slot);

 private:
  [[nodiscard]] Handle<KeptFlow>* find(const Moment& moment, std::uint32_t slot) {
    return kept_.empty() || moment.keep_alives == nullptr ? nullptr : &kept_[slot];
  }

  std::pmr::vector<Handle<KeptFlow>> kept_;  // by slot; null: not kept
};

}  // namespace sipring
