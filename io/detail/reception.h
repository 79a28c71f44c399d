// Reception: does with what has come, off the wire or by letter, what core/shard/detail/intake.h
// decides.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/shard/detail/intake.h>
#include <sipring/io/detail/outputs.h>
#include <sipring/io/post/post.h>
#include <sipring/io/stream/ports.h>
#include <sipring/io/udp/ports.h>

#include <cstdint>

namespace sipring {

class Reception {
 public:
  struct Parts {
    std::uint32_t shard;
    std::uint32_t turn;  // letters of one other shard that are taken at once
    Intake& intake;
    Engine& engine;
    Outputs& outputs;
    Post& post;
    UdpPorts& udp;
    StreamPorts& streams;
    IoCounters& counters;
    Arrivals& arrivals;
  };
  explicit Reception(const Parts& parts) : parts_(parts) {}

  // What a completion, or a flush, has brought.
  void take_arrivals(Instant now);
  // What a completion has brought over a connection.
  void take_streams(Instant now);
  // Receipts and letters. True when there were letters.
  bool take_mail(Instant now);
  // Of an overloaded shard, when all has come that will. Reads the clock; the time when it is done.
  Instant serve_waiting(Instant now);

 private:
  void take(Instant now, const Letter& letter, std::uint32_t from);
  void pass_on(Instant now, const Letter& letter, std::uint32_t from, std::uint32_t to);
  void take_message(Instant now, const Received& message);
  void carry(Instant now, const Letter& letter, std::uint32_t from);
  void give_back(Loan loan);
  void serve(Instant now, const Letter& letter);
  void refuse(Instant now, const Letter& letter);
  void release(Loan loan, std::uint32_t owner);

  Parts parts_;
};

}  // namespace sipring
