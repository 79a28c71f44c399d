#!/usr/bin/env python3
"""One trunk (one source port) and two shards: what a message costs when shards hand it over to its owner, and when the kernel's
program puts it there, in slices of one run that alternate; beside it one shard, which needs neither. Writes build/perf/steering.json.

    perf/steering.py [ROUNDS [CALLS_PER_SECOND]]

SIPp is the trunk. CPU is that of the shards' threads for each message received or sent, of which the kernel's half of a loopback send
is the larger part; what differs between the slices is the steering. Kernel steering needs CAP_BPF.
SPDX-License-Identifier: MIT
"""
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile

import measure

SECONDS = 3
WAYS = {"one-shard": ["--shards", "1"],
        "hand-over": ["--shards", "2", "--steering", "handover"],
        "kernel": ["--shards", "2", "--steering", "kernel"]}


def call(address: str, rate: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["sipp", "-sn", "uac", address, "-r", str(rate), "-m", str(rate * SECONDS), "-d", "0", "-nostdin",
                        "-buff_size", "4194304", "-i", "127.0.0.1"], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=60)


def slice_of(program: pathlib.Path, flags: list[str], rate: int) -> dict[str, float]:
    command = [program, "answer", "--json", "--listen", "udp:127.0.0.1:0", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        address = json.loads(process.stdout.readline())["listeners"][0].removeprefix("udp:")
        call(address, rate)
        process.send_signal(signal.SIGTERM)
        summary = json.loads(process.stdout.read().splitlines()[-1])
    if summary["calls"]["hung_up"] != rate * SECONDS or summary["retransmissions_sent"]:
        print(f"  not clean: {summary['calls']['hung_up']} calls, {summary['retransmissions_sent']} retransmissions")
    handed_over = sum(shard["handed_over"] for shard in summary["shards"])
    return {"cpu-ns-per-message": summary["cpu_ns_per_message"], "user-ns-per-message": summary["user_ns_per_message"],
            "handed-over-of-received": handed_over / summary["messages_received"]}


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    program = pathlib.Path(os.environ.get("SIPRING_BUILD", measure.ROOT / "build/release")) / "sipring"
    slices = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, flags in WAYS.items():
            slices[way].append(slice_of(program, flags, rate))
    figures = []
    print(f"{rate} calls/s from one port, {rounds} slices of {SECONDS} s each; medians")
    print(f"{'':12} {'CPU ns/message':>15} {'user ns/message':>16} {'handed over':>12}")
    for way, results in slices.items():
        middle = {name: statistics.median(result[name] for result in results) for name in results[0]}
        print(f"{way:12} {middle['cpu-ns-per-message']:15.0f} {middle['user-ns-per-message']:16.0f} "
              f"{middle['handed-over-of-received']:12.3f}")
        figures += [measure.figure(f"steering/{way}/{name}", value, "ratio" if "of" in name else "ns")
                    for name, value in middle.items()]
    ratios = [kernel["cpu-ns-per-message"] / handed["cpu-ns-per-message"]
              for kernel, handed in zip(slices["kernel"], slices["hand-over"])]
    print(f"kernel to hand-over: {statistics.median(ratios):.2f}")
    figures.append(measure.figure("steering/kernel-to-hand-over", statistics.median(ratios), "ratio"))
    measure.write_figures("steering", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
