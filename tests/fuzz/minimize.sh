#!/bin/sh
# Takes what fuzzing found into the committed corpus, and leaves out what adds no code coverage, so that the corpus stays small.
#   tests/fuzz/minimize.sh build/fuzz/tests/fuzz [via_fuzz ...]
# Inputs with a name of their own stay; those that libFuzzer named by their hash come and go.
# SPDX-License-Identifier: MIT
set -eu
directory=$1
shift
corpus=$(dirname "$0")/../corpus/fuzz
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(find "$directory" -maxdepth 1 -name '*_fuzz' -type f -exec basename {} \; | sort)

# The smallest set of inputs that reaches every edge which named and found inputs reach together.
choose() {  # choose NAME SEEDS CHOSEN
  mkdir -p "$directory/corpus/$1"
  "$directory/$1" -set_cover_merge=1 -use_counters=0 -max_len=4096 "$3" "$2" "$directory/corpus/$1" >"$directory/$1.merge.log" 2>&1
}

is_hash() {
  echo "$1" | grep -qE '^[0-9a-f]{40}$'
}

for name in "$@"; do
  seeds=$corpus/${name%_fuzz}
  chosen=$(mktemp -d)
  named=$(mktemp -d)
  mkdir -p "$seeds"
  for input in "$seeds"/*; do
    [ -f "$input" ] && ! is_hash "$(basename "$input")" && cp "$input" "$named"
  done
  before=$(find "$seeds" -type f | wc -l)
  # What named inputs reach need not be reached again: the set to be completed begins with them.
  cp "$named"/* "$chosen" 2>/dev/null || true
  choose "$name" "$seeds" "$chosen"
  for input in "$seeds"/*; do
    is_hash "$(basename "$input")" && rm -f "$input"
  done
  for input in "$chosen"/*; do
    is_hash "$(basename "$input")" && cp "$input" "$seeds"
  done
  rm -rf "$chosen" "$named"
  echo "$name: $before inputs before, $(find "$seeds" -type f | wc -l) now"
done
