"""What the measuring scripts share: instructions by callgrind, a process's CPU time and memory, and the file that figures are written to.

SPDX-License-Identifier: MIT
"""
import json
import os
import pathlib
import re
import socket
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
MESSAGES = sorted((ROOT / "tests/corpus/messages").glob("*.sip"))


def instructions(command: list) -> int:
    """All that the command executes in user mode."""
    result = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
                            check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", result.stderr).group(1))


def instructions_each(command: list, few: int, many: int) -> float:
    """The command's last argument is a count; what does not depend on it cancels out."""
    return (instructions([*command, many]) - instructions([*command, few])) / (many - few)


def cpu_seconds(pid: int) -> float:
    """User and system, of all threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kb(pid: int) -> int:
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_figures(name: str, figures: list[dict]) -> None:
    path = ROOT / "build/perf" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": figures}, indent=1) + "\n")
    print(f"written: {path.relative_to(ROOT)}")


def figure(name: str, value: float, unit: str) -> dict:
    return {"name": name, "value": round(value, 3), "unit": unit}
