// A machine answers each (state, event) once; a second row for a pair would silently win.
// refused: two rows for one state and event
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/machine.h>

using enum sipring::State;
using sipring::Event::r1xx;
using sipring::Event::r2xx;

#ifdef MISTAKE
constexpr sipring::Event other_event = r1xx;
#else
constexpr sipring::Event other_event = r2xx;
#endif

constexpr sipring::TransactionMachine machine{
    trying, {{trying, r1xx, proceeding, {}}, {trying, other_event, completed, {}}}, {}};

int main() {
  return machine.on(trying, r1xx).exists ? 0 : 1;
}
