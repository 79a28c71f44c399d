#!/usr/bin/env python3
"""What each prefetch is worth: one benchmark as it is, and with the prefetches of one file overwritten by NOPs, in turn.

The programs differ in nothing else, so the pairs can be held beside each other.
    perf/prefetch.py [PROGRAM [FILTER [ROUNDS]]]   build/release/bench/transaction_bench options/100000$ 5

SPDX-License-Identifier: MIT
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

NOPS = {3: "0f1f00", 4: "0f1f4000", 5: "0f1f440000", 6: "660f1f440000", 7: "0f1f8000000000", 8: "0f1f840000000000"}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def sites(program):
    """[(address, size, source file)] of each prefetch."""
    found = re.findall(r"^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*prefetch", run("objdump", "-dw", program), re.MULTILINE)
    return [(int(address, 16), len(octets.split()),
             os.path.basename(run("addr2line", "-e", program, "0x" + address).split(":")[0])) for address, octets in found]


def without(program, folder, file):
    """A copy of the program without the prefetches of a file."""
    copy = os.path.join(folder, file)
    shutil.copy(program, copy)
    text = re.search(r"\.text\s+PROGBITS\s+([0-9a-f]+)\s+([0-9a-f]+)", run("readelf", "-SW", program))
    base, offset = (int(number, 16) for number in text.groups())
    with open(copy, "r+b") as binary:
        for address, size, source in sites(program):
            if source == file:
                binary.seek(address - base + offset)
                binary.write(bytes.fromhex(NOPS[size]))
    return copy


def nanoseconds(program, filter_):
    """CPU time of an iteration."""
    lines = run(program, f"--benchmark_filter={filter_}", "--benchmark_min_time=0.3", "--benchmark_format=csv")
    return float(lines.strip().split("\n")[-1].split(",")[3])


def main(program="build/release/bench/transaction_bench", filter_="options/100000$", rounds="5"):
    with tempfile.TemporaryDirectory() as folder:
        copies = {file: without(program, folder, file) for file in sorted({file for _, _, file in sites(program)})}
        gains = {file: [] for file in copies}
        for _ in range(int(rounds)):
            whole = nanoseconds(program, filter_)
            for file, copy in copies.items():
                gains[file].append(nanoseconds(copy, filter_) / whole - 1)
    for file, each in gains.items():
        print(f"{file:20} {statistics.median(each):+7.1%}   without its prefetches ({', '.join(f'{gain:+.1%}' for gain in each)})")


if __name__ == "__main__":
    main(*sys.argv[1:])
