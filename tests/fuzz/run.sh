#!/bin/sh
# Runs every libFuzzer target of a directory for some seconds each, two at a time (FUZZ_JOBS), and prints a table.
#   tests/fuzz/run.sh build/fuzz/tests/fuzz 10
# A crash stops its target alone, leaves its input in the directory and fails the run.
# SPDX-License-Identifier: MIT
set -eu
directory=$1
seconds=$2
here=$(dirname "$0")

rm -f "$directory"/*.row
names=$(find "$directory" -maxdepth 1 -name '*_fuzz' -type f -exec basename {} \; | sort)
[ -n "$names" ] || { echo "no fuzz target in $directory" >&2; exit 1; }

status=0
echo "$names" | xargs -P "${FUZZ_JOBS:-2}" -n 1 "$here/run_one.sh" "$directory" "$seconds" || status=1

printf '%-22s %14s %10s %8s %8s\n' target executions 'exec/s' corpus crashes
cat "$directory"/*.row
failed=$(cat "$directory"/*.row | awk '$NF != 0' | wc -l)
# Continuous integration counts by this line.
echo "fuzz: $failed tests failed out of $(echo "$names" | wc -l)"
exit $status
