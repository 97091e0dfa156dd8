#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load at random moments: every acknowledged command is in the log once, at the place it was told.

    tests/kill_nine.py [--rounds 200] [--seed N]
"""

import argparse
import json
import os
import random
import sys
import threading
import time

from market import Door, Market, Refused, HULAN


def load(port, token, lots, stop, acknowledged, price):
    """Bids until the server is gone; remembers what it was told."""
    door = Door(port, token)
    while not stop.is_set():
        with price[1]:
            price[0] += 1
            li = price[0]
        key = f"{int(time.time() * 1000):012x}{random.getrandbits(80):020x}"
        try:
            status, _, data = door.raw("POST", f"/v1/lots/{random.choice(lots)}/bids",
                                       {"price": f"{li // 1000}.{li % 1000:03}"}, {"Idempotency-Key": key})
        except OSError:
            return
        except Exception:
            return
        answer = json.loads(data)
        if "sequence" in answer and (status == 200 or answer.get("rule") is not None):
            acknowledged[key] = (answer["sequence"], status == 200)


def log_of(market, first):
    code, out, err = market.tool("log", market.dir, "--json", "--from", first)
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines() if line.strip()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}")
    market = Market.__new__(Market)
    bench_folder(market)
    tokens = (market.dir / "buyers.txt").read_text().split()
    price = [20_000, threading.Lock()]
    total, first = 0, 1
    for round_number in range(1, options.rounds + 1):
        market.start("--segment-bytes", str(4 << 20), "--snapshot-every", str(random.choice([200, 1000, 10**9])))
        lots = [lot["id"] for lot in Door(market.port).get("/v1/lots?limit=100")["items"]]
        stop, acknowledged = threading.Event(), {}
        threads = [threading.Thread(target=load, args=(market.port, token, lots, stop, acknowledged, price))
                   for token in random.sample(tokens, 8)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.02, 0.6))
        market.kill()
        stop.set()
        for thread in threads:
            thread.join()
        market.start()
        seen = {}
        records = log_of(market, first)
        for record in records:
            if record.get("client_id") and int(record["client_id"], 16):
                assert record["client_id"] not in seen, f"twice in the log: {record}"
                seen[record["client_id"]] = record["sequence"]
        for key, (sequence, _) in acknowledged.items():
            assert seen.get(key) == sequence, f"round {round_number}: acknowledged {key} at {sequence}, log has {seen.get(key)}"
        total += len(acknowledged)
        if records:
            first = records[-1]["sequence"] + 1
        market.stop()
        code, out, err = market.tool("verify", market.dir) if round_number % 20 == 0 else (0, "", "")
        assert code == 0, out + err
        print(f"\rround {round_number}/{options.rounds}: {total} acknowledged, 0 lost, 0 twice", end="", flush=True)
    print()
    market.close()
    print(f"{options.rounds} passed, 0 failed")


def bench_folder(market):
    """A market with lots, buyers and tokens, made without sockets."""
    import subprocess
    import tempfile
    from pathlib import Path

    from market import ROOT, free_port
    (ROOT / "build").mkdir(exist_ok=True)
    market.temporary = tempfile.TemporaryDirectory(prefix="kill-", dir=ROOT / "build")
    market.dir = Path(market.temporary.name) / "market"
    market.process, market.port, market.people, market.doors = None, free_port(), {}, {}
    subprocess.run([HULAN, "bench", "market", market.dir, "--lots", "50", "--buyers", "50"], check=True,
                   capture_output=True)


if __name__ == "__main__":
    if not os.path.exists(HULAN):
        sys.exit("build it first: script/build")
    main()
