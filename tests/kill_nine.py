#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load at random moments: every acknowledged command took effect once, where the client was told.

    tests/kill_nine.py [--rounds 5] [--seed N]

A round kills a market that eight clients bid in, opens it again, and asks the journal and the market itself:
- each acknowledged command is in the journal, at its sequence, and no command is there twice;
- each acknowledged bid is among its lot's bids, once, and each acknowledged refusal is not;
- sent again with its client id, an acknowledged command is answered as before and a command whose answer was
  lost is done, once, whether or not it had reached the journal.
kill -9 leaves what the operating system has taken; that records reach the disk is the journal's own tests' matter.
"""

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from market import Door, Market, HULAN, ROOT, free_port

CLIENTS, RESENT = 8, 20


class Bid:
    """One command: what was sent, and what the client was told."""

    def __init__(self, token, lot, li):
        self.token, self.lot, self.li = token, lot, li
        self.key = f"{int(time.time() * 1000):012x}{random.getrandbits(80):020x}"
        self.told = None  # (sequence, accepted), as answered

    def send(self, door):
        status, _, data = door.raw("POST", f"/v1/lots/{self.lot}/bids",
                                   {"price": f"{self.li // 1000}.{self.li % 1000:03}"}, {"Idempotency-Key": self.key})
        answer = json.loads(data)
        # Only what the market itself answered is its word: a door that closes down or is full answers without a rule.
        if status == 200 or "rule" in answer:
            return answer, status == 200
        return None


class Prices:
    """Each bid has a price of its own, so that it can be told apart in the lot's bids."""

    def __init__(self):
        self.li, self.lock = 20_000, threading.Lock()

    def next(self):
        with self.lock:
            self.li += 1
            return self.li


def load(port, token, lots, stop, sent, prices, errors):
    """Bids until the server is gone; `sent` is this client's own list."""
    door = Door(port, token)
    while not stop.is_set():
        bid = Bid(token, random.choice(lots), prices.next())
        sent.append(bid)
        try:
            answer = bid.send(door)
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return  # no answer, or half of one
        except Exception as error:
            errors.append(repr(error))
            return
        if answer:
            bid.told = (answer[0]["sequence"], answer[1])


class Round:
    def __init__(self, market, tokens, prices, first):
        self.market, self.tokens, self.prices, self.first = market, tokens, prices, first
        self.lost, self.doubled, self.wrong, self.lines = 0, 0, 0, []
        self.bids, self.in_flight = [], 0

    def fault(self, kind, text):
        setattr(self, kind, getattr(self, kind) + 1)
        self.lines.append(f"{kind}: {text}")

    def run(self):
        market = self.market
        market.start("--quiet", "--segment-bytes", str(random.choice([1 << 18, 4 << 20])),
                     "--snapshot-every", str(random.choice([200, 1000, 10**9])))
        lots = [lot["id"] for lot in Door(market.port).get("/v1/lots?limit=100")["items"]]
        stop, sent, errors = threading.Event(), [[] for _ in range(CLIENTS)], []
        threads = [threading.Thread(target=load, args=(market.port, token, lots, stop, mine, self.prices, errors))
                   for token, mine in zip(random.sample(self.tokens, CLIENTS), sent)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.02, 0.6))
        market.kill()
        stop.set()
        for thread in threads:
            thread.join()
        for text in errors:
            self.fault("wrong", text)
        self.bids = [bid for mine in sent for bid in mine]
        self.in_flight = sum(bid.told is None for bid in self.bids)
        begun = time.monotonic()
        market.start("--quiet", "--segment-bytes", str(4 << 20))
        self.recovery = time.monotonic() - begun
        self.check_journal()
        self.send_again()
        self.check_bids(lots)
        market.stop()
        return self

    def check_journal(self):
        seen = Counter()
        places = {}
        for record in self.records():
            seen[record["client_id"]] += 1
            places.setdefault(record["client_id"], record["sequence"])
        for bid in self.bids:
            if seen[bid.key] > 1:
                self.fault("doubled", f"{bid.key} stands {seen[bid.key]} times in the journal")
            if bid.told and bid.key not in places:
                self.fault("lost", f"{bid.key}, told {bid.told}, is not in the journal")
            elif bid.told and places[bid.key] != bid.told[0]:
                self.fault("wrong", f"{bid.key}, told {bid.told}, stands at {places[bid.key]}")

    def records(self):
        code, out, err = self.market.tool("log", self.market.dir, "--json", "--from", self.first)
        if code:
            raise AssertionError(err)
        records = [json.loads(line) for line in out.splitlines() if line.strip()]
        self.last = records[-1]["sequence"] if records else self.first - 1
        return [record for record in records if int(record.get("client_id") or "0", 16)]

    def send_again(self):
        told = [bid for bid in self.bids if bid.told]
        for bid in random.sample(told, min(RESENT, len(told))) + [bid for bid in self.bids if not bid.told]:
            door = Door(self.market.port, bid.token)
            answer = bid.send(door)
            door.connection.close()
            if answer is None:
                self.fault("lost", f"{bid.key}, sent again, was not answered by the market")
            elif bid.told is None:
                bid.told = (answer[0]["sequence"], answer[1])
            elif answer[1] != bid.told[1]:
                self.fault("wrong", f"{bid.key}, told {bid.told}, sent again is told {answer}")
            elif answer[1] and (answer[0]["sequence"] != bid.told[0] or not answer[0]["repeated"]):
                self.fault("doubled", f"{bid.key}, told {bid.told}, sent again is told {answer}")

    def check_bids(self, lots):
        """What the market shows: each accepted bid once, at its sequence; nothing that was refused or never sent."""
        shown = Counter()
        door = Door(self.market.port)
        for lot in lots:
            for item in self.newest(door, lot):
                shown[(lot, int(item["price"].replace(".", "")), item["sequence"])] += 1
        door.connection.close()
        for bid in self.bids:
            if not bid.told[1]:
                continue
            count = shown.pop((bid.lot, bid.li, bid.told[0]), 0)
            if count != 1:
                self.fault("lost" if count == 0 else "doubled", f"bid {bid.lot} {bid.li} at {bid.told[0]} is shown {count} times")
        for extra in shown:
            self.fault("doubled", f"bid {extra} is shown, but nobody was told so")

    def newest(self, door, lot):
        """The lot's bids of this round; the newest stand first."""
        cursor, found, before = "", [], None
        while True:
            page = door.get(f"/v1/lots/{lot}/bids?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            for item in page["items"]:
                if before is not None and item["sequence"] > before:
                    raise AssertionError("the newest bid does not stand first")
                before = item["sequence"]
                if before < self.first:
                    return found
                found.append(item)
            cursor = page.get("next")
            if not cursor:
                return found


def bench_folder(market):
    """A market with lots, buyers and tokens, made without sockets."""
    (ROOT / "build").mkdir(exist_ok=True)
    market.temporary = tempfile.TemporaryDirectory(prefix="kill-", dir=ROOT / "build")
    market.dir = Path(market.temporary.name) / "market"
    market.process, market.port, market.people, market.doors = None, free_port(), {}, {}
    subprocess.run([HULAN, "bench", "market", market.dir, "--lots", "50", "--buyers", "50"], check=True,
                   capture_output=True)


def verify(market, name):
    code, out, err = market.tool(name, market.dir)
    if code:
        raise AssertionError(out + err)


def run(market, rounds):
    tokens = (market.dir / "buyers.txt").read_text().split()
    prices, first, done, failed = Prices(), 1, [], 0
    for number in range(1, rounds + 1):
        if done:
            first = done[-1].last + 1
        this = Round(market, tokens, prices, first).run()
        this.records()  # counts what was sent again
        if number % 20 == 0 or number == rounds:
            verify(market, "verify")
        failed += bool(this.lines)
        for line in this.lines[:10]:
            print(f"round {number}: {line}")
        done.append(this)
        if number % 10 == 0 or number == rounds:
            report(done, number, rounds)
    verify(market, "replay")
    print(f"{rounds - failed} passed, {failed} failed, 0 skipped")
    return failed


def report(done, number, rounds):
    # Every command has been told by then: those that were cut off, when they were sent again.
    count = lambda what: sum(map(what, done))
    cut = count(lambda r: r.in_flight)
    print(f"round {number}/{rounds}: {count(lambda r: len(r.bids)) - cut} acknowledged before the kill "
          f"({count(lambda r: sum(b.told[1] for b in r.bids if b.told))} bids accepted in all), {cut} cut off and sent again; "
          f"{count(lambda r: r.lost)} lost, {count(lambda r: r.doubled)} twice, {count(lambda r: r.wrong)} told otherwise; "
          f"open again after {statistics.median(r.recovery for r in done) * 1000:.0f} ms at the median, "
          f"{max(r.recovery for r in done) * 1000:.0f} ms at most", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    market = Market.__new__(Market)
    bench_folder(market)
    try:
        failed = run(market, options.rounds)
    finally:
        market.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    if not os.path.exists(HULAN):
        sys.exit("build it first: script/build")
    main()
