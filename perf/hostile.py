#!/usr/bin/env python3
"""What an octet of hostile text costs, at 12,000 octets and at four times as many. Fails when an octet of the longer text costs more
(RATIO, then something is super-linear), or more than the bound. Writes build/perf/hostile.json.

    perf/hostile.py [build/release]

SPDX-License-Identifier: MIT
"""
import json
import subprocess
import sys

import measure

OCTETS = 12_000
RATIO = 1.2
INSTRUCTIONS_PER_OCTET = 160
FEW, MANY = 1, 6


def nanoseconds(build: str) -> dict[str, float]:
    """For each octet, by name and size as in "dense_folds/12000"."""
    command = [f"{build}/bench/parse_bench", "--benchmark_filter=^hostile/", "--benchmark_format=json",
               "--benchmark_min_time=0.05"]
    runs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
    return {run["name"].removeprefix("hostile/"): run["ns_per_octet"] for run in runs}


def main() -> int:
    build = sys.argv[1] if len(sys.argv) > 1 else f"{measure.ROOT}/build/release"
    program = f"{build}/bench/parse_instructions"
    names = subprocess.run([program, "hostile"], check=True, capture_output=True, text=True).stdout.split()
    times = nanoseconds(build)
    figures, failures = [], 0
    print(f"{'hostile text':24} {'instr/octet':>12} {'at 4 times':>12} {'ratio':>7} {'ns/octet':>10}")
    for name in names:
        small, large = (measure.instructions_each([program, f"hostile:{name}", size], FEW, MANY) / size
                        for size in (OCTETS, 4 * OCTETS))
        failed = large > RATIO * small or max(small, large) > INSTRUCTIONS_PER_OCTET
        failures += failed
        time = times[f"{name}/{4 * OCTETS}"]
        print(f"{name:24} {small:12.2f} {large:12.2f} {large / small:7.2f} {time:10.2f}{'  FAILED' if failed else ''}")
        figures += [measure.figure(f"hostile/{name}/instructions-per-octet", max(small, large), "instructions"),
                    measure.figure(f"hostile/{name}/growth", large / small, "ratio"),
                    measure.figure(f"hostile/{name}/ns-per-octet", time, "ns")]
    print(f"bounds: {INSTRUCTIONS_PER_OCTET} instructions an octet, {RATIO} times as many at four times the size")
    measure.write_figures("hostile", figures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
