"""SIP over secure WebSockets (RFC 7118) with the web phones that pages are written with: JsSIP and SIP.js, on Node. They
call, hold, resume, send DTMF by INFO and hang up, with a certificate that they verify and with a password; and they are
hung up on.

SPDX-License-Identifier: MIT
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from answer import Answer, Running, SKIP, check, need, program
from certificates import make_self_signed

WEB = pathlib.Path(__file__).parent / "web"


class WebPhone(Running):
    """One call of a web phone, as a context."""

    def __init__(self, script, port, user, certificate, *flags):
        command = ["node", str(WEB / script), f"wss://127.0.0.1:{port}", f"sip:{user}@127.0.0.1:{port}", *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "NODE_EXTRA_CA_CERTS": certificate})
        self.seen = []

    def until(self, name):
        """The event of this name; the end of its lines ends the test."""
        for line in self.process.stdout:
            self.seen.append(json.loads(line))
            if self.seen[-1]["event"] == name:
                return self.seen[-1]
        check(False, f"{self.process.args[1]}: no {name} in {self.seen}")
        return None

    def changes(self):
        """Held, resumed and a digit of DTMF, each as the far side has taken it."""
        check(self.until("held")["remote"] == "recvonly", f"{self.seen}")
        check(self.until("resumed")["remote"] == "sendrecv", f"{self.seen}")
        self.until("dtmf")


PHONES = {"jssip.mjs": ("confirmed", "ended"), "sipjs.mjs": ("established", "terminated")}


def whole_calls(listener, certificate, users):
    for flags in ((), ("--auth", users, "--realm", "example.com")):
        with Answer(*flags, transport=listener) as answer:
            for script, (up, over) in PHONES.items():
                with WebPhone(script, answer.port, "bob", certificate) as phone:
                    phone.until(up)
                    phone.changes()
                    phone.until(over)
                    check(phone.process.wait(timeout=20) == 0, f"{script}: status {phone.process.returncode}")
                with WebPhone(script, answer.port, "busy", certificate) as phone:
                    phone.until("failed" if script == "jssip.mjs" else "refused")
                    check(phone.seen[-1]["status"] == 486, f"{script}: {phone.seen}")
            calls = answer.stop()["calls"]
            check(calls["hung_up"] == len(PHONES), f"{calls}")
            check(calls["answered"] == calls["acknowledged"] == 3 * len(PHONES), f"{calls}: with two re-INVITEs each")
            check(calls["refused"] >= len(PHONES), f"{calls}")


def hung_up_on(listener, certificate):
    """BYE comes to them by the connection that they have opened."""
    with Answer(transport=listener) as answer:
        phones = [WebPhone(script, answer.port, "bob", certificate, "stay") for script in PHONES]
        for phone in phones:
            phone.changes()
        answer.process.send_signal(signal.SIGTERM)
        for phone, (_, over) in zip(phones, PHONES.values()):
            with phone:
                phone.until(over)
                check(phone.process.wait(timeout=20) == 0, f"status {phone.process.returncode}")
        check(answer.process.wait(timeout=20) == 0, "answer's status")


def call_the_softphone(listener, certificate):
    """`sipring call` answers them, holds them and hangs up."""
    command = [program(), "call", "--listen", listener, "--auto-answer"]
    for script, (up, over) in PHONES.items():
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as softphone:
            started = json.loads(softphone.stdout.readline())
            port = int(started["listeners"][0].rsplit(":", 1)[1])
            with WebPhone(script, port, "bob", certificate, "stay") as phone:
                phone.until(up)
                phone.changes()
                softphone.stdin.write("hangup\nquit\n")
                softphone.stdin.flush()
                phone.until(over)
            events = [json.loads(line)["event"] for line in softphone.stdout]
            check(softphone.wait(timeout=20) == 0, f"the softphone's status {softphone.returncode}")
            check("incoming" in events and "established" in events and events[-1] == "ended", f"{events}")


def main():
    need("node")
    need("openssl")
    if not (WEB / "node_modules").is_dir():
        print("skipped: JsSIP and SIP.js are not installed (make deps, with npm)")
        sys.exit(SKIP)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_self_signed(folder, "localhost", "DNS:localhost,IP:127.0.0.1")
        listener = f"wss:127.0.0.1:0?cert={certificate}&key={key}"
        users = os.path.join(folder, "users")
        with open(users, "w", encoding="ascii") as file:
            file.write("alice:wonderland\n")
        whole_calls(listener, certificate, users)
        hung_up_on(listener, certificate)
        call_the_softphone(listener, certificate)


main()
