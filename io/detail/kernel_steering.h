// KernelSteering: lets the kernel put each datagram into the socket of its home shard, by a program
// of type SK_REUSEPORT (io/bpf/steer.bpf.c) that computes what Steering does for an ordinary
// Call-ID. Whatever the program does not find goes where the kernel likes and is handed over, so
// results are the same with it and without.
//
// Needs CAP_BPF and Linux 5.8 or later. The program lives as long as the sockets that it is
// attached to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/detail/homes.h>
#include <sipring/io/open_error.h>
#include <sipring/io/udp/socket.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace sipring {

class KernelSteering {
 public:
  // `sockets[shard][listener]`, bound, two shards or more. The error has one clear line.
  [[nodiscard]] static std::expected<KernelSteering, OpenError> attach(
      std::span<const std::vector<UdpSocket>> sockets, const HashSeed& seed, const Homes& homes);
  KernelSteering(KernelSteering&& other) noexcept;
  KernelSteering& operator=(KernelSteering&&) = delete;
  ~KernelSteering();

  // Datagrams go by these homes from now on. False when the kernel does not take them: they are
  // handed over then.
  bool place(const Homes& homes);
  // The shard's sockets are not chosen any more.
  void remove(std::uint32_t shard);
  // A listener more, whose flow has this slot, with a socket for each shard; -1 for one that has
  // stopped. False when the kernel does not take it: its datagrams are handed over.
  bool add(std::uint32_t slot, std::span<const int> sockets);
  // It has been closed.
  void forget(std::uint32_t slot);

 private:
  KernelSteering() = default;

  HashSeed seed_;
  int homes_map_ = -1;
  int scratch_map_ = -1;
  std::vector<int> socket_maps_;  // by the listener's slot; -1: none
};

}  // namespace sipring
