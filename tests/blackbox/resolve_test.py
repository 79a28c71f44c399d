"""sipring check --resolve against dnsmasq and unbound: NAPTR, SRV, A and AAAA, an answer too large for UDP, a name server
that is gone, the hosts table, and the exit status.

SPDX-License-Identifier: MIT
"""
import pathlib
import subprocess
import sys
import tempfile
import time

from answer import check, free_port, program
from name_server import Dnsmasq, installed

MANY = 40  # SRV records: more than 1,232 octets, so that they come by TCP


def resolve(uri, port):
    done = subprocess.run([program(), "check", "--resolve", uri, "--dns", f"127.0.0.1:{port}"], capture_output=True,
                          text=True, timeout=60, check=False)
    targets = [line.split()[1] for line in done.stdout.splitlines() if line[:1].isdigit()]
    return done.returncode, targets, done.stdout + done.stderr


def expect(uri, port, *targets, status=0):
    got, found, text = resolve(uri, port)
    check(got == status and found == list(targets), f"{uri}: status {got}, {found}, not {list(targets)}:\n{text}")
    return text


def dnsmasq(port, _folder):
    records = ["--naptr-record=n.example,20,10,s,SIP+D2U,,_sip._udp.n.example",
               "--naptr-record=n.example,10,10,s,SIPS+D2T,,_sips._tcp.n.example",
               "--srv-host=_sips._tcp.n.example,b.example,5061,0,0",
               "--srv-host=_sip._udp.n.example,a.example,5070,1,0",
               "--srv-host=_sip._udp.n.example,b.example,5071,2,0",
               "--host-record=a.example,192.0.2.1", "--host-record=b.example,192.0.2.2,2001:db8::2",
               "--cname=c.example,a.example"]
    records += [f"--srv-host=_sip._udp.many.example,host-number-{i}.of-many.example,5060,{i},0" for i in range(MANY)]
    records += [f"--host-record=host-number-{i}.of-many.example,192.0.2.{100 + i}" for i in range(MANY)]
    return Dnsmasq(port, records).process


def unbound(port, folder):
    records = ["n.example. 60 NAPTR 20 10 \"s\" \"SIP+D2U\" \"\" _sip._udp.n.example.",
               "n.example. 60 NAPTR 10 10 \"s\" \"SIPS+D2T\" \"\" _sips._tcp.n.example.",
               "_sips._tcp.n.example. 60 SRV 0 0 5061 b.example.",
               "_sip._udp.n.example. 60 SRV 1 0 5070 a.example.", "_sip._udp.n.example. 60 SRV 2 0 5071 b.example.",
               "a.example. 60 A 192.0.2.1", "b.example. 60 A 192.0.2.2", "b.example. 60 AAAA 2001:db8::2",
               "c.example. 60 CNAME a.example."]
    for i in range(MANY):
        records.append(f"_sip._udp.many.example. 60 SRV {i} 0 5060 host-number-{i}.of-many.example.")
        records.append(f"host-number-{i}.of-many.example. 60 A 192.0.2.{100 + i}")
    lines = [f"server:\n interface: 127.0.0.1\n port: {port}\n do-daemonize: no\n username: \"\"\n chroot: \"\"",
             f" directory: \"{folder}\"\n pidfile: \"\"\n use-syslog: no\n logfile: \"\"\n module-config: \"iterator\"",
             " local-zone: \"example.\" static"]
    lines += [f" local-data: '{record}'" for record in records]
    file = pathlib.Path(folder) / "unbound.conf"
    file.write_text("\n".join(lines) + "\nremote-control:\n control-enable: no\n", encoding="ascii")
    return subprocess.Popen([installed("unbound"), "-d", "-c", str(file)], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def wait_until_it_answers(port):
    end = time.monotonic() + 20
    while resolve("sip:a.example:5060", port)[1] != ["udp:192.0.2.1:5060"]:
        check(time.monotonic() < end, "the name server does not answer")


def check_targets(port):
    by_udp = ["udp:192.0.2.1:5070", "udp:192.0.2.2:5071", "udp:[2001:db8::2]:5071"]
    by_tls = ["tls:192.0.2.2:5061", "tls:[2001:db8::2]:5061"]
    text = expect("sip:bob@n.example", port, *by_tls, *by_udp)
    check('order 20 preference 10 "s" "SIP+D2U" "" _sip._udp.n.example' in text, text)
    check("1. tls:192.0.2.2:5061  (SRV priority 0 weight 0)" in text, text)
    expect("sips:bob@n.example", port, *by_tls)
    expect("sip:bob@n.example;transport=udp", port, *by_udp)
    expect("udp:n.example", port, *by_udp)
    expect("udp:b.example:5099", port, "udp:192.0.2.2:5099", "udp:[2001:db8::2]:5099")
    expect("sip:bob@192.0.2.7", port, "udp:192.0.2.7:5060")
    text = expect("sip:bob@nowhere.example", port, status=1)
    check("no target: no_such_name" in text, text)


def check_aliases(port):
    expect("sip:bob@c.example:5060", port, "udp:192.0.2.1:5060")


def check_by_tcp(port):
    expect("udp:many.example", port, *[f"udp:192.0.2.{100 + i}:5060" for i in range(MANY)])


def check_gone(port):
    began = time.monotonic()
    text = expect("sip:bob@n.example", port, status=1)
    check("no target: no_answer" in text, text)
    check(time.monotonic() - began < 20, "a name server that is not there is not waited for")
    status, found, text = resolve("sip:bob@localhost:5060", port)  # nobody is asked
    check(status == 0 and set(found) <= {"udp:127.0.0.1:5060", "udp:[::1]:5060"} and found, text)


def check_flags():
    for uri, dns in (("tel:+15551234", "127.0.0.1:53"), ("nonsense", "127.0.0.1:53"), ("sip:a.example", "nonsense")):
        done = subprocess.run([program(), "check", "--resolve", uri, "--dns", dns], capture_output=True, text=True,
                              timeout=20, check=False)
        check(done.returncode == 2 and done.stderr.startswith("sipring: "), f"{uri} {dns}: {done}")


def against(server):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = server(port, folder)
        try:
            wait_until_it_answers(port)
            check_targets(port)
            check_aliases(port)
            check_by_tcp(port)
        finally:
            process.kill()
            process.wait()
        check_gone(port)


def main():
    check_flags()
    servers = [server for server in (dnsmasq, unbound) if installed(server.__name__)]
    for server in servers:
        against(server)
    if not servers:
        print("neither dnsmasq nor unbound is installed")
        sys.exit(77)


main()
