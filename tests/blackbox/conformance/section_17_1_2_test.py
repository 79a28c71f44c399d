"""RFC 3261 section 17.1.2, the non-INVITE client, by the BYE that answer sends when no ACK comes: timers E and F.

SPDX-License-Identifier: MIT
"""
from answer import Answer, Caller, check
from timeline import Timeline, check_retransmissions

T1, T2 = 0.02, 0.08


def is_bye(message):
    return message.first_line.startswith("BYE")


def respond(caller, bye, status_line):
    copied = [line for line in bye.lines if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
    lines = [f"SIP/2.0 {status_line}", *copied, "Content-Length: 0", "", ""]
    caller.socket.sendto("\r\n".join(lines).encode(), caller.target)


def retransmitted_by_timer_e_until_timer_f(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite(call=1)).note(is_bye, seconds=2 * 64 * T1 + 0.3)
    check_retransmissions(timeline, T1, T2, 64 * T1, "BYE", first=64 * T1)


def ended_by_its_response(answer):
    caller = Caller(answer)
    timeline = Timeline(caller, lambda: caller.invite(call=2)).note(is_bye, count=3)
    respond(caller, timeline.messages[0], "200 OK")
    caller.send("OPTIONS", call=3)
    caller.final("OPTIONS")
    check(caller.silence(4 * T2), "sent again after its 200")


def main():
    with Answer("--t1", "20", "--t2", "80") as answer:
        retransmitted_by_timer_e_until_timer_f(answer)
        ended_by_its_response(answer)
        summary = answer.stop()
        check(sum(summary["drops"].values()) == 0, f"{summary['drops']}")
        check(summary["calls"]["unacknowledged"] == 2, f"{summary['calls']}")


main()
