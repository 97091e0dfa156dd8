#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""What looks like abuse, for the operator and the regulator, while the market runs (R12.3)."""

import time
import unittest
from datetime import timedelta

from market import MarketTest, Refused, iso


class Surveillance(MarketTest):
    def report(self, who="auditor", query=""):
        return self.market.door(who).get("/v1/surveillance" + query)

    def read_to_the_end(self):
        deadline = time.monotonic() + 60
        while True:
            report = self.report()
            if not report["reading"] and report["looked_at"] >= report["sequence"]:
                return report
            self.assertLess(time.monotonic(), deadline, report)
            time.sleep(0.05)

    def refused(self, code, who, query=""):
        with self.assertRaises(Refused) as caught:
            self.report(who, query)
        self.assertEqual(caught.exception.problem["code"], code)
        return caught.exception.problem

    def test_R12_3_one_buyer_of_a_whole_day_is_found_with_its_evidence_and_the_report_grows_with_the_market(self):
        market = self.market
        for login in ("farm", "farm2", "farm3"):
            market.add_participant(login, "producer", money="900000.00")
        wang = market.add_participant("wang", "slaughterhouse", 230111, money="9000000.00")
        self.assertEqual(self.read_to_the_end()["items"], [], "nothing has been traded")
        self.refused("forbidden", "wang")
        self.refused("forbidden", "inspector")
        problem = self.refused("bad_parameter", "operator", "?pattern=theft")
        self.assertIn("self_trade", problem["expected"])
        taken = []
        for farm in ("farm", "farm2", "farm3", "farm", "farm2"):
            lot = market.draft(farm, head=10)
            market.door(farm).post(f"/v1/lots/{lot}/listing", {"price": "14.000", "expires_at": iso(market.now() + timedelta(hours=1))})
            taken.append(market.door("wang").post(f"/v1/lots/{lot}/take", {"price": "14.000", "quantity": "10"})["sequence"])
        items = self.read_to_the_end()["items"]
        whole = next(i for i in items if i["participants"][0]["id"] == wang)
        # five trades of a day, all bought by one: 100 % of a side, where 40 % is looked at
        self.assertEqual((whole["pattern"], whole["value"], whole["unit"]), ("concentration", 10000, "basis_points"))
        self.assertEqual(whole["evidence"], taken)
        self.assertEqual(whole["participants"][0]["name"]["en"], "Test wang")
        mine = self.report(query=f"?participant={wang}&pattern=concentration")["items"]
        self.assertEqual(mine, [whole])
        self.assertEqual(self.report(query="?pattern=cancel_ratio")["items"], [])
        later = iso(market.now() + timedelta(days=1)).replace("+", "%2B")
        self.assertEqual(self.report(query=f"?from={later}")["items"], [])
        status, said, error = market.tool("surveillance", "--participant", wang, "--url", f"http://127.0.0.1:{market.port}",
                                          "--token", market.people["auditor"])
        self.assertEqual((status, error), (0, ""))
        for part in ("concentration", "10000", ",".join(map(str, taken))):
            self.assertIn(part, said)
        status, said, error = market.tool("surveillance", "--pattern", "theft", "--url", f"http://127.0.0.1:{market.port}",
                                          "--token", market.people["auditor"])
        self.assertEqual((status, said, error.count("\n")), (2, "", 1))
        first = self.report(query="?limit=1")
        seen = list(first["items"])
        while first["next"]:
            first = self.report(query=f"?limit=1&cursor={first['next']}")
            seen += first["items"]
        self.assertEqual(seen, items, "page by page")


if __name__ == "__main__":
    unittest.main()
