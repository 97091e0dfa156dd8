#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""What a regulator asks of a market's folder (audit, export, diff), and what an old log says of a new build (shadow).
The folders are the golden logs; expectations are worked out here from the log's own records, from SQL over the tables, and from `hulan replay`."""

import csv
import json
import shutil
import sqlite3
import struct
import sys
import tempfile
import unittest
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

from market import HULAN, ROOT, Market, moment, yuan

sys.path.insert(0, str(Path(__file__).resolve().parent / "golden"))
from make import HERE, unpack  # noqa: E402

BUCKETS = ("available", "performance_bond", "trading_bond", "prepaid", "disputed")


def tool(*arguments):
    return Market.tool(None, *arguments)


class Golden(unittest.TestCase):
    """Folders of the golden logs, made once."""

    logs = ("rules", "demo")

    @classmethod
    def setUpClass(cls):
        if not HULAN.exists():
            raise unittest.SkipTest(f"{HULAN} is not built")
        cls.temporary = tempfile.TemporaryDirectory(prefix="records-", dir=ROOT / "build")
        cls.folder = Path(cls.temporary.name)
        for name in cls.logs:
            unpack(name, cls.folder / name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def ok(self, *arguments):
        code, out, err = tool(*arguments)
        self.assertEqual(code, 0, f"{arguments}: {err[-500:]}")
        return out

    def bad(self, *arguments, says):
        code, out, err = tool(*arguments)
        self.assertEqual((code, out, err.count("\n")), (2, "", 1), err)
        for word in says:
            self.assertIn(word, err)

    def records(self, name):
        return [json.loads(line) for line in self.ok("log", self.folder / name, "--json").splitlines()]

    def audit(self, name, *moment):
        return json.loads(self.ok("audit", self.folder / name, *moment, "--format", "json"))


def summary(audit):
    return {row["name"]: row["value"] for row in audit["summary"]}


class Audit(Golden):
    def test_the_books_as_of_a_sequence_are_those_of_a_replay_to_it(self):
        for name in self.logs:
            last = self.records(name)[-1]["sequence"]
            for sequence in (1, last // 3, last // 2, last - 1, last):
                audit = self.audit(name, "--sequence", sequence)
                replay = json.loads(self.ok("replay", self.folder / name, "--until", sequence, "--json"))
                self.assertEqual(summary(audit)["sequence"], str(sequence))
                for field in ("state_hash", "business_hash", "time"):
                    self.assertEqual(summary(audit)[field], replay[field])
                there = {(r["participant"], r["currency"]): [r[f"{b}_fen"] for b in BUCKETS] for r in audit["accounts"]}
                expected = {(r["participant"], r["currency"]): [yuan(r[b]) for b in BUCKETS] for r in replay["accounts"]}
                self.assertEqual(there, expected)
                total = sum(sum(row) for row in there.values()) + sum(r["balance_fen"] for r in audit["market_accounts"])
                self.assertEqual(total, 0, "R1.5")

    def test_a_time_means_the_last_record_at_or_before_it(self):
        records = self.records("demo")
        chosen = [r for r, after in zip(records, records[1:]) if r["time"] < after["time"]]
        for record in chosen[::len(chosen) // 6]:
            at = moment(record["time"])
            later = at + timedelta(milliseconds=1)  # the log prints milliseconds and holds nanoseconds
            expected = max(r["sequence"] for r in records if moment(r["time"]) < later)
            for text in (later.isoformat(), later.astimezone(timezone(timedelta(hours=8))).isoformat()):
                self.assertEqual(summary(self.audit("demo", "--at", text))["sequence"], str(expected))

    def test_R1_1_a_time_without_zone_is_that_of_the_markets_clocks(self):
        local, zoned = (summary(self.audit("demo", "--at", text)) for text in
                        ("2024-01-11 12:00", "2024-01-11T12:00:00+08:00"))
        self.assertEqual(local, zoned)
        self.assertEqual(summary(self.audit("demo", "--at", "2024-01-11")), summary(self.audit("demo", "--at", "2024-01-10T16:00:00Z")))

    def test_R5_3_the_standing_bids_of_an_open_auction_are_its_bidders_best(self):
        """Of the log's own bids: the latest accepted one leads, and only it holds money."""
        seen = 0
        records = self.records("rules")
        for record in records:
            if record["command"] != "PlaceBid":
                continue
            audit = self.audit("rules", "--sequence", record["sequence"])
            lot = next(r for r in audit["lots"] if r["lot"] == record["body"]["lot"])
            standing = [r for r in audit["standing_bids"] if r["lot"] == lot["lot"]]
            if not standing:
                continue
            seen += 1
            self.assertEqual([r["rank"] for r in standing], list(range(1, len(standing) + 1)))
            self.assertEqual((standing[0]["bidder"], standing[0]["price"]), (lot["leader"], lot["best"]))
            self.assertGreater(standing[0]["frozen_fen"], 0)
            self.assertTrue(all(r["frozen_fen"] == 0 for r in standing[1:]), "R6.2")
            self.assertEqual(len({r["bidder"] for r in standing}), len(standing))
        self.assertGreater(seen, 10)

    def test_csv_json_and_text_say_the_same(self):
        folder, file = self.folder / "audit-csv", self.folder / "audit.txt"
        self.ok("audit", self.folder / "rules", "--format", "csv", "--out", folder)
        self.ok("audit", self.folder / "rules", "--out", file)
        audit, text = self.audit("rules"), file.read_text()
        self.assertEqual({p.stem for p in folder.iterdir()}, set(audit))
        for table, rows in audit.items():
            with open(folder / f"{table}.csv", newline="") as lines:
                read = list(csv.DictReader(lines))
            self.assertEqual(read, [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows], table)
            self.assertIn(f"{table}: {len(rows)}\n", text)

    def test_a_moment_that_is_not_there_is_named(self):
        demo = self.folder / "demo"
        self.bad("audit", demo, "--at", "soon", says=("--at", "'soon'", "2026-03-02 10:00"))
        self.bad("audit", demo, "--at", "2020-01-01", says=("--at", "'2020-01-01'", "before the market's first record"))
        self.bad("audit", demo, "--sequence", "0", says=("--sequence", "'0'", "above 0"))
        self.bad("audit", demo, "--sequence", "99999999", says=("--sequence", "'99999999'", "at most"))
        self.bad("audit", demo, "--at", "2024-01-11", "--sequence", "5", says=("--at", "either"))
        self.bad("audit", demo, "--format", "csv", says=("--out", "folder"))
        self.bad("audit", demo, "--out", demo, says=("--out", "nothing is yet"))
        self.bad("audit", "/nonexistent-market", says=("/nonexistent-market", "no journal"))


class Snapshots(unittest.TestCase):
    """An audit that starts from a snapshot says what a whole replay says, or does without the snapshot."""

    @classmethod
    def setUpClass(cls):
        if not HULAN.exists():
            raise unittest.SkipTest(f"{HULAN} is not built")
        cls.markets = [Market(), Market()]
        for market in cls.markets:
            market.start("--snapshot-every", "8").set_up_staff()
            market.add_participant("farm", "producer", money="1000.00")
            market.stop()

    @classmethod
    def tearDownClass(cls):
        for market in cls.markets:
            market.close()

    def audit(self, folder, sequence):
        """What it says of the state, and the line about how it got there."""
        code, out, err = tool("audit", folder, "--sequence", sequence, "--format", "json")
        self.assertEqual(code, 0, err)
        code, replay, _ = tool("replay", folder, "--until", sequence, "--json")
        self.assertEqual(summary(json.loads(out))["state_hash"], json.loads(replay)["state_hash"])
        return err.splitlines()

    def test_from_the_nearest_snapshot_before_the_moment(self):
        folder = self.markets[0].dir
        older, newer = sorted(int(p.stem) for p in (folder / "snapshots").glob("*.snapshot"))
        for sequence, start in ((newer, newer), (newer - 1, older), (older, older), (older - 1, None)):
            line = self.audit(folder, sequence)[-1]
            self.assertIn("from the first record" if start is None else f"from the snapshot of {start}", line)

    def test_R13_1_a_snapshot_whose_chain_does_not_fit_is_left_out(self):
        one, other = (market.dir / "snapshots" for market in self.markets)
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
            shutil.copytree(self.markets[0].dir / "journal", Path(folder) / "journal")
            (Path(folder) / "snapshots").mkdir()
            last = max(int(p.stem) for p in one.glob("*.snapshot"))
            foreign = min(int(p.stem) for p in other.glob("*.snapshot"))
            self.assertLessEqual(foreign, last)
            shutil.copy(other / f"{foreign:020}.snapshot", Path(folder) / "snapshots")
            lines = self.audit(folder, last)
            self.assertIn(f"the snapshot of {foreign} is left out", lines[0])
            self.assertIn("from the first record", lines[-1])


class Export(Golden):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in cls.logs:
            code, _, err = tool("export", cls.folder / name, "--sqlite", cls.folder / f"{name}.db")
            assert code == 0, err

    def sql(self, name, query):
        with sqlite3.connect(self.folder / f"{name}.db") as database:
            return database.execute(query).fetchall()

    def test_R3_4_postings_add_up_to_the_balances_of_the_audit_and_to_nothing(self):
        for name in self.logs:
            audit, sums = self.audit(name), defaultdict(int)
            for participant, account, currency, delta in self.sql(name, "SELECT participant, account, currency, delta_fen FROM postings"):
                sums[participant, account, currency] += delta
            held = {(r["participant"], b, r["currency"]): r[f"{b}_fen"] for r in audit["accounts"] for b in BUCKETS}
            held |= {(None, r["account"], r["currency"]): r["balance_fen"] for r in audit["market_accounts"]}
            nonzero = lambda books: {k: v for k, v in books.items() if v}
            self.assertEqual(nonzero(sums), nonzero(held))
            unbalanced = self.sql(name, "SELECT sequence FROM postings GROUP BY sequence, currency HAVING sum(delta_fen) <> 0")
            self.assertEqual(unbalanced, [], "R3.3: each record's postings add up to nothing")

    def test_every_record_of_the_log_is_there_once_with_its_outcome(self):
        for name in self.logs:
            exported = [json.loads(r) for r, in self.sql(name, "SELECT record FROM records ORDER BY rowid")]
            self.assertEqual(exported, self.records(name))
        refused = dict(self.sql("rules", "SELECT result, count(*) FROM records GROUP BY result"))
        self.assertGreater(refused["ok"], 100)
        self.assertIn("no_funds", refused)

    def test_R9_2_each_settlement_is_the_contracts_and_the_market_keeps_what_the_sides_do_not_get(self):
        for name in self.logs:
            rows = self.sql(name, """SELECT s.goods_fen, s.buyer_pays_fen, s.seller_receives_fen, c.goods_fen, c.buyer_pays_fen,
                                     c.seller_receives_fen, c.fee_each_fen, c.disposal_fen
                                     FROM settlements s JOIN contracts c USING (contract)""")
            self.assertTrue(rows)
            for goods, pays, gets, *of_contract, fee, disposal in rows:
                self.assertEqual([goods, pays, gets], of_contract)
                self.assertEqual((pays, gets), (goods + fee, goods - fee - disposal))

    def test_trades_and_bids_are_those_that_the_commands_asked_for(self):
        """Each accepted Take and PlaceBid has its row; prices are the command's own, by the product's unit."""
        records = {r["sequence"]: r for r in self.records("rules")}
        accepted = {s for s, in self.sql("rules", "SELECT sequence FROM records WHERE result = 'ok' AND command = 'PlaceBid' AND repeats IS NULL")}
        rows = self.sql("rules", "SELECT sequence, lot, price, bidder FROM bids WHERE event = 'accepted'")
        bids = [row for row in rows if row[0] in accepted]
        self.assertEqual({row[0] for row in bids}, accepted)
        for sequence, lot, price, bidder in bids:
            body = records[sequence]["body"]
            self.assertEqual((lot, bidder), (body["lot"], records[sequence]["participant"]))
            self.assertIn(body["price"], (round(price * 1000), round(price * 100)))
        contracts, trades = (self.sql("rules", f"SELECT count(*) FROM {t}")[0][0] for t in ("contracts", "trades"))
        self.assertEqual(contracts, trades)

    def test_csv_has_the_tables_of_sqlite(self):
        folder = self.folder / "demo-csv"
        self.ok("export", self.folder / "demo", "--csv", folder)
        tables = [t for t, in self.sql("demo", "SELECT name FROM sqlite_master WHERE type = 'table'")]
        self.assertEqual({p.stem for p in folder.iterdir()}, set(tables))
        for table in tables:
            with open(folder / f"{table}.csv", newline="") as lines:
                self.assertEqual(len(list(csv.DictReader(lines))), self.sql("demo", f"SELECT count(*) FROM {table}")[0][0], table)

    def test_until_stops_at_the_sequence(self):
        file = self.folder / "until.db"
        self.ok("export", self.folder / "demo", "--sqlite", file, "--until", "100")
        with sqlite3.connect(file) as database:
            self.assertEqual(database.execute("SELECT max(sequence), count(*) FROM records").fetchall(), [(100, 100)])

    def test_what_is_there_is_not_overwritten(self):
        demo = self.folder / "demo"
        self.bad("export", demo, "--sqlite", self.folder / "demo.db", says=("--sqlite", "nothing is yet"))
        self.bad("export", demo, "--csv", self.folder, says=("--csv", "nothing is yet"))
        self.bad("export", demo, "--csv", self.folder / "not-there" / "x", says=("--csv", "a folder that is there"))
        self.bad("export", demo, says=("--csv", "--sqlite"))
        self.bad("export", demo, "--csv", "a", "--until", "-4", says=("--until", "'-4'"))


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Journal:
    """The one segment of a folder, batch by batch (docs/formats/journal.md)."""

    def __init__(self, market):
        self.path = next((Path(market) / "journal").glob("*.journal"))
        self.data = bytearray(self.path.read_bytes()[:32 << 20])
        self.batches, at = [], 4096  # (offset, bytes, first sequence, records)
        while self.data[at:at + 4] == b"HLBT":
            body, count = struct.unpack_from("<II", self.data, at + 12)
            self.batches.append((at, 128 + body, struct.unpack_from("<Q", self.data, at + 24)[0], count))
            at += (128 + body + 4095) // 4096 * 4096

    def end_after(self, number):
        """Nothing after this batch was ever written."""
        at = self.batches[number + 1][0]
        self.data[at:] = bytes(len(self.data) - at)
        return self

    def seal(self, number):
        """The batch's checksum, as a forger would set it."""
        at, length, _, _ = self.batches[number]
        self.data[at + 8:at + 12] = bytes(4)
        struct.pack_into("<I", self.data, at + 8, crc32c(self.data[at:at + length]))
        return self

    def save(self):
        with open(self.path, "r+b") as file:
            file.write(self.data)


class Copies(Golden):
    """Copies of a golden log that were cut or changed."""

    def copy(self, name, change):
        folder = self.folder / f"{name}-{change.__name__}"
        if not folder.exists():
            unpack(name, folder)
            journal = Journal(folder)
            change(journal)
            journal.save()
        return folder

    @staticmethod
    def cut(journal):
        journal.end_after(299)

    @staticmethod
    def forged(journal):
        """The last byte of the last record of batch 300, sealed again; what follows is cut away."""
        at, length, _, _ = journal.batches[299]
        journal.data[at + length - 1] ^= 1
        journal.end_after(299).seal(299)

    @staticmethod
    def flipped(journal):
        at, length, _, _ = journal.batches[299]
        journal.data[at + length - 1] ^= 1

    def last_of_300(self, name):
        _, _, first, count = Journal(self.folder / name).batches[299]
        return first + count - 1


class Diff(Copies):
    def diff(self, a, b):
        code, out, err = tool("diff", a, b)
        self.assertEqual(err, "")
        return code, out.splitlines()

    def test_a_copy_is_the_same(self):
        code, lines = self.diff(self.folder / "demo", unpack("demo", self.folder / "demo-copy"))
        self.assertEqual(code, 0)
        self.assertEqual(len(lines), 1)
        self.assertTrue(lines[0].startswith(f"same: {self.records('demo')[-1]['sequence']} records, chain "))

    def test_a_log_that_was_cut_is_a_prefix_and_the_next_record_is_shown(self):
        whole, cut, last = self.folder / "demo", self.copy("demo", Copies.cut), self.last_of_300("demo")
        following = self.ok("log", whole, "--from", last + 1, "--to", last + 1).strip()
        for a, b in ((whole, cut), (cut, whole)):
            code, lines = self.diff(a, b)
            self.assertEqual(code, 1)
            self.assertTrue(lines[0].startswith(f"prefix: the {last} records of {cut} "), lines[0])
            self.assertEqual(lines[1], f"next: {following}")
        at = summary(self.audit("demo", "--sequence", last))["state_hash"]
        self.assertEqual(sum(f"state_hash {at} at {last}" in line for line in lines), 2)
        self.assertIn(summary(self.audit("demo"))["state_hash"], lines[-1])

    def test_a_changed_record_is_named_with_both_texts(self):
        whole, forged, last = self.folder / "demo", self.copy("demo", Copies.forged), self.last_of_300("demo")
        code, lines = self.diff(whole, forged)
        self.assertEqual((code, lines[0]), (1, f"differ: at sequence {last}"))
        for line, folder in zip(lines[1:3], (whole, forged)):
            self.assertEqual(line[3:], self.ok("log", folder, "--from", last, "--to", last).strip())
        self.assertNotEqual(lines[1][3:], lines[2][3:])

    def test_two_markets_differ_from_the_first_record(self):
        code, lines = self.diff(self.folder / "demo", self.folder / "rules")
        self.assertEqual((code, lines[0]), (1, "differ: at sequence 1"))

    def test_a_damaged_log_is_said_to_be_damaged(self):
        code, out, err = tool("diff", self.folder / "demo", self.copy("demo", Copies.flipped))
        self.assertEqual((code, out, err.count("\n")), (1, "", 1))
        self.bad("diff", self.folder / "demo", "/nonexistent-market", says=("B", "/nonexistent-market", "no journal"))


class Shadow(Copies):
    def golden(self, name):
        return (HERE / f"{name}.hashes").read_text().splitlines()

    def changed(self, name, lines):
        path = self.folder / f"{name}.hashes"
        path.write_text("\n".join(lines) + "\n")
        return path

    def test_the_golden_logs_still_give_their_hashes(self):
        for name in self.logs:
            out = self.ok("shadow", self.folder / name, "--golden", HERE / f"{name}.hashes")
            points = len(self.golden(name)) - 2
            last = self.records(name)[-1]["sequence"]
            self.assertEqual(out, f"same: {points} states compared, the last at {last} of {last}; 0 differences\n")

    def test_the_golden_logs_hold_what_matters(self):
        """A golden log without bids or defaults would keep nothing."""
        commands = {r["command"] for r in self.records("rules")}
        for command in ("PlaceBid", "Take", "Weigh", "OpenDispute", "EndDispute", "CancelContract", "PostListing", "AnnounceAuction"):
            self.assertIn(command, commands)
        states = {row["state"] for row in self.audit("rules")["contracts"]}
        self.assertLessEqual({"defaulted", "cancelled", "settled"}, states)

    def test_a_state_that_differs_is_named_by_its_sequence(self):
        lines = self.golden("demo")
        sequence, state, business = lines[9].split()
        lines[9] = f"{sequence} {'0' * 64} {business}"
        code, out, err = tool("shadow", self.folder / "demo", "--golden", self.changed("other", lines))
        self.assertEqual((code, err.count("\n")), (1, 1))
        self.assertIn("; 1 differences\n", out)
        self.assertIn(f"sequence {sequence}: ", err)
        self.assertIn(f"agreed up to {lines[8].split()[0]}", err)
        self.assertIn(state, err)
        self.assertIn("the business_hash is the same", err)

    def test_another_logs_hashes_do_not_fit(self):
        code, _, err = tool("shadow", self.folder / "demo", "--golden", HERE / "rules.hashes")
        self.assertEqual(code, 1)
        self.assertIn("sequence 50: ", err.splitlines()[0])

    def test_a_log_that_is_too_short_differs(self):
        code, _, err = tool("shadow", self.copy("demo", Copies.cut), "--golden", HERE / "demo.hashes")
        self.assertEqual(code, 1)
        self.assertIn(f"the log ends at {self.last_of_300('demo')}", err)

    def test_hashes_written_are_those_of_a_replay(self):
        path = self.folder / "written.hashes"
        self.ok("shadow", self.folder / "rules", "--write", path, "--every", "100")
        lines = path.read_text().splitlines()
        self.assertEqual(lines[0], "hulan-hashes 1")
        for line in lines[2:]:
            sequence, state, business = line.split()
            replay = json.loads(self.ok("replay", self.folder / "rules", "--until", sequence, "--json"))
            self.assertEqual((state, business), (replay["state_hash"], replay["business_hash"]))
        self.bad("shadow", self.folder / "rules", "--write", path, says=("--write", "nothing is yet"))

    def test_a_file_of_hashes_that_is_none_is_named(self):
        self.bad("shadow", self.folder / "demo", "--golden", self.folder / "not-there", says=("--golden", "not-there", "hulan-hashes 1"))
        lines = self.golden("demo")
        self.bad("shadow", self.folder / "demo", "--golden", self.changed("bad", lines[:5] + ["100 abc"]),
                 says=("--golden", "line 6", "a state hash"))


if __name__ == "__main__":
    unittest.main()
