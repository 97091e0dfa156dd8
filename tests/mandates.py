#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""An agent acts for a principal within a mandate, through the doors of a real server (R2.5)."""

import json
import unittest
from datetime import timedelta

from market import MarketTest, Refused, iso


class Mandates(MarketTest):
    def refused(self, code, door, *call):
        with self.assertRaises(Refused) as caught:
            door.post(*call)
        self.assertEqual(caught.exception.problem["code"], code)

    def tool(self, who, *arguments):
        return self.market.tool(*arguments, "--url", f"http://127.0.0.1:{self.market.port}",
                                "--token", self.market.people[who])

    def test_an_agent_takes_for_its_principal_and_no_more_than_the_sum(self):
        market = self.market
        market.add_participant("farm", "producer", money="200000.00")
        market.add_participant("wang", "slaughterhouse", 230111, money="900000.00")
        agent = market.add_participant("agent", "agent", 230111)
        lots = []
        for _ in range(2):
            lots.append(market.draft("farm", head=100))
            market.door("farm").post(f"/v1/lots/{lots[-1]}/listing",
                                     {"price": "14.000", "expires_at": iso(market.now() + timedelta(hours=1))})
        status, said, error = self.tool("wang", "mandate", "give", "--agent", agent, "--side", "buy",
                                        "--limit", "200000.00", "--until", "+9d", "--json")
        self.assertEqual((status, error), (0, ""))
        given = json.loads(said)["id"]
        take = {"price": "14.000", "quantity": "100"}
        for_wang = {"X-Hulan-Mandate": str(given)}
        with self.assertRaises(Refused):  # not confirmed yet
            market.door("agent").post(f"/v1/lots/{lots[0]}/take", take, for_wang)
        self.assertEqual(self.tool("agent", "mandate", "confirm", given)[0], 0)
        status, said, error = self.tool("agent", "take", lots[0], "--price", "14.000", "--quantity", 100,
                                        "--for", given, "--json")
        self.assertEqual((status, error), (0, ""))
        made = json.loads(said)
        contract = market.door("wang").get(f"/v1/contracts/{made['id']}")
        # 100 x 115 kg x 14.000 = 161 000.00: the principal is the party and posts the bonds
        self.assertEqual((contract["my_side"], contract["nominal"]), ("buyer", "161000.00"))
        self.assertEqual(made["frozen"], "8855.00")
        with self.assertRaises(Refused) as caught:  # 161 000.00 more is beyond the sum
            market.door("agent").post(f"/v1/lots/{lots[1]}/take", take, for_wang)
        self.assertIn("mandate", caught.exception.problem["code"])
        # The steps of the contract, too, but nothing that gives something up.
        seen = market.door("agent").get(f"/v1/contracts/{made['id']}")
        self.assertEqual((seen["my_side"], seen["mandate"], seen["can"]), ("buyer", given, ["pay"]))
        self.assertEqual([one["id"] for one in market.door("agent").get(f"/v1/contracts?mandate={given}")["items"]], [made["id"]])
        self.assertEqual(contract["mandate"], None)
        with self.assertRaises(Refused) as caught:
            market.door("agent").post(f"/v1/contracts/{made['id']}/cancel", {"reason": "no"}, for_wang)
        self.assertEqual(caught.exception.problem["code"], "outside_mandate")
        self.assertEqual(self.tool("agent", "pay", made["id"], "--for", given)[0], 0)
        self.assertEqual(market.door("wang").get(f"/v1/contracts/{made['id']}")["state"], "paid")
        status, said, _ = self.tool("wang", "mandate", "list")
        self.assertIn("39000.00", said)
        self.assertEqual(self.tool("wang", "mandate", "revoke", given)[0], 0)
        with self.assertRaises(Refused):
            market.door("agent").post(f"/v1/lots/{lots[1]}/take", take, for_wang)
        # With the mandate ends what could be seen under it; one to sell does not reach the buyer's side.
        other = market.door("wang").post("/v1/mandates", {"agent": agent, "limit": "1.00", "side": "sell",
                                                          "expires_at": iso(market.now() + timedelta(hours=1))})["id"]
        market.door("agent").post(f"/v1/mandates/{other}/confirm", {})
        with self.assertRaises(Refused) as caught:
            market.door("agent").get(f"/v1/contracts/{made['id']}")
        self.assertEqual(caught.exception.problem["code"], "unknown_contract")
        for mandate in (given, other):
            self.assertEqual(market.door("agent").get(f"/v1/contracts?mandate={mandate}")["items"], [])


if __name__ == "__main__":
    unittest.main()
