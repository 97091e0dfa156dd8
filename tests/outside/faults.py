# SPDX-License-Identifier: Apache-2.0
"""The real server with faults under it (file_faults.c): starting it, bidding in it, and checking what is left."""

import http.client
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kill_nine import Bid, Prices, Round, bench_folder  # noqa: E402
from market import Door, Market, HULAN, ROOT  # noqa: E402

# Small segments and many snapshots, so that a short run makes every kind of call.
SERVE = ("--quiet", "--segment-bytes", str(256 << 10), "--snapshot-every", "20", "--disk-reserve", "0")
KINDS = ("", "create", "truncate", "write", "sync", "rename", "unlink", "mkdir", "sync directory", "allocate")
(CREATE, TRUNCATE, WRITE, SYNC, RENAME, UNLINK, MKDIR, SYNC_DIRECTORY, ALLOCATE) = range(1, 10)
ENTRY = struct.Struct("<QQQQIIBBB5x")


def library():
    """The preloaded library, built when it is older than its source."""
    source, made = HERE / "file_faults.c", ROOT / "build" / "faults" / "file_faults.so"
    if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
        made.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["gcc", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", made, source],
                       check=True)
    return made


class Call:
    """One logged call."""

    def __init__(self, head, path, data):
        self.number, self.time_ns, self.inode, self.offset, _, _, self.kind, self.durable, self.failed = head
        self.path, self.data = path, data


def read_log(path):
    calls, data, at = [], Path(path).read_bytes(), 0
    while at + ENTRY.size <= len(data):
        head = ENTRY.unpack_from(data, at)
        at += ENTRY.size
        if at + head[4] + head[5] > len(data):
            break
        name = data[at:at + head[4]].decode()
        calls.append(Call(head, name, data[at + head[4]:at + head[4] + head[5]]))
        at += head[4] + head[5]
    return calls


class Faulty:
    """A market folder that is put back before each run, and the runs in it."""

    def __init__(self):
        self.library = library()
        self.market = Market.__new__(Market)
        bench_folder(self.market)
        market = self.market
        self.temporary = Path(market.temporary.name)
        self.tokens = (market.dir / "buyers.txt").read_text().split()
        market.start("--quiet")
        self.lots = [lot["id"] for lot in Door(market.port).get("/v1/lots?limit=5")["items"]]
        market.stop()
        self.first = market.tool("log", market.dir, "--json")[1].count("\n") + 1
        self.original = self.temporary / "original"
        market.dir.rename(self.original)

    def fresh(self):
        shutil.rmtree(self.market.dir, ignore_errors=True)
        shutil.copytree(self.original, self.market.dir)

    def start(self, wait=30, serve=SERVE, **faults):
        """The server with faults ("KILL": 7); false if it ended before it was ready."""
        market = self.market
        (self.temporary / "log").write_bytes(b"")
        market.log = open(self.temporary / "log", "ab")
        env = dict(os.environ, LD_PRELOAD=str(self.library), HULAN_FAULT_ROOT=str(market.dir),
                   **{f"HULAN_FAULT_{name}": str(value) for name, value in faults.items()})
        market.process = subprocess.Popen([HULAN, "serve", market.dir, "--port", str(market.port), *serve],
                                          stdout=market.log, stderr=market.log, env=env)
        deadline = time.monotonic() + wait
        while market.process.poll() is None and time.monotonic() < deadline:
            try:
                if Door(market.port).raw("GET", "/readyz")[0] == 200:
                    return True
            except OSError:
                pass
            time.sleep(0.005)
        return False

    def work(self, count, prices=None):
        """`count` bids one after the other; ends where the server does. Each knows when it was answered."""
        prices, bids = prices or Prices(), []
        doors = [Door(self.market.port, token) for token in self.tokens[:3]]
        for number in range(count):
            bid = Bid(doors[number % 3].token, self.lots[number % len(self.lots)], prices.next())
            bid.told_ns = None
            bids.append(bid)
            try:
                answer = bid.send(doors[number % 3])
            except (OSError, ValueError, http.client.HTTPException):
                break
            if answer:
                bid.told, bid.told_ns = (answer[0]["sequence"], answer[1]), time.monotonic_ns()
        for door in doors:
            if door.connection:
                door.connection.close()
        return bids

    def end(self):
        """Ends the server as an operator would; its exit status."""
        process = self.market.process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        return process.wait()

    def run(self, count, **faults):
        self.fresh()
        bids = self.work(count) if self.start(**faults) else []
        return bids, self.end()

    def check(self, bids):
        return Left(self, bids).check()

    def output(self):
        return (self.temporary / "log").read_text(errors="replace")

    def close(self):
        self.market.close()


class Left(Round):
    """What is left after a run: what kill_nine checks, nothing that was not sent, and `hulan verify`."""

    def __init__(self, faulty, bids):
        super().__init__(faulty.market, faulty.tokens, None, faulty.first)
        self.lots, self.bids = faulty.lots, bids
        self.acknowledged = sum(bid.told is not None for bid in bids)

    def check(self):
        try:
            self.market.start(*SERVE)
            keys = {bid.key for bid in self.bids}
            self.check_journal()
            for record in self.records():
                if record["client_id"] not in keys:
                    self.fault("wrong", f"{record['client_id']} was never sent")
            self.send_again()
            self.check_bids(self.lots)
        except AssertionError as error:
            self.fault("wrong", str(error).strip())
        finally:
            self.market.stop()
        code, out, err = self.market.tool("verify", self.market.dir)
        if code:
            self.fault("wrong", "verify: " + out + err)
        return self
