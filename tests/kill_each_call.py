#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""The real server killed at its Nth write, sync, rename, open and so on, for every N of a run: whatever was acknowledged is there once.

    tests/kill_each_call.py [--every K]      (every Kth call of each kind; 1: all of them)

strace counts the calls of one run (start, forty commands, a clean end) and then kills the server at the entry of the Nth call of a kind,
in a copy of the same market. The market is opened again, without strace, and must hold every acknowledged command once, at its sequence; what
was sent without an answer is sent again with its client id and done once. Skips, and says so, where strace may not trace."""

import argparse
import http.client
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from market import HULAN, PASSWORD, Door, Market, free_port

CALLS = ("pwrite64", "write", "fsync", "fdatasync", "msync", "rename", "openat", "unlink", "ftruncate", "fallocate", "mkdir")
COMMANDS = 40
RESULTS = Counter()


def key_of():
    return f"{int(time.time() * 1000):012x}{random.getrandbits(80):020x}"


class Run:
    """A copy of the market, served under strace with this option."""

    def __init__(self, template, folder, strace):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["cp", "-r", "--sparse=always", template, folder], check=True)
        self.folder, self.port, self.sent, self.told = folder, free_port(), [], {}
        self.process = subprocess.Popen([*strace, HULAN, "serve", folder, "--port", str(self.port), "--checkpoint-ms", "50", "--quiet"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def ready(self):
        while self.process.poll() is None:
            try:
                if Door(self.port).raw("GET", "/readyz")[0] == 200:
                    return True
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        return False

    def send(self, door, key, price):
        status, _, data = door.raw("POST", "/v1/references", {
            "product": "live-hog", "grade": "outer-three-way", "province": "23", "price": price}, {"Idempotency-Key": key})
        if status == 200:
            self.told[key] = json.loads(data)["sequence"]
        elif status < 500:
            raise AssertionError(f"{status} {data}")

    def load(self, token):
        door = Door(self.port, token)
        try:
            for number in range(COMMANDS):
                key = key_of()
                self.sent.append((key, f"14.{number:02}0"))
                self.send(door, key, self.sent[-1][1])
        except (OSError, http.client.HTTPException):
            pass

    def end(self, how):
        if self.process.poll() is None:
            subprocess.run(["pkill", f"-{how.name.removeprefix('SIG')}", "-f", f"{HULAN} serve {self.folder} "], check=False)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def serve_once(template, folder, strace, token):
    run = Run(template, folder, strace)
    if run.ready():
        run.load(token)
    run.end(signal.SIGTERM)
    return run


def check(run, token, where):
    """Opens the market again and looks for everything that was acknowledged."""
    again = Run.__new__(Run)
    again.folder, again.port, again.told = run.folder, free_port(), {}
    again.process = subprocess.Popen([HULAN, "serve", run.folder, "--port", str(again.port), "--quiet"],
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    if not again.ready():
        raise AssertionError(f"{where}: it does not start again: {again.process.stdout.read().decode()}")
    door = Door(again.port, token)
    for key, price in run.sent:
        again.send(door, key, price)
    again.end(signal.SIGTERM)
    for key, sequence in run.told.items():
        if again.told[key] != sequence:
            raise AssertionError(f"{where}: told {sequence}, now {again.told[key]}")
    code = subprocess.run([HULAN, "verify", run.folder], capture_output=True, text=True)
    if code.returncode != 0:
        raise AssertionError(f"{where}: {code.stderr}")
    log = subprocess.run([HULAN, "log", run.folder, "--json"], capture_output=True, text=True, check=True).stdout
    names = {json.loads(line)["client_id"] for line in log.splitlines() if "client_id" in line}
    for key in again.told:
        if key not in names:
            raise AssertionError(f"{where}: {key} is not in the log")
    if len(set(again.told.values())) != len(again.told):
        raise AssertionError(f"{where}: two commands at one place")
    RESULTS["acknowledged"] += len(run.told)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        print("strace may not trace here: left out")
        return 77
    market = Market()
    try:
        market.start("--segment-bytes", "262144")
        market.set_up_staff()
        token = market.people["operator"]
        market.stop()
        # A small first segment makes the copies cheap and brings its successors into the run.
        folder, trace = Path(market.temporary.name) / "copy", Path(market.temporary.name) / "trace"
        counting = ["strace", "-f", "-qq", "-o", str(trace), "-e", "trace=" + ",".join(CALLS)]
        first = serve_once(market.dir, folder, counting, token)
        if len(first.told) != COMMANDS:
            raise AssertionError(f"a run without a fault acknowledged {len(first.told)} of {COMMANDS}")
        counts = Counter()
        for line in trace.read_text(errors="replace").splitlines():
            name = line.split(None, 1)[1].split("(")[0] if " " in line else ""
            counts[name] += name in CALLS
        kills = [(call, n) for call in CALLS for n in range(1, counts[call] + 1, args.every)]
        for number, (call, n) in enumerate(kills, 1):
            inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={n}"]
            check(serve_once(market.dir, folder, inject, token), token, f"{call} {n}")
            RESULTS["kills"] += 1
            if sys.stderr.isatty():
                print(f"\r{number}/{len(kills)} {call} {n}   ", end="", file=sys.stderr)
        print("calls of a run:", ", ".join(f"{call} {counts[call]}" for call in CALLS if counts[call]))
        print(f"killed at {RESULTS['kills']} calls: {RESULTS['acknowledged']} acknowledged, 0 lost, 0 twice")
        print(f"{RESULTS['kills']} passed, 0 failed")
        return 0
    except AssertionError as wrong:
        print(f"FAILED: {wrong}")
        print(f"{RESULTS['kills']} passed, 1 failed")
        return 1
    finally:
        market.close()


if __name__ == "__main__":
    sys.exit(main())
