#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""A market with many open auctions, listings and contracts: how soon it takes bids after a kill, how long bids wait while snapshots are taken.

    tests/outside/large_market.py [--each 1000000] [--kills 3] [--seconds 20]

It must open again each time and take each bid; the times are printed, not judged.
"""

import argparse
import http.client
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from market import HULAN, free_port  # noqa: E402

CLIENTS = 4


class Large:
    def __init__(self, folder, each):
        self.folder, self.each, self.price, self.runs = folder, each, 100_000_000, 0
        count = str(each)
        subprocess.run([HULAN, "bench", "market", "--lots", count, "--listings", count, "--contracts", count, folder],
                       check=True, stdout=subprocess.DEVNULL)
        self.tokens = (folder / "buyers.txt").read_text().split()

    def start(self, *extra):
        """Starts it and bids until one is taken; gives the seconds that took."""
        began, self.port = time.monotonic(), free_port()
        self.process = subprocess.Popen(
            [HULAN, "serve", self.folder, "--port", str(self.port), "--quiet", "--disk-reserve", "0", *extra])
        self.price += 1000
        while True:
            try:
                door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                if self.bid(door, 1, self.tokens[self.price // 1000 % 2]) == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit(f"FAILED: the server ended with status {self.process.returncode}")
            if time.monotonic() - began > 120:
                sys.exit("FAILED: no bid was taken within two minutes")
            time.sleep(0.01)

    def bid(self, door, lot, token):
        body = json.dumps({"price": f"{self.price / 1000:.3f}"})
        door.request("POST", f"/v1/lots/{lot}/bids", body, {"Authorization": f"Bearer {token}"})
        answer = door.getresponse()
        answer.read()
        return answer.status

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()

    def waits(self, seconds, *extra):
        """Milliseconds that each bid waited, of CLIENTS one after the other; ascending."""
        self.start(*extra)
        until, waits, refused = time.monotonic() + seconds, [], []
        self.price += 1_000_000
        self.runs += 1

        def client(number):
            door, lots = http.client.HTTPConnection("127.0.0.1", self.port), max(self.each // CLIENTS, 1)
            for turn in range(10**9):
                began = time.monotonic()
                if began > until:
                    return
                # Other buyers in each run and each turn, so that nobody bids against himself.
                token = self.tokens[2 * (CLIENTS * self.runs + number) + turn // lots % 2]
                if turn % lots == 0:
                    self.price += 1000
                status = self.bid(door, number * lots + turn % lots + 1, token)
                waits.append((time.monotonic() - began) * 1000)
                refused.extend([status] if status != 200 else [])

        threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.end()
        return sorted(waits), len(refused)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=1_000_000, help="open auctions, listings and contracts")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    if min(options.each, options.kills) < 1 or options.seconds <= 0 or options.each > 1_000_000:
        parser.error("expected --each from 1 to 1000000, --kills from 1, --seconds above 0")
    passed, place = 0, Path(tempfile.mkdtemp(prefix="large-", dir=Path(HULAN).parent))
    try:
        market = Large(place / "market", options.each)
        market.start()
        for _ in range(options.kills):
            market.end(signal.SIGKILL)
            print(f"killed, and the first bid taken {market.start():.2f} s after the next start", flush=True)
            passed += 1
        market.end()
        for name, extra in (("no snapshots", ["--snapshot-every", "1000000000"]),
                            ("snapshots one after the other", ["--snapshot-every", str(min(4000, options.each))])):
            waits, refused = market.waits(options.seconds, *extra)
            at = {name: waits[int((len(waits) - 1) * part)] for name, part in (("p50", .5), ("p99", .99), ("p99.9", .999), ("most", 1))}
            print(f"{name}: {len(waits)} bids, {refused} refused; " + ", ".join(f"{k} {v:.1f} ms" for k, v in at.items()), flush=True)
            passed += 1
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{passed} passed, 0 failed, 0 skipped")


if __name__ == "__main__":
    main()
