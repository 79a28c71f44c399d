"""A dnsmasq on the loopback, for the drivers beside this file.

SPDX-License-Identifier: MIT
"""
import pathlib
import shutil
import subprocess
import time

from answer import check, program


def installed(command):
    """Its path; None where it is not installed."""
    path = shutil.which(command) or f"/usr/sbin/{command}"
    return path if pathlib.Path(path).exists() else None


class Dnsmasq:
    """Serves `records`, which are flags of dnsmasq, of the domain "example", and nothing else."""
    command = "dnsmasq"

    def __init__(self, port, records, ttl=60):
        flags = ["--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", f"--port={port}",
                 "--listen-address=127.0.0.1", "--bind-interfaces", "--user=", "--group=", "--pid-file=",
                 "--local=/example/", f"--local-ttl={ttl}"]
        self.process = subprocess.Popen([installed("dnsmasq"), *flags, *records],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.kill()
        self.process.wait()


def wait_for(dns, uri="udp:n.example"):
    """Until it says where that leads."""
    end = time.monotonic() + 20
    while "1. " not in subprocess.run([program(), "check", "--resolve", uri, "--dns", f"127.0.0.1:{dns}"], capture_output=True,
                                      text=True, timeout=60, check=False).stdout:
        check(time.monotonic() < end, "the name server does not answer")
