#!/bin/sh
# Runs the simulator with fresh seeds until the time is up. A failure prints the command that replays it.
#   tests/simulation/fresh.sh build/release/tests/simulate 600
# SPDX-License-Identifier: MIT
set -eu
simulate=$1
seconds=$2
steps=${STEPS:-100000}

deadline=$(($(date +%s) + seconds))
runs=0
while [ "$(date +%s)" -lt "$deadline" ]; do
  seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  "$simulate" --seed "$seed" --steps "$steps" >/dev/null || {
    echo "failed: $simulate --seed $seed --steps $steps" >&2
    exit 1
  }
  runs=$((runs + 1))
done
echo "fresh: $runs seeds of $steps steps, none failed"
