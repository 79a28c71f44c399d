"""Phones as contexts: `sipring call`, and baresip.

SPDX-License-Identifier: MIT
"""
import json
import os
import socket
import subprocess

from answer import Running, check, free_port, program

MODULES = "/usr/lib/baresip/modules"


class Phone(Running):
    """A running softphone. Use as a context: stops the program whatever happens."""

    def __init__(self, *flags, transport="udp"):
        command = [program(), "call", "--listen", f"{transport}:127.0.0.1:0", *flags]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        start = self.event("started")
        self.port = int(start["listeners"][0].rsplit(":", 1)[1])
        self.address = f"127.0.0.1:{self.port}"

    def say(self, *lines):
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def event(self, name, **fields):
        """The next event, which must be this one."""
        line = self.process.stdout.readline()
        check(line, f"no event, {name} was to come")
        event = json.loads(line)
        check(event["event"] == name and all(event.get(k) == v for k, v in fields.items()), f"not {name} {fields}: {event}")
        return event

    def until(self, name):
        """The next event of this name."""
        while True:
            line = self.process.stdout.readline()
            check(line, f"no event, {name} was to come")
            event = json.loads(line)
            if event["event"] == name:
                return event

    def end(self, status=0):
        check(self.process.wait(timeout=30) == status, f"status {self.process.returncode}, not {status}")


def call_and_hold(phone, uri):
    """From the call to its end, by the phone."""
    phone.say(f"call {uri}", "wait established", "hold", "wait held", "resume", "wait resumed", "hangup")
    check(phone.until("established")["local"] == "sendrecv", uri)
    phone.until("held")
    phone.until("resumed")
    check(phone.until("ended")["by"] == "local", uri)


class Baresip(Running):
    """A baresip of one account, without sound, that answers each call. Its keys are typed by TCP. `registers`: with whom,
    "HOST:PORT;transport=tcp", as whom by digest; without, it has no account anywhere."""

    def __init__(self, folder, registers="", user="bare", password="", more=""):
        self.port, self.control = free_port(), free_port()
        account = f"<sip:{user}@127.0.0.1:{self.port}>;regint=0;answermode=auto"
        if registers:
            account = (f"<sip:{user}@{registers}>;auth_user={user};auth_pass={password};regint=60;answermode=auto;"
                       f'outbound="sip:{registers}"')
        home = os.path.join(folder, "baresip")
        os.makedirs(home, exist_ok=True)
        files = {
            "config": f"sip_listen 127.0.0.1:{self.port}\nmodule_path {MODULES}\nmodule g711.so\nmodule aubridge.so\n"
                      f"module_tmp account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n"
                      f"ctrl_tcp_listen 127.0.0.1:{self.control}\naudio_player aubridge,a\naudio_source aubridge,a\n"
                      f"audio_alert aubridge,a\n{more}",
            "accounts": account + "\n",
            "contacts": "",
        }
        for name, text in files.items():
            with open(os.path.join(home, name), "w", encoding="ascii") as file:
                file.write(text)
        self.process = subprocess.Popen(["baresip", "-f", home], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.wait_for("ready")
        if registers:
            self.wait_for("200 OK")  # of its REGISTER
        self.socket = socket.create_connection(("127.0.0.1", self.control), timeout=10)

    def wait_for(self, words):
        heard = []
        for line in self.process.stdout:
            heard.append(line)
            if words in line:
                return
        check(False, f"baresip never said {words}: {heard[-5:]}")

    def __exit__(self, *_):
        self.socket.close()
        super().__exit__()

    def command(self, name, params=""):
        text = json.dumps({"command": name, "params": params})
        self.socket.sendall(f"{len(text)}:{text},".encode())

    def call_and_hold(self, phone, uri):
        """The same by baresip; the phone is who is called."""
        self.command("dial", uri)
        phone.until("incoming")
        phone.say("answer")
        phone.until("established")
        self.command("hold")
        phone.until("held_by_remote")
        self.command("resume")
        phone.until("resumed_by_remote")
        self.command("hangup")
        check(phone.until("ended")["by"] == "remote", "baresip hangs up")
