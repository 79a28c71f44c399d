"""SIGTERM, SIGINT and the end of --duration: everything is closed, and one summary told.
SPDX-License-Identifier: MIT
"""
import json
import re
import signal
import subprocess

from answer import Answer, Caller, check, program


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
