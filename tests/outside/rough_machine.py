#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""The real server on a machine that behaves badly: no room, a wrong clock, a slow disk, no memory, a client that does not read.

    tests/outside/rough_machine.py [no_room] [nearly_full] [full_disk] [clock] [slow_disk] [allocations] [slow_reader]

After each, the market is opened on a sound machine: each acknowledged command stands there once, and nothing else.
"""

import argparse
import base64
import errno
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from faults import Bid, Door, Faulty, HULAN, Prices, SERVE, read_log

class Rough:
    def __init__(self, faulty, allocations_to_fail):
        self.allocations_to_fail = allocations_to_fail
        self.faulty, self.failed, self.passed, self.skipped = faulty, 0, 0, 0

    def expect(self, name, truth, said=""):
        self.passed, self.failed = self.passed + bool(truth), self.failed + (not truth)
        print(f"{'ok' if truth else 'FAILED'}: {name}{': ' + str(said)[:400] if said else ''}", flush=True)

    def left(self, name, bids):
        left = self.faulty.check(bids)
        self.expect(f"{name}: {left.acknowledged} acknowledged are there once", not left.lines, left.lines[:3] or "")

    def no_room(self):
        """From a call at random on nothing finds room: the process ends with a line that says so, and opens again later."""
        log = self.faulty.temporary / "calls"
        self.faulty.run(40, LOG=log)
        most = max(call.number for call in read_log(log))
        for number in random.sample(range(1, most), 6):
            bids, status = self.faulty.run(40, FAIL=number, ERRNO=errno.ENOSPC, EVER=1)
            said = self.faulty.output()
            # SQLite says only that it cannot open where it cannot make a file.
            named = any(words in said for words in ("No space left", "disk is full", "unable to open database file"))
            self.expect(f"no room from call {number} on: ended with status {status}",
                        status == 0 or (status == 1 and named), "" if status == 0 else said[-200:])
            self.left("no room", bids)

    def nearly_full(self):
        """A disk that counts as nearly full: no new work, reads and the metrics go on, and nothing was written."""
        self.faulty.fresh()
        market = self.faulty.market
        market.start("--disk-reserve", "100")
        try:
            door = Door(market.port, self.faulty.tokens[0])
            before = door.get("/v1/market")["sequence"]
            status, _, answer = door.raw("POST", "/v1/lots/1/bids", {"price": "900000.000"})
            self.expect("nearly full: a bid is refused by name", status == 503 and b"storage_nearly_full" in answer, answer)
            status, _, answer = door.raw("GET", "/v1/lots/1")
            self.expect("nearly full: reads go on", status == 200)
            self.expect("nearly full: nothing was written", door.get("/v1/market")["sequence"] == before)
            _, _, text = door.raw("GET", "/metrics")
            level = [line for line in text.decode().splitlines() if line.startswith("hulan_storage_level ")]
            self.expect("nearly full: the metrics say so", level in (["hulan_storage_level 2"], ["hulan_storage_level 3"]), level)
        finally:
            market.stop()

    def full_disk(self):
        """The same on a real small file system, where that may be mounted; room for nothing but the segment in use."""
        small = self.faulty.temporary / "small"
        small.mkdir()
        size = sum(path.stat().st_size for path in self.faulty.original.rglob("*")) + (3 << 20)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small], capture_output=True).returncode:
            self.skipped += 1
            return print("skipped: a small file system needs the right to mount it")
        market, whole = self.faulty.market, self.faulty.market.dir
        try:
            market.dir = small / "market"
            bids, status = self.faulty.run(4000)
            said = self.faulty.output()
            # The segment has its room already: only what can be made again goes without.
            self.expect(f"full disk: {sum(b.told is not None for b in bids)} bids answered, ended with status {status}",
                        "No space left" in said, said[-200:])
            shutil.rmtree(whole, ignore_errors=True)
            shutil.copytree(market.dir, whole)
        finally:
            market.dir = whole
            subprocess.run(["umount", small], check=False)
        self.left("full disk", bids)

    def clock(self):
        """The clock jumps a day ahead and an hour back while the market runs; its own time never goes back."""
        found = [path for path in Path("/usr/lib").rglob("libfaketimeMT.so.1")]
        if not found:
            self.skipped += 1
            return print("skipped: libfaketime is missing (script/bootstrap)")
        when = self.faulty.temporary / "clock"
        when.write_text("+0\n")
        self.faulty.fresh()
        market, bids, times = self.faulty.market, [], []
        env = dict(os.environ, LD_PRELOAD=str(found[0]), FAKETIME_TIMESTAMP_FILE=str(when), FAKETIME_NO_CACHE="1",
                   FAKETIME_DONT_FAKE_MONOTONIC="1")
        log = open(self.faulty.temporary / "log", "ab")
        market.process = subprocess.Popen([HULAN, "serve", market.dir, "--port", str(market.port), *SERVE],
                                          stdout=log, stderr=log, env=env)
        prices, ready = Prices(), False
        for _ in range(500):
            try:
                ready = Door(market.port).raw("GET", "/readyz")[0] == 200
            except OSError:
                pass
            if ready:
                break
            time.sleep(0.02)
        for offset in ("+0", "+120", "-3600", "+300", "+0"):
            when.write_text(offset + "\n")
            time.sleep(0.3)
            bids += self.faulty.work(10, prices)
            times.append(Door(market.port).get("/v1/market")["now"])
        self.expect("clock: market time never goes back", ready and times == sorted(times), times)
        self.expect("clock: ended as asked", self.faulty.end() == 0)
        self.left("clock", bids)

    def slow_disk(self):
        """Each write and sync takes 20 ms longer: answers come later, and are true."""
        begun = time.monotonic()
        bids, status = self.faulty.run(30, SLOW_US=20000)
        told = sum(bid.told is not None for bid in bids)
        self.expect(f"slow disk: {told} of 30 answered, in {time.monotonic() - begun:.1f} s", told == 30 and status == 0)
        self.left("slow disk", bids)

    def allocations(self):
        """One allocation fails: the process goes on, or ends and says that it has no memory."""
        silent = ends = acknowledged = faults = 0
        for number in sorted(random.sample(range(1, 30000), self.allocations_to_fail)):
            bids, status = self.faulty.run(12, ALLOCATION=number)
            said = self.faulty.output()
            ends += status != 0
            silent += status != 0 and not said.strip()
            left = self.faulty.check(bids)
            acknowledged += left.acknowledged
            faults += bool(left.lines)
            if left.lines or (status != 0 and not said.strip()):
                print(f"allocation {number}: status {status}: {said[-200:]} {left.lines[:2]}")
        self.expect(f"allocations: {self.allocations_to_fail} failed, {ends} ended the server, {silent} of them without a word; {acknowledged} "
                    "acknowledged before", faults == 0 and silent == 0)

    def slow_reader(self):
        """A stream that is never read is cut off; other people are served meanwhile, and memory stays bounded."""
        self.faulty.fresh()
        self.expect("slow reader: opens", self.faulty.start())
        market = self.faulty.market
        deaf = socket.create_connection(("127.0.0.1", market.port))
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        key = base64.b64encode(os.urandom(16)).decode()
        deaf.sendall(("GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        time.sleep(0.2)
        ask = b'{"op":"subscribe","channel":"market"}'
        frame = bytes([0x81, 0x80 | len(ask), 0, 0, 0, 0]) + ask
        before = self.memory()
        cut = False
        try:
            deaf.settimeout(5)
            for _ in range(200_000):  # each is answered with a snapshot that nobody reads
                deaf.sendall(frame)
        except OSError as error:
            cut = not isinstance(error, socket.timeout)
        stalled = not cut
        bids = self.faulty.work(60)
        grown = (self.memory() - before) >> 20
        told = sum(bid.told is not None for bid in bids)
        self.expect(f"slow reader: {'cut off' if cut else 'no more is read from it'}; {told} of 60 bids of others answered; {grown} MiB more memory",
                    told == 60 and grown < 64)
        deaf.close()
        self.expect("slow reader: ended as asked", self.faulty.end() == 0)
        self.left("slow reader", bids)

    def memory(self):
        text = Path(f"/proc/{self.faulty.market.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) << 10


def main():
    every = ["no_room", "nearly_full", "full_disk", "clock", "slow_disk", "allocations", "slow_reader"]
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(every))
    parser.add_argument("--allocations", type=int, default=40, metavar="N", help="how many to fail, one in each run")
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    for name in options.names:
        if name not in every:
            parser.error(f"'{name}': expected one of {' '.join(every)}")
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    faulty = Faulty()
    rough = Rough(faulty, options.allocations)
    try:
        for name in options.names or every:
            getattr(rough, name)()
    finally:
        faulty.close()
    print(f"{rough.passed} passed, {rough.failed} failed, {rough.skipped} skipped")
    sys.exit(1 if rough.failed else 0)


if __name__ == "__main__":
    if not os.path.exists(HULAN):
        sys.exit("build it first: script/build")
    main()
