#!/bin/sh
# The engine beside the limit: `sipring answer` on OPTIONS, transaction-stateful, and a raw UDP echo, in alternating slices of
# one run with the same client and messages. Prints a table; writes build/perf/echo.json. Fails below 0.85 of the echo's rate, or above
# 500 ns of user time for each message received or sent.
#
#   perf/echo.sh [ROUNDS]        a round is about a second; 20 by default
#
# T1 is 5 ms, so a transaction lives for 320 ms after its answer (timer J, 64 T1) and not for 32 s: a flood of OPTIONS would
# otherwise need millions of transactions. SIPRING_BUILD names another build folder than build/release.
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-20}
build=${SIPRING_BUILD:-build/release}
for program in "$build/sipring" "$build/bench/options_flood"; do
  if [ ! -x "$program" ]; then
    echo "perf/echo.sh: $program is missing; cmake --build --preset bench makes it" >&2
    exit 1
  fi
done
mkdir -p build/perf
exec "$build/bench/options_flood" --rounds "$rounds" --json build/perf/echo.json --least-percent 85 --most-user-ns 500 -- \
  "$build/sipring" answer --listen "udp:{}" --shards 1 --t1 5 --transactions 262144
