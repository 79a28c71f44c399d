"""`answer --auth` challenges, `load --auth` answers, and SIPp does: digest from end to end.

SPDX-License-Identifier: MIT
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile

from answer import Answer, Caller, check, program, tag_of

REALM = "example.com"


def load(target, scenario, auth, *flags):
    command = [program(), "load", "--target", f"udp:{target}", "--json", "-", "--no-pin", "--threads", "1",
               "--scenario", scenario, "--rate", "50", "--duration", "1", *flags]
    if auth:
        command += ["--auth", auth]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def both(users):
    with Answer("--auth", users) as answer:
        for scenario in ("options", "register", "call"):
            for auth in ("bob:zanzibar", "alice:a b c"):
                done = load(answer.address, scenario, auth)
                check(done.returncode == 0, f"{scenario} {auth}: {done.stderr}")
                seen = json.loads(done.stdout.splitlines()[-1])
                check(seen["begun"] == seen["succeeded"] == 50, f"{scenario} {auth}: {seen}")
                check(1 <= seen["challenges"]["answered"] <= 50, f"{scenario}: {seen}")
            for auth in ("bob:wrong", "carol:zanzibar", None):
                done = load(answer.address, scenario, auth)
                seen = json.loads(done.stdout.splitlines()[-1])
                check(done.returncode == 1 and seen["failures"]["unauthorized"] == 50, f"{scenario} {auth}: {seen}")
                wrong = seen["challenges"]["wrong_password"]
                check(wrong == (50 if auth else 0), f"{scenario} {auth}: {seen['challenges']}")
        calls = answer.stop()["calls"]
        check(calls["answered"] == calls["acknowledged"] == calls["hung_up"] == 100, f"{calls}")


def h(text):
    return hashlib.md5(text.encode()).hexdigest()


def credentials(challenge, method, uri, count=1, password="zanzibar"):
    nonce = re.search(r'nonce="([^"]*)"', challenge).group(1)
    nc = f"{count:08x}"
    proof = h(f"{h(f'bob:{REALM}:{password}')}:{nonce}:{nc}:c:auth:{h(f'{method}:{uri}')}")
    return (f'Authorization: Digest username="bob", realm="{REALM}", nonce="{nonce}", uri="{uri}", response="{proof}", '
            f'algorithm=MD5, cnonce="c", qop=auth, nc={nc}')


def by_hand(users):
    """What stands in challenges, and what a replay, a wrong password and a call within its dialog get."""
    with Answer("--auth", users, "--realm", REALM) as answer:
        caller = Caller(answer)
        caller.send("OPTIONS", call=1)
        challenge = caller.final("OPTIONS")
        check(challenge.status == 401, challenge.first_line)
        lines = [line for line in challenge.lines if line.startswith("WWW-Authenticate")]
        algorithms = [re.search(r"algorithm=([^,]*)", line).group(1) for line in lines]
        check(algorithms == ["SHA-512-256", "SHA-256", "MD5"], lines)
        check(all(f'realm="{REALM}"' in line and "stale" not in line for line in lines), lines)
        uri = "sip:bob@127.0.0.1"

        def options(count, call, password="zanzibar"):
            extra = [credentials(lines[0], "OPTIONS", uri, count, password)]
            caller.send("OPTIONS", call=call, cseq=2, extra=extra)
            return caller.final("OPTIONS")

        check(options(1, 2).status == 200, "the right password")
        again = options(1, 3)
        check(again.status == 401 and "stale=true" in again.header("WWW-Authenticate"), "a replay")
        wrong = options(2, 4, "wrong")
        check(wrong.status == 401 and "stale" not in wrong.header("WWW-Authenticate"), "a wrong password")
        check(options(2, 5).status == 200, "the next count")
        caller.send("OPTIONS", call=6, extra=['Authorization: Digest username="bob", realm="example.com"'])
        check(caller.final("OPTIONS").status == 400, "half of credentials")

        extra = [credentials(lines[0], "INVITE", uri, 3)]
        caller.invite(call=7, extra=extra)
        ok = caller.final()
        check(ok.status == 200, ok.first_line)
        caller.send("ACK", call=7, to_tag=tag_of(ok))
        caller.send("BYE", call=7, to_tag=tag_of(ok), cseq=2)
        check(caller.final("BYE").status == 200, "a BYE within the call needs no password")
        answer.stop()


SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="METHOD">
  <send retrans="500"><![CDATA[
METHOD sip:bob@example.com SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:bob@example.com>;tag=[call_number]
To: <sip:bob@example.com>
Call-ID: [call_id]
CSeq: 1 METHOD
Contact: <sip:bob@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
  <recv response="401" auth="true"/>
  ACKNOWLEDGED
  <send retrans="500"><![CDATA[
METHOD sip:bob@example.com SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:bob@example.com>;tag=[call_number]
To: <sip:bob@example.com>
Call-ID: [call_id]
CSeq: 2 METHOD
Contact: <sip:bob@[local_ip]:[local_port]>
[authentication]
Content-Length: 0

]]></send>
  REST
</scenario>
"""
REFUSED = """<send><![CDATA[
ACK sip:bob@example.com SIP/2.0
[last_Via:]
Max-Forwards: 70
From: <sip:bob@example.com>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Content-Length: 0

]]></send>"""
# `answer` makes the offer in its 200, and the ACK has the answer.
CALL = """<recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200"/>
  <send><![CDATA[
ACK sip:bob@example.com SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:bob@example.com>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 ACK
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 4000 RTP/AVP 0
]]></send>
  <send retrans="500"><![CDATA[
BYE sip:bob@example.com SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:bob@example.com>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 3 BYE
Content-Length: 0

]]></send>
  <recv response="200"/>"""


def sipp(folder, address, method, password):
    """Its status: 0 when five calls went as the scenario says. It knows MD5 alone."""
    parts = (REFUSED, CALL) if method == "INVITE" else ("", '<recv response="200"/>')
    text = SCENARIO.replace("METHOD", method).replace("ACKNOWLEDGED", parts[0]).replace("REST", parts[1])
    scenario = os.path.join(folder, f"{method}.xml")
    with open(scenario, "w", encoding="ascii") as file:
        file.write(text)
    done = subprocess.run(["sipp", address, "-sf", scenario, "-au", "bob", "-ap", password, "-m", "5", "-r", "20", "-i",
                           "127.0.0.1", "-nostdin", "-timeout", "20", "-timeout_error"],
                          capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    return done.returncode, done.stderr[-600:]


def against_sipp(folder, users):
    """A peer that nobody here wrote."""
    if shutil.which("sipp") is None:
        print("no SIPp: its part is left out")
        return
    with Answer("--auth", users) as answer:
        for method in ("REGISTER", "INVITE"):
            status, error = sipp(folder, answer.address, method, "zanzibar")
            check(status == 0, f"SIPp {method}: {status} {error}")
        status, error = sipp(folder, answer.address, "REGISTER", "nairobi")
        check(status == 1, f"SIPp with a wrong password: {status} {error}")
        calls = answer.stop()["calls"]
        check(calls["acknowledged"] == calls["hung_up"] == 5, f"{calls}")


def wrong_files(folder):
    for text, word in (("bob\n", "line 1: there is no colon"), ("bob:x\nbob:y\n", "line 2: the user bob"), ("", "no user")):
        path = os.path.join(folder, "wrong")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        done = subprocess.run([program(), "answer", "--auth", path, "--listen", "udp:127.0.0.1:0"], capture_output=True,
                              text=True, timeout=20, check=False)
        check(done.returncode == 2 and f"{path}" in done.stderr and word in done.stderr, f"{text!r}: {done.stderr}")
    for auth in ("bob", ":x", "bob:"):
        done = load("127.0.0.1:9", "options", auth)
        check(done.returncode == 2 and "USER:PASSWORD" in done.stderr, f"{auth}: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        users = os.path.join(folder, "users")
        with open(users, "w", encoding="ascii") as file:
            file.write("# of this test\nbob:zanzibar\nalice:a b c\n")
        both(users)
        by_hand(users)
        old = os.path.join(folder, "old")
        with open(old, "w", encoding="ascii") as file:
            file.write(f"bob:{REALM}:{h(f'bob:{REALM}:zanzibar')}\n")
        against_sipp(folder, old)
        wrong_files(folder)


main()
