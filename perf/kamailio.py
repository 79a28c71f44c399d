#!/usr/bin/env python3
"""`sipring answer`, transaction-stateful, beside Kamailio answering statelessly (sl_send_reply): OPTIONS at saturation on one CPU, in
slices that alternate. Each is measured beside the same raw echo; what a request costs is the inverse of its rate.
Writes build/perf/kamailio.json.

    perf/kamailio.py [ROUNDS]       a round is a minute of each; 3 by default

T1 is 500 ms, and the pool holds 2,097,152 transactions (perf/echo.sh says why); Kamailio keeps none. What counts is after 40 s.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from measure import ROOT, figure, write_figures

MOST_OF_KAMAILIO = 0.6  # the bar: CPU for each request
BUILD = ROOT / "build/release"

CONFIGURATION = """
debug=-1
log_stderror=yes
children=1
auto_aliases=no
dns=no
rev_dns=no
loadmodule "sl.so"
request_route {
  sl_send_reply("200", "OK");
}
"""

ANSWER = [BUILD / "sipring", "answer", "--listen", "udp:{}", "--shards", "1", "--transactions", "2097152", "--log-level", "error"]


def ratio_to_echo(label: str, command: list) -> float:
    """Requests answered a second, by those that a raw echo returns in the same seconds."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([BUILD / "bench/options_flood", "--rounds", "60", "--settle", "40", "--label", label, "--json", file.name, "--", *command],
                       check=True, stdout=subprocess.DEVNULL)
        figures = json.loads(pathlib.Path(file.name).read_text())["figures"]
    return next(f["value"] for f in figures if f["name"].endswith("ratio-to-echo"))


def main() -> int:
    if shutil.which("kamailio") is None:
        print("kamailio is not installed: cmake/deps.sh compare")
        return 2
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder) / "kamailio.cfg"
        configuration.write_text(CONFIGURATION)
        kamailio = ["kamailio", "-f", configuration, "-DD", "-E", "-x", "fm", "-X", "fm", "-Y", folder, "-l", "udp:{}"]
        for _ in range(rounds):
            ours.append(ratio_to_echo("answer/options", ANSWER))
            theirs.append(ratio_to_echo("kamailio/options", kamailio))
    cost = statistics.median(theirs) / statistics.median(ours)
    print(f"beside a raw echo: sipring answer {statistics.median(ours):.3f}, Kamailio {statistics.median(theirs):.3f} of its rate")
    print(f"an OPTIONS costs sipring {cost:.3f} of what it costs Kamailio (bar {MOST_OF_KAMAILIO})")
    write_figures("kamailio", [figure("answer/options/cpu-over-kamailio", cost, "ratio"),
                               figure("kamailio/options/ratio-to-echo", statistics.median(theirs), "ratio")])
    return 0 if cost <= MOST_OF_KAMAILIO else 1


if __name__ == "__main__":
    sys.exit(main())
