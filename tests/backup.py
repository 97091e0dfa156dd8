#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""`hulan backup` beside a market under load, and `hulan restore`: what was acknowledged before is in it, to the bit."""

import json
import os
import random
import shutil
import subprocess
import threading
import unittest
from pathlib import Path

from kill_nine import Prices, bench_folder, load
from market import HULAN, Door, Market, MarketTest, free_port

CLIENTS = 6


class Backup(MarketTest):
    """Bids go on in other threads while the folder is copied."""

    products = ()

    @classmethod
    def setUpClass(cls):
        if not HULAN.exists():
            raise unittest.SkipTest(f"{HULAN} is not built")
        cls.market = Market.__new__(Market)
        bench_folder(cls.market)
        cls.market.start("--quiet", "--segment-bytes", str(1 << 20), "--snapshot-every", "3000", "--checkpoint-ms", "200")
        cls.tokens = (cls.market.dir / "buyers.txt").read_text().split()

    def setUp(self):
        self.place = Path(self.market.temporary.name)
        for name in ("copy", "restored"):
            shutil.rmtree(self.place / name, ignore_errors=True)

    def run_tool(self, *arguments, code=0):
        status, out, err = self.market.tool(*arguments)
        self.assertEqual(status, code, out + err)
        return out + err

    def under_load(self, work):
        """Runs `work` while clients bid; gives what it gave and the bids that were told before it began."""
        lots = [lot["id"] for lot in Door(self.market.port).get("/v1/lots?limit=100")["items"]]
        stop, sent, errors = threading.Event(), [[] for _ in range(CLIENTS)], []
        prices = Prices()
        prices.li += random.randrange(10**6)
        threads = [threading.Thread(target=load, args=(self.market.port, token, lots, stop, mine, prices, errors))
                   for token, mine in zip(random.sample(self.tokens, CLIENTS), sent)]
        for thread in threads:
            thread.start()
        while sum(map(len, sent)) < 500:
            threading.Event().wait(0.01)
        told = [bid for mine in sent for bid in list(mine) if bid.told]
        try:
            result = work()
        finally:
            more = sum(map(len, sent)) - len(told)
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(errors, [])
        self.assertGreater(more, 0, "nothing was going on beside the backup")
        return result, told

    def wait_for_a_second_segment(self):
        while len(list((self.market.dir / "journal").iterdir())) < 3:  # the next one is prepared ahead
            threading.Event().wait(0.05)

    def state(self, directory, *until):
        return json.loads(self.run_tool("replay", directory, "--json", *until))

    def test_a_backup_under_load_holds_all_that_was_acknowledged_before_and_restores_to_the_same_state(self):
        copy, restored = self.place / "copy", self.place / "restored"
        for again in (False, True):  # the second brings the first up to date
            out, told = self.under_load(lambda: self.run_tool("backup", self.market.dir, copy))
            self.assertIn("backed up up to sequence", out)
            shutil.rmtree(restored, ignore_errors=True)
            out = self.run_tool("restore", copy, restored)
            manifest = json.loads((copy / "backup.json").read_text())
            self.assertIn(f"sequence {manifest['sequence']}", out)
            mine, theirs = self.state(restored), self.state(self.market.dir, "--until", manifest["sequence"])
            for part in ("sequence", "state_hash", "business_hash", "accounts", "operator"):
                self.assertEqual(mine[part], theirs[part])
            self.assertEqual(mine["sequence"], manifest["sequence"])
            records = {}
            for line in self.run_tool("log", restored, "--json").splitlines():
                record = json.loads(line)
                records[record["client_id"]] = record["sequence"]
            self.assertGreater(len(told), 100)
            for bid in told:
                self.assertEqual(records.get(bid.key), bid.told[0])
        self.assertFalse(list(copy.rglob("*.tmp")))

    def test_an_update_copies_no_full_segment_again(self):
        copy = self.place / "copy"
        self.under_load(self.wait_for_a_second_segment)
        self.run_tool("backup", self.market.dir, copy)
        before = {path.name: path.stat().st_mtime_ns for path in (copy / "journal").iterdir()}
        self.assertGreater(len(before), 1)
        self.run_tool("backup", self.market.dir, copy)
        after = {path.name: path.stat().st_mtime_ns for path in (copy / "journal").iterdir()}
        full = sorted(before)[:-1]
        self.assertEqual([after[name] for name in full], [before[name] for name in full])

    def test_a_restored_market_serves_and_takes_bids(self):
        copy, restored = self.place / "copy", self.place / "restored"
        self.run_tool("backup", self.market.dir, copy)
        self.run_tool("restore", copy, restored)
        other = Market.__new__(Market)
        other.temporary, other.dir, other.process, other.people, other.doors = self.market.temporary, restored, None, {}, {}
        other.port = free_port()
        other.start("--quiet")
        try:
            lot = Door(other.port).get("/v1/lots?limit=1")["items"][0]["id"]
            answers = [Door(other.port, token).raw("POST", f"/v1/lots/{lot}/bids", {"price": "900000.000"})
                       for token in self.tokens[:2]]  # one of them may lead already
            self.assertIn(200, [answer[0] for answer in answers], answers)
        finally:
            other.stop()

    def test_what_is_there_is_not_overwritten_and_what_is_no_backup_is_refused(self):
        copy, restored = self.place / "copy", self.place / "restored"
        self.run_tool("backup", self.market.dir, copy)
        restored.mkdir()
        self.assertIn("expected a folder that is not there yet", self.run_tool("restore", copy, restored, code=2))
        restored.rmdir()
        self.assertIn("no backup", self.run_tool("restore", self.market.dir, restored, code=1))
        self.assertIn("expected an empty folder or a backup", self.run_tool("backup", self.market.dir, self.market.dir.parent, code=1))
        self.assertIn("no journal is here", self.run_tool("backup", copy / "journal", self.place / "x", code=2))
        self.assertFalse(restored.exists())

    def test_a_backup_that_was_changed_is_refused_and_leaves_nothing(self):
        copy, restored = self.place / "copy", self.place / "restored"
        self.run_tool("backup", self.market.dir, copy)
        segment = sorted((copy / "journal").iterdir())[0]
        document = next(path for path in (copy / "documents").rglob("*") if path.is_file())
        for path, offset in ((segment, 5000), (copy / "identity.db", 200), (document, 3), (copy / "buyers.txt", 0)):
            content = path.read_bytes()
            path.write_bytes(content[:offset] + bytes([content[offset] ^ 1]) + content[offset + 1:])
            self.run_tool("restore", copy, restored, code=1)
            self.assertFalse(restored.exists(), path)
            self.assertFalse(list(self.place.glob("*.restoring")), path)
            path.write_bytes(content)
        self.run_tool("restore", copy, restored)

    def packed(self):
        return sorted((self.market.dir / "journal").glob("*.journal.zst"))

    def wait_for_a_packed_segment(self):
        while not self.packed():
            threading.Event().wait(0.05)

    def test_old_segments_are_packed_while_the_market_runs_and_every_command_reads_them(self):
        copy, restored = self.place / "copy", self.place / "restored"
        _, told = self.under_load(self.wait_for_a_packed_segment)  # by the server itself, after a snapshot
        asker, receipt = Door(self.market.port, told[0].token), f"/v1/receipts/{told[0].told[0]}"
        before = asker.get(receipt)
        out, _ = self.under_load(lambda: self.run_tool("archive", self.market.dir, "--all"))
        self.assertRegex(out, r"^archived: \d+ segments, \d+ bytes in place of \d+")
        self.assertFalse((self.market.dir / "journal" / "00000000000000000001.journal").exists())
        for path in self.packed():
            subprocess.run(["zstd", "-q", "-t", path], check=True)
        after = asker.get(receipt)
        self.assertEqual({name: after[name] for name in ("leaf", "salt", "record")},
                         {name: before[name] for name in ("leaf", "salt", "record")})
        self.run_tool("backup", self.market.dir, copy)
        self.run_tool("restore", copy, restored)
        sequence = json.loads((copy / "backup.json").read_text())["sequence"]
        mine, theirs = self.state(restored), self.state(self.market.dir, "--until", sequence)
        self.assertEqual(mine["state_hash"], theirs["state_hash"])
        self.assertIn("ok: sequence", self.run_tool("verify", restored))
        self.assertEqual(len(self.run_tool("log", restored, "--json").splitlines()), sequence)
        first = sorted((restored / "journal").glob("*.zst"))[0]
        content = first.read_bytes()
        first.write_bytes(content[:900] + bytes([content[900] ^ 1]) + content[901:])
        self.assertIn(first.name, self.run_tool("verify", restored, code=1))
        self.assertIn("no journal is here", self.run_tool("archive", self.place, code=2))

    def test_keys_stay_private(self):
        copy = self.place / "copy"
        self.run_tool("backup", self.market.dir, copy)
        for path in (self.market.dir / "keys").iterdir():
            self.assertEqual(os.stat(copy / "keys" / path.name).st_mode & 0o777, path.stat().st_mode & 0o777)


if __name__ == "__main__":
    unittest.main(verbosity=2)
