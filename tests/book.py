#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""An order book and the market's control through the doors of a real server, over a restart (R5.4, R12)."""

import json
import subprocess
import time
import unittest
from datetime import timedelta

from market import ROOT, MarketTest, Refused, iso


class BookTest(MarketTest):
    products = ("sandbox-maize", "live-hog")

    def wait(self, holds):
        deadline = time.monotonic() + 30
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def refused(self, code, *call):
        with self.assertRaises(Refused) as caught:
            self.market.door(call[0]).post(*call[1:])
        self.assertEqual(caught.exception.problem["code"], code)

    def order(self, who, side, quantity, price=None, **more):
        body = {"side": side, "quantity": quantity, **({"price": price} if price else {"kind": "market"}), **more}
        return self.market.door(who).post(f"/v1/books/{self.book}/orders", body)

    def ladder(self):
        row = self.market.door().get(f"/v1/books/{self.book}")
        return {side: [(level["price"], level["quantity"]) for level in row[side]] for side in ("buy", "sell")}

    def session(self):
        """The body that opens a book two seconds from now."""
        now = self.market.now()
        return {"product": "sandbox-maize", "lot": "1000", "reference": "2.240", "call_at": iso(now + timedelta(seconds=1)),
                "open_at": iso(now + timedelta(seconds=2)), "closing_call_at": iso(now + timedelta(hours=2)),
                "close_at": iso(now + timedelta(hours=3))}

    def stream(self, who, *frames):
        """A trader's program at the stream, in a process of its own; says the answer to each frame."""
        script = """
            const socket = new WebSocket(process.argv[1]);
            const frames = JSON.parse(process.argv[2]);
            socket.onopen = () => frames.forEach((frame) => socket.send(JSON.stringify(frame)));
            socket.onmessage = ({ data }) => console.log(data);
        """
        url = f"ws://127.0.0.1:{self.market.port}/v1/stream?token={self.market.door(who).token}"
        program = subprocess.Popen([ROOT / "build" / "node" / "bin" / "node", "-e", script, url, json.dumps(frames)],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        answers = []
        while len(answers) < len(frames):
            said = json.loads(program.stdout.readline())
            answers += [one for one in (said if isinstance(said, list) else [said]) if one.get("op") != "token"]
        return program, answers


class Disconnect(BookTest):
    def test_R12_who_chose_so_has_its_orders_cancelled_when_its_stream_ends(self):
        market = self.market
        for login in ("wang", "li"):
            market.add_participant(login, "trader", money="100000.00")
        self.book = market.door("operator").post("/v1/books", self.session())["id"]
        self.wait(lambda: market.door().get(f"/v1/books/{self.book}")["phase"] == "continuous")
        wang, answers = self.stream("wang", {"op": "cancel_on_disconnect", "ref": 7, "on": True})
        self.assertEqual(answers, [{"op": "cancel_on_disconnect", "ref": 7, "on": True}])
        li, answers = self.stream("li", {"op": "cancel_on_disconnect", "ref": 1, "on": True},
                                  {"op": "cancel_on_disconnect", "ref": 2, "on": False})
        self.assertEqual([answer["on"] for answer in answers], [True, False])
        nobody, answers = self.stream("inspector", {"op": "cancel_on_disconnect", "ref": 3, "on": True})
        self.assertEqual(answers[0]["problem"]["code"], "wrong_role")
        self.order("wang", "buy", 1, "2.230")
        self.order("wang", "buy", 2, "2.220")
        self.order("li", "buy", 5, "2.210")
        for program in (wang, li, nobody):
            program.kill()
        self.wait(lambda: self.ladder()["buy"] == [("2.210", 5)])
        self.assertEqual(market.door("wang").get("/v1/orders")["items"], [])
        # Orders of after that stand: the choice was the stream's.
        self.order("wang", "buy", 3, "2.200")
        time.sleep(1.2)
        self.assertEqual(self.ladder()["buy"], [("2.210", 5), ("2.200", 3)])


class Stream(BookTest):
    def test_every_command_of_the_rest_door_is_sent_through_the_stream_too(self):
        market = self.market
        for login in ("wang", "li"):
            market.add_participant(login, "trader", money="100000.00")
        self.book = market.door("operator").post("/v1/books", self.session())["id"]
        self.wait(lambda: market.door().get(f"/v1/books/{self.book}")["phase"] == "continuous")
        orders = f"/v1/books/{self.book}/orders"
        key = f"{int(market.now().timestamp() * 1000):012x}" + "5" * 20
        plain = {"side": "buy", "quantity": 2, "price": "2.230"}
        _, answers = self.stream(
            "wang", {"op": "post", "ref": 1, "path": orders, "body": plain, "client_id": key},
            {"op": "post", "ref": 2, "path": orders, "body": {**plain, "colour": "red"}},
            {"op": "post", "ref": 3, "path": "/v1/nowhere"}, {"op": "post", "ref": 4, "path": "/v1/documents"},
            {"op": "post", "ref": 5, "path": orders, "body": plain, "client_id": "55"},
            {"op": "post", "ref": 6, "path": orders, "body": plain, "mandate": 99},
            {"op": "post", "ref": 7, "path": orders, "body": [], "ok": 1})
        said = {answer["ref"]: answer for answer in answers}
        self.assertTrue(said[1]["ok"], said[1])
        self.assertEqual((said[1]["frozen"], said[1]["client_id"]), ("245.30", key))  # 4 460.00: 5 % and 0.5 %
        self.assertEqual([said[ref]["problem"]["code"] for ref in (2, 3, 4, 5, 6, 7)],
                         ["unknown_field", "not_found", "not_found", "bad_idempotency_key", "unknown_mandate", "unknown_field"])
        self.assertEqual(self.ladder()["buy"], [("2.230", 2)])
        order = market.door("wang").get("/v1/orders")["items"][0]["id"]
        _, answers = self.stream("wang", {"op": "post", "ref": 1, "path": f"/v1/orders/{order}/reduce", "body": {"by": 1}})
        self.assertTrue(answers[0]["ok"], answers)
        _, answers = self.stream("li", {"op": "post", "ref": 1, "path": f"/v1/orders/{order}/cancel"})
        self.assertEqual(answers[0]["problem"]["code"], "not_your_order")
        self.assertEqual(self.ladder()["buy"], [("2.230", 1)])
        # An agent trades for its principal (R2.5).
        number = market.add_participant("agent", "agent")
        mandate = market.door("wang").post("/v1/mandates", {"agent": number, "limit": "5000.00", "side": "buy",
                                                            "expires_at": iso(market.now() + timedelta(hours=1))})["id"]
        market.door("agent").post(f"/v1/mandates/{mandate}/confirm", {})
        _, answers = self.stream("agent", {"op": "post", "ref": 1, "path": orders, "body": plain, "mandate": mandate},
                                 {"op": "post", "ref": 2, "path": orders, "body": plain, "mandate": mandate})
        self.assertEqual((answers[0]["ok"], answers[0]["frozen"]), (True, "245.30"))
        self.assertEqual(answers[1]["problem"]["code"], "mandate_exceeded")
        self.assertEqual(self.ladder()["buy"], [("2.230", 3)])
        seen = market.door("agent").get(f"/v1/orders?mandate={mandate}")["items"]
        self.assertEqual(seen, market.door("wang").get("/v1/orders")["items"])
        self.assertEqual(market.door("agent").get("/v1/orders")["items"], [])


class Book(BookTest):
    def test_orders_trade_over_rest_and_stand_after_a_restart(self):
        market = self.market
        for login, kind in (("seller", "producer"), ("wang", "slaughterhouse"), ("li", "trader")):
            market.add_participant(login, kind, money="100000.00")
        opened = self.session()
        self.refused("wrong_role", "wang", "/v1/books", opened)
        self.refused("method_not_allowed", "operator", "/v1/books", {**opened, "product": "live-hog", "average_kg": "110"})
        self.book = market.door("operator").post("/v1/books", opened)["id"]
        self.wait(lambda: market.door().get(f"/v1/books/{self.book}")["phase"] == "continuous")

        sold = self.order("seller", "sell", 5, "2.240")
        self.assertEqual(sold["frozen"], "616.00")  # 11 200.00: 5 % and 0.5 %
        self.order("seller", "sell", 2, "2.241", display=1)
        self.order("li", "buy", 3, "2.230")
        self.assertEqual(self.ladder(), {"buy": [("2.230", 3)], "sell": [("2.240", 5), ("2.241", 1)]})
        bought = self.order("wang", "buy", 6, "2.241")
        self.assertEqual(bought["id"], 0)
        self.assertEqual(self.ladder()["sell"], [("2.241", 1)])
        self.assertEqual([(trade["price"], trade["quantity"], trade["taker"])
                          for trade in market.door().get(f"/v1/books/{self.book}")["trades"]],
                         [("2.241", 1, "buy"), ("2.240", 5, "buy")])
        held = market.door("wang").get("/v1/positions")["items"]
        self.assertEqual([(row["net"], row["traded"]) for row in held], [(6, 6)])
        self.refused("cannot_fill", "wang", f"/v1/books/{self.book}/orders",
                     {"side": "buy", "quantity": 9, "price": "2.241", "life": "fill_or_kill"})
        self.refused("out_of_band", "wang", f"/v1/books/{self.book}/orders", {"side": "buy", "quantity": 1, "price": "2.353"})
        self.refused("invalid_value", "wang", f"/v1/books/{self.book}/orders", {"side": "up", "quantity": 1, "price": "2.240"})

        mine = market.door("li").get("/v1/orders")["items"]
        self.assertEqual([(row["side"], row["price"], row["quantity"]) for row in mine], [("buy", "2.230", 3)])
        self.refused("not_your_order", "wang", f"/v1/orders/{mine[0]['id']}/cancel", {})
        market.door("li").post(f"/v1/orders/{mine[0]['id']}/reduce", {"by": 1})
        market.door("li").post(f"/v1/orders/{mine[0]['id']}/replace", {"price": "2.235", "quantity": 4})
        self.refused("unknown_order", "li", f"/v1/orders/{mine[0]['id']}/cancel", {})

        for ends in (market.stop, market.kill):
            before = self.ladder()
            ends()
            market.start()
            market.doors.clear()
            self.assertEqual(self.ladder(), before)
        mine = market.door("li").get("/v1/orders")["items"]
        self.assertEqual([(row["price"], row["quantity"]) for row in mine], [("2.235", 4)])

        self.refused("wrong_role", "wang", "/v1/halts", {"reason": "x"})
        market.door("operator").post("/v1/halts", {"product": "sandbox-maize", "reason": "a wrong price"})
        self.assertEqual([row["reason"] for row in market.door().get("/v1/halts")["items"]], ["a wrong price"])
        self.refused("trading_halted", "wang", f"/v1/books/{self.book}/orders", {"side": "buy", "quantity": 1, "price": "2.240"})
        self.refused("resume_too_soon", "operator", "/v1/halts/resume",
                     {"product": "sandbox-maize", "resume_at": iso(market.now() + timedelta(minutes=4))})
        market.door("li").post(f"/v1/orders/{mine[0]['id']}/cancel", {})
        self.assertEqual(self.ladder()["buy"], [])

        seller = market.door("seller").get("/v1/me")["participant"]["id"]
        market.door("operator").post(f"/v1/participants/{seller}/kill", {"reason": "a runaway program"})
        self.wait(lambda: self.ladder() == {"buy": [], "sell": []})
        market.stop()
        market.start()  # from a snapshot in which something is halted
        market.doors.clear()
        self.assertEqual(len(market.door().get("/v1/halts")["items"]), 1)
        market.door("operator").post(f"/v1/participants/{seller}/revive", {"reason": "mended"})


if __name__ == "__main__":
    unittest.main()
