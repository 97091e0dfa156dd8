#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""More than a hundred kinds of bad input at the real doors and the command line: each gets its own clear error (status,
stable code, field) and changes nothing.

`business_hash` (of `hulan replay` over the live journal) is compared around every case."""

import base64
import json
import os
import socket
import tempfile
import unittest
from datetime import timedelta, timezone

from market import HULAN, Market, MarketTest, ROOT, iso

HEX = "0123456789abcdef"


class BadInput(MarketTest):
    config = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        m = cls.market
        cls.farm = m.add_participant("farm", "producer", vat="exempt_producer", money="500000.00")
        cls.buyer = m.add_participant("buyer", "slaughterhouse", 230111, money="5000000.00")
        cls.poor = m.add_participant("poor", "slaughterhouse", 230111, money="10.00")
        m.door("operator").post("/v1/references", {"product": 1, "grade": "outer-three-way", "province": "23", "price": "14.120"})
        cls.bare = m.draft("farm", papers=False, tags=False)
        cls.no_asf = m.draft("farm", papers=False)
        cls.ready = m.draft("farm")
        cls.listed = m.draft("farm")
        expires = iso(m.now() + timedelta(days=2))
        m.door("farm").post(f"/v1/lots/{cls.listed}/listing", {"price": "14.120", "minimum": "50", "expires_at": expires})
        cls.contract = m.door("buyer").post(f"/v1/lots/{cls.listed}/take", {"price": "14.120", "quantity": "100"})["id"]
        cls.auction = m.draft("farm")
        now = m.now()
        m.door("farm").post(f"/v1/lots/{cls.auction}/auction", {
            "start": "14.000", "step": "0.010", "open_at": iso(now + timedelta(hours=25)),
            "close_at": iso(now + timedelta(hours=27))})
        cls.untagged = m.draft("farm", tags=False)
        cls.haulier = m.add_participant("haulier", "carrier")
        cls.paid = cls.contract_at("paid")
        cls.running = cls.contract_at("scheduled")
        cls.there = cls.contract_at("arrived")
        cls.pending = m.door("settlement_officer").post("/v1/deposits", {
            "participant": cls.buyer, "currency": "CNY", "amount": "1.00", "bank_reference": "waits"})["id"]

    @classmethod
    def contract_at(cls, step):
        """A whole lot of 200 head sold, paid and taken as far as `step`."""
        m, steps = cls.market, ("paid", "scheduled", "arrived")
        lot = m.draft("farm")
        expires = iso(m.now() + timedelta(days=2))
        m.door("farm").post(f"/v1/lots/{lot}/listing", {"price": "14.120", "minimum": "200", "expires_at": expires})
        contract = m.door("buyer").post(f"/v1/lots/{lot}/take", {"price": "14.120", "quantity": "200"})["id"]
        path = f"/v1/contracts/{contract}/"
        m.door("buyer").post(path + "pay")
        if steps.index(step) >= 1:
            m.door("farm").post(path + "schedule", {"deliveries": [{"quantity": "200", "planned_at": iso(m.now() + timedelta(hours=2))}]})
        if steps.index(step) >= 2:
            m.door("farm").post(path + "load", cls.loading())
            m.door("inspector").post(path + "arrive", {"delivery": 1})
        return contract

    @classmethod
    def loading(cls, wrong=None):
        """A loading that is right, but for `wrong`."""
        m = cls.market
        now = m.now()
        today = now.astimezone(timezone(timedelta(hours=8))).replace(hour=0, minute=0, second=0, microsecond=0)
        issued = max(now - timedelta(hours=9), today)  # form B is of the same day (R4.3)
        certificate = {"form": "A" if wrong == "form" else "B", "number": "C1", "issued_at": iso(issued),
                       "expires_at": iso(now + timedelta(hours=-1 if wrong == "expired" else 8)),
                       "sha256": m.paper("farm", "quarantine certificate")}
        body = {"delivery": 1, "carrier": cls.poor if wrong == "carrier" else cls.haulier, "quantity": "200",
                "vehicle": "黑A12345", "driver": "test driver", "certificate": certificate,
                "vehicle_filed_until": iso(now + timedelta(days=-1 if wrong == "filing" else 300))}
        if wrong == "none":
            del body["certificate"]
        return body

    def business_hash(self):
        code, out, err = self.market.tool("replay", self.market.dir, "--json")
        self.assertEqual(code, 0, err)
        return json.loads(out)["business_hash"]

    def setUp(self):
        self.before = self.business_hash()

    def tearDown(self):
        self.assertEqual(self.business_hash(), self.before, "bad input changed the market")

    def check(self, answer, status, code, field=None):
        """That a door's answer is the problem it should be."""
        got, headers, data = answer
        text = data.decode(errors="replace")
        self.assertEqual(got, status, text)
        problem = json.loads(text)
        kind = {k.lower(): v for k, v in headers.items()}.get("content-type", "")
        self.assertTrue(kind.startswith("application/problem+json"), kind)
        self.assertEqual(problem["code"], code, text)
        self.assertEqual(problem["type"], "/problems/" + code, text)
        self.assertEqual(problem["status"], status, text)
        self.assertTrue(problem["title"], text)
        if field:
            self.assertEqual(problem.get("field"), field, text)
        return problem

    def one_line(self, done, *words):
        """Exit 2 and one line with all of `words`."""
        code, out, err = done
        self.assertEqual(code, 2, out + err)
        self.assertEqual(len(err.strip().splitlines()), 1, err)
        self.assertLess(len(err), 500, err)
        for word in words:
            self.assertIn(word, err)

    def tool(self, *arguments, who="farm"):
        return self.market.tool(*arguments, "--url", f"http://127.0.0.1:{self.market.port}", "--token", self.market.people[who])

    def test_what_is_good_does_change_the_hash(self):
        """The comparison around every case is able to fail."""
        self.market.draft("farm", papers=False, tags=False)
        after = self.business_hash()
        self.assertNotEqual(after, self.before)
        self.before = after

    def test_each_language_has_its_title(self):
        titles = {self.check(self.market.door("buyer").raw("POST", BID.format(auction=self.auction), {"price": "14.000"},
                                                           {"Accept-Language": language}), 409, "auction_not_open")["title"]
                  for language in ("zh", "en", "ru")}
        self.assertEqual(len(titles), 3, titles)

    # --- the command line, against the running market ---
    def table(self, line, text):
        """A file of twenty good lots whose line `line` is `text`."""
        rows = ["grade,province,price,head,average"] + ["outer-three-way,23,14.120,100,110.000"] * 20
        rows[line - 1] = text
        return write("lots.csv", "\n".join(rows) + "\n")

    def import_line_17(self, text, *words):
        lots = len(self.market.door().all("/v1/lots"))
        path = self.table(17, text)
        self.one_line(self.tool("lots", "import", path, "--product", "live-hog", "--terms", "destination", "--place", 230111,
                                "--map", "quantity=head"), f"{path} line 17", *words)
        self.assertEqual(len(self.market.door().all("/v1/lots")), lots, "a wrong table makes no lot")

    def test_csv_line_17_with_a_price_that_is_no_number(self):
        self.import_line_17("outer-three-way,23,abc,100,110.000", "column price 'abc'", "expected a number above 0")

    def test_csv_line_17_with_a_price_off_tick(self):
        self.import_line_17("outer-three-way,23,14.125,100,110.000", "column price '14.125'", "expected a multiple of the tick")

    def test_csv_line_17_with_too_few_cells(self):
        self.import_line_17("outer-three-way,23,14.120,100", "expected 5 cells", "found 4")

    def test_csv_line_17_with_a_quote_left_open(self):
        self.import_line_17('outer-three-way,23,"14.120,100,110.000', "expected a closing quote")

    def test_csv_line_17_with_an_unknown_province(self):
        self.import_line_17("outer-three-way,Atlantis,14.120,100,110.000", "column province 'Atlantis'", "expected a province")

    def test_csv_line_17_with_a_negative_head(self):
        self.import_line_17("outer-three-way,23,14.120,-5,110.000", "column head '-5'", "expected a whole number above 0")

    def test_csv_line_17_with_an_unknown_grade(self):
        self.import_line_17("five-way,23,14.120,100,110.000", "column grade 'five-way'", "expected one of outer-three-way")

    def test_csv_that_is_not_there(self):
        self.one_line(self.tool("lots", "import", "no-such.csv", "--product", "live-hog"), "FILE 'no-such.csv'", "expected a readable file")

    def test_import_of_an_unknown_product(self):
        self.one_line(self.tool("lots", "import", self.table(2, "outer-three-way,23,14.120,100,110.000"), "--product", "unicorn"), "--product 'unicorn'", "expected one of live-hog")

    def test_bid_by_command_line_that_is_no_number(self):
        self.one_line(self.tool("bid", self.auction, "--price", "abc", who="buyer"), "price: 'abc'", "expected a decimal", "[invalid_value]")

    def test_bid_by_command_line_on_a_lot_that_is_no_number(self):
        self.one_line(self.tool("bid", "x", "--price", "14.000", who="buyer"), "LOT 'x'", "expected a whole number")

    def test_deposit_by_command_line_of_a_tenth_of_a_fen(self):
        self.one_line(self.tool("deposit", "--participant", 1, "--amount", "1.001", "--reference", "r", who="settlement_officer"),
                      "amount: '1.001'", "expected a decimal as a string with at most 2 decimals")

    def test_time_by_command_line_that_is_no_time(self):
        self.one_line(self.tool("statement", "--from", "someday"), "--from 'someday'", "expected a time like")

    def test_sequence_by_command_line_that_is_none(self):
        for given in ("x", "0", "-4", "99999999999999999999"):
            self.one_line(self.market.tool("log", self.market.dir, "--from", given), "--from", f"'{given}'", "expected a whole number above 0")

    def test_a_rule_that_says_no_by_command_line_is_not_bad_input(self):
        code, out, err = self.tool("bid", self.auction, "--price", "14.000", who="buyer")
        self.assertEqual(code, 1, out + err)
        self.assertIn("[auction_not_open]", err)


def write(name, text):
    path = os.path.join(tempfile.mkdtemp(dir=FILES.name), name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


FILES = tempfile.TemporaryDirectory(prefix="bad-input-")


# name: (who, method, path, body, status, code, field). Strings may use the names of the fixture in braces.
BID = "/v1/lots/{auction}/bids"
LOT = {"product": 1, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination",
       "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}
WEIGHING = {"delivery": 1, "dead": 0, "trucks": [{"gross_kg": "43000.000", "tare_kg": "20000.000"}]}
LISTING = "/v1/lots/{ready}/listing"
CASES = {
    "malformed_json": ("farm", "POST", LISTING, b'{"price": ', 400, "bad_json", None),
    "trailing_bytes_after_json": ("farm", "POST", LISTING, b'{"price":"14.12"} x', 400, "bad_json", None),
    "an_array_where_an_object_is_wanted": ("farm", "POST", LISTING, b"[]", 400, "wrong_type", None),
    "text_that_is_not_utf8": ("farm", "POST", LISTING, b'{"price":"\xff\xfe"}', 400, "not_utf8", None),
    "json_nested_too_deep": ("farm", "POST", LISTING, b"[" * 200 + b"]" * 200, 400, "too_deep", None),
    "unknown_field": ("buyer", "POST", BID, {"price": "14.000", "colour": "red"}, 400, "unknown_field", "colour"),
    "missing_field": ("buyer", "POST", BID, {}, 400, "missing_field", "price"),
    "number_where_a_decimal_string_is_wanted": ("buyer", "POST", BID, {"price": 14.0}, 400, "wrong_type", "price"),
    "null_price": ("buyer", "POST", BID, {"price": None}, 400, "missing_field", "price"),
    "price_with_too_many_decimals": ("buyer", "POST", BID, {"price": "14.0001"}, 400, "too_many_decimals", "price"),
    "price_that_is_no_number": ("buyer", "POST", BID, {"price": "fourteen"}, 400, "invalid_value", "price"),
    "empty_price": ("buyer", "POST", BID, {"price": ""}, 400, "invalid_value", "price"),
    "negative_price": ("buyer", "POST", BID, {"price": "-14.000"}, 400, "negative", "price"),
    "price_beyond_64_bits": ("buyer", "POST", BID, {"price": "99999999999999999999.000"}, 400, "out_of_range", "price"),
    "scientific_notation": ("buyer", "POST", BID, {"price": "1e3"}, 400, "invalid_value", "price"),
    "duplicate_key": ("buyer", "POST", BID, b'{"price":"14.000","price":"15.000"}', 400, "duplicate_field", "price"),
    "unknown_path": ("buyer", "GET", "/v1/pigs", None, 404, "not_found", None),
    "wrong_method": ("buyer", "PUT", BID, {"price": "14.000"}, 405, "wrong_method", None),
    "no_token": (None, "POST", BID, {"price": "14.000"}, 401, "unauthorized", None),
    "idempotency_key_of_wrong_form": ("buyer", "POST", BID, {"price": "14.000"}, 400, "bad_idempotency_key", "Idempotency-Key",
                                      {"Idempotency-Key": "hello"}),
    "expired_client_id": ("buyer", "POST", BID, {"price": "14.000"}, 409, "client_id_expired", None,
                          {"Idempotency-Key": "000000000001" + "7" * 20}),
    "body_too_large": ("buyer", "POST", BID, b'{"price":"' + b"1" * 70_000 + b'"}', 413, "too_large", None),
    "unknown_lot": ("buyer", "POST", "/v1/lots/999999/bids", {"price": "14.000"}, 404, "unknown_lot", None),
    "lot_number_beyond_32_bits": ("buyer", "POST", "/v1/lots/99999999999/bids", {"price": "14.000"}, 404, "not_found", None),
    "unknown_contract": ("buyer", "POST", "/v1/contracts/4242/pay", {}, 404, "unknown_contract", None),
    "bid_before_the_opening": ("buyer", "POST", BID, {"price": "14.000"}, 409, "auction_not_open", None),
    "bid_on_a_listing": ("buyer", "POST", "/v1/lots/{listed}/bids", {"price": "14.200"}, 409, "wrong_lot_state", None),
    "take_of_an_auction": ("buyer", "POST", "/v1/lots/{auction}/take", {"price": "14.000", "quantity": "10"}, 409, "wrong_lot_state", None),
    "take_of_a_draft": ("buyer", "POST", "/v1/lots/{ready}/take", {"price": "14.120", "quantity": "10"}, 409, "wrong_lot_state", None),
    "stale_price": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.110", "quantity": "50"}, 409, "stale_price", None),
    "take_below_the_minimum": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "10"}, 422, "below_minimum", None),
    "take_that_leaves_too_little": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "80"}, 422, "rest_below_minimum", None),
    "take_of_more_than_is_left": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "500"}, 422, "above_remaining", None),
    "take_of_nothing": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "0"}, 422, "invalid_quantity", None),
    "take_of_own_lot": ("farm", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "50"}, 422, "own_lot", None),
    "no_funds": ("poor", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "50"}, 422, "no_funds", None),
    "staff_cannot_bid": ("operator", "POST", BID, {"price": "14.000"}, 403, "wrong_role", None),
    "missing_test_report": ("farm", "POST", "/v1/lots/{no_asf}/listing", {"price": "14.120", "minimum": "200", "expires_at": "+24"}, 422, "missing_asf_test", None),
    "missing_tags": ("farm", "POST", "/v1/lots/{untagged}/listing", {"price": "14.120", "minimum": "200", "expires_at": "+24"}, 422, "missing_tags", None),
    "price_out_of_band": ("farm", "POST", LISTING, {"price": "20.000", "minimum": "200", "expires_at": "+24"}, 422, "out_of_band", None),
    "price_off_tick": ("farm", "POST", LISTING, {"price": "14.121", "minimum": "200", "expires_at": "+24"}, 422, "price_off_tick", None),
    "expiry_in_the_past": ("farm", "POST", LISTING, {"price": "14.120", "minimum": "200", "expires_at": "-24"}, 422, "expiry_in_past", None),
    "time_that_is_no_time": ("farm", "POST", LISTING, {"price": "14.120", "minimum": "200", "expires_at": "tomorrow"}, 400, "invalid_value", "expires_at"),
    "listing_of_anothers_lot": ("buyer", "POST", LISTING, {"price": "14.120", "minimum": "200", "expires_at": "+24"}, 403, "not_lot_owner", None),
    "minimum_above_the_quantity": ("farm", "POST", LISTING, {"price": "14.120", "minimum": "5000", "expires_at": "+24"}, 422, "invalid_quantity", None),
    "notice_too_short": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.010", "open_at": "+1", "close_at": "+2"}, 422, "notice_too_short", None),
    "auction_that_closes_before_it_opens": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.010", "open_at": "+30", "close_at": "+28"}, 422, "invalid_auction_terms", None),
    "reserve_below_the_start": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.010", "reserve": "13.990", "open_at": "+25", "close_at": "+28"}, 422, "invalid_auction_terms", None),
    "step_zero": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.000", "open_at": "+25", "close_at": "+28"}, 422, "invalid_auction_terms", None),
    "bad_tag": ("farm", "POST", "/v1/lots/{bare}/tags", {"ranges": [{"first": "923011300000001", "count": 5}]}, 422, "bad_tag", None),
    "tag_with_fourteen_digits": ("farm", "POST", "/v1/lots/{bare}/tags", {"ranges": [{"first": "12301130000000", "count": 5}]}, 400, "invalid_value", "ranges[0].first"),
    "tag_that_stands_on_another_lot": ("farm", "POST", "/v1/lots/{bare}/tags", {"ranges": [{"first": "{tag}", "count": 1}]}, 409, "tag_in_use", None),
    "expired_document": ("farm", "POST", "/v1/lots/{bare}/documents", {"kind": "asf_test", "number": "T1", "issued_at": "+0", "expires_at": "-100", "sha256": "{sha}"}, 422, "invalid_document", None),
    "document_that_was_not_uploaded": ("farm", "POST", "/v1/lots/{bare}/documents", {"kind": "asf_test", "number": "T1", "issued_at": "-1", "expires_at": "+100", "sha256": "ab" * 32}, 400, "invalid_value", "sha256"),
    "unknown_document_kind": ("farm", "POST", "/v1/lots/{bare}/documents", {"kind": "poem", "number": "T1", "issued_at": "-1", "expires_at": "+100", "sha256": "{sha}"}, 400, "invalid_value", "kind"),
    "unknown_product": ("farm", "POST", "/v1/lots", {"product": 77, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 404, "unknown_product", None),
    "unknown_grade": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "five-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 400, "invalid_value", "grade"),
    "hogs_without_an_average": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 422, "average_required", None),
    "half_a_hog": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10.5", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 400, "too_many_decimals", "quantity"),
    "unknown_mark": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "mark": 9, "title": {"zh": "x"}}, 404, "unknown_mark", None),
    "own_approval": ("settlement_officer", "POST", "/v1/approvals/{pending}/approve", {"content": "{content}"}, 403, "own_approval", None),
    "approval_of_something_else": ("supervisor", "POST", "/v1/approvals/{pending}/approve", {"content": "cd" * 32}, 409, "content_differs", None),
    "approval_by_a_trader": ("buyer", "POST", "/v1/approvals/{pending}/approve", {"content": "{content}"}, 403, "wrong_role", None),
    "deposit_by_a_trader": ("buyer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "5.00", "bank_reference": "x"}, 403, "wrong_role", None),
    "deposit_of_nothing": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "0.00", "bank_reference": "x0"}, 422, "invalid_amount", None),
    "deposit_of_a_tenth_of_a_fen": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "5.001", "bank_reference": "x1"}, 400, "too_many_decimals", "amount"),
    "deposit_in_an_unknown_currency": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "USD", "amount": "5.00", "bank_reference": "x2"}, 400, "invalid_value", "currency"),
    "the_same_bank_reference_twice": ("settlement_officer", "POST", "/v1/deposits", {"participant": 2, "currency": "CNY", "amount": "1.00", "bank_reference": "waits"}, 409, "duplicate_reference", None),
    "withdrawal_of_more_than_is_there": ("poor", "POST", "/v1/withdrawals", {"participant": "{poor}", "currency": "CNY", "amount": "99.00", "bank_account": "6222"}, 422, "no_funds", None),
    "settlement_before_payment": ("inspector", "POST", "/v1/contracts/{contract}/weigh", {"delivery": 1, "dead": 0, "trucks": [{"gross_kg": "30000.000", "tare_kg": "20000.000"}]}, 409, "wrong_contract_state", None),
    "the_seller_pays": ("farm", "POST", "/v1/contracts/{contract}/pay", {}, 403, "not_the_actor", None),
    "a_stranger_reads_the_contract": ("poor", "GET", "/v1/contracts/{contract}", None, 404, "unknown_contract", None),
    "a_stranger_reads_the_account": ("poor", "GET", "/v1/accounts/{farm}", None, 403, "forbidden", None),
    "wrong_password": (None, "POST", "/v1/sessions", {"login": "farm", "password": "guess"}, 401, "wrong_password", None),
    "document_of_nine_megabytes": ("farm", "POST", "/v1/documents", b"a" * (9 << 20), 413, "too_large", None, {"Content-Type": "text/plain"}),
    "document_of_a_forbidden_type": ("farm", "POST", "/v1/documents", b"MZ\x90\x00", 415, "unsupported_media_type", None, {"Content-Type": "application/x-msdownload"}),
    "broken_toml": ("operator", "POST", "/v1/products", b'code = "x"\ntick = = 3\n', 400, "invalid_product", None, {"Content-Type": "application/toml"}),
    "product_by_a_trader": ("farm", "POST", "/v1/products", "{toml}", 403, "wrong_role", None, {"Content-Type": "application/toml"}),
    "cursor_of_nonsense": (None, "GET", "/v1/lots?cursor=zzz", None, 400, "bad_parameter", "cursor"),
    "limit_of_a_million": (None, "GET", "/v1/lots?limit=1000000", None, 400, "bad_parameter", "limit"),
    "unknown_query_field": (None, "GET", "/v1/lots?colour=red", None, 400, "bad_parameter", "colour"),
    "price_zero": ("farm", "POST", LISTING, {"price": "0.000", "minimum": "200", "expires_at": "+24"}, 422, "price_not_positive", None),
    "quantity_beyond_the_limit": ("farm", "POST", "/v1/lots", LOT | {"quantity": "999999999999999"}, 422, "overflow", None),
    "amount_beyond_64_bits": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "99999999999999999999.00", "bank_reference": "x3"}, 400, "out_of_range", "amount"),
    "negative_amount": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "-5.00", "bank_reference": "x4"}, 400, "negative", "amount"),
    "form_where_json_is_wanted": ("buyer", "POST", BID, b"price=14", 415, "unsupported_media_type", "Content-Type", {"Content-Type": "application/x-www-form-urlencoded"}),
    "empty_body_that_is_no_json": ("buyer", "POST", BID, b" ", 400, "bad_json", None),
    "number_as_text": ("farm", "POST", "/v1/lots", LOT | {"mark": "nine"}, 400, "wrong_type", "mark"),
    "client_id_from_the_future": ("buyer", "POST", BID, {"price": "14.000"}, 409, "client_id_ahead", None, {"Idempotency-Key": "0fffffffffff" + "7" * 20}),
    "unknown_token": ("buyer", "POST", BID, {"price": "14.000"}, 401, "unauthorized", None, {"Authorization": "Bearer hl_nobody"}),
    "product_with_an_unknown_key": ("operator", "POST", "/v1/products", "{coloured}", 400, "invalid_product", "colour", {"Content-Type": "application/toml"}),
    "product_with_a_missing_key": ("operator", "POST", "/v1/products", b'code = "x"\n', 400, "invalid_product", "basis", {"Content-Type": "application/toml"}),
    "product_as_json": ("operator", "POST", "/v1/products", b"{}", 415, "unsupported_media_type", "Content-Type", {"Content-Type": "application/json"}),
    "paying_twice": ("buyer", "POST", "/v1/contracts/{running}/pay", {}, 409, "wrong_contract_state", None),
    "deliveries_that_do_not_add_up": ("farm", "POST", "/v1/contracts/{paid}/schedule", {"deliveries": [{"quantity": "199", "planned_at": "+48"}]}, 422, "invalid_schedule", None),
    "arrival_before_loading": ("inspector", "POST", "/v1/contracts/{running}/arrive", {"delivery": 1}, 409, "wrong_contract_state", None),
    "weighing_before_arrival": ("inspector", "POST", "/v1/contracts/{running}/weigh", WEIGHING, 409, "wrong_contract_state", None),
    "weighing_by_the_seller": ("farm", "POST", "/v1/contracts/{running}/weigh", WEIGHING, 403, "not_the_actor", None),
    "weighing_with_tare_above_gross": ("inspector", "POST", "/v1/contracts/{there}/weigh", WEIGHING | {"trucks": [{"gross_kg": "10000.000", "tare_kg": "20000.000"}]}, 422, "invalid_weight", None),
    "more_dead_than_delivered": ("inspector", "POST", "/v1/contracts/{there}/weigh", WEIGHING | {"dead": 201}, 422, "too_many_dead", None),
    "loading_with_an_expired_certificate": ("farm", "POST", "/v1/contracts/{running}/load", "{load:expired}", 422, "certificate_expired", None),
    "loading_with_the_wrong_form_of_certificate": ("farm", "POST", "/v1/contracts/{running}/load", "{load:form}", 422, "missing_certificate", None),
    "loading_without_a_certificate": ("farm", "POST", "/v1/contracts/{running}/load", "{load:none}", 422, "missing_certificate", None),
    "loading_with_an_expired_vehicle_filing": ("farm", "POST", "/v1/contracts/{running}/load", "{load:filing}", 422, "vehicle_filing_expired", None),
    "loading_by_a_carrier_that_is_none": ("farm", "POST", "/v1/contracts/{running}/load", "{load:carrier}", 422, "invalid_carrier", None),
}


def make(name, case):
    who, method, path, body, status, code, field, *rest = case

    def test(self):
        m = self.market
        now = m.now()
        pending = next(r for r in m.door("auditor").all("/v1/approvals?state=open") if r["id"] == self.pending)
        names = {k: getattr(self, k) for k in ("bare", "no_asf", "untagged", "ready", "listed", "auction", "contract", "pending", "poor", "farm", "paid", "running", "there")}
        names |= {"content": pending["content"], "tag": str(10**14 + 230113 * 10**8 + self.ready * 1000),
                  "toml": (ROOT / "products" / "live-hog.toml").read_text()}

        def fill(value):
            if isinstance(value, dict):
                return {k: fill(v) for k, v in value.items()}
            if isinstance(value, list):
                return [fill(v) for v in value]
            if isinstance(value, str):
                if value == "{sha}":
                    return m.paper("farm", "a paper")
                if value == "{toml}":
                    return names["toml"]
                if value == "{coloured}":
                    return 'colour = "red"\n' + names["toml"]
                if value.startswith("{load:"):
                    return self.loading(value[6:-1])
                if value == "{poor}":
                    return names["poor"]
                if value[:1] in "+-" and value[1:].isdigit():
                    return iso(now + timedelta(hours=int(value)))
                if value.startswith("{") and value.endswith("}"):
                    return str(names[value[1:-1]])
            return value

        sent = fill(body)
        if isinstance(sent, str):
            sent = sent.encode()
        door = m.door(who)
        got, headers, data = door.raw(method, path.format(**names) if "{" in path else path, sent, rest[0] if rest else None)
        problem = self.check((got, headers, data), status, code, field)
        if got == 400 and field and code not in ("missing_field", "duplicate_field", "invalid_product") and name != "empty_price":
            self.assertTrue(problem.get("value"), problem)
        if got == 400 and field and code != "invalid_product":
            self.assertTrue(problem.get("expected"), problem)

    test.__doc__ = name.replace("_", " ")
    setattr(BadInput, "test_" + name, test)


for case_name, case_row in CASES.items():
    make(case_name, case_row)


def problem_of(raw):
    """(status, headers, body) of an answer as it came from a socket."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    return int(lines[0].split()[1]), dict(line.split(": ", 1) for line in lines[1:]), body


def read_all(s):
    data = b""
    while chunk := s.recv(4096):
        data += chunk
    return data


def raw_socket_tests(cls):
    def garbage(self):
        with socket.create_connection(("127.0.0.1", self.market.port), 15) as s:
            s.sendall(b"\x00\x01\x02 not http at all\r\n\r\n")
            self.check(problem_of(read_all(s)), 400, "bad_request")
        self.assertEqual(self.market.door().raw("GET", "/healthz")[0], 200)

    def slow(self):
        address = ("127.0.0.1", self.market.port)
        with socket.create_connection(address, 30) as body, socket.create_connection(address, 30) as head:
            body.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            head.sendall(b"GET /v1/lots HT")
            self.assertEqual(self.market.door().raw("GET", "/healthz")[0], 200)
            self.check(problem_of(read_all(body)), 408, "timeout")
            self.check(problem_of(read_all(head)), 408, "timeout")

    def long_header(self):
        with socket.create_connection(("127.0.0.1", self.market.port), 15) as s:
            s.sendall(b"GET /v1/lots HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n")
            self.check(problem_of(read_all(s)), 431, "header_too_large")

    def large_document(self):
        problem = self.check(self.market.door("farm").raw("POST", "/v1/documents", b"a" * (9 << 20), {"Content-Type": "text/plain"}),
                             413, "too_large")
        self.assertEqual(problem["detail"], f"at most {8 << 20} bytes")

    def stream(self):
        key = base64.b64encode(os.urandom(16)).decode()
        with socket.create_connection(("127.0.0.1", self.market.port), 15) as s:
            s.sendall((f"GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
            s.settimeout(15)
            self.assertIn(b" 101 ", s.recv(4096))
            text = b'{"op":"bid","ref":1,"lot":1,"price":"14.000"}'
            s.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
            answer = s.recv(4096)
            self.assertIn(b'"ok":false', answer)
            self.assertIn(b'"code":"unauthorized"', answer)
            text = b'{"op":"dance"}'
            s.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
            self.assertIn(b'"code":"invalid_value"', s.recv(4096))

    cls.test_bytes_that_are_not_http = garbage
    cls.test_slow_client = slow
    cls.test_header_too_long = long_header
    cls.test_document_of_nine_megabytes_names_the_limit_of_documents = large_document
    cls.test_stream_without_token_and_unknown_op = stream


raw_socket_tests(BadInput)


class BadFiles(unittest.TestCase):
    """At the command line without a market: exit 2 and one line that names the place."""

    one_line = BadInput.one_line
    GIVEN = {"kind": "settlement", "price_li": 16000, "heads": 10, "average_g": 115000, "terms": "destination",
             "trucks": [[21150000, 20000000]], "dead": 0, "seller_vat": "exempt_producer"}

    def setUp(self):
        if not HULAN.exists():
            self.skipTest(f"{HULAN} is not built")

    def tool(self, *arguments):
        return Market.tool(None, *arguments)

    def case(self, **changes):
        given = {k: v for k, v in (self.GIVEN | changes).items() if v is not None}
        return write("c.json", json.dumps({"given": given}))

    def toml(self, old, new):
        text = (ROOT / "products" / "live-hog.toml").read_text()
        self.assertIn(old, text)
        return write("p.toml", text.replace(old, new, 1)), 1 + text[:text.index(old)].count("\n")

    def test_broken_toml_names_its_line(self):
        path = write("p.toml", 'code = "x"\ntick = = 3\n')
        self.one_line(self.tool("product", "check", path), f"{path} line 2:")

    def test_toml_with_an_unknown_key(self):
        path, line = self.toml('code = "live-hog"\n', 'code = "live-hog"\ncolour = "red"\n')
        self.one_line(self.tool("product", "check", path), f"line {line + 1}", "colour")

    def test_toml_with_a_duration_that_is_none(self):
        path, line = self.toml('close_window = "120 s"', 'close_window = "soon"')
        self.one_line(self.tool("product", "check", path), f"line {line}", "close_window", "'soon'", "is not a time such as")

    def test_the_case_that_the_others_spoil_is_right(self):
        code, out, err = self.tool("settle", self.case())
        self.assertEqual(code, 0, out + err)

    def test_case_that_is_no_json(self):
        path = write("c.json", "{")
        self.one_line(self.tool("settle", path), path, "not JSON", "expected an object")

    def test_case_without_a_price(self):
        self.one_line(self.tool("settle", self.case(price_li=None)), "price_li", "missing", "expected")

    def test_case_with_a_price_of_the_wrong_type(self):
        self.one_line(self.tool("settle", self.case(price_li="sixteen")), "price_li", "sixteen", "expected")

    def test_case_with_an_unknown_key(self):
        self.one_line(self.tool("settle", self.case(colour="red")), "colour")

    def test_case_outside_the_bands(self):
        self.one_line(self.tool("settle", self.case(trucks=[[21500000, 20000000]])), "average_live_g")

    def test_folder_without_a_market(self):
        for command in ("verify", "replay", "log"):
            self.one_line(self.tool(command, "/nonexistent-market"), "/nonexistent-market", "no journal")

    def test_command_that_there_is_not(self):
        self.one_line(self.tool("frobnicate"))

    def test_option_that_is_missing(self):
        self.one_line(self.tool("bid", "1"), "--price is required")


if __name__ == "__main__":
    unittest.main()
