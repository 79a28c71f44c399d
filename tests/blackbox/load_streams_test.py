"""`sipring load` over connections: every transport against `sipring answer`, whom TLS believes, SIPp as the far end of TCP,
Kamailio as that of TCP, TLS and WebSocket, and a far end that dies and comes back.

    load_streams_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import json
import subprocess
import tempfile
import time

from answer import Answer, check, free_port, need, program, wait_until_bound
from certificates import make_authority, make_certificate
from kamailio import Kamailio, has_modules
from name_server import Dnsmasq, installed, wait_for

KAMAILIO = """
children=1
tcp_children=1
tcp_accept_no_cl=yes
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
listen=tcp:127.0.0.1:{tcp}
listen=tls:127.0.0.1:{tls}
request_route {{
  sl_send_reply("200", "OK");
}}
event_route[xhttp:request] {{
  set_reply_no_connect();
  if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}}
"""


def run(target, *flags):
    return subprocess.run([program(), "load", "--target", target, "--json", "-", "--no-pin", "--threads", "1", *flags],
                          capture_output=True, text=True, timeout=60, check=False)


def load(target, *flags):
    done = run(target, *flags)
    check(done.returncode == 0, f"{target} {flags}: status {done.returncode}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def all_succeed(target, *flags):
    seen = load(target, "--rate", "100", "--duration", "1", *flags)
    check(seen["begun"] == seen["succeeded"] == 100, f"{target} {flags}: {seen}")
    return seen


def every_transport():
    for transport in ("tcp", "tls", "ws", "wss"):
        with Answer("--shards", "2", transport=transport) as answer:
            target = f"{transport}:{answer.address}"
            scenarios = ("options", "register", "call") if transport == "tcp" else ("call",)
            for scenario in scenarios:
                seen = all_succeed(target, "--scenario", scenario, "--connections", "3", "--no-verify")
                check(seen["connections"]["connected"] == 3 and not seen["connections"]["closed"], f"{seen}")
            seen = all_succeed(target, "--connections", "0", "--no-verify", "--hold", "50")
            check(seen["connections"]["connected"] == 100, f"{seen['connections']}")
            check(seen["connections"]["closed"] == {"local": 100}, f"{seen['connections']}")
            summary = answer.stop()
        check(summary["connections"]["accepted"] == 100 + 3 * len(scenarios) and summary["connections"]["open"] == 0, f"{summary}")
        check(summary["calls"]["answered"] == summary["calls"]["hung_up"] == 200, f"{summary['calls']}")
    print("tcp, tls, ws, wss: three connections for all, and one for each call")


def whom_tls_believes():
    need("openssl")
    with tempfile.TemporaryDirectory() as folder:
        authority = make_authority(folder)
        certificate, key = make_certificate(folder, authority, "sbc.example")
        listener = f"tls:127.0.0.1:0?cert={certificate}&key={key}"
        with Answer(transport=listener) as answer:
            target = f"tls:{answer.address}"
            seen = all_succeed(target, "--ca", authority + ".crt", "--domain", "sbc.example", "--connections", "0")
            check(seen["tls"]["resumed"] > 50, f"resumption: {seen['tls']}")
            seen = all_succeed(target, "--ca", authority + ".crt", "--connections", "0", "--no-resume")
            check(seen["tls"]["handshakes"] == 100 and seen["tls"]["resumed"] == 0, f"no resumption: {seen['tls']}")
            for flags, reason in ((("--domain", "sbc.example"), "unknown_authority"),
                                  (("--ca", authority + ".crt", "--domain", "other.example"), "wrong_domain")):
                done = run(target, "--rate", "20", "--duration", "1", *flags)
                seen = json.loads(done.stdout.splitlines()[-1])
                check(done.returncode == 1 and seen["failures"]["transport"] == 20, f"{flags}: {seen}")
                check(seen["tls"]["failures"].get(reason, 0) > 0, f"{flags}: {seen['tls']}")
            check(answer.stop()["messages_received"] == 300 * 2, "requests went to who could not be believed")
            # The URI's host is who must be there, wherever its names lead (RFC 5922 section 4).
            by_name(folder, authority)


def by_name(folder, authority):
    if installed("dnsmasq") is None:
        print("skipped: dnsmasq is not installed (make deps)")
        return
    certificate, key = make_certificate(folder, authority, "n.example")
    dns = free_port()
    with Answer(transport=f"tls:127.0.0.1:0?cert={certificate}&key={key}") as right, \
            Answer(transport=f"tls:127.0.0.1:0?cert={folder}/sbc.example.crt&key={folder}/sbc.example.key") as wrong:
        records = [f"--srv-host=_sips._tcp.n.example,a.example,{wrong.port},1,0",
                   f"--srv-host=_sips._tcp.n.example,b.example,{right.port},2,0",
                   "--host-record=a.example,127.0.0.1", "--host-record=b.example,127.0.0.1"]
        with Dnsmasq(dns, records):
            wait_for(dns, "sips:n.example")
            seen = all_succeed("sips:bob@n.example", "--dns", f"127.0.0.1:{dns}", "--ca", authority + ".crt")
        check(seen["tls"]["failures"]["wrong_domain"] > 0 and seen["failovers"] > 0, f"{seen}")
        check(wrong.stop()["messages_received"] == 0, "a request went to another domain's server")
        check(right.stop()["calls"]["answered"] == 100, "calls by name")
    print("TLS: by authority and by the domain of the URI; a server of another domain gets nothing")


def sipp_is_called():
    need("sipp")
    for connections in ("1", "4", "0"):
        port = free_port()
        sipp = subprocess.Popen(["sipp", "-sn", "uas", "-t", "t1", "-i", "127.0.0.1", "-p", str(port), "-nostdin"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_bound(port, "SIPp", "tcp")
            all_succeed(f"tcp:127.0.0.1:{port}", "--connections", connections, "--hold", "20")
        finally:
            sipp.kill()
            sipp.wait()
    print("SIPp by TCP: one connection, four, and one for each call")


def kamailio_is_asked():
    if not has_modules("tls", "websocket"):
        print("skipped: Kamailio with TLS and WebSocket is not installed (make deps)")
        return
    with tempfile.TemporaryDirectory() as folder:
        pair = make_certificate(folder, make_authority(folder), "sbc.example")
        tcp, tls = free_port(), free_port()
        with Kamailio(folder, KAMAILIO.format(tcp=tcp, tls=tls), tcp, pair):
            for target, connections in ((f"tcp:127.0.0.1:{tcp}", "2"), (f"tls:127.0.0.1:{tls}", "0"),
                                        (f"ws:127.0.0.1:{tcp}", "0"), (f"wss:127.0.0.1:{tls}", "2")):
                all_succeed(target, "--scenario", "options", "--connections", connections, "--ca",
                            f"{folder}/authority.crt", "--domain", "sbc.example")
    print("Kamailio by TCP, TLS, WebSocket and secure WebSocket")


def the_far_side_dies_and_comes_back():
    """What waits to leave then fails by name, what has left may still be answered over another connection (RFC 3261 section
    18.2.2) and waits for that; what begins later waits for a connection, within bounds. All goes well as soon as somebody is
    there."""
    port = free_port()
    with Answer(transport=f"tcp:127.0.0.1:{port}") as answer:
        process = subprocess.Popen([program(), "load", "--target", f"tcp:127.0.0.1:{port}", "--json", "-", "--no-pin",
                                    "--threads", "1", "--rate", "100", "--duration", "8", "--scenario", "options",
                                    "--connections", "2", "--drain", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2):
            answer.second()
        answer.process.kill()
        answer.process.wait()
    time.sleep(1)
    with Answer(transport=f"tcp:127.0.0.1:{port}") as again:
        out, said = process.communicate(timeout=60)
        check(process.returncode == 0, f"{out}{said}")
        seen = json.loads(out.splitlines()[-1])
        answered = again.stop()["messages_received"]
    lost = seen["begun"] - seen["succeeded"]
    had_left = seen["failures"]["unfinished"]
    check(seen["failures"]["transport"] + had_left == lost and had_left < 20, f"lost for another reason: {seen}")
    check(lost < 3 * 100, f"more lost than the far side was away: {seen}")
    check(answered > 2 * 100, f"it did not come back: {seen}")
    check(seen["connections"]["connected"] >= 4 and seen["connections"]["open"] == 2, f"{seen['connections']}")
    print(f"the far side was away for more than a second: {lost} of {seen['begun']} requests failed")


def peers_that_are_killed():
    """Five hundred connections at once, with calls and handshakes under way, ten times: nobody else notices."""
    with Answer("--shards", "2", "--listen", "tcp:127.0.0.1:0", transport="tls") as answer:
        tls, tcp = (listener for listener in answer.start["listeners"])
        for number in range(10):
            process = subprocess.Popen([program(), "load", "--target", (tls, tcp)[number % 2], "--no-verify", "--no-pin", "--threads", "1",
                                        "--rate", "1000", "--duration", "30", "--connections", "500"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2):  # lines of a second each
                answer.second()
            process.kill()
            process.wait()
        seen = all_succeed(f"{tcp}", "--connections", "10")
        check(seen["failures"]["unfinished"] == 0, f"{seen}")
        connections = answer.stop()["connections"]
    # None of theirs is left; one that leads to a caller who is gone may be in the making at the end.
    ended = sum(count for reason, count in connections["closed"].items() if reason != "refused")
    check(ended == connections["accepted"] + connections["connected"] >= 10 * 400, f"{connections}")
    print(f"ten peers were killed with {connections['accepted'] - 10} connections: {connections['closed']}")


def wrong_flags():
    for target, flags, words in (
            ("tcp:127.0.0.1", ("--trunk",), "--trunk is for udp"),
            ("tls:127.0.0.1", ("--ca", "/does/not/exist"), "/does/not/exist: No such file"),
            ("ws:127.0.0.1", ("--resource", "chat"), "a resource begins with /"),
            ("sctp:127.0.0.1", (), "neither a sip nor a sips URI")):
        done = run(target, *flags)
        check(done.returncode in (1, 2) and words in done.stderr, f"{target} {flags}: {done.returncode} {done.stderr}")
    print("wrong flags are named")


def main():
    every_transport()
    whom_tls_believes()
    sipp_is_called()
    kamailio_is_asked()
    the_far_side_dies_and_comes_back()
    peers_that_are_killed()
    wrong_flags()


main()
