"""An INVITE of 60,000 octets is answered.

SPDX-License-Identifier: MIT
"""
from answer import OFFER, Answer, Caller, check, tag_of

SIZE = 60_000


def main():
    with Answer() as answer:
        caller = Caller(answer)
        for call, extra in ((1, ["X-Long: " + "x" * (SIZE // 2)]), (2, ["Subject: s"] * 100)):
            bare = len(caller.request("INVITE", call=call, branch=f"{call}", extra=extra, body=OFFER))
            padding = "a=x:" + "y" * (SIZE - bare - 8) + "\r\n"  # two more digits in Content-Length
            body = OFFER + padding
            octets = caller.request("INVITE", call=call, branch=f"{call}", extra=extra, body=body)
            check(abs(len(octets) - SIZE) < 10, f"{len(octets)} octets")
            caller.socket.sendto(octets, caller.target)
            ok = caller.final()
            check(ok.status == 200 and "m=audio 9 RTP/AVP 0" in ok.body, f"{len(octets)}: {ok.first_line}")
            caller.send("ACK", call=call, to_tag=tag_of(ok))
            caller.send("BYE", call=call, to_tag=tag_of(ok), cseq=2)
            check(caller.final("BYE").status == 200, "BYE")
        check(sum(answer.stop()["drops"].values()) == 0, "drops")


main()
