"""What one peer does to his connections is nobody else's trouble: slow ones, ones that come and go, a header without an
end, a WebSocket frame of 2^63 octets, half a handshake, one that never reads. Each is cut off and counted by its reason
(docs/transports.md, "What a connection may cost"), and who asks over UDP meanwhile is answered each time.

    protection_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import itertools
import resource
import select
import socket
import struct
import time

from answer import Answer, Caller, check, options_text

SLOW, COMING_AND_GOING, HALF_DONE = 100, 200, 1000
LONGEST = 40  # seconds until the last is cut off; the deadlines are 10 s
UPGRADE = (b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           b"Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n")


def connect(port, source, room=None):
    """From an address of its own: sources have limits too, which are not what is tested here."""
    connection = socket.socket()
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.bind((f"127.0.2.{source}", 0))
    connection.connect(("127.0.0.1", port))
    return connection


def try_to_send(connection, octets):
    """As much as there is room for; False when the connection has been cut off."""
    try:
        connection.send(octets, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except BlockingIOError:
        pass
    except OSError:
        return False
    return True


def come_and_go(port):
    for number in range(COMING_AND_GOING):
        connection = connect(port, 1)
        connection.sendall(b"\r\n\r\n")
        check(connection.recv(10) == b"\r\n", "RFC 5626 section 4.4.1: no pong")
        if number % 2:  # by a reset
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


def half_done(port, number):
    connection = connect(port, 10 + number % 4)
    connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # the head of a ClientHello
    return connection


def enormous_frame(port):
    connection = connect(port, 3)
    connection.sendall(UPGRADE)
    check(connection.recv(4096).startswith(b"HTTP/1.1 101 "), "no upgrade")
    connection.sendall(b"\x82\xff" + (1 << 63).to_bytes(8, "big") + b"abcd" + b"x" * 100)
    return connection


class Cut:
    """Connections of which the end is awaited."""

    def __init__(self, connections):
        self.poll = select.poll()
        self.open = {connection.fileno(): connection for connection in connections}
        for number in self.open:
            self.poll.register(number, select.POLLIN)

    def look(self):
        for number, _ in self.poll.poll(0):
            if self.has_ended(self.open[number]):
                self.poll.unregister(number)
                self.open.pop(number).close()

    @staticmethod
    def has_ended(connection):
        try:
            return connection.recv(4096) == b""  # a WebSocket says why first
        except ConnectionResetError:
            return True


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    listeners = [flag for transport in ("tcp", "tls", "ws") for flag in ("--listen", f"{transport}:127.0.0.1:0")]
    with Answer(*listeners) as answer:
        tcp, tls, web = (int(text.rpartition(":")[2]) for text in answer.start["listeners"][1:])
        come_and_go(tcp)
        slow = [connect(tcp, 20 + number % 10) for number in range(SLOW)]
        header, deaf = connect(tcp, 4), connect(tcp, 5, room=4096)
        header.sendall(options_text("TCP", 0).partition("Via")[0].encode() + b"X: ")
        cut = Cut([*slow, *(half_done(tls, number) for number in range(HALF_DONE)), enormous_frame(web), header])
        caller, asked = Caller(answer), 0
        text = itertools.cycle(b"OPTIONS sip:bob@127.0.0.1 SIP/2.0\r\nX: 1\r\n")
        deadline, deaf_is_open = time.monotonic() + LONGEST, True
        while (cut.open or deaf_is_open) and time.monotonic() < deadline:
            asked += 1
            caller.send("OPTIONS", call=asked)
            check(caller.receive().status == 200, f"OPTIONS {asked} over UDP")
            octet = bytes([next(text)])
            for connection in slow:
                if connection.fileno() in cut.open:
                    try_to_send(connection, octet)
            if header.fileno() in cut.open:
                try_to_send(header, b"x" * 1000)
            if deaf_is_open:
                deaf_is_open = try_to_send(deaf, "".join(options_text("TCP", asked * 100 + i) for i in range(100)).encode())
            cut.look()
        check(not cut.open, f"{len(cut.open)} of them are still open after {LONGEST} s")
        check(not deaf_is_open, "the peer that never reads is still open")
        summary = answer.stop()["connections"]
    closed = summary["closed"]
    check(summary["unsent"].get("queue_full", 0) < 10, f"answers to a peer that is not read while it does not read: {summary}")
    check(closed.get("message_timeout") == SLOW, f"slow ones: {closed}")
    check(closed.get("handshake_timeout") == HALF_DONE, f"half-done handshakes: {closed}")
    check(closed.get("peer_closed") == COMING_AND_GOING // 2, f"those that come and go: {closed}")
    check(closed.get("reset", 0) >= COMING_AND_GOING // 2, f"those that come and are reset: {closed}")
    check(closed.get("too_large") == 1, f"a header without an end: {closed}")
    check(closed.get("slow_reader") == 1, f"a peer that never reads: {closed}")
    check(closed.get("malformed") == 1, f"a frame of 2^63 octets: {closed}")
    check(summary["open"] == 0, f"{summary}")
    print(f"all cut off: {closed}; {asked} requests over UDP answered meanwhile")


main()
