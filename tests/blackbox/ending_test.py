"""SIGTERM, SIGINT and the end of --duration: everything is closed, and one summary told.
SPDX-License-Identifier: MIT
"""
import json
import re
import signal
import subprocess

from answer import Answer, Caller, check, program, tag_of


def establish(caller, call):
    caller.invite(call=call)
    tag = tag_of(caller.final())
    caller.send("ACK", call=call, branch=f"ack{call}", to_tag=tag)


def ends_calls():
    """A BYE to what is established, 503 to what rings; then nothing is waited for."""
    with Answer("--farewell", "60") as answer:
        caller = Caller(answer)
        for call in (1, 2):
            establish(caller, call)
        caller.invite(user="ring", call=3)
        caller.receive_until(lambda m: m.status == 180)
        answer.process.send_signal(signal.SIGTERM)
        ended = set()
        while len(ended) < 3:
            message = caller.receive(10)
            if message.status == 503:
                check(message.header("Call-ID").startswith("call-3@"), message.octets)
                check(message.header("Retry-After") == "5", message.octets)
                caller.send("ACK", user="ring", call=3, branch="3", to_tag=tag_of(message))
                ended.add(3)
            elif message.first_line.startswith("BYE"):
                lines = [line for line in message.lines if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
                caller.socket.sendto("\r\n".join(["SIP/2.0 200 OK", *lines, "Content-Length: 0", "", ""]).encode(),
                                     caller.target)
                ended.add(int(message.header("Call-ID").split("@")[0][5:]))
        lines = answer.process.stdout.read().splitlines()
        check(answer.process.wait(timeout=20) == 0, "status")
        calls = json.loads(lines[-1])["calls"]
        check(calls["acknowledged"] == 2 and calls["refused"] == 1, f"{calls}")


def ends_in_time():
    """A far side that says nothing is not waited for longer than it was said; a second signal ends the wait."""
    for flags, signals in ((("--farewell", "1"), 1), (("--farewell", "3600"), 2), (("--farewell", "0"), 1)):
        with Answer(*flags) as answer:
            caller = Caller(answer)
            establish(caller, 1)
            answer.process.send_signal(signal.SIGTERM)
            if flags[1] != "0":
                caller.receive_until(lambda m: m.first_line.startswith("BYE"))
            if signals == 2:
                answer.process.send_signal(signal.SIGTERM)
            check(answer.process.wait(timeout=20) == 0, f"{flags}")
            if flags[1] == "0":
                check(caller.silence(0.2), "a BYE though there is no time for one")


def main():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Answer() as answer:
            caller = Caller(answer)
            caller.send("OPTIONS")
            caller.final("OPTIONS")
            caller.socket.sendto(b"nonsense\r\n\r\n", caller.target)
            caller.send("MESSAGE")  # answered after the nonsense
            caller.final("MESSAGE")
            summary = answer.stop(number)
            check(summary["messages_received"] == 3, f"{summary}")
            check(summary["drops"]["malformed"] == 1, f"{summary['drops']}")

    ends_calls()
    ends_in_time()

    timed = [program(), "answer", "--listen", "udp:127.0.0.1:0", "--duration", "1"]
    done = subprocess.run([*timed, "--json"], stdout=subprocess.PIPE, text=True, timeout=20, check=True)
    kinds = [json.loads(line)["type"] for line in done.stdout.splitlines()]
    check(kinds[0] == "start" and kinds[-1] == "summary", f"{kinds}")

    done = subprocess.run(timed, stdout=subprocess.PIPE, text=True, timeout=20, check=True)
    print(done.stdout)
    check("sipp -sn uac 127.0.0.1:" in done.stdout, done.stdout)
    check(re.search(r"^0 calls answered", done.stdout, re.M), done.stdout)
    check("dropped: nothing" in done.stdout, done.stdout)
    check("\x1b" not in done.stdout, "a live line where there is no terminal")


main()
