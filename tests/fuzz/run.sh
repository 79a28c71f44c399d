#!/bin/sh
# Runs every libFuzzer target of a directory for some seconds each, from the committed corpus.
#   tests/fuzz/run.sh build/fuzz/tests/fuzz 10
# What is found new stays in the build tree; a crash leaves its input there and its name here.
# SPDX-License-Identifier: MIT
set -eu
directory=$1
seconds=$2
corpus=$(dirname "$0")/../corpus/fuzz

found=0
for target in "$directory"/*_fuzz; do
  [ -x "$target" ] || continue
  found=1
  name=$(basename "$target")
  mkdir -p "$directory/corpus/$name"
  seeds=
  for candidate in "$corpus/$name" "$corpus/${name%_fuzz}"; do
    [ -d "$candidate" ] && seeds="$seeds $candidate"
  done
  echo "fuzz: $name for $seconds s"
  # shellcheck disable=SC2086
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$directory/$name-" "$directory/corpus/$name" $seeds >"$directory/$name.log" 2>&1 || {
    tail -n 40 "$directory/$name.log"
    exit 1
  }
  grep -E 'stat::(number_of_executed_units|average_exec_per_sec)' "$directory/$name.log"
done
[ "$found" = 1 ] || { echo "no fuzz target in $directory" >&2; exit 1; }
