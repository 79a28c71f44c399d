"""sipsak's OPTIONS gets a 200.

SPDX-License-Identifier: MIT
"""
import subprocess

from answer import Answer, check, need

need("sipsak")
with Answer() as answer:
    done = subprocess.run(["sipsak", "-vv", "-H", "127.0.0.1", "-s", f"sip:bob@{answer.address}"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=30, check=False)
    check(done.returncode == 0, f"sipsak: status {done.returncode}\n{done.stdout}")
    check("SIP/2.0 200 OK" in done.stdout, done.stdout)
    check("Allow: INVITE" in done.stdout, done.stdout)
    check(answer.stop()["messages_received"] >= 1, "nothing has been received")
