#!/usr/bin/env python3
"""The manual page of the command, sipring(1), out of docs/command.md: man_page.py DOCUMENT VERSION sipring.1.gz

Knows what that document has: headings, paragraphs, links, code, shell blocks, tables of flags.

SPDX-License-Identifier: MIT
"""
import gzip
import re
import sys

TITLE = "sipring \\- a SIP user agent, load generator, softphone and analyser"


def escape(text):
    """Plain text as groff takes it."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("|", "\\(ba")
    return "\\&" + text if text.startswith((".", "'")) else text


def inline(text):
    """A paragraph's text: links lose their target, code is bold."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return "".join(f"\\fB{escape(part)}\\fR" if index % 2 else escape(part)
                   for index, part in enumerate(text.split("`"))).lstrip()


def flag(row):
    """A row of a table: flag, default, what, example."""
    name, default, what, example = re.match(r"\| `(.*?)` \|(.*?)\| (.*) \| (`.*`) \|$", row).groups()
    also = f" (default {default.strip()})" if default.strip() else ""
    return [".TP", f"\\fB{escape(name)}\\fR", inline(what + also) + ".", ".br", f"Example: {inline(example)}"]


def page(document, version):
    lines = [f'.TH SIPRING 1 "" "sipring {version}" "User Commands"', ".SH NAME", TITLE, ".SH SYNOPSIS",
             ".B sipring", "answer | call | load | check | capacity [flags]", ".SH DESCRIPTION"]
    in_block = False
    for line in document.split("\n")[1:]:
        if line.startswith("```"):
            in_block = not in_block
            lines += [".PP", ".nf", ".RS"] if in_block else [".RE", ".fi"]
        elif in_block:
            lines.append(escape(line))
        elif line.startswith("## "):
            lines.append(f".SH {line[3:].upper()}")
        elif line.startswith("| `"):
            lines += flag(line)
        elif line.startswith("|"):
            continue
        elif not line:
            lines.append(".PP")
        else:
            lines.append(inline(line))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as source:
        text = page(source.read(), sys.argv[2]).encode()
    with open(sys.argv[3], "wb") as target:
        target.write(gzip.compress(text, mtime=0) if sys.argv[3].endswith(".gz") else text)
