// What the user of `sipring answer` is made with, one for each shard.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/core/transaction/shard_mark.h>
#include <sipring/core/transaction/timers.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace sipring {
class Connections;
}  // namespace sipring

namespace sipring::app {

class AuthFile;

struct AnswerOptions {
  // At once; the next one gets 503. Without whole dialogs: calls that have no ACK yet.
  std::uint32_t calls = 65'536;
  TimerSettings timers = {};  // as the engine's
  Duration ringing = std::chrono::seconds(5);
  Duration patience = std::chrono::seconds(60);  // of a shard that drains, until it hangs up
  std::uint32_t retry_after_seconds = 5;
  std::uint16_t media_port = 9;        // discard (RFC 863)
  std::string advertise = {};          // host in Contact and Via; empty: the listener's address
  ShardMark mark = {};                 // as the engine's
  const AuthFile* auth = nullptr;      // who may call; nullptr: everybody
  Connections* connections = nullptr;  // of the shard: a call's is opened anew when it has ended
  Duration work{};  // of the CPU, spent on each request: stands for an application in measurements
};

}  // namespace sipring::app
