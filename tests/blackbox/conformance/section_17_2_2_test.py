"""RFC 3261 section 17.2.2, the non-INVITE server: retransmissions get the same answer until timer J, and the user
hears of the request once.

SPDX-License-Identifier: MIT
"""
from answer import Answer, Caller, check, tag_of


def call_up(caller, call):
    caller.invite("bob", call)
    to_tag = tag_of(caller.final())
    caller.send("ACK", call=call, branch=f"ack-{call}", to_tag=to_tag)
    return to_tag


def hung_up_times(flags, times, seconds_between=0.0):
    """How often the user hears of a BYE that is sent so many times."""
    with Answer(*flags) as answer:
        caller = Caller(answer)
        to_tag = call_up(caller, 1)
        answers = set()
        for _ in range(times):
            caller.send("BYE", call=1, to_tag=to_tag, cseq=2)
            answers.add(caller.final("BYE").octets)
            if seconds_between:
                check(caller.silence(seconds_between), "something came by itself")
        check(len(answers) == 1, "a retransmission gets another answer")
        return answer.stop()["calls"]["hung_up"]


def main():
    once = hung_up_times((), 10)
    check(once == 1, f"the user heard {once} times of a retransmitted BYE")
    # J = 64*T1 = 0.64 s: of 2 s of retransmissions those after it are new requests.
    # With whole dialogs they would get 481 then.
    more = hung_up_times(("--stateless-dialogs", "--t1", "10", "--t2", "10"), 40, 0.05)
    check(2 <= more <= 40 // 2, f"with a timer J of 0.64 s the user heard {more} times within 2 s")


main()
