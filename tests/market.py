# SPDX-License-Identifier: Apache-2.0
"""A real market for tests: the built program in a fresh folder, spoken to as anyone would, over HTTP on loopback."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HULAN = Path(os.environ.get("HULAN_BINARY", ROOT / "build" / "release" / "hulan"))
PASSWORD = "a long test password"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def yuan(text):
    """Money as the doors write it, in fen."""
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int((part + "00")[:2]))


def iso(moment):
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Refused(Exception):
    def __init__(self, status, problem):
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem
        self.code = problem.get("code") if isinstance(problem, dict) else None


class Door:
    """One keep-alive connection, optionally as somebody."""

    def __init__(self, port, token=None):
        self.port, self.token = port, token
        self.connection = None

    def raw(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.token:
            headers.setdefault("Authorization", "Bearer " + self.token)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                    self.connection.connect()
                    # Head and body are two writes; the second must not wait for the first's receipt.
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection = None
                # A connection that the server closed while idle is opened again, but only for reads.
                if attempt == 2 or method != "GET":
                    raise
        raise AssertionError

    def call(self, method, path, body=None, headers=None):
        status, _, data = self.raw(method, path, body, headers)
        value = json.loads(data) if data else {}
        if status >= 400:
            raise Refused(status, value)
        return value

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, headers=None):
        return self.call("POST", path, {} if body is None else body, headers)

    def all(self, path):
        items, cursor = [], None
        while True:
            page = self.get(path + ("&" if "?" in path else "?") + "limit=500" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page.get("next")
            if not cursor:
                return items


class Market:
    """`hulan init` and `hulan serve` in a temporary folder on the build's disk."""

    def __init__(self, config="", products=("live-hog",), edit_product=None):
        (ROOT / "build").mkdir(exist_ok=True)
        self.temporary = tempfile.TemporaryDirectory(prefix="market-", dir=ROOT / "build")
        self.dir = Path(self.temporary.name) / "market"
        self.process = None
        self.port = free_port()
        secret = Path(self.temporary.name) / "password"
        secret.write_text(PASSWORD + "\n")
        subprocess.run([HULAN, "init", self.dir, "--administrator", "admin", "--password-file", secret],
                       check=True, capture_output=True, text=True)
        if config:
            path = self.dir / "market.toml"
            path.write_text(path.read_text() + "\n" + config)
        self.products, self.edit_product = products, edit_product
        self.people, self.doors = {}, {}

    # --- the process ---
    def start(self, *extra):
        self.log = open(Path(self.temporary.name) / "log", "ab")
        # A test machine may have little room and works all the same.
        room = () if "--disk-reserve" in extra else ("--disk-reserve", "0")
        self.process = subprocess.Popen([HULAN, "serve", self.dir, "--port", str(self.port), *room, *extra],
                                        stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while True:
            try:
                if Door(self.port).raw("GET", "/readyz")[0] == 200:
                    return self
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the market did not start:\n" + self.output())
            time.sleep(0.02)

    def output(self):
        return (Path(self.temporary.name) / "log").read_text(errors="replace")[-4000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.process = None

    def close(self):
        for door in self.doors.values():
            if door.connection:
                door.connection.close()
        if self.process and self.process.poll() is None:
            self.kill()
        self.temporary.cleanup()

    def tool(self, *arguments):
        """Runs `hulan ARGUMENTS` and gives (exit code, stdout, stderr)."""
        done = subprocess.run([HULAN, *map(str, arguments)], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    # --- people ---
    def door(self, who=None):
        """A door kept open for each person, so that a test of many steps opens few sockets."""
        token = self.people[who] if who else None
        return self.doors.setdefault(token, Door(self.port, token))

    def sign_in(self, login):
        self.people[login] = self.door().post("/v1/sessions", {"login": login, "password": PASSWORD})["token"]
        return self.door(login)

    def now(self):
        return moment(self.door().get("/v1/market")["now"])

    def add_user(self, login, roles, participant=None):
        body = {"login": login, "name": login, "password": PASSWORD, "roles": roles}
        if participant:
            body["participant"] = participant
        user = self.door("admin").post("/v1/users", body)
        self.sign_in(login)
        return user["id"]

    def set_up_staff(self):
        self.sign_in("admin")
        for role in ("operator", "settlement_officer", "inspector", "supervisor", "auditor"):
            self.add_user(role, [role])
        self.add_user("second", ["supervisor"])
        for name in self.products:
            self.add_product(name)
        return self

    def add_product(self, name):
        text = (ROOT / "products" / f"{name}.toml").read_text()
        if self.edit_product:
            text = self.edit_product(name, text)
        made = self.door("operator").raw("POST", "/v1/products", text.encode(), {"Content-Type": "application/toml"})
        if made[0] >= 400:
            raise Refused(made[0], json.loads(made[2]))
        self.approve(json.loads(made[2])["id"], "supervisor")

    def approve(self, pending, *by):
        row = next(r for r in self.door("auditor").all("/v1/approvals?state=open") if r["id"] == pending)
        for who in by:
            self.door(who).post(f"/v1/approvals/{pending}/approve", {"content": row["content"]})

    def add_participant(self, login, kind, region=230113, money="0.00", vat="general", roles=("trader", "finance")):
        body = {"name": {"zh": "测试" + login, "en": "Test " + login, "ru": "Тест " + login}, "kind": kind,
                "form": "legal_person", "vat": vat, "region": str(region)}
        made = self.door("operator").post("/v1/participants", body)
        self.approve(made["id"], "supervisor", "second")
        participant = made["participant"]
        self.add_user(login, list(roles), participant)
        if yuan(money):
            self.deposit(participant, money)
        return participant

    def deposit(self, participant, money):
        made = self.door("settlement_officer").post("/v1/deposits", {
            "participant": participant, "currency": "CNY", "amount": money,
            "bank_reference": f"test-{random.getrandbits(64):x}"})
        self.approve(made["id"], "supervisor")

    # --- goods ---
    def paper(self, who, text):
        status, _, data = self.door(who).raw("POST", "/v1/documents", text.encode(), {"Content-Type": "text/plain"})
        assert status < 300, data
        return json.loads(data)["sha256"]

    def draft(self, who, head=200, average="115.000", grade="outer-three-way", origin=230113, product="live-hog", terms="destination",
              place=230111, papers=True, tags=True, **more):
        now = self.now()
        lot = self.door(who).post("/v1/lots", {
            "product": product, "side": "sell", "quantity": str(head), "average_kg": average, "grade": grade,
            "terms": terms, "origin": str(origin), "place": str(place), "pickup_from": iso(now + timedelta(hours=1)),
            "pickup_until": iso(now + timedelta(days=6)), "title": {"zh": "测试生猪", "en": "test hogs", "ru": "свиньи"},
            **more})["id"]
        if papers:
            for kind in ("asf_test", "immunization"):
                self.attach(who, lot, kind)
        if tags:
            first = 1 * 10**14 + origin * 10**8 + lot * 1000
            self.door(who).post(f"/v1/lots/{lot}/tags", {"ranges": [{"first": str(first), "count": head}]})
        return lot

    def attach(self, who, lot, kind, days=30):
        now = self.now()
        self.door(who).post(f"/v1/lots/{lot}/documents", {
            "kind": kind, "number": f"T{lot}", "issued_at": iso(now - timedelta(days=1)),
            "expires_at": iso(now + timedelta(days=days)), "sha256": self.paper(who, f"{kind} {lot}")})


class MarketTest(unittest.TestCase):
    """A test with its own market; subclasses set `config` and so on."""

    config = ""
    products = ("live-hog",)
    edit_product = None

    @classmethod
    def setUpClass(cls):
        if not HULAN.exists():
            raise unittest.SkipTest(f"{HULAN} is not built")
        edit = cls.__dict__.get("edit_product")
        cls.market = Market(cls.config, cls.products, edit.__func__ if isinstance(edit, staticmethod) else edit)
        try:
            cls.market.start().set_up_staff()
        except BaseException:
            print(cls.market.output())
            cls.market.close()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.market.close()
