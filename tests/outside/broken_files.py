#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""Bits flipped in every kind of file of a market's folder, and what the market does about it.

    tests/outside/broken_files.py [--flips 3] [--seed N]

- journal: a record that is not the last is refused with file, offset and sequence; nothing is served from it;
- snapshot: left out; an older one, or the journal from its beginning, gives the same state;
- view: a broken view file is left out and made again from the journal. Its histories carry no checksum: a flip in one is
  shown until view/ is removed, which makes them again (docs/reliability-faults.md);
- documents: the market serves, but never a paper that is not what its hash says;
- identity: SQLite finds what it can; the market opens, or says in one line that the file is broken.
Whatever opens holds each acknowledged bid once.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

from faults import Faulty, HULAN, SERVE


def flip(path, chance, low, high):
    """Turns a bit of a byte of [low, high); its offset."""
    at = chance.randrange(low, high)
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ (1 << chance.randrange(8))]))
    return at


def opens(faulty):
    """Whether the market opens, and what it said."""
    ready = faulty.start()
    status = faulty.end()
    return ready, status, faulty.output()


def written(path):
    """The bytes of a file up to its last that is not zero."""
    return len(path.read_bytes().rstrip(b"\0"))


class Broken:
    def __init__(self, faulty, bids, whole, chance):
        self.faulty, self.bids, self.whole, self.chance = faulty, bids, whole, chance
        self.failed = self.passed = 0

    def restore(self):
        shutil.rmtree(self.faulty.market.dir)
        shutil.copytree(self.whole, self.faulty.market.dir)

    def expect(self, name, truth, said):
        self.passed, self.failed = self.passed + bool(truth), self.failed + (not truth)
        if not truth:
            print(f"{name}: {said}", flush=True)

    def journal(self, path, last):
        self.restore()
        high = written(path)
        # The last batch of the last segment might be one whose write was cut short: it is left whole here.
        at = flip(path, self.chance, 0, max(high - (8192 if last else 0), 4096))
        ready, status, said = opens(self.faulty)
        # What the newest snapshot stands for is not read at the start; `hulan verify` reads everything.
        code, out, err = self.faulty.market.tool("verify", self.faulty.market.dir)
        named = re.search(re.escape(path.name) + r" at byte \d+, sequence \d+", out + err)
        padding = code == 0 and not ready
        self.expect(f"{path.name} flipped at {at}", code != 0 and named and not padding, out + err + said)
        if not ready:
            self.expect(f"{path.name} flipped at {at}, start", status not in (0, None) and path.name in said, said)

    def derived(self, path):
        self.restore()
        at = flip(path, self.chance, 0, max(written(path), 1))
        if path.suffix == ".history":
            shutil.rmtree(path.parent)
        left = self.faulty.check(self.bids)
        # `hulan verify` names a broken snapshot, and rightly; all else must be as before.
        lines = [line for line in left.lines if "verify" not in line or ".snapshot" not in line]
        self.expect(f"{path.name} flipped at {at}", not lines, lines[:3])

    def identity(self, path):
        self.restore()
        at = flip(path, self.chance, 0, path.stat().st_size)
        ready, status, said = opens(self.faulty)
        told = status not in (0, None) and status > 0 and said.strip()
        self.expect(f"{path.name} flipped at {at}", ready or told, f"status {status}: {said}")

    def document(self, path):
        self.restore()
        at = flip(path, self.chance, 0, path.stat().st_size)
        code, out, err = 0, "", ""
        ready, status, said = opens(self.faulty)
        self.expect(f"{path.name} flipped at {at}", ready, f"status {status}: {said}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--flips", type=int, default=3, help="of each file")
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    faulty = Faulty()
    try:
        bids, _ = faulty.run(60)
        whole = faulty.temporary / "whole"
        shutil.copytree(faulty.market.dir, whole)
        broken = Broken(faulty, bids, whole, chance)
        folder = faulty.market.dir
        files = lambda pattern: sorted(folder / path.relative_to(whole) for path in whole.glob(pattern) if path.stat().st_size)
        journals = [path for path in files("journal/*.journal") if written(path) > 4096]
        for _ in range(options.flips):
            for path in journals:
                broken.journal(path, path == journals[-1])
            for path in files("snapshots/*.snapshot") + files("view/*"):
                broken.derived(path)
            for path in files("identity.db*"):
                broken.identity(path)
            for path in files("documents/*/*")[:3]:
                broken.document(path)
    finally:
        faulty.close()
    print(f"{broken.passed} passed, {broken.failed} failed, 0 skipped")
    sys.exit(1 if broken.failed else 0)


if __name__ == "__main__":
    if not os.path.exists(HULAN):
        sys.exit("build it first: script/build")
    main()
