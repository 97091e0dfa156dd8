#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sums what script/test ran into one line 'N passed, N failed, N skipped'; exits 1 on any failure.

A GoogleTest program counts by its test cases, any other ctest test as one, scripts and web
tests by their own closing lines, and a check that prints neither as one by its exit status (77: skipped).
"""
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def of_status(status):
    return {0: (1, 0, 0), 77: (0, 0, 1)}.get(status, (0, 1, 0))


def of_gtest(path):
    """Counts of one program's report, or None when it left none (it crashed, or is no GoogleTest)."""
    if not path.exists():
        return None
    root = xml.parse(path).getroot()
    cases = list(root.iter("testcase"))
    failed = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.get("result") in ("skipped", "suppressed") or case.get("status") == "notrun"
                  for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def of_ctest(results):
    report = results / "ctest.xml"
    if not report.exists():
        yield "ctest", (0, 1, 0)
        return
    for case in xml.parse(report).getroot().iter("testcase"):
        name = case.get("name")
        status = case.get("status")
        if (skipped := case.find("skipped")) is not None or status in ("notrun", "disabled"):
            unable = skipped is not None and "Unable" in skipped.get("message", "")
            yield name, (0, 1, 0) if unable else (0, 0, 1)
            continue
        counts = of_gtest(results / "gtest" / f"hulan_{name}_test.xml")
        if counts is None:
            counts = (1, 0, 0) if status == "run" else (0, 1, 0)
        elif status != "run" and counts[1] == 0:
            counts = (counts[0], 1, counts[2])
        yield name, counts


def of_log(text, status):
    """The counts that a runner printed: our own plain line, Python's unittest, node's test runner, or Vitest."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    plain = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", text, re.M)
    node = [sum(int(n) for n in re.findall(rf"^(?:#|ℹ) {word} (\d+)$", text, re.M))
            for word in ("pass", "fail", "skipped")]
    vitest = re.findall(r"^\s*Tests\s+(.*\(\d+\))", text, re.M)
    if plain:
        counts = tuple(sum(int(row[i] or 0) for row in plain) for i in range(3))
    elif ran := re.search(r"^Ran (\d+) tests? in .*\n\n(OK|FAILED)(?: \((.*)\))?$", text, re.M):
        said = dict(re.findall(r"(\w+)=(\d+)", ran[3] or ""))
        skipped = int(said.get("skipped", 0))
        failed = min(int(ran[1]), sum(int(said.get(word, 0)) for word in ("failures", "errors")))
        counts = (int(ran[1]) - failed - skipped, failed, skipped)
    elif any(node):
        counts = tuple(node)
    elif vitest:
        counts = tuple(sum(int(n) for line in vitest for n in re.findall(rf"(\d+) {word}", line))
                       for word in ("passed", "failed", "skipped"))
    else:
        return of_status(status)
    return counts if status == 0 or counts[1] else (counts[0], 1, counts[2])


def main():
    results = Path(sys.argv[1])
    rows = []
    for path in sorted(results.glob("*.status")):
        name, status = path.stem, int(path.read_text())
        if name == "ctest":
            found = list(of_ctest(results))
            if status and not any(counts[1] for _, counts in found):
                found.append((name, (0, 1, 0)))
            rows += found
        else:
            rows.append((name, of_log(path.with_suffix(".log").read_text(errors="replace"), status)))
    for name, counts in rows:
        print(f"  {name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
    passed, failed, skipped = (sum(counts[i] for _, counts in rows) for i in range(3))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
