#!/usr/bin/env python3
"""Draws a flame graph: `perf script` on standard input, an SVG on standard output.

A box is a function, as wide as its share of the samples; what it was called by is below it, what it calls stands on
it. Kernel functions are blue, ours orange, other libraries grey. A box shows its whole name and share when pointed at.

SPDX-License-Identifier: MIT
"""
import argparse
import html
import re
import sys

WIDTH, ROW, MARGIN, TEXT = 1400, 17, 24, 6.6  # pixels; TEXT is the width of one character
FRAME = re.compile(r"^\s+[0-9a-f]+ (.*?)(?:\+0x[0-9a-f]+)? \((.*)\)$")


class Box:
    """A function in one calling context."""

    def __init__(self, name: str, kind: str):
        self.name, self.kind, self.samples, self.callees = name, kind, 0, {}

    def callee(self, name: str, kind: str) -> "Box":
        return self.callees.setdefault((name, kind), Box(name, kind))

    def depth(self) -> int:
        return 1 + max((box.depth() for box in self.callees.values()), default=0)


def kind_of(dso: str, program: str) -> str:
    if "kernel" in dso or dso.startswith("["):
        return "kernel"
    return "ours" if dso.endswith("/" + program) else "library"


def short(symbol: str) -> str:
    """A C++ name without its arguments, template arguments and our namespaces."""
    symbol = symbol.replace("(anonymous namespace)::", "").replace("sipring::", "")
    while (stripped := re.sub(r"<[^<>]*>", "", symbol)) != symbol:
        symbol = stripped
    return symbol.split("(")[0] or symbol


def read(lines, program: str) -> Box:
    """perf script prints a heading, then the frames of a sample innermost first, then an empty line."""
    root, frames = Box("all", "library"), []
    for line in lines:
        if frame := FRAME.match(line):
            frames.append((frame[1], kind_of(frame[2], program)))
        elif not line.strip() and frames:
            box = root
            box.samples += 1
            for symbol, kind in reversed(frames):
                box = box.callee(short(symbol), kind)
                box.samples += 1
            frames = []
    return root


def colour(box: Box) -> str:
    shade = sum(map(ord, box.name)) % 40
    red, green, blue = {"kernel": (110, 150, 225), "ours": (240, 150, 70), "library": (185, 185, 185)}[box.kind]
    return f"rgb({red - shade // 2},{green - shade},{blue - shade // 2})"


def draw(box: Box, x: float, level: int, scale: float, height: int, total: int, out) -> None:
    width = box.samples * scale
    if width < 0.4:
        return
    y = height - MARGIN - (level + 1) * ROW
    room = int((width - 6) / TEXT)
    label = html.escape(box.name if len(box.name) <= room else box.name[:max(room - 1, 0)] + "…") if room > 2 else ""
    title = html.escape(f"{box.name}: {box.samples} samples, {100 * box.samples / total:.2f} %")
    out.write(f'<g><title>{title}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 1}" rx="1" '
              f'fill="{colour(box)}"/><text x="{x + 3:.1f}" y="{y + 12}">{label}</text></g>\n')
    for callee in sorted(box.callees.values(), key=lambda callee: callee.name):
        draw(callee, x, level + 1, scale, height, total, out)
        x += callee.samples * scale


def self_times(box: Box, times: dict) -> dict:
    own = box.samples - sum(callee.samples for callee in box.callees.values())
    times[(box.name, box.kind)] = times.get((box.name, box.kind), 0) + own
    for callee in box.callees.values():
        self_times(callee, times)
    return times


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--title", default="samples")
    arguments.add_argument("--program", default="sipring", help="the file name that counts as ours")
    options = arguments.parse_args()
    root = read(sys.stdin, options.program)
    if not root.samples:
        print("no samples: was the program idle?", file=sys.stderr)
        return 1
    height = root.depth() * ROW + 2 * MARGIN
    sys.stdout.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
                     f'font-family="monospace" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n'
                     f'<text x="{MARGIN}" y="16">{html.escape(options.title)}: {root.samples} samples</text>\n')
    draw(root, MARGIN, 0, (WIDTH - 2 * MARGIN) / root.samples, height, root.samples, sys.stdout)
    sys.stdout.write("</svg>\n")
    for (name, kind), count in sorted(self_times(root, {}).items(), key=lambda entry: -entry[1])[:20]:
        print(f"{100 * count / root.samples:6.2f} %  {kind:7}  {name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    sys.exit(main())
