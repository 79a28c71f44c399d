#!/usr/bin/env python3
"""What the documents tell a reader to type or open must be there.

`make TARGET` is a target of the Makefile, `--preset NAME` a preset, build/release/PROGRAM a program that has been
built, and a path into a folder of ours a file of ours. NAME in a path stands for any.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import re
import subprocess
import sys

FOLDERS = "apps|bench|cmake|core|docs|examples|io|perf|pools|ragel|tests|\\.ci"


def code_of(document: str) -> list[str]:
    """The fenced blocks and the quoted words of a document: what is meant literally."""
    fenced = re.findall(r"^```(?:sh|console|bash)?\n(.*?)^```", document, re.M | re.S)
    return fenced + re.findall(r"`([^`\n]+)`", document)


def missing_from(code: str, targets: set[str], presets: set[str]) -> list[str]:
    problems = [f"make {name}: no such target"
                for name in re.findall(r"(?:^|[\s;&])make ((?!-)[a-z][a-z-]*)", code) if name not in targets]
    problems += [f"--preset {name}: no such preset"
                 for name in re.findall(r"--preset[ =]([a-z]+)", code) if name not in presets]
    problems += [f"{path}: not built"
                 for path in re.findall(r"\bbuild/release/[a-z_/]+[a-z_]\b", code)
                 if not pathlib.Path(path).exists()]
    problems += [f"{path}: no such file"
                 for path in re.findall(rf"(?<![\w./-])(?:{FOLDERS})/[\w./-]*\w", code)
                 if not any(list(pathlib.Path().glob(path.replace("NAME", "*") + end)) for end in ("", ".*"))]
    return problems


def main() -> int:
    targets = set(re.findall(r"^([a-z][a-z-]*):", pathlib.Path("Makefile").read_text(), re.M))
    presets = {preset["name"] for preset in json.loads(pathlib.Path("CMakePresets.json").read_text())["configurePresets"]}
    documents = subprocess.run(["git", "ls-files", "*.md"], capture_output=True, text=True, check=True).stdout.split()
    status = 0
    for document in documents:
        for code in code_of(pathlib.Path(document).read_text()):
            for problem in missing_from(code, targets, presets):
                print(f"{document}: {problem}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
