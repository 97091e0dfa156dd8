#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""A market day on real prices: 78 grade and province prices of 27 December 2015, each a lot that is imported with the
day before as its reference, auctioned, contracted, paid, weighed, settled and paid out. The statements add up to the
fen, and the day's price by grade and province comes out as it went in. Skips where the file is absent."""

import csv
import json
import time
import unittest
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from market import HULAN, ROOT, Market, iso, moment, yuan

DATA = ROOT.parent / "shared" / "data" / "cn_province_grade_prices_20151227.csv"
BUCKETS = ("available", "performance_bond", "trading_bond", "prepaid", "disputed")
# GB/T 2260, by the first two characters of the province's name.
PROVINCES = dict(zip(
    "北京 天津 河北 山西 内蒙 辽宁 吉林 黑龙 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 "
    "青海 宁夏 新疆".split(),
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()))
HEAD, AVERAGE_KG = 100, Decimal("110.000")


def quicker(name, text):
    """A day that a test can wait for: notice and soft close of a second."""
    return text.replace('notice = "0 h"', 'notice = "1 s"').replace('close_window = "120 s"', 'close_window = "1 s"')


@unittest.skipUnless(DATA.exists(), f"{DATA.name} is not here")
class RealPrices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.market = Market(edit_product=quicker)
        cls.market.start().set_up_staff()
        m = cls.market
        cls.farm = m.add_participant("farm", "producer", vat="exempt_producer", money="3000000.00")
        cls.buyers = {login: m.add_participant(login, "slaughterhouse", 230111, money="20000000.00")
                      for login in ("packer", "trader", "northgate")}
        cls.haulier = m.add_participant("haulier", "carrier")
        cls.rows = list(csv.DictReader(open(DATA, encoding="utf-8-sig")))

    @classmethod
    def tearDownClass(cls):
        cls.market.close()

    def test_a_day_of_real_prices_comes_out_as_it_went_in(self):
        m = self.market
        lots = self.import_lots()
        self.assertEqual(len(lots), len(self.rows))
        self.announce(lots)
        contracts = self.auction(lots)
        self.carry_out(contracts)
        self.check_statements()
        self.pay_out()
        self.check_prices()
        for command in ("verify", "replay"):
            code, out, err = m.tool(command, m.dir)
            self.assertEqual(code, 0, out + err)

    def import_lots(self):
        m = self.market
        code, out, err = m.tool(
            "lots", "import", DATA, "--url", f"http://127.0.0.1:{m.port}", "--token", m.people["farm"],
            "--operator-token", m.people["operator"], "--product", "live-hog", "--map", "grade=grade",
            "--map", "province=province", "--map", "price=price_2015_12_27_cny_kg",
            "--map", "reference=price_2015_12_26_cny_kg", "--head", HEAD, "--average", AVERAGE_KG,
            "--terms", "destination", "--place", 230111, "--papers", self.paper(), "--tags", "--json")
        self.assertEqual(code, 0, err)
        return [row["lot"] for row in json.loads(out)]

    def paper(self):
        path = Path(self.market.temporary.name) / "paper.txt"
        path.write_text("test report and immunization record")
        return path

    def announce(self, lots):
        m, door = self.market, self.market.door("farm")
        # Long enough for every bid on a slow machine; the close is the same for all.
        self.open_at = m.now() + timedelta(seconds=8)
        self.close_at = self.open_at + timedelta(seconds=15)
        for lot, row in zip(lots, self.rows):
            price = Decimal(row["price_2015_12_27_cny_kg"])
            door.post(f"/v1/lots/{lot}/auction", {"start": str(price), "step": "0.010", "open_at": iso(self.open_at),
                                                  "close_at": iso(self.close_at), "window_s": 1})

    def auction(self, lots):
        m = self.market
        while m.now() < self.open_at + timedelta(milliseconds=50):
            time.sleep(0.05)
        logins = {number: login for login, number in self.buyers.items()}
        for i, (lot, row) in enumerate(zip(lots, self.rows)):
            m.door(logins[self.buyer_of(i)]).post(f"/v1/lots/{lot}/bids", {"price": row["price_2015_12_27_cny_kg"]})
        deadline = time.monotonic() + 60
        while True:
            contracts = m.door("auditor").all("/v1/contracts")
            if len(contracts) == len(lots) or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        self.assertEqual(len(contracts), len(lots))
        return contracts

    def buyer_of(self, i):
        """Who bids for row `i`: each buyer in turn."""
        return list(self.buyers.values())[i % len(self.buyers)]

    def carry_out(self, contracts):
        m = self.market
        login_of = {number: login for login, number in self.buyers.items()}
        now = m.now()
        sha = m.paper("farm", "quarantine certificate")
        for contract in contracts:
            path = f"/v1/contracts/{contract['id']}/"
            buyer, farm, inspector = m.door(login_of[contract["buyer"]["id"]]), m.door("farm"), m.door("inspector")
            cross = str(contract["origin"])[:2] != "23"
            buyer.post(path + "pay")
            farm.post(path + "schedule", {"deliveries": [{"quantity": contract["quantity"], "planned_at": iso(max(m.now(), moment(contract["pickup_from"])) + timedelta(hours=1))}]})
            farm.post(path + "load", {
                "delivery": 1, "carrier": self.haulier, "quantity": contract["quantity"], "vehicle": "黑A12345",
                "vehicle_filed_until": iso(now + timedelta(days=300)), "driver": "test driver",
                "certificate": {"form": "A" if cross else "B", "number": f"C{contract['id']}", "issued_at": iso(m.now()),
                                "expires_at": iso(now + timedelta(hours=8)), "sha256": sha}})
            inspector.post(path + "arrive", {"delivery": 1})
            inspector.post(path + "weigh", {"delivery": 1, "dead": 0,
                                            "trucks": [{"gross_kg": str(HEAD * AVERAGE_KG + 15000), "tare_kg": "15000.000"}]})
            farm.post(path + "accept")
            buyer.post(path + "accept")
            self.assertEqual(m.door("auditor").get(path[:-1])["state"], "settled")

    def check_statements(self):
        m = self.market
        goods = sum(self.goods(row) for row in self.rows)
        fees = 2 * len(self.rows) * 11_000  # 10 yuan a tonne, 11 t a lot, from each side
        total = 0
        for participant in [self.farm, *self.buyers.values()]:
            statement = m.door("auditor").get(f"/v1/accounts/{participant}/statement?currency=CNY")
            self.add_up(statement)
            account = m.door("auditor").get(f"/v1/accounts/{participant}?currency=CNY")
            balances = {k: yuan(account[k]) for k in BUCKETS}
            self.assertEqual({k: v for k, v in balances.items() if k != "available"},
                             dict.fromkeys(BUCKETS[1:], 0))
            total += balances["available"]
            if participant == self.farm:
                self.assertEqual(balances["available"], 300_000_000 + goods - fees // 2)
            else:
                bought = [self.goods(row) for i, row in enumerate(self.rows) if self.buyer_of(i) == participant]
                self.assertEqual(balances["available"], 2_000_000_000 - sum(bought) - 11_000 * len(bought))
        self.assertEqual(total, 300_000_000 + 3 * 2_000_000_000 - fees)

    def pay_out(self):
        """The farm's money leaves its account, and what is left in the market is what the bank still holds."""
        m = self.market
        bank = lambda: yuan(m.door("auditor").get("/v1/operator/accounts?currency=CNY")["bank"])
        before = bank()
        account = m.door("farm").get(f"/v1/accounts/{self.farm}?currency=CNY")
        made = m.door("farm").post("/v1/withdrawals", {"participant": self.farm, "currency": "CNY",
                                                       "amount": account["available"], "bank_account": "622200001111"})
        m.approve(made["id"], "settlement_officer", "supervisor")
        left = m.door("farm").get(f"/v1/accounts/{self.farm}?currency=CNY")
        self.assertEqual(yuan(left["available"]), 0)
        self.assertEqual(abs(before) - abs(bank()), yuan(account["available"]))

    def add_up(self, statement):
        def sums(part):
            return {k: yuan(v) for k, v in part.items()}
        opening, closing = sums(statement["opening"]), sums(statement["closing"])
        for line in statement["lines"]:
            opening[line["bucket"]] += yuan(line["amount"])
            self.assertEqual(opening[line["bucket"]], yuan(line["balance"]))
        self.assertEqual(opening, closing)

    @staticmethod
    def goods(row):
        """R1.3: whole tonnes, so the product is exact: li x 11,000,000 g / 10,000."""
        return int(Decimal(row["price_2015_12_27_cny_kg"]) * 1000) * int(HEAD * AVERAGE_KG * 1000) // 10_000

    def check_prices(self):
        grades = {"外三元": "outer-three-way", "内三元": "inner-three-way", "土杂猪": "local-cross", "土杂": "local-cross"}
        wanted = {(grades[row["grade"]], PROVINCES[row["province"][:2]]): Decimal(row["price_2015_12_27_cny_kg"])
                  for row in self.rows}
        self.assertEqual(len(wanted), len(self.rows), "one row for each grade and province")
        page = self.market.door().get("/v1/prices?product=live-hog&level=province")
        self.assertEqual({(item["grade"], item["region"]): Decimal(item["price"]) for item in page["items"]}, wanted)
        self.assertTrue(all(item["thin"] and item["trades"] == 1 for item in page["items"]), "R11.2: one trade is thin")


if __name__ == "__main__":
    if not HULAN.exists():
        raise SystemExit("build it first: script/build")
    unittest.main(verbosity=2)  # says why, where it skips
