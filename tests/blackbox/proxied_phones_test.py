"""`sipring call` and baresip, each behind the same Kamailio, which is registrar and proxy and asks both for their passwords:
calls both ways, held from both sides, over UDP, TCP and TLS.

    proxied_phones_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import pathlib
import tempfile

from answer import check, free_port, need
from certificates import make_authority, make_certificate
from kamailio import Kamailio, has_modules
from name_server import installed
from phones import Baresip, Phone, call_and_hold

CONFIGURATION = """
children=2
tcp_children=2
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
listen=udp:127.0.0.1:{port}
listen=tcp:127.0.0.1:{port}
listen=tls:127.0.0.1:{tls}
request_route {{
  if (!mf_process_maxfwd_header("10")) exit;
  if (has_totag()) {{
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
    save("location");
    exit;
  }}
  if (!pv_proxy_authenticate("sipring.test", "secret", "0")) {{
    proxy_challenge("sipring.test", "1");
    exit;
  }}
  consume_credentials();
  record_route();
  if ($rU == "phone") $du = "sip:127.0.0.1:{phone};transport={transport}";
  else if (!lookup("location")) {{
    sl_send_reply("404", "Not Found");
    exit;
  }}
  t_relay();
}}
"""


def over(transport, pair, both):
    with tempfile.TemporaryDirectory() as folder:
        port, tls = free_port(), free_port()
        proxy = f"127.0.0.1:{tls if transport == 'tls' else port}"
        outbound = f"{transport}:{proxy}"
        with Phone("--auth", "alice:secret", "--from", "sip:alice@sipring.test", "--outbound", outbound, "--no-verify",
                   transport=transport) as phone:
            configuration = CONFIGURATION.format(port=port, tls=tls, phone=phone.port, transport=transport)
            with Kamailio(folder, configuration, tls, pair):
                account = f"{proxy};transport={transport}"
                with Baresip(folder, registers=account, password="secret",
                             more=f"sip_certificate {both}\nsip_verify_server no\n") as baresip:
                    call_and_hold(phone, f"sip:bare@{proxy}")
                    baresip.call_and_hold(phone, f"sip:phone@{proxy}")
                with Phone("--auth", "alice:guess", "--outbound", outbound, "--no-verify", transport=transport) as stranger:
                    stranger.say(f"call sip:phone@{proxy}")
                    check(stranger.until("ended")["status"] == 407, "a wrong password")
            phone.say("quit")
            phone.end()
    print(f"{transport}: called and called back, with digest and holds")


def main():
    for name in ("baresip", "openssl"):
        if not installed(name):
            need(name)
    if not has_modules("tls", "registrar", "auth"):
        need("kamailio")
    with tempfile.TemporaryDirectory() as folder:
        pair = make_certificate(folder, make_authority(folder), "sipring.test")
        both = pathlib.Path(folder) / "both.pem"
        both.write_text("".join(pathlib.Path(part).read_text(encoding="ascii") for part in pair), encoding="ascii")
        for transport in ("udp", "tcp", "tls"):
            over(transport, pair, both)


main()
