#!/usr/bin/env python3
"""Each header of an installation compiles alone: headers_alone.py COMPILER INCLUDE_DIR

A header is compiled as what comes first in a source. So is the header that it includes before anything else, and the first one of that:
nothing stands before them. Only those are compiled that are nobody's first.
SPDX-License-Identifier: MIT
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PRIVATE = ("io/detail/", "io/udp/", "io/post/", "io/tls/", "io/stream/", "io/names/")
FLAGS = ("-std=c++23", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-x", "c++")


def first_include(header):
    """What it includes before anything else; None where that is not ours."""
    found = re.search(r"^#include (?:<sipring/([^>]+)>)?", (ROOT / header).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else None


def compile_alone(compiler, include_dir, header):
    """What the compiler says of it; empty: nothing."""
    done = subprocess.run([compiler, *FLAGS, "-I", include_dir, "-"], input=f"#include <sipring/{header}>\n", text=True,
                          capture_output=True, check=False)
    return done.stderr if done.returncode else ""


def main(compiler, include_dir):
    headers = [str(path.relative_to(ROOT)) for module in ("core", "io", "pools") for path in sorted((ROOT / module).rglob("*.h"))]
    headers = [header for header in headers if not header.startswith(PRIVATE)]
    firsts = {first_include(header) for header in headers}
    compiled = [header for header in headers if header not in firsts]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        refused = [text for text in pool.map(lambda header: compile_alone(compiler, include_dir, header), compiled) if text]
    print("\n".join(refused), end="")
    print(f"{len(headers)} headers, {len(compiled)} of them compiled: {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
