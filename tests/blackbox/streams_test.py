"""Peers that nobody here wrote, over connections: SIPp's own caller over one TCP connection for all of its calls and
over one for each, curl with openings of WebSockets that are to be refused by name, and a peer that is cut off.

    streams_test.py SIPRING [CALLS RATE]

SPDX-License-Identifier: MIT
"""
import csv
import os
import socket
import subprocess
import sys
import tempfile

from answer import Answer, check, need


def sipp(answer, calls, rate, *flags):
    """SIPp's statistics at its end."""
    with tempfile.TemporaryDirectory() as folder:
        statistics = os.path.join(folder, "statistics.csv")
        command = ["sipp", "-sn", "uac", answer.address, "-i", answer.host, "-r", str(rate), "-m", str(calls), "-d", "0",
                   "-nostdin", "-trace_stat", "-stf", statistics, "-fd", "1", *flags]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=calls / rate + 45, check=False, cwd=folder)
        check(done.returncode == 0, f"{' '.join(command)}: status {done.returncode}\n{done.stdout[-3000:]}")
        with open(statistics, encoding="ascii") as file:
            return list(csv.DictReader(file, delimiter=";"))[-1]


def calls_by(name, calls, rate, connections, *flags):
    with Answer("--shards", "2", transport="tcp") as answer:
        statistics = sipp(answer, calls, rate, *flags)
        summary = answer.stop()
    print(f"{name}: {statistics['SuccessfulCall(C)']} calls at {rate}/s, {statistics['FailedCall(C)']} failed")
    check(int(statistics["SuccessfulCall(C)"]) == calls and int(statistics["FailedCall(C)"]) == 0,
          f"{name}: calls failed")
    check(summary["calls"]["acknowledged"] == calls and summary["calls"]["hung_up"] == calls,
          f"{name}: calls are missing in {summary['calls']}")
    check(summary["connections"]["accepted"] == connections(calls), f"{name}: {summary['connections']}")
    check(summary["connections"]["open"] == 0, f"{name}: {summary['connections']}")


UPGRADE = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: sip"]


def status_of(answer, fields, *flags):
    headers = [part for field in fields for part in ("-H", field)]
    done = subprocess.run(["curl", "-s", "-i", "--http1.1", "--max-time", "5", *flags, *headers, f"http://{answer.address}/"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.stdout.partition("\n")[0]


def upgrades():
    with Answer(transport="ws") as answer:
        def without(name):
            return [field for field in UPGRADE if not field.startswith(name)]
        for name, fields, flags, status in (
                ("no upgrade at all", [], (), "426"),
                ("another method", UPGRADE, ("-X", "POST"), "405"),
                ("no key", without("Sec-WebSocket-Key"), (), "400"),
                ("a short key", [*without("Sec-WebSocket-Key"), "Sec-WebSocket-Key: c2hvcnQ="], (), "400"),
                ("another version", [*without("Sec-WebSocket-Version"), "Sec-WebSocket-Version: 8"], (), "426"),
                ("no subprotocol", without("Sec-WebSocket-Protocol"), (), "400"),
                ("all that is needed", UPGRADE, (), "101")):
            line = status_of(answer, fields, *flags)
            check(line.startswith(f"HTTP/1.1 {status}"), f"{name}: {line!r}, not {status}")
        summary = answer.stop()
    check(summary["connections"]["closed"].get("upgrade_refused") == 6, f"refusals: {summary['connections']}")
    print("curl: 6 openings refused, 1 accepted")


def nonsense():
    """Whoever speaks no SIP is cut off, and his neighbour goes on."""
    with Answer(transport="tcp") as answer:
        neighbour = socket.create_connection((answer.host, answer.port))
        with socket.create_connection((answer.host, answer.port)) as stranger:
            stranger.settimeout(10)
            stranger.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            check(stranger.recv(1000) == b"", "the stranger got an answer")
        neighbour.sendall(b"\r\n\r\n")
        neighbour.settimeout(10)
        check(neighbour.recv(10) == b"\r\n", "RFC 5626 section 4.4.1: no pong")
        neighbour.close()
        summary = answer.stop()
    check(summary["connections"]["closed"].get("malformed") == 1, f"{summary['connections']}")


def main():
    need("sipp")
    need("curl")
    calls, rate = (int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (1000, 500)
    calls_by("one connection", calls, rate, lambda count: 1, "-t", "t1")
    calls_by("one for each call", calls, rate, lambda count: count, "-t", "tn", "-max_socket", str(calls + 10))
    upgrades()
    nonsense()


main()
