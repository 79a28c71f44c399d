// The engine on the ring beside a raw echo, in one run: OPTIONS over loopback,
// transaction-stateful, one shard.
//
// Each iteration is a pair of slices, so that slow phases of the machine hit both alike; the ratio
// of their rates is the figure. The client needs a CPU of its own: on a machine with one CPU the
// ratio means little.
//
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include "flood.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <thread>
#include <variant>
#include <vector>

namespace sipring::bench {
namespace {

class Answerer : public TransactionUser {
 public:
  void on_output(Engine& engine, Instant now, const Output& output) override {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    static constexpr HeaderLine headers[] = {
        {"Allow", "INVITE, ACK, CANCEL, OPTIONS, BYE, MESSAGE, INFO"},
        {"Accept", "application/sdp"},
        {"Supported", "replaces"}};
    (void)engine.respond(now, request->transaction, Response{.headers = headers});
  }
};

// The raw echo, on the CPU where shard 0 runs, too. They take turns.
class Echo {
 public:
  Echo() : fd_(open_echo_socket(address_)), thread_([this] { serve(); }) {}
  ~Echo() {
    stop_ = true;
    thread_.join();
    ::close(fd_);
  }
  [[nodiscard]] const NetworkAddress& address() const { return address_; }

 private:
  void serve() {
    (void)pin_to_cpu(0);
    raw_echo(fd_, stop_);
  }
  NetworkAddress address_;
  int fd_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

std::unique_ptr<Server> start_server(bool segments) {
  ServerOptions options;
  NetworkAddress loopback;
  loopback.ip.octets[0] = 127;
  loopback.ip.octets[3] = 1;
  options.listeners = {loopback};
  options.shards = 1;
  options.shard.segments = segments;
  // Transactions live for 64 T1 after their answer (timer J): 160 ms here, or a flood would need
  // millions of them.
  options.settings.timers.t1 = std::chrono::microseconds(2'500);
  auto server = Server::start(options, [](ShardContext&) { return std::make_unique<Answerer>(); });
  if (server) return std::move(*server);
  std::fprintf(stderr, "%s\n", server.error().text.c_str());
  std::exit(1);
}

FloodResult slice(const NetworkAddress& target, std::string_view expected) {
  FloodOptions options;
  options.target = target;
  options.expected = expected;
  options.warm_up = std::chrono::milliseconds(60);
  options.duration = std::chrono::milliseconds(200);
  return Flood(options).run();
}

double median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void options_beside_echo(benchmark::State& state) {
  const Echo echo;
  const auto server = start_server(state.range(0) != 0);
  std::thread([&] {
    (void)pin_to_cpu(1);
    std::vector<double> ratios;
    std::vector<double> rates;
    std::uint64_t wrong = 0;
    std::uint64_t answered = 0;
    for (auto iteration : state) {
      (void)iteration;
      const FloodResult raw = slice(echo.address(), "OPTIONS");
      const FloodResult ours = slice(server->listeners().front().address, "SIP/2.0 200");
      state.SetIterationTime(ours.seconds);
      ratios.push_back(ours.per_second() / raw.per_second());
      rates.push_back(ours.per_second());
      wrong += ours.wrong + raw.wrong;
      answered += ours.in_all;
    }
    server->stop();
    server->join();
    const Metrics total = server->metrics();
    const auto messages = static_cast<double>(std::max<std::uint64_t>(1, answered));
    state.counters["ratio_to_echo"] = median(ratios);
    state.counters["messages_per_s"] = median(rates);
    state.counters["user_ns"] =
        static_cast<double>((total.io.busy - total.io.sending).count()) / messages;
    state.counters["rusage_user_ns"] = static_cast<double>(total.user_time.count()) / messages;
    state.counters["per_turn"] = messages / static_cast<double>(total.io.turns);
    if (wrong != 0) state.SkipWithError("answers that were no 200");
  }).join();
}
BENCHMARK(options_beside_echo)
    ->ArgName("segments")
    ->Arg(1)
    ->Arg(0)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sipring::bench
