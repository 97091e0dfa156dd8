#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""The tour by command line in both READMEs, run as it is written; only the port is a free one."""

import contextlib
import os
import re
import signal
import subprocess
import unittest

from market import HULAN, ROOT, free_port


class Tour(unittest.TestCase):
    def walk(self, readme):
        if not HULAN.exists():
            self.skipTest(f"{HULAN} is not built")
        commands = re.search(r"^```sh\n(.*?)^```", (ROOT / readme).read_text(), re.M | re.S)[1]
        port = str(free_port())
        commands = commands.replace("8080", port).replace("hulan serve market", f"hulan serve market --port {port}")
        script = "set -eu; trap 'kill -9 $(jobs -p) 2>/dev/null || true; rm -r \"$PWD\"' EXIT\n" + commands
        walk = subprocess.Popen(["bash", "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, start_new_session=True)
        try:
            out, err = walk.communicate(timeout=120)
        finally:  # the server too, wherever the walk ended
            with contextlib.suppress(ProcessLookupError):
                os.killpg(walk.pid, signal.SIGKILL)
        self.assertEqual(walk.returncode, 0, out[-2000:] + err[-2000:])
        self.assertIn("missing_asf_test", err)
        # 22,980 kg at 14.18 is 325,856.40; less the fee of 229.80 and 80.00 for the dead one (R9.2).
        self.assertRegex(out, r"seller_receives +325546\.60")
        closing = re.findall(r"^closing +available (\S+)", out, re.M)
        self.assertEqual(closing, ["75546.60", "173913.80"])
        self.assertRegex(out, r"(?m)^ok: sequence 3\d, ")
        self.assertRegex(out, r"(?m)^business_hash +[0-9a-f]{64}$")

    def test_the_tour_of_the_README_goes_from_an_empty_market_to_money(self):
        self.walk("README.md")

    def test_the_tour_of_the_Chinese_README_goes_from_an_empty_market_to_money(self):
        self.walk("README.zh-CN.md")


if __name__ == "__main__":
    unittest.main()
