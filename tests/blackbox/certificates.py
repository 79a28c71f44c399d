"""Certificates that openssl makes.

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import subprocess


def run_openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_self_signed(folder, name, alternatives):
    """Paths of a certificate and of its key. `alternatives`: "DNS:a.example,IP:127.0.0.1"."""
    paths = [os.path.join(folder, f"{name}.{kind}") for kind in ("crt", "key")]
    run_openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
                f"subjectAltName={alternatives}", "-out", paths[0], "-keyout", paths[1])
    return paths


def make_authority(folder):
    path = os.path.join(folder, "authority")
    run_openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=authority", "-addext", "basicConstraints=critical,CA:TRUE", "-out", path + ".crt", "-keyout",
                path + ".key")
    return path


def make_certificate(folder, authority, name):
    """Paths of a certificate for the name and of its key."""
    path = os.path.join(folder, name)
    extensions = path + ".ext"
    pathlib.Path(extensions).write_text(f"subjectAltName=DNS:{name}\n", encoding="ascii")
    run_openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-out",
                path + ".csr", "-keyout", path + ".key")
    run_openssl("x509", "-req", "-in", path + ".csr", "-CA", authority + ".crt", "-CAkey", authority + ".key",
                "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", path + ".crt")
    return path + ".crt", path + ".key"
