#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmarks of docs/performance.md, run small so that they cannot rot. Nothing here asserts a speed."""

import json
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from market import HULAN, ROOT


class Bench(unittest.TestCase):
    def setUp(self):
        if not HULAN.exists():
            self.skipTest(f"{HULAN} is not built")

    def run_json(self, *command):
        done = subprocess.run(command, cwd=ROOT / "build", capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_every_transport_acknowledges_bids_and_loses_none(self):
        for transport in ("inprocess", "ws", "rest"):
            with self.subTest(transport):
                result = self.run_json(HULAN, "bench", "bids", "--transport", transport, "--clients", "8",
                                       "--in-flight", "4", "--lots", "100", "--buyers", "100", "--seconds", "0.5", "--json")
                self.assertEqual({"acknowledged", "accepted", "per_second", "p50_us", "p99_us", "lost"} - set(result), set())
                self.assertGreater(result["acknowledged"], 0)
                self.assertGreaterEqual(result["accepted"], 0.8 * result["acknowledged"])
                self.assertEqual(result["lost"], 0)

    def test_the_engine_alone_takes_every_bid_of_an_auction(self):
        result = self.run_json(HULAN, "bench", "auction", "--lots", "100", "--buyers", "100", "--bids", "50000", "--json")
        self.assertEqual(result["operations"], 50_000)
        self.assertEqual(result["rejects"], 0)
        self.assertLessEqual(result["p50_ns"], result["p99_ns"])
        self.assertLessEqual(result["p999_ns"], result["max_ns"])

    def test_a_book_ends_as_the_file_of_its_order_flow_states(self):
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
            for books, orders in ((1, 500), (4, 100)):
                with self.subTest(books=books):
                    flow = Path(folder) / "flow"
                    made = subprocess.run([HULAN, "bench", "book", "--make", flow, "--books", str(books), "--orders", str(orders),
                                           "--operations", "60000", "--accounts", "50"], check=False)
                    self.assertEqual(made.returncode, 0)
                    result = self.run_json(HULAN, "bench", "book", "--ops", flow, "--json")
                    stated = struct.unpack("<8s15Q", flow.read_bytes()[:128])
                    keys = ("trades", "traded_quantity", "live_orders", "live_quantity")
                    self.assertEqual(tuple(result[key] for key in keys), stated[10:14])
                    self.assertGreater(result["trades"], 1000)
                    self.assertEqual((result["operations"], result["rejects"]), (60_000, 0))
                    with flow.open("r+b") as file:  # a result that is not the file's is told
                        file.seek(80)
                        file.write(struct.pack("<Q", stated[10] + 1))
                    self.assertEqual(subprocess.run([HULAN, "bench", "book", "--ops", flow], check=False, capture_output=True).returncode, 1)
        done = subprocess.run([HULAN, "bench", "book", "--ops", "/nowhere"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)

    def test_the_comparison_with_PostgreSQL_runs_side_by_side(self):
        if not Path("/usr/lib/postgresql/15/bin/initdb").exists():
            self.skipTest("PostgreSQL 15 is not installed; script/bootstrap installs it")
        result = self.run_json(ROOT / "bench" / "postgres" / "run", "--seconds", "1", "--runs", "1")
        for side in ("postgres_1", "postgres_16", "postgres_64", "hulan_ws"):
            self.assertGreater(result[side]["accepted_per_second"], 0, side)


if __name__ == "__main__":
    unittest.main()
