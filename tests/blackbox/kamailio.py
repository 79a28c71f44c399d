"""A Kamailio as a context.

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import signal
import socket
import subprocess
import time

from answer import Running, check
from name_server import installed

MODULES = pathlib.Path("/usr/lib/x86_64-linux-gnu/kamailio/modules")


def has_modules(*names):
    return installed("kamailio") is not None and all((MODULES / f"{name}.so").exists() for name in names)


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Kamailio(Running):
    """`port`: one of TCP, that it listens on once it serves. Its children end with it when it is terminated."""

    def __init__(self, folder, configuration, port):
        path = pathlib.Path(folder) / "kamailio.cfg"
        path.write_text(configuration, encoding="ascii")
        self.errors = pathlib.Path(folder) / "kamailio.log"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen([installed("kamailio"), "-f", path, "-DD", "-E", "-Y", folder, "-P",
                                             f"{folder}/pid"], stdout=subprocess.DEVNULL, stderr=errors,
                                            start_new_session=True)
        end = time.monotonic() + 20
        while not is_listening(port):
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                check(False, "Kamailio does not listen")
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            status = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            status = self.process.wait()
        check(status in (0, -15), f"Kamailio ended with {status}: {self.errors.read_text(encoding='utf-8')[-500:]}")
