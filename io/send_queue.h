// SendQueue: the datagrams that one turn of a shard's loop sends through one socket, leaving with
// one sendmmsg.
//
// Datagrams of one size to one peer form a run, which goes through the network stack once
// (UDP_SEGMENT); a shorter one may end it. Datagrams to one peer keep their order: only the peer's
// latest run grows; or, gathered by size, its latest run of each size.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/output.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/socket_address.h>

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring {

struct SendOptions {
  std::uint32_t capacity = 4'096;  // datagrams that wait; more are dropped and counted
  bool segments = true;            // UDP_SEGMENT runs
  bool connected = false;          // the socket knows its peer
};

class SendQueue {
 public:
  // sendmmsg, or a test's stand-in for a network that refuses.
  using System = int (*)(int fd, mmsghdr* messages, unsigned count, int flags);

  SendQueue(int fd, const SendOptions& options, std::pmr::memory_resource& memory,
            System system = ::sendmmsg);
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  // False when full, or when the datagram is larger than UDP carries: it is dropped.
  [[nodiscard]] bool push(Transmit&& transmit);

  enum class State : std::uint8_t {
    idle,     // everything has gone
    blocked,  // the socket is full: flush again when it is writable
  };
  State flush(IoCounters& counters);
  [[nodiscard]] State state() const { return blocked_ ? State::blocked : State::idle; }

  // Of datagrams that could not be sent, the transactions that have not been told yet
  // (Engine::transmit_failed).
  [[nodiscard]] std::optional<Handle<Transaction>> next_failure();
  // A send returned an ICMP error of an earlier one: the socket's error queue has it. Told once.
  [[nodiscard]] bool take_error_seen();

  [[nodiscard]] std::uint32_t size() const { return waiting_; }
  [[nodiscard]] bool is_full() const { return entries_.size() == capacity_; }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;
  static constexpr std::uint32_t batch = 64;          // messages of one sendmmsg
  static constexpr std::uint32_t batch_octets = 512;  // its iovecs
  static constexpr std::uint32_t max_segments = 64;   // UDP_MAX_SEGMENTS of older kernels
  static constexpr std::uint32_t max_segment =
      1'452;  // fits a packet of 1,500 octets, IPv6 and UDP headers taken off
  static constexpr std::uint32_t max_run = 65'000;      // octets; one packet for the stack
  static constexpr std::uint32_t max_payload = 65'507;  // IPv4: 65,535 less 28 octets of headers
  static constexpr std::uint32_t recent_runs = 256;     // as many as mix() tells apart
  static constexpr std::uint32_t orders = 4'096;        // told apart; a power of two

  struct Entry {
    Ref<Buffer> bytes;
    Handle<Transaction> transaction;
    std::uint32_t next = none;
  };
  struct Run {
    NetworkAddress peer;
    std::uint32_t first = none;
    std::uint32_t last = none;
    std::uint32_t count = 0;
    std::uint32_t octets = 0;
    std::uint32_t segment = 0;
  };
  struct Header {
    SocketAddress peer;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control;
    std::uint32_t covers = 0;  // entries of its run
  };

  bool extends(std::uint32_t run, const NetworkAddress& peer, std::uint32_t size) const;
  std::uint32_t build();
  bool build_run(const Run& run, std::uint32_t& messages, std::uint32_t& octets);
  void build_message(const Run& run, std::uint32_t message, std::uint32_t covers);
  void sent(std::uint32_t messages, IoCounters& counters);
  bool refused(int error_number, IoCounters& counters);
  void pop(std::uint32_t entries, IoCounters* sent_counters);
  void reset();

  int fd_;
  System system_;
  std::uint32_t capacity_;
  bool segments_;
  bool connected_;
  bool blocked_ = false;
  bool error_seen_ = false;
  bool retried_ = false;  // the message at the front has been tried twice
  std::uint32_t waiting_ = 0;
  std::uint32_t next_run_ = 0;  // runs before it have gone
  std::pmr::vector<Entry> entries_;
  std::pmr::vector<Run> runs_;
  std::pmr::vector<Handle<Transaction>> failures_;
  // The latest run for a peer and a size, by their hash; checked before it is believed.
  std::array<std::uint32_t, recent_runs> recent_{};
  // The latest run that holds a peer's order, by their hash, in the round that is told.
  struct Latest {
    std::uint32_t run;
    std::uint32_t round;
  };
  std::array<Latest, orders> latest_{};
  std::uint32_t round_ = 1;  // of being filled and emptied
  std::array<mmsghdr, batch> messages_{};
  std::array<Header, batch> headers_{};
  std::array<iovec, batch_octets> octets_{};
};

}  // namespace sipring
