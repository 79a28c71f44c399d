#!/bin/sh
# SIPp's own caller against `sipring answer`: 20,000 calls at 2,000/s over IPv4, IPv6 and with two shards. Fails
# when a call fails or a message had to be repeated. Figures go to build/perf/sipp.json.
#   perf/sipp.sh [CALLS RATE]
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
program=build/release/sipring
[ -x "$program" ] || { echo "$program is not built: cmake --workflow --preset release" >&2; exit 1; }
mkdir -p build/perf
exec python3 -B tests/blackbox/sipp_test.py "$program" "${1:-20000}" "${2:-2000}" build/perf/sipp.json
