"""sipring check: standard input, several files, captures, --json, --strict, --summary, and its exit status.

SPDX-License-Identifier: MIT
"""
import json
import os
import struct
import subprocess
import tempfile

from answer import check, program

OPTIONS = ("OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
           "Max-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=a1\r\nTo: <sip:bob@example.com>\r\n"
           "Call-ID: c1\r\nCSeq: 7 OPTIONS\r\nContent-Length: 0\r\n\r\n")
SDP = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
LINK_RAW = 101


def run(*arguments, text=None):
    done = subprocess.run([program(), "check", *arguments], input=text and text.encode(), capture_output=True,
                          timeout=20, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def expect(status, *arguments, text=None):
    got, out, err = run(*arguments, text=text)
    check(got == status, f"check {' '.join(arguments)}: status {got}, not {status}: {out!r} {err!r}")
    return out, err


def packet(payload):
    udp = struct.pack("!HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 7, 0, 64, 17, 0, b"\xc0\0\2\1", b"\xc0\0\2\2") + udp


def capture(*messages):
    octets = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINK_RAW)
    for second, message in enumerate(messages):
        data = packet(message.encode())
        octets += struct.pack("<IIII", 1_700_000_000 + second, 0, len(data), len(data)) + data
    return octets


class Folder:
    def __init__(self, path):
        self.path = path

    def write(self, name, content):
        path = os.path.join(self.path, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path


def check_standard_input():
    out, _ = expect(0, text=OPTIONS)
    check(out.startswith("standard input: valid, "), out)
    check("summary" not in out, "one message has no summary")
    out, _ = expect(1, "-", text=OPTIONS.replace("Call-ID: c1\r\n", ""))
    check("Call-ID is absent" in out, out)


def check_files(folder):
    good = folder.write("good.sip", OPTIONS)
    bad = folder.write("bad.sip", OPTIONS.replace("7 OPTIONS", "7 INVITE"))
    sdp = folder.write("session.sdp", SDP)
    out, _ = expect(0, good, sdp)
    check("summary: 2 messages, 2 valid, 0 not, 1 call" in out, out)
    out, _ = expect(1, good, bad, sdp)
    check("summary: 3 messages, 2 valid, 1 not" in out, out)
    out, _ = expect(1, "--summary", bad)
    check(out.startswith("summary: 1 message, 0 valid"), out)
    expect(1, folder.write("bad.sdp", SDP.replace("m=audio 4000", "m=audio 70000")))


def check_json(folder):
    bad = folder.write("bad.sip", OPTIONS.replace("Max-Forwards: 70", "Max-Forwards: x"))
    out, _ = expect(1, "--json", folder.write("good.sip", OPTIONS), bad)
    good, malformed, summary = map(json.loads, out.splitlines())
    check(good["valid"] and good["errors"] == [] and good["notes"] == [], good)
    check([field["name"] for field in good["fields"]][:2] == ["request", "Via"], good)
    error = malformed["errors"][0]
    check(error["code"] == "number" and error["line"] == 3 and error["section"].startswith("RFC "), error)
    check(error["offset"] == OPTIONS.index("70\r\n"), error)
    check(summary["summary"]["valid"] == 1 and summary["summary"]["errors"] == {"number": 1}, summary)


def check_strict(folder):
    lines = folder.write("lf.sip", OPTIONS.replace("\r\n", "\n"))
    out, _ = expect(0, lines)
    check("valid, 1 note" in out and "note at offset 35, line 1: " in out, out)
    out, _ = expect(1, "--strict", lines)
    check("1 error" in out and "RFC 3261 section 7" in out and "note" not in out, out)
    tolerant = json.loads(expect(0, "--json", lines)[0])
    strict = json.loads(expect(1, "--json", "--strict", lines)[0])
    check(tolerant["valid"] and tolerant["notes"][0]["code"] == "bare_line_feed", tolerant)
    check(not strict["valid"] and strict["notes"] == [] and strict["errors"][0]["code"] == "line_ending", strict)


def check_capture(folder):
    both = folder.write("call.pcap", capture(OPTIONS, OPTIONS.replace("Call-ID: c1", "Call-ID: a b")))
    out, _ = expect(1, both)
    check("call.pcap packet 1, 2023-11-14 22:13:20.000000 UTC, 192.0.2.1:5060 > 192.0.2.2:5060 UDP: valid" in out, out)
    check("summary: 2 messages, 1 valid, 1 not" in out, out)
    expect(0, folder.write("good.pcap", capture(OPTIONS, OPTIONS)))


FIELD = os.path.join(os.path.dirname(__file__), "..", "corpus", "field", "check")


def check_field(folder):
    """What stands in files of the field: status, and a word of what is said."""
    for name, status, word in (("two-messages.sip", 0, "two-messages.sip message 2 at offset 239: valid"),
                               ("two-messages.sip", 0, "summary: 2 messages, 2 valid"),
                               ("no-blank-line.sip", 1, "1 error, 235 octets"),
                               ("sip-and-http.pcap", 0, "not-sip 2"), ("tls443-syn.pcap", 0, "not-sip 1"),
                               ("reuse-fin.pcap", 0, "summary: 2 messages, 2 valid"),
                               ("hep3.pcap", 0, "hep3 1")):
        out, _ = expect(status, os.path.join(FIELD, name))
        if name.endswith(".pcap"):
            out, _ = expect(status, "--summary", os.path.join(FIELD, name))
        check(word in out, (name, out))
    out, err = expect(2, os.path.join(FIELD, "capture.pcap.gz"))
    check(out == "" and "compressed by gzip" in err, (out, err))
    out, _ = expect(0, folder.write("more.sip", OPTIONS + "more"))
    check("1 note" in out and "4 octets behind the message" in out, out)
    out, _ = expect(0, folder.write("keep-alive.sip", "jaK"))
    check("a keep-alive" in out, out)
    out, _ = expect(1, folder.write("many.sdp", SDP + "a=x\r\n" * 2_000_000))
    check("sdp_too_large" in out and len(out) < 1000, out[:1000])


def check_what_cannot_be_read(folder):
    out, err = expect(2, folder.path)
    check(out == "" and "cannot be read" in err, (out, err))
    good = folder.write("good.sip", OPTIONS)
    out, err = expect(2, folder.path + "/missing", good)
    check("missing cannot be read" in err and "good.sip: valid" in out, (out, err))


def main():
    check_standard_input()
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(path)
        check_files(folder)
        check_json(folder)
        check_strict(folder)
        check_capture(folder)
        check_field(folder)
        check_what_cannot_be_read(folder)


main()
