"""The commands of docs/routing.md: each line that begins with "$ " is run, with the name server's port in place of 5353,
and says what stands below it. Ports of targets are those of the document.

SPDX-License-Identifier: MIT
"""
import pathlib
import shlex
import subprocess
import time

from answer import check, free_port, need, program
from name_server import Dnsmasq, installed

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "routing.md"
RECORDS = ["--local=/example.com/", "--local=/example.net/",
           "--naptr-record=example.com,10,10,s,SIP+D2U,,_sip._udp.example.com",
           "--srv-host=_sip._udp.example.com,a.example.com,5060,1,0", "--host-record=a.example.com,192.0.2.1",
           "--srv-host=_sip._udp.example.net,a.example.net,5070,1,0",
           "--srv-host=_sip._udp.example.net,b.example.net,5071,2,0",
           "--host-record=a.example.net,127.0.0.1", "--host-record=b.example.net,127.0.0.1"]


def commands():
    """Of each block of the document that begins with a command: the command and the lines below it."""
    for block in DOCUMENT.read_text(encoding="utf-8").split("```")[1::2]:
        lines = block.strip("\n").split("\n")
        if lines[0].startswith("$ "):
            yield lines[0][2:], lines[1:]


def said_by(command, dns):
    words = shlex.split(command.replace("127.0.0.1:5353", f"127.0.0.1:{dns}"))
    check(words[0] == "sipring", f"not a command of ours: {command}")
    done = subprocess.run([program(), *words[1:]], capture_output=True, text=True, timeout=80, check=False)
    return (done.stdout + done.stderr).splitlines()


def without_seconds(line):
    """300 s may be 299 when they are told."""
    return line.replace("(for 299 s)", "(for 300 s)")


def main():
    if not installed("dnsmasq"):
        need("dnsmasq")
    dns = free_port()
    count = 0
    with Dnsmasq(dns, RECORDS, ttl=300):
        end = time.monotonic() + 20
        while not any("192.0.2.1" in line for line in said_by("sipring check --resolve udp:a.example.com:1 --dns 127.0.0.1:5353", dns)):
            check(time.monotonic() < end, "the name server does not answer")
        for command, wanted in commands():
            said = [without_seconds(line) for line in said_by(command, dns)]
            check(all(line in said for line in wanted), f"{command}\nsays\n" + "\n".join(said) + "\nand not\n" + "\n".join(wanted))
            count += 1
    check(count == 2, f"{count} commands in {DOCUMENT}")


main()
