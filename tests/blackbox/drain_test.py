"""SIPp calls two shards, and one of them is told to go in the middle (SIGUSR1): no call fails, whether it began
before, on the shard that drains, or after; and neither side has to repeat itself.

    drain_test.py SIPRING

SPDX-License-Identifier: MIT
"""
import csv
import os
import signal
import subprocess
import tempfile

from answer import Answer, check, need

CALLS, RATE, HOLD_MS = 900, 150, 700


def start_sipp(answer, folder):
    command = ["sipp", "-sn", "uac", answer.address, "-r", str(RATE), "-m", str(CALLS), "-d", str(HOLD_MS), "-nostdin",
               "-buff_size", "4194304", "-trace_stat", "-stf", f"{folder}/statistics.csv", "-fd", "1", "-i", answer.host]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)


def wait_for_calls(answer):
    """Until they are under way on both shards."""
    for _ in range(20):
        if min(shard["transactions"] for shard in answer.second()["shards"]) > 40:
            return
    check(False, "sipp does not call")


def run(steering):
    with tempfile.TemporaryDirectory() as folder:
        with Answer("--shards", "2", "--steering", steering, "--patience", "3") as answer:
            sipp = start_sipp(answer, folder)
            wait_for_calls(answer)
            answer.process.send_signal(signal.SIGUSR1)
            check(sipp.wait(timeout=60) == 0, f"{steering}: sipp failed")
            summary = answer.stop()
        with open(os.path.join(folder, "statistics.csv"), encoding="ascii") as file:
            statistics = list(csv.DictReader(file, delimiter=";"))[-1]
    invites = [shard["invites"] for shard in summary["shards"]]
    print(f"{steering}: {statistics['SuccessfulCall(C)']} calls, {statistics['FailedCall(C)']} failed, "
          f"{statistics['Retransmissions(C)']} retransmissions, invites by shard {invites}")
    check(int(statistics["SuccessfulCall(C)"]) == CALLS, f"{steering}: calls failed")
    check(summary["calls"]["hung_up"] == CALLS, f"{steering}: {summary['calls']}")
    check(summary["retransmissions_sent"] == 0, f"{steering}: retransmissions")
    check(sum(invites) == CALLS and 20 < invites[1] < CALLS / 3, f"{steering}: the shard did not drain: {invites}")


def main():
    need("sipp")
    for steering in ("handover", "auto"):
        run(steering)


main()
