"""INVITEs as the field sends them: each is right but for one thing that peers forgive, or has what trunks, recorders,
phones and browsers bring along. field_calls_test.py makes a call of each.

SPDX-License-Identifier: MIT
"""
from dataclasses import dataclass, field

OFFER = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
         "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n").encode()


@dataclass
class Invite:
    kind: str
    name: str
    branch: str = "z9hG4bK-{n}"
    via: str = ""                                  # more parameters of the top Via
    sent_by: str = "{sent_by}"
    vias: tuple = ()                               # below the top one
    from_: str = "<sip:alice@example.com>;tag=a{n}"
    to: str = "<sip:bob@example.com>"
    call_id: str = "field-{n}@example.com"
    contact: str = "<sip:alice@{sent_by}>"
    lines: tuple = ()
    type_: str = "application/sdp"
    body: bytes = OFFER


def sdp(name, *changes, text=OFFER):
    """The offer with pieces of it replaced."""
    for old, new in changes:
        assert old in text, (name, old)
        text = text.replace(old, new)
    return Invite("sdp", name, body=text)


def part(head, content):
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def mixed(name, *parts, type_="multipart/mixed;boundary=b", **more):
    return Invite("body", name, type_=type_, body=b"".join(parts) + b"--b--\r\n", **more)


SDP_PART = part("Content-Type: application/sdp", OFFER)
ISUP = bytes([1, 0, 0x60, 0, 0x0a, 3, 2, 0x0b, 9, 7, 3, 0x10, 0x51, 0x55, 0x15, 0x32, 0x0d, 0x0a, 0x0d, 0x0a, 0x2d, 0x2d,
              0x62, 0x78, 0xff, 0])  # line ends, NULs and what looks like a delimiter within
METADATA = b"<?xml version=\"1.0\"?>\r\n<recording xmlns='urn:ietf:params:xml:ns:recording:1'/>\r\n"
PLACE = b"<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='pres:a@h'/>"

VALUES = [
    Invite("value", "branch in padded base64", branch="z9hG4bKYWJj{n}=="),
    Invite("value", "branch with a slash", branch="z9hG4bKab/c{n}"),
    Invite("value", "branch with an @", branch="z9hG4bK{n}@10.0.0.1"),
    Invite("value", "branch with a colon", branch="z9hG4bK{n}:5060"),
    Invite("value", "another Via parameter in base64", via=";ep=YWJj==;x=a/b"),
    Invite("value", "a lower Via in base64",
           vias=("SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKYQ==;received=192.0.2.8",)),
    Invite("value", "tag in padded base64", from_="<sip:alice@example.com>;tag=YWJj{n}=="),
    Invite("value", "tag with an @", from_="Alice <sip:alice@example.com>;tag=a{n}@10.0.0.1"),
    Invite("value", "tag with slash, plus and colon", from_="sip:alice@example.com;tag=a/b+c:{n}"),
    Invite("value", "charging vector in base64",
           lines=("P-Charging-Vector: icid-value=YWJj/{n}==;icid-generated-at=192.0.2.1",)),
    Invite("value", "push token", contact="<sip:alice@{sent_by}>;pn-tok=abc/def:g==;pn-provider=acme"),
    Invite("value", "access network", lines=(
        "P-Access-Network-Info: 3GPP-UTRAN-TDD;utran-cell-id-3gpp=2340/1/abc=;network-provided",)),
    Invite("value", "Record-Route with a cookie", lines=("Record-Route: <sip:127.0.0.1:{port};lr>;cookie=a/b==",)),
    Invite("value", "Call-ID in base64", call_id="YWJj/{n}=="),
    Invite("value", "boundary without quotes", type_="multipart/mixed;boundary=----=_Part_1",
           body=b"------=_Part_1\r\nContent-Type: application/sdp\r\n\r\n" + OFFER + b"\r\n------=_Part_1--\r\n"),
]

IDLE = [
    Invite("idle", "User-Agent of FreePBX", lines=("User-Agent: FPBX-16(18)",)),
    Invite("idle", "User-Agent of PJSUA", lines=("User-Agent: PJSUA v2.10 Linux-5.14/x86_64/glibc-2.31",)),
    Invite("idle", "User-Agent with an address", lines=("User-Agent: Acme, 1.0 00:11:22:33:44:55",)),
    Invite("idle", "User-Agent empty", lines=("User-Agent: ",)),
    Invite("idle", "Server with an open parenthesis", lines=("Server: Acme (gate",)),
    Invite("idle", "Warning empty", lines=("Warning: ",)),
    Invite("idle", "Date with one digit", lines=("Date: Fri, 1 Jul 2011 12:54:11 GMT",)),
    Invite("idle", "Date of the wrong weekday", lines=("Date: Mon, 31 Dec 2016 23:59:60 GMT",)),
    Invite("idle", "Alert-Info of a phone", lines=("Alert-Info: Ring Answer", "Organization: ")),
    Invite("idle", "Allow-Events empty", lines=("Allow-Events: ",)),
    Invite("idle", "Supported with an empty element", lines=("Supported: ,100rel,,timer",)),
    Invite("idle", "Require and Unsupported empty", lines=("Require: ", "Unsupported: ")),
    Invite("idle", "User-Agent twice", lines=("User-Agent: Acme/1", "User-Agent: Edge/2")),
]

FORMS = [
    Invite("form", "q in quotes", contact="<sip:alice@{sent_by}>;q=\"0.1\""),
    Invite("form", "refresher in quotes", lines=("Session-Expires: 1800;refresher=\"uac\"", "Min-SE: 90")),
    Invite("form", "cause in quotes", lines=("Reason: SIP;cause=\"200\";text=Done",)),
    Invite("form", "handling in quotes", lines=("Content-Disposition: session;handling=\"required\"",)),
    Invite("form", "instance without brackets",
           contact="<sip:alice@{sent_by}>;+sip.instance=\"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""),
    Invite("form", "ppt in quotes", lines=("Identity: YWJj;info=<https://example.com/c>;alg=ES256;ppt=\"shaken\"",)),
    Invite("form", "digest with all in quotes", lines=(
        "Proxy-Authorization: Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"sip:b\",response=\"0\","
        "qop=\"auth\",nc=\"00000001\",cnonce=\"c\",algorithm=\"MD5\"",)),
    Invite("form", "received with a name", vias=("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKb;received=gate.example.com",)),
    Invite("form", "Privacy with a semicolon at its end", lines=("Privacy: id;",)),
    Invite("form", "info without brackets", lines=("Identity: YWJj;info=\"https://example.com/c\";alg=ES256",)),
    Invite("form", "credentials with values that are empty", lines=(
        "Proxy-Authorization: Digest ,username=\"a\",realm=\"r\",nonce=\"n\",uri=\"sip:b\",response=\"0\",opaque=,nc=",)),
    Invite("form", "semicolons", from_="<sip:alice@example.com>;;tag=a{n};"),
    Invite("form", "rport with nothing behind its =", via=";rport="),
]

URIS = [
    Invite("uri", "History-Info unescaped", lines=(
        "History-Info: <sip:bob@example.com?Reason=SIP;cause=302;text=\"Moved Temp\">;index=1",)),
    Invite("uri", "quotes in a URI parameter", contact="<sip:alice@{sent_by};x=\"a b\">"),
    Invite("uri", "UTF-8 in the user", to="<sip:\u0431\u043e\u0431@example.com>"),
    Invite("uri", "zone of an address", lines=("Referred-By: <sip:ann@[fe80::abcd%25eth0]:5060>",)),
    Invite("uri", "host: without a port", from_="<sip:alice@example.com:>;tag=a{n}"),
    Invite("uri", "port 0", to="<sip:bob@example.com:0>"),
    Invite("uri", "a % that escapes nothing", contact="<sip:alice@{sent_by};x=50%>"),
    Invite("uri", "a header without =", lines=("Diversion: <sip:bob@example.com?Reason>;reason=unknown",)),
]

SDP = [
    sdp("v= with a space", (b"v=0\r", b"v=0 \r")),
    sdp("white space at every end", (b"\r\n", b" \r\n")),
    sdp("o= without a user", (b"o=- ", b"o= ")),
    sdp("o= of two words", (b"o=- ", b"o=Acme Gate ")),
    sdp("o= that makes no sense", (b"o=- 1 1 IN IP4 127.0.0.1", b"o=acme")),
    sdp("no s= and no t=", (b"s=-\r\n", b""), (b"t=0 0\r\n", b"")),
    sdp("t= of one number", (b"t=0 0", b"t=0")),
    sdp("b= of no number", (b"t=0 0", b"b=AS:\r\nt=0 0\r\nb=X:1.5")),
    sdp("video without a format", (b"m=audio", b"m=video 0 RTP/AVP\r\nm=audio")),
    sdp("an empty attribute", (b"a=rtpmap", b"a=\r\na=mid:\r\na=rtpmap")),
    sdp("attributes of a camera", (b"a=rtpmap", b"a=rtpmap 0 PCMU/8000\r\na=X Own=1:2\r\na=rtpmap")),
    sdp("rtpmap without a clock", (b"a=rtpmap", b"a=rtpmap:0 PCMU\r\na=rtpmap")),
    sdp("a line of white space", (b"t=0", b" \t\r\nt=0")),
    sdp("LF alone and a blank line", (b"\r\n", b"\n"), (b"t=0", b"\nt=0")),
    sdp("a NUL at the end", (b"/8000\r\n", b"/8000\r\n\0")),
    sdp("a byte order mark", (b"v=0", b"\xef\xbb\xbfv=0")),
    sdp("candidates and keys of a phone", (b"a=rtpmap", (
        b"a=ice-ufrag:x\r\na=candidate:1 1 TCP-ACT 1 192.0.2.1 9 typ host\r\n"
        b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIz|2^99\r\na=rtpmap"))),
    sdp("a browser's video beside", (b"m=audio", (
        b"a=group:BUNDLE 0 1\r\na=msid-semantic: WMS\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:0\r\na=setup:actpass\r\n"
        b"a=rtcp-fb:96 nack pli\r\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\nm=audio"))),
    sdp("lines of GB 28181", (b"a=rtpmap:101", b"y=0100000001\r\nf=v/2/4///a///\r\na=rtpmap:101")),
]

BODIES = [
    mixed("SIP-I", SDP_PART, part("Content-Type: application/ISUP;version=itu-t92+;base=itu-t92+\r\n"
                                  "Content-Disposition: signal;handling=optional", ISUP)),
    mixed("SIP-I that wants its ISUP handled",
          part("Content-Type: application/isup;version=ansi88\r\nContent-Disposition: signal;handling=required", ISUP),
          SDP_PART),
    mixed("recording", SDP_PART, part("Content-Type: application/rs-metadata+xml\r\n"
                                      "Content-Disposition: recording-session", METADATA)),
    mixed("recording as a client of recorders asks for it", SDP_PART,
          part("Content-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session", METADATA),
          contact="<sip:alice@{sent_by}>;+sip.src", lines=("Require: siprec",)),
    mixed("emergency call", part("Content-Type: application/pidf+xml\r\nContent-ID: <place@example.com>", PLACE),
          SDP_PART, lines=("Geolocation: <cid:place@example.com>", "Geolocation-Routing: yes")),
    mixed("alternatives", SDP_PART, part("Content-Type: application/sdp-next", b"{}"),
          type_="multipart/alternative;boundary=b"),
    mixed("related with its root behind", part("Content-Type: text/plain\r\nContent-ID: <1@h>", b"x"),
          part("Content-Type: application/sdp\r\nContent-ID: <2@h>", OFFER),
          type_="multipart/related;boundary=b;start=\"<2@h>\";type=\"application/sdp\""),
    mixed("one inside the other", part("Content-Type: multipart/alternative;boundary=c",
                                       b"--c\r\nContent-Type: application/sdp\r\n\r\n" + OFFER + b"\r\n--c--")),
    mixed("early media apart", part("Content-Type: application/sdp\r\nContent-Disposition: early-session", b"v=0"),
          part("Content-Type: application/sdp\r\nContent-Disposition: session", OFFER)),
    mixed("an unknown part", part("Content-Type: application/vnd.acme", b"\0\1"), SDP_PART),
    mixed("no part at all"),
    Invite("body", "no close delimiter", type_="multipart/mixed;boundary=b", body=SDP_PART),
    Invite("body", "none", type_="", body=b""),
    Invite("body", "white space round the slash", type_="application / sdp"),
    Invite("body", "an empty Content-Encoding", lines=("Content-Encoding: ",)),
    Invite("body", "parameters of the type", type_="application/sdp;charset=;x"),
]

INVITES = VALUES + IDLE + FORMS + URIS + SDP + BODIES
