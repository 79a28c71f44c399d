#!/usr/bin/env python3
"""A load without an end: `sipring answer` with its defaults at one rate of OPTIONS from 16 peers, long after the first of them are
forgotten again, and a raw echo at the same rate before and after it. Writes build/perf/endurance.json.

    perf/endurance.py [RATE [SECONDS]]       100,000/s for 100 s by default; the echo for a fifth of that, twice

SPDX-License-Identifier: MIT
"""
import sys

from asking import DEFAULTS, Answer, Echo, missing
from measure import figure, write_figures

EVERY = 10  # seconds
SETTLED = 40  # seconds: transactions end as fast as they begin
LEAST_ANSWERED = 0.999  # the bars
MOST_CPU_OVER_ECHO = 1.15
MOST_GROWTH = 1.02


class Span:
    """Some seconds of a run."""

    def __init__(self, line: dict, cpu: float, resident: int):
        self.until, self.sent, self.answered, self.p99 = line["until"], line["sent"], line["answered"], line["p99"]
        self.cpu_us = 1e6 * cpu / max(1, self.answered)
        self.resident = resident


def watch(server, rate: int, seconds: int) -> tuple[list[Span], dict]:
    spans, cpu = [], server.cpu()
    for line in server.ask("--rate", rate, "--seconds", seconds, "--every", EVERY):
        if line["what"] == "span":
            before, cpu = cpu, server.cpu()
            spans.append(Span(line, cpu - before, server.resident()))
        elif line["what"] == "all":
            whole = line
    return spans, whole


def cpu_of(spans: list[Span]) -> float:
    return sum(span.cpu_us * span.answered for span in spans) / sum(span.answered for span in spans)


def main() -> int:
    if text := missing():
        print(text, end="")
        return 2
    rate, seconds = [int(word) for word in sys.argv[1:3]] + [100_000, 100][len(sys.argv) - 1:]
    settled_at = min(SETTLED, seconds // 2)
    print(f"{rate} OPTIONS/s from 16 peers for {seconds} s; {DEFAULTS}")
    with Echo() as echo, Answer() as answer:
        idle = answer.resident()
        first, _ = watch(echo, rate, max(EVERY, seconds // 5))
        spans, whole = watch(answer, rate, seconds)
        last, _ = watch(echo, rate, max(EVERY, seconds // 5))
    for span in spans:
        print(f"  {span.until:4.0f} s: {span.answered / EVERY:8.0f}/s answered, {span.cpu_us:5.2f} us of CPU each, p99 {span.p99:6.0f} us, "
              f"{span.resident / 1e6:6.0f} MB")
    settled = [span for span in spans if span.until > settled_at]
    answered = whole["answered"] / whole["sent"]
    raw = cpu_of(first + last)
    ratio = cpu_of(settled) / raw
    growth = settled[-1].resident / next(span.resident for span in spans if span.until >= settled_at)
    forgotten = answer.summary["metrics"]["transactions_forgotten_total"]
    print(f"  answered {100 * answered:.3f} % (bar {100 * LEAST_ANSWERED} %), {forgotten} forgotten early, {idle / 1e6:.0f} MB when idle")
    print(f"  CPU after {settled_at} s {cpu_of(settled):.2f} us, of the raw echo {raw:.2f} us: {ratio:.2f} (bar {MOST_CPU_OVER_ECHO})")
    print(f"  CPU in the first {EVERY} s {spans[0].cpu_us:.2f} us; memory after {settled_at} s grew {growth:.3f} times (bar {MOST_GROWTH})")
    write_figures("endurance", [figure("endurance/answered", answered, "ratio"), figure("endurance/cpu-over-echo", ratio, "ratio"),
                                figure("endurance/first/cpu-over-echo", spans[0].cpu_us / raw, "ratio"),
                                figure("endurance/growth", growth, "ratio"), figure("endurance/resident", spans[-1].resident / 1e6, "MB")])
    return 0 if answered >= LEAST_ANSWERED and ratio <= MOST_CPU_OVER_ECHO and growth <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
