#!/usr/bin/env python3
"""Compiles steer.bpf.c and writes its instructions as steer_program.inc, or tells whether they are what is there.

    io/bpf/build.py [--check]      CLANG names another compiler than clang-19

Status 77: it is not installed, or to be checked is what another version has made.

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
SOURCE = FOLDER / "steer.bpf.c"
OUTPUT = FOLDER / "steer_program.inc"
SECTION = "sk_reuseport"
CLANG = os.environ.get("CLANG", "clang-19")
HEAD = """// Made by build.py of steer.bpf.c: do not edit. {count} instructions, each as the 64 bits of a bpf_insn.
// {compiler}
// SPDX-License-Identifier: MIT
// clang-format off
"""


def compiler() -> str:
    """As in "clang 19.1.7"."""
    answer = subprocess.run([CLANG, "--version"], check=True, capture_output=True, text=True).stdout
    return "clang " + re.search(r"clang version ([0-9.]+)", answer).group(1)


def compiled() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "steer.o"
        subprocess.run([CLANG, "-target", "bpfel", "-mcpu=v3", "-O2", "-Wall", "-Wextra", "-Werror",
                        "-I/usr/include/x86_64-linux-gnu", "-c", SOURCE, "-o", target], check=True)
        return target.read_bytes()


def section(elf: bytes, wanted: str) -> bytes:
    """Of a little-endian ELF64 file."""
    offset, = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    headers = [struct.unpack_from("<IIQQQQ", elf, offset + i * size) for i in range(count)]
    strings = headers[names][4]
    for name, _, _, _, at, length in headers:
        start = strings + name
        if elf[start:elf.index(b"\0", start)].decode() == wanted:
            return elf[at:at + length]
    raise SystemExit(f"no section {wanted}")


def text(octets: bytes) -> str:
    words = [f"0x{word:016x}," for word, in struct.iter_unpack("<Q", octets)]
    lines = [" ".join(words[i:i + 5]) for i in range(0, len(words), 5)]
    return HEAD.format(count=len(words), compiler=compiler()) + "\n".join(lines) + "\n"


def main() -> int:
    if shutil.which(CLANG) is None:
        print(f"skipped: {CLANG} is not installed")
        return 77
    if "--check" in sys.argv and compiler() not in OUTPUT.read_text():
        print(f"skipped: {compiler()} did not make {OUTPUT.name}")
        return 77
    made = text(section(compiled(), SECTION))
    if "--check" in sys.argv:
        same = OUTPUT.read_text() == made
        print("steer_program.inc is what steer.bpf.c says" if same else f"FAILED: run {sys.argv[0]}")
        return 0 if same else 1
    OUTPUT.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
