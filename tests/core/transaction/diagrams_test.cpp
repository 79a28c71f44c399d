// docs/transactions.md is written from the tables: this test compares, and rewrites it when
// SIPRING_WRITE_DOCS is set.
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/client.h>
#include <sipring/core/transaction/detail/invite_client.h>
#include <sipring/core/transaction/detail/invite_server.h>
#include <sipring/core/transaction/detail/server.h>

#include <source_dir.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace sipring {
namespace {

constexpr std::string_view opening = R"(# The four transactions

Written from the tables in `core/transaction/` by `make diagrams`; a test compares the two. An arrow is an event and, after
the slash, what is done. What has no arrow changes nothing. Timers run in the states that list them and stop when their state is left.
`Engine::status` tells the state of a transaction, `Terminated` in which state and why it ended. Timer C runs only where a proxy has set it, and
timer B takes its place in `proceeding` when a CANCEL has gone.
)";

std::string name_of(Timer timer) {
  return timer == Timer::none ? "" : std::string(to_string(event_of(timer))).substr(6);
}

std::string label(Event event, const TransactionMachine::Transition& transition) {
  std::string text(to_string(event));
  std::string actions;
  for (const Action action : transition.actions) {
    if (action != Action::none)
      actions += (actions.empty() ? " / " : ", ") + std::string(to_string(action));
  }
  return text + actions;
}

std::string timers_note(const TransactionMachine& machine, State state) {
  const StateTimers timers = machine.timers(state);
  std::string names = name_of(timers.retransmission);
  const std::string lifetime = name_of(timers.lifetime);
  if (!names.empty() && !lifetime.empty()) names += ", ";
  return names + lifetime;
}

void write(std::ostream& out, std::string_view title, std::string_view file,
           const TransactionMachine& machine) {
  out << "\n## " << title << "\n\n`" << file << "`\n\n```mermaid\nstateDiagram-v2\n";
  out << "  [*] --> " << to_string(machine.start()) << "\n";
  std::string notes;
  for (std::size_t s = 0; s < state_count; ++s) {
    const auto state = static_cast<State>(s);
    for (std::size_t e = 0; e < event_count; ++e) {
      const auto event = static_cast<Event>(e);
      const TransactionMachine::Transition transition = machine.on(state, event);
      if (!transition.exists) continue;
      out << "  " << to_string(state) << " --> " << to_string(transition.to) << ": "
          << label(event, transition) << "\n";
    }
    const std::string timers = timers_note(machine, state);
    if (!timers.empty()) {
      notes += "| " + std::string(to_string(state)) + " | " + timers + " |\n";
    }
  }
  out << "```\n\n| state | its timers |\n|---|---|\n" << notes;
}

std::string document() {
  std::ostringstream out;
  out << opening;
  write(out, "INVITE client (RFC 3261 section 17.1.1, RFC 6026)",
        "core/transaction/detail/invite_client.h", invite_client::machine);
  write(out, "INVITE server (RFC 3261 section 17.2.1, RFC 6026)",
        "core/transaction/detail/invite_server.h", invite_server::machine);
  write(out, "Non-INVITE client (RFC 3261 section 17.1.2)", "core/transaction/detail/client.h",
        client::machine);
  write(out, "Non-INVITE server (RFC 3261 section 17.2.2, RFC 4320)",
        "core/transaction/detail/server.h", server::machine);
  return out.str();
}

TEST(Diagrams, in_docs_are_those_of_the_tables) {
  const std::string path = SIPRING_SOURCE_DIR "/docs/transactions.md";
  if (std::getenv("SIPRING_WRITE_DOCS")) std::ofstream(path) << document();
  std::ifstream file(path);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(written, document()) << "make diagrams";
}

}  // namespace
}  // namespace sipring
