"""SIPp and `sipring call` with reliable provisional responses (RFC 3262), both ways round.

    sipp_prack_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import pathlib
import subprocess
import tempfile

from answer import check, free_port, need, wait_until_bound
from phones import Phone

OK = """  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
SDP = """v=0
o=sipp 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 6000 RTP/AVP 0
"""

# Its 183 has the answer and waits for its PRACK; the 200 to the INVITE has none.
CALLED = """<?xml version="1.0" encoding="us-ascii"?>
<scenario name="called">
  <recv request="INVITE">
    <action>
      <ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via" />
      <ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq" />
      <ereg regexp=".*100rel.*" search_in="hdr" header="Supported:" check_it="true" assign_to="supported" />
    </action>
  </recv>
  <Reference variables="supported" />
  <send><![CDATA[
SIP/2.0 183 Session Progress
Via:[$via]
[last_From:]
[last_To:];tag=sipp[call_number]
[last_Call-ID:]
CSeq:[$cseq]
Contact: <sip:sipp@[local_ip]:[local_port]>
Require: 100rel
RSeq: 7
Content-Type: application/sdp
Content-Length: [len]

%(sdp)s]]></send>
  <recv request="PRACK">
    <action><ereg regexp="7 [0-9]+ INVITE" search_in="hdr" header="RAck:" check_it="true" assign_to="rack" /></action>
  </recv>
  <Reference variables="rack" />
%(ok)s  <send><![CDATA[
SIP/2.0 200 OK
Via:[$via]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq:[$cseq]
Contact: <sip:sipp@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
  <recv request="ACK" />
  <recv request="BYE" />
%(ok)s</scenario>
"""

# Requires 100rel: the 180 has to come reliably. Then it gives up.
CALLER = """<?xml version="1.0" encoding="us-ascii"?>
<scenario name="caller">
  <send><![CDATA[
INVITE sip:bob@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:sipp@[local_ip]:[local_port]>;tag=sipp[call_number]
To: <sip:bob@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:sipp@[local_ip]:[local_port]>
Require: 100rel
Content-Type: application/sdp
Content-Length: [len]

%(sdp)s]]></send>
  <recv response="100" optional="true" />
  <recv response="180" rrs="true">
    <action>
      <ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="rseq" />
      <ereg regexp="z9hG4bK[^;]*" search_in="hdr" header="Via:" check_it="true" assign_to="branch" />
    </action>
  </recv>
  <send><![CDATA[
PRACK [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 2 PRACK
RAck: [$rseq] 1 INVITE
Content-Length: 0

]]></send>
  <recv response="200" />
  <send><![CDATA[
CANCEL sip:bob@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[$branch]
Max-Forwards: 70
From: <sip:sipp@[local_ip]:[local_port]>;tag=sipp[call_number]
To: <sip:bob@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Content-Length: 0

]]></send>
  <recv response="200" />
  <recv response="487" />
  <send><![CDATA[
ACK sip:bob@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[$branch]
Max-Forwards: 70
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Content-Length: 0

]]></send>
</scenario>
"""


def start(folder, scenario, *flags):
    path = pathlib.Path(folder) / "scenario.xml"
    path.write_text(scenario % {"ok": OK, "sdp": SDP}, encoding="ascii")
    return subprocess.Popen(["sipp", "-sf", path, "-i", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "40", "-timeout_error",
                             *flags], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", cwd=folder)


def expect_success(sipp):
    output, _ = sipp.communicate(timeout=60)
    check(sipp.returncode == 0, f"SIPp: {sipp.returncode} {output[-2000:]}")


def sipp_is_called():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, Phone() as phone:
        sipp = start(folder, CALLED, "-p", str(port))
        try:
            wait_until_bound(port, "SIPp")
            phone.say(f"call sip:sipp@127.0.0.1:{port}", "wait established", "hangup")
            early = phone.until("ringing")
            check(early["status"] == 183 and early["early_media"] is True, f"{early}")
            check(phone.until("established")["remote"] == "sendrecv", "the answer was that of the 183")
            check(phone.until("ended")["by"] == "local", "the phone hangs up")
            expect_success(sipp)
        finally:
            sipp.kill()
            sipp.wait()
    print("a reliable 183 with the answer has its PRACK")


def sipp_calls():
    with tempfile.TemporaryDirectory() as folder, Phone() as phone:
        sipp = start(folder, CALLER, phone.address)
        try:
            phone.until("incoming")
            check(phone.until("ended")["by"] == "remote", "SIPp gives up")
            expect_success(sipp)
        finally:
            sipp.kill()
            sipp.wait()
    print("a 180 of the phone's has a number for its PRACK")


def main():
    need("sipp")
    sipp_is_called()
    sipp_calls()


main()
