"""A Kamailio as a context.

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import signal
import subprocess

from answer import Running, check, wait_until_bound
from name_server import installed

MODULES = pathlib.Path("/usr/lib/x86_64-linux-gnu/kamailio/modules")


def has_modules(*names):
    return installed("kamailio") is not None and all((MODULES / f"{name}.so").exists() for name in names)


OPENING = """debug=-1
log_stderror=yes
auto_aliases=no
dns=no
rev_dns=no
"""
TLS = """enable_tls=yes
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "{0}")
modparam("tls", "private_key", "{1}")
"""


class Kamailio(Running):
    """`port`: one of TCP, that it listens on once it serves; 0: nobody waits for that. `pair`: the files of a certificate and
    its key. Its children end with it when it is terminated."""

    def __init__(self, folder, configuration, port=0, pair=(), flags=()):
        path = pathlib.Path(folder) / "kamailio.cfg"
        path.write_text(OPENING + (TLS.format(*pair) if pair else "") + configuration, encoding="ascii")
        self.errors = pathlib.Path(folder) / "kamailio.log"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen([installed("kamailio"), "-f", path, "-DD", "-E", "-Y", folder, "-P",
                                             f"{folder}/pid", *flags], stdout=subprocess.DEVNULL, stderr=errors,
                                            start_new_session=True)
        if port == 0:
            return
        try:
            wait_until_bound(port, "Kamailio", "tcp")
        except SystemExit:
            self.__exit__()  # says why
            raise

    def __exit__(self, *_):
        self.process.terminate()
        try:
            status = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            status = self.process.wait()
        check(status in (0, -15), f"Kamailio ended with {status}: {self.errors.read_text(encoding='utf-8')[-500:]}")
