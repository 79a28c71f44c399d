"""Random, truncated and mutated datagrams: answer goes on answering, counts them by reason, and takes no more
memory.

    flood_test.py SIPRING [COUNT]

SPDX-License-Identifier: MIT
"""
import random
import sys

from answer import OFFER, Answer, Caller, check

SEED = 20_261_122
BETWEEN = 100  # datagrams between two questions whether it is still there


def templates(caller, number):
    contact = ["Contact: <sip:alice@caller.example.com>"]  # a name: nothing is ever sent there
    for method in ("INVITE", "OPTIONS", "REGISTER", "BYE", "ACK", "CANCEL", "MESSAGE", "UPDATE"):
        body = OFFER if method in ("INVITE", "UPDATE") else ""
        yield caller.request(method, call=number, branch=f"{number}", extra=contact, body=body).replace(
            b"Contact: <sip:alice@" + caller.sent_by.encode() + b">\r\n", b"")
    yield (f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {caller.sent_by};branch=z9hG4bK{number}\r\n"
           f"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: {number}\r\nCSeq: 1 INVITE\r\n\r\n").encode()


def mutated(octets, chance):
    octets = bytearray(octets)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(octets))
        what = chance.randrange(4)
        if what == 0:
            octets[at] = chance.randrange(256)
        elif what == 1:
            del octets[at:at + chance.randint(1, 20)]
        elif what == 2:
            octets[at:at] = octets[at:at + chance.randint(1, 60)]
        else:
            octets[at:at] = chance.choice((b"\r\n", b"\0", b";", b"<", b'"', b",", b":", b"\xff" * 9))
        if not octets:
            break
    return bytes(octets)


def datagram(caller, number, chance):
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randint(0, 1400))
    octets = chance.choice(list(templates(caller, number)))
    if kind == 1:
        return octets[:chance.randrange(len(octets))]
    return mutated(octets, chance)


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    chance = random.Random(SEED)
    print(f"seed {SEED}, {count} datagrams")
    with Answer("--t1", "10", "--transactions", "4096") as answer:
        flood, asker = Caller(answer), Caller(answer)
        resident = 0
        for number in range(count):
            flood.socket.sendto(datagram(flood, number, chance), flood.target)
            if number % BETWEEN == 0:
                asker.send("OPTIONS", call=number)
                check(asker.final("OPTIONS", 10).status == 200, "no answer in the flood")
            if number == count // 2:
                resident = answer.resident_kilobytes()
        asker.send("OPTIONS", call=count)
        check(asker.final("OPTIONS", 10).status == 200, "no answer after the flood")
        grown = answer.resident_kilobytes() - resident
        summary = answer.stop()
    drops = {reason: number for reason, number in summary["drops"].items() if number}
    print(f"{summary['messages_received']} received, dropped {drops}; "
          f"{resident} kB at half, {grown} kB more at the end")
    check(summary["messages_received"] >= count, "datagrams are missing")
    check(drops.get("malformed", 0) > count // 10, "malformed ones are not counted")
    check(drops.get("bad_request", 0) > count // 100, "those answered with 400 are not counted")
    check(grown < 2048, f"{grown} kB more in the second half")


main()
