#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""The rulebook's money against the built program: each expected fen is worked out here, from the rule's words, and after
every test the accounts add up to nothing, none is below zero, and the log, folded again twice, says what the doors say."""

import json
import random
import time
import unittest
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from market import HULAN, MarketTest, Refused, iso, moment, yuan
from settle_cases import amount, half_away

BUCKETS = ("available", "performance_bond", "trading_bond", "prepaid", "disputed")


def quicker(name, text):
    return text.replace('notice = "0 h"', 'notice = "1 s"').replace('close_window = "120 s"', 'close_window = "1 s"')


def li(price):
    return int(Decimal(price) * 1000)


def grams(kg):
    return int(Decimal(kg) * 1000)


def text(fen):
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def performance(nominal):
    """R6.1."""
    return ceil(Fraction(nominal * 5, 100))


def trading(nominal):
    """R6.1."""
    return ceil(Fraction(nominal * 5, 1000))


class Rules(MarketTest):
    """Three farms, three buyers, a haulier, and what every test asks of their accounts."""

    edit_product = staticmethod(quicker)
    products = ("live-hog", "piglet")
    ids = {}

    @classmethod
    def setUpClass(cls):
        """One market for the whole file."""
        if Rules.ids:
            return
        super(Rules, Rules).setUpClass()
        m = Rules.market
        for login in ("farm", "farm2", "farm3"):
            Rules.ids[login] = m.add_participant(login, "producer", vat="exempt_producer", money="3000000.00")
        for login in ("packer", "trader", "north"):
            Rules.ids[login] = m.add_participant(login, "slaughterhouse", 230111, money="9000000.00")
        Rules.ids["haulier"] = m.add_participant("haulier", "carrier")

    @classmethod
    def tearDownClass(cls):
        """tearDownModule() does it."""

    @classmethod
    def fold_again(cls):
        """R13.1: the folder proves itself, and two foldings give the balances that the doors showed."""
        m = cls.market
        shown = {p: cls.balances(p) for p in cls.everybody()}
        operator = m.door("auditor").get("/v1/operator/accounts?currency=CNY")
        m.stop()
        assert m.tool("verify", m.dir)[0] == 0
        one, two = (json.loads(m.tool("replay", m.dir, "--json")[1]) for _ in range(2))
        for field in ("state_hash", "business_hash", "accounts", "operator"):
            assert one[field] == two[field], field
        replayed = {row["participant"]: {b: yuan(row[b]) for b in BUCKETS} for row in one["accounts"] if row["currency"] == "CNY"}
        for participant, balances in shown.items():
            assert replayed.get(participant, dict.fromkeys(BUCKETS, 0)) == balances, (participant, replayed.get(participant), balances)
        for account, balance in one["operator"]["CNY"].items():
            assert operator[account] == balance, account

    def tearDown(self):
        """R1.5, R3.4."""
        total = sum(self.operator().values())
        for participant in self.everybody():
            balances = self.balances(participant)
            self.assertTrue(all(v >= 0 for v in balances.values()), (participant, balances))
            total += sum(balances.values())
        self.assertEqual(total, 0, "R1.5: the accounts add up to nothing")

    # --- accounts ---
    @classmethod
    def everybody(cls):
        return [row["id"] for row in cls.market.door("auditor").all("/v1/participants")]

    @classmethod
    def balances(cls, participant):
        account = cls.market.door("auditor").get(f"/v1/accounts/{participant}?currency=CNY")
        return {b: yuan(account[b]) for b in BUCKETS}

    def operator(self):
        accounts = self.market.door("auditor").get("/v1/operator/accounts?currency=CNY")
        return {k: yuan(accounts[k]) for k in ("bank", "fee_income", "vat_payable", "disposal_payable", "suspense", "payouts_in_transit")}

    def remember(self):
        self.before = {login: self.balances(number) for login, number in self.ids.items()}
        self.operator_before = self.operator()

    def moved(self, login, performance_bond=0, trading_bond=0, prepaid=0, free=0):
        """Since remember(): what lies in bonds and escrow came from available, which also won `free`."""
        expected = dict(self.before[login])
        expected["performance_bond"] += performance_bond
        expected["trading_bond"] += trading_bond
        expected["prepaid"] += prepaid
        expected["available"] += free - performance_bond - trading_bond - prepaid
        self.assertEqual(self.balances(self.ids[login]), expected, login)

    def refused(self, code, who, path, body=None, rule=None):
        with self.assertRaises(Refused) as caught:
            self.market.door(who).post(path, body)
        self.assertEqual(caught.exception.code, code, caught.exception.problem)
        if rule:
            self.assertTrue(caught.exception.problem.get("rule", "").startswith(rule), caught.exception.problem)
        return caught.exception.problem

    # --- steps ---
    def post(self, who, path, body=None):
        return self.market.door(who).post(path, body)

    def lot(self, number, who="auditor"):
        return self.market.door(who).get(f"/v1/lots/{number}")

    def contract(self, number, who="auditor"):
        return self.market.door(who).get(f"/v1/contracts/{number}")

    def until(self, what, why):
        deadline = time.monotonic() + 30
        while not what():
            self.assertLess(time.monotonic(), deadline, why)
            time.sleep(0.03)

    def wait_for(self, when):
        self.until(lambda: self.market.now() > when, "the market's clock stands")

    def list_lot(self, who, lot, price, minimum=None, last=3600):
        body = {"price": price, "expires_at": iso(self.market.now() + timedelta(seconds=last))}
        if minimum:
            body["minimum"] = str(minimum)
        return self.post(who, f"/v1/lots/{lot}/listing", body)

    def want(self, who, head, average="115.000", **more):
        return self.market.draft(who, head=head, average=average, papers=False, tags=False, side="buy", **more)

    def announce(self, who, lot, start, step="0.010", last=1.2, open_in=1.05, **more):
        opens = self.market.now() + timedelta(seconds=open_in)
        self.post(who, f"/v1/lots/{lot}/auction", {"start": start, "step": step, "open_at": iso(opens), "close_at": iso(opens + timedelta(seconds=last)),
                                                 "window_s": 1, **more})
        return opens

    def opened(self, who, lot, start, **more):
        self.wait_for(self.announce(who, lot, start, **more))

    def bid(self, who, lot, price, goods=None):
        return self.post(who, f"/v1/lots/{lot}/bids", {"price": price, **({"goods": goods} if goods else {})})

    def ends(self, lot, state):
        self.until(lambda: self.lot(lot)["state"] == state, f"{lot} is {self.lot(lot)['state']}, not {state}")

    def sell(self, head=100, average="115.000", price="16.130", seller="farm", buyer="packer", window=None, **more):
        """A contract by listing."""
        if window:
            more.update(pickup_from=iso(self.market.now()), pickup_until=iso(self.market.now() + timedelta(seconds=window)))
        lot = self.market.draft(seller, head=head, average=average, **more)
        self.list_lot(seller, lot, price, last=(window or 3600) - 0.5)
        return self.post(buyer, f"/v1/lots/{lot}/take", {"price": price, "quantity": str(head)})["id"]

    def to_arrival(self, number, head=None, heads=None, origin_kg=None, pay=True):
        c = self.contract(number)
        seller, buyer = (next(k for k, v in self.ids.items() if v == c[s]["id"]) for s in ("seller", "buyer"))
        path = f"/v1/contracts/{number}/"
        who = buyer if c["terms"] == "origin" else seller
        now = self.market.now()
        if pay:
            self.post(buyer, path + "pay")
        at = max(now, moment(c["pickup_from"])) + timedelta(minutes=1)
        heads = heads or [c["quantity"]]
        self.post(who, path + "schedule", {"deliveries": [{"quantity": str(h), "planned_at": iso(min(at, moment(c["pickup_until"])))} for h in heads]})
        for i, h in enumerate(heads, 1):
            self.load(number, seller, i, head or h, origin_kg)
            self.post("inspector", path + "arrive", {"delivery": i})
        return seller, buyer, path

    def load(self, number, seller, delivery, head, origin_kg=None):
        now = self.market.now()
        body = {"delivery": delivery, "carrier": self.ids["haulier"], "quantity": str(head), "vehicle": "黑A12345",
                "vehicle_filed_until": iso(now + timedelta(days=300)), "driver": "test driver",
                "certificate": {"form": "B", "number": f"C{number}-{delivery}", "issued_at": iso(now), "expires_at": iso(now + timedelta(hours=8)),
                                "sha256": self.market.paper(seller, "quarantine certificate")}}
        if origin_kg:
            body["origin_kg"] = origin_kg
        return self.post(seller, f"/v1/contracts/{number}/load", body)

    def weigh(self, number, kg, delivery=1, dead=0, groups=None):
        body = {"delivery": delivery, "dead": dead, "trucks": [{"gross_kg": str(Decimal(kg) + 15000), "tare_kg": "15000.000"}]}
        if groups:
            body["groups"] = groups
        return self.post("inspector", f"/v1/contracts/{number}/weigh", body)


def tearDownModule():
    if Rules.ids:
        try:
            Rules.fold_again()
        finally:
            Rules.market.close()


class Listings(Rules):
    def test_R13_1_who_was_entered_before_a_crash_is_entered_once(self):
        """The same command with its client id, sent again after kill -9: one participant, one answer."""
        moment = int(self.market.now().timestamp() * 1000)
        key = {"Idempotency-Key": f"{moment:012x}{random.getrandbits(80):020x}"}
        farm = {"name": {"zh": "再来农场"}, "kind": "producer", "form": "individual_business", "vat": "exempt_producer", "region": "230111"}
        operator = self.market.door("operator")
        first = operator.post("/v1/participants", farm, key)
        before = operator.get("/v1/market")["sequence"]
        self.market.kill()
        self.market.start()
        for door in self.market.doors.values():
            door.connection = None  # the server it led to is gone
        again = self.market.door("operator").post("/v1/participants", farm, key)
        self.assertEqual((again["participant"], again["sequence"]), (first["participant"], first["sequence"]))
        self.assertTrue(again["repeated"])
        self.assertLessEqual(self.market.door("operator").get("/v1/market")["sequence"], before + 5)
        names = [p["name"]["zh"] for p in self.market.door("operator").all("/v1/participants")]
        self.assertEqual(names.count("再来农场"), 1, names)

    def test_R5_1_R6_4_a_listing_taken_in_parts_holds_two_fen_a_part_and_ends_with_the_bonds_of_its_contracts(self):
        lot = self.market.draft("farm", head=203, average="114.937")
        self.remember()
        whole = amount(16130, 203 * 114937)
        hold = performance(whole) + 2 * 3  # 60 is the least part, so three at most
        self.list_lot("farm", lot, "16.130", minimum=60)
        self.moved("farm", performance_bond=hold)
        take = f"/v1/lots/{lot}/take"
        self.refused("below_minimum", "packer", take, {"price": "16.130", "quantity": "59"}, "R5.1")
        self.refused("rest_below_minimum", "packer", take, {"price": "16.130", "quantity": "144"}, "R5.1")
        self.refused("stale_price", "packer", take, {"price": "16.120", "quantity": "203"})
        self.refused("above_remaining", "packer", take, {"price": "16.130", "quantity": "204"})
        self.refused("own_lot", "farm", take, {"price": "16.130", "quantity": "203"}, "R5.6")
        self.moved("packer")
        parts, sums = (("packer", 71), ("trader", 71), ("north", 61)), []
        for who, head in parts:
            made = self.contract(self.post(who, take, {"price": "16.130", "quantity": str(head)})["id"])
            nominal = amount(16130, head * 114937)
            sums.append(nominal)
            self.assertEqual(made["nominal"], text(nominal))
            self.assertEqual(made["bonds"], {"seller": text(performance(nominal)), "buyer": text(performance(nominal)),
                                             "seller_trading": "0.00", "buyer_trading": text(trading(nominal))})
            self.moved(who, performance_bond=performance(nominal), trading_bond=trading(nominal))
            self.moved("farm", performance_bond=hold if len(sums) < 3 else sum(map(performance, sums)))
        self.assertEqual(self.lot(lot)["state"], "sold")
        self.refused("wrong_lot_state", "packer", take, {"price": "16.130", "quantity": "60"})

    def test_R5_1_the_untaken_rest_is_withdrawn_or_expires_and_only_the_contracts_bond_stays(self):
        for ends in ("withdrawn", "expired"):
            with self.subTest(ends):
                lot = self.market.draft("farm", head=100, average="114.937")
                self.remember()
                self.list_lot("farm", lot, "16.130", minimum=20, last=1 if ends == "expired" else 60)
                self.post("packer", f"/v1/lots/{lot}/take", {"price": "16.130", "quantity": "33"})
                if ends == "withdrawn":
                    self.refused("not_lot_owner", "packer", f"/v1/lots/{lot}/withdraw", {"reason": "x"})
                    self.post("farm", f"/v1/lots/{lot}/withdraw", {"reason": "no more"})
                self.ends(lot, ends)
                self.moved("farm", performance_bond=performance(amount(16130, 33 * 114937)))

    def test_R5_1_R6_4_a_request_is_filled_in_parts_by_sellers_with_goods_of_their_own(self):
        wanted = self.want("packer", 200, "114.937")
        self.remember()
        whole = amount(16130, 200 * 114937)
        self.list_lot("packer", wanted, "16.130", minimum=60)
        hold = self.balances(self.ids["packer"])["performance_bond"] - self.before["packer"]["performance_bond"]
        self.assertEqual(hold, performance(whole) + 2 * 3)
        take, asked = f"/v1/lots/{wanted}/take", {"price": "16.130", "quantity": "100"}
        self.refused("goods_required", "farm", take, asked)
        theirs = self.market.draft("farm2", head=100, average="114.937")
        self.refused("not_lot_owner", "farm", take, {**asked, "goods": theirs})
        for kind, less in (("average", {"average": "99.000"}), ("grade", {"grade": "local-cross"}), ("head", {"head": 99})):
            with self.subTest(kind):
                other = self.market.draft("farm", **{"head": 100, "average": "114.937", **less})
                with self.assertRaises(Refused):
                    self.post("farm", take, {**asked, "goods": other})
        bare = self.market.draft("farm", head=100, average="114.937", papers=False)
        self.refused("missing_asf_test", "farm", take, {**asked, "goods": bare}, "R4.3")
        self.moved("farm")
        goods = self.market.draft("farm", head=100, average="114.937")
        made = self.contract(self.post("farm", take, {**asked, "goods": goods})["id"])
        half = amount(16130, 100 * 114937)
        self.assertEqual((made["seller"]["id"], made["buyer"]["id"]), (self.ids["farm"], self.ids["packer"]))
        self.assertEqual(made["bonds"], {"seller": text(performance(half)), "buyer": text(performance(half)),
                                         "seller_trading": text(trading(half)), "buyer_trading": text(trading(half))})
        self.moved("farm", performance_bond=performance(half), trading_bond=trading(half))
        with self.assertRaises(Refused):
            self.post("farm", take, {**asked, "goods": goods})  # the same animals twice
        with self.assertRaises(Refused):
            self.list_lot("farm", goods, "16.130")
        self.post("farm2", take, {**asked, "goods": theirs})
        self.moved("packer", performance_bond=2 * performance(half), trading_bond=2 * trading(half))

    def test_R5_6_R6_1_nobody_takes_a_relatives_lot_and_a_fen_short_of_the_bonds_is_no_funds(self):
        m = self.market
        nominal = amount(16130, 100 * 114937)
        need = performance(nominal) + trading(nominal)
        for login in ("poor", "cousin"):
            self.ids[login] = m.add_participant(login, "trader", money=text(need - 1))
        lot = m.draft("farm2", head=100, average="114.937")
        self.list_lot("farm2", lot, "16.130")
        take = {"price": "16.130", "quantity": "100"}
        self.post("operator", "/v1/relations", {"a": self.ids["cousin"], "b": self.ids["farm2"], "active": True})
        self.remember()
        self.refused("related_party", "cousin", f"/v1/lots/{lot}/take", take, "R5.6")
        self.refused("no_funds", "poor", f"/v1/lots/{lot}/take", take, "R6.1")
        self.moved("poor")
        m.deposit(self.ids["poor"], "0.01")
        number = self.post("poor", f"/v1/lots/{lot}/take", take)["id"]
        self.assertEqual(self.balances(self.ids["poor"])["available"], 0)
        self.refused("no_funds", "poor", f"/v1/contracts/{number}/pay")
        self.refused("not_the_actor", "farm2", f"/v1/contracts/{number}/pay")
        for who in ("poor", "farm2"):
            self.post(who, f"/v1/contracts/{number}/cancel", {"reason": "both wish it"})
        self.assertEqual(self.balances(self.ids["poor"])["available"], need)

    def test_R4_2_a_lot_with_a_mark_and_no_grant_is_refused_by_the_rules_number(self):
        m, now = self.market, self.market.now()
        mark = self.post("operator", "/v1/marks", {
            "holder": self.ids["farm2"], "product": "live-hog", "place": "230113", "valid_from": iso(now - timedelta(days=1)),
            "valid_until": iso(now + timedelta(days=300)), "certificate": m.paper("operator", "mark"), "name": {"zh": "标", "en": "m", "ru": "м"}})["id"]
        self.remember()

        def tries(code):
            with self.assertRaises(Refused) as caught:
                lot = m.draft("farm", head=100, mark=mark)
                self.list_lot("farm", lot, "16.130")
            self.assertEqual((caught.exception.code, caught.exception.problem["rule"]), (code, "R4.2"), caught.exception.problem)

        tries("mark_not_granted")
        self.refused("not_mark_holder", "farm", f"/v1/marks/{mark}/grants", {"farm": self.ids["farm"], "valid_until": iso(now + timedelta(days=9))})
        self.post("farm2", f"/v1/marks/{mark}/grants", {"farm": self.ids["farm"], "valid_until": iso(now + timedelta(days=9))})
        lot = m.draft("farm", head=100, mark=mark)
        m.door("farm2").call("DELETE", f"/v1/marks/{mark}/grants/{self.ids['farm']}")
        with self.assertRaises(Refused) as caught:
            self.list_lot("farm", lot, "16.130")
        self.assertEqual(caught.exception.problem["rule"], "R4.2")
        self.moved("farm")


class Auctions(Rules):
    def bonds(self, price, head=100, average=114937):
        nominal = amount(li(price), head * average)
        return {"performance_bond": performance(nominal), "trading_bond": trading(nominal)}

    def test_R5_3_1_R6_2_the_standing_best_alone_is_frozen_and_the_first_bid_at_the_cap_wins(self):
        lot = self.market.draft("farm", head=100, average="114.937")
        self.remember()
        opens = self.announce("farm", lot, "16.000", step="0.050", reserve="16.300", cap="16.500", last=30)
        hold = self.bonds("16.500")["performance_bond"]
        self.moved("farm", performance_bond=hold)
        self.refused("auction_not_open", "packer", f"/v1/lots/{lot}/bids", {"price": "16.000"})
        self.wait_for(opens)
        path = f"/v1/lots/{lot}/bids"
        self.refused("own_lot", "farm", path, {"price": "16.000"}, "R5.6")
        self.refused("bid_too_low", "packer", path, {"price": "15.990"}, "R5.3.1")
        self.refused("price_off_tick", "packer", path, {"price": "16.005"})
        self.refused("above_cap", "packer", path, {"price": "16.510"}, "R5.3.1")
        self.bid("packer", lot, "16.000")
        self.moved("packer", **self.bonds("16.000"))
        self.assertNotIn("16.300", json.dumps(self.lot(lot, "packer")), "the reserve is secret")
        self.refused("bid_too_low", "trader", path, {"price": "16.040"}, "R5.3.1")
        self.bid("trader", lot, "16.050")
        self.moved("packer")
        self.moved("trader", **self.bonds("16.050"))
        self.refused("already_leading", "trader", path, {"price": "16.200"})
        self.refused("lot_has_bids", "farm", f"/v1/lots/{lot}/withdraw", {"reason": "sorry"}, "R5.8")
        self.bid("packer", lot, "16.500")
        self.moved("trader")
        self.moved("packer", **self.bonds("16.500"))
        self.moved("farm", performance_bond=hold)
        self.assertEqual(self.lot(lot)["state"], "sold")
        with self.assertRaises(Refused):
            self.bid("trader", lot, "16.550")

    def test_R5_3_6_below_the_reserve_the_initiator_accepts_or_the_bidder_raises_and_the_bonds_follow_the_price(self):
        lots = [self.market.draft(who, head=100, average="114.937") for who in ("farm", "farm2", "farm2")]
        self.remember()
        for who, lot in zip(("farm", "farm2", "farm2"), lots):
            opens = self.announce(who, lot, "16.000", reserve="16.300", cap="16.600")
        self.wait_for(opens)
        self.bid("packer", lots[0], "16.010")
        self.bid("trader", lots[1], "16.020")
        for lot in lots[:2]:
            self.ends(lot, "exclusive")
        self.ends(lots[2], "unsold")
        self.moved("packer", **self.bonds("16.010"))
        self.moved("trader", **self.bonds("16.020"))
        self.moved("farm", performance_bond=self.bonds("16.600")["performance_bond"])
        self.moved("farm2", performance_bond=self.bonds("16.600")["performance_bond"])
        self.refused("not_lot_owner", "packer", f"/v1/lots/{lots[0]}/accept")
        self.refused("not_leader", "north", f"/v1/lots/{lots[1]}/raise")
        self.refused("not_leader", "farm2", f"/v1/lots/{lots[1]}/raise")
        self.refused("auction_closed", "north", f"/v1/lots/{lots[0]}/bids", {"price": "16.500"})
        one = self.contract(self.post("farm", f"/v1/lots/{lots[0]}/accept")["id"])
        two = self.contract(self.post("trader", f"/v1/lots/{lots[1]}/raise")["id"])
        self.assertEqual((one["price"], two["price"]), ("16.010", "16.300"))
        self.moved("packer", **self.bonds("16.010"))
        self.moved("trader", **self.bonds("16.300"))
        self.moved("farm", performance_bond=self.bonds("16.010")["performance_bond"])
        self.moved("farm2", performance_bond=self.bonds("16.300")["performance_bond"])
        self.refused("wrong_lot_state", "farm", f"/v1/lots/{lots[0]}/accept")

    def test_R5_3_2_a_bid_in_the_window_moves_the_close_and_one_before_it_does_not(self):
        lot = self.market.draft("farm", head=100, average="114.937")
        self.remember()
        opens = self.announce("farm", lot, "16.000", last=2.5, window_s=2)
        close = moment(self.lot(lot)["close_at"])
        self.wait_for(opens)
        early = moment(self.bid("packer", lot, "16.000")["time"])
        if early < close - timedelta(seconds=2):
            self.assertEqual(moment(self.lot(lot)["close_at"]), close)
        self.wait_for(close - timedelta(seconds=1.8))
        late = moment(self.bid("trader", lot, "16.010")["time"])
        moved = moment(self.lot(lot)["close_at"])
        self.assertEqual(moved, late + timedelta(seconds=2))
        self.ends(lot, "sold")
        self.moved("trader", **self.bonds("16.010"))
        self.moved("farm", performance_bond=self.bonds("16.010")["performance_bond"])

    def test_R5_3_a_reverse_auction_mirrors_step_reserve_and_cap_and_goods_stand_in_one_place(self):
        m = self.market
        wanted = self.want("packer", 100, "114.937")
        other = self.want("north", 100, "114.937")
        goods = {who: m.draft(who, head=100, average="114.937") for who in ("farm", "farm2")}
        self.remember()
        self.announce("packer", wanted, "16.500", step="0.050", reserve="16.300", cap="16.000")
        opens = self.announce("north", other, "16.500", step="0.050", last=3)
        self.moved("packer", **self.bonds("16.500"))
        self.wait_for(opens)
        path = f"/v1/lots/{wanted}/bids"
        self.refused("goods_required", "farm", path, {"price": "16.500"})
        self.refused("bid_too_high", "farm", path, {"price": "16.510", "goods": goods["farm"]}, "R5.3.1")
        self.refused("above_cap", "farm", path, {"price": "15.990", "goods": goods["farm"]}, "R5.3.1")
        self.bid("farm", wanted, "16.500", goods["farm"])
        self.moved("farm", **self.bonds("16.500"))
        for refused in (lambda: self.bid("farm", other, "16.500", goods["farm"]), lambda: self.list_lot("farm", goods["farm"], "16.130"),
                        lambda: self.post("farm", f"/v1/lots/{goods['farm']}/withdraw", {"reason": "gone"})):
            with self.assertRaises(Refused):
                refused()
        self.refused("bid_too_high", "farm2", path, {"price": "16.460", "goods": goods["farm2"]}, "R5.3.1")
        self.bid("farm2", wanted, "16.450", goods["farm2"])
        self.moved("farm")
        self.bid("farm", other, "16.500", goods["farm"])  # outbid: the goods are free again
        self.ends(wanted, "exclusive")  # 16.450 is dearer than the reserve
        made = self.contract(self.post("farm2", f"/v1/lots/{wanted}/raise")["id"])
        self.assertEqual((made["price"], made["seller"]["id"]), ("16.300", self.ids["farm2"]))
        self.moved("farm2", **self.bonds("16.300"))
        self.moved("packer", **self.bonds("16.300"))
        self.ends(other, "sold")
        self.moved("north", **self.bonds("16.500"))

    def test_R5_5_limits_of_the_band_are_rounded_inward_and_hold_every_price(self):
        m = self.market
        self.post("operator", "/v1/references", {"product": "live-hog", "grade": "inner-three-way", "province": "23", "price": "16.130"})
        # 15.3235 and 16.9365: inward 15.330 and 16.930
        for price, good in (("15.320", False), ("15.330", True), ("16.930", True), ("16.940", False)):
            with self.subTest(price):
                lot = m.draft("farm", grade="inner-three-way")
                if good:
                    self.list_lot("farm", lot, price)
                else:
                    with self.assertRaises(Refused) as caught:
                        self.list_lot("farm", lot, price)
                    self.assertEqual(caught.exception.problem["rule"], "R5.5")
        lot = m.draft("farm", head=100, average="114.937", grade="inner-three-way")
        self.remember()
        opens = self.announce("farm", lot, "16.000", last=30)
        self.moved("farm", performance_bond=self.bonds("16.930")["performance_bond"])
        self.wait_for(opens)
        with self.assertRaises(Refused) as caught:
            self.bid("packer", lot, "16.940")
        self.assertEqual(caught.exception.problem["rule"], "R5.5")
        self.bid("packer", lot, "16.930")

    def test_R5_7_a_suspended_leader_is_struck_and_the_next_whose_bond_freezes_leads_at_its_own_price(self):
        m = self.market
        need = sum(self.bonds("16.020").values())
        for login in ("leader", "spent"):
            self.ids[login] = m.add_participant(login, "trader", money=text(need))
        lot, other = (m.draft("farm", head=100, average="114.937") for _ in range(2))
        self.list_lot("farm", other, "16.020")
        self.remember()
        self.opened("farm", lot, "16.000", last=2)
        self.bid("packer", lot, "16.000")
        self.bid("spent", lot, "16.010")
        self.bid("leader", lot, "16.020")
        self.post("spent", f"/v1/lots/{other}/take", {"price": "16.020", "quantity": "100"})  # its money is elsewhere now
        self.post("operator", f"/v1/participants/{self.ids['leader']}/state", {"state": "suspended", "reason": "looked into"})
        self.moved("leader")
        self.moved("packer", **self.bonds("16.000"))
        row = self.lot(lot, "packer")
        self.assertEqual((row["best"], row["leading"]), ("16.000", True))
        self.ends(lot, "sold")
        self.assertEqual(self.contract(self.lot(lot, "packer")["contracts"][0], "packer")["price"], "16.000")
        self.moved("packer", **self.bonds("16.000"))

    def test_R5_8_after_a_bid_two_people_withdraw_a_lot_and_all_bonds_return(self):
        lot = self.market.draft("farm", head=100)
        self.remember()
        self.opened("farm", lot, "16.000", last=30)
        self.bid("packer", lot, "16.000")
        made = self.post("operator", f"/v1/lots/{lot}/withdraw", {"reason": "disease"})["id"]
        self.moved("packer", **self.bonds("16.000", average=115000))
        content = next(r for r in self.market.door("auditor").all("/v1/approvals?state=open") if r["id"] == made)["content"]
        self.refused("own_approval", "operator", f"/v1/approvals/{made}/approve", {"content": content}, "R2.4")
        self.market.approve(made, "supervisor")
        self.ends(lot, "withdrawn")
        self.moved("packer")
        self.moved("farm")


class Contracts(Rules):
    def fee(self, settled_g):
        return half_away(Fraction(1000 * settled_g, 10**6))

    def test_R7_4_cancelled_by_both_or_by_two_of_staff_everything_returns_and_no_fee(self):
        for paid in (False, True):
            for staff in (False, True):
                with self.subTest(paid=paid, staff=staff):
                    self.remember()
                    number = self.sell(average="114.937")
                    path = f"/v1/contracts/{number}/"
                    if paid:
                        self.post("packer", path + "pay")
                        self.assertEqual(self.balances(self.ids["packer"])["prepaid"] - self.before["packer"]["prepaid"], amount(16130, 100 * 114937))
                    if staff:
                        made = self.post("operator", path + "cancel", {"reason": "flood"})["id"]
                        row = next(r for r in self.market.door("auditor").all("/v1/approvals?state=open") if r["id"] == made)
                        self.refused("own_approval", "operator", f"/v1/approvals/{made}/approve", {"content": row["content"]}, "R2.4")
                        with self.assertRaises(Refused):
                            self.post("supervisor", f"/v1/approvals/{made}/approve", {"content": "0" * 64})
                        self.assertNotEqual(self.contract(number)["state"], "cancelled")
                        self.market.approve(made, "supervisor")
                    else:
                        self.post("packer", path + "cancel", {"reason": "x"})
                        self.refused("already_accepted", "packer", path + "cancel", {"reason": "x"})
                        with self.assertRaises(Refused):
                            self.post("trader", path + "cancel", {"reason": "x"})
                        self.assertNotEqual(self.contract(number)["state"], "cancelled")
                        self.post("farm", path + "cancel", {"reason": "x"})
                    self.assertEqual(self.contract(number)["state"], "cancelled")
                    self.moved("packer")
                    self.moved("farm")
                    self.assertEqual(self.operator(), self.operator_before)

    def settles(self, number, seller, buyer, goods, settled_g, dead=0):
        fee, disposal = self.fee(settled_g), 8000 * dead
        vat = half_away(Fraction(fee * 6, 106))
        for who in (seller, buyer):
            self.post(who, f"/v1/contracts/{number}/accept")
        c = self.contract(number)
        self.assertEqual(c["state"], "settled")
        self.assertEqual((yuan(c["goods"]), yuan(c["fee_each"])), (goods, fee))
        self.moved(seller, free=goods - fee - disposal)
        self.moved(buyer, free=-goods - fee)
        now = self.operator()
        for account, sum_ in (("fee_income", 2 * (fee - vat)), ("vat_payable", 2 * vat), ("disposal_payable", disposal)):
            self.assertEqual(abs(now[account] - self.operator_before[account]), sum_, account)

    def test_R8_2_R9_1_groups_single_animals_band_and_the_dead_to_the_fen(self):
        self.remember()
        number = self.sell(average="121.003")
        seller, buyer, path = self.to_arrival(number)
        groups = [{"head": 60, "net_kg": "7300.007", "grade": "outer-three-way"},
                  {"head": 30, "net_kg": "3500.003", "grade": "inner-three-way"},
                  {"head": 7, "net_kg": "1000.001", "grade": "outer-three-way", "single_class": "over-140"},
                  {"head": 1, "net_kg": "150.000", "grade": "local-cross", "single_class": "over-140"}]
        with self.assertRaises(Refused):  # a gram too much
            self.weigh(number, "11950.012", dead=2, groups=groups)
        with self.assertRaises(Refused):  # a head too many
            self.weigh(number, "11950.011", dead=1, groups=groups)
        self.weigh(number, "11950.011", dead=2, groups=groups)
        # 11 950 011 g / 98 = 121 938.9: (120,130] -0.20
        goods = sum(amount(16130 - 200 + a, g) for a, g in ((0, 7300007), (-300, 3500003), (-1000, 1000001), (-1600, 150000)))
        self.settles(number, seller, buyer, goods, 11950011, dead=2)

    def test_R8_3_origin_terms_take_the_excess_loss_from_the_groups_in_proportion(self):
        self.remember()
        number = self.sell(average="115.003", terms="origin", place=230113)
        seller, buyer, path = self.to_arrival(number, origin_kg="11500.301")
        with_ = self.contract(number)
        self.assertEqual(with_["terms"], "origin")
        groups = [{"head": 50, "net_kg": "5750.150", "grade": "outer-three-way"}, {"head": 50, "net_kg": "5750.151", "grade": "local-cross"}]
        self.weigh(number, "11300.000", groups=groups)
        floor = half_away(Fraction(11500301 * 985, 1000))
        excess = max(0, floor - 11300000)
        first = Fraction(excess * 5750150, 11500301)
        take = [int(first), excess - int(first) - 1]
        rest = [first - take[0], Fraction(excess * 5750151, 11500301) - take[1]]
        take[0 if rest[0] >= rest[1] else 1] += excess - sum(take)
        goods = amount(16130, 5750150 - take[0]) + amount(16130 - 600, 5750151 - take[1])
        self.settles(number, seller, buyer, goods, 11500301 - excess)

    def test_R8_4_outside_the_band_both_name_one_adjustment_or_the_buyer_refuses_and_the_bond_is_forfeit(self):
        self.remember()
        number = self.sell(average="139.000")
        seller, buyer, path = self.to_arrival(number)
        self.weigh(number, "14000.100")  # 140 001 g
        for who in (seller, buyer):
            with self.assertRaises(Refused):
                self.post(who, path + "accept")
        self.post(seller, path + "adjustment", {"adjust": "-0.700"})
        self.post(buyer, path + "adjustment", {"adjust": "-0.800"})
        self.assertTrue(self.contract(number)["adjustment"]["needed"])
        self.post(seller, path + "adjustment", {"adjust": "-0.800"})
        self.settles(number, seller, buyer, amount(16130 - 800, 14000100), 14000100)
        self.remember()
        number = self.sell(average="139.000", seller="farm2")
        seller, buyer, path = self.to_arrival(number)
        self.weigh(number, "14000.100")
        self.refused("not_the_actor", seller, path + "refuse")
        self.post(buyer, path + "refuse")
        self.forfeited(number, seller, buyer, performance(amount(16130, 13900000)))

    def forfeited(self, number, seller, buyer, bond, free=0):
        c = self.contract(number)
        self.assertEqual(c["forfeited"], text(bond), c["state"])
        self.moved(seller, free=-bond)
        self.moved(buyer, free=bond)
        self.assertEqual(self.operator(), self.operator_before, "no fee")

    def test_R8_8_more_than_a_twentieth_over_weight_may_be_refused_and_just_a_twentieth_may_not(self):
        self.remember()
        number = self.sell(average="112.000")
        seller, buyer, path = self.to_arrival(number)
        self.weigh(number, "11760.000")  # 5 % of 11 200 kg above, and not more
        with self.assertRaises(Refused):
            self.post(buyer, path + "refuse")
        self.settles(number, seller, buyer, amount(16130, 11760000), 11760000)
        self.remember()
        number = self.sell(average="112.000", seller="farm2")
        seller, buyer, path = self.to_arrival(number)
        self.weigh(number, "11760.001")
        self.post(buyer, path + "refuse")
        self.assertEqual(self.balances(self.ids[buyer])["prepaid"], self.before[buyer]["prepaid"], "escrow returns")

    def test_R10_2_two_percent_short_is_nothing_and_beyond_it_the_whole_short_counts(self):
        for head in (98, 97):
            with self.subTest(head):
                self.remember()
                number = self.sell(average="115.003")
                seller, buyer, path = self.to_arrival(number, head=head)
                kg = Decimal(head) * Decimal("115.003")
                self.weigh(number, str(kg))
                bond = performance(amount(16130, 11500300))
                forfeit = 0 if head == 98 else half_away(Fraction(bond * 3, 100))
                goods, fee = amount(16130, grams(kg)), self.fee(grams(kg))
                for who in (seller, buyer):
                    self.post(who, path + "accept")
                self.moved(seller, free=goods - fee - forfeit)
                self.moved(buyer, free=forfeit - goods - fee)
                if forfeit:
                    self.refused("wrong_role", "settlement_officer", path + "cover", {"price": "17.000"})
                    self.post("operator", path + "cover", {"price": "17.000"})
                    claim = amount(870, 3 * 115003) - forfeit
                    mine = [c for c in self.market.door("auditor").all("/v1/claims") if c["contract"] == number]
                    self.assertEqual([c["amount"] for c in mine], [text(claim)] if claim > 0 else [])

    def test_R9_4_what_escrow_lacks_is_taken_from_available_at_once(self):
        self.remember()
        number = self.sell(average="115.003")
        seller, buyer, path = self.to_arrival(number)
        self.weigh(number, "11700.000")
        self.settles(number, seller, buyer, amount(16130, 11700000), 11700000)

    def test_R7_4_R8_6_a_dispute_holds_the_settlement_until_two_people_end_it(self):
        for outcome in ("settle", "cancel"):
            with self.subTest(outcome):
                self.remember()
                number = self.sell(average="115.003")
                seller, buyer, path = self.to_arrival(number)
                self.refused("wrong_contract_state", buyer, path + "dispute", {"evidence": "x"}, "R7")
                self.weigh(number, "11500.000")
                self.post(seller, path + "accept")
                self.post(buyer, path + "dispute", {"evidence": "the scale was wet"})
                for who in (seller, buyer):
                    with self.assertRaises(Refused):
                        self.post(who, path + "accept")
                made = self.post("settlement_officer", path + "dispute/end", {"outcome": outcome, "reason": "heard both"})["id"]
                content = next(r for r in self.market.door("auditor").all("/v1/approvals?state=open") if r["id"] == made)["content"]
                self.refused("own_approval", "settlement_officer", f"/v1/approvals/{made}/approve", {"content": content}, "R2.4")
                self.assertEqual(self.contract(number)["state"], "disputed")
                self.market.approve(made, "supervisor")
                goods, fee = (amount(16130, 11500000), self.fee(11500000)) if outcome == "settle" else (0, 0)
                self.moved(seller, free=goods - fee)
                self.moved(buyer, free=-goods - fee)

    def test_R8_6_of_a_claim_the_undisputed_part_settles_at_once_and_two_people_award_the_rest(self):
        self.remember()
        number = self.sell(average="115.003")
        seller, buyer, path = self.to_arrival(number)
        self.refused("wrong_contract_state", buyer, path + "claim", {"amount": "1.00", "evidence": "x"}, "R7")
        self.weigh(number, "11400.000")
        goods, fee, nominal = amount(16130, 11400000), self.fee(11400000), amount(16130, 11500300)
        bond = performance(nominal)
        self.refused("claim_too_high", buyer, path + "claim", {"amount": text(goods + 1), "evidence": "all are ill"}, "R8.6")
        self.assertIn("claim", self.contract(number, buyer)["can"])
        self.post(buyer, path + "claim", {"amount": "5000.00", "evidence": "ten are ill: photographs"})
        c = self.contract(number, buyer)
        self.assertEqual((c["state"], c["step"]["next"], c["step"]["actor"]), ("disputed", "award", "settlement_officer"))
        claim = {k: c["claim"][k] for k in ("state", "by", "amount", "awarded", "evidence_text")}
        self.assertEqual(claim, {"state": "open", "by": "buyer", "amount": "5000.00", "awarded": None, "evidence_text": "ten are ill: photographs"})
        frozen = min(500000, nominal - (goods - 500000))
        self.assertEqual(c["claim"]["frozen"], text(frozen))
        self.assertEqual(self.balances(self.ids[buyer])["disputed"], frozen)
        self.moved(seller, performance_bond=bond, free=goods - 500000 - fee)
        self.refused("not_the_actor", buyer, path + "claim/grant", rule="R")
        self.refused("award_too_high", "settlement_officer", path + "award", {"amount": "5000.01", "reason": "heard both"}, "R8.6")
        made = self.post("settlement_officer", path + "award", {"amount": "1250.50", "reason": "heard both"})["id"]
        row = next(r for r in self.market.door("auditor").all("/v1/approvals?state=open") if r["id"] == made)
        self.assertEqual((row["kind"], row["subject"], row["amount"]), ("award", number, "1250.50"))
        self.refused("own_approval", "settlement_officer", f"/v1/approvals/{made}/approve", {"content": row["content"]}, "R2.4")
        self.market.approve(made, "supervisor")
        c = self.contract(number, buyer)
        self.assertEqual((c["state"], c["claim"]["state"], c["goods"]), ("settled", "awarded", text(goods - 125050)))
        self.assertEqual([l["amount"] for l in c["lines"] if l["kind"] == "award"], ["-1250.50"])
        self.moved(seller, free=goods - 125050 - fee)
        self.moved(buyer, free=-(goods - 125050) - fee)
        audit = json.loads(self.market.tool("audit", self.market.dir, "--format", "json")[1])
        row = next(row for row in audit["disputes"] if row["contract"] == number)
        self.assertEqual((row["state"], row["claimant"], row["claimed_fen"], row["awarded_fen"], row["frozen_fen"]),
                         ("awarded", self.ids[buyer], 500000, 125050, 0))
        for end, who, won in (("withdraw", seller, 0), ("grant", buyer, 30000)):
            with self.subTest(end):
                self.remember()
                number = self.sell(average="115.003")
                seller, buyer, path = self.to_arrival(number)
                self.weigh(number, "11400.000")
                self.post(seller, path + "claim", {"amount": "300.00", "evidence": "the scale"})
                self.assertEqual(self.contract(number, who)["can"], [f"claim/{end}"])
                self.post(who, path + f"claim/{end}")
                self.moved(seller, free=goods + won - fee)
                self.moved(buyer, free=-goods - won - fee)

    def test_R10_4_a_seller_that_delivers_nothing_loses_its_bond_and_escrow_returns(self):
        self.remember()
        number = self.sell(average="115.003", window=2)
        self.post("packer", f"/v1/contracts/{number}/pay")
        self.until(lambda: self.contract(number)["state"] == "defaulted", "the window's end passes")
        self.forfeited(number, "farm", "packer", performance(amount(16130, 11500300)))

    def test_R10_4_R10_1_a_buyer_that_paid_and_does_not_collect_loses_its_bond_and_pays_both_fees(self):
        self.remember()
        number = self.sell(average="115.003", terms="origin", place=230113, window=2)
        self.post("packer", f"/v1/contracts/{number}/pay")
        self.until(lambda: self.contract(number)["state"] == "defaulted", "the window's end passes")
        bond = performance(amount(16130, 11500300))
        fees = 2 * self.fee(11500300)
        self.moved("packer", free=-bond - fees)
        self.moved("farm", free=bond)
        path = f"/v1/contracts/{number}/resale"
        self.post("operator", path, {"price": "15.000", "days": 3})
        loss = amount(1130, 11500300) + 600 * 100 * 3
        claims = [c for c in self.market.door("auditor").all("/v1/claims") if c["contract"] == number]
        self.assertEqual([c["amount"] for c in claims], [text(loss - bond)])
        self.refused("too_late", "operator", path, {"price": "14.000", "days": 3})
        before = self.balances(self.ids["farm"])["available"]
        self.post("packer", f"/v1/claims/{claims[0]['id']}/pay", {"amount": claims[0]["amount"]})
        self.assertEqual(self.balances(self.ids["farm"])["available"], before + loss - bond)
        with self.assertRaises(Refused):
            self.post("packer", f"/v1/claims/{claims[0]['id']}/pay", {"amount": "0.01"})

    def test_R10_4_after_a_part_that_part_settles_and_the_rest_costs_its_share_of_the_bond(self):
        self.remember()
        number = self.sell(average="115.003", window=3, seller="farm3")
        seller, buyer, path = "farm3", "packer", f"/v1/contracts/{number}/"
        self.post(buyer, path + "pay")
        end = moment(self.contract(number)["pickup_until"])
        self.post(seller, path + "schedule", {"deliveries": [{"quantity": h, "planned_at": iso(end)} for h in ("60", "40")]})
        self.load(number, seller, 1, 60)
        self.post("inspector", path + "arrive", {"delivery": 1})
        self.weigh(number, "6900.180")
        self.until(lambda: self.contract(number)["state"] != "scheduled" and self.market.now() > end, "the window's end passes")
        c = self.contract(number)
        self.assertEqual([d["state"] for d in c["deliveries"]], ["weighed", "failed"])
        for who in (seller, buyer):
            self.post(who, path + "accept")
        forfeit = half_away(Fraction(performance(amount(16130, 11500300)) * 40, 100))
        goods, fee = amount(16130, 6900180), self.fee(6900180)
        self.moved(seller, free=goods - fee - forfeit)
        self.moved(buyer, free=forfeit - goods - fee)

    def test_R2_4_R3_4_money_moves_by_hand_only_with_a_second_person_and_the_bank_reconciles(self):
        m = self.market
        self.remember()
        body = {"from": {"participant": self.ids["north"], "bucket": "available"}, "to": {"account": "suspense"}, "currency": "CNY",
                "amount": "12.34", "reason": "wrong payee"}
        made = self.post("settlement_officer", "/v1/postings", body)["id"]
        row = next(r for r in m.door("auditor").all("/v1/approvals?state=open") if r["id"] == made)
        self.moved("north")
        for who in ("settlement_officer", "packer", "auditor"):
            with self.assertRaises(Refused):
                self.post(who, f"/v1/approvals/{made}/approve", {"content": row["content"]})
        m.approve(made, "supervisor")
        self.moved("north", free=-1234)
        with self.assertRaises(Refused):
            self.post("supervisor", f"/v1/approvals/{made}/approve", {"content": row["content"]})
        self.moved("north", free=-1234)
        bank = -self.operator()["bank"]
        for off in (0, 1):
            self.post("settlement_officer", "/v1/bank-balances", {"currency": "CNY", "balance": text(bank + off)})
            found = m.door("auditor").get("/v1/operator/accounts?currency=CNY")["reconciliation"]
            self.assertEqual((yuan(found["mirror"]), yuan(found["difference"])), (bank, off))
        # R2.4: above the limit nothing leaves for good without the second person; and what waits cannot be spent
        made = self.post("north", "/v1/withdrawals", {"participant": self.ids["north"], "currency": "CNY", "amount": "100000.01", "bank_account": "6222"})["id"]
        self.moved("north", free=-1234 - 10000001)
        m.door("supervisor").post(f"/v1/approvals/{made}/reject", {"reason": "unknown account"})
        self.moved("north", free=-1234)
        self.assertEqual(-self.operator()["bank"], bank)

    def test_R7_4_a_wish_to_cancel_from_before_delivery_does_not_cancel_what_was_delivered_since(self):
        self.remember()
        number = self.sell(average="115.003")
        self.post("farm", f"/v1/contracts/{number}/cancel", {"reason": "I would rather not"})
        seller, buyer, path = self.to_arrival(number)
        self.weigh(number, "11500.000")
        self.post(buyer, path + "cancel", {"reason": "then so be it"})
        self.assertEqual(self.contract(number)["state"], "weighed", "the seller has delivered since")

    def test_R2_4_of_two_open_proposals_the_second_finds_the_contract_ended_and_moves_nothing(self):
        m = self.market
        number = self.sell(average="115.003")
        seller, buyer, path = self.to_arrival(number)
        cancel = self.post("operator", path + "cancel", {"reason": "force majeure"})["id"]
        self.weigh(number, "11500.000")
        self.post(buyer, path + "dispute", {"evidence": "wet"})
        ends = [self.post("settlement_officer", path + "dispute/end", {"outcome": o, "reason": "heard"})["id"] for o in ("settle", "cancel")]
        with self.assertRaises(Refused):
            m.approve(cancel, "supervisor")  # R7.4: a dispute ends by its own step
        m.approve(ends[0], "supervisor")
        self.remember()
        for late in (ends[1], cancel):
            with self.assertRaises(Refused):
                m.approve(late, "supervisor")
        self.moved(buyer)
        self.moved(seller)
        self.assertEqual(self.contract(number)["state"], "settled")

    def test_R4_3_animals_stand_in_one_lot_and_come_free_when_it_ends_unsold_but_not_when_it_is_settled(self):
        m = self.market
        first = self.sell(head=10)
        tags = {"ranges": [{"first": str(10**14 + 230113 * 10**8 + self.contract(first)["lot"] * 1000), "count": 10}]}
        again = lambda: m.draft("farm", head=10, tags=False)
        self.refused("tag_in_use", "farm", f"/v1/lots/{again()}/tags", tags, "R4.3")
        for who in ("farm", "packer"):
            self.post(who, f"/v1/contracts/{first}/cancel", {"reason": "x"})
        lot = again()
        self.post("farm", f"/v1/lots/{lot}/tags", tags)
        self.list_lot("farm", lot, "16.130")
        second = self.post("packer", f"/v1/lots/{lot}/take", {"price": "16.130", "quantity": "10"})["id"]
        seller, buyer, path = self.to_arrival(second)
        self.weigh(second, "1150.000")
        for who in (seller, buyer):
            self.post(who, path + "accept")
        self.refused("tag_in_use", "farm", f"/v1/lots/{again()}/tags", tags, "R4.3")

    def test_R9_1_piglets_are_settled_by_the_head_and_the_dead_have_no_value(self):
        m = self.market
        lot = m.draft("farm", head=33, product="piglet", average=None, grade=None)
        self.remember()
        self.list_lot("farm", lot, "333.33", minimum=11)
        self.moved("farm", performance_bond=performance(33 * 33333) + 2 * 3)
        number = self.post("packer", f"/v1/lots/{lot}/take", {"price": "333.33", "quantity": "33"})["id"]
        nominal = 33 * 33333
        self.moved("farm", performance_bond=performance(nominal))
        self.moved("packer", performance_bond=performance(nominal), trading_bond=trading(nominal))
        seller, buyer, path = self.to_arrival(number)
        self.post("inspector", path + "weigh", {"delivery": 1, "dead": 2, "groups": [{"head": 31}]})
        for who in (seller, buyer):
            self.post(who, path + "accept")
        self.moved(seller, free=31 * 33333 - 31 * 100 - 2 * 2000)
        self.moved(buyer, free=-31 * 33333 - 31 * 100)

    def test_R7_5_R8_4_two_deliveries_share_one_band_and_one_settlement(self):
        self.remember()
        number = self.sell(average="119.500")
        seller, buyer, path = self.to_arrival(number, heads=[61, 39])
        self.weigh(number, "7198.000")  # 118.0 a head: no deduction by itself
        self.assertNotEqual(self.contract(number)["state"], "weighed")
        self.refused("wrong_contract_state", buyer, path + "accept", rule="R7")
        self.weigh(number, "4803.000", delivery=2)  # 120 010 g over all 100
        self.settles(number, seller, buyer, amount(16130 - 200, 7198000) + amount(16130 - 200, 4803000), 12001000)


if __name__ == "__main__":
    if not HULAN.exists():
        raise SystemExit("build it first: script/build")
    unittest.main()
