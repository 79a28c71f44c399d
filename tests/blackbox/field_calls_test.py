"""A call of each INVITE in field_invites.py, and of each in RFC 3665: 200, ACK, BYE, 200. What a response repeats, it
repeats octet for octet.

SPDX-License-Identifier: MIT
"""
import pathlib
import re
import sys

from answer import Answer, Caller, check, tag_of
from field_invites import INVITES

FLOWS = pathlib.Path(__file__).parent.parent / "corpus/flows/rfc3665"


def lines_of(octets, name):
    head = octets.partition(b"\r\n\r\n")[0].decode()
    unfolded = re.sub(r"\r\n[ \t]+", " ", head)
    return [line.partition(":")[2].strip() for line in unfolded.split("\r\n")
            if line.partition(":")[0].strip().lower() == name]


class Call:
    """The octets of a call's requests; everything that has to come back is what was sent."""

    def __init__(self, invite):
        self.invite = invite
        self.vias = lines_of(invite, "via")
        self.call_id = lines_of(invite, "call-id")[0]
        self.from_ = lines_of(invite, "from")[0]
        self.cseq = int(lines_of(invite, "cseq")[0].split()[0])

    def within(self, method, ok, number):
        """A request in the dialog that `ok` began; its Via is the INVITE's with another branch."""
        target = re.search(r"<(.*)>", ok.header("Contact"))[1]
        routes = [f"Route: {route}" for route in reversed(lines_of(ok.octets, "record-route"))]
        via = re.sub(r"branch=z9hG4bK", f"branch=z9hG4bK{method}-", self.vias[0])
        head = [f"{method} {target} SIP/2.0", f"Via: {via}", "Max-Forwards: 70", *routes, f"From: {self.from_}",
                f"To: {ok.header('To')}", f"Call-ID: {self.call_id}", f"CSeq: {number} {method}", "Content-Length: 0"]
        return "\r\n".join(head + ["", ""]).encode()


def from_table(number, invite, caller):
    port = caller.socket.getsockname()[1]
    fill = lambda text: text.replace("{n}", str(number)).replace("{sent_by}", caller.sent_by).replace("{port}", str(port))
    head = [f"INVITE sip:bob@127.0.0.1 SIP/2.0",
            fill(f"Via: SIP/2.0/UDP {invite.sent_by};branch={invite.branch}{invite.via}"),
            *(f"Via: {via}" for via in invite.vias), "Max-Forwards: 70", fill(f"From: {invite.from_}"),
            f"To: {invite.to}", fill(f"Call-ID: {invite.call_id}"), "CSeq: 1 INVITE", fill(f"Contact: {invite.contact}"),
            *(fill(line) for line in invite.lines)]
    if invite.type_:
        head.append(f"Content-Type: {invite.type_}")
    head.append(f"Content-Length: {len(invite.body)}")
    return "\r\n".join(head + ["", ""]).encode() + invite.body


def from_flow(path):
    """Its top Via asks for the response where the request came from, over UDP; its branch and Call-ID name the file: the
    flows share theirs, and would be taken for retransmissions."""
    octets = path.read_bytes()
    octets = re.sub(rb"(?m)^Via: SIP/2.0/...([^\r]*)\r", rb"Via: SIP/2.0/UDP\1;rport\r", octets, count=1)
    octets = re.sub(rb"branch=z9hG4bK", b"branch=z9hG4bK" + path.stem.encode() + b"-", octets, count=1)
    return re.sub(rb"(?m)^Call-ID: ", b"Call-ID: " + path.stem.encode() + b"-", octets)


def as_sent(via):
    """Without what the answerer has to add (RFC 3261 section 18.2.1, RFC 3581)."""
    return re.sub(r"rport=\d*", "rport", via).replace(";received=127.0.0.1", "")


def same(call, response, what):
    vias = lines_of(response.octets, "via")
    check([as_sent(vias[0]), *vias[1:]] == [as_sent(call.vias[0]), *call.vias[1:]], f"{what}: Via {vias} for {call.vias}")
    check(lines_of(response.octets, "call-id") == [call.call_id], f"{what}: Call-ID")
    check(lines_of(response.octets, "from") == [call.from_], f"{what}: From")


def complete(caller, octets, what):
    call = Call(octets)
    caller.socket.sendto(octets, caller.target)
    seen = []
    while not seen or seen[-1].status < 200:
        seen.append(caller.receive())
        same(call, seen[-1], what)
    ok = seen[-1]
    check([m.status for m in seen] == [100, 180, 200], f"{what}: {[m.first_line for m in seen]}")
    check(len(tag_of(ok)) > 0 and "m=audio 9 RTP/AVP" in ok.body, f"{what}: {ok.body}")
    caller.socket.sendto(call.within("ACK", ok, call.cseq), caller.target)
    bye = call.within("BYE", ok, call.cseq + 1)
    caller.socket.sendto(bye, caller.target)
    ended = caller.final("BYE")
    check(ended.status == 200, f"{what}: BYE: {ended.first_line}")
    check(lines_of(ended.octets, "from") == [call.from_], f"{what}: From of the BYE")


def main():
    flows = [path for path in sorted(FLOWS.glob("*_INVITE.sip")) if not lines_of(path.read_bytes(), "to")[0].count("tag=")]
    check(len(INVITES) >= 60 and len(flows) >= 20, "a table that has lost its rows")
    with Answer() as answer:
        caller = Caller(answer)
        all_of_them = [(from_table(number, invite, caller), f"{invite.kind}: {invite.name}")
                       for number, invite in enumerate(INVITES)]
        all_of_them += [(from_flow(path), path.stem) for path in flows]
        for octets, what in all_of_them:
            complete(caller, octets, what)
        without_offer = sum(b"\nm=" not in octets.partition(b"\r\n\r\n")[2] for octets, _ in all_of_them)
        calls = answer.stop()["calls"]
        total = len(INVITES) + len(flows)
        check(calls["answered"] == calls["acknowledged"] == total, f"{calls} of {total}")
        # Their ACKs answer no offer: where ours was in the 200, for they had none, the call ends by a BYE of ours
        # (RFC 3261 section 13.2.1), which crosses theirs. All the others end by theirs.
        check(calls["hung_up"] == total - without_offer, f"{calls} of {total}, {without_offer} without an offer")


main()
