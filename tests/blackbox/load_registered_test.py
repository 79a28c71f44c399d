"""`sipring load --scenario registered` and `called`: phones that register at Kamailio, each over a connection of its own, and get
their calls over it, by UDP, TCP, TLS, WebSocket and secure WebSocket; and that it is told when a call comes by another one.

    load_registered_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import json
import subprocess
import tempfile

from answer import check, free_port, need, program
from certificates import make_authority, make_certificate
from kamailio import Kamailio, has_modules

PHONES, RATE, SECONDS = 10, 50, 2
CALLS = RATE * SECONDS

# With `{nat}` a registration is reached at the address from which it came, so by its connection; without it at its Contact.
CONFIGURATION = """
children=2
tcp_children=2
tcp_accept_no_cl=yes
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "nathelper.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
modparam("registrar", "min_expires", 1)
modparam("nathelper|registrar", "received_avp", "$avp(received)")
listen=udp:127.0.0.1:{port}
listen=tcp:127.0.0.1:{port}
listen=tls:127.0.0.1:{tls}
request_route {{
  if (!mf_process_maxfwd_header("10")) exit;
  if (has_totag()) {{
    if ({nat}) handle_ruri_alias();
    if (loose_route() || (is_method("ACK") && t_check_trans())) t_relay();
    exit;
  }}
  if (is_method("CANCEL")) {{
    if (t_check_trans()) t_relay();
    exit;
  }}
  if (is_method("REGISTER")) {{
    if (!pv_www_authenticate("sipring.test", "secret", "0")) {{
      www_challenge("sipring.test", "1");
      exit;
    }}
    if ({nat}) fix_nated_register();
    save("location");
    exit;
  }}
  if (!pv_proxy_authenticate("sipring.test", "secret", "0")) {{
    proxy_challenge("sipring.test", "1");
    exit;
  }}
  consume_credentials();
  record_route();
  if ({nat}) add_contact_alias();
  if (!lookup("location")) {{
    sl_send_reply("404", "Not Found");
    exit;
  }}
  t_on_reply("contacts");
  t_relay();
}}
onreply_route[contacts] {{
  if ({nat}) add_contact_alias();
}}
event_route[xhttp:request] {{
  set_reply_no_connect();
  if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}}
"""


class Registrar(Kamailio):
    def __init__(self, folder, nat=True):
        pair = make_certificate(folder, make_authority(folder), "sipring.test")
        self.folder, port, tls = folder, free_port(), free_port()
        self.ports = {"udp": port, "tcp": port, "ws": port, "tls": tls, "wss": tls}
        super().__init__(folder, CONFIGURATION.format(port=port, tls=tls, nat="1" if nat else "0"), tls, pair)

    def load(self, transport, scenario, *flags, password="secret"):
        return subprocess.Popen([program(), "load", "--target", f"{transport}:127.0.0.1:{self.ports[transport]}", "--scenario",
                                 scenario, "--domain", "sipring.test", "--auth", f"load:{password}", "--ca",
                                 f"{self.folder}/authority.crt", "--json", "-", "--no-pin", "--threads", "2", *flags],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process, status=0):
    out, said = process.communicate(timeout=60)
    check(process.returncode == status, f"status {process.returncode}: {out}{said}")
    return json.loads(out.splitlines()[-1])


def call_each_other(registrar, transport, *flags, rate=RATE, seconds=SECONDS):
    return finish(registrar.load(transport, "registered", "--connections", str(PHONES), "--rate", str(rate), "--duration",
                                 str(seconds), "--hold", "100", *flags))


def over(registrar, transport):
    seen = call_each_other(registrar, transport, "--assert", "other-connection<1", "--assert", f"completed>={CALLS}",
                           "--assert", "arrival-p99<1s", "--assert", "setup-p99<1s")
    phones = seen["phones"]
    check(seen["begun"] == seen["succeeded"] == CALLS and seen["failed"] == 0, f"{transport}: {seen}")
    for count in ("arrived", "matched", "answered", "completed"):
        check(phones[count] == CALLS, f"{transport}: {count}: {phones}")
    for count in ("refused", "lost_connections", "cancelled", "failed", "open", "other_connection", "other_phone"):
        check(phones[count] == 0, f"{transport}: {count}: {phones}")
    check(phones["registered"] == phones["removed"] == PHONES, f"{transport}: {phones}")
    check(phones["arrival"]["count"] == phones["setup"]["count"] == CALLS, f"{transport}: {phones}")
    connections = seen["connections"]
    if transport != "udp":
        check(connections["connected"] == PHONES and connections["accepted"] == 0, f"{transport}: {connections}")
    print(f"{transport}: {CALLS} calls came over the connections of {PHONES} registrations: {phones['arrival']['p50_ms']:.1f} ms to "
          "the called one")


def refreshed(registrar):
    seen = call_each_other(registrar, "tcp", "--expires", "2", rate=20, seconds=4)
    phones = seen["phones"]
    check(seen["succeeded"] == seen["begun"] == 80 and phones["completed"] == 80, f"{seen}")
    check(phones["refreshed"] >= 3 * PHONES, f"refreshed at half of two seconds: {phones}")
    check(seen["connections"]["connected"] == PHONES, f"{seen['connections']}")
    print(f"registrations of 2 s were refreshed {phones['refreshed']} times, over the same connections")


def called_by_another(registrar):
    """One process has the phones, another one calls."""
    for transport in ("udp", "ws"):
        phones = registrar.load(transport, "called", "--connections", "4", "--duration", "5", "--ring", "20")
        while "phones are registered" not in phones.stderr.readline():
            pass
        seen = finish(registrar.load("udp", "call", "--user", "load2", "--rate", "20", "--duration", "2"))
        check(seen["succeeded"] == seen["begun"] == 40, f"{seen}")
        seen = finish(phones)["phones"]
        check(seen["arrived"] == seen["answered"] == seen["completed"] == 40 and seen["matched"] == 0, f"{transport}: {seen}")
        check(seen["other_connection"] == seen["other_phone"] == 0 and seen["removed"] == 4, f"{transport}: {seen}")
        seen = finish(registrar.load("udp", "call", "--user", "load2", "--rate", "5", "--duration", "1"), status=1)
        check(seen["statuses"]["4xx"] == 5, f"not there any more: {seen}")
    print("phones of one process are called by another one, and not found when they have gone")


def by_another_connection():
    with tempfile.TemporaryDirectory() as folder, Registrar(folder, nat=False) as registrar:
        process = registrar.load("tcp", "registered", "--connections", str(PHONES), "--rate", str(RATE), "--duration", "1",
                                 "--assert", "other-connection<1")
        phones = finish(process, status=1)["phones"]
        check(phones["arrived"] == phones["other_connection"] == RATE, f"{phones}")
    print("a registrar that opens connections to Contacts is found out")


def nobody_is_registered(registrar):
    process = registrar.load("tcp", "registered", "--connections", "2", "--duration", "1", "--drain", "1", password="guess")
    out, said = process.communicate(timeout=60)
    check(process.returncode == 1 and "none of 2 phones could be registered" in said, f"{process.returncode} {out}{said}")
    print("a wrong password is told")


def main():
    need("openssl")
    if not has_modules("tls", "websocket", "nathelper"):
        need("kamailio")
    with tempfile.TemporaryDirectory() as folder, Registrar(folder) as registrar:
        for transport in ("udp", "tcp", "tls", "ws", "wss"):
            over(registrar, transport)
        refreshed(registrar)
        called_by_another(registrar)
        nobody_is_registered(registrar)
    by_another_connection()


main()
