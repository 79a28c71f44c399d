"""RFC 3261 section 17.2.1, the INVITE server: 100 within 200 ms, provisionals and finals sent again, timers G, H
and I, the ACK absorbed.

SPDX-License-Identifier: MIT
"""
import time

from answer import Answer, Caller, check, tag_of
from timeline import Timeline, check_retransmissions

T1, T2, T4 = 0.05, 0.2, 0.1
FLAGS = ("--t1", "50", "--t2", "200", "--t4", "100")


def is_busy(message):
    return message.status == 486


def trying_comes_within_200_ms(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite("silent", 1)).note(lambda _: True, count=1)
    check(timeline.messages[0].status == 100, f"{timeline.messages[0].first_line} instead of 100")
    check(not tag_of(timeline.messages[0]), "a 100 with a tag")
    check(timeline.instants[0] < 0.2 + 1, f"100 after {timeline.instants[0]} s")
    ringing = caller.receive_until(lambda message: message.status == 180)
    caller.invite("silent", 1)
    check(caller.receive().octets == ringing.octets, "a retransmitted INVITE does not get the last provisional")
    caller.send("CANCEL", user="silent", call=1, branch="1")
    caller.send("ACK", user="silent", call=1, branch="1", to_tag=tag_of(caller.final()))


def finals_come_by_timer_g_until_timer_h(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite("busy", 2)).note(is_busy, seconds=64 * T1 + 0.5)
    check_retransmissions(timeline, T1, T2, 64 * T1, "486")
    caller.invite("busy", 2)  # timer H has ended the transaction: this is a new one
    check(caller.final().status == 486, "no answer after timer H")
    caller.send("ACK", user="busy", call=2, branch="2", to_tag="x")


def an_ack_ends_them(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite("busy", 3)).note(is_busy, count=3)
    check(timeline.instants[2] >= 3 * T1, "sent again too early")
    to_tag = tag_of(timeline.messages[0])
    check(to_tag, "a 486 without a tag")
    for _ in range(3):
        caller.send("ACK", user="busy", call=3, branch="3", to_tag=to_tag)
    caller.send("OPTIONS", call=4)  # what was sent before the ACK came is before its answer
    caller.final("OPTIONS")
    check(caller.silence(3 * T2), "sent again after the ACK")


def an_invite_is_answered_at_once_and_absorbed_after_its_ack(answer):
    caller = Caller(answer)
    caller.invite("busy", 5)
    first = caller.final()
    caller.invite("busy", 5)
    check(caller.final().octets == first.octets, "a retransmitted INVITE gets another answer")
    caller.send("ACK", user="busy", call=5, branch="5", to_tag=tag_of(first))
    began = time.monotonic()
    while True:  # confirmed until timer I = T4, then a new transaction
        caller.invite("busy", 5)
        try:
            caller.receive(0.03)
        except TimeoutError:
            check(time.monotonic() - began < 10, "never a new transaction after timer I")
            continue
        break
    caller.send("ACK", user="busy", call=5, branch="5", to_tag=tag_of(first))


def main():
    with Answer(*FLAGS) as answer:
        trying_comes_within_200_ms(answer)
        finals_come_by_timer_g_until_timer_h(answer)
        an_ack_ends_them(answer)
        summary = answer.stop()
        check(summary["drops"]["stray_ack"] == 2, f"{summary['drops']}")
    with Answer("--t4", "100") as answer:
        an_invite_is_answered_at_once_and_absorbed_after_its_ack(answer)


main()
