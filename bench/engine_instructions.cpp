// Handles a number of OPTIONS or calls without I/O, in virtual time: what perf/instructions.sh runs
// under callgrind. A thousand transactions (of a call: two thousand) are outstanding, and as many
// end as come. Usage: engine_instructions options|call COUNT
// SPDX-License-Identifier: MIT
#include "transaction_load.h"

#include <cstdio>
#include <cstdlib>
#include <memory_resource>

int main(int argc, char** argv) {
  using namespace sipring;
  const std::string_view name = argc == 3 ? argv[1] : "";
  if (name != "options" && name != "call") {
    std::fputs("usage: engine_instructions options|call COUNT\n", stderr);
    return 2;
  }
  constexpr std::uint32_t outstanding = 1'000;  // of either side of a call
  Settings settings;
  settings.limits.transactions = 4 * outstanding;
  settings.timers.t1 = std::chrono::milliseconds(5);
  Engine engine(settings, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource());
  bench::Load load(engine, 64 * settings.timers.t1 / outstanding);
  const long count = std::strtol(argv[2], nullptr, 10);
  for (long i = 0; i < count + 2 * long{outstanding}; ++i) {
    name == "call" ? load.call() : load.options();
  }
  const bool steady = engine.transactions_alive() >= outstanding * 9 / 10;
  if (!steady) std::fputs("transactions are missing\n", stderr);
  return steady ? 0 : 1;
}
