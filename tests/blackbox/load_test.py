"""`sipring load` against `sipring answer` and against SIPp's uas: what it counts and what it says.

SPDX-License-Identifier: MIT
"""
import json
import subprocess

from answer import Answer, check, free_port, need, program, wait_until_bound


def load(target, *flags):
    command = [program(), "load", "--target", f"udp:{target}", "--json", "-", "--no-pin", *flags]
    if "--threads" not in flags:
        command += ["--threads", "1"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def summary(target, *flags):
    done = load(target, *flags)
    check(done.returncode == 0, f"status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def against_answer(host):
    with Answer(host=host) as answer:
        for scenario in ("options", "register", "call"):
            seen = summary(answer.address, "--scenario", scenario, "--rate", "100", "--duration", "1",
                           "--hold", "100", "--assert", "failures<=0")
            check(seen["begun"] == seen["succeeded"] == 100, f"{scenario}: {seen}")
            check(seen["response"]["count"] == 100 and seen["response"]["p50_ms"] > 0, f"{seen}")
        seen = summary(answer.address, "--scenario", "call", "--concurrency", "5", "--duration", "1",
                       "--prefault")
        check(seen["succeeded"] == seen["begun"] > 5, f"closed model: {seen}")
        calls = answer.stop()["calls"]
        check(calls["answered"] == calls["acknowledged"] == calls["hung_up"], f"{calls}")
    with Answer(host=host) as answer:
        seen = summary(answer.address, "--scenario", "hold", "--rate", "50", "--duration", "1", "--hold", "20")
        check(seen["begun"] == seen["succeeded"] == 50, f"hold: {seen}")
        calls = answer.stop()["calls"]
        check(calls["hung_up"] == 50 and calls["answered"] == 3 * 50, f"an INVITE and two more of each: {calls}")


def against_sipp():
    need("sipp")
    port = free_port()
    sipp = subprocess.Popen(["sipp", "-sn", "uas", "-i", "127.0.0.1", "-p", str(port), "-nostdin"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_bound(port, "SIPp")
        seen = summary(f"127.0.0.1:{port}", "--rate", "200", "--duration", "2", "--hold", "50")
        check(seen["begun"] == seen["succeeded"] == 400, f"SIPp: {seen}")
    finally:
        sipp.kill()
        sipp.wait()


def verdicts():
    with Answer() as answer:
        broken = load(answer.address, "--user", "busy", "--rate", "50", "--duration", "1",
                      "--assert", "failures<1%", "--assert", "rate>1")
        check(broken.returncode == 1, f"a broken assertion: status {broken.returncode}")
        check("BROKEN failures<1%: 100.000%" in broken.stderr, broken.stderr)
        check("holds  rate>1" in broken.stderr, broken.stderr)
        seen = json.loads(broken.stdout.splitlines()[-1])
        check(seen["failures"]["refused"] == seen["statuses"]["4xx"] == 50, f"{seen}")

        limit = load(answer.address, "--scenario", "options", "--find-limit", "--rate", "4",
                     "--duration", "1", "--p99", "0")
        check(limit.returncode == 1 and "no rate passed" in limit.stdout, limit.stdout)

    nobody = load(f"127.0.0.1:{free_port()}", "--rate", "50", "--duration", "1")
    check(nobody.returncode == 1 and "none of 50 succeeded" in nobody.stderr, f"nobody: {nobody.stderr}")
    seen = json.loads(nobody.stdout.splitlines()[-1])
    check(seen["failures"]["transport"] == seen["begun"], f"nobody listens: {seen}")


def wrong_flags():
    for flags, word in ((["--assert", "p99"], "no assertion"), (["--bind", "here"], "no IP address"),
                        (["--scenario", "tea"], "--scenario"), (["--rate", "-1"], "--rate")):
        done = load("127.0.0.1:5060", *flags)
        check(done.returncode == 2 and word in done.stderr, f"{flags}: {done.stderr}")
        check(len(done.stderr.splitlines()) == 1, f"{flags}: more than a line: {done.stderr}")
    for target, word in (("host.invalid:5060", "the name host.invalid does not resolve"), (":5060", "no host")):
        done = load(target, "--duration", "1")
        check(done.returncode == 2 and word in done.stderr, f"{target}: {done.stderr}")


def wrong_json():
    """One line says what it should have been."""
    target = ["--target", "udp:127.0.0.1:9", "--duration", "1"]
    for command, word in ((["load", *target, "--json"], "needs a file"),
                          (["load", "--json", *target], "needs a file"),
                          (["load", *target, "--json", "/"], "takes a file, or -"),
                          (["load", *target, "--json", "/nowhere/seen.json"], "takes a file, or -"),
                          (["answer", "--json", "seen.json"], "writes to standard output"),
                          (["answer", "--json=seen.json"], "writes to standard output")):
        done = subprocess.run([program(), *command], capture_output=True, text=True, timeout=20, check=False)
        check(done.returncode == 2 and word in done.stderr, f"{command}: {done.stderr}")
        check(len(done.stderr.splitlines()) == 1 and done.stdout == "", f"{command}: {done}")


def names():
    """The system's resolver is asked; threads together begin what the rate says."""
    with Answer() as answer:
        seen = summary(f"localhost:{answer.port}", "--scenario", "options", "--rate", "10", "--duration", "2",
                       "--threads", "2")
        check(seen["begun"] == seen["succeeded"] == 20, f"by name: {seen}")


def main():
    against_answer("127.0.0.1")
    against_answer("::1")
    verdicts()
    wrong_flags()
    wrong_json()
    names()
    against_sipp()


main()
