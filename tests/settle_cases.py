#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""`hulan settle` against the rulebook worked out a second time, in whole fractions, on cases made by chance."""

import json
import random
import subprocess
import tempfile
import unittest
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

from market import HULAN, ROOT

SHARED = ROOT.parent / "shared" / "domain" / "cases"


def half_away(x):
    """R1.4."""
    x = Fraction(x)
    return floor(x + Fraction(1, 2)) if x >= 0 else -floor(-x + Fraction(1, 2))


def amount(price_li, grams):
    """R1.3."""
    return half_away(Fraction(price_li * grams, 10_000))


def band(average_g):
    """R8.4; None outside the table."""
    if 90_000 <= average_g < 100_000:
        return -300
    if 100_000 <= average_g <= 120_000:
        return 0
    if 120_000 < average_g <= 130_000:
        return -200
    if 130_000 < average_g <= 140_000:
        return -600
    return None


def in_proportion(total, weights):
    """Largest remainder first, ties to the earlier (R8.2)."""
    exact = [Fraction(total * w, sum(weights)) for w in weights]
    parts = [floor(x) for x in exact]
    order = sorted(range(len(weights)), key=lambda i: (-(exact[i] - parts[i]), i))
    for i in order[:total - sum(parts)]:
        parts[i] += 1
    return parts


def expectation(given):
    rules = {"bond_bp": 500, "trading_bond_bp": 50, "fee_fen_per_t": 1000, "disposal_fen_per_head": 8000,
             **given.get("rules", {})}
    price, contract_g = given["price_li"], given["heads"] * given["average_g"]
    nominal = amount(price, contract_g)
    out = {"nominal": nominal, "bond": ceil(Fraction(nominal * rules["bond_bp"], 10_000)),
           "trading_bond": ceil(Fraction(nominal * rules["trading_bond_bp"], 10_000))}
    fee_of = lambda grams: half_away(Fraction(rules["fee_fen_per_t"] * grams, 10**6))
    if given["kind"] == "buyer_default":
        fees = min(2 * fee_of(contract_g), out["trading_bond"])
        loss = amount(max(0, price - given["resale_price_li"]), contract_g) + given["keeping_fen"]
        return {**out, "bond_to_seller": out["bond"], "fees_from_trading_bond": fees,
                "trading_bond_returned": out["trading_bond"] - fees, "loss": loss, "claim": max(0, loss - out["bond"])}

    origin = given["terms"] == "origin"
    head = given.get("delivered_heads", given["heads"])
    live = head - given["dead"]
    if origin:
        least = half_away(Fraction(given["origin_g"] * (10_000 - given.get("shrink_allowance_bp", 150)), 10_000))
        excess = max(0, least - given["destination_g"])
        net, averaged = given["origin_g"], head
    else:
        net, averaged, excess = sum(g - t for g, t in given["trucks"]), live, 0
    out["settled_g"] = net - excess
    out["average_live_g"] = half_away(Fraction(net, averaged)) if live else 0
    out["band_li"] = band(out["average_live_g"]) if live else 0
    if out["band_li"] is None:
        return None
    groups = given.get("groups") or [{"heads": live, "net_g": net, "adjust_li": 0}]
    taken = in_proportion(excess, [g["net_g"] for g in groups]) if excess else [0] * len(groups)
    lines = [amount(max(0, price + g["adjust_li"] + out["band_li"]), g["net_g"] - t) for g, t in zip(groups, taken)]
    out["lines"] = lines if live else []
    goods = out["goods"] = sum(out["lines"])
    fee = out["fee_each"] = fee_of(out["settled_g"]) if live else 0
    out["fee_vat_each"] = half_away(Fraction(fee * 6, 106))
    out["disposal"] = 0 if origin else given["dead"] * rules["disposal_fen_per_head"]
    out["buyer_pays"] = goods + fee
    out["seller_receives"] = goods - fee - out["disposal"]
    status = given["seller_vat"]
    out["seller_vat"] = {"exempt_producer": 0, "general_9": half_away(Fraction(goods * 9, 109)),
                         "small_1": half_away(Fraction(goods, 101))}[status]
    out["buyer_deduction"] = half_away(Fraction(goods * 9, 100)) if status == "exempt_producer" else 0
    if given["kind"] == "settlement":
        out["buyer_refund"], out["buyer_topup"] = max(0, nominal - goods - fee), max(0, goods + fee - nominal)
        return out
    short = given["heads"] - head
    beyond = short * 100 > 2 * given["heads"]
    forfeited = half_away(Fraction(out["bond"] * short, given["heads"])) if beyond else 0
    cover = amount(max(0, given["cover_price_li"] - price), short * given["average_g"]) if beyond else 0
    return {**out, "bond_forfeited": forfeited, "bond_released": out["bond"] - forfeited, "cover_loss": cover,
            "claim": max(0, cover - forfeited)}


def settlement(chance, kind):
    heads = chance.choice([1, 2, 7, 50, 80, 120, 200, 1999])
    average = chance.randint(88_000, 142_000)
    given = {"kind": kind, "price_li": chance.choice([1, 5, 999, 14_180, 16_355, 150_000]), "heads": heads,
             "average_g": average, "terms": "destination", "seller_vat": chance.choice(
                 ["exempt_producer", "general_9", "small_1"])}
    delivered = heads
    if kind == "seller_short":
        delivered = given["delivered_heads"] = chance.randint(max(1, heads * 9 // 10 - 3), heads)
        given["cover_price_li"] = max(1, given["price_li"] + chance.randint(-300, 900))
    dead = given["dead"] = chance.choice([0, 0, 1, min(2, delivered)]) if delivered > 2 else 0
    live = delivered - dead
    if kind == "settlement" and chance.random() < 0.4:
        given["terms"] = "origin"
        given["shrink_allowance_bp"] = chance.choice([0, 150, 333])
        net = given["origin_g"] = delivered * average + chance.randint(-5000, 5000)
        given["destination_g"] = net * chance.randint(960, 1000) // 1000
    else:
        net = live * average + chance.randint(-5000, 5000)
        first = net // 3
        given["trucks"] = [[first + 14_000_000, 14_000_000], [net - first + 13_500_001, 13_500_001]]
    if live > 3 and chance.random() < 0.6:
        heads_of = [1, live // 2, live - 1 - live // 2]
        weights = [net // live, net * heads_of[1] // live]
        given["groups"] = [{"heads": h, "net_g": w, "adjust_li": a} for h, w, a in zip(
            heads_of, weights + [net - sum(weights)], [chance.choice([0, -300, -600, -1300, -20_000]) for _ in range(3)])]
    if chance.random() < 0.2:
        given["rules"] = {"bond_bp": 800, "fee_fen_per_t": 1234, "disposal_fen_per_head": 8001}
    return given


def buyer_default(chance):
    price = chance.choice([5, 14_180, 16_120])
    return {"kind": "buyer_default", "price_li": price, "heads": chance.choice([1, 80, 333]),
            "average_g": chance.randint(90_000, 140_000), "resale_price_li": max(1, price + chance.randint(-3000, 400)),
            "keeping_fen": chance.randint(0, 2_000_000)}


class Settle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not HULAN.exists():
            raise unittest.SkipTest(f"{HULAN} is not built")

    def settle(self, given):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.json"
            path.write_text(json.dumps({"given": given}))
            return subprocess.run([HULAN, "settle", path], capture_output=True, text=True)

    def test_R6_R8_R9_R10_the_arithmetic_is_that_of_the_rulebook_to_the_fen(self):
        chance = random.Random(20240115)
        outside = 0
        for number in range(600):
            given = buyer_default(chance) if number % 6 == 0 else settlement(
                chance, "seller_short" if number % 6 == 1 else "settlement")
            with self.subTest(given=given):
                expected, done = expectation(given), self.settle(given)
                if expected is None:
                    outside += 1
                    self.assertEqual(done.returncode, 2, done.stdout)
                    self.assertIn("average_live_g", done.stderr)
                    self.assertEqual(done.stderr.count("\n"), 1)
                else:
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertEqual(json.loads(done.stdout), expected)
        self.assertGreater(outside, 5, "the table's ends were met")

    def test_R1_3_a_sum_beyond_64_bits_is_refused_and_never_wrapped(self):
        given = settlement(random.Random(1), "settlement")
        for field, value in (("price_li", 2**62), ("heads", 2**40), ("average_g", 2**62)):
            done = self.settle({**given, field: value})
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_the_worked_cases_hold(self):
        cases = sorted(SHARED.glob("*.json"))
        if not cases:
            self.skipTest(f"no worked cases beside the project ({SHARED.name}/ is absent)")
        done = subprocess.run([HULAN, "settle", "--check", *cases], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
