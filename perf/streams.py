#!/usr/bin/env python3
"""What a message over TCP costs `sipring answer`, beside a raw epoll echo in alternating slices of one run: CPU time of the server (user and
system, of /proc) for each OPTIONS that it answers, one at a time on each connection and eight in a segment. T1 is 500 ms and pools are the
defaults: over TCP an answered transaction ends at once (timer J is 0). On loopback a server's CPU contains the receiver's half of what it sends.

And what an idle connection costs the process beside the kernel: resident memory with so many of them open that have asked once and been silent for
two seconds, less what was resident before; over TCP, WebSocket and TLS 1.3.

    perf/streams.py [--rounds 5] [--seconds 2] [--connections 256] [--idle 2000] [BUILD]

Prints a table, writes build/perf/streams.json. Needs `cmake --build --preset bench` before.

SPDX-License-Identifier: MIT
"""
import argparse
import json
import os
import pathlib
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import time

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Server:
    def __init__(self, command, port_of):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = port_of(self.process.stdout.readline())

    def stop(self):
        self.process.terminate()
        self.process.communicate()


def slice_of(flood, server, connections, depth, seconds):
    """Microseconds of the server's CPU for each message, and messages a second."""
    before = cpu_seconds(server.process)
    done = subprocess.run([flood, "flood", str(server.port), str(connections), str(depth), str(seconds)],
                          stdout=subprocess.PIPE, text=True, check=True)
    messages = int(done.stdout)
    return 1e6 * (cpu_seconds(server.process) - before) / messages, messages / seconds


def resident_bytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def options_over(transport, number):
    return (f"OPTIONS sip:ping@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport.upper()} 127.0.0.1;branch=z9hG4bK-i{number};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=i{number}\r\nTo: <sip:ping@127.0.0.1>\r\nCall-ID: i{number}\r\n"
            "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode()


def masked_frame(payload):
    key = b"\x11\x22\x33\x44"
    body = bytes(octet ^ key[i % 4] for i, octet in enumerate(payload))
    return b"\x82\xfe" + len(payload).to_bytes(2, "big") + key + body


UPGRADE = (b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           b"Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n")


def open_and_ask(transport, port, context, number):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    if transport == "tls":
        connection = context.wrap_socket(connection)
    if transport == "ws":
        connection.sendall(UPGRADE)
        connection.recv(4096)
    message = options_over(transport, number)
    connection.sendall(masked_frame(message) if transport == "ws" else message)
    connection.recv(4096)
    return connection


def idle_bytes(sipring, transport, count):
    """Of one connection, ours beside the kernel."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server = Server([sipring, "answer", "--json", "--shards", "1", "--listen", f"{transport}:127.0.0.1:0"],
                    lambda line: int(json.loads(line)["listeners"][0].rpartition(":")[2]))
    first = open_and_ask(transport, server.port, context, 0)
    before = resident_bytes(server.process)
    held = [open_and_ask(transport, server.port, context, i) for i in range(1, count + 1)]
    time.sleep(2.5)
    used = (resident_bytes(server.process) - before) / count
    for connection in [first, *held]:
        connection.close()
    server.stop()
    return used


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--idle", type=int, default=2000)
    parser.add_argument("build", nargs="?", default="build/release")
    flags = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    flood, sipring = f"{flags.build}/bench/stream_flood", f"{flags.build}/sipring"
    for program in (flood, sipring):
        if not os.access(program, os.X_OK):
            sys.exit(f"perf/streams.py: {program} is missing; cmake --build --preset bench makes it")
    echo = Server([flood, "echo"], int)
    ours = Server([sipring, "answer", "--json", "--shards", "1", "--listen", "tcp:127.0.0.1:0"],
                  lambda line: int(json.loads(line)["listeners"][0].rpartition(":")[2]))
    figures = []
    print(f"{'OPTIONS over TCP':24}{'raw echo':>12}{'answer':>12}{'ratio':>8}{'echo/s':>10}{'answer/s':>10}")
    for depth, name in ((1, "one at a time"), (8, "eight in a segment")):
        rounds = [[slice_of(flood, server, flags.connections, depth, flags.seconds) for server in (echo, ours)]
                  for _ in range(flags.rounds)]
        raw, answer = (statistics.median(both[i][0] for both in rounds) for i in (0, 1))
        ratio = statistics.median(both[1][0] / both[0][0] for both in rounds)
        rates = [statistics.median(both[i][1] for both in rounds) for i in (0, 1)]
        print(f"{name:24}{raw:9.2f} us{answer:9.2f} us{ratio:8.2f}{rates[0]:10.0f}{rates[1]:10.0f}")
        figures.append({"name": f"streams/tcp/{depth}/ratio", "value": ratio, "unit": "of the echo's CPU"})
        figures.append({"name": f"streams/tcp/{depth}/above", "value": 1000 * (answer - raw), "unit": "ns"})
    echo.stop()
    ours.stop()
    for transport in ("tcp", "ws", "tls"):
        used = idle_bytes(sipring, transport, flags.idle)
        print(f"an idle connection over {transport:4}{used:9.0f} octets of {flags.idle}")
        figures.append({"name": f"streams/{transport}/idle", "value": used, "unit": "octets"})
    pathlib.Path("build/perf").mkdir(parents=True, exist_ok=True)
    pathlib.Path("build/perf/streams.json").write_text(json.dumps({"figures": figures}, indent=1), encoding="ascii")


main()
