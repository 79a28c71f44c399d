"""RFC 3261 section 13.3.1.4: the user sends its 2xx again, with intervals doubling to T2, until the ACK of this
dialog comes; after 64*T1 it ends the session with a BYE.

SPDX-License-Identifier: MIT
"""
from answer import Answer, Caller, check, tag_of
from timeline import Timeline, check_retransmissions

T1, T2 = 0.03, 0.12


def is_ok(message):
    return message.status == 200 and message.header("CSeq").endswith("INVITE")


def is_bye(message):
    return message.first_line.startswith("BYE")


def acknowledge(caller, call, to_tag, cseq=1):
    caller.send("ACK", call=call, branch=f"ack-{call}-{cseq}-{to_tag}", to_tag=to_tag, cseq=cseq)


def until_a_bye_after_64_t1(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite(call=1))
    timeline.note(lambda message: is_ok(message) or is_bye(message), seconds=64 * T1 + 0.3)
    byes = [at for at, message in enumerate(timeline.messages) if is_bye(message)]
    check(byes, "no BYE after 64*T1")
    check(timeline.instants[byes[0]] >= 64 * T1, f"BYE after {timeline.instants[byes[0]]} s")
    del timeline.messages[byes[0]:], timeline.instants[byes[0]:]
    check_retransmissions(timeline, T1, T2, 64 * T1, "200")


def until_the_ack_of_this_dialog(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite(call=2)).note(is_ok, count=1)
    to_tag = tag_of(timeline.messages[0])
    acknowledge(caller, 2, "another")
    acknowledge(caller, 2, to_tag, cseq=7)
    timeline.note(is_ok, count=6)  # neither was this call's
    check(timeline.instants[5] >= 5 * T1, "sent again too early")
    acknowledge(caller, 2, to_tag)
    caller.send("OPTIONS", call=3)
    caller.final("OPTIONS")
    check(caller.silence(4 * T2), "sent again after the ACK")
    caller.send("BYE", call=2, to_tag=to_tag, cseq=2)
    check(caller.final("BYE").status == 200, "BYE")


def main():
    with Answer("--t1", "30", "--t2", "120") as answer:
        until_a_bye_after_64_t1(answer)
        until_the_ack_of_this_dialog(answer)
        summary = answer.stop()
        check(summary["calls"]["acknowledged"] == 1, f"{summary['calls']}")
        check(summary["calls"]["unacknowledged"] == 1, f"{summary['calls']}")


main()
