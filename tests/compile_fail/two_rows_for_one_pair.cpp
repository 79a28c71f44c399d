// A machine answers each (state, event) once; a second row for a pair would silently win.
// refused: two rows for one state and event
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/machine.h>

using enum sipring::State;
using sipring::Event::r1xx;
using sipring::Event::r2xx;

constexpr sipring::Machine machine{
    trying,
    {
        {trying, r1xx, proceeding, {}},
#ifdef MISTAKE
        {trying, r1xx, completed, {}},
#else
        {trying, r2xx, completed, {}},
#endif
    },
    {}};

int main() { return machine.on(trying, r1xx).exists() ? 0 : 1; }
