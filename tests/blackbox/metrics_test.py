"""answer --metrics: what Prometheus reads is what a caller sent, by a parser that nobody here wrote; and log lines.
SPDX-License-Identifier: MIT
"""
import gzip
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from answer import SKIP, Answer, Caller, check, program, tag_of

try:
    from prometheus_client.parser import text_string_to_metric_families
except ImportError:
    DEBIANS = "/usr/bin/python3"  # sees Debian's packages, which another python3 in front of it does not
    if os.path.exists(DEBIANS) and sys.executable != DEBIANS:
        os.execv(DEBIANS, [DEBIANS, "-B", *sys.argv])
    print("skipped: python3-prometheus-client is not installed (make deps)")
    sys.exit(SKIP)

CALLS = 5
CLIENT_METHODS = ("OPTIONS", "MESSAGE", "FOO")


class Scrape:
    def __init__(self, url):
        with urllib.request.urlopen(url, timeout=5) as reply:
            kind = reply.headers["Content-Type"]
            text = reply.read().decode()
        check(kind.startswith("text/plain"), f"Content-Type: {kind}")
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        for line in text.splitlines():
            if line.startswith("sipring_"):
                check(re.fullmatch(r'[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [-+0-9.eInf]+', line), f"line: {line}")

    def value(self, name, **labels):
        """The sum of all samples of this name whose labels have these values."""
        return sum(sample.value for family in self.families.values() for sample in family.samples
                   if sample.name == name and labels.items() <= sample.labels.items())

    def check_form(self):
        for name, family in self.families.items():
            if not name.startswith("sipring_"):
                continue
            check(family.documentation, f"{name} has no help")
            check(family.type in ("counter", "gauge", "histogram"), f"{name} is {family.type}")
            if name != "sipring_build_info":
                check(all("shard" in sample.labels for sample in family.samples), f"{name}: no shard")
            if family.type == "histogram":
                self.check_histogram(family)

    def check_histogram(self, family):
        rows = {}
        for sample in family.samples:
            key = tuple(sorted((k, v) for k, v in sample.labels.items() if k != "le"))
            rows.setdefault(key, []).append(sample)
        for key, samples in rows.items():
            buckets = [s for s in samples if s.name.endswith("_bucket")]
            count = next(s.value for s in samples if s.name.endswith("_count"))
            counts = [s.value for s in buckets]
            check(counts == sorted(counts), f"{family.name} {key}: buckets fall")
            ends = [float(s.labels["le"]) for s in buckets]
            check(ends == sorted(set(ends)) and len(ends) > 10, f"{family.name} {key}: {ends}")
            check(ends[-1] == float("inf") and counts[-1] == count, f"{family.name} {key}: no whole")


def scrape_until(url, fact, seconds=10):
    """Shards publish twenty times a second."""
    end = time.monotonic() + seconds
    while True:
        scrape = Scrape(url)
        if fact(scrape) or time.monotonic() > end:
            return scrape
        time.sleep(0.05)


def call(caller, number):
    caller.invite(call=number)
    ok = caller.final()
    caller.send("ACK", call=number, to_tag=tag_of(ok))
    caller.send("BYE", call=number, to_tag=tag_of(ok), cseq=2)
    check(caller.final("BYE").status == 200, "BYE")


def send_everything(answer):
    caller = Caller(answer)
    for number in range(CALLS):
        call(caller, number)
    for method in CLIENT_METHODS:
        caller.send(method, call=100)
        caller.final(method)
    caller.send("OPTIONS", call=100)  # again
    caller.final("OPTIONS")
    caller.invite("busy", call=200)
    check(caller.final().status == 486, "busy")
    caller.send("ACK", call=200, branch="200")
    caller.socket.sendto(b"nonsense\r\n\r\n", caller.target)
    caller.socket.sendto(b"\r\n\r\n", caller.target)


def check_counts(scrape, shards):
    def requests(method):
        return scrape.value("sipring_requests_total", direction="received", method=method)

    check(requests("INVITE") == CALLS + 1, f"INVITE {requests('INVITE')}")
    check(requests("ACK") == CALLS + 1, f"ACK {requests('ACK')}")
    check(requests("BYE") == CALLS, f"BYE {requests('BYE')}")
    check(requests("OPTIONS") == 2 and requests("MESSAGE") == 1, "OPTIONS, MESSAGE")
    check(requests("other") == 1, f"other {requests('other')}")
    sent = {c: scrape.value("sipring_responses_total", direction="sent", **{"class": c})
            for c in ("2xx", "4xx", "5xx", "other")}
    check(sent["2xx"] >= 2 * CALLS + 3 and sent["other"] == 0, f"responses {sent}")
    check(scrape.value("sipring_retransmissions_total", direction="received") == 1, "one came again")
    check(scrape.value("sipring_retransmissions_total", direction="sent") == 1, "and its answer went again")
    check(scrape.value("sipring_drops_total", reason="malformed") == 1, "nonsense")
    check(scrape.value("sipring_drops_total", reason="keep_alive") == 1, "CRLF")
    for direction in ("received", "sent"):
        messages = scrape.value("sipring_messages_total", direction=direction)
        datagrams = scrape.value("sipring_datagrams_total", direction=direction)
        named = (scrape.value("sipring_requests_total", direction=direction) +
                 scrape.value("sipring_responses_total", direction=direction))
        refused = 2 if direction == "received" else 0
        check(messages == datagrams == named + refused, f"{direction}: {messages} {datagrams} {named}")
    check(scrape.value("sipring_new_invites_total") == CALLS + 1, "new INVITEs")
    invites = scrape.value("sipring_transaction_duration_seconds_count", kind="invite_server")
    check(invites == CALLS + 1, f"INVITEs that got their final response: {invites}")
    check(scrape.value("sipring_transactions_capacity") == 5000 * shards, "capacity")
    check(scrape.value("sipring_transactions") >= CALLS, "transactions wait for timers")
    check(scrape.value("sipring_turn_duration_seconds_count") >= 1, "turns")
    check(scrape.value("sipring_cpu_seconds_total") > 0, "CPU time")


def check_figures(shards, host):
    flags = ("--shards", str(shards), "--transactions", "5000", "--metrics", "127.0.0.1:0")
    with Answer(*flags, host=host) as answer:
        url = answer.start["metrics"]
        send_everything(answer)
        want = 3 * CALLS + len(CLIENT_METHODS) + 1 + 2 + 2
        scrape = scrape_until(url, lambda s: s.value("sipring_messages_total", direction="received") >= want)
        scrape.check_form()
        check_counts(scrape, shards)
        check(len({s.labels["shard"] for s in scrape.families["sipring_turns"].samples}) == shards, "shards")
        check_http(url)
        summary = answer.stop()
        check(summary["metrics"]["requests_total"]["received"]["BYE"] == CALLS, f"{summary['metrics']}")
        check(summary["metrics"]["drops_total"] == summary["drops"], "two lists of drops")
    print(f"{host}, {shards} shards: {len(scrape.families)} families")


def check_http(url):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=5) as reply:
        octets = reply.read()
    text = gzip.decompress(octets) if octets[:2] == b"\x1f\x8b" else octets
    check(b"sipring_build_info" in text, "compressed")
    try:
        urllib.request.urlopen(url.replace("/metrics", "/etc/passwd"), timeout=5)
        check(False, "another path is served")
    except urllib.error.HTTPError as error:
        check(error.code == 404, f"another path: {error.code}")


def refused(words, *arguments):
    done = subprocess.run([program(), "answer", "--listen", "udp:127.0.0.1:0", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    what = f"{arguments}: status {done.returncode}, {done.stdout!r} {done.stderr!r}"
    check(done.returncode in (1, 2) and done.stdout == "" and done.stderr.count("\n") == 1, what)
    check(words in done.stderr, what)


def check_refusals():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused("in use", "--metrics", f"127.0.0.1:{taken.getsockname()[1]}")
    refused("assign", "--metrics", "192.0.2.1:9464")
    refused("not an IP address", "--metrics", "example.com:9464")
    refused("/dev/null/log", "--log-file", "/dev/null/log")
    refused("--log-level", "--log-level", "loud")


def check_log():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log")
        with Answer("--log-level", "info", "--log-file", path) as answer:
            caller = Caller(answer)
            caller.socket.sendto(b"nonsense\r\n\r\n", caller.target)
            for _ in range(10):
                answer.second()  # by then the log has been written
                if "event=malformed" in read(path):
                    break
            answer.stop()
        lines = read(path).splitlines()
    for line in lines:
        check(re.fullmatch(r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=(info|warning)( [a-z_]+=\S+)+", line),
              f"line: {line}")
    check("event=shard_started shard=0" in lines[0], lines[0])
    check(f"last_source={caller.sent_by}" in lines[1], lines[1])
    check("event=shard_stopped" in lines[-1], lines[-1])


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def errors_of(*arguments):
    done = subprocess.run([program(), "answer", "--listen", "udp:127.0.0.1:0", "--duration", "1", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    return done.stderr


def main():
    check_log()
    if "without prometheus-cpp" in errors_of("--metrics", "127.0.0.1:0"):
        print("built without prometheus-cpp: only the log has been tested")
        return
    check_refusals()
    on_ipv6 = errors_of("--metrics", "[::1]:0")  # the HTTP server may have been built without it
    check(on_ipv6 == "" or "no IPv6" in on_ipv6, on_ipv6)
    check_figures(1, "127.0.0.1")
    check_figures(2, "127.0.0.1")
    check_figures(1, "::1")


main()
