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

MEASUREMENTS = ["instructions", "echo"]


def figures_of(name: str) -> list[dict]:
    """Runs perf/NAME.sh, which writes build/perf/NAME.json."""
    result = pathlib.Path("build/perf") / f"{name}.json"
    result.unlink(missing_ok=True)
    subprocess.run([f"perf/{name}.sh"], check=True)
    return json.loads(result.read_text())["figures"]


def main() -> int:
    pathlib.Path("build/perf").mkdir(parents=True, exist_ok=True)
    figures = [figure for name in sys.argv[1:] or MEASUREMENTS for figure in figures_of(name)]
    pathlib.Path("build/perf/compare.json").write_text(json.dumps({"figures": figures}, indent=1) + "\n")
    print()
    for figure in figures:
        print(f"{figure['name']:44} {figure['value']:>12.6g} {figure['unit']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
