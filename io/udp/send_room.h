// SendRoom: what the send queues of a shard share, so that a socket costs next to nothing: room for
// the datagrams that wait, and what one sendmmsg is built in.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/output.h>
#include <sipring/io/detail/failed_sends.h>
#include <sipring/io/socket_address.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/pool.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory_resource>

namespace sipring {

struct SendOptions {
  std::uint32_t capacity = 4'096;  // datagrams that wait, of all queues; more are dropped
  bool segments = true;            // UDP_SEGMENT runs
};

class SendRoom {
 public:
  SendRoom(const SendOptions& options, FailedSends& failed, std::pmr::memory_resource& memory)
      : segments_(options.segments),
        entries_(std::max(options.capacity, 1U), memory),
        runs_(std::max(options.capacity, 1U), memory),
        failed_(failed) {}
  SendRoom(const SendRoom&) = delete;
  SendRoom& operator=(const SendRoom&) = delete;

  [[nodiscard]] bool is_full() const { return free() == 0; }
  [[nodiscard]] std::uint32_t size() const { return entries_.size(); }

 private:
  friend class SendQueue;
  static constexpr std::uint32_t none = 0xffff'ffff;
  static constexpr std::uint32_t batch = 64;          // messages of one sendmmsg
  static constexpr std::uint32_t batch_octets = 512;  // its iovecs
  static constexpr std::uint32_t recent_runs = 256;   // as many as mix() tells apart
  static constexpr std::uint32_t lanes = 4'096;       // told apart; a power of two
  // A queue whose socket is full leaves the last one of so many to the others.
  static constexpr std::uint32_t one_kept_of = 4;

  struct Entry {
    Ref<Buffer> bytes;
    Handle<Transaction> transaction;
    std::uint32_t next = none;
  };
  // Datagrams of one size to one peer.
  struct Run {
    NetworkAddress peer;
    std::uint64_t number = 0;  // of all runs that ever were: later ones have higher numbers
    std::uint32_t first = none;
    std::uint32_t last = none;
    std::uint32_t count = 0;
    std::uint32_t octets = 0;
    std::uint32_t segment = 0;
    std::uint32_t queue = 0;
    std::uint32_t next = none;  // of its queue
  };
  struct Header {
    SocketAddress peer;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control;
    std::uint32_t covers = 0;  // entries of its run
  };

  [[nodiscard]] std::uint32_t free() const { return entries_.capacity() - entries_.size(); }
  // Whether the last part is all there is left.
  [[nodiscard]] bool is_scarce() const { return free() <= entries_.capacity() / one_kept_of; }

  bool segments_;
  Pool<Entry> entries_;
  Pool<Run> runs_;
  FailedSends& failed_;
  std::uint64_t runs_begun_ = 0;
  // The latest run for a queue, a peer and a size, by their hash; checked before it is believed.
  std::array<Handle<Run>, recent_runs> recent_{};
  // The number of the latest run that a peer's lane has something in, by their hash.
  std::array<std::uint64_t, lanes> latest_{};
  std::array<mmsghdr, batch> messages_{};
  std::array<Header, batch> headers_{};
  std::array<iovec, batch_octets> octets_{};
};

}  // namespace sipring
