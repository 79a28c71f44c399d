"""sipring load to a name: what it says of it, targets that fail and come back (answer, SIPp, Kamailio), and a name server
that is gone while the load goes on. No request may be lost.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import subprocess
import tempfile
import time

from answer import Answer, check, free_port, need, program
from kamailio import Kamailio
from name_server import Dnsmasq, installed, wait_for

RATE = 100

KAMAILIO = """
children=1
listen=udp:127.0.0.1:%d
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "pv.so"
request_route {
  if ($TS < %d) {
    append_to_reply("Retry-After: 1\\r\\n");
    sl_send_reply("503", "Service Unavailable");
  } else {
    sl_send_reply("200", "OK");
  }
}
"""

SIPP = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="answers OPTIONS">
  <recv request="OPTIONS"/>
  <send><![CDATA[

    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:];tag=[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
"""


def records(first, second):
    return ["--srv-host=_sip._udp.n.example,a.example," + f"{first},1,0",
            "--srv-host=_sip._udp.n.example,b.example," + f"{second},2,0",
            "--host-record=a.example,127.0.0.1", "--host-record=b.example,127.0.0.1"]


class Load:
    """OPTIONS to the name for some seconds; go on while it runs, and take its summary at the end."""

    def __init__(self, dns, seconds, *flags):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [program(), "load", "--target", "sip:bob@n.example;transport=udp", "--dns", f"127.0.0.1:{dns}",
             "--scenario", "options", "--rate", str(RATE), "--duration", str(seconds), "--threads", "1", "--no-pin",
             "--json", "-", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def at(self, second):
        """Waits until so much of it is over."""
        time.sleep(max(0.0, self.began + second - time.monotonic()))

    def summary(self):
        out, self.said = self.process.communicate(timeout=60)
        check(self.process.returncode == 0, f"status {self.process.returncode}: {out}{self.said}")
        summary = json.loads(out.splitlines()[-1])
        check(summary["succeeded"] == summary["begun"], f"requests are lost: {summary}\n{self.said}")
        return summary


def requests_of(answer):
    return answer.stop()["messages_received"]


def both_are_well():
    dns = free_port()
    with Answer() as first, Answer() as second, Dnsmasq(dns, records(first.port, second.port)):
        wait_for(dns)
        load = Load(dns, 1)
        summary = load.summary()
        check(f"sip:bob@n.example;transport=udp leads to udp:127.0.0.1:{first.port}, udp:127.0.0.1:{second.port}"
              in load.said, load.said)
        check(summary["failovers"] == 0, summary)
        check(requests_of(second) == 0, "the second was not wanted")


def a_target_and_then_the_name_server_go():
    dns = free_port()
    with Answer() as first, Answer() as second, Dnsmasq(dns, records(first.port, second.port), ttl=1) as names:
        wait_for(dns)
        load = Load(dns, 8)
        load.at(2)
        first.process.kill()
        load.at(4)
        names.stop()  # what is known is over a second later, and serves until somebody answers
        summary = load.summary()
        check(summary["failovers"] > 0, summary)
        check(requests_of(second) > 3 * RATE, "the second has had the rest")


def wait_for_kamailio(port):
    """Until it answers a request, by 503 as yet."""
    end = time.monotonic() + 20
    while subprocess.run([program(), "load", "--target", f"udp:127.0.0.1:{port}", "--scenario", "options", "--rate", "5",
                          "--duration", "1", "--threads", "1", "--no-pin", "--json", "-"], capture_output=True, text=True,
                         timeout=60, check=False).stdout.find('"5xx":5') < 0:
        check(time.monotonic() < end, "Kamailio does not answer")


def start_sipp(folder, port):
    scenario = pathlib.Path(folder) / "options.xml"
    scenario.write_text(SIPP, encoding="ascii")
    return subprocess.Popen(["sipp", "-sf", scenario, "-i", "127.0.0.1", "-p", str(port), "-nostdin", "-trace_stat",
                             "-stf", pathlib.Path(folder) / "sipp.csv", "-fd", "1"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, cwd=folder)


def lines_of_sipp(folder):
    return (pathlib.Path(folder) / "sipp.csv").read_text(encoding="ascii").splitlines()


def calls_of_sipp(folder):
    """As SIPp counts them once more: it does so once a second."""
    before, deadline = len(lines_of_sipp(folder)), time.monotonic() + 20
    while len(lines_of_sipp(folder)) < before + 2:  # the next line may be under way already
        check(time.monotonic() < deadline, "SIPp counts no more")
        time.sleep(0.05)
    lines = lines_of_sipp(folder)
    names, last = lines[0].split(";"), lines[-1].split(";")
    return int(last[names.index("SuccessfulCall(C)")])


def kamailio_says_503_and_comes_back():
    dns, first, second = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder, Dnsmasq(dns, records(first, second)):
        sipp = start_sipp(folder, second)
        try:
            with Kamailio(folder, KAMAILIO % (first, time.time() + 6)):  # in seconds of the day that everybody counts
                wait_for(dns)
                wait_for_kamailio(first)
                summary = Load(dns, 10).summary()
                by_sipp = calls_of_sipp(folder)
        finally:
            sipp.kill()
            sipp.wait()
    print(f"{summary['begun']} requests: {by_sipp} by SIPp, the others by Kamailio; {summary['failovers']} failovers")
    check(summary["failovers"] > 0, summary)
    check(by_sipp > RATE, f"SIPp had {by_sipp} while Kamailio said 503")
    check(summary["begun"] - by_sipp > RATE, f"of {summary['begun']} Kamailio had too few when it came back")


def main():
    if not installed("dnsmasq"):
        need("dnsmasq")
    both_are_well()
    a_target_and_then_the_name_server_go()
    need("sipp")
    if not installed("kamailio"):
        need("kamailio")
    kamailio_says_503_and_comes_back()


main()
