#!/bin/sh
# Instructions per message, by callgrind, for every benchmark message at every depth: two runs that differ in nothing but the number of
# parses, so that start-up cancels out. Prints a table and writes build/perf/instructions.json.
#   perf/instructions.sh [build/release]
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
program=$build/bench/parse_instructions
few=100
many=1100

command -v valgrind >/dev/null || { echo "instructions.sh: valgrind is missing (make deps)" >&2; exit 1; }
[ -x "$program" ] || { echo "instructions.sh: $program is missing; build it first" >&2; exit 1; }

# instructions FILE DEPTH COUNT
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" "$3" 2>&1 |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

mkdir -p build/perf
json=build/perf/instructions.json
separator=
printf '{"figures": [' >"$json.part"
printf '%-20s %12s %12s %12s %12s   instructions per message\n' message frame transaction full typed
for file in tests/corpus/messages/*.sip; do
  name=$(basename "$file" .sip)
  row=
  for depth in frame transaction full typed; do
    first=$(instructions "$file" $depth $few)
    second=$(instructions "$file" $depth $many)
    value=$(((second - first) / (many - few)))
    row="$row $value"
    printf '%s\n  {"name": "parse/%s/%s", "value": %s, "unit": "instructions"}' \
           "$separator" "$name" "$depth" "$value" >>"$json.part"
    separator=,
  done
  # shellcheck disable=SC2086
  printf '%-20s %12s %12s %12s %12s\n' "$name" $row
done
printf '\n]}\n' >>"$json.part"
mv "$json.part" "$json"
echo "written: $json"
