"""RFC 3261 section 17.2.3: what makes two requests one transaction; with a branch of this RFC, and as RFC 2543 has it.

SPDX-License-Identifier: MIT
"""
from answer import OFFER, Answer, Caller, check, tag_of


class OldCaller(Caller):
    """Its branches have no magic cookie; with an empty one there is no branch at all."""

    def request(self, method, **parts):
        octets = super().request(method, **parts)
        if parts.get("branch") == "":
            return octets.replace(b";branch=z9hG4bK" + f"{parts['call']}-{method}-1".encode(), b"")
        return octets.replace(b"branch=z9hG4bK", b"branch=")


def by_branch_and_sent_by(answer):
    caller = Caller(answer)
    first = caller.request("OPTIONS", call=1, branch="same")
    caller.socket.sendto(first, caller.target)
    answered = caller.final("OPTIONS")
    caller.socket.sendto(first, caller.target)
    check(caller.final("OPTIONS").octets == answered.octets, "a retransmission gets another answer")
    # Another sent-by is another client's branch. It comes back here all the same, because of rport.
    other = caller.request("OPTIONS", call=2, branch="same").replace(caller.sent_by.encode(), b"192.0.2.7:5060")
    caller.socket.sendto(other, caller.target)
    answer_to_other = caller.final("OPTIONS")
    check(answer_to_other.header("Call-ID") == "call-2@example.com", "taken for the other client's request")
    caller.send("MESSAGE", call=3, branch="same")
    check(caller.final("MESSAGE").header("CSeq") == "1 MESSAGE", "taken for the OPTIONS")


def an_old_invite_its_ack_and_its_cancel(answer, branch):
    caller = OldCaller(answer)
    call = {"user": "busy", "call": 10 + len(branch), "branch": branch}
    caller.send("INVITE", body=OFFER, **call)
    busy = caller.final()
    check(busy.status == 486, f"busy: {busy.first_line}")
    caller.send("INVITE", body=OFFER, **call)
    check(caller.receive().octets == busy.octets, "a retransmitted INVITE gets another answer")
    caller.send("ACK", to_tag=tag_of(busy), **call)
    caller.send("INVITE", body=OFFER, **call)  # confirmed: absorbed
    caller.send("OPTIONS", call=20 + len(branch))
    check(caller.receive().header("CSeq") == "1 OPTIONS", "the ACK was not taken for the INVITE's")

    call = {"user": "silent", "call": 30 + len(branch), "branch": branch}
    caller.send("INVITE", body=OFFER, **call)
    caller.receive_until(lambda message: message.status == 180)
    caller.send("CANCEL", **call)
    answers = {message.header("CSeq"): message for message in (caller.receive(), caller.receive())}
    check(answers["1 CANCEL"].status == 200, f"CANCEL: {answers['1 CANCEL'].first_line}")
    check(answers["1 INVITE"].status == 487, f"INVITE: {answers['1 INVITE'].first_line}")
    caller.send("ACK", to_tag=tag_of(answers["1 INVITE"]), **call)
    caller.send("CANCEL", user="bob", call=40 + len(branch), branch=branch)
    check(caller.receive().status == 481, "a CANCEL of nothing")


def main():
    with Answer("--t1", "5000", "--t2", "5000") as answer:
        by_branch_and_sent_by(answer)
        for branch in ("1", ""):
            an_old_invite_its_ack_and_its_cancel(answer, branch)
        summary = answer.stop()
        check(summary["drops"]["stray_ack"] == 0, f"{summary['drops']}")


main()
