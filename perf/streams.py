#!/usr/bin/env python3
"""What streams cost `sipring answer`, beside raw ends (bench/stream_flood.cpp) in alternating slices of one run. Each figure has its bar.

CPU time is the server's, user and system, of /proc; on loopback it contains the receiver's half of what the server sends. One shard, pools as they are
by default. The raw ends are epoll with one recv and one send, for TLS with OpenSSL on the socket.
- messages: OPTIONS on 256 connections, one at a time and eight in a segment; over TCP and TLS 1.3 beside the raw echo, over WebSocket beside ours
  without it;
- connections: opened, one OPTIONS, closed; and handshakes alone, of an ECDSA and an RSA key and resumed;
- memory: resident, with so many connections held that have asked once and been silent for two seconds, less what was resident before; the same with
  300 octets of a head on each, which a deadline closes;
- a burst: 4,000 connections as fast as one client opens them, one request on each, until the last is answered;
- a storm: RSA handshakes, 64 at once, beside calls over UDP.

    perf/streams.py [--rounds 5] [--seconds 1] [--connections 256] [--held 10000] [--only NAME] [BUILD]

Prints a table, writes build/perf/streams.json; status 1 when a bar is missed. Needs `cmake --build --preset bench` before.

SPDX-License-Identifier: MIT
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from measure import cpu_seconds, figure, resident_kb, write_figures


class Server:
    """A program as a context, and the ports that its first line names."""

    def __init__(self, command, ports_of):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.ports = ports_of(self.process.stdout.readline())
        self.port = self.ports[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()


class Bench:
    def __init__(self, flags, folder):
        self.flags = flags
        self.flood = f"{flags.build}/bench/stream_flood"
        self.sipring = f"{flags.build}/sipring"
        self.figures, self.missed = [], 0
        self.pairs = {name: self.make_pair(folder, name, kind) for name, kind in
                      (("ecdsa", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")), ("rsa", ("rsa:2048",)))}

    @staticmethod
    def make_pair(folder, name, kind):
        paths = [os.path.join(folder, f"{name}.{part}") for part in ("crt", "key")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", "2", "-subj", "/CN=a", "-out", paths[0], "-keyout",
                        paths[1]], check=True, stderr=subprocess.DEVNULL)
        return paths

    def answer(self, *transports, key="ecdsa", more=()):
        cert, private = self.pairs[key]
        listeners = []
        for transport in transports:
            secure = f"?cert={cert}&key={private}" if transport in ("tls", "wss") else ""
            listeners += ["--listen", f"{transport}:127.0.0.1:0{secure}"]
        return Server([self.sipring, "answer", "--json", "--shards", "1", *listeners, *more],
                      lambda line: [int(text.partition("?")[0].rpartition(":")[2]) for text in json.loads(line)["listeners"]])

    def echo(self, key=None):
        return Server([self.flood, "echo", *(self.pairs[key] if key else ())], lambda line: [int(line)])

    def report(self, name, what, value, unit, bar, least=False):
        kept = value >= bar if least else value <= bar
        self.missed += not kept
        print(f"{what:58}{value:10.4g} {unit:18} {'at least' if least else 'at most'} {bar:g}{'' if kept else '   MISSED'}", flush=True)
        self.figures.append(figure(f"streams/{name}", value, unit))

    def note(self, what, value, unit):
        print(f"{what:58}{value:10.4g} {unit}", flush=True)

    def messages(self, server, port, transport, depth):
        """Microseconds of the server's CPU for each."""
        command = [self.flood, "flood", transport, str(port), str(self.flags.connections), str(depth), str(self.flags.seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
            client.stdout.readline()  # all are open
            before = cpu_seconds(server.process.pid)
            return 1e6 / int(client.stdout.readline()) * (cpu_seconds(server.process.pid) - before)

    def connections_of(self, server, port, transport, what):
        command = [self.flood, "short", transport, str(port), "64", str(self.flags.seconds), what]
        before = cpu_seconds(server.process.pid)
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return 1e6 * (cpu_seconds(server.process.pid) - before) / int(done.stdout)

    def compared(self, one, other):
        """Medians of both, and of their ratio, other to one."""
        rounds = [(one(), other()) for _ in range(self.flags.rounds)]
        return *(statistics.median(pair[i] for pair in rounds) for i in (0, 1)), statistics.median(b / a for a, b in rounds)

    def message_rows(self):
        with self.answer("tcp", "tls", "ws", "wss") as ours, self.echo() as plain, self.echo("ecdsa") as secure:
            ports = dict(zip(("tcp", "tls", "ws", "wss"), ours.ports))
            for transport, echo in (("tcp", plain), ("tls", secure)):
                for depth in (1, 8):
                    raw, own, ratio = self.compared(lambda: self.messages(echo, echo.port, transport, depth),
                                                    lambda: self.messages(ours, ports[transport], transport, depth))
                    self.note(f"OPTIONS over {transport}, {depth} in a segment: raw", raw, "us")
                    self.note(f"OPTIONS over {transport}, {depth} in a segment: answer", own, "us")
                    if (transport, depth) == ("tcp", 8):
                        self.report("tcp/8/above", "  above raw", 1000 * (own - raw), "ns", 700)
                    else:
                        bar = {("tcp", 1): 1.12, ("tls", 1): 1.12, ("tls", 8): 1.4}[transport, depth]
                        self.report(f"{transport}/{depth}/ratio", "  beside raw", ratio, "of its CPU", bar)
            for below, transport in (("tcp", "ws"), ("tls", "wss")):
                for depth in (1, 8):
                    _, own, ratio = self.compared(lambda: self.messages(ours, ports[below], below, depth),
                                                  lambda: self.messages(ours, ports[transport], transport, depth))
                    self.note(f"OPTIONS over {transport}, {depth} in a segment: answer", own, "us")
                    self.report(f"{transport}/{depth}/ratio", f"  beside ours over {below}", ratio, "of its CPU", 1.05)

    def connection_rows(self):
        for transport, key, what, name, bar in (("tcp", None, "ask", "a connection for one OPTIONS", 1.25),
                                                ("tls", "ecdsa", "ask", "the same over TLS 1.3 (ECDSA)", 1.2),
                                                ("tls", "ecdsa", "open", "handshake, ECDSA P-256", None),
                                                ("tls", "rsa", "open", "handshake, RSA 2048", None),
                                                ("tls", "ecdsa", "resume", "handshake, resumed", None)):
            with self.answer(transport, key=key or "ecdsa") as ours, self.echo(key) as echo:
                raw, own, ratio = self.compared(lambda: self.connections_of(echo, echo.port, transport, what),
                                                lambda: self.connections_of(ours, ours.port, transport, what))
            self.note(f"{name}: raw", raw, "us")
            self.note(f"{name}: answer", own, "us")
            if bar:
                self.report(f"{transport}/connection/ratio", "  beside raw", ratio, "of its CPU", bar)
            else:
                kind = "resumed" if what == "resume" else key
                self.report(f"handshake/{kind}/rate", "  handshakes/s a core, of raw OpenSSL's", 1 / ratio, "ratio", 0.8, least=True)

    def held(self, transport, port, count, at_once, what):
        """A client that holds them as a context: milliseconds until the last was answered, answers, the client itself."""
        client = subprocess.Popen([self.flood, "hold", transport, str(port), str(count), str(at_once), what], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        took, answered = map(int, client.stdout.readline().split())
        return took, answered, client

    def memory_of(self, transport, what, wait):
        count = self.flags.held
        with self.answer(transport) as server:
            self.held(transport, server.port, 1, 1, "ask")[2].communicate("\n")
            before = resident_kb(server.process.pid)
            _, answered, client = self.held(transport, server.port, count, 64, what)
            assert what != "ask" or answered == count, f"{answered} of {count} answered"
            time.sleep(wait)
            used = 1024 * (resident_kb(server.process.pid) - before) / count
            if what == "head":
                time.sleep(max(0, 14 - wait))
            return used, int(client.communicate("\n")[0])

    def memory_rows(self):
        for transport, bar in (("tcp", 256), ("ws", 320), ("tls", 16 * 1024), ("wss", 16 * 1024)):
            used, closed = self.memory_of(transport, "ask", 2.5)
            assert closed == 0, f"{closed} of them have been closed"
            self.report(f"{transport}/idle", f"an idle connection over {transport}, {self.flags.held} held", used, "octets", bar)
        used, closed = self.memory_of("tcp", "head", 1)
        self.report("tcp/head", f"with 300 octets of a head, {self.flags.held} held", used, "octets", 768)
        self.report("tcp/head/closed", "  closed by the deadline of a message", closed / self.flags.held, "of them", 1, least=True)

    def burst_rows(self):
        for transport in ("tcp", "ws"):
            with self.answer(transport) as server:
                took, answered, client = self.held(transport, server.port, 4000, 4000, "ask")
                client.communicate("\n")
            self.report(f"{transport}/burst/answered", f"4,000 connections at once over {transport}", answered, "answered", 4000, least=True)
            self.report(f"{transport}/burst/last", "  from the first connect to the last answer", took, "ms", 1000)

    def calls_beside(self, port, folder):
        summary = os.path.join(folder, "load.json")
        subprocess.run(["taskset", "-c", "1", self.sipring, "load", "--target", f"udp:127.0.0.1:{port}", "--rate", "200", "--duration", "6", "--threads", "1", "--no-pin",
                        "--json", summary], stdout=subprocess.DEVNULL, check=False)
        return json.loads(pathlib.Path(summary).read_text(encoding="utf-8"))

    def storm_rows(self, folder):
        with self.answer("tls", "udp", key="rsa") as server:
            storm = [self.flood, "short", "tls", str(server.ports[0]), "64", "4", "open"]
            polite = ["taskset", "-c", "1", "nice", "-n", "5"]  # the server has CPU 0; whoever measures goes before the storm's client
            before = cpu_seconds(server.process.pid)
            alone = int(subprocess.run([*polite, *storm], stdout=subprocess.PIPE, text=True, check=True).stdout)
            alone = alone / (cpu_seconds(server.process.pid) - before)
            quiet = self.calls_beside(server.ports[1], folder)["response"]["p99_ms"]
            self.note("p99 of the first answers of 200 calls/s over UDP, no storm", quiet, "ms")
            with subprocess.Popen([*polite, *storm[:-2], "8", "open"], stdout=subprocess.PIPE, text=True) as client:
                before = cpu_seconds(server.process.pid)
                calls = self.calls_beside(server.ports[1], folder)
                done = int(client.communicate()[0])
                beside = done / (cpu_seconds(server.process.pid) - before)
            self.note("a storm of RSA handshakes beside them", done, "handshakes")
            self.report("storm/udp-p99", "  p99 of the calls' first answers", calls["response"]["p99_ms"], "ms", 8)
            self.report("storm/handshakes", "  handshakes a CPU second, of those without calls", beside / alone, "ratio", 0.85, least=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--held", type=int, default=10000)
    parser.add_argument("--only", choices=("messages", "connections", "memory", "burst", "storm"))
    parser.add_argument("build", nargs="?", default="build/release")
    flags = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(flags, folder)
        for program in (bench.flood, bench.sipring):
            if not os.access(program, os.X_OK):
                sys.exit(f"perf/streams.py: {program} is missing; cmake --build --preset bench makes it")
        rows = {"messages": bench.message_rows, "connections": bench.connection_rows, "memory": bench.memory_rows, "burst": bench.burst_rows,
                "storm": lambda: bench.storm_rows(folder)}
        for name in [flags.only] if flags.only else rows:
            rows[name]()
    write_figures("streams", bench.figures)
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
