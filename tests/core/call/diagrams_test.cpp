// docs/call-machines.md is written from the tables: this test compares, and rewrites it when
// SIPRING_WRITE_DOCS is set.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/exchange_machine.h>
#include <sipring/core/call/detail/invite_machine.h>
#include <sipring/core/call/detail/reliable_machine.h>
#include <sipring/core/call/detail/session_timer_machine.h>
#include <sipring/core/dialog/detail/machine.h>

#include <source_dir.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace sipring::test {
namespace {

constexpr std::string_view opening = R"(# The machines of a call

Written from the tables in `core/dialog/` and `core/call/` by `make diagrams`; a test compares the two. An arrow is an event and, after the slash,
what is done. What has no arrow changes nothing. `core/call/detail/verdict.h` joins them.
)";

template <class State, class Event, class Action>
void write(std::ostream& out, std::string_view title, std::string_view file,
           const Machine<State, Event, Action>& machine) {
  out << "\n## " << title << "\n\n`" << file << "`\n\n```mermaid\nstateDiagram-v2\n";
  out << "  [*] --> " << to_string(machine.start()) << "\n";
  for (std::size_t s = 0; s < enumerators<State>; ++s) {
    for (std::size_t e = 0; e < enumerators<Event>; ++e) {
      const auto state = static_cast<State>(s);
      const auto event = static_cast<Event>(e);
      const auto& transition = machine.on(state, event);
      if (!transition.exists) continue;
      out << "  " << to_string(state) << " --> " << to_string(transition.to) << ": "
          << to_string(event);
      std::string_view separator = " / ";
      for (const Action action : transition.actions) {
        if (action == Action{}) continue;
        out << separator << to_string(action);
        separator = ", ";
      }
      out << "\n";
    }
  }
  out << "```\n";
}

std::string document() {
  std::ostringstream out;
  out << opening;
  write(out, "The dialog (RFC 3261 sections 12, 15)", "core/dialog/detail/machine.h",
        dialog::machine);
  write(out, "The INVITE in flight (RFC 3261 sections 9, 13, 14)",
        "core/call/detail/invite_machine.h", call_invite::machine);
  write(out, "Offer and answer (RFC 3261 section 13.2.1, RFC 3264)",
        "core/call/detail/exchange_machine.h", call_exchange::machine);
  write(out, "Our reliable provisional response (RFC 3262 section 3)",
        "core/call/detail/reliable_machine.h", call_reliable::machine);
  write(out, "The session timer (RFC 4028)", "core/call/detail/session_timer_machine.h",
        call_session_timer::machine);
  return out.str();
}

TEST(CallDiagrams, in_docs_are_those_of_the_tables) {
  const std::string path = SIPRING_SOURCE_DIR "/docs/call-machines.md";
  if (std::getenv("SIPRING_WRITE_DOCS")) std::ofstream(path) << document();
  std::ifstream file(path);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(written, document()) << "make diagrams";
}

}  // namespace
}  // namespace sipring::test
