#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""Sixty and more kinds of bad input at the real doors: each gets its clear error and changes nothing.

`business_hash` (of `hulan replay` over the live journal) is compared around every case."""

import base64
import json
import os
import socket
import unittest
from datetime import timedelta

from market import Door, MarketTest, ROOT, iso, yuan

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
        cls.pending = m.door("settlement_officer").post("/v1/deposits", {
            "participant": cls.buyer, "currency": "CNY", "amount": "1.00", "bank_reference": "waits"})["id"]

    def business_hash(self):
        code, out, err = self.market.tool("replay", self.market.dir, "--json")
        self.assertEqual(code, 0, err)
        return json.loads(out)["business_hash"]

    def setUp(self):
        self.before = self.business_hash()

    def tearDown(self):
        self.assertEqual(self.business_hash(), self.before, "bad input changed the market")

    def refused(self, who, method, path, body, status, code, headers=None, field=None):
        door = self.market.door(who)
        got, answer_headers, data = door.raw(method, path, body, headers)
        text = data.decode(errors="replace")
        self.assertEqual(got, status, text)
        problem = json.loads(data)
        kind = {k.lower(): v for k, v in answer_headers.items()}.get("content-type", "")
        self.assertTrue(kind.startswith("application/problem+json"), kind)
        self.assertEqual(problem["code"], code, text)
        self.assertTrue(problem["title"], text)
        if field:
            self.assertEqual(problem.get("field"), field, text)
        return problem


def hours(market, n):
    return iso(market.now() + timedelta(hours=n))


# name: (who, method, path, body, status, code, field). Strings may use the names of the fixture in braces.
BID = "/v1/lots/{auction}/bids"
LISTING = "/v1/lots/{ready}/listing"
CASES = {
    "malformed_json": ("farm", "POST", LISTING, b'{"price": ', 400, "bad_json", None),
    "trailing_bytes_after_json": ("farm", "POST", LISTING, b'{"price":"14.12"} x', 400, "bad_json", None),
    "an_array_where_an_object_is_wanted": ("farm", "POST", LISTING, b"[]", 400, None, None),
    "text_that_is_not_utf8": ("farm", "POST", LISTING, b'{"price":"\xff\xfe"}', 400, None, None),
    "json_nested_too_deep": ("farm", "POST", LISTING, b"[" * 200 + b"]" * 200, 400, None, None),
    "unknown_field": ("buyer", "POST", BID, {"price": "14.000", "colour": "red"}, 400, None, "colour"),
    "missing_field": ("buyer", "POST", BID, {}, 400, None, "price"),
    "number_where_a_decimal_string_is_wanted": ("buyer", "POST", BID, {"price": 14.0}, 400, None, "price"),
    "null_price": ("buyer", "POST", BID, {"price": None}, 400, None, "price"),
    "price_with_too_many_decimals": ("buyer", "POST", BID, {"price": "14.0001"}, 400, None, "price"),
    "price_that_is_no_number": ("buyer", "POST", BID, {"price": "fourteen"}, 400, None, "price"),
    "empty_price": ("buyer", "POST", BID, {"price": ""}, 400, None, "price"),
    "negative_price": ("buyer", "POST", BID, {"price": "-14.000"}, None, None, None),
    "price_zero": ("buyer", "POST", BID, {"price": "0.000"}, None, None, None),
    "price_beyond_64_bits": ("buyer", "POST", BID, {"price": "99999999999999999999.000"}, 400, None, "price"),
    "scientific_notation": ("buyer", "POST", BID, {"price": "1e3"}, 400, None, "price"),
    "duplicate_key": ("buyer", "POST", BID, b'{"price":"14.000","price":"15.000"}', 400, None, None),
    "wrong_content_type": ("buyer", "POST", BID, b"price=14", None, None, None),
    "unknown_path": ("buyer", "GET", "/v1/pigs", None, 404, None, None),
    "wrong_method": ("buyer", "PUT", BID, {"price": "14.000"}, 405, None, None),
    "no_token": (None, "POST", BID, {"price": "14.000"}, 401, None, None),
    "idempotency_key_of_wrong_form": ("buyer", "POST", BID, {"price": "14.000"}, 400, None, None,
                                      {"Idempotency-Key": "hello"}),
    "expired_client_id": ("buyer", "POST", BID, {"price": "14.000"}, None, "client_id_expired", None,
                          {"Idempotency-Key": "000000000001" + "7" * 20}),
    "body_too_large": ("buyer", "POST", BID, b'{"price":"' + b"1" * 70_000 + b'"}', 413, None, None),
    "unknown_lot": ("buyer", "POST", "/v1/lots/999999/bids", {"price": "14.000"}, 404, "unknown_lot", None),
    "lot_number_beyond_32_bits": ("buyer", "POST", "/v1/lots/99999999999/bids", {"price": "14.000"}, None, None, None),
    "unknown_contract": ("buyer", "POST", "/v1/contracts/4242/pay", {}, 404, "unknown_contract", None),
    "bid_before_the_opening": ("buyer", "POST", BID, {"price": "14.000"}, None, "auction_not_open", None),
    "bid_on_a_listing": ("buyer", "POST", "/v1/lots/{listed}/bids", {"price": "14.200"}, None, "wrong_lot_state", None),
    "take_of_an_auction": ("buyer", "POST", "/v1/lots/{auction}/take", {"price": "14.000", "quantity": "10"}, None, "wrong_lot_state", None),
    "take_of_a_draft": ("buyer", "POST", "/v1/lots/{ready}/take", {"price": "14.120", "quantity": "10"}, None, "wrong_lot_state", None),
    "stale_price": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.110", "quantity": "50"}, 409, "stale_price", None),
    "take_below_the_minimum": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "10"}, None, "below_minimum", None),
    "take_that_leaves_too_little": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "80"}, None, "rest_below_minimum", None),
    "take_of_more_than_is_left": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "500"}, None, "above_remaining", None),
    "take_of_nothing": ("buyer", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "0"}, None, None, None),
    "take_of_own_lot": ("farm", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "50"}, None, "own_lot", None),
    "no_funds": ("poor", "POST", "/v1/lots/{listed}/take", {"price": "14.120", "quantity": "50"}, None, "no_funds", None),
    "staff_cannot_bid": ("operator", "POST", BID, {"price": "14.000"}, 403, None, None),
    "missing_test_report": ("farm", "POST", "/v1/lots/{no_asf}/listing", {"price": "14.120", "minimum": "200", "expires_at": "+24"}, None, "missing_asf_test", None),
    "missing_tags": ("farm", "POST", "/v1/lots/{bare}/listing", {"price": "14.120", "minimum": "200", "expires_at": "+24"}, None, None, None),
    "price_out_of_band": ("farm", "POST", LISTING, {"price": "20.000", "minimum": "200", "expires_at": "+24"}, None, "out_of_band", None),
    "price_off_tick": ("farm", "POST", LISTING, {"price": "14.121", "minimum": "200", "expires_at": "+24"}, None, "price_off_tick", None),
    "expiry_in_the_past": ("farm", "POST", LISTING, {"price": "14.120", "minimum": "200", "expires_at": "-24"}, None, "expiry_in_past", None),
    "time_that_is_no_time": ("farm", "POST", LISTING, {"price": "14.120", "minimum": "200", "expires_at": "tomorrow"}, 400, None, "expires_at"),
    "listing_of_anothers_lot": ("buyer", "POST", LISTING, {"price": "14.120", "minimum": "200", "expires_at": "+24"}, 403, "not_lot_owner", None),
    "minimum_above_the_quantity": ("farm", "POST", LISTING, {"price": "14.120", "minimum": "5000", "expires_at": "+24"}, None, None, None),
    "notice_too_short": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.010", "open_at": "+1", "close_at": "+2"}, None, "notice_too_short", None),
    "auction_that_closes_before_it_opens": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.010", "open_at": "+30", "close_at": "+28"}, None, "invalid_auction_terms", None),
    "reserve_below_the_start": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.010", "reserve": "13.990", "open_at": "+25", "close_at": "+28"}, None, "invalid_auction_terms", None),
    "step_zero": ("farm", "POST", "/v1/lots/{ready}/auction", {"start": "14.000", "step": "0.000", "open_at": "+25", "close_at": "+28"}, None, None, None),
    "bad_tag": ("farm", "POST", "/v1/lots/{bare}/tags", {"ranges": [{"first": "923011300000001", "count": 5}]}, None, "bad_tag", None),
    "tag_with_fourteen_digits": ("farm", "POST", "/v1/lots/{bare}/tags", {"ranges": [{"first": "12301130000000", "count": 5}]}, None, None, None),
    "tag_that_stands_on_another_lot": ("farm", "POST", "/v1/lots/{bare}/tags", {"ranges": [{"first": "{tag}", "count": 1}]}, None, "tag_in_use", None),
    "expired_document": ("farm", "POST", "/v1/lots/{bare}/documents", {"kind": "asf_test", "number": "T1", "issued_at": "+0", "expires_at": "-100", "sha256": "{sha}"}, None, "invalid_document", None),
    "document_that_was_not_uploaded": ("farm", "POST", "/v1/lots/{bare}/documents", {"kind": "asf_test", "number": "T1", "issued_at": "-1", "expires_at": "+100", "sha256": "ab" * 32}, None, None, None),
    "unknown_document_kind": ("farm", "POST", "/v1/lots/{bare}/documents", {"kind": "poem", "number": "T1", "issued_at": "-1", "expires_at": "+100", "sha256": "{sha}"}, 400, None, "kind"),
    "unknown_product": ("farm", "POST", "/v1/lots", {"product": 77, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 404, "unknown_product", None),
    "unknown_grade": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "five-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 400, None, "grade"),
    "hogs_without_an_average": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, None, None, None),
    "half_a_hog": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10.5", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "title": {"zh": "x"}}, 400, None, "quantity"),
    "unknown_mark": ("farm", "POST", "/v1/lots", {"product": 1, "side": "sell", "quantity": "10", "average_kg": "110.000", "grade": "outer-three-way", "terms": "destination", "origin": "230113", "place": "230111", "pickup_from": "+1", "pickup_until": "+100", "mark": 9, "title": {"zh": "x"}}, 404, "unknown_mark", None),
    "own_approval": ("settlement_officer", "POST", "/v1/approvals/{pending}/approve", {"content": "{content}"}, 403, "own_approval", None),
    "approval_of_something_else": ("supervisor", "POST", "/v1/approvals/{pending}/approve", {"content": "cd" * 32}, None, "content_differs", None),
    "approval_by_a_trader": ("buyer", "POST", "/v1/approvals/{pending}/approve", {"content": "{content}"}, 403, "wrong_role", None),
    "deposit_by_a_trader": ("buyer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "5.00", "bank_reference": "x"}, 403, "wrong_role", None),
    "deposit_of_nothing": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "0.00", "bank_reference": "x0"}, None, "invalid_amount", None),
    "deposit_of_a_tenth_of_a_fen": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "CNY", "amount": "5.001", "bank_reference": "x1"}, 400, None, "amount"),
    "deposit_in_an_unknown_currency": ("settlement_officer", "POST", "/v1/deposits", {"participant": 1, "currency": "USD", "amount": "5.00", "bank_reference": "x2"}, 400, None, "currency"),
    "the_same_bank_reference_twice": ("settlement_officer", "POST", "/v1/deposits", {"participant": 2, "currency": "CNY", "amount": "1.00", "bank_reference": "waits"}, None, "duplicate_reference", None),
    "withdrawal_of_more_than_is_there": ("poor", "POST", "/v1/withdrawals", {"participant": "{poor}", "currency": "CNY", "amount": "99.00", "bank_account": "6222"}, None, "no_funds", None),
    "settlement_before_payment": ("inspector", "POST", "/v1/contracts/{contract}/weigh", {"delivery": 1, "dead": 0, "trucks": [{"gross_kg": "30000.000", "tare_kg": "20000.000"}]}, None, None, None),
    "the_seller_pays": ("farm", "POST", "/v1/contracts/{contract}/pay", {}, 403, None, None),
    "a_stranger_reads_the_contract": ("poor", "GET", "/v1/contracts/{contract}", None, None, None, None),
    "a_stranger_reads_the_account": ("poor", "GET", "/v1/accounts/{farm}", None, 403, None, None),
    "wrong_password": (None, "POST", "/v1/sessions", {"login": "farm", "password": "guess"}, 401, None, None),
    "document_of_nine_megabytes": ("farm", "POST", "/v1/documents", b"a" * (9 << 20), 413, None, None, {"Content-Type": "text/plain"}),
    "document_of_a_forbidden_type": ("farm", "POST", "/v1/documents", b"MZ\x90\x00", None, None, None, {"Content-Type": "application/x-msdownload"}),
    "broken_toml": ("operator", "POST", "/v1/products", b'code = "x"\ntick = = 3\n', None, None, None, {"Content-Type": "application/toml"}),
    "product_with_an_unknown_key": ("operator", "POST", "/v1/products", b'code = "x"\ncolour = "red"\n', None, None, None, {"Content-Type": "application/toml"}),
    "product_by_a_trader": ("farm", "POST", "/v1/products", "{toml}", 403, None, None, {"Content-Type": "application/toml"}),
    "cursor_of_nonsense": (None, "GET", "/v1/lots?cursor=zzz", None, 400, None, None),
    "limit_of_a_million": (None, "GET", "/v1/lots?limit=1000000", None, 400, None, None),
    "unknown_query_field": (None, "GET", "/v1/lots?colour=red", None, 400, None, None),
}


def make(name, case):
    who, method, path, body, status, code, field, *rest = case

    def test(self):
        m = self.market
        now = m.now()
        pending = next(r for r in m.door("auditor").all("/v1/approvals?state=open") if r["id"] == self.pending)
        names = {k: getattr(self, k) for k in ("bare", "no_asf", "ready", "listed", "auction", "contract", "pending", "poor", "farm")}
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
        text = data.decode(errors="replace")
        problem = json.loads(text)
        if status:
            self.assertEqual(got, status, text)
        self.assertTrue(400 <= got < 500, f"{got} {text}")
        kind = {k.lower(): v for k, v in headers.items()}.get("content-type", "")
        self.assertTrue(kind.startswith("application/problem+json"), kind)
        self.assertTrue(problem.get("title") and problem.get("code"), text)
        if code:
            self.assertEqual(problem["code"], code, text)
        if field:
            self.assertEqual(problem.get("field"), field, text)

    test.__doc__ = name.replace("_", " ")
    setattr(BadInput, "test_" + name, test)


for case_name, case_row in CASES.items():
    make(case_name, case_row)


def raw_socket_tests(cls):
    def garbage(self):
        with socket.create_connection(("127.0.0.1", self.market.port), 15) as s:
            s.sendall(b"\x00\x01\x02 not http at all\r\n\r\n")
            s.settimeout(15)
            self.assertTrue(s.recv(4096).startswith(b"HTTP/1.1 400"))
        self.assertEqual(self.market.door().raw("GET", "/healthz")[0], 200)

    def slow(self):
        with socket.create_connection(("127.0.0.1", self.market.port), 30) as s:
            s.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            s.settimeout(25)
            answer = s.recv(4096)
            self.assertTrue(answer == b"" or b" 408 " in answer.split(b"\r\n")[0], answer)

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
            text = b'{"op":"dance"}'
            s.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
            self.assertIn(b"problem", s.recv(4096))

    cls.test_bytes_that_are_not_http = garbage
    cls.test_slow_client = slow
    cls.test_stream_without_token_and_unknown_op = stream


raw_socket_tests(BadInput)


class BadFiles(unittest.TestCase):
    """At the command line: exit 2 and one line that names the place."""

    def tool(self, *arguments):
        import subprocess
        from market import HULAN
        return subprocess.run([HULAN, *map(str, arguments)], capture_output=True, text=True)

    def write(self, name, text):
        import tempfile
        folder = tempfile.mkdtemp()
        path = os.path.join(folder, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    def one_line(self, done, *words):
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_broken_toml_names_its_line(self):
        self.one_line(self.tool("product", "check", self.write("p.toml", 'code = "x"\ntick = = 3\n')), "2")

    def test_case_that_is_no_json(self):
        self.one_line(self.tool("settle", self.write("c.json", "{")))

    def test_case_without_a_price(self):
        self.one_line(self.tool("settle", self.write("c.json", '{"given":{"kind":"settlement","heads":3}}')))

    def test_case_outside_the_bands(self):
        given = {"kind": "settlement", "price_li": 16000, "heads": 10, "average_g": 115000, "terms": "destination",
                 "trucks": [[21500000, 20000000]], "dead": 0, "seller_vat": "exempt_producer"}
        self.one_line(self.tool("settle", self.write("c.json", json.dumps({"given": given}))), "average_live_g")

    def test_folder_without_a_market(self):
        done = self.tool("verify", "/nonexistent-market")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
