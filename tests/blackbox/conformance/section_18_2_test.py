"""RFC 3261 section 18.2 with RFC 3581: received and rport are filled in, and say where the response goes.

SPDX-License-Identifier: MIT
"""
import itertools
import socket

from answer import Answer, Caller, check


numbers = itertools.count(1)


def ask(caller, via, at=None):
    """Asks with this Via. Gives that of the answer, which comes to the caller `at`."""
    number = next(numbers)
    branch = f";branch=z9hG4bK{number}"
    lines = caller.request("OPTIONS", call=number).split(b"\r\n")
    lines[1] = f"Via: SIP/2.0/UDP {via}{branch}".encode()
    caller.socket.sendto(b"\r\n".join(lines), caller.target)
    return (at or caller).final("OPTIONS").header("Via").replace(branch, "")


def over(answer, here, elsewhere):
    caller, other = Caller(answer), Caller(answer)
    port = caller.socket.getsockname()[1]
    received = f"received={answer.host}"

    via = ask(caller, f"{caller.sent_by};rport")
    check(f"rport={port}" in via and received in via, f"rport asked for: {via}")
    via = ask(caller, caller.sent_by)
    check(via == f"SIP/2.0/UDP {caller.sent_by}", f"nothing to fill in: {via}")
    via = ask(caller, f"{elsewhere}:{port}")
    check(received in via and "rport" not in via, f"the sent-by is another address: {via}")
    via = ask(caller, f"client.example.com:{port}")
    check(received in via, f"the sent-by is a name: {via}")
    via = ask(caller, f"{elsewhere}:1;rport;{received}9")
    check(via.count("received=") == 1 and f"{received}9" not in via, f"a received that the client made up: {via}")

    # Without rport the response goes to the port of the sent-by, with it to where the request came from.
    via = ask(caller, other.sent_by, at=other)
    check("rport" not in via, f"to the port of the sent-by: {via}")
    via = ask(caller, f"{other.sent_by};rport")
    check(f"rport={port}" in via, f"to the port that it came from: {via}")
    via = ask(caller, f"{elsewhere}:{other.socket.getsockname()[1]};maddr={here}", at=other)
    check("maddr=" in via, f"to the maddr: {via}")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def main():
    with Answer() as answer:
        over(answer, "127.0.0.1", "192.0.2.7")
    if has_ipv6():
        with Answer(host="::1") as answer:
            over(answer, "[::1]", "[2001:db8::7]")


main()
