#!/bin/sh
# Every fuzz target, then fresh seeds of the simulator, and one table at the end. Each goes on when another fails.
#   tests/soak.sh build/fuzz/tests/fuzz 600 build/release/tests/simulate 600
# SPDX-License-Identifier: MIT
set -eu
fuzz_directory=$1
fuzz_seconds=$2
simulate=$3
simulation_seconds=$4
here=$(dirname "$0")

status=0
"$here/fuzz/run.sh" "$fuzz_directory" "$fuzz_seconds" || status=1
seeds=$("$here/simulation/soak.sh" "$simulate" "$simulation_seconds") || status=1
echo
printf '%-22s %14s %10s %8s %8s\n' target executions 'exec/s' corpus crashes
cat "$fuzz_directory"/*.row
runs=$(echo "$seeds" | sed -n 's/^soak: \([0-9]*\) seeds.*/\1/p')
printf '%-22s %14s %10s %8s %8s\n' simulate "${runs:--}" "$((${runs:-0} / (simulation_seconds > 0 ? simulation_seconds : 1)))" \
       - "$([ -n "$runs" ] && echo 0 || echo 1)"
exit $status
