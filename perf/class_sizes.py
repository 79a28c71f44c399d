#!/usr/bin/env python3
"""How large classes are: functions and data members of each, declared in its own body.

  perf/class_sizes.py [NAME ...]      of these; without names, of all with more than 20 of either
  perf/class_sizes.py --tree COMMIT [NAME ...]   the same of another commit

Reads headers and sources of core/, io/ and pools/ (a class of a .cpp counts as well). What a nested
class has is that one's. Constructors, destructors and operators are functions, `= delete` is none.
Also prints the longest library file.
SPDX-License-Identifier: MIT
"""
import argparse
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "io", "pools")
ENDS = (".h", ".cpp")
NOT_COUNTED = re.compile(r"^(using|friend|static_assert|enum|typedef|public|private|protected)\b")


def files_of(commit):
    """Pairs of path and text."""
    if commit is None:
        for folder in FOLDERS:
            for path in sorted((ROOT / folder).rglob("*")):
                if path.suffix in ENDS:
                    yield str(path.relative_to(ROOT)), path.read_text()
        return
    git = ["git", "-C", str(ROOT)]
    listed = subprocess.run([*git, "ls-tree", "-r", "--name-only", commit, *FOLDERS],
                            check=True, capture_output=True, text=True).stdout
    for path in listed.split():
        if path.endswith(ENDS):
            yield path, subprocess.run([*git, "show", f"{commit}:{path}"], check=True,
                                       capture_output=True, text=True).stdout


def without_comments(text):
    text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r'"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])\'', '""', text)
    return re.sub(r"^[ \t]*#.*$", " ", text, flags=re.M)


def closing(text, at):
    """The place behind the brace that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[i], 0)
        if depth == 0:
            return i + 1
    return len(text)


def statements_of(body):
    """What stands between semicolons and blocks on the first level; blocks are cut out."""
    statement, i = "", 0
    while i < len(body):
        if body[i] == "{":
            i = closing(body, i)
            statement += "{}"
            rest = body[i:].lstrip()
            is_block = re.search(r"\)[^=]*\{\}$|^(public|private|protected)", statement.strip())
            if is_block and not rest.startswith((";", ",", "{")):
                yield statement
                statement = ""
            continue
        if body[i] == ";":
            yield statement
            statement = ""
        else:
            statement += body[i]
        i += 1


def sizes_of(body):
    functions = members = 0
    for statement in statements_of(body):
        text = re.sub(r"\b(public|private|protected)\s*:", " ", statement)
        text = re.sub(r"\[\[[^\]]*\]\]|alignas\([^)]*\)|template\s*<[^<>]*(<[^<>]*>[^<>]*)*>", " ", text)
        text = " ".join(text.split())
        if not text or NOT_COUNTED.match(text) or re.match(r"(class|struct|union)\b[^(]*(\{\})?$", text):
            continue
        if re.search(r"=\s*delete$", text) or re.match(r"static constexpr\b[^(]*=", text):
            continue
        head = re.split(r"(?<![=<>!])=(?!=)|\{", text)[0]
        if "(" in re.sub(r"<[^()]*>", "", head) or "operator" in head:
            functions += 1
        elif not text.startswith("static constexpr"):
            members += 1
    return functions, members


def classes_of(text, outer=""):
    """Pairs of name and body, nested classes included; a body has its nested ones cut out."""
    for found in re.finditer(r"\b(?:class|struct)\s+(?:alignas\([^)]*\)\s*)?([\w:]+)[^;{}()=]*\{", text):
        yield found.group(1), text[found.end():closing(text, found.end() - 1) - 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", help="a commit")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    rows, longest = [], (0, "")
    for path, text in files_of(arguments.tree):
        longest = max(longest, (len(text.splitlines()), path))
        for name, body in classes_of(without_comments(text)):
            rows.append((*sizes_of(body), name, path))
    if arguments.names:
        rows = [row for row in rows if row[2] in arguments.names]
    else:
        rows = [row for row in rows if max(row[0], row[1]) > 20]
    print(f"{'functions':>9} {'members':>8}  class")
    for functions, members, name, path in sorted(rows, reverse=True):
        print(f"{functions:9} {members:8}  {name} ({path})")
    print(f"longest file: {longest[0]} lines, {longest[1]}")


if __name__ == "__main__":
    main()
