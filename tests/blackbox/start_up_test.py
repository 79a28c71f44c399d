"""Bad flags, a port in use and a missing permission: one clear line and a non-zero status.
SPDX-License-Identifier: MIT
"""
import os
import shutil
import socket
import stat
import subprocess
import tempfile

from answer import check, program

NOBODY = 65534


def refused(words, *arguments, binary=None, user=None):
    done = subprocess.run([binary or program(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=20, check=False, user=user)
    what = f"{' '.join(arguments)}: status {done.returncode}, {done.stderr!r}"
    print(what)
    check(done.returncode not in (0, -6, -11), what)
    check(done.stdout == "" and done.stderr.count("\n") == 1, what)
    check(words in done.stderr, what)


def check_permission():
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
        if int(file.read()) <= 80:
            print("every port is free for everybody here: no permission to miss")
            return
    if os.getuid() != 0:
        refused("not permitted", "answer", "--listen", "udp:127.0.0.1:80")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        binary = shutil.copy(program(), folder)
        refused("ermi", "answer", "--listen", "udp:127.0.0.1:80", binary=binary, user=NOBODY)


def main():
    refused("subcommand")
    refused("--nonsense", "answer", "--nonsense")
    refused("not an IP address", "answer", "--listen", "udp:example.com:5060")
    refused("--t1", "answer", "--t1", "0")
    refused("T2 is less than T1", "answer", "--listen", "udp:127.0.0.1:0", "--t1", "500", "--t2", "100")
    refused("--shards", "answer", "--shards", "1000")
    refused("cannot be read", "check", "/nonexistent")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        refused("in use", "answer", "--listen", f"udp:127.0.0.1:{port}")
    refused("192.0.2.1", "answer", "--listen", "udp:192.0.2.1:5060")
    refused("needs --auth", "answer", "--listen", "udp:127.0.0.1:0", "--realm", "example.com")
    refused("cannot be read", "answer", "--config", "/nonexistent")
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write("[limits]\ncals = 7\n")
        file.flush()
        refused(f"--config {file.name}:2: cals is not known", "answer", "--config", file.name)
    check_permission()


main()
