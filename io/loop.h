// Loop: a shard's event loop. One thread, one ring, one engine, one transaction user.
//
//   wait until a completion or a deadline → read the clock once → handle completions and letters
//   from other shards → fire timers → send all that came of it → wake other shards → wait
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/overload/turn_queue.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/mailbox.h>
#include <sipring/io/metrics.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>
#include <sipring/io/receive_ring.h>
#include <sipring/io/roster.h>
#include <sipring/io/send_queue.h>
#include <sipring/io/steering.h>
#include <sipring/io/token.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp.h>
#include <sipring/io/uring.h>
#include <sipring/pools/ring.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

namespace sipring {

// How a shard is woken: by MSG_RING from another ring, by eventfd from anywhere.
struct WakeTarget {
  int ring_fd = -1;
  int event_fd = -1;
};

class Loop {
 public:
  // What the parts of a server have in common, and what is this shard's own.
  struct Place {
    std::uint32_t shard = 0;
    const ShardOptions* options = nullptr;
    std::span<UdpSocket> sockets;  // one for each listener, then one for each trunk
    std::span<const Listener> listeners;
    std::span<const Trunk> trunks;
    Mailboxes* mailboxes = nullptr;
    std::span<const WakeTarget> wake_targets;  // of all shards; complete when run() is called
    Roster* roster = nullptr;
    Steering* steering = nullptr;  // the shard's own
    Published<Metrics>* published = nullptr;
  };

  Loop(const Place& place, Uring& uring, ReceiveRing& receive_ring, std::uint32_t sends_in_flight,
       Engine& engine, TransactionUser& user, std::pmr::memory_resource& memory);

  // Returns when the doorbell says stop or the roster leave, with everything sent that could be.
  void run();
  // After run(): whether it was the roster, and no other shard has anything of ours.
  [[nodiscard]] bool has_left() const { return leaving_ && has_all_buffers(); }

 private:
  struct Port {
    Port(UdpSocket& its_socket, Flow its_listener, const SendOptions& options,
         std::pmr::memory_resource& memory)
        : socket(its_socket), listener(its_listener), sends(its_socket.fd(), options, memory) {}
    UdpSocket& socket;
    Flow listener;  // itself, or of which it is a trunk
    SendQueue sends;
    bool receiving = false;  // the kernel has our request to receive, or to poll
    bool awaiting_room = false;
  };

  void turn();
  void wait();
  bool poll_when_busy();
  UringWait how_to_wait(Instant before);
  void dispatch(const io_uring_cqe& completion);
  void handle(const Letter& letter);
  void advance();
  void drain();
  void publish(bool at_once);
  void close();

  // loop_receive.cpp
  void on_receive(std::uint32_t port, std::int32_t result, std::uint32_t flags);
  void on_readable(std::uint32_t port, std::int32_t result);
  void receive_batch(std::uint32_t port);
  void arrived(std::uint32_t port, BufferId buffer, const ReceivedDatagram& received);
  void sort(const Letter& letter);
  void take_errors(std::uint32_t port);
  void arm();

  // loop_send.cpp
  void transmit(Transmit&& transmit);
  Port* port_towards(const NetworkAddress& destination, Flow flow);
  Port* listener_towards(const NetworkAddress& destination, Flow flow);
  void flush();
  void flush_port(Port& port);
  void on_writable(std::uint32_t port);
  bool tell_failures(Port& port);
  bool tell_unreachable();

  // loop_overload.cpp
  void look_at_the_time(std::uint64_t messages);
  bool make_wait(const Letter& letter, std::uint32_t owner);
  void gather();
  void serve_waiting();
  void serve(const Letter& letter, TurnBudget::Verdict verdict);
  void give_back(const Letter& letter, std::uint32_t owner);

  // loop_mail.cpp
  void on_wake(std::uint32_t slot);
  void on_bell_failed(std::uint32_t shard);
  bool hand_over(std::uint32_t home, const Letter& letter);
  void take_letters();
  void take_returns();
  void ring_bells();
  [[nodiscard]] bool has_mail(bool starving) const;
  [[nodiscard]] bool starving() const;
  void arm_wake();

  // loop_ending.cpp
  void look_at_roster();
  void start_to_drain();
  void start_to_leave();
  void watch_drain();
  [[nodiscard]] Instant leaving_deadline() const;
  [[nodiscard]] std::uint32_t home_while_draining(std::string_view datagram);
  bool pass_on(const Letter& letter);
  [[nodiscard]] bool has_all_buffers() const;
  void wind_up();
  void stop_receiving();

  std::uint32_t shard_;
  const ShardOptions& options_;
  Mailboxes& mailboxes_;
  Doorbell& doorbell_;
  std::span<const WakeTarget> wake_targets_;
  Roster& roster_;
  Steering& steering_;
  Published<Metrics>& published_;
  Uring& uring_;
  ReceiveRing& receive_ring_;
  Engine& engine_;
  TransactionUser& user_;
  std::uint32_t listeners_;
  std::deque<Port> ports_;  // of the listeners, then of the trunks

  // A letter that an overloaded shard has not come to yet; its buffer is `owner`'s.
  struct Waiting {
    Letter letter;
    std::uint32_t owner = 0;
  };
  TurnBudget budget_;
  TurnQueue queue_;
  std::pmr::vector<Waiting> waiting_;
  std::uint32_t handled_ = 0;  // completions of the last turn
  Instant now_{};
  Instant woke_{};
  Instant published_at_{};
  bool unpublished_ = false;
  bool stopping_ = false;
  bool shared_;  // there are other shards
  bool draining_ = false;
  bool leaving_ = false;
  bool silent_ = false;  // we write no more letters
  Instant quiet_since_ = never;
  Instant leave_at_ = never;
  std::uint32_t known_change_ = 0;  // of the roster
  // Of messages that no port leads to, the transactions that have not been told yet. One that finds
  // no room here waits for its own timer.
  Ring<Handle<Transaction>> unreachable_;
  std::uint64_t event_value_ = 0;
  std::vector<std::uint8_t> wrote_to_;  // letters for these shards since their bells were rung
  std::vector<std::uint8_t> returned_to_;
  std::vector<std::uint32_t> lent_to_;  // letters that have not come back
  IoCounters counters_;
};

}  // namespace sipring
