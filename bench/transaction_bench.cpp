// The transaction layer without I/O: octets in, outputs out, in virtual time, and in the memory
// that a shard gives it.
//
// transaction/options/N: one request answered with 200, N transactions outstanding all the while
// (each keeps its response until Timer J). transaction/call: INVITE 100 180 200 ACK BYE 200, seven
// messages.
// SPDX-License-Identifier: MIT
#include "transaction_load.h"

#include <sipring/io/detail/memory.h>

#include <benchmark/benchmark.h>

namespace sipring::bench {
namespace {

Settings settings_for(std::uint32_t outstanding) {
  Settings settings;
  settings.limits.transactions = outstanding + 1024;
  return settings;
}

void options(benchmark::State& state) {
  const auto outstanding = static_cast<std::uint32_t>(state.range(0));
  ShardMemory memory;
  Engine engine(settings_for(outstanding), Entropy{{1, 2, 3, 4}}, memory);
  Load load(engine, std::chrono::nanoseconds(std::chrono::seconds(32)) / outstanding);
  for (std::uint32_t i = 0; i < outstanding * 2; ++i) load.options();
  for (auto _ : state) load.options();
  state.counters["outstanding"] = engine.transactions_alive();
  if (engine.transactions_alive() < outstanding * 9 / 10)
    state.SkipWithError("too few outstanding");
}
BENCHMARK(options)->Name("transaction/options")->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

void call(benchmark::State& state) {
  ShardMemory memory;
  Engine engine(settings_for(100'000), Entropy{{1, 2, 3, 4}}, memory);
  Load load(engine, std::chrono::milliseconds(1));
  for (auto _ : state) load.call();
  state.SetItemsProcessed(state.iterations() * 7);
}
BENCHMARK(call)->Name("transaction/call");

}  // namespace
}  // namespace sipring::bench
