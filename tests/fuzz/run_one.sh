#!/bin/sh
# Runs one libFuzzer target, from its committed corpus and what was found before; what is new stays in the build tree.
#   tests/fuzz/run_one.sh build/fuzz/tests/fuzz 10 via_fuzz
# Leaves NAME.log, and NAME.row: name, executions, executions per second, corpus, crashes.
# SPDX-License-Identifier: MIT
set -eu
directory=$1
seconds=$2
name=$3
corpus=$(dirname "$0")/../corpus/fuzz
log=$directory/$name.log

mkdir -p "$directory/corpus/$name"
seeds=
[ -d "$corpus/${name%_fuzz}" ] && seeds=$corpus/${name%_fuzz}
crashes=0
# shellcheck disable=SC2086
"$directory/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -artifact_prefix="$directory/$name-" "$directory/corpus/$name" $seeds >"$log" 2>&1 || crashes=1
[ "$crashes" = 0 ] || { echo "$name failed; its input is $directory/$name-*" && tail -n 40 "$log"; } >&2

# stat KEY: of the final statistics, which a crash may leave out.
stat() {
  sed -n "s/^stat::$1: *//p" "$log"
}
inputs=$(sed -n 's|.* corp: \([0-9]*\)/.*|\1|p' "$log" | tail -n 1)
executed=$(stat number_of_executed_units)
rate=$(stat average_exec_per_sec)
printf '%-22s %14s %10s %8s %8s\n' "$name" "${executed:--}" "${rate:--}" "${inputs:--}" "$crashes" >"$directory/$name.row"
exit "$crashes"
