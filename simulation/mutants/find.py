#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants each bug of mutants.toml in turn and lets the simulator look for it, one line each.

find.py [NAME...] [--cpu-minutes 10] [--commands 20000] [--sound]
--sound only shows that every bug can still be planted. The build is in build/mutants."""
import argparse
import pathlib
import re
import resource
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/mutants"
MUTANTS = tomllib.loads((ROOT / "simulation/mutants/mutants.toml").read_text())


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(name: str) -> None:
    subprocess.run(["cmake", "--preset", "release", "-B", BUILD, f"-DHULAN_MUTANT={name}"],
                   cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(["ninja", "-C", BUILD, "hulan-sim"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name} does not build:\n{done.stdout[-3000:]}")


def look(name: str, args: argparse.Namespace) -> str | None:
    """What gave the bug away, with seed and commands; None: not found in time."""
    begin, seed = cpu_seconds(), 1
    while cpu_seconds() - begin < args.cpu_minutes * 60:
        run = subprocess.run([BUILD / "hulan-sim", "--seed", str(seed), "--commands",
                              str(args.commands)], capture_output=True, text=True)
        spent = cpu_seconds() - begin
        broken = re.search(r'commands=(\d+).* broken: ("[^"]*").*?: (.*); shortest', run.stdout)
        if broken:
            return f"{broken[2]} seed {seed}, {broken[1]} commands, {spent:.0f} s: {broken[3]}"
        if run.returncode != 0:  # the program's own assertions stopped it
            reason = run.stderr.strip().splitlines() or [f"ended with {run.returncode}"]
            return f"assertion, seed {seed}, {spent:.0f} s: {reason[-1]}"
        seed += 1
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--cpu-minutes", type=float, default=10)
    parser.add_argument("--commands", type=int, default=20000)
    parser.add_argument("--sound", action="store_true")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in MUTANTS]
    if unknown:
        print(f"find.py: {unknown[0]} is none of mutants.toml", file=sys.stderr)
        return 2
    names = args.names or list(MUTANTS)
    missed = 0
    for name in names:
        mutant = MUTANTS[name]
        if args.sound:
            source = (ROOT / mutant["file"]).read_text()
            good = all(source.count(mutant[old]) == 1 for old in ("old", "old2") if old in mutant)
            missed += not good
            if not good:
                print(f"{name}: its text is not found once in {mutant['file']}")
            continue
        build(name)
        found = look(name, args)
        missed += found is None
        print(f"{name} ({mutant['what']}): {found or 'NOT FOUND'}", flush=True)
    print(f"{len(names) - missed} of {len(names)} {'can be planted' if args.sound else 'found'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
