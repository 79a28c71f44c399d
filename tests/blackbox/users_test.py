"""The user parts that choose what becomes of a call; CANCEL.

SPDX-License-Identifier: MIT
"""
import time

from answer import Answer, Caller, check, tag_of


def statuses_to_final(caller):
    seen = []
    while not seen or seen[-1] < 200:
        seen.append(caller.receive(10).status)
    return seen


def main():
    with Answer() as answer:
        caller = Caller(answer)
        for call, (user, final) in enumerate((("bob", 200), ("busy", 486), ("decline", 603)), 1):
            caller.invite(user, call)
            seen = statuses_to_final(caller)
            check(seen[-1] == final, f"{user}: {seen}")
            check(user != "bob" or seen == [100, 180, 200], f"{user}: {seen}")
            caller.send("ACK", user=user, call=call, branch=f"{call}", to_tag="x")

        caller = Caller(answer)
        began = time.monotonic()
        caller.invite("ring", 10)
        ok = caller.final()
        check(ok.status == 200, f"ring: {ok.first_line}")
        check(4.9 < time.monotonic() - began < 7, "ring: not after 5 s")
        caller.send("ACK", call=10, to_tag=tag_of(ok))
        caller.send("BYE", call=10, to_tag=tag_of(ok), cseq=2)
        check(caller.final("BYE").status == 200, "BYE")

        caller = Caller(answer)
        caller.invite("silent", 20)
        check([caller.receive().status, caller.receive().status] == [100, 180], "silent: no 180")
        check(caller.silence(1.0), "silent: something came")
        caller.send("CANCEL", user="silent", call=20, branch="20")
        finals = {caller.receive().header("CSeq"): None for _ in range(2)}
        check(set(finals) == {"1 CANCEL", "1 INVITE"}, f"CANCEL: {finals}")
        caller.send("ACK", user="silent", call=20, branch="20", to_tag="x")
        check(answer.stop()["calls"]["cancelled"] == 1, "the 487 is not counted")


main()
