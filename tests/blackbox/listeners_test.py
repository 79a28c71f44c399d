"""Listeners that come and go while `sipring answer` runs: a file, and SIGHUP. A call goes on through it.

SPDX-License-Identifier: MIT
"""
import signal
import tempfile
import time
from pathlib import Path

from answer import Answer, Caller, check, free_port, tag_of


def at(answer, port):
    """A caller of the same program at another of its ports."""
    caller = Caller(answer)
    caller.target = ("127.0.0.1", port)
    return caller


def answers(caller, call, seconds=5.0):
    """Whether it is answered before so long; asked again and again, since nothing tells when."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        caller.send("OPTIONS", call=call, branch=f"{call}-{time.monotonic_ns()}")
        if not caller.silence(0.1):
            return True
    return False


def falls_silent(caller, call, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        caller.send("OPTIONS", call=call, branch=f"{call}-{time.monotonic_ns()}")
        try:
            silent = caller.silence(0.3)
        except ConnectionError:
            silent = True
        if silent:
            return True
    return False


first, second = free_port(), free_port()
with tempfile.TemporaryDirectory() as folder:
    listeners = Path(folder) / "listeners"
    listeners.write_text(f"# ours\nudp:127.0.0.1:{first}  # the first\n\n", encoding="ascii")
    with Answer("--listen-file", str(listeners), "--shards", "2") as answer:
        caller = Caller(answer)
        caller.invite(call=1)
        accepted = caller.final()
        check(accepted.status == 200, "no call by the listener of the command line")
        check(answers(at(answer, first), call=2), "the file's listener does not answer")

        listeners.write_text(f"udp:127.0.0.1:{second}\n", encoding="ascii")
        answer.process.send_signal(signal.SIGHUP)
        check(answers(at(answer, second), call=3), "the new listener does not answer")
        check(falls_silent(at(answer, first), call=4), "the old listener still answers")
        called = at(answer, second)
        called.invite(call=5)
        contact = called.final().header("Contact")
        check(str(second) in contact, f"the new listener's Contact is {contact}")

        listeners.write_text("udp:nonsense:x\n", encoding="ascii")
        answer.process.send_signal(signal.SIGHUP)
        listeners.write_text(f"udp:127.0.0.1:{first}\nudp:127.0.0.1:{second}\n", encoding="ascii")
        answer.process.send_signal(signal.SIGHUP)
        check(answers(at(answer, first), call=6), "a port that was closed cannot be opened again")
        check(answers(at(answer, second), call=7), "the one that stayed does not answer")

        caller.send("ACK", call=1, to_tag=tag_of(accepted), branch="ack")
        caller.send("BYE", call=1, to_tag=tag_of(accepted), cseq=2)
        check(caller.final("BYE").status == 200, "the call did not outlive the listeners")
        answer.stop()
