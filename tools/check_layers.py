#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on an include that goes against docs/ARCHITECTURE.md, on a cycle of folders, and on floating
point where money and weight are worked out. Argument: another root than this repository.

A folder's own files hold what its subfolders share and the door over them, so an include between a
folder and its own subfolder closes no cycle; subfolders beside each other must have none."""
import re
import sys
from pathlib import Path

# What each folder under src/ may include beside itself; everything may include base.
MAY_INCLUDE = {
    "base": set(),
    "model": set(),
    "io": set(),
    "journal": {"model", "io"},
    "proof": {"journal", "io"},
    "engine": {"model"},
    "cluster": {"model", "io", "journal"},
    "runtime": {"engine", "journal", "cluster", "io", "model"},
    "projections": {"model", "io"},
    "documents": {"io"},
    "identity": {"model", "io"},
    "gateways": {"model", "projections", "documents", "identity", "io"},
    "hulan": {"model", "io", "journal", "proof", "engine", "cluster", "runtime", "projections", "documents",
              "identity", "gateways"},
}
EXACT_FOLDERS = {"engine", "model", "journal", "proof"}  # R1.4: no floating point

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)
FLOATING = re.compile(r"\b(float|double)\b")


def sources(src):
    return sorted(p for p in src.rglob("*") if p.suffix in (".cc", ".h"))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def beside(a, b):
    """True of two folders neither of which holds the other."""
    return a != b and a not in b.parents and b not in a.parents


def check_file(src, path, edges):
    """Problems of one file; adds its folder edges (tests left out, as nothing depends on them)."""
    text = path.read_text()
    inside = path.relative_to(src)
    top = inside.parts[0]
    for match in INCLUDE.finditer(text):
        target = Path(match.group(1))
        place = f"src/{inside}:{line_of(text, match.start())}"
        if not (src / target).is_file():
            yield f'{place}: "{target}" is no file below src/ (name it from src/)'
            continue
        if target.parts[0] not in MAY_INCLUDE.get(top, set()) | {top, "base"}:
            yield f"{place}: {top} may not include {target.parts[0]} ({target})"
        if beside(inside.parent, target.parent) and not path.name.endswith("_test.cc"):
            edges.setdefault(inside.parent, {}).setdefault(target.parent, place)
    if top in EXACT_FOLDERS:
        for match in FLOATING.finditer(NOT_CODE.sub(blank, text)):
            yield f"src/{inside}:{line_of(text, match.start())}: floating point ({match.group()})"


def find_cycle(edges):
    """One cycle of folders as a list of folders, or None."""
    done, stack = set(), []

    def visit(folder):
        if folder in stack:
            return stack[stack.index(folder):] + [folder]
        if folder in done:
            return None
        stack.append(folder)
        for target in sorted(edges.get(folder, {})):
            if cycle := visit(target):
                return cycle
        stack.pop()
        done.add(folder)
        return None

    return next((cycle for folder in sorted(edges) if (cycle := visit(folder))), None)


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    src, edges, problems = root / "src", {}, []
    for folder in sorted(p.name for p in src.iterdir() if p.is_dir()):
        if folder not in MAY_INCLUDE:
            problems.append(f"src/{folder}: no layer is stated for it in tools/check_layers.py")
    files = sources(src)
    for path in files:
        problems += check_file(src, path, edges)
    if cycle := find_cycle(edges):
        problems.append("cycle of folders: " + " -> ".join(map(str, cycle)))
        problems += [f"  {edges[a][b]} includes {b}" for a, b in zip(cycle, cycle[1:])]
    print("\n".join(problems) or f"layers: {len(files)} files include only downwards")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
