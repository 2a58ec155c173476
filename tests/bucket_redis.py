#!/usr/bin/env python3
"""Two-level keys on a real redis-server: every key comes back from its place, used_memory is what the planner
said, within 3 %, and where it warns of a cliff the server falls.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout). Needs redis-server and fails without it.
"""

import os
import random
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build"))

os.environ["VALPACK_LIBRARY"] = str(BUILD / "libvalpack.so")
sys.dont_write_bytecode = True
sys.path[:0] = [str(SOURCE / "bindings" / "python"), str(SOURCE / "bench")]

import redis_server  # noqa: E402
import valpack  # noqa: E402
from valpack import Bucketing, PlanWarning, cost  # noqa: E402

RECORDS = 200_000
FEWER = 50_000
SAMPLES = 2_000
TOLERANCE = 0.03

# What a server notes about slow commands takes memory too.
SERVER = redis_server.Server(["--slowlog-log-slower-than", -1, "--latency-tracking", "no"])


def setUpModule():
    SERVER.__enter__()
    unittest.addModuleCleanup(SERVER.stop)
    with SERVER.client() as client:  # what a server allocates once does not count as memory of records
        client.pipeline([("HSET", number, "field", "value") for number in range(20_000)])
        client.command("FLUSHALL", "SYNC")


def object_id(number):
    """Ten digits, mostly beyond int32, which a listpack keeps as 10 bytes."""
    return b"%010d" % (3_301_000_000 + number * 2654435761 % 1_000_000_000)


def five_bytes(number):
    """Five bytes that are no digits."""
    return b"\xb0" + (number * 2654435761 % 2**32).to_bytes(4, "big")


def text(number):
    return b"text of %d letters, %s" % (number % 23, b"x" * (number % 23))


class BucketTest(unittest.TestCase):
    def setUp(self):
        with SERVER.client() as client:
            for name, value in (("entries", 512), ("value", 64)):
                client.command("CONFIG", "SET", f"hash-max-listpack-{name}", value)
            client.command("FLUSHALL", "SYNC")

    def model(self, **limits):
        """The server with these limits, as the cost model knows it."""
        with SERVER.client() as client:
            for name, value in limits.items():
                client.command("CONFIG", "SET", f"hash-max-listpack-{name}", value)
            model = cost.Server.from_info(client.command("INFO", "all"))
        model.hash_max_entries = limits.get("entries", 512)
        model.hash_max_value = limits.get("value", 64)
        return model

    def keyspace(self, model, records, **settings):
        space = valpack.Keyspace(model, **settings)
        for key in random.Random(1).sample(list(records), min(SAMPLES, len(records))):
            space.add(key, records[key])
        space.keys = len(records)
        return space

    def load(self, how, records):
        """used_memory per record of all in their buckets, after every one was read back."""
        buckets = {}
        for (bucket, field), value in zip(how.split_many(records), records.values()):
            buckets.setdefault(bucket, []).extend((field, value))
        before = redis_server.used_memory(SERVER)
        with SERVER.client() as client:
            client.pipeline([("HSET", bucket, *pairs) for bucket, pairs in buckets.items()])
            stored = client.pipeline([("HGETALL", bucket) for bucket in buckets])
        found = {}
        for bucket, flat in zip(buckets, stored):
            found.update((how.join(bucket, field), value) for field, value in zip(flat[::2], flat[1::2]))
        self.assertEqual(found, records)
        return (redis_server.used_memory(SERVER) - before) / len(records)

    def check_plan(self, plan, records):
        measured = self.load(plan.how, records)
        print(f"{plan.how}: predicted {plan.record_bytes:.2f} bytes a record, measured {measured:.2f}")
        self.assertAlmostEqual(measured / plan.record_bytes, 1, delta=TOLERANCE)
        with SERVER.client() as client:
            keys = client.command("DBSIZE")
            longest = max(client.pipeline([("HLEN", key) for key in client.command("KEYS", "*")]))
        self.assertAlmostEqual(keys / plan.buckets, 1, delta=0.01)
        self.assertAlmostEqual(longest / plan.largest, 1, delta=0.1)


class Memory(BucketTest):
    def test_two_digits(self):
        for value, count in ((object_id, RECORDS), (five_bytes, FEWER), (text, FEWER)):
            self.setUp()
            records = {b"%d" % (1101000000 + number): value(number) for number in range(count)}
            plan = self.keyspace(self.model(), records).plan_buckets()
            self.assertEqual(plan.how, Bucketing.digits(2))
            self.check_plan(plan, records)

    def test_three_digits(self):
        records = {b"%d" % (1101000000 + number): five_bytes(number) for number in range(RECORDS)}
        plan = self.keyspace(self.model(entries=1000), records).plan_split(Bucketing.digits(3))
        self.assertEqual(plan.warnings, PlanWarning.SLOW)
        self.check_plan(plan, records)

    def test_sparse_numbers(self):
        chance = random.Random(5)
        numbers = sorted(chance.sample(range(10**9, 10**9 + 8 * FEWER), FEWER))
        records = {b"photo:%d" % number: object_id(number) for number in numbers}
        space = self.keyspace(self.model(entries=512), records)
        plan = space.plan_buckets()
        self.assertEqual((plan.how, plan.warnings), (Bucketing.digits(3), PlanWarning.UNEVEN))
        self.check_plan(plan, records)

    def test_shards(self):
        for value, count in ((object_id, RECORDS), (text, FEWER)):
            self.setUp()
            chance = random.Random(6)
            records = {b"user:%s" % chance.randbytes(5).hex().encode() + b"z": value(n) for n in range(count)}
            plan = self.keyspace(self.model(), records, prefix_size=5).plan_buckets()
            self.assertEqual((plan.how.kind, plan.how.prefix_size), (valpack.BucketKind.SHARDS, 5))
            self.check_plan(plan, records)

    def test_hash_tables(self):
        records = {b"%d" % (1101000000 + number): five_bytes(number) for number in range(FEWER)}
        plan = self.keyspace(self.model(), records).plan_split(Bucketing.digits(3))
        self.assertEqual(plan.tables_share, 1)
        self.check_plan(plan, records)


class Cliffs(BucketTest):
    def encodings(self, how, records):
        self.load(how, records)
        with SERVER.client() as client:
            return set(client.pipeline([("OBJECT", "ENCODING", key) for key in client.command("KEYS", "*")]))

    def test_entry_513(self):
        records = {b"%d" % number: five_bytes(number) for number in range(512 * 513, 2 * 512 * 513)}
        space = self.keyspace(self.model(), records)
        for count, warned, encoding in ((512, False, b"listpack"), (513, True, b"hashtable")):
            self.setUp()
            plan = space.plan_split(Bucketing.range(count))
            self.assertEqual(PlanWarning.FULL_BUCKET in plan.warnings, warned)
            self.assertEqual(plan.tables_share, 1 if warned else 0)
            self.assertEqual(self.encodings(plan.how, records), {encoding})

    def test_byte_65(self):
        for size, warned, encoding in ((64, False, b"listpack"), (65, True, b"hashtable")):
            self.setUp()
            records = {b"%d" % number: b"x" * size for number in range(1000, 3000)}
            plan = self.keyspace(self.model(), records).plan_split(Bucketing.digits(2))
            self.assertEqual(PlanWarning.LARGE_VALUE in plan.warnings, warned)
            self.assertEqual(self.encodings(plan.how, records), {encoding})

    def test_few_large_values(self):
        numbers = range(FEWER)
        records = {b"%d" % (1101000000 + n): b"x" * 70 if n % 400 == 7 else object_id(n) for n in numbers}
        plan = self.keyspace(self.model(), records).plan_split(Bucketing.digits(2))
        self.assertIn(PlanWarning.LARGE_VALUE, plan.warnings)
        self.load(plan.how, records)
        with SERVER.client() as client:
            found = client.pipeline([("OBJECT", "ENCODING", key) for key in client.command("KEYS", "*")])
        self.assertEqual(found.count(b"hashtable"), FEWER // 400)


if __name__ == "__main__":
    unittest.main()
