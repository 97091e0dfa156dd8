#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The scenarios of scenarios/: each holds, and each of its expectations is able to fail.

    tests/scenarios.py

For the second, every line that expects something is changed, one at a time, and the run must end at that line."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from market import HULAN, ROOT

FILES = sorted((ROOT / "scenarios").glob("*.txt"))
OTHER_WORD = {"draft": "sold"}


def run(path):
    return subprocess.run([HULAN, "scenario", path], capture_output=True, text=True, timeout=120, check=False)


def changed(line):
    """The same expectation of something else; None: the line expects nothing."""
    text, hash_sign, comment = line.partition("#")
    words = text.split()
    if len(words) > 2 and words[-2] == "refused":
        return text.rstrip().removesuffix(words[-1]) + "client_id_reused"
    if not words or words[0] != "then":
        return None
    if words[-1] == "nothing":
        return text.rstrip().removesuffix("nothing") + "1.000"
    numbers = list(re.finditer(r"(?<![\w/.])\d[\d.:]*\d(?![\w/])|(?<![\w/.])\d(?![\w/.])", text))
    if numbers and "happened" not in words:
        last = numbers[-1]
        digit = last.end() - 1
        return text[:digit] + ("1" if text[digit] != "1" else "2") + text[digit + 1:]
    if "happened" in words:
        return "then it happened defaulted, defaulted"
    if words[-2:] == ["no", "leader"]:
        return text.replace("has no leader", "is now draft")
    return text.rstrip().removesuffix(words[-1]) + OTHER_WORD.get(words[-1], "draft")


class Scenarios(unittest.TestCase):
    def test_every_scenario_holds(self):
        self.assertGreater(len(FILES), 10)
        for path in FILES:
            with self.subTest(path.name):
                self.assertRegex(path.name, r"^r\d+(\.\d+)*-[a-z0-9-]+\.txt$", "named after its rule")
                done = run(path)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_expectation_is_able_to_fail(self):
        tried = 0
        with tempfile.TemporaryDirectory() as folder:
            for path in FILES:
                lines = path.read_text().splitlines()
                for at, line in enumerate(lines):
                    other = changed(line)
                    if other is None:
                        continue
                    with self.subTest(f"{path.name}:{at + 1}: {other.strip()}"):
                        copy = Path(folder) / path.name
                        copy.write_text("\n".join([*lines[:at], other, *lines[at + 1:]]) + "\n")
                        done = run(copy)
                        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                        self.assertIn(f":{at + 1}: ", done.stdout)
                        tried += 1
        self.assertGreater(tried, 60)

    def test_a_line_that_says_nothing_known_is_named(self):
        for text, words in (("wang jumps\n", ("x.txt:1", "wang jumps")),
                            ("participant wang trader 230111\nthen wang has much\n", ("x.txt:2", "has much")),
                            ("participant wang king 230111\n", ("kind 'king'", "slaughterhouse")),
                            ("participant wang trader 230111\n", ("no line says then",))):
            with self.subTest(text), tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "x.txt"
                path.write_text(text)
                done = run(path)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), done.stderr)
                for word in words:
                    self.assertIn(word, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
