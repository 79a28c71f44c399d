"""`sipring call` over every transport, by address and by name, against `sipring answer`; and on to the next target of a
name when one is not there.

    softphone_streams_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import json
import subprocess

from answer import Answer, check, free_port, program
from name_server import Dnsmasq, installed, wait_for
from phones import Phone

COMMANDS = "{}\nwait established\nhold\nwait held\nresume\nwait resumed\nhangup\nwait ended\nquit\n"


def phone(uri, *flags):
    done = subprocess.run([program(), "call", "--listen", "udp:127.0.0.1:0", "--timeout", "40", "--no-verify", *flags],
                          input=COMMANDS.format(f"call {uri}"), capture_output=True, text=True, timeout=60, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    check(done.returncode == 0, f"{uri} {flags}: status {done.returncode}: {done.stdout}{done.stderr}")
    return events


def names_of(events):
    return [event["event"] for event in events]


CALLED = ["started", "calling", "ringing", "established", "held", "resumed", "ended"]


def every_transport():
    for transport in ("tcp", "tls", "ws", "wss"):
        with Answer("--shards", "2", transport=transport) as answer:
            calls = [(f"sip:bob@{answer.address}", "--outbound", f"{transport}:{answer.address}")]
            if transport != "wss":
                calls.append((f"sip:bob@{answer.address};transport={transport}",))
            if transport == "tls":
                calls.append((f"sips:bob@{answer.address}",))
            for call in calls:
                check(names_of(phone(*call)) == CALLED, f"{call}")
            summary = answer.stop()["calls"]
        check(summary["hung_up"] == len(calls), f"{transport}: {summary}")
    print("calls over tcp, tls, ws and wss, with a hold each; sips too")


def keep_alives_go():
    """RFC 6223, with a second between them: by the counters of who gets them."""
    for transport, counted in (("udp", lambda seen: seen["drops"]["keep_alive"]),
                               ("tcp", lambda seen: seen["connections"]["keep_alives"]),
                               ("wss", lambda seen: seen["connections"]["keep_alives"])):
        with Answer("--keep-alive", "1", transport=transport) as answer:
            with Phone("--no-verify", "--keep-alive", "--outbound", f"{transport}:{answer.address}", transport=transport) as caller:
                caller.say(f"call sip:bob@{answer.address}", "wait established", "pause 4", "hangup", "wait ended", "pause 3", "quit")
                caller.end()
            pings = counted(answer.stop())
        check(3 <= pings <= 5, f"{transport}: {pings} keep-alives in four seconds")
    print("keep-alives go as long as a call lasts, by udp, tcp and wss")


def goes_on():
    if installed("dnsmasq") is None:
        print("skipped: dnsmasq is not installed (make deps)")
        return
    dns = free_port()
    with Answer() as answer:
        records = [f"--srv-host=_sip._udp.n.example,a.example,{free_port()},1,0",
                   f"--srv-host=_sip._udp.n.example,b.example,{answer.port},2,0",
                   "--host-record=a.example,127.0.0.1", "--host-record=b.example,127.0.0.1"]
        with Dnsmasq(dns, records):
            wait_for(dns)
            events = phone("sip:bob@n.example;transport=udp", "--dns", f"127.0.0.1:{dns}")
        names = names_of(events)
        check(names == ["started", "resolved", "calling", "next_target", *CALLED[2:]], f"{events}")
        check(answer.stop()["calls"]["hung_up"] == 1, "the second target")
    print("a target that is not there is followed by the next")


def main():
    every_transport()
    keep_alives_go()
    goes_on()


main()
