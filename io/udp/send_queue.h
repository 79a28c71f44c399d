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
#include <sipring/io/udp/send_room.h>

#include <sys/socket.h>

#include <cstdint>

namespace sipring {

class SendQueue {
 public:
  // sendmmsg, or a test's stand-in for a network that refuses.
  using System = int (*)(int fd, mmsghdr* messages, unsigned count, int flags);
  struct Way {
    int fd = -1;
    std::uint32_t number = 0;   // tells the queues of a room apart
    bool is_connected = false;  // the socket knows its peer
  };

  SendQueue(SendRoom& room, const Way& way, System system = ::sendmmsg);
  ~SendQueue();  // what still waits has failed
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  // False when there is no room, or when the datagram is larger than UDP carries: it is dropped. A
  // blocked queue leaves some room to the others.
  [[nodiscard]] bool push(Transmit&& transmit);

  enum class State : std::uint8_t {
    idle,     // everything has gone
    blocked,  // the socket is full: flush again when it is writable
  };
  // What the kernel refuses is told to the room's FailedSends.
  State flush(IoCounters& counters);

  // A send returned an ICMP error of an earlier one: the socket's error queue has it. Told once.
  [[nodiscard]] bool take_error_seen();

  [[nodiscard]] std::uint32_t size() const { return waiting_; }
  [[nodiscard]] std::uint32_t number() const { return way_.number; }

 private:
  using Entry = SendRoom::Entry;
  using Run = SendRoom::Run;
  static constexpr std::uint32_t none = SendRoom::none;
  static constexpr std::uint32_t max_segments = 64;  // UDP_MAX_SEGMENTS of older kernels
  static constexpr std::uint32_t max_segment =
      1'452;  // fits a packet of 1,500 octets, IPv6 and UDP headers taken off
  static constexpr std::uint32_t max_run = 65'000;      // octets; one packet for the stack
  static constexpr std::uint32_t max_payload = 65'507;  // IPv4: 65,535 less 28 octets of headers

  bool extends(const Run& run, const NetworkAddress& peer, std::uint32_t size) const;
  Handle<Run> begin_run(const NetworkAddress& peer, std::uint32_t entry, std::uint32_t size);
  std::uint32_t build();
  bool build_run(const Run& run, std::uint32_t& messages, std::uint32_t& octets);
  void build_message(const Run& run, std::uint32_t message, std::uint32_t covers);
  void sent(std::uint32_t messages, IoCounters& counters);
  bool refused(int error_number, IoCounters& counters);
  void pop(std::uint32_t entries, IoCounters* sent_counters);

  SendRoom& room_;
  Way way_;
  System system_;
  bool segments_;
  bool blocked_ = false;
  bool error_seen_ = false;
  bool retried_ = false;  // the message at the front has been tried twice
  std::uint32_t waiting_ = 0;
  std::uint32_t first_run_ = none;
  std::uint32_t last_run_ = none;
};

}  // namespace sipring
