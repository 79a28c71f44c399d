"""A certificate that changes under a thousand open connections: none falls, all are answered, and who comes then is shown
the new one.

    renewal_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import os
import resource
import signal
import socket
import ssl
import tempfile
import time

from answer import Answer, check, need, options_text
from certificates import make_authority, make_certificate

CONNECTIONS = 1000



class Client:
    """Trusts the authority, and says for whom a server may speak."""

    def __init__(self, answer, authority):
        self.address = (answer.host, answer.port)
        self.context = ssl.create_default_context(cafile=authority + ".crt")

    def connect(self, name):
        connection = self.context.wrap_socket(socket.create_connection(self.address, timeout=10), server_hostname=name)
        connection.settimeout(10)
        return connection

    def speaks_for(self, name):
        try:
            self.connect(name).close()
        except ssl.SSLCertVerificationError:
            return False
        return True


def ask(connection, number):
    connection.sendall(options_text("TLS", number).encode())
    return connection.recv(4096).startswith(b"SIP/2.0 200 ")


def main():
    need("openssl")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    with tempfile.TemporaryDirectory() as folder:
        authority = make_authority(folder)
        first, second = (make_certificate(folder, authority, name) for name in ("first.example", "second.example"))
        with Answer(transport=f"tls:127.0.0.1:0?cert={first[0]}&key={first[1]}") as answer:
            client = Client(answer, authority)
            held = [client.connect("first.example") for _ in range(CONNECTIONS)]
            check(not client.speaks_for("second.example"), "the second name is there before its certificate")
            for new, old in zip(second, first):
                os.replace(new, old)
            answer.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 20
            while not client.speaks_for("second.example"):
                check(time.monotonic() < deadline, "the second certificate does not come")
                answer.second()
            check(not client.speaks_for("first.example"), "the first certificate is still shown")
            for number, connection in enumerate(held):
                check(ask(connection, number), f"connection {number} of {CONNECTIONS} from before fell")
            for connection in held:
                connection.close()
            answer.stop()
    print(f"{CONNECTIONS} connections live on under a new certificate")


main()
