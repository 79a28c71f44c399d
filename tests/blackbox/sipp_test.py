"""SIPp's own caller against answer: IPv4, IPv6, and two shards which share its calls. No call may fail, and
nobody may have had to repeat himself. SIPp asks for 64 KB of socket buffer by default, some 80 datagrams, which are
too few when the machine is busy: what it loses there is not our doing, so it is told to ask for more.

    sipp_test.py SIPRING [CALLS RATE]

SPDX-License-Identifier: MIT
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

from answer import Answer, check, need


def call(answer, calls, rate):
    """SIPp's statistics at its end."""
    with tempfile.TemporaryDirectory() as folder:
        statistics = os.path.join(folder, "statistics.csv")
        local = ["-i", f"[{answer.host}]"] if ":" in answer.host else ["-i", answer.host]
        command = ["sipp", "-sn", "uac", answer.address, "-r", str(rate), "-m", str(calls), "-d", "0",
                   "-nostdin", "-buff_size", "4194304", "-trace_stat", "-stf", statistics, "-fd", "1", *local]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=calls / rate + 45, check=False, cwd=folder)
        check(done.returncode == 0, f"{' '.join(command)}: status {done.returncode}\n{done.stdout[-3000:]}")
        with open(statistics, encoding="ascii") as file:
            return list(csv.DictReader(file, delimiter=";"))[-1]


def run(name, calls, rate, *flags, host="127.0.0.1"):
    with Answer(*flags, host=host) as answer:
        statistics = call(answer, calls, rate)
        summary = answer.stop()
    failed = int(statistics["FailedCall(C)"])
    repeated = int(statistics["Retransmissions(C)"])
    print(f"{name}: {statistics['SuccessfulCall(C)']} calls at {rate}/s, {failed} failed, {repeated} "
          f"retransmissions by SIPp, {summary['retransmissions_sent']} by us, "
          f"{summary['cpu_ns_per_message']:.0f} ns of CPU a message "
          f"({summary['user_ns_per_message']:.0f} user)")
    check(int(statistics["SuccessfulCall(C)"]) == calls and failed == 0, f"{name}: calls failed")
    check(repeated == 0 and summary["retransmissions_sent"] == 0, f"{name}: retransmissions")
    check(summary["calls"]["acknowledged"] == calls and summary["calls"]["hung_up"] == calls,
          f"{name}: calls are missing in {summary['calls']}")
    check(sum(summary["drops"].values()) == 0, f"{name}: drops {summary['drops']}")
    return summary


def main():
    need("sipp")
    calls, rate = (int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (2000, 500)
    figures = []
    for name, flags, host in (("ipv4", (), "127.0.0.1"), ("ipv6", (), "::1"),
                              ("two-shards", ("--shards", "2"), "127.0.0.1")):
        summary = run(name, calls, rate, *flags, host=host)
        for what in ("cpu", "user"):
            figures.append({"name": f"sipp/{name}/{what}-ns-per-message",
                            "value": summary[f"{what}_ns_per_message"], "unit": "ns"})
        if name == "two-shards":
            invites = [shard["invites"] for shard in summary["shards"]]
            print(f"invites by shard: {invites}")
            check(all(count > calls / 4 for count in invites), "one shard took the calls of one port")
    if len(sys.argv) > 4:
        with open(sys.argv[4], "w", encoding="ascii") as file:
            json.dump({"figures": figures}, file, indent=1)


main()
