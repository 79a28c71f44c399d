// AnswerFlags: the command line of `sipring answer`, as it was given. options.h says what follows
// from it.
// SPDX-License-Identifier: MIT
#pragma once

#include "listener_text.h"

#include <log/event_log.h>

#include <sipring/core/overload/settings.h>
#include <sipring/io/options.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app {

class CommandLine;

struct AnswerFlags {
  struct Sockets {
    std::vector<std::string> listen{"udp:127.0.0.1:5060"};
    std::vector<ListenerText> configured;  // by --config; where there is no --listen
    std::string listen_file;
    std::vector<std::string> trunks;
  };
  struct Sizes {
    std::uint32_t shards = 0;
    std::uint32_t transactions = 0;  // 0: as the machine's memory has it
    std::uint32_t calls = 0;
    std::uint32_t message_bytes = Limits{}.message_bytes;
  };
  struct Timing {
    std::uint32_t t1_ms = 500, t2_ms = 4'000, t4_ms = 5'000;
    std::uint32_t jitter_per_mille = 0;
    std::uint32_t minimum_wait_us = 0;
  };
  struct Answers {
    std::string advertise;
    std::uint32_t retry_after_s = 5;
    std::uint16_t media_port = 9;
    std::optional<int> keep_alive_s;
    std::string auth, realm;
    bool strict = false;
    bool stateless_dialogs = false;
  };
  struct Placement {
    bool no_pin = false;
    std::vector<std::uint32_t> cpus;
    std::optional<int> nice;
    bool numa = false;
    bool prefault = false;
    Steer steer = Steer::automatic;
    std::uint32_t patience_s = 40;  // longer than any timer of a transaction with the default T1
  };
  struct Overload {
    OverloadSettings settings;
    std::uint32_t turn_budget_ms = 20;
    std::string control;
    std::optional<int> remember_at_least_ms;
    std::uint32_t work_us = 0;
  };

  std::string config_error;  // of --config; empty: none. --help comes before it
  Sockets sockets;
  Sizes sizes;
  Timing timing;
  Answers answers;
  std::uint32_t duration_s = 0;
  std::uint32_t farewell_s = 2;
  std::string metrics;
  LogOptions log;
  Placement placement;
  Overload overload;
  bool json = false;
};

// `flags` must outlive the parsing.
void add_flags(CommandLine& command, AnswerFlags& flags);

}  // namespace sipring::app
