"""TLS with peers that nobody here wrote (Debian's SIPp speaks none): openssl s_client with versions and certificates of
every kind, Python's own client, and certificates that change under a connection.

    tls_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time

from answer import Answer, check, need, options_text, program
from certificates import make_self_signed


def make_certificate(folder, name):
    return make_self_signed(folder, name, f"DNS:{name}")


def s_client(answer, *flags):
    """What openssl says of a handshake with us."""
    done = subprocess.run(["openssl", "s_client", "-connect", answer.address, *flags], input="", text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20, check=False)
    return done.returncode, done.stdout


def connect(answer):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = context.wrap_socket(socket.create_connection((answer.host, answer.port)))
    connection.settimeout(10)
    return connection


def ask(connection, number):
    connection.sendall(options_text("TLS", number).encode())
    return connection.recv(4096).startswith(b"SIP/2.0 200 ")


def name_of(connection, folder):
    """The common name in the certificate that we were shown."""
    path = os.path.join(folder, "shown.der")
    with open(path, "wb") as file:
        file.write(connection.getpeercert(binary_form=True))
    done = subprocess.run(["openssl", "x509", "-inform", "der", "-in", path, "-noout", "-subject"],
                          stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().rpartition("CN = ")[2]


# Of a client at 198.51.100.7:4000 (proxy-protocol.txt, section 2.2).
PROXY_HEADER = b"\r\n\r\n\0\r\nQUIT\n" + bytes([0x21, 0x11, 0, 12, 198, 51, 100, 7, 192, 0, 2, 1, 0x0f, 0xa0, 0x13, 0xc5])


def behind_a_proxy():
    with Answer(transport="tls:127.0.0.1:0?proxy=v2") as answer:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        raw = socket.create_connection((answer.host, answer.port))
        raw.sendall(PROXY_HEADER)
        with context.wrap_socket(raw) as connection:
            connection.settimeout(10)
            connection.sendall(options_text("TLS", 1).encode())
            check(b"received=198.51.100.7" in connection.recv(4096), "whom the proxy named")
            answer.process.send_signal(signal.SIGUSR2)
            line = {"type": ""}
            while line["type"] != "connections":
                line = json.loads(answer.process.stdout.readline())
            (one,) = line["connections"]
            check(one["peer"] == "tls:198.51.100.7:4000" and one["state"] == "open" and one["accepted"], f"{one}")
            check(one["bytes_received"] > 0 and one["bytes_sent"] > 0, f"{one}")
        with socket.create_connection((answer.host, answer.port)) as other:
            other.sendall(b"\x16\x03\x01")  # TLS at once
            other.settimeout(10)
            check(other.recv(1) == b"", "no header, and yet not closed")
        summary = answer.stop()
    check(summary["connections"]["closed"].get("malformed") == 1, f"{summary['connections']}")
    print("behind a proxy: its header names the peer; the list of connections shows it")


def tried_out():
    with Answer(transport="tls") as answer:
        with connect(answer) as connection:
            check(ask(connection, 1), "no answer over TLS")
        for version in ("-tls1_2", "-tls1_3"):
            status, said = s_client(answer, version, "-alpn", "sip")
            check(status == 0 and "ALPN protocol: sip" in said, f"{version}: {said[-1500:]}")
        status, said = s_client(answer, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        check(status != 0, f"TLS 1.1: {said[-1500:]}")
        status, said = s_client(answer, "-alpn", "h2")
        check(status != 0 and "no application protocol" in said, f"another protocol: {said[-1500:]}")
        summary = answer.stop()
    failures = summary["tls"]["failures"]
    check(failures.get("version_too_old") == 1 and failures.get("no_common_protocol") == 1, f"{summary['tls']}")
    check(summary["tls"]["handshakes"] == 3, f"{summary['tls']}")
    print("openssl s_client: TLS 1.2 and 1.3 accepted, 1.1 and another protocol refused")


def mutual(folder):
    ours, theirs = make_certificate(folder, "server.example"), make_certificate(folder, "client.example")
    with Answer(transport=f"tls:127.0.0.1:0?cert={ours[0]}&key={ours[1]}&ca={theirs[0]}&verify=peer") as answer:
        status, said = s_client(answer, "-cert", theirs[0], "-key", theirs[1], "-tls1_2")
        check(status == 0, f"with a certificate: {said[-1500:]}")
        status, said = s_client(answer, "-tls1_2")
        check(status != 0 and "handshake failure" in said, f"without one: {said[-1500:]}")
        summary = answer.stop()
    check(summary["tls"]["failures"] == {"no_certificate": 1}, f"{summary['tls']}")
    print("openssl s_client: a client without a certificate is refused where one is due")


def bad_pairs(folder, first, second):
    """The key of another certificate; a certificate and a key that are written halfway; empty files."""
    def cut(path, name, size):
        with open(path, "rb") as source, open(os.path.join(folder, name), "wb") as file:
            file.write(source.read()[:size])
        return os.path.join(folder, name)
    return ((second[0], first[1]), (cut(first[0], "half.pem", 200), first[1]), (first[0], cut(first[1], "half.key", 60)),
            (cut(first[0], "empty.pem", 0), cut(first[1], "empty.key", 0)))


def renewed(folder):
    first, second = make_certificate(folder, "first.example"), make_certificate(folder, "second.example")
    shown = [os.path.join(folder, name) for name in ("chain.pem", "key.pem")]

    def show(paths):
        for path, place in zip(paths, shown):
            with open(path, "rb") as source:
                octets = source.read()
            with open(place + ".new", "wb") as file:
                file.write(octets)
            os.rename(place + ".new", place)

    def is_shown(answer, name):
        with connect(answer) as connection:
            return name_of(connection, folder) == name

    show(first)
    with Answer(transport=f"tls:127.0.0.1:0?cert={shown[0]}&key={shown[1]}") as answer:
        kept = connect(answer)
        check(is_shown(answer, "first.example"), "not the first certificate")
        show(second)
        deadline = time.monotonic() + 15
        while not is_shown(answer, "second.example"):
            check(time.monotonic() < deadline, "the second certificate does not come")
            answer.second()
        check(ask(kept, 1), "a connection from before fell")
        for number, bad in enumerate(bad_pairs(folder, first, second)):
            show(bad)
            answer.process.send_signal(signal.SIGHUP)
            answer.second()
            answer.second()
            check(is_shown(answer, "second.example"), f"a bad pair was taken: {bad}")
            check(ask(kept, 2 + number), "a connection from before fell")
        for path in shown:
            os.remove(path)
        answer.process.send_signal(signal.SIGHUP)
        answer.second()
        answer.second()
        check(is_shown(answer, "second.example"), "no pair was taken for one")
        check(ask(kept, 9), "a connection from before fell")
        kept.close()
        answer.stop()
    print("certificates: a new pair is shown within a second or two, bad ones and none are refused, no connection fell")


def documented(folder):
    """The commands of docs/transports.md, as they stand there."""
    root = pathlib.Path(__file__).resolve().parents[2]
    commands = re.findall(r"^```sh\n(.*?)^```", (root / "docs" / "transports.md").read_text(encoding="utf-8"), re.M | re.S)
    check(len(commands) == 3, f"{len(commands)} commands in docs/transports.md")
    path = os.path.dirname(os.path.abspath(program())) + os.pathsep + os.environ["PATH"]
    for command in commands:
        done = subprocess.run(["sh", "-ec", command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=30, check=False, env={**os.environ, "PATH": path})
        check(done.returncode == 0, f"{command}: status {done.returncode}\n{done.stdout}")
    with Answer(transport=f"tls:127.0.0.1:0?cert={folder}/chain.pem&key={folder}/key.pem") as answer:
        with connect(answer) as connection:
            check(name_of(connection, folder) == "sip.example.com", "the documented certificate is not shown")


def refusals():
    for text, why in (("tls:127.0.0.1:0?cert=/nowhere.pem", "unreadable_file"), ("udp:127.0.0.1:0?cert=a", "options are for")):
        done = subprocess.run([program(), "answer", "--listen", text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=20, check=False)
        check(done.returncode != 0 and why in done.stdout, f"{text}: {done.stdout}")


def main():
    need("openssl")
    refusals()
    tried_out()
    behind_a_proxy()
    with tempfile.TemporaryDirectory() as folder:
        documented(folder)
        mutual(folder)
        renewed(folder)


main()
