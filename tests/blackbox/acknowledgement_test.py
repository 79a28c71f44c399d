"""The 200 comes again until its ACK; without one a BYE comes after 64*T1.

SPDX-License-Identifier: MIT
"""
import time

from answer import Answer, Caller, check, tag_of


def main():
    with Answer("--t1", "50", "--t2", "200") as answer:
        caller = Caller(answer)
        caller.invite(call=1)
        first = caller.final()
        began = time.monotonic()
        again = [caller.final() for _ in range(3)]
        check(all(ok.octets == first.octets for ok in again), "another 200 was sent")
        check(0.3 < time.monotonic() - began < 1.0, "not at 50, 150 and 350 ms")
        caller.send("ACK", call=1, to_tag=tag_of(first))
        caller.send("OPTIONS", call=2)  # what had been sent before the ACK came is before its answer
        caller.final("OPTIONS")
        check(caller.silence(1.0), "sent again after the ACK")

        caller.invite(call=3)
        ok = caller.final()
        began = time.monotonic()
        bye = caller.receive_until(lambda message: message.first_line.startswith("BYE"))
        check(3.1 < time.monotonic() - began < 4.5, "the BYE did not come after 64*T1 = 3.2 s")
        check(bye.header("From") == ok.header("To"), "the BYE is of another dialog")
        caller.socket.sendto("\r\n".join(
            ["SIP/2.0 200 OK", *(line for line in bye.lines if line.split(":")[0] in
                                 ("Via", "From", "To", "Call-ID", "CSeq")),
             "Content-Length: 0", "", ""]).encode(), caller.target)
        summary = answer.stop()
        check(summary["calls"]["unacknowledged"] == 1, f"{summary['calls']}")


main()
