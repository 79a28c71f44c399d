#!/bin/sh
# Instructions, by callgrind: per message for every benchmark message at every depth, and for the engine per OPTIONS answered and per
# call (INVITE 100 180 200 ACK BYE 200), timers and the ends of earlier transactions included, and per request that is sent to an address or
# to a name whose answers are cached. Two runs that differ in nothing but the number, so that start-up cancels out. Prints a table and writes
# build/perf/instructions.json.
#   perf/instructions.sh [build/release]
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
parse=$build/bench/parse_instructions
engine=$build/bench/engine_instructions
target=$build/bench/target_instructions
dialog=$build/bench/dialog_instructions
few=100
many=1100

command -v valgrind >/dev/null || { echo "instructions.sh: valgrind is missing (make deps)" >&2; exit 1; }
for program in "$parse" "$engine" "$target" "$dialog"; do
  [ -x "$program" ] || { echo "instructions.sh: $program is missing; build it first" >&2; exit 1; }
done

# instructions PROGRAM ARGUMENT ... : of `PROGRAM ARGUMENT ... COUNT`, for each of COUNT
instructions() {
  for count in $few $many; do
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" $count 2>&1 |
      sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
  done | { read -r first; read -r second; echo $(((second - first) / (many - few))); }
}

# figure NAME VALUE
figure() {
  printf '%s\n  {"name": "%s", "value": %s, "unit": "instructions"}' "$separator" "$1" "$2" >>"$json.part"
  separator=,
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
    value=$(instructions "$parse" "$file" $depth)
    row="$row $value"
    figure "parse/$name/$depth" "$value"
  done
  # shellcheck disable=SC2086
  printf '%-20s %12s %12s %12s %12s\n' "$name" $row
done
printf '\n%-20s %12s   instructions, the benchmark itself included\n' engine total
for kind in options call; do
  value=$(instructions "$engine" $kind)
  figure "engine/$kind" "$value"
  printf '%-20s %12s\n' $kind "$value"
done
printf '\n%-20s %12s   instructions per OPTIONS sent\n' target total
for uri in sip:192.0.2.1 sip:sbc.example.com sip:sbc.example.com:5060; do
  value=$(instructions "$target" "$uri")
  figure "target/$uri" "$value"
  printf '%-26s %6s\n' "$uri" "$value"
done
# The same call by the transaction layer alone, and with its dialog (core/call).
printf '\n%-20s %12s   instructions, an offer and its answer included\n' call total
for kind in transactions dialogs; do
  value=$(instructions "$dialog" $kind)
  figure "call/$kind" "$value"
  printf '%-20s %12s\n' $kind "$value"
done
# A request within one of so many dialogs, and what each takes.
for dialogs in 1000 1000000; do
  "$dialog" within $dialogs 500000
done
printf '\n]}\n' >>"$json.part"
mv "$json.part" "$json"
echo "written: $json"
