#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""The real server killed at every call that changes a file, one call after the other; or each such call failed once.

    tests/outside/kill_each_call.py [--every 1] [--bids 24] [--fail ENOSPC|EIO]

A run of the program (from its start, through bids, snapshots and new segments, to its end) is made once to count its
calls: creation, write, sync, rename, removal, length, room, folder. Then the same run is made again and again, each time killed
just before one of them, and opened again: each acknowledged command stands in the journal once, where the
client was told; nothing stands there that was not sent; sent again, each is answered once; `hulan verify` finds
the whole sound. With --fail the call fails instead: the server may go on or end with a line that says why.
"""

import argparse
import errno
import os
import random
import sys
from collections import Counter

from faults import Faulty, HULAN, KINDS, read_log


def one(faulty, number, options):
    """The run with the fault at call `number`: what is wrong with what is left, and how the server ended."""
    if options.fail:
        bids, status = faulty.run(options.bids, FAIL=number, ERRNO=getattr(errno, options.fail))
    else:
        bids, status = faulty.run(options.bids, KILL=number)
    said = faulty.output()
    left = faulty.check(bids)
    if options.fail and status not in (0, None) and not said.strip():
        left.fault("wrong", f"ended with status {status} and said nothing")
    return left, status


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="take each EVERY-th call only, from a random first one")
    parser.add_argument("--bids", type=int, default=24)
    parser.add_argument("--fail", choices=("ENOSPC", "EIO", "EDQUOT"))
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    if options.every < 1 or options.bids < 1:
        parser.error("--every and --bids are whole numbers from 1")
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    faulty = Faulty()
    failed = ended = acknowledged = runs = 0
    said = Counter()
    try:
        log = faulty.temporary / "calls"
        faulty.run(options.bids, LOG=log)
        calls = read_log(log)
        most = max(call.number for call in calls)
        kinds = Counter(KINDS[call.kind] for call in {call.number: call for call in calls}.values())
        print(f"{most} calls: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())), flush=True)
        chosen = range(1 + random.randrange(options.every), most + 1, options.every)
        for number in chosen:
            left, status = one(faulty, number, options)
            runs, ended = runs + 1, ended + (status != 0)
            acknowledged += left.acknowledged
            failed += bool(left.lines)
            said[status] += 1
            for line in left.lines[:10]:
                print(f"at call {number}: {line}")
            if runs % 50 == 0 or number == chosen[-1]:
                print(f"{runs}/{len(chosen)}: {ended} ended by it, {runs - ended} went on or ended before; {acknowledged} "
                      f"acknowledged before; {failed} runs with a fault", flush=True)
    finally:
        faulty.close()
    print(f"{runs - failed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    if not os.path.exists(HULAN):
        sys.exit("build it first: script/build")
    main()
