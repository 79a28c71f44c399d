"""docs/command.md says what `--help` says: each flag with its default, in the table of its subcommand, with an
example that is understood; and its shell blocks run.

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from answer import check, free_port, program

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "command.md"


def sections():
    """{subcommand: its part of the document}"""
    parts = re.split(r"^## sipring (\w+)\n", DOCUMENT.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def rows(section):
    """{flag: (default, example)} of a section's table"""
    found = re.findall(r"^\| `(--[\w-]+)` \|(.*?)\| .* \| `([^`]*)` \|$", section, re.MULTILINE)
    return {flag: (default.strip(), example) for flag, default, example in found}


def ask(*arguments):
    return subprocess.run([program(), *arguments], capture_output=True, text=True, timeout=20)


def flags_of(subcommand):
    """{flag: default} as the help has them; an empty default where it names none"""
    found = re.findall(r"^  (--[\w-]+)([^\n]*)", ask(subcommand, "--help").stdout, re.MULTILINE)
    return {flag: default_of(rest) for flag, rest in found}


def default_of(rest):
    match = re.match(r" \S+(?: in \[[^\]]*\])?=(\[[^\]]*\]|\S+)", rest)
    return match.group(1).strip("[]") if match else ""


def check_subcommand(subcommand, section):
    told, known = rows(section), flags_of(subcommand)
    check(known, f"{subcommand} --help names no flag")
    for flag in sorted(known.keys() ^ told.keys()):
        check(False, f"{flag} of {subcommand} is {'not in the document' if flag in known else 'not in --help'}")
    for flag, (default, example) in told.items():
        check(default == known[flag], f"{subcommand} {flag}: default {default!r}, --help has {known[flag]!r}")
        check(flag in shlex.split(example), f"{subcommand} {flag}: the example has no such flag")
        done = ask(subcommand, *shlex.split(example), "--help")
        check(done.returncode == 0, f"{subcommand} {example}: {done.stderr}")


def run_block(block):
    """Runs a shell block of the document, on a port that is free."""
    script = re.sub(r"(?<=127\.0\.0\.1:)50[67]0", str(free_port()), block)
    path = os.path.dirname(program()) + os.pathsep + os.environ["PATH"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["sh", "-ec", script], cwd=folder, env={**os.environ, "PATH": path},
                              capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, f"{script}\nends with {done.returncode}: {done.stdout}{done.stderr}")


def check_man_page():
    """The page that the package holds: groff has nothing to say against it, and every flag is in it."""
    root = DOCUMENT.parents[1]
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "sipring.1")
        subprocess.run([sys.executable, "-B", root / "cmake" / "man_page.py", DOCUMENT, "0", page], check=True)
        text = pathlib.Path(page).read_text()
        if shutil.which("groff"):
            said = subprocess.run(["groff", "-man", "-ww", "-z", page], capture_output=True, text=True)
            check(said.returncode == 0 and not said.stderr, f"groff of sipring.1: {said.stderr}")
    for section in sections().values():
        for flag in rows(section):
            check(flag.replace("-", "\\-") in text, f"sipring.1 has no {flag}")


def main():
    parts = sections()
    commands = re.search(r"^Subcommands:\n((?:  .*\n)+)", ask("--help").stdout, re.MULTILINE)
    check(set(re.findall(r"^  (\w+)", commands.group(1), re.MULTILINE)) == set(parts),
          "the document has a section for each subcommand, and no other")
    for subcommand, section in parts.items():
        check_subcommand(subcommand, section)
    for block in re.findall(r"^```sh\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL):
        run_block(block)
    check_man_page()


if __name__ == "__main__":
    main()
