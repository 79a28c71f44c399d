// Loop: a shard's turn, and nothing else. One thread, one ring, one engine, one transaction user.
//
//   wait until a completion or a deadline → read the clock once → give completions to their groups,
//   and what they brought to the intake → take the mail, and what other threads want done → fire
//   timers → send all that came of it → ring for other shards → wait
//
// What is decided is decided in core/shard/ and in the engine; sockets are the carriers'
// (io/udp/, io/stream/), letters the post's (io/post/). A carrier's completions have a group in
// dispatch(), and its messages leave by outputs.h.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/shard/detail/intake.h>
#include <sipring/core/shard/detail/leaving.h>
#include <sipring/io/detail/orders.h>
#include <sipring/io/detail/outputs.h>
#include <sipring/io/detail/reception.h>
#include <sipring/io/detail/snapshot.h>
#include <sipring/io/detail/uring.h>
#include <sipring/io/names/naming.h>
#include <sipring/io/options.h>
#include <sipring/io/post/bells.h>
#include <sipring/io/post/errands.h>
#include <sipring/io/post/post.h>
#include <sipring/io/stream/ports.h>
#include <sipring/io/transaction_user.h>
#include <sipring/io/udp/ports.h>

#include <cstdint>

namespace sipring {

class Loop {
 public:
  // All of it is the shard's own.
  struct Parts {
    const ShardOptions& options;
    Uring& uring;
    Engine& engine;
    TransactionUser& user;
    Intake& intake;
    const Leaving& leaving;
    Reception& reception;
    Outputs& outputs;
    Orders& orders;
    Post& post;
    Bells& bells;
    UdpPorts& udp;
    StreamPorts& streams;
    Naming* naming;  // nullptr: nobody asks name servers
    const KeepAlives& keep_alives;
    Snapshot& snapshot;
    Errands& errands;
    IoCounters& counters;
    Arrivals& arrivals;
  };
  explicit Loop(const Parts& parts) : parts_(parts) {}

  // Returns when leaving.h says that the shard has ended, with everything sent that could be.
  void run();
  // After run(): whether it was the roster's order, and no other shard has anything of ours.
  [[nodiscard]] bool has_left() const;

 private:
  void turn();
  void wait();
  void sleep(Instant before);
  bool poll_when_busy();
  [[nodiscard]] UringWait how_to_wait(Instant before) const;
  void complete();
  void dispatch(const io_uring_cqe& completion);
  void gather();
  void read_on();
  void shake_hands();
  void run_errands();
  void advance();
  void flush();
  void bring_memory();
  void publish(bool at_once);
  void close();

  Parts parts_;
  std::uint32_t handled_ = 0;  // completions of the last turn
  bool brings_ = false;        // pages ahead of their use, and there may be more
  Instant now_{};
  Instant woke_{};
};

}  // namespace sipring
