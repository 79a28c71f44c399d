"""Calls with linphonec, which is liblinphone on a console: it calls `answer` over UDP and TCP, with a password and without,
and `sipring call` calls it. The calls are held and resumed by both sides. Passwords by one algorithm: of challenges with
several (RFC 8760) liblinphone 5.1 answers none when it does not know one of them.

SPDX-License-Identifier: MIT
"""
import hashlib
import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time

from answer import Answer, Running, check, free_port, need
from phones import Phone

CONFIG = """[sip]
sip_port={udp}
sip_tcp_port={tcp}
sip_tls_port=0
contact=sip:alice@127.0.0.1
guess_hostname=0
register_only_when_network_is_up=0
media_encryption=none
[net]
firewall_policy=0
[video]
enabled=0
[misc]
version_check_url_root=
"""
ACCOUNT = """[auth_info_0]
username=alice
realm=example.com
passwd=wonderland
algorithm={algorithm}
"""


class Linphone(Running):
    """A running linphonec, as a context."""

    def __init__(self, folder, *flags, account=""):
        self.ports = {"udp": free_port(), "tcp": free_port()}
        home = tempfile.mkdtemp(dir=folder)
        os.makedirs(os.path.join(home, ".local/share/linphone"))
        config = os.path.join(home, "linphonerc")
        pathlib.Path(config).write_text(CONFIG.format(**self.ports) + account, encoding="ascii")
        self.process = subprocess.Popen(["linphonec", "-c", config, *flags], stdin=subprocess.PIPE, cwd=home,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": home})
        self.text = ""
        self.until("linphonec> ")

    def say(self, line):
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def until(self, pattern, seconds=20):
        """What it writes up to this, and no further the next time."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.text)):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            octets = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            check(octets, f"linphonec has not said {pattern!r}: {self.text[-600:]}")
            self.text += octets.decode("utf-8", "replace")
        self.text = self.text[found.end():]


def it_calls_and_holds(phone, answer, transport, requests):
    phone.say(f"call sip:bob@{answer.address};transport={transport}")
    phone.until("Call 1 with .* connected")
    phone.say("pause")
    phone.until("is now paused")
    phone.say("resume")
    phone.until("Media streams established")
    phone.say("terminate")
    phone.until(r"Call 1 with .* ended \(No error\)")
    seen = answer.stop()["calls"]
    check(seen["hung_up"] == 1 and seen["answered"] == seen["acknowledged"] == requests, f"{transport}: {seen}")


def it_calls_answer(folder):
    for transport in ("udp", "tcp"):
        with Answer(transport=transport) as answer, Linphone(folder) as phone:
            it_calls_and_holds(phone, answer, transport, 3)


def it_knows_a_password(folder):
    for algorithm, digest in (("MD5", hashlib.md5), ("SHA-256", hashlib.sha256)):
        users = pathlib.Path(folder) / "users"
        users.write_text(f"alice:example.com:{digest(b'alice:example.com:wonderland').hexdigest()}\n", encoding="ascii")
        account = ACCOUNT.format(algorithm=algorithm)
        with Answer("--auth", users) as answer, Linphone(folder, account=account) as phone:
            it_calls_and_holds(phone, answer, "udp", 3)
        print(f"linphonec calls with a password by {algorithm}")


def it_is_hung_up_on(folder):
    with Answer() as answer, Linphone(folder) as phone:
        phone.say(f"call sip:bob@{answer.address}")
        phone.until("Call 1 with .* connected")
        answer.process.send_signal(signal.SIGTERM)
        phone.until("Call 1 with .* ended")
        check(answer.process.wait(timeout=20) == 0, "answer's status")


def the_softphone_calls_it(folder):
    with Linphone(folder, "-a") as linphone, Phone() as phone:
        phone.say(f"call sip:alice@127.0.0.1:{linphone.ports['udp']}", "wait established", "hold", "wait held", "resume")
        linphone.until("connected")
        phone.until("resumed")
        linphone.say("pause")
        phone.until("held_by_remote")
        linphone.until("is now paused")
        linphone.say("resume")
        phone.until("resumed_by_remote")
        phone.say("hangup")
        linphone.until("Call 1 with .* ended")
        check(phone.until("ended")["by"] == "local", "who has hung up")
        phone.say("quit")
        phone.end()


def main():
    need("linphonec")
    with tempfile.TemporaryDirectory() as folder:
        it_calls_answer(folder)
        it_knows_a_password(folder)
        it_is_hung_up_on(folder)
        the_softphone_calls_it(folder)


main()
