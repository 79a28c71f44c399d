#!/bin/sh
# Runs the simulator with seeds 1 to SEEDS, SOAK_JOBS (2) at a time, and sums up what they did. A failure is printed
# with the command that replays it, and the others go on.
#   tests/simulation/soak.sh build/release/tests/simulate 200 1000000
# SPDX-License-Identifier: MIT
set -eu
simulate=$1
seeds=${2:-200}
steps=${3:-1000000}
first=${SOAK_FIRST_SEED:-1}

results=$(mktemp -d)
trap 'rm -rf "$results" "$results.times"' EXIT
started=$(date +%s)
seq "$first" $((first + seeds - 1)) | xargs -P "${SOAK_JOBS:-2}" -I SEED sh -c '
  "$1" --seed "$2" --steps "$3" >"$4/$2" 2>&1 || { tail -n 2 "$4/$2" >&2; mv "$4/$2" "$4/$2.failed"; }' \
  soak "$simulate" SEED "$steps" "$results"
elapsed=$(($(date +%s) - started))
times >"$results.times"  # not in a pipe: a subshell has no children yet
cpu=$(awk 'NR == 2 { for (i = 1; i <= 2; ++i) { split($i, part, /[ms]/); sum += part[1] * 60 + part[2] } print sum }' "$results.times")
failed=$(find "$results" -name '*.failed' | wc -l)

cat "$results"/* | awk -v seeds="$seeds" -v failed="$failed" -v steps="$steps" -v elapsed="$elapsed" -v cpu="$cpu" '
  /^virtual seconds/ { virtual += $3 }
  /^(client|server) transactions/ { transactions += $3 }
  /timers checked/ { timers += $NF }
  END {
    printf "soak: %d seeds of %d steps, %d failed: %.3g virtual seconds, %.0f transactions, %.0f timers checked, ",
           seeds, steps, failed, virtual, transactions, timers
    printf "%d s, %.0f steps per CPU second\n", elapsed, seeds * steps / (cpu > 0 ? cpu : 1)
  }'
[ "$failed" -eq 0 ]
