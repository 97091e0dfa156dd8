#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a copy of one source file with one bug of mutants.toml planted: plant.py NAME OUTPUT-FOLDER.

Prints the file's path in the tree and the path of the copy. Called by CMake (option HULAN_MUTANT)."""
import pathlib
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main() -> int:
    name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    mutants = tomllib.loads((ROOT / "simulation/mutants/mutants.toml").read_text())
    if name not in mutants:
        print(f"plant.py: HULAN_MUTANT={name} is none of mutants.toml", file=sys.stderr)
        return 2
    mutant = mutants[name]
    source = (ROOT / mutant["file"]).read_text()
    places = [(mutant[old], mutant[new]) for old, new in (("old", "new"), ("old2", "new2")) if old in mutant]
    planted = source
    for old, new in places:
        if source.count(old) != 1:
            print(f"plant.py: {name}: its text stands {source.count(old)} times in "
                  f"{mutant['file']}, expected once", file=sys.stderr)
            return 2
        planted = planted.replace(old, new)
    copy = folder / name / pathlib.Path(mutant["file"]).name
    copy.parent.mkdir(parents=True, exist_ok=True)
    if not copy.exists() or copy.read_text() != planted:
        copy.write_text(planted)
    print(f"{ROOT / mutant['file']};{copy}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
