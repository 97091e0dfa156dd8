#!/usr/bin/env -S python3 -W ignore::ResourceWarning
# SPDX-License-Identifier: Apache-2.0
"""R13.2 from outside: receipts and checkpoints of a real market, checked by nothing but the public key, and a
dishonest operator who rewrites the whole log and signs it anew. Whoever kept one checkpoint finds it out."""

import base64
import hashlib
import json
import shutil
import struct
import time
import unittest
from datetime import timedelta
from pathlib import Path

from market import Market, Refused, iso, moment

BLOCK = 4096


def crc32c(data, table=[]):
    if not table:
        for n in range(256):
            for _ in range(8):
                n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
            table.append(n)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


class Log:
    """The journal as docs/formats/journal.md has it, read and written again with every check value true."""

    def __init__(self, directory):
        self.path = next(Path(directory, "journal").glob("*.journal"))
        data = self.path.read_bytes()
        self.segment, self.records, offset = data[:BLOCK], [], BLOCK
        self.length = len(data)
        while data[offset:offset + 4] == b"HLBT":
            header = data[offset:offset + 128]
            body_length, count = struct.unpack_from("<II", header, 12)
            body, at = data[offset + 128:offset + 128 + body_length], 0
            for _ in range(count):
                size = 28 + struct.unpack_from("<H", body, at + 2)[0]
                self.records.append((struct.unpack_from("<q", header, 40)[0], header, body[at:at + size]))
                at += size
            offset += -(-(128 + body_length) // BLOCK) * BLOCK
        self.end = offset

    def write(self):
        market = self.segment[48:64]
        chain, out = hashlib.sha256(b"hulan journal 1" + market).digest(), bytearray()
        for sequence, (moment, header, record) in enumerate(self.records, 1):
            made = bytearray(header)
            struct.pack_into("<IIII", made, 8, 0, len(record), 1, 0)
            struct.pack_into("<q", made, 24, sequence)
            struct.pack_into("<q", made, 40, moment)
            made[80:112] = chain
            struct.pack_into("<I", made, 8, crc32c(made + record))
            batch = bytes(made) + record
            chain = hashlib.sha256(chain + batch).digest()
            out += batch + bytes(-len(batch) % BLOCK)
        with open(self.path, "r+b") as file:
            file.seek(BLOCK)
            file.write(out)
            file.write(bytes(max(0, self.end - BLOCK - len(out))))


def root_of(leaf, index, size, path):
    """RFC 9162, 2.1.3.2, said once more."""
    node, last, root = index, size - 1, leaf
    for step in path:
        if node & 1 or node == last:
            root = hashlib.sha256(b"\1" + step + root).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\1" + root + step).digest()
        node, last = node >> 1, last >> 1
    assert last == 0
    return root


class Proof(unittest.TestCase):
    def setUp(self):
        self.market = Market()
        self.addCleanup(self.market.close)
        self.folder = Path(self.market.temporary.name)
        self.market.start("--checkpoint-ms", "100")
        self.admin = self.market.sign_in("admin")
        self.answers = [self.make_user(f"user{n}") for n in range(6)]

    def make_user(self, login):
        return self.admin.post("/v1/users", {"login": login, "name": login, "password": "a long test password",
                                             "roles": ["viewer"] if login == "nobody" else ["auditor"]})

    def covered(self, sequence):
        """Waits until a checkpoint covers the record."""
        while True:
            try:
                page = self.admin.get("/v1/checkpoints")["items"]
                if page and page[0]["size"] >= sequence:
                    return page[0]
            except Refused:
                pass
            time.sleep(0.05)

    def keep(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def key(self):
        return self.keep("key", self.market.door().raw("GET", "/v1/checkpoints/key")[2].decode())

    def kept(self, name):
        return self.keep(name, self.market.door().raw("GET", "/v1/checkpoints/latest")[2].decode())

    def receipt(self, sequence, name="receipt.json"):
        return self.keep(name, json.dumps(self.admin.get(f"/v1/receipts/{sequence}")))

    def start_again(self):
        self.market.stop()
        self.market.doors.clear()
        self.market.start("--checkpoint-ms", "100")
        self.admin = self.market.sign_in("admin")

    # --- honest ---
    def test_R13_2_an_answer_is_a_promise_that_the_receipt_keeps(self):
        answer = self.answers[2]
        self.covered(answer["sequence"])
        receipt = self.admin.get(f"/v1/receipts/{answer['sequence']}")
        said = self.market.tool("receipt", answer["sequence"], "--url", f"http://127.0.0.1:{self.market.port}",
                                "--token", self.admin.token)
        self.assertEqual((said[0], json.loads(said[1])["leaf"]), (0, receipt["leaf"]), said)
        self.assertEqual(self.market.tool("receipt", "12x")[::2],
                         (2, "hulan: SEQUENCE '12x': expected the whole number that the market's answer carried\n"))
        self.assertEqual(receipt["salt"], answer["salt"])
        self.assertEqual(receipt["leaf"], answer["leaf"])
        leaf = hashlib.sha256(b"\0" + bytes.fromhex(receipt["salt"]) +
                              struct.pack("<Qq", receipt["sequence"], int(receipt["time_ns"])) +
                              base64.b64decode(receipt["record"])).hexdigest()
        self.assertEqual(leaf, receipt["leaf"])
        code, out, _ = self.market.tool("verify-receipt", self.receipt(answer["sequence"]), "--key", self.key())
        self.assertEqual(code, 0)
        self.assertIn(f"record {answer['sequence']} ", out)

    def test_R13_2_paths_of_the_doors_lead_to_the_signed_root(self):
        newest = self.covered(self.answers[-1]["sequence"])
        for answer in self.answers:
            found = self.admin.get(f"/v1/proof/inclusion?sequence={answer['sequence']}&size={newest['size']}")
            path = [bytes.fromhex(step) for step in found["path"]]
            root = root_of(bytes.fromhex(answer["leaf"]), answer["sequence"] - 1, newest["size"], path)
            self.assertEqual(root.hex(), newest["root"])

    def test_R13_2_a_later_log_is_shown_to_begin_with_an_earlier_one_across_a_restart(self):
        self.covered(self.answers[-1]["sequence"])
        earlier, first = self.kept("earlier"), self.admin.get("/v1/checkpoints")["items"][0]
        self.start_again()
        last = self.covered(self.make_user("later")["sequence"])
        proof = self.keep("proof", json.dumps(self.admin.get(
            f"/v1/proof/consistency?from={first['size']}&to={last['size']}")))
        later = self.keep("later", last["note"])
        code, out, err = self.market.tool("verify-checkpoints", earlier, later, "--proof", proof, "--key", self.key())
        self.assertEqual((code, err), (0, ""))
        self.assertIn("unchanged", out)
        self.assertEqual(self.market.tool("prove", "consistency", self.market.dir, first["size"], last["size"])[0], 0)
        made = self.market.tool("prove", "inclusion", self.market.dir, self.answers[0]["sequence"])[1]
        self.assertEqual(self.market.tool("verify-receipt", self.keep("made", made), "--key", self.key())[0], 0)

    def test_R13_2_receipts_are_for_who_asked_and_proofs_for_everybody(self):
        sequence = self.answers[0]["sequence"]
        self.covered(sequence)
        with self.assertRaises(Refused) as refused:
            self.market.door().get(f"/v1/receipts/{sequence}")
        self.assertEqual(refused.exception.status, 401)
        with self.assertRaises(Refused) as refused:
            self.admin.get("/v1/receipts/999999")
        self.assertEqual(refused.exception.code, "not_proved_yet")
        for bad in ("sequence=0", "sequence=99999999", "", "sequence=1&size=9999999", "sequence=x"):
            with self.assertRaises(Refused) as refused:
                self.market.door().get("/v1/proof/inclusion?" + bad)
            self.assertEqual(refused.exception.status, 400, bad)
        self.market.door().get(f"/v1/proof/inclusion?sequence={sequence}")

    def test_R13_2_a_changed_receipt_proves_nothing(self):
        sequence = self.answers[3]["sequence"]
        self.covered(sequence)
        honest = json.loads(self.receipt(sequence).read_text())
        changes = {"sequence": honest["sequence"] - 1, "time_ns": str(int(honest["time_ns"]) - 1),
                   "salt": "00" * 16, "path": honest["path"][1:], "checkpoint": honest["checkpoint"].replace("hulan/", "hulan/0"),
                   "record": "AAAA" + honest["record"][4:]}
        for name, value in changes.items():
            with self.subTest(name):
                code, _, err = self.market.tool("verify-receipt", self.keep("changed", json.dumps({**honest, name: value})),
                                                "--key", self.key())
                self.assertIn(code, (1, 2))  # no proof, or no receipt at all
                self.assertEqual(err.count("\n"), 1)

    def test_bad_input_ends_with_2_and_one_line(self):
        self.covered(1)
        key = self.key()
        for arguments in (("verify-receipt", "/nowhere", "--key", key), ("verify-receipt", key, "--key", key),
                          ("verify-receipt", key, "--key", "nokey"), ("prove", "inclusion", self.market.dir, "0"),
                          ("prove", "inclusion", self.folder / "none", "1"),
                          ("prove", "consistency", self.market.dir, "5", "2")):
            with self.subTest(arguments=arguments):
                code, _, err = self.market.tool(*arguments)
                self.assertEqual((code, err.count("\n")), (2, 1), err)

    # --- dishonest ---
    def rewrite(self, change, sign_anew=True):
        """The operator stops the market, changes the log, makes every check value true again, and signs it anew."""
        self.market.stop()
        log = Log(self.market.dir)
        change(log.records)
        log.write()
        for folder in ("snapshots", "view"):
            shutil.rmtree(self.market.dir / folder, ignore_errors=True)
        code, _, err = self.market.tool("verify", self.market.dir)
        self.assertEqual(code, 0, "the rewritten log is not sound in itself: " + err)
        if sign_anew:
            shutil.rmtree(self.market.dir / "proof")

    def found_out(self, change):
        last = self.answers[-1]["sequence"]
        size = self.covered(last)["size"]
        earlier = self.kept("earlier")
        key = self.key()
        self.rewrite(change)
        self.start_again()
        sequence = self.make_user("later")["sequence"]
        while sequence < size:
            sequence = self.make_user(f"later{sequence}")["sequence"]
        newest = self.covered(max(size, sequence))
        proof = self.keep("proof", json.dumps(self.admin.get(
            f"/v1/proof/consistency?from={size}&to={newest['size']}")))
        code, _, err = self.market.tool("verify-checkpoints", earlier, self.keep("later", newest["note"]),
                                        "--proof", proof, "--key", key)
        self.assertEqual(code, 1)
        self.assertIn("NOT PROVED", err)

    def test_R13_2_a_changed_record_is_found_by_a_kept_checkpoint(self):
        def change(records):
            moment, header, record = records[3]
            records[3] = (moment, header, record[:-1] + bytes([record[-1] ^ 1]))
        self.found_out(change)

    def test_R13_2_a_dropped_record_is_found_by_a_kept_checkpoint(self):
        self.found_out(lambda records: records.pop(4))

    def test_R13_2_an_inserted_record_is_found_by_a_kept_checkpoint(self):
        self.found_out(lambda records: records.insert(4, (records[4][0], records[4][1], records[2][2])))

    def test_R13_2_reordered_records_are_found_by_a_kept_checkpoint(self):
        def change(records):
            a, b = records[3], records[4]
            records[3], records[4] = (a[0], a[1], b[2]), (b[0], b[1], a[2])
        self.found_out(change)

    def test_R13_2_a_record_put_in_late_cannot_claim_to_have_come_before(self):
        size = self.covered(self.answers[-1]["sequence"])["size"]
        self.market.stop()
        log = Log(self.market.dir)
        # After everything that the checkpoint covers, but with a time before it was made: time would go back.
        moment, header, record = log.records[size - 1]
        log.records.insert(size, (moment - 10**9, header, record))
        log.write()
        code, _, err = self.market.tool("verify", self.market.dir)
        self.assertEqual(code, 1)
        self.assertIn("time goes backwards", err)

    def test_R13_2_the_server_does_not_start_on_a_log_that_is_not_what_it_signed(self):
        self.covered(self.answers[-1]["sequence"])
        self.rewrite(lambda records: records.pop(4), sign_anew=False)
        with self.assertRaises(AssertionError) as refused:
            self.market.start()
        self.assertIn("checkpoint", str(refused.exception))


class LateBid(unittest.TestCase):
    """The e-NAM case: which bid came in time is what the log says, not what a sender's clock says."""

    def test_R5_3_1_a_bid_stamped_before_the_close_but_sequenced_after_it_is_refused_and_provably_so(self):
        market = Market(edit_product=lambda _, text: text.replace('notice = "0 h"', 'notice = "1 s"'))
        self.addCleanup(market.close)
        market.start("--checkpoint-ms", "100").set_up_staff()
        market.add_participant("farm", "producer", money="900000.00")
        for buyer in ("wang", "li"):
            market.add_participant(buyer, "slaughterhouse", 230111, money="900000.00")
        lot = market.draft("farm", head=10)
        opens = market.now() + timedelta(seconds=1.2)
        market.door("farm").post(f"/v1/lots/{lot}/auction", {
            "start": "14.000", "step": "0.010", "open_at": iso(opens), "close_at": iso(opens + timedelta(seconds=1.5)), "window_s": 1})
        while market.now() < opens:
            time.sleep(0.02)
        market.door("wang").post(f"/v1/lots/{lot}/bids", {"price": "14.000"})
        while market.door("li").get(f"/v1/lots/{lot}")["state"] == "open":
            time.sleep(0.02)
        closed = moment(market.door("li").get(f"/v1/lots/{lot}")["close_at"])
        # The better bid says itself that it was made a moment before the close.
        stamp = int((closed - timedelta(milliseconds=200)).timestamp() * 1000)
        client_id = f"{stamp:012x}{'5' * 20}"
        with self.assertRaises(Refused) as late:
            market.door("li").post(f"/v1/lots/{lot}/bids", {"price": "14.500"}, {"Idempotency-Key": client_id})
        self.assertEqual(late.exception.code, "auction_closed")
        self.assertEqual(market.door("li").get(f"/v1/lots/{lot}")["best"], "14.000")
        # Anybody with the log sees both times, and that the sale came first.
        records = [json.loads(line) for line in market.tool("log", market.dir, "--json")[1].splitlines()]
        at = next(i for i, record in enumerate(records) if client_id in json.dumps(record))
        self.assertGreaterEqual(moment(records[at]["time"]), closed)
        # Its sender proves to anybody, by the signed checkpoint alone, when the market had it.
        while market.door().get("/v1/checkpoints")["items"][0]["size"] < records[at]["sequence"]:
            time.sleep(0.05)
        receipt = market.door("li").get(f"/v1/receipts/{records[at]['sequence']}")
        record = base64.b64decode(receipt["record"])
        self.assertIn(bytes.fromhex(client_id), record)
        self.assertGreaterEqual(int(receipt["time_ns"]), int(closed.timestamp() * 1000) * 10**6)
        kept, key = Path(market.temporary.name) / "receipt.json", Path(market.temporary.name) / "key"
        kept.write_text(json.dumps(receipt))
        key.write_bytes(market.door().raw("GET", "/v1/checkpoints/key")[2])
        self.assertEqual(market.tool("verify-receipt", kept, "--key", key)[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
