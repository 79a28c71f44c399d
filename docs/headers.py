#!/usr/bin/env python3
"""The index of the public headers, docs/headers.md, out of the first sentence of each: headers.py --write | --check

A header is public unless it lies in a folder detail/, or in one of io's that no other module may read. --check fails where the index is not what the headers say, where
one says nothing, or where there are more than there may be: one for each header field or what several have in common (FIELDS), and the others.

SPDX-License-Identifier: MIT
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
INDEX = ROOT / "docs" / "headers.md"
MODULES = ("core", "io", "pools")
PRIVATE = ("io/udp", "io/post", "io/tls", "io/stream", "io/names")
FIELDS = "core/message/header"
MOST_FIELDS = 54
MOST_OTHERS = 120
OPENING = """# Public headers

Written by docs/headers.py from the first sentence of each header: `make headers`. What lies in a folder `detail/` is for its neighbours; an
installation has it only where a public header reads it. Most embedders need `core/engine.h` or `io/server.h`, and what they lead to.
"""


def first_sentence(path):
    """Of the comment that the file opens with; empty where there is none."""
    words = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        comment = re.fullmatch(r"//(?: (.*))?", line)
        if not comment or not comment.group(1) or comment.group(1).startswith("SPDX-License-Identifier"):
            break
        words.append(comment.group(1).strip())
    text = " ".join(words)
    end = re.search(r"\.(?= |$)", text)
    return (text[:end.start()] if end else text).replace("|", "\\|")


def public_headers():
    """{folder: its headers}, folders in the order of their names."""
    folders = {}
    for module in MODULES:
        for path in sorted((ROOT / module).rglob("*.h")):
            folder = str(path.parent.relative_to(ROOT))
            if "detail" not in folder.split("/") and folder not in PRIVATE:
                folders.setdefault(folder, []).append(path)
    return dict(sorted(folders.items()))


def index(folders):
    """The document."""
    lines = [OPENING]
    for folder, paths in folders.items():
        lines += [f"## {folder}/", "", "| header | |", "|---|---|"]
        lines += [f"| `{path.name}` | {first_sentence(path)} |" for path in paths]
        lines.append("")
    return "\n".join(lines)


def main(mode):
    folders = public_headers()
    if mode == "--write":
        INDEX.write_text(index(folders), encoding="utf-8")
        return 0
    fields = len(folders[FIELDS])
    others = sum(map(len, folders.values())) - fields
    silent = [str(path.relative_to(ROOT)) for paths in folders.values() for path in paths if not first_sentence(path)]
    for path in silent:
        print(f"{path} does not say what it is")
    are_few = fields <= MOST_FIELDS and others <= MOST_OTHERS
    if not are_few:
        print(f"public headers: {fields} of {FIELDS}, {MOST_FIELDS} at most; {others} others, {MOST_OTHERS} at most")
    is_current = INDEX.read_text(encoding="utf-8") == index(folders)
    if not is_current:
        print("docs/headers.md is not what the headers say: make headers")
    return 0 if is_current and not silent and are_few else 1


if __name__ == "__main__":
    if sys.argv[1:] not in (["--write"], ["--check"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
