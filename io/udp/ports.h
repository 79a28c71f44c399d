// UdpPorts: the UDP sockets of one shard, and what a turn sends and receives through them. A
// listener has one, and one more for each of its trunks, which are connected to a peer.
//
// A port's place is its number among the ring's files, and a listener's is its flow's slot. Both
// are used again, so a generation goes with each and is compared wherever one comes back. What a
// turn costs depends on the ports that had something to do in it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/output.h>
#include <sipring/core/shard/detail/letter.h>
#include <sipring/io/detail/failed_sends.h>
#include <sipring/io/detail/token.h>
#include <sipring/io/detail/uring.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/udp/receive_ring.h>
#include <sipring/io/udp/send_queue.h>
#include <sipring/io/udp/send_room.h>
#include <sipring/io/udp/socket.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring {

// What completions brought: messages, and word of what was not delivered, each in a receive buffer
// that is wanted back.
using Arrivals = std::pmr::vector<Letter>;

class UdpPorts {
 public:
  static constexpr std::uint32_t max_listeners = 64;
  // Of one completion, or of one look at an error queue.
  static constexpr std::uint32_t most_arrivals = 2 * ReceiveRing::spares;

  struct Parts {
    Uring& uring;
    ReceiveRing& ring;
    FailedSends& failed;
    IoCounters& counters;
  };
  // The ring's files from `first_file` on are for listeners, and behind these for trunks.
  UdpPorts(const Parts& parts, const SendOptions& sends, std::uint32_t first_file,
           std::uint32_t trunks, std::pmr::memory_resource& memory);

  void open(UdpSocket socket, Flow listener);
  void open_trunk(UdpSocket socket, Flow listener);
  // With its trunks. What waits to be sent has failed; its slot is free when is_closing() says no.
  void close(Flow listener);
  [[nodiscard]] bool is_closing() const { return closing_ != 0; }

  // By its flow, or with a null one by a listener of the destination's family. What cannot be sent
  // is told to FailedSends.
  void send(Transmit&& message, Arrivals& arrivals);
  // One sendmmsg for each port that has something to send.
  void flush(Arrivals& arrivals);

  void on_completion(const CompletionToken& token, const io_uring_cqe& completion,
                     Arrivals& arrivals);
  // At the end of a turn: lends the kernel buffers, and has it receive where it does not.
  void arm();

  void give_back(Loan loan) { parts_.ring.give_back(static_cast<BufferId>(loan.number)); }
  // The same letter in a buffer of ours; nullopt when there is none.
  [[nodiscard]] std::optional<Letter> copy(const Letter& letter);
  [[nodiscard]] bool is_starving() const;  // all buffers are out

  // The kernel gives to other shards what comes from now on.
  void leave_groups();
  void stop_receiving();
  [[nodiscard]] bool is_receiving() const { return receiving_ != 0; }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;

  struct Port {
    Port(UdpSocket&& its_socket, Flow its_listener, SendRoom& room, std::uint32_t number);
    UdpSocket socket;
    Flow listener;  // which it is, or of which it is a trunk
    SendQueue sends;
    std::uint32_t next_trunk = none;  // of the same listener
    bool receives = false;            // the kernel has our request to receive, or to poll
    bool awaits_room = false;         // and to tell when it can send
    bool is_dirty = false;
    bool is_unarmed = false;
    bool is_closing = false;
  };

  [[nodiscard]] Port* port_of(Flow flow, const NetworkAddress& destination);
  [[nodiscard]] std::uint32_t number_of(Flow listener) const;
  void begin(std::uint32_t number, UdpSocket&& socket, Flow listener);
  void close_port(std::uint32_t number);
  void end_if_done(std::uint32_t number);
  void mark_dirty(std::uint32_t number);
  void flush_port(std::uint32_t number);
  void want_arming(std::uint32_t number);
  [[nodiscard]] CompletionToken token(UdpOp op, std::uint32_t number) const;

  // ports_receive.cpp
  void on_receive(std::uint32_t number, const io_uring_cqe& completion, Arrivals& arrivals);
  void on_readable(std::uint32_t number, std::int32_t result, Arrivals& arrivals);
  void receive_batch(std::uint32_t number, Arrivals& arrivals);
  void arrived(const Port& port, BufferId buffer, const ReceivedDatagram& received,
               Arrivals& arrivals);
  void take_errors(Port& port, Arrivals& arrivals);
  void ended(std::uint32_t number);
  void arm(std::uint32_t number);
  void cancel_receive(std::uint32_t number);

  Parts parts_;
  std::uint32_t first_file_;
  SendRoom room_;
  std::pmr::vector<std::optional<Port>> ports_;  // listeners by slot, then trunks
  std::pmr::vector<std::uint32_t> generations_;  // by place
  std::pmr::vector<std::uint32_t> dirty_;        // have something to send
  std::pmr::vector<std::uint32_t> unarmed_;      // do not receive, and should
  std::uint32_t receiving_ = 0;
  std::uint32_t closing_ = 0;
  bool is_stopped_ = false;
};

}  // namespace sipring
