"""A dnsmasq on the loopback, for the drivers beside this file.

SPDX-License-Identifier: MIT
"""
import pathlib
import shutil
import socket
import subprocess


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
