#!/usr/bin/env python3
"""What `sipring answer` keeps of what it has answered: resident octets for each OPTIONS, and for all that a call leaves behind, with a
million of them remembered at once. Writes build/perf/remembered.json.

    perf/remembered.py [COUNT]       1,000,000 by default

The index of the transaction pool is filled when it starts, so it is found by two pools of different size; what else there is comes with
each transaction. All timers are twice the RFC's (T1 1 s, T4 10 s), so that a million can be begun before the first is forgotten: a request
is remembered for 64 s, of a call the INVITE for 10 s after its ACK and the BYE for 64 s. A few thousand go before that are not counted:
rings and buffers that are used again and again are there then.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from measure import ROOT, figure, free_port, resident_kb, write_figures

SIPRING = ROOT / "build/release/sipring"
TIMERS = ["--t1", 1_000, "--t2", 8_000, "--t4", 10_000]
SECONDS = 45
UNCOUNTED = 2  # seconds
MOST = {"options": 160, "call": 256}  # the bars, in octets
TRANSACTIONS = {"options": 1, "call": 2}


class Answer:
    """On CPU 0, one shard, memory not touched before. Use as a context."""

    def __init__(self, folder: str, transactions: int):
        self.port = free_port()
        self.said = pathlib.Path(folder) / f"said-{self.port}"
        command = [SIPRING, "answer", "--json", "--listen", f"udp:127.0.0.1:{self.port}", "--shards", 1, "--transactions", transactions,
                   "--calls", 65_536, *TIMERS]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(["taskset", "-c", "0", *map(str, command)], stdin=subprocess.DEVNULL, stdout=said)
        while b'"start"' not in self.said.read_bytes():
            if self.process.poll() is not None:
                raise RuntimeError("sipring answer does not start")
            time.sleep(0.01)
        time.sleep(0.2)  # what it brings ahead of use is there

    def resident(self) -> int:
        return resident_kb(self.process.pid) * 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def index_octets(folder: str) -> float:
    """For each transaction that the pool has room for."""
    few, many = 65_536, 1_000_000
    with Answer(folder, few) as small, Answer(folder, many) as large:
        return (large.resident() - small.resident()) / (many - few)


def load(folder: str, scenario: str, port: int, rate: float, seconds: int) -> None:
    result = pathlib.Path(folder) / "load.json"
    subprocess.run(["taskset", "-c", "1", *map(str, [SIPRING, "load", "--target", f"udp:127.0.0.1:{port}", "--threads", 1, "--scenario",
                    scenario, "--rate", rate, "--duration", seconds, "--json", result])], check=True, stdout=subprocess.DEVNULL)
    done = json.loads(result.read_text(encoding="utf-8"))["succeeded"]
    if done < 0.999 * rate * seconds:
        raise RuntimeError(f"{scenario}: {done} of {rate * seconds:.0f} succeeded")


def left_behind(folder: str, scenario: str, count: int, index: float) -> float:
    each = TRANSACTIONS[scenario]
    with Answer(folder, int(each * count * 1.3) + 65_536) as answer:
        load(folder, scenario, answer.port, count / SECONDS, UNCOUNTED)
        before = answer.resident()
        load(folder, scenario, answer.port, count / SECONDS, SECONDS)
        return (answer.resident() - before) / count + index * each


def main() -> int:
    if not SIPRING.exists():
        print(f"{SIPRING.relative_to(ROOT)} is missing: make build")
        return 2
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    figures, good = [], True
    with tempfile.TemporaryDirectory() as folder:
        index = index_octets(folder)
        print(f"T1 1 s, T4 10 s, one shard, memory not touched before; {index:.0f} octets of index a transaction are in each figure")
        for scenario, most in MOST.items():
            octets = left_behind(folder, scenario, count, index)
            print(f"  {count} of {scenario}: {octets:.0f} octets each (bar {most})", flush=True)
            figures.append(figure(f"remembered/{scenario}", octets, "octets"))
            good = good and round(octets) <= most
    write_figures("remembered", figures)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
