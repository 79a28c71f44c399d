"""RFC 3261 section 9.2: a CANCEL is answered by itself, and ends an INVITE that has no final response.

SPDX-License-Identifier: MIT
"""
from answer import Answer, Caller, check, tag_of


def cancel(caller, user, call):
    caller.send("CANCEL", user=user, call=call, branch=f"{call}")


def fence(caller, call):
    """The answer to this comes behind all that was asked for before."""
    caller.send("OPTIONS", call=call)
    return caller.receive()


def a_ringing_call_gets_487(answer):
    caller = Caller(answer)
    caller.invite("silent", 1)
    ringing = caller.receive_until(lambda message: message.status == 180)
    cancel(caller, "silent", 1)
    answers = {message.header("CSeq"): message for message in (caller.receive(), caller.receive())}
    check(answers["1 CANCEL"].status == 200, f"CANCEL: {answers['1 CANCEL'].first_line}")
    check(answers["1 INVITE"].status == 487, f"INVITE: {answers['1 INVITE'].first_line}")
    check(tag_of(answers["1 CANCEL"]) == tag_of(ringing), "the CANCEL's 200 has another tag than the INVITE's 180")
    check(tag_of(answers["1 INVITE"]) == tag_of(ringing), "the 487 has another tag than the 180")
    caller.send("ACK", user="silent", call=1, branch="1", to_tag=tag_of(ringing))
    cancel(caller, "silent", 1)
    check(caller.receive().octets == answers["1 CANCEL"].octets, "a retransmitted CANCEL gets another answer")
    check(fence(caller, 100).header("CSeq") == "1 OPTIONS", "a retransmitted CANCEL ends the call again")


def nothing_to_cancel_gets_481(answer):
    caller = Caller(answer)
    cancel(caller, "bob", 2)
    check(caller.receive().status == 481, "a CANCEL of nothing")
    caller.invite("silent", 3)
    caller.receive_until(lambda message: message.status == 180)
    caller.send("CANCEL", user="silent", call=3, branch="another")
    check(caller.receive().status == 481, "a CANCEL with another branch")
    cancel(caller, "silent", 3)
    caller.send("ACK", user="silent", call=3, branch="3", to_tag=tag_of(caller.final()))


def a_cancel_that_crosses_the_final_response_changes_nothing(answer):
    caller = Caller(answer)
    for call, user, status in ((4, "bob", 200), (5, "busy", 486)):
        caller.invite(user, call)
        final = caller.final()
        check(final.status == status, f"{user}: {final.first_line}")
        cancel(caller, user, call)
        ok = caller.receive()
        check(ok.header("CSeq") == "1 CANCEL" and ok.status == 200, f"CANCEL after {status}: {ok.first_line}")
        check(tag_of(ok) == tag_of(final), "the CANCEL's 200 has another tag")
        branch = "ack" if status == 200 else f"{call}"
        caller.send("ACK", user=user, call=call, branch=branch, to_tag=tag_of(final))
        check(fence(caller, 100 + call).header("CSeq") == "1 OPTIONS", f"a CANCEL after {status} had an effect")


def main():
    with Answer("--t1", "5000", "--t2", "5000") as answer:  # nothing is sent twice meanwhile
        a_ringing_call_gets_487(answer)
        nothing_to_cancel_gets_481(answer)
        a_cancel_that_crosses_the_final_response_changes_nothing(answer)
        summary = answer.stop()
        check(summary["drops"]["stray_cancel"] == 2, f"{summary['drops']}")
        check(summary["calls"]["cancelled"] == 2, f"{summary['calls']}")


main()
