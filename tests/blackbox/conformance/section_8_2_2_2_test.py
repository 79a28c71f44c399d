"""RFC 3261 section 8.2.2.2: a request that comes by a second way gets a 482, and the first goes on.

SPDX-License-Identifier: MIT
"""
from answer import OFFER, Answer, Caller, check, tag_of


def main():
    with Answer("--t1", "5000", "--t2", "5000") as answer:
        caller = Caller(answer)
        caller.invite("silent", 1)
        ringing = caller.receive_until(lambda message: message.status == 180)
        other_way = Caller(answer)
        for _ in range(2):  # the 482 leaves nothing behind, so it is said again
            other_way.send("INVITE", user="silent", call=1, branch="fork", body=OFFER)
            loop = other_way.receive()
            check(loop.status == 482, f"by another way: {loop.first_line}")
            check(tag_of(loop) and tag_of(loop) != tag_of(ringing), "the 482 has no tag of its own")
        other_way.send("ACK", user="silent", call=1, branch="fork", to_tag=tag_of(loop))
        other_way.send("CANCEL", user="silent", call=1, branch="fork")
        check(other_way.receive().status == 481, "the 482 left a transaction behind")

        caller.send("INVITE", user="silent", call=1, branch="1", body=OFFER)
        check(caller.receive().octets == ringing.octets, "the first is not what it was")
        caller.send("CANCEL", user="silent", call=1, branch="1")
        final = caller.final()
        check(final.status == 487, f"the first: {final.first_line}")
        caller.send("ACK", user="silent", call=1, branch="1", to_tag=tag_of(final))

        caller.send("OPTIONS", call=2)
        caller.final("OPTIONS")
        other_way.send("OPTIONS", call=2, branch="late")  # answered, but its transaction lives
        check(other_way.receive().status == 482, "OPTIONS by another way")
        other_way.send("OPTIONS", call=2, cseq=2)
        check(other_way.receive().status == 200, "the next CSeq is another request")

        caller.invite("bob", 3)
        ok = caller.final()
        caller.send("ACK", call=3, branch="ack", to_tag=tag_of(ok))
        # Within a dialog nothing is merged. Its numbers rise with each request (12.2.1.1), so the same one by another
        # branch is neither a new request nor a retransmission: it is out of order, as a lower one is (12.2.2).
        for branch, status in (("a", 200), ("b", 500)):
            caller.send("OPTIONS", call=3, branch=branch, to_tag=tag_of(ok), cseq=2)
            check(caller.final("OPTIONS").status == status, "within a dialog")
        check(answer.stop()["drops"]["merged"] == 3, f"{answer.summary['drops']}")


main()
