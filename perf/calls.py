#!/usr/bin/env python3
"""`sipring load` calling `sipring answer`, beside SIPp calling SIPp: INVITE, 180, 200, ACK, BYE, 200 over UDP on loopback, the callee
on CPU 0 and the caller on CPU 1. Writes build/perf/calls.json.

    perf/calls.py [--steady] [SECONDS]        of each run; 5 by default

`answer` remembers no dialogs (--stateless-dialogs), as SIPp does not, but where "dialogs" is said.

1. CPU time of each side for a call at 5,000 calls/s, in runs that alternate and are three times as long, after four seconds that do
   not count (programs start, and touch their memory for the first time): SIPp, sipring, sipring with whole dialogs, sipring as a trunk.
2. The highest rate without a failed call, found by doubling and halving the step.
3. With --steady, and nothing else: the highest rate that goes on for 100 s without a failed call, a tenth lower each time that it does
   not; `answer` with its defaults: T1 500 ms, pools by the machine's memory, none of it touched before.

SPDX-License-Identifier: MIT
"""
import csv
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from measure import ROOT, figure, free_port, write_figures

SIPRING = ROOT / "build/release/sipring"
RATE = 5_000
ROUNDS = 3
UNCOUNTED = 4  # seconds
LEAST_RATE_OVER_SIPP = 3
STEADY = 100  # seconds
LEAST_STEADY_OVER_SIPP = 5
MOST_CPU_OVER_SIPP = {"plain": 1 / 3, "dialogs": 1 / 3, "trunk": 1 / 6}
# Messages are gathered for so long before a wake-up, in microseconds: what an operator sets below saturation.
MINIMUM_WAIT = {"plain": 4_000, "dialogs": 4_000, "trunk": 10_000}
SIPP = ["sipp", "-nostdin", "-buff_size", "4194304", "-i", "127.0.0.1"]


class Process:
    """On one CPU."""

    def __init__(self, cpu: int, command: list, folder: str):
        self.said = pathlib.Path(folder) / f"said-{cpu}"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(["taskset", "-c", str(cpu), *map(str, command)], cwd=folder, stdin=subprocess.DEVNULL,
                                            stdout=said, stderr=subprocess.DEVNULL)

    def used(self) -> float:
        """CPU seconds so far, of all its threads."""
        return time.clock_gettime(~self.process.pid << 3 | 2)  # clock_getcpuclockid(3)

    def stop(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait()


class Run:
    """What came of one run; the costs are those of a call at the steady rate."""

    def __init__(self, calls: int, failed: int, seconds: float, costs: tuple[float, float]):
        self.calls, self.failed, self.rate = calls, failed, calls / seconds
        self.caller_us, self.callee_us = costs


def watch(rate: int, seconds: float, caller: Process, callee: Process) -> tuple[float, float]:
    """Lets a caller run to its end; gives the CPU time of both for a call, in us, while it calls at this rate for `seconds`."""
    uncounted = min(UNCOUNTED, seconds / 2)
    time.sleep(uncounted)
    begun, before = time.monotonic(), (caller.used(), callee.used())
    time.sleep(max(0.0, seconds - uncounted - 0.5))
    lasted, after = time.monotonic() - begun, (caller.used(), callee.used())
    caller.process.wait()
    return tuple(1e6 * (then - now) / (rate * lasted) for now, then in zip(before, after))


def wait_until(serves, what: str) -> None:
    for _ in range(1_000):
        if serves():
            return
        time.sleep(0.01)
    raise RuntimeError(f"{what} does not serve")


def is_bound(port: int) -> bool:
    """By the kernel's table: a probe that takes the port itself would be in the callee's way."""
    return f":{port:04X} " in pathlib.Path("/proc/net/udp").read_text(encoding="ascii")


def run_sipp(rate: int, seconds: float) -> Run:
    port = free_port()
    calls = int(rate * seconds)
    with tempfile.TemporaryDirectory() as folder:
        callee = Process(0, [*SIPP, "-sn", "uas", "-p", port], folder)
        try:
            wait_until(lambda: is_bound(port), "SIPp")
            table = os.path.join(folder, "statistics.csv")
            caller = Process(1, [*SIPP, "-sn", "uac", f"127.0.0.1:{port}", "-r", rate, "-m", calls, "-d", 0, "-timeout",
                                 f"{int(min(4 * seconds, seconds + 40) + 20)}s", "-trace_stat", "-stf", table, "-fd", 1], folder)
            costs = watch(rate, seconds, caller, callee)
        finally:
            callee.stop(signal.SIGKILL)
        with open(table, encoding="ascii") as file:
            row = list(csv.DictReader(file, delimiter=";"))[-1]
    hours, minutes, rest = row["ElapsedTime(C)"].split(":")[:3]
    elapsed = int(hours) * 3600 + int(minutes) * 60 + float(rest)
    done = int(row["SuccessfulCall(C)"])
    return Run(done, calls - done, elapsed, costs)


def run_sipring(rate: int, seconds: float, mode: str, minimum_wait: int, default_pools: bool = False) -> Run:
    port, own = free_port(), free_port()
    answer = [SIPRING, "answer", "--json", "--listen", f"udp:127.0.0.1:{port}", "--shards", 1, "--log-level", "error"]
    if not default_pools:
        answer += ["--transactions", max(65_536, int(2.5 * rate * (seconds + 1)))]  # as many as there can be in this run
    load = [SIPRING, "load", "--target", f"udp:127.0.0.1:{port}", "--threads", 1, "--rate", rate, "--duration", int(seconds),
            "--port", own]
    if minimum_wait:
        answer += ["--prefault", "--min-wait", minimum_wait]
        load += ["--prefault", "--min-wait", minimum_wait]
    if mode != "dialogs":
        answer += ["--stateless-dialogs"]
    if mode == "trunk":
        answer += ["--trunk", f"udp:127.0.0.1:{own}"]
        load += ["--trunk"]
    with tempfile.TemporaryDirectory() as folder:
        callee = Process(0, answer, folder)
        try:
            wait_until(lambda: b'"start"' in callee.said.read_bytes(), "sipring answer")
            result = pathlib.Path(folder) / "load.json"
            costs = watch(rate, seconds, Process(1, [*load, "--json", result], folder), callee)
        finally:
            callee.stop(signal.SIGTERM)
        summary = json.loads(result.read_text())
    return Run(summary["succeeded"], summary["begun"] - summary["succeeded"], seconds, costs)


def costs(seconds: float) -> tuple[list[dict], bool]:
    runs: dict[str, list[Run]] = {"sipp": [], **{mode: [] for mode in MINIMUM_WAIT}}
    lasting = UNCOUNTED + 3 * seconds
    for _ in range(ROUNDS):
        runs["sipp"].append(run_sipp(RATE, lasting))
        for mode, minimum_wait in MINIMUM_WAIT.items():
            runs[mode].append(run_sipring(RATE, lasting, mode, minimum_wait))
    figures, good = [], True
    sides = {side: {name: statistics.median(getattr(run, side) for run in of) for name, of in runs.items()}
             for side in ("caller_us", "callee_us")}
    print(f"CPU time for a call at {RATE} calls/s, us{'caller':>12}{'callee':>10}")
    for name in runs:
        print(f"  {name:36}{sides['caller_us'][name]:12.2f}{sides['callee_us'][name]:10.2f}")
        good = good and all(run.failed == 0 for run in runs[name])
    for mode, bar in MOST_CPU_OVER_SIPP.items():
        for side, title in (("caller_us", "load"), ("callee_us", "answer")):
            ratio = sides[side][mode] / sides[side]["sipp"]
            name = "call" if mode == "plain" else f"call/{mode}"
            figures.append(figure(f"{name}/cpu-over-sipp/{title}", ratio, "ratio"))
            figures.append(figure(f"call/{mode}/{title}/cpu-us", sides[side][mode], "us"))
            print(f"  {title} {mode}: {ratio:.3f} of SIPp's (bar {bar:.3f})")
            good = good and ratio <= bar
    return figures, good


def highest_rate(run, start: int) -> float:
    """The highest rate that was reached without a failed call."""
    best, rate, step = 0.0, start, start
    while step >= start / 8:
        tried = run(int(rate))
        good = tried.failed == 0 and tried.rate >= 0.95 * rate
        print(f"  {rate:9.0f}/s: {tried.calls} calls, {tried.failed} failed, {tried.rate:.0f}/s  {'passed' if good else ''}", flush=True)
        if good:
            best = max(best, tried.rate)
        else:
            step /= 2
            rate = max(rate - 2 * step, best)
        rate += step
    return best


def rates(seconds: float) -> tuple[list[dict], bool]:
    print("highest rate of calls without a failure: SIPp")
    theirs = highest_rate(lambda rate: run_sipp(rate, seconds), 4_000)
    print("highest rate of calls without a failure: sipring")
    ours = highest_rate(lambda rate: run_sipring(rate, seconds, "plain", 0), 16_000)
    ratio = ours / theirs if theirs else 0
    print(f"highest rates: SIPp {theirs:.0f}/s, sipring {ours:.0f}/s: {ratio:.2f} times (bar {LEAST_RATE_OVER_SIPP})")
    return [figure("call/max-rate-over-sipp", ratio, "ratio"), figure("call/max-rate", ours, "1/s"),
            figure("sipp/max-rate", theirs, "1/s")], ratio >= LEAST_RATE_OVER_SIPP


def steady_rate(run, start: float) -> float:
    """At most `start`; 0: none of ten rates was borne."""
    rate = start
    for _ in range(10):
        tried = run(int(rate))
        good = tried.failed == 0 and tried.rate >= 0.95 * int(rate)
        print(f"  {rate:9.0f}/s: {tried.calls} calls, {tried.failed} failed, {tried.rate:.0f}/s  {'passed' if good else ''}", flush=True)
        if good:
            return tried.rate
        rate *= 0.9
    return 0.0


def steady(seconds: float) -> tuple[list[dict], bool]:
    print(f"highest rate of calls for {STEADY} s without a failure, T1 500 ms, default pools: SIPp")
    theirs = steady_rate(lambda rate: run_sipp(rate, STEADY), highest_rate(lambda rate: run_sipp(rate, seconds), 4_000))
    print("the same: sipring")
    ours = steady_rate(lambda rate: run_sipring(rate, STEADY, "plain", 0, True),
                       highest_rate(lambda rate: run_sipring(rate, seconds, "plain", 0, True), 16_000))
    ratio = ours / theirs if theirs else 0
    print(f"steady rates: SIPp {theirs:.0f}/s, sipring {ours:.0f}/s: {ratio:.2f} times (bar {LEAST_STEADY_OVER_SIPP})")
    return [figure("call/steady-rate-over-sipp", ratio, "ratio"), figure("call/steady-rate", ours, "1/s"),
            figure("sipp/steady-rate", theirs, "1/s")], ratio >= LEAST_STEADY_OVER_SIPP


def main() -> int:
    if shutil.which("sipp") is None:
        print("sipp is not installed: cmake/deps.sh test")
        return 2
    words = [word for word in sys.argv[1:] if word != "--steady"]
    seconds = float(words[0]) if words else 5
    if len(words) + 1 < len(sys.argv):
        figures, fast = steady(seconds)
        write_figures("steady_calls", figures)
        return 0 if fast else 1
    cost_figures, cheap = costs(seconds)
    rate_figures, fast = rates(seconds)
    write_figures("calls", cost_figures + rate_figures)
    return 0 if cheap and fast else 1


if __name__ == "__main__":
    sys.exit(main())
