#!/usr/bin/env python3
"""What streams cost `sipring answer`, beside raw ends (bench/stream_flood.cpp) in alternating slices of one run. Each figure has its bar.

CPU time is the server's, user and system, of /proc; on loopback it contains the receiver's half of what the server sends. One shard, pools as they are
by default. The raw ends are epoll with one recv and one send, for TLS with OpenSSL on the socket. Where Kamailio is installed with its modules for TLS
and WebSocket (cmake/deps.sh compare), it answers statelessly in slices of the same rounds, one process for UDP and one for TCP.
- messages: OPTIONS on 256 connections, one at a time and eight in a segment; over TCP and TLS 1.3 beside the raw echo and Kamailio, over WebSocket
  beside ours without it;
- connections: opened, one OPTIONS, closed; and handshakes alone, of an ECDSA and an RSA key and resumed;
- shards: handshakes of two shards beside two processes of one, on the same two CPUs; and what a message for a call of another shard's costs more
  (bench/crossing_flood.cpp);
- memory: resident, with so many connections held that have asked once and been silent for two seconds, less what was resident before; the same with
  300 octets of a head on each, which a deadline closes;
- a burst: 4,000 connections as fast as one client opens them, one request on each, until the last is answered;
- a storm: RSA handshakes, 64 at once, beside calls over UDP.

    perf/streams.py [--rounds 5] [--seconds 1] [--connections 256] [--held 10000] [--only NAME] [BUILD]

Prints a table, writes build/perf/streams.json; status 1 when a bar is missed. Needs `cmake --build --preset bench` before.

SPDX-License-Identifier: MIT
"""
import argparse
import contextlib
import importlib.util
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from measure import ROOT, cpu_seconds, figure, resident_kb, write_figures

sys.path.append(str(ROOT / "tests/blackbox"))  # behind perf/, which has a kamailio.py of its own
KAMAILIO = ROOT / "tests/blackbox/kamailio.py"
CONFIGURATION = """
children=1
tcp_children=1
tcp_accept_no_cl=yes
tcp_max_connections=16384
tls_max_connections=16384
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
listen=tcp:127.0.0.1:{tcp}
listen=tls:127.0.0.1:{tls}
request_route {{
  sl_send_reply("200", "OK");
}}
event_route[xhttp:request] {{
  set_reply_no_connect();
  if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}}
"""


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

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)


class Kamailio:
    """As Server, or nothing where it is not installed; its ports by transport, and the CPU time of all of its processes."""

    def __init__(self, folder, pair):
        spec = importlib.util.spec_from_file_location("kamailio_of_tests", KAMAILIO)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.folder, self.pair, self.running = folder, pair, None

    def __enter__(self):
        if not self.module.has_modules("tls", "websocket"):
            print("skipped: Kamailio with its modules for TLS and WebSocket is not installed (cmake/deps.sh compare)")
            return None
        tcp, tls = (free_port() for _ in range(2))
        self.ports = {"tcp": tcp, "ws": tcp, "tls": tls, "wss": tls}
        self.running = self.module.Kamailio(self.folder, CONFIGURATION.format(tcp=tcp, tls=tls), tcp, self.pair,
                                             ("-x", "fm", "-X", "fm"))  # its fast allocators
        return self

    def __exit__(self, *of):
        if self.running:
            self.running.__exit__(*of)

    def cpu_seconds(self):
        own = self.running.process.pid
        return sum(cpu_seconds(pid) for pid in [own, *children_of(own)])


def children_of(parent):
    paths = pathlib.Path(f"/proc/{parent}/task/{parent}/children")
    return [int(word) for word in paths.read_text(encoding="ascii").split()]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Bench:
    def __init__(self, flags, folder):
        self.flags, self.folder = flags, folder
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

    def answer(self, *transports, key="ecdsa", shards=1, more=()):
        cert, private = self.pairs[key]
        listeners = []
        for transport in transports:
            secure = f"?cert={cert}&key={private}" if transport in ("tls", "wss") else ""
            listeners += ["--listen", f"{transport}:127.0.0.1:0{secure}"]
        return Server([self.sipring, "answer", "--json", "--shards", str(shards), *listeners, *more],
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
            before = server.cpu_seconds()
            return 1e6 / int(client.stdout.readline()) * (server.cpu_seconds() - before)

    def connections_of(self, server, port, transport, what):
        command = [self.flood, "short", transport, str(port), "64", str(self.flags.seconds), what]
        before = server.cpu_seconds()
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return 1e6 * (server.cpu_seconds() - before) / int(done.stdout)

    def compared(self, own, *others):
        """Medians of all, and of the ratio of the first to each other."""
        rounds = [(own(), *(other() for other in others)) for _ in range(self.flags.rounds)]
        medians = [statistics.median(column) for column in zip(*rounds)]
        return medians, [statistics.median(each[0] / each[i] for each in rounds) for i in range(1, len(medians))]

    def message_rows(self):
        with self.answer("tcp", "tls", "ws", "wss") as ours, self.echo() as plain, self.echo("ecdsa") as secure, \
                Kamailio(self.folder, self.pairs["ecdsa"]) as kamailio:
            ports = dict(zip(("tcp", "tls", "ws", "wss"), ours.ports))
            for transport, echo, bars in (("tcp", plain, {1: (1.12, 0.75), 8: (None, 0.25)}), ("tls", secure, {1: (1.12, 0.75), 8: (1.4, 0.35)})):
                for depth, (bar, of_kamailio) in bars.items():
                    ends = [(echo, echo.port, "raw")] + ([(kamailio, kamailio.ports[transport], "Kamailio")] if kamailio else [])
                    medians, ratios = self.compared(lambda: self.messages(ours, ports[transport], transport, depth),
                                                    *(lambda end=end: self.messages(end[0], end[1], transport, depth) for end in ends))
                    for name, value in zip(("answer", *(end[2] for end in ends)), medians):
                        self.note(f"OPTIONS over {transport}, {depth} in a segment: {name}", value, "us")
                    if bar:
                        self.report(f"{transport}/{depth}/ratio", "  beside raw", ratios[0], "of its CPU", bar)
                    else:
                        self.report(f"{transport}/{depth}/above", "  above raw", 1000 * (medians[0] - medians[1]), "ns", 700)
                    if kamailio:
                        self.report(f"{transport}/{depth}/over-kamailio", "  beside Kamailio", ratios[1], "of its CPU", of_kamailio)
            for below, transport in (("tcp", "ws"), ("tls", "wss")):
                for depth in (1, 8):
                    more = [lambda: self.messages(kamailio, kamailio.ports[transport], transport, depth)] if kamailio and depth == 1 else []
                    medians, ratios = self.compared(lambda: self.messages(ours, ports[transport], transport, depth),
                                                    lambda: self.messages(ours, ports[below], below, depth), *more)
                    self.note(f"OPTIONS over {transport}, {depth} in a segment: answer", medians[0], "us")
                    self.report(f"{transport}/{depth}/ratio", f"  beside ours over {below}", ratios[0], "of its CPU", 1.05)
                    if more:
                        self.note(f"OPTIONS over {transport}, {depth} in a segment: Kamailio", medians[2], "us")

    def connection_rows(self):
        for transport, key, what, name, bar in (("tcp", None, "ask", "a connection for one OPTIONS", 1.25),
                                                ("tls", "ecdsa", "ask", "the same over TLS 1.3 (ECDSA)", 1.2),
                                                ("tls", "ecdsa", "open", "handshake, ECDSA P-256", None),
                                                ("tls", "rsa", "open", "handshake, RSA 2048", None),
                                                ("tls", "ecdsa", "resume", "handshake, resumed", None)):
            beside = Kamailio(self.folder, self.pairs["ecdsa"]) if bar else contextlib.nullcontext()
            with self.answer(transport, key=key or "ecdsa") as ours, self.echo(key) as echo, beside as kamailio:
                ends = [(echo, echo.port, "raw")] + ([(kamailio, kamailio.ports[transport], "Kamailio")] if kamailio else [])
                medians, ratios = self.compared(lambda: self.connections_of(ours, ours.port, transport, what),
                                                *(lambda end=end: self.connections_of(end[0], end[1], transport, what) for end in ends))
            for end, value in zip(("answer", *(end[2] for end in ends)), medians):
                self.note(f"{name}: {end}", value, "us")
            if bar:
                self.report(f"{transport}/connection/ratio", "  beside raw", ratios[0], "of its CPU", bar)
            else:
                kind = "resumed" if what == "resume" else key
                self.report(f"handshake/{kind}/rate", "  handshakes/s a core, of raw OpenSSL's", 1 / ratios[0], "ratio", 0.8, least=True)

    def handshakes_of(self, servers):
        """Microseconds of their CPU for each, of two clients."""
        before = sum(server.cpu_seconds() for server in servers)
        clients = [subprocess.Popen([self.flood, "short", "tls", str((servers * 2)[number].port), "32", str(2 * self.flags.seconds), "open"],
                                    stdout=subprocess.PIPE, text=True) for number in range(2)]
        done = sum(int(client.communicate()[0]) for client in clients)
        return 1e6 * (sum(server.cpu_seconds() for server in servers) - before) / done

    def shard_rows(self):
        with self.answer("tls", shards=2) as two, self.answer("tls", more=("--cpus", "0")) as one, self.answer("tls", more=("--cpus", "1")) as other:
            medians, ratios = self.compared(lambda: self.handshakes_of([two]), lambda: self.handshakes_of([one, other]))
        self.note("a handshake (ECDSA): two shards", medians[0], "us")
        self.note("a handshake (ECDSA): two processes", medians[1], "us")
        self.report("handshake/two-shards", "  beside two processes", ratios[0], "of their CPU", 1.05)
        done = subprocess.run([f"{self.flags.build}/bench/crossing_flood", str(self.flags.rounds), str(self.flags.seconds)],
                              stdout=subprocess.PIPE, text=True, check=True)
        rounds = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
        self.note("OPTIONS over tcp, 8 in a segment, two shards: all calls at home", statistics.median(home for home, _ in rounds), "ns")
        self.report("crossing", "  all calls the other shard's: above that", statistics.median(other - home for home, other in rounds), "ns", 300)

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
    parser.add_argument("--only", choices=("messages", "connections", "shards", "memory", "burst", "storm"))
    parser.add_argument("build", nargs="?", default="build/release")
    flags = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(flags, folder)
        for program in (bench.flood, bench.sipring, f"{flags.build}/bench/crossing_flood"):
            if not os.access(program, os.X_OK):
                sys.exit(f"perf/streams.py: {program} is missing; cmake --build --preset bench makes it")
        rows = {"messages": bench.message_rows, "connections": bench.connection_rows, "shards": bench.shard_rows, "memory": bench.memory_rows, "burst": bench.burst_rows,
                "storm": lambda: bench.storm_rows(folder)}
        for name in [flags.only] if flags.only else rows:
            rows[name]()
    write_figures("streams", bench.figures)
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
