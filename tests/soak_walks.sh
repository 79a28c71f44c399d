#!/bin/sh
# The random walks of calls and of connections, each a seed a process, SOAK_JOBS (2) at a time. A failure is printed with the
# command that replays it, and the others go on.
#   tests/soak_walks.sh build/release/tests/core_tests 200 1000000
# SPDX-License-Identifier: MIT
set -eu
core_tests=$1
seeds=${2:-200}
steps=${3:-1000000}

status=0
for walk in CallWalk.ends_each_call_once_and_leaves_nothing \
            ConnectionsSimulation.nothing_is_lost_doubled_or_crossed_and_all_pools_are_empty_at_rest; do
  started=$(date +%s)
  outcome="none failed"
  seq "$seeds" | xargs -P "${SOAK_JOBS:-2}" -n 1 sh -c '
    SIPRING_SEEDS=$4 SIPRING_STEPS=$3 "$1" --gtest_brief=1 --gtest_filter="$2" >/dev/null 2>&1 || {
      echo "failed: SIPRING_SEEDS=$4 SIPRING_STEPS=$3 $1 --gtest_filter=$2" >&2
      exit 1
    }' walk "$core_tests" "$walk" "$steps" || { status=1 outcome="some failed"; }
  echo "${walk%%.*}: $seeds seeds of $steps steps, $outcome, $(($(date +%s) - started)) s"
done
exit $status
