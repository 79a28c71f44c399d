#!/bin/sh
# The engine beside the limit: `sipring answer` on OPTIONS, transaction-stateful, and a raw UDP echo, in alternating slices of
# one run with the same client and messages. Prints a table; writes build/perf/echo.json. Fails below 0.85 of the echo's rate, or above
# 700 ns of user time for each message received or sent.
#
#   perf/echo.sh [ROUNDS]        a round is about a second; 70 by default
#
# The rounds that begin after 40 s count, the first ones are told beside them: by then answered transactions are forgotten as fast as
# others begin. T1 is 500 ms; the pool holds 2,097,152 transactions, for a flood that never waits fills what `answer` would take by
# itself within the 4 s that each answer is remembered at least (docs/overload.md). Memory is not touched before. SIPRING_BUILD names
# another build folder than build/release.
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-70}
build=${SIPRING_BUILD:-build/release}
for program in "$build/sipring" "$build/bench/options_flood"; do
  if [ ! -x "$program" ]; then
    echo "perf/echo.sh: $program is missing; cmake --build --preset bench makes it" >&2
    exit 1
  fi
done
mkdir -p build/perf
exec "$build/bench/options_flood" --rounds "$rounds" --settle 40 --json build/perf/echo.json --least-percent 85 --most-user-ns 700 -- \
  "$build/sipring" answer --listen "udp:{}" --shards 1 --transactions 2097152 --log-level error
