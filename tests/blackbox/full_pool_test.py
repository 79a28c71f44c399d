"""A full transaction pool: new requests get 503 with Retry-After, existing calls finish.
SPDX-License-Identifier: MIT
"""
from answer import Answer, Caller, check, tag_of

CALLS = 8


def main():
    with Answer("--transactions", str(CALLS), "--t1", "20", "--retry-after", "7") as answer:
        callers = [Caller(answer) for _ in range(CALLS)]
        for call, caller in enumerate(callers):
            caller.invite("ring", call)
            caller.receive_until(lambda message: message.status == 180)
        late = Caller(answer)
        for method in ("OPTIONS", "INVITE"):
            late.send(method, call=99)
            refused = late.final(method)
            check(refused.status == 503, f"{method}: {refused.first_line}")
            check(refused.header("Retry-After") == "7", f"Retry-After: {refused.header('Retry-After')}")
        answers = [caller.final() for caller in callers]
        for call, (caller, ok) in enumerate(zip(callers, answers)):
            check(ok.status == 200, f"call {call}: {ok.first_line}")
            caller.send("ACK", call=call, to_tag=tag_of(ok))
        # The INVITEs' transactions live for 64*T1 = 1.28 s more; until then a BYE may be refused.
        for call, (caller, ok) in enumerate(zip(callers, answers)):
            for cseq in range(2, 100):
                caller.send("BYE", call=call, to_tag=tag_of(ok), cseq=cseq)
                status = caller.final("BYE").status
                if status == 200:
                    break
                check(status == 503, f"BYE: {status}")
                caller.silence(0.1)
        summary = answer.stop()
        check(summary["calls"]["acknowledged"] == CALLS, f"{summary['calls']}")
        check(summary["calls"]["hung_up"] == CALLS, f"{summary['calls']}")
        check(summary["drops"]["overload"] >= 2, f"{summary['drops']}")


main()
