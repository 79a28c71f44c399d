#!/usr/bin/env python3
"""Runs the measurements that have a yardstick, and joins their figures: build/perf/compare.json, and a table.

    perf/compare.py                   all of them
    perf/compare.py instructions      one of them

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import subprocess
import sys

MEASUREMENTS = ["instructions", "parsers", "hostile", "echo", "latency", "calls", "kamailio", "streams"]


def run(name: str) -> bool:
    """Runs perf/NAME.sh or perf/NAME.py, which writes build/perf/NAME.json. False when a bar was missed."""
    (pathlib.Path("build/perf") / f"{name}.json").unlink(missing_ok=True)
    script = next(pathlib.Path("perf").glob(f"{name}.[sp][hy]"))
    return subprocess.run([script], check=False).returncode == 0


def figures_of(name: str) -> list[dict]:
    """Of what was written: a missed bar is a figure too."""
    return json.loads((pathlib.Path("build/perf") / f"{name}.json").read_text())["figures"]


def main() -> int:
    pathlib.Path("build/perf").mkdir(parents=True, exist_ok=True)
    names = sys.argv[1:] or MEASUREMENTS
    missed = [name for name in names if not run(name)]
    figures = [figure for name in names for figure in figures_of(name)]
    pathlib.Path("build/perf/compare.json").write_text(json.dumps({"figures": figures}, indent=1) + "\n")
    print()
    for figure in figures:
        print(f"{figure['name']:52} {figure['value']:>12.6g} {figure['unit']}")
    for name in missed:
        print(f"FAILED: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
