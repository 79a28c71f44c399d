"""RFC 6026 section 7.1: after its 2xx the INVITE's transaction absorbs retransmissions until timer L, and its user
alone sends the 2xx again.

SPDX-License-Identifier: MIT
"""
from answer import Answer, Caller, check, tag_of


def main():
    with Answer("--t1", "5000", "--t2", "5000") as answer:  # the user is silent meanwhile
        caller = Caller(answer)
        caller.invite(call=1)
        ok = caller.final()
        for _ in range(3):
            caller.invite(call=1)
        caller.send("OPTIONS", call=2)
        check(caller.receive().header("CSeq") == "1 OPTIONS", "a retransmitted INVITE is answered in Accepted")
        caller.send("ACK", call=1, branch="1", to_tag=tag_of(ok))  # some clients reuse the INVITE's branch
        caller.send("BYE", call=1, to_tag=tag_of(ok), cseq=2)
        check(caller.receive().header("CSeq") == "2 BYE", "something came before the BYE's answer")
        summary = answer.stop()
        check(summary["calls"]["answered"] == 1, f"{summary['calls']}")
        check(summary["calls"]["acknowledged"] == 1, f"{summary['calls']}")


main()
