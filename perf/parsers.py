#!/usr/bin/env python3
"""The same parse work by sipring and by its peers (bench/compare), in slices that alternate within one run. First all must have read the
same values. Fails when a bar is missed. Writes build/perf/parsers.json.

    perf/parsers.py [build/release]

SPDX-License-Identifier: MIT
"""
import pathlib
import statistics
import subprocess
import sys

import measure

PROGRAMS = {"sipring": "sipring", "sofia-sip": "sofia", "libosip2": "osip", "libre": "libre"}
DEPTHS = ["frame", "transaction", "full"]
# Times faster at full depth, on both INVITEs.
BARS = {"sofia-sip": 5, "libosip2": 8, "libre": 20}
SLICES = 7
SLICE_MS = 40
FEW, MANY = 20, 220


class Parser:
    def __init__(self, name: str, program: pathlib.Path) -> None:
        self.name, self.program = name, program

    def facts(self, message: pathlib.Path) -> str:
        return subprocess.run([self.program, message, "facts"], check=True, capture_output=True, text=True).stdout

    def slice(self, message: pathlib.Path, depth: str) -> list[float]:
        """Nanoseconds and allocations for each message."""
        command = [self.program, message, depth, "time", str(SLICE_MS)]
        return [float(part) for part in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]

    def instructions(self, message: pathlib.Path, depth: str) -> float:
        return measure.instructions_each([self.program, message, depth, "count"], FEW, MANY)


class Cost:
    def __init__(self, slices: list[list[float]], instructions: float) -> None:
        self.ns = statistics.median(time for time, _ in slices)
        self.allocations = max(allocations for _, allocations in slices)
        self.instructions = instructions


def costs(parsers: list[Parser], message: pathlib.Path, depth: str) -> dict[str, Cost]:
    slices: dict[str, list] = {parser.name: [] for parser in parsers}
    for _ in range(SLICES):
        for parser in parsers:
            slices[parser.name].append(parser.slice(message, depth))
    return {parser.name: Cost(slices[parser.name], parser.instructions(message, depth)) for parser in parsers}


def rows_and_figures(message: str, depth: str, cost_of: dict[str, Cost]) -> list[dict]:
    """Prints a row for each parser; sipring's are the first."""
    ours = cost_of["sipring"]
    suffix = "" if depth == "full" else f"/{depth}"
    figures = [measure.figure(f"parse/sipring/{message}{suffix}/allocations", ours.allocations, "allocations")]
    for name, cost in cost_of.items():
        times = cost.ns / ours.ns
        print(f"{message:18} {depth:12} {name:10} {cost.ns:9.0f} {cost.instructions:11.0f} {cost.allocations:7.1f} "
              f"{times:8.1f} {cost.instructions / ours.instructions:8.1f}")
        if name != "sipring":
            figures.append(measure.figure(f"parse/{name}/{message}{suffix}", times, "times faster"))
    return figures


def missed(message: str, cost_of: dict[str, Cost]) -> list[str]:
    """Bars at full depth."""
    ours = cost_of["sipring"]
    found = [f"{message}: sipring allocates"] if ours.allocations > 0 else []
    if "invite" in message:
        found += [f"{message}: {cost_of[peer].ns / ours.ns:.1f} times faster than {peer}, not {bar}"
                  for peer, bar in BARS.items() if peer in cost_of and cost_of[peer].ns < bar * ours.ns]
    return found


def main() -> int:
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else measure.ROOT / "build/release")
    programs = {name: build / f"bench/compare/parse_{program}" for name, program in PROGRAMS.items()}
    parsers = [Parser(name, program) for name, program in programs.items() if program.exists()]
    absent = [name for name, program in programs.items() if not program.exists()]
    if "sipring" in absent:
        print(f"parsers.py: {programs['sipring']} is missing; build it first", file=sys.stderr)
        return 1
    failures = []
    figures: list[dict] = []
    print(f"{'message':18} {'depth':12} {'parser':10} {'ns':>9} {'instructions':>11} {'allocs':>6} {'x ns':>8} {'x instr':>8}")
    for message in measure.MESSAGES:
        facts = parsers[0].facts(message)
        failures += [f"{message.stem}: {parser.name} reads other values" for parser in parsers if parser.facts(message) != facts]
        for depth in DEPTHS:
            cost_of = costs(parsers, message, depth)
            figures += rows_and_figures(message.stem, depth, cost_of)
        failures += missed(message.stem, cost_of)
    measure.write_figures("parsers", figures)
    for name in absent:
        print(f"left out: {name}, its package is missing (make deps-compare)")
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
