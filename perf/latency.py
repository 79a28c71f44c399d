#!/usr/bin/env python3
"""How long `sipring answer` takes for an OPTIONS, with its defaults, beside a raw echo in the same run. Writes build/perf/latency.json.

    perf/latency.py [--cold] [ROUNDS]       3 rounds by default

1. From a cold start: the first 100,000 at 10,000/s, of a fresh process each round.
2. Not with --cold: at 10, 50 and 80 % of the highest rate, by the clock (a request's time counts from when it was due); and with 1 and 16
   in flight, each when the last is answered. The highest rate is what `answer` reaches with 256 in flight before its pools are full, or
   what these carry for ever, which it says when it starts, if that is less.

SPDX-License-Identifier: MIT
"""
import statistics
import sys

from asking import DEFAULTS, Answer, Echo, missing
from measure import figure, write_figures

COLD = ("--rate", 10_000, "--seconds", 10)
MOST_COLD_OVER_ECHO = 3  # the bar, for p99
PERCENTILES = ("p50", "p99", "p999")
SHARES = (10, 50, 80)  # percent of the highest rate
WINDOWS = (1, 16)
SECONDS = 10


def median(runs: list[dict], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def show(what: str, answer: list[dict], echo: list[dict]) -> None:
    row = "".join(f"{median(answer, name):9.0f} /{median(echo, name):7.0f}" for name in PERCENTILES)
    print(f"  {what:34}{row}", flush=True)


def cold(echo: Echo, rounds: int) -> tuple[list[dict], bool]:
    answered, echoed, memory = [], [], []
    for _ in range(rounds):
        echoed.append(echo.figures(*COLD))
        with Answer() as answer:
            idle = answer.resident()
            answered.append(answer.figures(*COLD))
            memory.append((idle, answer.resident()))
    show("cold, 10,000/s, 10 s", answered, echoed)
    idle, after = (statistics.median(each) / 1e6 for each in zip(*memory))
    ratio = median(answered, "p99") / median(echoed, "p99")
    good = ratio <= MOST_COLD_OVER_ECHO and all(run["answered"] == run["sent"] for run in answered)
    print(f"    p99 {ratio:.2f} times the echo's (bar {MOST_COLD_OVER_ECHO}); resident {idle:.1f} MB before, {after:.1f} MB after")
    return [figure("latency/cold/p99-over-echo", ratio, "ratio"), figure("latency/cold/p99", median(answered, "p99"), "us"),
            figure("latency/cold/idle", idle, "MB")], good


def warm(echo: Echo, rounds: int) -> list[dict]:
    figures = []
    with Answer() as answer:
        flood = answer.figures("--window", 256, "--seconds", 2)["answered"] / 2
        for_ever = answer.start["shard_room"]["requests_per_second"]
        highest = min(flood, for_ever)
        print(f"  {flood:.0f}/s with 256 in flight; the pools carry {for_ever}/s for ever")
        flags = {f"{share} %, {share * highest / 100:.0f}/s": ("--rate", int(share * highest / 100)) for share in SHARES}
        flags |= {f"{window} in flight": ("--window", window) for window in WINDOWS}
        for what, flag in flags.items():
            answered, echoed = [], []
            for _ in range(rounds):
                echoed.append(echo.figures(*flag, "--seconds", SECONDS))
                answered.append(answer.figures(*flag, "--seconds", SECONDS))
            show(f"{what}, {SECONDS} s", answered, echoed)
            name = what.split(" ", maxsplit=1)[0] + ("-percent" if "%" in what else "-in-flight")
            for percentile in PERCENTILES:
                figures.append(figure(f"latency/{name}/{percentile}", median(answered, percentile), "us"))
                figures.append(figure(f"latency/{name}/{percentile}-over-echo", median(answered, percentile) / median(echoed, percentile),
                                      "ratio"))
    return figures


def main() -> int:
    if text := missing():
        print(text, end="")
        return 2
    words = sys.argv[1:]
    only_cold = "--cold" in words
    rounds = int(next((word for word in words if word != "--cold"), 3))
    print(f"microseconds, sipring answer / raw echo; {DEFAULTS}")
    print(f"  {'':34}{'p50':>17}{'p99':>17}{'p99.9':>17}")
    with Echo() as echo:
        figures, good = cold(echo, rounds)
        if not only_cold:
            figures += warm(echo, rounds)
    write_figures("latency", figures)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
