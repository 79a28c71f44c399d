#!/usr/bin/env python3
"""`sipring answer` under many times more requests than it can answer: what share of the most it can do it still does (goodput), whether
its memory grows, and how soon after the flood every request is answered again. Each request costs an application's time (--work), so
that one CPU can offer enough. Writes build/perf/overload.json; fails when a figure misses its bar.

    perf/overload.py [--build build/release] [--work MICROSECONDS] [--times N] [--seconds N]

SPDX-License-Identifier: MIT
"""
import argparse
import json
import statistics
import subprocess
import sys

import measure

GOODPUT = 0.9
RECOVERY_S = 2
GROWTH_KB = 1_024  # of resident memory, from the fifth part of the flood to its end
T1_MS = 100  # a transaction lives for 64 times as long: all that there will be are there by then


class Server:
    def __init__(self, build: str, work: int):
        command = [f"{build}/sipring", "answer", "--json", "--shards", "1", "--listen", "udp:127.0.0.1:0",
                   "--work", str(work), "--t1", str(T1_MS)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.target = json.loads(self.process.stdout.readline())["listeners"][0].removeprefix("udp:")

    def stop(self) -> dict:
        self.process.terminate()
        return json.loads(self.process.stdout.read().splitlines()[-1])


def flood(server: Server, options: argparse.Namespace) -> list[dict]:
    """The lines that the flood prints, each with the server's memory and CPU time at that moment."""
    command = ["taskset", "-c", "1", f"{options.build}/bench/overload_flood", "--target", server.target,
               "--times", str(options.times), "--seconds", str(options.seconds)]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            lines.append(json.loads(line) | {"rss": measure.resident_kb(server.process.pid), "cpu": measure.cpu_seconds(server.process.pid)})
    if process.returncode != 0:
        sys.exit(f"overload_flood: status {process.returncode}")
    return lines


def capacity_of_a_cpu(lines: list[dict]) -> float:
    """Answers without overload for each second of CPU time: what does not depend on who else is at work here."""
    costs = [(end["cpu"] - start["cpu"]) / end["good"] for start, end in zip(lines, lines[1:]) if end["phase"] == "capacity"]
    return 1 / min(costs)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=f"{measure.ROOT}/build/release")
    parser.add_argument("--work", type=int, default=1_000)
    parser.add_argument("--times", type=float, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    server = Server(options.build, options.work)
    try:
        lines = flood(server, options)
    finally:
        summary = server.stop()
    capacity = max(line["per_second"] for line in lines if line["phase"] == "capacity")
    seconds = [line for line in lines if line["phase"] == "overload"]
    good = sum(line["good"] for line in seconds) / len(seconds)
    sent = sum(line["sent"] for line in seconds) / len(seconds)
    cpu = (seconds[-1]["cpu"] - seconds[0]["cpu"]) / (len(seconds) - 1)
    growth = seconds[-1]["rss"] - seconds[len(seconds) // 5]["rss"]
    recovery = next(line["recovery_s"] for line in lines if line["phase"] == "end")
    p99 = statistics.median(line["p99_ms"] for line in seconds)
    ratio = good / capacity
    by_cpu = good / cpu / capacity_of_a_cpu(lines)
    print(f"work {options.work} us a request; capacity {capacity:.0f}/s; offered {sent:.0f}/s ({sent / capacity:.1f} times), "
          f"{options.seconds} s")
    print(f"  answered in time {good:9.0f}/s   goodput {ratio:.3f} of the capacity")
    print(f"  for each second of the server's CPU     {by_cpu:.3f} of what it answers without overload; it had {cpu:.2f} CPUs")
    print(f"  99 % within      {p99:9.1f} ms")
    print(f"  resident memory  {growth:+9d} KB")
    print(f"  recovery         {recovery:9.2f} s")
    print(f"  dropped          {({name: count for name, count in summary['drops'].items() if count})}")
    measure.write_figures("overload", [
        measure.figure("overload/goodput", ratio, "ratio"), measure.figure("overload/goodput-by-cpu", by_cpu, "ratio"),
        measure.figure("overload/offered", sent / capacity, "times"),
        measure.figure("overload/capacity", capacity, "1/s"), measure.figure("overload/p99", p99, "ms"),
        measure.figure("overload/memory-growth", growth, "KB"), measure.figure("overload/recovery", recovery, "s")])
    missed = [name for name, fact in (("goodput", min(ratio, by_cpu) >= GOODPUT), ("memory", growth <= GROWTH_KB),
                                      ("recovery", recovery <= RECOVERY_S)) if not fact]
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
