"""A running `sipring answer`, and a caller on a plain socket, for the drivers beside this file.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

SKIP = 77
OFFER = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
         "m=audio 4000 RTP/AVP 0\r\n")


def program():
    return sys.argv[1]


def need(command):
    """Ends the test as skipped, visibly, where a program is not installed."""
    if shutil.which(command) is None:
        print(f"skipped: {command} is not installed (make deps)")
        sys.exit(SKIP)


def check(fact, what):
    if not fact:
        print(f"FAILED: {what}")
        sys.exit(1)


def free_port():
    """One that nobody has, for datagrams and for connections: some programs take both."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, socket.socket() as connections:
            datagrams.bind(("127.0.0.1", 0))
            port = datagrams.getsockname()[1]
            try:
                connections.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_until_bound(port, who, protocol="udp"):
    """By the kernel's table: SIPp does not say when it listens, and takes a connection that says nothing amiss."""
    listening = "0A" if protocol == "tcp" else "07"
    end = time.monotonic() + 20
    while True:
        rows = [line.split() for line in pathlib.Path(f"/proc/net/{protocol}").read_text(encoding="ascii").splitlines()[1:]]
        if any(row[1].endswith(f":{port:04X}") and row[3] == listening for row in rows):
            return
        check(time.monotonic() < end, f"{who} does not listen")
        time.sleep(0.05)


def options_text(transport, number):
    """A request of its own for each number."""
    return (f"OPTIONS sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} 127.0.0.1;branch=z9hG4bK{number};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag={number}\r\nTo: <sip:bob@127.0.0.1>\r\nCall-ID: c{number}\r\n"
            "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


class Running:
    """A program as a context, in self.process: stopped whatever happens."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Answer(Running):
    """Use as a context. Its port is one that the kernel chose. `transport` may be
    a whole listener's text."""

    def __init__(self, *flags, host="127.0.0.1", transport="udp"):
        bracketed = f"[{host}]" if ":" in host else host
        listener = transport if ":" in transport else f"{transport}:{bracketed}:0"
        command = [program(), "answer", "--json", "--no-pin", "--listen", listener, *flags]
        if "--shards" not in flags:
            command += ["--shards", "1"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        check(line, "answer did not start")
        self.start = json.loads(line)
        self.host = host
        self.port = int(self.start["listeners"][0].rsplit(":", 1)[1])
        self.address = f"{bracketed}:{self.port}"
        self.summary = None

    def second(self):
        """What it says of the next second, when that has passed."""
        line = json.loads(self.process.stdout.readline())
        check(line["type"] == "second", f"not of a second: {line}")
        return line

    def stop(self, number=signal.SIGTERM):
        """Ends it by a signal; gives its summary."""
        self.process.send_signal(number)
        lines = self.process.stdout.read().splitlines()
        check(self.process.wait(timeout=20) == 0, f"status {self.process.returncode} after a signal")
        self.summary = json.loads(lines[-1])
        check(self.summary["type"] == "summary", "the last line is no summary")
        return self.summary

    def resident_kilobytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


class Message:
    def __init__(self, octets):
        self.octets = octets
        head, _, self.body = octets.decode("utf-8", "replace").partition("\r\n\r\n")
        self.first_line, *self.lines = head.split("\r\n")
        self.status = int(self.first_line.split()[1]) if self.first_line.startswith("SIP/2.0") else 0

    def header(self, name):
        start = name.lower() + ":"
        return next((line.split(":", 1)[1].strip() for line in self.lines
                     if line.lower().startswith(start)), None)


class Caller:
    """A socket that says the requests of calls; each call is a number. `via`: more parameters for its Vias."""

    def __init__(self, answer, host=None, via=""):
        family = socket.AF_INET6 if ":" in answer.host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((host or answer.host, 0))
        self.target = (answer.host, answer.port)
        host, port = self.socket.getsockname()[:2]
        self.sent_by = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.via = via

    def request(self, method, user="bob", call=1, branch=None, to_tag=None, cseq=1, extra=(), body=""):
        to = "<sip:bob@example.com>" + (f";tag={to_tag}" if to_tag else "")
        lines = [f"{method} sip:{user}@127.0.0.1 SIP/2.0",
                 f"Via: SIP/2.0/UDP {self.sent_by};branch=z9hG4bK{branch or f'{call}-{method}-{cseq}'};rport{self.via}",
                 "Max-Forwards: 70", f"From: <sip:alice@example.com>;tag=a{call}", f"To: {to}",
                 f"Call-ID: call-{call}@example.com", f"CSeq: {cseq} {method}",
                 f"Contact: <sip:alice@{self.sent_by}>", *extra]
        if body:
            lines.append("Content-Type: application/sdp")
        lines += [f"Content-Length: {len(body)}", "", body]
        return "\r\n".join(lines).encode()

    def send(self, method, **parts):
        self.socket.sendto(self.request(method, **parts), self.target)

    def invite(self, user="bob", call=1, **parts):
        self.send("INVITE", user=user, call=call, branch=f"{call}", body=OFFER, **parts)

    def receive(self, seconds=5.0):
        self.socket.settimeout(seconds)
        return Message(self.socket.recv(65535))

    def receive_until(self, wanted, seconds=10.0):
        """The first message for which wanted(message) holds."""
        while True:
            message = self.receive(seconds)
            if wanted(message):
                return message

    def final(self, method="INVITE", seconds=10.0):
        return self.receive_until(
            lambda m: m.status >= 200 and m.header("CSeq").endswith(method), seconds)

    def silence(self, seconds):
        """True when nothing comes for so long."""
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(65535)
        except TimeoutError:
            return True
        return False


def tag_of(message):
    return message.header("To").partition(";tag=")[2]
