#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""Makes the golden logs anew: journals of real runs, kept small, for tests/records.py to replay.

    tests/golden/make.py rules     # the market of tests/rules_over_doors.py: every rule of money, bids, defaults
    tests/golden/make.py demo      # the week before the demo's opening

Writes tests/golden/NAME.journal.xz, one segment without its zeros at the end. Afterwards make the hashes, with the
build whose outcomes are to be kept: `tests/golden/make.py hashes NAME`. A log once committed is not made again;
a new rules version gets a log of its own beside it."""

import lzma
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from market import HULAN, ROOT, Door, free_port  # noqa: E402


def pack(market, name):
    segments = sorted((Path(market) / "journal").glob("*.journal"))
    assert len(segments) == 1, segments
    (HERE / f"{name}.journal.xz").write_bytes(lzma.compress(segments[0].read_bytes().rstrip(b"\0"), preset=9))


def unpack(name, market):
    """The market's folder as it was written: the segment's header says how long it is."""
    folder = Path(market) / "journal"
    folder.mkdir(parents=True)
    data = lzma.decompress((HERE / f"{name}.journal.xz").read_bytes())
    first, length = struct.unpack_from("<QQ", data, 16)
    with open(folder / f"{first:020}.journal", "wb") as segment:
        segment.write(data)
        segment.truncate(length)
    return Path(market)


def make_rules():
    import rules_over_doors as rules

    fold_again = rules.Rules.fold_again.__func__

    def fold_and_pack(cls):
        fold_again(cls)
        pack(cls.market.dir, "rules")

    rules.Rules.fold_again = classmethod(fold_and_pack)
    unittest.main(module=rules, argv=["rules"], exit=False)


def make_demo():
    with tempfile.TemporaryDirectory(prefix="golden-", dir=ROOT / "build") as folder:
        port = free_port()
        process = subprocess.Popen([HULAN, "demo", f"{folder}/demo", "--port", str(port), "--no-bots"],
                                   stdout=subprocess.PIPE, text=True)
        while "Ctrl-C" not in process.stdout.readline():
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        pack(f"{folder}/demo", "demo")


def make_hashes(name):
    with tempfile.TemporaryDirectory(prefix="golden-", dir=ROOT / "build") as folder:
        market = unpack(name, f"{folder}/market")
        subprocess.run([HULAN, "shadow", market, "--write", HERE / f"{name}.hashes", "--every", "50"], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["rules"]:
            make_rules()
        case ["demo"]:
            make_demo()
        case ["hashes", name]:
            make_hashes(name)
        case _:
            sys.exit(__doc__)
