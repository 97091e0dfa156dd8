#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""A sealed auction through the doors of a real server and the command line (R5.3.4): the key in two shares, bids that
nobody reads before the close, the opening, and the check of every envelope afterwards."""

import json
import time
import unittest
from datetime import timedelta
from pathlib import Path

from market import MarketTest, Refused, iso


class Sealed(MarketTest):
    edit_product = staticmethod(lambda name, text: text.replace('notice = "0 h"', 'notice = "1 s"'))

    def tool(self, who, *arguments):
        market = self.market
        return market.tool(*arguments, "--url", f"http://127.0.0.1:{market.port}", "--token", market.people[who], "--json")

    def done(self, who, *arguments):
        code, out, error = self.tool(who, *arguments)
        self.assertEqual(code, 0, out + error)
        return json.loads(out)

    def test_a_key_in_two_shares_opens_what_nobody_read_before(self):
        market = self.market
        folder = Path(market.temporary.name)
        market.add_participant("farm", "producer", money="200000.00")
        market.add_participant("wang", "slaughterhouse", 230111, money="900000.00")
        market.add_participant("li", "slaughterhouse", 230111, money="900000.00")
        holders = {r["login"]: r["id"] for r in market.door("admin").get("/v1/users")["items"]}
        code, out, error = market.tool("seal-key", "--out", folder / "key")
        self.assertEqual(code, 0, error)
        self.assertEqual(market.tool("seal-key", "--out", folder / "key")[0], 2, "a key that is there stays")
        key = self.done("operator", "sealed", "register", "--key", folder / "key", "--holder-1", holders["inspector"],
                        "--holder-2", holders["auditor"])["id"]
        lot = market.draft("farm", head=100)
        opens = market.now() + timedelta(seconds=3)
        market.door("farm").post(f"/v1/lots/{lot}/sealed", {
            "key": key, "start": "14.000", "cap": "16.000", "award": "second_price", "open_at": iso(opens),
            "close_at": iso(opens + timedelta(seconds=6))})
        while market.now() < opens:
            time.sleep(0.1)
        self.done("wang", "bid-sealed", lot, "--price", "15.200", "--out", folder / "wang.json")
        reply = self.done("li", "bid-sealed", lot, "--price", "14.600", "--out", folder / "li.json")
        # 100 x 115 kg at 16.000, whatever the price: 5 % and 0.5 %
        self.assertEqual(reply["frozen"], "10120.00")
        for who in (None, "farm", "wang", "operator", "auditor"):
            text = json.dumps(market.door(who).get(f"/v1/lots/{lot}"))
            self.assertNotIn("15.200", text)
            self.assertNotIn("14.600", text)
        self.assertEqual([b["state"] for b in market.door().get(f"/v1/lots/{lot}")["sealed"]["bids"]], ["shut", "shut"])
        code, _, error = self.tool("inspector", "sealed", "reveal", key, "--share", folder / "key" / "share-1")
        self.assertEqual(code, 1, "not before the close")
        while market.door().get(f"/v1/lots/{lot}")["state"] != "opening":
            time.sleep(0.1)
        self.assertEqual(self.tool("wang", "verify-sealed", lot)[0], 1, "the envelopes are shut")
        self.done("inspector", "sealed", "reveal", key, "--share", folder / "key" / "share-1")
        self.done("auditor", "sealed", "reveal", key, "--share", folder / "key" / "share-2")
        while market.door().get(f"/v1/lots/{lot}")["state"] != "sold":
            time.sleep(0.1)
        lot_now = market.door("wang").get(f"/v1/lots/{lot}")
        self.assertEqual([(b["state"], b["price"]) for b in lot_now["sealed"]["bids"]],
                         [("won", "15.200"), ("lost", "14.600")])
        contract = market.door("wang").get(f"/v1/contracts/{lot_now['contracts'][0]}")
        self.assertEqual(contract["price"], "14.600", "the second bid is paid")
        kept = json.loads((folder / "wang.json").read_text())
        self.assertEqual(kept["salt"], lot_now["sealed"]["bids"][0]["salt"])
        checked = self.done("li", "verify-sealed", lot)
        self.assertEqual([b["fits"] for b in checked["bids"]], [True, True])
        with self.assertRaises(Refused) as caught:
            market.door("li").post(f"/v1/lots/{lot}/sealed-bids", {"commitment": "0" * 64, "box": "0" * 160})
        self.assertEqual(caught.exception.problem["code"], "auction_closed")


if __name__ == "__main__":
    unittest.main()
