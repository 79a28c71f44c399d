// Generator: one run of `sipring load`: a server of one shard for each thread, each with a socket,
// a ring and an engine of its own, so that no response has to be handed over.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/load_user.h>
#include <load/session.h>
#include <load/tally.h>

#include <sipring/io/clock.h>
#include <sipring/io/server.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app {

struct GeneratorOptions {
  NetworkAddress target;  // or the first one that `name` leads to
  // Not empty: a URI or udp:HOST with a name in it, whose targets requests go to in turn.
  std::string name;
  std::optional<NetworkAddress> name_server;  // instead of the system's
  std::string leads_to;                       // a sentence about that, as it was at start
  std::string bind;        // own IP address; empty: the one that reaches the target
  std::uint16_t port = 0;  // of the first thread, the next ones are the others'; 0: any
  bool trunk = false;      // sockets are connected (Trunk in io/options.h)
  // Of streams, of all threads together: kept open, for all sessions in turn; 0: each session opens
  // one of its own.
  std::uint32_t connections = 1;
  ClientTls tls;
  ClientWebSocket websocket;
  std::string user = "load";
  std::string domain;
  bool is_sips = false;                  // the scheme of all URIs
  std::optional<DigestAccount> account;  // answers 401 and 407
  Scenario scenario = Scenario::call;
  ArrivalPlan arrivals;           // of all threads together
  std::uint32_t concurrency = 0;  // the same; not 0: the closed model
  Duration hold{};
  std::uint32_t phones = 0;         // of all threads, in scenarios that have them: each registers
  std::uint32_t expires_s = 3'600;  // asked for by their registrations
  Duration rings{};                 // before they answer
  std::uint32_t threads = 0;        // 0: one for each CPU
  std::uint32_t sessions = 0;       // of all threads; 0: chosen from rate and hold
  TimerSettings timers;
  Duration
      minimum_wait{};  // gathers messages, and sessions that are due, for so long before waking
  bool prefault = false;
  bool pin = true;
};

// What was done, of all threads together.
struct LoadResult {
  LoadTally tally;
  Metrics shards;
  double seconds = 0;  // in which calls were begun
  // The share of that time in which the busiest thread of ours was on a CPU. What is near 1 could
  // not have been more.
  double busy = 0;
};

class Generator {
 public:
  // The error is a sentence.
  [[nodiscard]] static std::expected<std::unique_ptr<Generator>, std::string> start(
      const GeneratorOptions& options);
  ~Generator();

  struct CpuTime {
    Duration used{};
    Instant taken{};
  };
  // Of each thread.
  [[nodiscard]] std::vector<CpuTime> cpu_times() const;
  // At most 200 ms old.
  [[nodiscard]] LoadResult result() const;
  [[nodiscard]] std::uint32_t threads() const { return static_cast<std::uint32_t>(parts_.size()); }
  // Lines that a person should see.
  [[nodiscard]] std::vector<std::string> notices() const;
  // From now on result().seconds counts: phones have settled.
  void begin() { started_ = read_clock(); }
  // What is open is counted as unfinished; result() is exact then. Registrations are removed
  // before, as far as their registrar answers in time.
  void stop();

 private:
  struct Part {
    LoadView view;
    std::unique_ptr<Server> server;
  };
  Generator() = default;
  std::expected<void, std::string> start_part(const GeneratorOptions& options, std::uint32_t index,
                                              std::uint32_t threads, std::uint64_t run);

  static constexpr Duration patience = std::chrono::seconds(5);  // for registrars

  std::vector<std::unique_ptr<Part>> parts_;
  Duration duration_{};
  bool registers_ = false;
  Instant started_{};
  Instant ended_{};
};

}  // namespace sipring::app
