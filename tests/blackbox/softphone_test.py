"""`sipring call`: two of them, with `answer`, and with phones that nobody here wrote.

SPDX-License-Identifier: MIT
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from answer import Answer, check, free_port, program
from phones import Baresip, Phone, call_and_hold


def two_of_them():
    with Phone() as alice, Phone() as bob:
        alice.say(f"call sip:bob@{bob.address}")
        alice.event("calling", call=1)
        came = bob.event("incoming", call=1)
        check(alice.address in came["from"], came)
        alice.event("ringing", call=1, status=180)
        bob.say("answer")
        alice.event("established", call=1, local="sendrecv", remote="sendrecv")
        bob.event("established", call=1)
        alice.say("hold")
        alice.event("held", call=1, local="sendonly", remote="recvonly")
        bob.event("held_by_remote", call=1)
        alice.say("resume")
        alice.event("resumed", call=1, local="sendrecv", remote="sendrecv")
        bob.event("resumed_by_remote", call=1)
        alice.say("dtmf 5#")
        bob.event("dtmf", call=1, signal="5", milliseconds=160)
        bob.event("dtmf", call=1, signal="#")
        alice.event("dtmf_sent", call=1, keys=2)
        bob.say("hangup")
        alice.event("ended", call=1, by="remote")
        bob.event("ended", call=1, by="local")

        alice.say(f"call sip:bob@{bob.address}")
        alice.event("calling", call=2)
        bob.event("incoming", call=2)
        alice.event("ringing")
        bob.say("reject 603 2")
        alice.event("ended", call=2, by="refused", status=603)
        bob.event("ended", call=2)
        for phone in (alice, bob):
            phone.say("quit")
            phone.end()


def over_connections():
    """A call from one softphone to the other, held and ended from both sides, by a connection."""
    for transport in ("tcp", "ws"):
        with Phone(transport=transport) as alice, Phone("--auto-answer", transport=transport) as bob:
            for ends, hears in ((alice, bob), (bob, alice)):
                alice.say(f"call sip:bob@{bob.address};transport={transport}")
                alice.until("established")
                bob.until("established")
                alice.say("hold")
                alice.until("held")
                bob.until("held_by_remote")
                ends.say("hangup")
                check(hears.until("ended")["by"] == "remote", transport)
                check(ends.until("ended")["by"] == "local", transport)
            for phone in (alice, bob):
                phone.say("quit")
                phone.end()


def with_answer(folder):
    users = os.path.join(folder, "users")
    with open(users, "w", encoding="ascii") as file:
        file.write("alice:secret\n")
    with Answer("--auth", users) as answer, Phone("--auth", "alice:secret") as phone:
        phone.say(f"call sip:bob@{answer.address}")
        phone.until("established")
        phone.say("hold", "wait held", "resume", "wait resumed", "dtmf 1", "wait dtmf_sent", "hangup")
        for name in ("held", "resumed", "dtmf_sent", "ended"):
            phone.event(name, call=1)
        phone.say(f"call sip:busy@{answer.address}")
        check(phone.until("ended")["status"] == 486, "busy")
        phone.say(f"call sip:silent@{answer.address}", "wait ringing", "hangup")
        check(phone.until("ended")["by"] == "local", "cancelled")
        phone.say("quit")
        phone.end()
        calls = answer.stop()["calls"]
        check(calls["acknowledged"] == 3 and calls["hung_up"] == 1 and calls["cancelled"] == 1, f"{calls}")
    with Answer("--auth", users) as answer, Phone("--auth", "alice:guess") as phone:
        phone.say(f"call sip:bob@{answer.address}")
        check(phone.until("ended")["status"] == 401, "a wrong password")


def with_sipp(folder):
    if shutil.which("sipp") is None:
        return print("no SIPp: its part is left out")
    flags = ["-i", "127.0.0.1", "-nostdin", "-timeout", "20", "-timeout_error"]
    with Phone("--auto-answer") as phone:
        done = subprocess.run(["sipp", phone.address, "-sn", "uac", "-m", "3", "-r", "10", *flags],
                              capture_output=True, text=True, timeout=60, check=False, cwd=folder)
        check(done.returncode == 0, f"SIPp calls: {done.returncode} {done.stderr[-500:]}")
        for _ in range(3):
            check(phone.until("ended")["by"] == "remote", "SIPp hangs up")
    port = free_port()
    uas = subprocess.Popen(["sipp", "-sn", "uas", "-p", str(port), "-m", "1", *flags], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, cwd=folder)
    with Phone() as phone:
        phone.say(f"call sip:service@127.0.0.1:{port}", "wait established", "hangup")
        check(phone.until("ended")["by"] == "local", "SIPp answers")
    check(uas.wait(timeout=30) == 0, f"SIPp answers: {uas.returncode}")


def with_baresip(folder):
    if shutil.which("baresip") is None:
        return print("no baresip: its part is left out")
    with Baresip(folder) as baresip, Phone() as phone:
        call_and_hold(phone, f"sip:bare@127.0.0.1:{baresip.port}")
        baresip.call_and_hold(phone, f"sip:phone@{phone.address}")


def a_signal_ends_every_call():
    with Phone() as alice, Phone("--auto-answer") as bob:
        for number in (1, 2, 3):
            alice.say(f"call sip:bob@{bob.address}")
            check(alice.until("established")["call"] == number, "three calls at once")
        alice.process.send_signal(signal.SIGTERM)
        for _ in range(3):
            check(bob.until("ended")["by"] == "remote", "each call is ended")
        alice.end()
    with Phone("--auto-answer") as bob, Phone("--patience", "1") as alice:
        alice.say(f"call sip:bob@{bob.address}")
        alice.until("established")
        bob.process.send_signal(signal.SIGSTOP)  # nobody answers the BYE
        started = time.monotonic()
        alice.process.send_signal(signal.SIGTERM)
        alice.end(1)
        check(time.monotonic() - started < 5, "patience has an end")
        bob.process.send_signal(signal.SIGCONT)


def run(*flags, say=""):
    return subprocess.run([program(), "call", "--listen", "udp:127.0.0.1:0", *flags], input=say, capture_output=True,
                          text=True, timeout=40, check=False)


def expectations_and_mistakes():
    with Answer() as answer:
        done = run("--expect", "ringing", "--expect", "established", "--timeout", "20", say=f"call sip:bob@{answer.address}\n")
        check(done.returncode == 0 and '"by":"local"' in done.stdout, f"met: {done}")
        done = run("--expect", "ended=603", "--timeout", "1", say=f"call sip:busy@{answer.address}\n")
        check(done.returncode == 1 and "--expect ended=603 has not come" in done.stderr, f"not met: {done}")
    lines = "call bob\ncall sips:bob@host.invalid\ncall sip:bob@127.0.0.1;transport=sctp\nhold\nhum\nquit\n"
    done = run(say=lines)
    for words in ("bob is no URI", "does not resolve", "a transport that is not known", "there is no such call", "there is no such command"):
        check(words in done.stdout, f"{words}: {done.stdout}")
    check(done.returncode == 0, f"{done}")
    for flags in (("--auth", "alice"), ("--from", "nobody at all"), ("--listen", "sctp:127.0.0.1:0"), ("--calls", "0")):
        check(run(*flags).returncode == 2, f"{flags}")


def examples():
    """The programs for embedders: one that calls, and one that stands between two calls."""
    folder = os.path.join(os.path.dirname(os.path.abspath(program())), "examples")
    caller, bridge = (os.path.join(folder, name) for name in ("caller", "bridge"))
    if not os.path.exists(caller):
        return print("no examples: their part is left out")
    with Answer() as answer:
        done = subprocess.run([caller, f"sip:bob@127.0.0.1:{answer.port}"], capture_output=True, text=True, timeout=30,
                              check=False)
        check(done.returncode == 0 and "ended by local 0" in done.stdout, f"caller: {done}")
    with Phone() as callee, Phone() as phone:
        between = subprocess.Popen([bridge, "127.0.0.1", str(callee.port)], stdout=subprocess.PIPE, text=True)
        try:
            through = between.stdout.readline().strip()
            phone.say(f"call sip:bob@{through}")
            callee.until("incoming")
            phone.until("ringing")
            callee.say("answer")
            phone.until("established")
            phone.say("hold")
            phone.until("held")
            callee.until("held_by_remote")
            callee.say("hangup")
            check(phone.until("ended")["by"] == "remote", "through the bridge")
            phone.say(f"call sip:bob@{through}")
            callee.until("incoming")
            callee.say("reject 603")
            check(phone.until("ended")["status"] == 603, "refused through the bridge")
        finally:
            between.terminate()
            between.wait()


def documented(folder):
    """The commands of the page for people, as they stand there, with a port that is free."""
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "softphone.md")
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^```sh\n(.*?)^```", file.read(), re.M | re.S)
    check(len(blocks) >= 3, "the page has commands")
    path = f"{os.path.dirname(os.path.abspath(program()))}:{os.environ['PATH']}"
    for block in blocks:
        script = block.replace("127.0.0.1:5070", f"127.0.0.1:{free_port()}")
        done = subprocess.run(["sh", "-e", "-c", script], capture_output=True, text=True, timeout=60, check=False,
                              cwd=folder, env={**os.environ, "PATH": path})
        check(done.returncode == 0, f"{block}: {done}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        two_of_them()
        over_connections()
        with_answer(folder)
        with_sipp(folder)
        with_baresip(folder)
        a_signal_ends_every_call()
        expectations_and_mistakes()
        examples()
        documented(folder)


main()
