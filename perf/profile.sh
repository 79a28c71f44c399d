#!/usr/bin/env bash
# Profiles `sipring answer` while SIPp calls it, and draws where the time goes: build/perf/answer.svg, with the twenty
# functions that take most of it printed.
#   perf/profile.sh                          20 s of calls at 4000/s
#   RATE=8000 SECONDS_OF_LOAD=10 SHARDS=2 perf/profile.sh
#   perf/profile.sh COMMAND ARGUMENTS...     another load, with {} where HOST:PORT belongs
# SPDX-License-Identifier: MIT
set -euo pipefail
cd "$(dirname "$0")/.."

rate=${RATE:-4000}
seconds=${SECONDS_OF_LOAD:-20}
shards=${SHARDS:-1}
frequency=${FREQUENCY:-997}
target=127.0.0.1:${PORT:-5077}
program=build/release/sipring
out=build/perf
mkdir -p "$out"

[ -x "$program" ] || { echo "$program is not built: cmake --workflow --preset release" >&2; exit 1; }
if [ "$(id -u)" != 0 ] && [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -gt 1 ]; then
  echo "perf sees the kernel only as root, or with: sysctl kernel.perf_event_paranoid=1" >&2
fi

"$program" answer --listen "udp:$target" --shards "$shards" >"$out/answer.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT

# The port in hexadecimal, as /proc/net/udp has it.
port=$(printf ':%04X ' "${target##*:}")
until grep -q "$port" /proc/net/udp; do
  kill -0 "$server" || { cat "$out/answer.log" >&2; exit 1; }
done

# Sampled by the CPU clock, because virtual machines have no cycle counter; stacks by unwinding, because
# release builds keep no frame pointer.
perf record --quiet --event cpu-clock --freq "$frequency" --call-graph dwarf,8192 \
  --pid "$server" --output "$out/answer.data" &
recorder=$!

if [ $# -gt 0 ]; then
  load=("${@//\{\}/$target}")
else
  load=(sipp "$target" -sn uac -i 127.0.0.1 -r "$rate" -m $((rate * seconds)) -l 100000 -d 0 -nostdin
        -timeout $((seconds + 30)))
fi
"${load[@]}" >"$out/load.log" 2>&1 || echo "the load ended with failures: $out/load.log" >&2
kill -INT "$recorder"
wait "$recorder" || true

perf script --input "$out/answer.data" --no-inline 2>/dev/null |
  perf/flamegraph.py --title "sipring answer, $shards shard(s), $rate calls/s" >"$out/answer.svg"
echo "$out/answer.svg"
