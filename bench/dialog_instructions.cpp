// Calls without I/O, in virtual time: what perf/instructions.sh runs under callgrind. A thousand
// transactions of either kind are outstanding, and as many end as come.
//
//   dialog_instructions transactions|dialogs COUNT    whole calls, by the transaction layer alone
//                                                     or with their dialogs
//   dialog_instructions within DIALOGS COUNT          OPTIONS within one of so many dialogs; prints
//                                                     octets of memory a dialog and ns a request
// SPDX-License-Identifier: MIT
#include "dialog_load.h"

#include <sipring/io/clock.h>
#include <sipring/io/detail/memory.h>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace {

using namespace sipring;
using namespace sipring::bench;

constexpr std::uint32_t outstanding = 1'000;

Settings settings_for(std::uint32_t dialogs) {
  Settings settings;
  settings.limits.transactions = 4 * outstanding;
  settings.limits.calls = dialogs;
  settings.limits.description_bytes = static_cast<std::uint32_t>(description.size());
  settings.timers.t1 = std::chrono::milliseconds(5);
  return settings;
}

Duration pace() {
  return 64 * settings_for(1).timers.t1 / outstanding;
}

template <class Callee>
int whole_calls(long count) {
  ShardMemory memory;
  DialogLoad<Callee> load(settings_for(64), 64, pace(), memory);
  for (std::uint64_t call = 0; call < static_cast<std::uint64_t>(count) + 2 * outstanding; ++call)
    load.end(call, load.begin(call));
  return load.refused() == 0 && load.engine().transactions_alive() > outstanding ? 0 : 1;
}

long resident_bytes() {
  long pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * ::sysconf(_SC_PAGESIZE);
}

int within(std::uint32_t dialogs, long count) {
  std::vector<Tag> tags(dialogs);
  ShardMemory memory;
  DialogLoad<DialogCallee> load(settings_for(dialogs), dialogs, pace(), memory);
  load.end(dialogs, load.begin(dialogs));
  const long before = resident_bytes();
  for (std::uint32_t call = 0; call < dialogs; ++call) tags[call] = load.begin(call);
  const long bytes = resident_bytes() - before;
  const Instant begun = read_clock();
  std::uint64_t state = 1;
  const auto draw = [&] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>((state >> 33) % dialogs);
  };
  std::uint32_t next = draw();
  for (long i = 0; i < count; ++i) {
    const std::uint32_t call = std::exchange(next, draw());
    __builtin_prefetch(&tags[next]);  // a million tags of the far sides' are not ours to wait for
    __builtin_prefetch(reinterpret_cast<const char*>(&tags[next]) + sizeof(Tag) - 1);
    load.ask(call, tags[call]);
  }
  const double nanoseconds = static_cast<double>((read_clock() - begun).count());
  std::printf("%u dialogs: %.0f octets of memory each, %.0f ns a request within one\n", dialogs,
              static_cast<double>(bytes) / dialogs, nanoseconds / static_cast<double>(count));
  const bool good = load.refused() == 0 && load.callee().calls().alive() == dialogs;
  if (!good) std::fputs("calls are missing\n", stderr);
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc >= 3 ? argv[1] : "";
  const long number = argc >= 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if (name == "transactions" && argc == 3) return whole_calls<TransactionCallee>(number);
  if (name == "dialogs" && argc == 3) return whole_calls<DialogCallee>(number);
  if (name == "within" && argc == 4) {
    return within(static_cast<std::uint32_t>(number), std::strtol(argv[3], nullptr, 10));
  }
  std::fputs("usage: dialog_instructions transactions|dialogs COUNT | within DIALOGS COUNT\n",
             stderr);
  return 2;
}
