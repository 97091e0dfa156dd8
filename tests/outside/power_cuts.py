#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""Power cuts: what was not synced is lost, partly there, or there, as the disk pleases.

    tests/outside/power_cuts.py [--cuts 20] [--runs 1] [--bids 60] [--seed N] [--lying-disk]

The real server runs with file_faults.c under it, which notes each change of a file with its data and time. Then, for
points at random, the disk is made as a cut there could have left it:
- a write survives if the file was synced after it or it was made through a descriptor that syncs each write; of the
  others each survives or not, or in part (sectors of 512 bytes);
- a created, renamed or removed name survives if its folder was synced after it; of the others of one folder a beginning does;
- of a write that was under way at the cut, a part may be there.
The server opens that disk. Each command acknowledged before the cut stands there once, where the client was told;
nothing else does; `hulan verify` finds the whole sound.
"""

import argparse
import os
import random
import shutil
import sys
from copy import copy
from pathlib import Path

from faults import (ALLOCATE, CREATE, Faulty, HULAN, MKDIR, RENAME, SYNC, SYNC_DIRECTORY, TRUNCATE, UNLINK, WRITE,
                    read_log)

SECTOR = 512


class File:
    """What is on the disk of one file, and what is only on its way there."""

    def __init__(self, content=b""):
        self.disk, self.waiting = bytearray(content), []

    @staticmethod
    def apply(content, kind, offset, data):
        if kind == WRITE:
            if len(content) < offset + len(data):
                content.extend(bytes(offset + len(data) - len(content)))
            content[offset:offset + len(data)] = data
        elif kind == TRUNCATE:
            del content[offset:]
            content.extend(bytes(offset - len(content)))
        elif len(content) < offset:
            content.extend(bytes(offset - len(content)))

    def change(self, call):
        if call.durable:
            self.apply(self.disk, call.kind, call.offset, call.data)
        else:
            self.waiting.append((call.kind, call.offset, call.data))

    def sync(self):
        for change in self.waiting:
            self.apply(self.disk, *change)
        self.waiting.clear()

    def after_cut(self, chance):
        content = bytearray(self.disk)
        for kind, offset, data in self.waiting:
            if chance.random() < 0.4:
                continue
            if kind != WRITE or chance.random() < 0.5:
                self.apply(content, kind, offset, data)
                continue
            for at in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    self.apply(content, WRITE, offset + at, data[at:at + SECTOR])
        return content


class Disk:
    """Files by inode and names by path; names on the disk, and changes of names on their way there, by folder."""

    def __init__(self, root, inodes):
        self.root = root
        self.names, self.files = {}, {}  # as the server sees them
        self.waiting = {}
        for path, (inode, content) in inodes.items():
            self.files[inode] = self.names[path] = File(content) if content is not None else None
        self.disk = dict(self.names)

    def play(self, call):
        if call.failed:
            return
        if call.kind == CREATE:
            self.files[call.inode] = File()
            self.name(call.path, self.files[call.inode])
        elif call.kind == MKDIR:
            self.name(call.path, None)
        elif call.kind == UNLINK:
            self.name(call.path, False)
        elif call.kind == RENAME:
            file, to = self.names[call.path], call.data.decode()
            self.waiting.setdefault(os.path.dirname(to), []).append((call.path, to, file))
            del self.names[call.path]
            self.names[to] = file
        elif call.kind == SYNC_DIRECTORY:
            self.sync_directory(call)
        elif call.kind == SYNC:
            self.files[call.inode].sync()
        elif call.inode in self.files:
            self.files[call.inode].change(call)

    def name(self, path, file):
        if file is False:
            self.names.pop(path, None)
        else:
            self.names[path] = file
        self.waiting.setdefault(os.path.dirname(path), []).append((None, path, file))

    def sync_directory(self, call):
        folder = self.folder_of[call.inode]
        for change in self.waiting.pop(folder, []):
            self.change_name(self.disk, *change)

    @staticmethod
    def change_name(names, source, path, file):
        if source:
            names.pop(source, None)
        if file is False:
            names.pop(path, None)
        else:
            names[path] = file

    def cut(self, to, chance):
        """Writes what is left of the disk to `to`."""
        names = dict(self.disk)
        for changes in self.waiting.values():
            for change in changes[:chance.randrange(len(changes) + 1)]:
                self.change_name(names, *change)
        shutil.rmtree(to, ignore_errors=True)
        for path in sorted(names):
            target = Path(to) / os.path.relpath(path, self.root)
            file = names[path]
            if not target.parent.exists():
                continue  # its folder never reached the disk
            if file is None:
                target.mkdir(exist_ok=True)
            else:
                target.write_bytes(file.after_cut(chance))


def state_of(root):
    """Each file and folder below: path -> (inode, content; None for a folder)."""
    found = {str(root): (os.stat(root).st_ino, None)}
    for folder, folders, files in os.walk(root):
        for name in folders:
            path = os.path.join(folder, name)
            found[path] = (os.stat(path).st_ino, None)
        for name in files:
            path = os.path.join(folder, name)
            found[path] = (os.stat(path).st_ino, Path(path).read_bytes())
    return found


def folders(begun, calls, root):
    """Folders by inode: those that were there, and those that are there at the end."""
    known = {inode: path for path, (inode, content) in begun.items() if content is None}
    for folder, _, _ in os.walk(root):
        known[os.stat(folder).st_ino] = folder
    return known


def told_before(bids, time_ns):
    """The bids as they stood at a moment: an answer that came later had not come."""
    found = []
    for bid in bids:
        bid = copy(bid)
        if bid.told_ns is None or bid.told_ns >= time_ns:
            bid.told = None
        found.append(bid)
    return found


def one_run(faulty, options, chance):
    """Records a run and cuts it at random points; (cuts, cuts with a fault, acknowledged before all cuts)."""
    log = faulty.temporary / "calls"
    faulty.fresh()
    begun = state_of(faulty.market.dir)
    bids = faulty.work(options.bids) if faulty.start(LOG=log) else []
    faulty.end()
    calls = read_log(log)
    if options.lying_disk:
        calls = [call for call in calls if call.kind not in (SYNC, SYNC_DIRECTORY)]
        for call in calls:
            call.durable = False
    by_inode = folders(begun, calls, faulty.market.dir)
    places = sorted(chance.sample(range(1, len(calls)), min(options.cuts, len(calls) - 1)))
    disk, failed, acknowledged, at = Disk(str(faulty.market.dir), begun), 0, 0, 0
    disk.folder_of = by_inode
    for place in places:
        for call in calls[at:place]:
            disk.play(call)
        at = place
        cut_disk = faulty.temporary / "cut"
        seed = chance.getrandbits(32)
        disk.cut(cut_disk, random.Random(seed))
        shutil.rmtree(faulty.market.dir)
        cut_disk.rename(faulty.market.dir)
        left = faulty.check(told_before(bids, calls[place - 1].time_ns))
        acknowledged += left.acknowledged
        failed += bool(left.lines)
        for line in left.lines[:10]:
            print(f"cut after call {place} of {len(calls)}: {line}")
    return len(places), failed, acknowledged


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=20, help="of each run")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--bids", type=int, default=60)
    parser.add_argument("--lying-disk", action="store_true", help="syncs do nothing: acknowledged bids must be missed")
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    random.seed(options.seed)
    chance = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    faulty = Faulty()
    cuts = failed = acknowledged = 0
    try:
        for number in range(1, options.runs + 1):
            made, wrong, told = one_run(faulty, options, chance)
            cuts, failed, acknowledged = cuts + made, failed + wrong, acknowledged + told
            print(f"run {number}/{options.runs}: {cuts} cuts, {acknowledged} acknowledged before them, "
                  f"{failed} cuts with a fault", flush=True)
    finally:
        faulty.close()
    print(f"{cuts - failed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    if not os.path.exists(HULAN):
        sys.exit("build it first: script/build")
    main()
