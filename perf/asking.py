"""What is asked and who asks, for scripts that measure how a server answers: `sipring answer` with its defaults and a raw echo, both on
CPU 0, and bench/options_latency on CPU 1.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import signal
import subprocess
import tempfile
import time

from measure import ROOT, cpu_seconds, free_port, resident_kb

BUILD = ROOT / "build/release"
ASK = BUILD / "bench/options_latency"
DEFAULTS = "T1 500 ms, pools by the machine's memory, one shard, memory not touched before"


def missing() -> str:
    """What must be built first; empty: nothing."""
    programs = [path for path in (BUILD / "sipring", ASK) if not path.exists()]
    return "".join(f"{path.relative_to(ROOT)} is missing: cmake --build --preset bench\n" for path in programs)


class Served:
    """A running server. Use as a context."""

    def __init__(self, process: subprocess.Popen, port: int, expect: str):
        self.process, self.port, self.expect = process, port, expect

    def cpu(self) -> float:
        return cpu_seconds(self.process.pid)

    def resident(self) -> int:
        return resident_kb(self.process.pid) * 1024

    def ask(self, *flags):
        """Gives the lines of options_latency as they come."""
        command = [ASK, "ask", self.port, "--expect", self.expect, *flags]
        with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as asking:
            for line in asking.stdout:
                yield json.loads(line)

    def figures(self, *flags) -> dict:
        """The last line: of all requests."""
        return list(self.ask(*flags))[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Echo(Served):
    """Sends back what comes."""

    def __init__(self):
        process = subprocess.Popen([ASK, "echo"], stdout=subprocess.PIPE, text=True)
        super().__init__(process, int(process.stdout.readline()), "OPTIONS")


class Answer(Served):
    """`sipring answer`, when it has started and has nothing more to do. `start` and `summary` (this after the context): what it says."""

    def __init__(self, *flags):
        self.said = tempfile.NamedTemporaryFile(suffix=".json")  # pylint: disable=consider-using-with
        port = free_port()
        command = [BUILD / "sipring", "answer", "--json", "--listen", f"udp:127.0.0.1:{port}", "--shards", 1, "--log-level", "error", *flags]
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=self.said)
        super().__init__(process, port, "SIP/2.0 200")
        while b"\n" not in pathlib.Path(self.said.name).read_bytes():
            if process.poll() is not None:
                raise RuntimeError("sipring answer does not start")
            time.sleep(0.01)
        self.start = self.lines()[0]
        time.sleep(0.5)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in pathlib.Path(self.said.name).read_text(encoding="utf-8").splitlines()]

    def __exit__(self, *_):
        super().__exit__()
        self.summary = self.lines()[-1]
        self.said.close()
