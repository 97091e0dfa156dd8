#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hulan index`: the index of any table of trades (R11.2), against fractions of Python's own, day by day: on tables
made here with every oddity, on random ones, and on twenty-four years of a real series (skips where that file is absent)."""

import csv
import json
import random
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml
from collections import defaultdict
from fractions import Fraction
from math import floor
from pathlib import Path

from market import HULAN, ROOT

USDA = ROOT.parent / "shared" / "data" / "usda_lm_hg201_daily.csv"


def half_away(value, digits):
    """A fraction above 0 to so many digits, half away from zero, as text."""
    units = floor(value * 10**digits + Fraction(1, 2))
    return f"{units // 10**digits}.{units % 10**digits:0{digits}d}" if digits else str(units)


def expected_days(trades, digits, buyers_known):
    """The rule, once more: `trades` are (date, head, weight, price, buyer); weight None: no trade."""
    by_day = defaultdict(list)
    for date, *trade in trades:
        by_day[date] += [trade] if trade[1] else []
    days, before = [], None
    for date in sorted(by_day):
        lines = by_day[date]
        day = {"date": date, "index": None, "high": None, "low": None, "median": None, "thin": None, "two_day": None,
               "trades": len(lines), "head": sum(t[0] for t in lines), "volume": sum((t[1] for t in lines), Fraction(0))}
        days.append(day)
        if not lines:
            continue
        prices = sorted(t[2] for t in lines)
        half = len(prices) // 2
        day["index"] = half_away(sum(t[1] * t[2] for t in lines) / day["volume"], digits)
        day["high"], day["low"] = prices[-1], prices[0]
        day["median"] = half_away((prices[half] + prices[(len(prices) - 1) // 2]) / 2, digits)
        day["thin"] = len(lines) < 3 or (buyers_known and len({t[3] for t in lines}) < 2)
        if before:
            both = lines + by_day[before]
            mean = sum(t[1] * t[2] for t in both) / sum(t[1] for t in both)
            day["two_day"] = {"index": half_away(mean, digits), "dates": [before, date]}
        before = date
    return days


class Index(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)

    def run_index(self, *arguments):
        return subprocess.run([str(HULAN), "index", *map(str, arguments)], capture_output=True, text=True, timeout=60)

    def table(self, text, name="trades.csv"):
        path = self.dir / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def days(self, path, columns, *more):
        done = self.run_index(path, "--columns", columns, "--json", "--two-day", *more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)["days"]

    def compare(self, got, expected):
        self.assertEqual([d["date"] for d in got], [d["date"] for d in expected])
        for day, want in zip(got, expected):
            for key in ("index", "median", "thin", "two_day", "trades"):
                self.assertEqual(day[key], want[key], (want["date"], key))
            for key in ("volume", "high", "low"):
                self.assertEqual(None if day[key] is None else Fraction(day[key]), want[key], (want["date"], key))
            if "head" in day:
                self.assertEqual(day["head"], want["head"], want["date"])

    def test_R11_2_the_index_is_rounded_half_away_once(self):
        path = self.table("d,w,p\n2024-01-15,1,16.00\n2024-01-15,1,16.01\n2024-01-16,1,0.004\n2024-01-16,1,0.005\n")
        days = self.days(path, "date=d,weight=w,price=p", "--price-unit", "0.01")
        self.assertEqual(days[0]["index"], "16.01")  # 16.005
        self.assertEqual(days[1]["index"], "0.00")  # 0.0045: by way of 0.005 it would be 0.01
        self.assertEqual(days[0]["high"], "16.010")
        self.assertEqual(self.days(path, "date=d,weight=w,price=p", "--price-unit", "0.5")[0]["index"], "16.0")
        self.assertEqual(self.days(path, "date=d,weight=w,price=p")[1]["index"], "0.005")

    def test_R11_2_weight_is_of_one_head_where_heads_are_named_and_of_the_trade_where_not(self):
        path = self.table("d,n,w,p\n2024-01-15,10,100,16\n2024-01-15,30,100,18\n2024-01-15,1,1000,20\n")
        day = self.days(path, "date=d,quantity=n,weight=w,price=p")[0]
        self.assertEqual((day["index"], day["volume"], day["head"]), ("18", "5000", 41))  # 90 000 / 5 000
        day = self.days(path, "date=d,quantity=n,total_weight=w,price=p")[0]
        self.assertEqual((day["index"], day["volume"], day["head"]), ("20", "1200", 41))  # 23 400 / 1 200 = 19.5
        day = self.days(path, "date=d,weight=w,price=p")[0]
        self.assertEqual((day["index"], day["volume"], "head" in day), ("20", "1200", False))

    def test_R11_2_thin_at_two_trades_and_at_one_buyer(self):
        path = self.table("d,w,p,b\n" + "".join(f"2024-01-{d:02},1,16,{b}\n" for d, who in
                                               ((1, "xy"), (2, "xxx"), (3, "xxy")) for b in who))
        thin = [d["thin"] for d in self.days(path, "date=d,weight=w,price=p,buyer=b")]
        self.assertEqual(thin, [True, True, False])
        thin = [d["thin"] for d in self.days(path, "date=d,weight=w,price=p")]
        self.assertEqual(thin, [True, False, False], "without buyers the trades alone tell")

    def test_R11_2_a_day_without_trades_has_no_value_and_the_two_day_index_passes_over_it(self):
        path = self.table("d,n,w,p\n2024-01-01,1,1,10\n2024-01-02,0,,\n2024-01-03,,100,99\n2024-01-09,3,1,11\n")
        days = self.days(path, "date=d,quantity=n,weight=w,price=p")
        self.assertEqual([d["index"] for d in days], ["10", None, None, "11"])
        self.assertEqual([d["thin"] for d in days], [True, None, None, True])
        self.assertEqual(days[1]["two_day"], None)
        self.assertEqual(days[3]["two_day"], {"index": "11", "dates": ["2024-01-01", "2024-01-09"]})  # 10.75
        text = self.run_index(path, "--columns", "date=d,quantity=n,weight=w,price=p").stdout.splitlines()
        self.assertEqual(text[2].split(), ["2024-01-02", "-", "-", "-", "0", "-", "-", "-", "-"])

    def test_R11_2_the_median_of_an_even_number_is_the_mean_of_the_middle_two(self):
        path = self.table("d,w,p\n" + "".join(f"2024-01-01,1,{p}\n" for p in ("90.00", "10.01", "10.00", "1")))
        self.assertEqual(self.days(path, "date=d,weight=w,price=p")[0]["median"], "10.01")  # 10.005

    def test_R11_2_what_is_marked_as_excluded_does_not_count(self):
        path = self.table("d,w,p,bust,grade\n2024-01-01,1,10,0,A\n2024-01-01,1,99,1,A\n2024-01-01,1,98,true,A\n"
                          "2024-01-01,1,12,,A\n2024-01-01,1,50,,B\n")
        day = self.days(path, "date=d,weight=w,price=p,excluded=bust", "--where", "grade=A")[0]
        self.assertEqual((day["index"], day["trades"], day["high"]), ("11", 2, "12"))

    def test_R1_1_a_time_falls_on_the_day_of_the_zone(self):
        path = self.table("d,w,p\n2024-01-01T15:59:59Z,1,10\n2024-01-01T16:00:00Z,1,12\n2024-01-02T23:00:00+08:00,1,14\n")
        columns = "date=d,weight=w,price=p"
        self.assertEqual([(d["date"], d["index"]) for d in self.days(path, columns)],
                         [("2024-01-01", "10"), ("2024-01-02", "13")])
        self.assertEqual([(d["date"], d["index"]) for d in self.days(path, columns, "--zone", "Z")],
                         [("2024-01-01", "11"), ("2024-01-02", "14")])

    def test_spreadsheets_tables_are_read_with_marks_quotes_and_any_order_of_lines(self):
        path = self.table(b'\xef\xbb\xbf"day, local","weight ""kg""",p,x\r\n"2024-01-02",5.0," 16.0 ","a, b"\r\n\r\n'
                          b'2024-01-01,"1",15.5,\r\n')
        days = self.days(path, 'date=day, local,weight=weight "kg",price=p')
        self.assertEqual([(d["date"], d["index"], d["volume"]) for d in days],
                         [("2024-01-01", "15.5", "1"), ("2024-01-02", "16.0", "5")])

    def test_R11_2_random_tables_agree_with_fractions(self):
        for seed in range(30):
            chance = random.Random(seed)
            trades, lines = [], ["d,n,w,p,b"]
            for _ in range(chance.randrange(1, 60)):
                date = f"2024-0{chance.randrange(1, 4)}-0{chance.randrange(1, 8)}"
                head = chance.choice((0, 1, 7, 180, 10**6))
                weight = Fraction(chance.randrange(1, 10**chance.randrange(1, 10)), 1000)
                price = Fraction(chance.randrange(1, 10**chance.randrange(1, 9)), 100)
                buyer = chance.choice("ABC")
                lines.append(f"{date},{head},{float(weight):.3f},{float(price):.2f},{buyer}")
                trades.append((date, head, weight * head, price, buyer))
            digits = max((len(line.split(",")[3].rstrip("0").split(".")[1]) for line in lines[1:] if not
                          line.split(",")[1] == "0"), default=0)
            path = self.table("\n".join(lines), f"{seed}.csv")
            known = seed % 2 == 0
            got = self.days(path, "date=d,quantity=n,weight=w,price=p" + (",buyer=b" if known else ""))
            self.compare(got, expected_days(trades, digits, known))

    @unittest.skipUnless(USDA.exists(), f"{USDA.name} is not here")
    def test_R11_2_twenty_four_years_of_a_real_series_agree_with_fractions(self):
        with open(USDA, encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        trades = []
        for row in rows:
            head = int(Fraction(row["head_count_barrows_gilts"] or 0))
            weight = head * Fraction(row["avg_carcass_weight_lb"])
            trades.append((row["report_date"], head, weight, Fraction(row["wtd_avg_base_price_usd_cwt"]), ""))
        columns = "date=report_date,quantity=head_count_barrows_gilts,weight=avg_carcass_weight_lb,price=wtd_avg_base_price_usd_cwt"
        plot = self.dir / "usda.svg"
        got = self.days(USDA, columns, "--plot", plot)
        self.assertEqual(len(got), len(rows))
        self.compare(got, expected_days(trades, 2, False))
        self.assertTrue(xml.parse(plot).getroot().tag.endswith("svg"))

    def test_a_plot_is_a_picture_with_axes_a_line_and_hollow_dots_on_thin_days(self):
        lines = ["d,w,p"] + [f"2024-01-{d:02},1,{15 + d % 3}.5" for d in range(1, 21) for _ in range(1 + d % 4)]
        plot = self.dir / "a.svg"
        done = self.run_index(self.table("\n".join(lines), "a<b&.csv"), "--columns", "date=d,weight=w,price=p", "--plot",
                              plot, "--two-day")
        self.assertEqual(done.returncode, 0, done.stderr)
        root = xml.parse(plot).getroot()
        name = "{http://www.w3.org/2000/svg}"
        words = [e.text for e in root.iter(name + "text")]
        for word in ("a<b&.csv", "2024-01-01", "2024-01-20", "16.0", "Two-day index"):
            self.assertIn(word, words)
        dots = [e.get("fill") for e in root.iter(name + "circle")]
        self.assertEqual((len(dots), dots.count("#fff")), (20, 10))

    def test_bad_input_ends_with_2_and_one_line_that_names_it(self):
        good = "date=d,quantity=n,weight=w,price=p"
        cases = (
            ("d,n,w,p\n2024-13-01,1,1,1\n", good, ("line 2", "column d", "'2024-13-01'", "2024-01-15")),
            ("d,n,w,p\n2024-01-01,1.5,1,1\n", good, ("line 2", "column n", "'1.5'", "a whole number")),
            ("d,n,w,p\n2024-01-01,-1,1,1\n", good, ("column n", "'-1'")),
            ("d,n,w,p\n2024-01-01,1,,1\n", good, ("column w", "''")),
            ("d,n,w,p\n2024-01-01,1,0,1\n", good, ("column w", "'0'", "above 0")),
            ("d,n,w,p\n2024-01-01,1,1,\n", good, ("column p", "''")),
            ("d,n,w,p\n2024-01-01,1,1,0.00\n", good, ("column p", "'0.00'", "above 0")),
            ("d,n,w,p\n2024-01-01,1,1,1e3\n", good, ("column p", "'1e3'")),
            ("d,n,w,p\n2024-01-01,1,1,1.2345678\n", good, ("column p", "'1.2345678'", "6 digits")),
            ("d,n,w,p\n2024-01-01,1000000000,1000000000,1\n", good, ("column w", "'1000000000'", "9000000000000")),
            ("d,n,w,p\n" + "2024-01-01,9000,1000000000,1\n" * 2, good, ("line 3", "column w", "a day's weight")),
            ("d,n,w,p\n2024-01-01,1,1\n", good, ("line 2", "expected 4 cells")),
            ("d,n,w,p,b\n2024-01-01,1,1,1,\n", good + ",buyer=b", ("column b", "buyer")),
            ("d,n,w,p,b\n2024-01-01,1,1,1,no\n", good + ",excluded=b", ("column b", "'no'", "true")),
            ("", good, ("line 1",)),
            ("d,n,w,p\n", "date=d,quantity=n,weight=w", ("--columns", "price")),
            ("d,n,w,p\n", good + ",total_weight=w", ("--columns", "either weight or total_weight")),
            ("d,n,w,p\n", good + ",colour=w", ("--columns", "'colour=w'")),
            ("d,n,w,p\n", "date=d,quantity=n,weight=z,price=p", ("--columns", "'weight=z'", "d, n, w, p")),
            ("d,n,w,p\n", "date=d,date=d,weight=w,price=p", ("--columns", "'date=d'", "once")),
        )
        for number, (text, columns, words) in enumerate(cases):
            with self.subTest(number):
                self.refused((self.table(text), "--columns", columns), words)
        path = self.table("d,w,p\n2024-01-01,1,1\n")
        columns = "date=d,weight=w,price=p"
        for more, words in (
                (("--price-unit", "0"), ("--price-unit", "'0'")), (("--zone", "east"), ("--zone", "'east'")),
                (("--where", "x=1"), ("--where", "'x=1'")), (("--plot", self.dir / "no" / "a.svg"), ("--plot", "a.svg")),
                (("--where", "p=2", "--plot", self.dir / "a.svg"), ("--plot", "trades"))):
            with self.subTest(more):
                self.refused((path, "--columns", columns, *more), words)
        self.refused((self.dir / "none.csv", "--columns", columns), ("none.csv",))

    def refused(self, arguments, words):
        done = self.run_index(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
