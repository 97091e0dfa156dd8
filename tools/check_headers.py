#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on a source file without its licence line, and on a package lock that names a download
address (such a lock works with one registry only). Argument: another root than this repository."""
import subprocess
import sys
from pathlib import Path

SUFFIXES = {".cc", ".h", ".ts", ".js", ".mjs", ".svelte", ".css", ".py", ".sh", ".sql", ".cmake"}
FOLDERS_OF_SCRIPTS = {"script", "tools", ".ci"}
LICENCE = "SPDX-License-Identifier: Apache-2.0"


def tracked(root):
    names = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"],
                           check=True, capture_output=True).stdout
    return [Path(name) for name in names.decode().split("\0") if name]


def needs_licence(name):
    return (name.suffix in SUFFIXES or
            name.parts[0] in FOLDERS_OF_SCRIPTS and name.suffix in ("", ".py", ".txt"))


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    problems, seen = [], 0
    for name in tracked(root):
        path = root / name
        if not path.is_file():
            continue
        if needs_licence(name):
            seen += 1
            if LICENCE not in "".join(path.read_text().splitlines(keepends=True)[:5]):
                problems.append(f"{name}: no '{LICENCE}' in its first five lines")
        if name.name == "package-lock.json" and '"resolved"' in path.read_text():
            problems.append(f"{name}: names download addresses; write it with "
                            "`npm install --omit-lockfile-registry-resolved`")
    print("\n".join(problems) or f"headers: {seen} files carry the licence line")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
