#!/bin/sh
# Every fuzz target, then the simulator and the walks of calls and connections by fixed seeds, then the simulator by fresh ones
# for a while; one table at the end. Each goes on when another fails.
#   tests/soak.sh build/fuzz/tests/fuzz 600 build/release/tests 600
# SPDX-License-Identifier: MIT
set -eu
fuzz_directory=$1
fuzz_seconds=$2
tests=$3
simulate=$tests/simulate
simulation_seconds=$4
here=$(dirname "$0")

status=0
"$here/fuzz/run.sh" "$fuzz_directory" "$fuzz_seconds" || status=1
fixed=$("$here/simulation/soak.sh" "$simulate" "${SOAK_SEEDS:-200}" "${SOAK_STEPS:-1000000}") || status=1
walks=$("$here/soak_walks.sh" "$tests/core_tests" "${SOAK_SEEDS:-200}" "${SOAK_STEPS:-1000000}") || status=1
fresh=$("$here/simulation/fresh.sh" "$simulate" "$simulation_seconds") || status=1
echo
printf '%-22s %14s %10s %8s %8s\n' target executions 'exec/s' corpus crashes
cat "$fuzz_directory"/*.row
echo "$fixed"
echo "$walks"
echo "${fresh:-fresh: failed}"
exit $status
