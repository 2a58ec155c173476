#!/usr/bin/env python3
"""Targets on a real redis-server: never more memory than without valpack, and numbers that stay numbers.

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

import generate  # noqa: E402
import redis_server  # noqa: E402
import valpack  # noqa: E402

SERVER = redis_server.Server()
SESSIONS = generate.generate("sessions", 1200)
EDGES = [0, 127, 128, 4095, 4096, 9999, 10000, 32767, 2**23, 2**31 - 1, 2**31, 3301000051, 2**53, 2**63 - 1]
INTEGERS = [b"%d" % number for edge in EDGES for number in (edge, -edge - 1)]


def setUpModule():
    SERVER.__enter__()
    unittest.addModuleCleanup(SERVER.stop)


def mixed():
    """Sessions, short and long text, digits that are no integers, integers, and a little noise."""
    rng = random.Random(5)
    values = SESSIONS[800:] + generate.generate("urls", 400) + generate.generate("emails", 400) + INTEGERS
    for _ in range(800):
        size = rng.randrange(1, 60)
        values.append(b"0" + b"".join(b"%d" % rng.randrange(10) for _ in range(size)))
        values.append(bytes(rng.choices(b"abcdefgh ", k=size)))
        values.append(b"~" + rng.randbytes(size))
    return values


class TargetTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with SERVER.client() as client:
            cls.info = client.command("INFO")
        cls.server = valpack.cost.Server.from_info(cls.info)
        cls.profile = valpack.train(SESSIONS[:800], target="string", server=cls.server)

    def setUp(self):
        self.client = SERVER.client()
        self.addCleanup(self.client.close)
        self.client.command("FLUSHALL", "SYNC")

    def memory_of(self, commands):
        """What the server needs after these commands more than before, without this client."""
        self.client.command("FLUSHALL", "SYNC")
        self.client.close()
        before = redis_server.used_memory(SERVER)
        with SERVER.client() as client:
            client.pipeline(commands)
        grown = redis_server.used_memory(SERVER) - before
        self.client = SERVER.client()
        self.addCleanup(self.client.close)
        return grown


class Strings(TargetTest):
    def codec(self, **options):
        return valpack.Codec(self.profile, server=self.server, **options)

    def test_memory_never_grows(self):
        values = mixed()
        for key_size in (8, 24, 40):
            with self.subTest(key_size):
                keys = [b"%0*d" % (key_size, number) for number in range(len(values))]
                codec = self.codec(target="string", key_size=key_size)
                stored = codec.encode_many(values)
                self.assertEqual(codec.decode_many(stored), values)
                predicted = [
                    [valpack.cost.string(self.server, key, value) for key, value in zip(keys, kind)]
                    for kind in (values, stored)
                ]
                self.assertTrue(all(after <= before for before, after in zip(*predicted)))
                raw, encoded = (
                    self.memory_of([("SET", *pair) for pair in zip(keys, kind)]) for kind in (values, stored))
                self.assertLess(encoded, 0.9 * raw)
                saved = sum(predicted[0]) - sum(predicted[1])
                self.assertAlmostEqual(raw - encoded, saved, delta=0.01 * raw)

    def test_a_class_drops_or_the_value_stays(self):
        by_bytes, codec = self.codec(), self.codec(target="string", key_size=9)
        values = [value for value in mixed() if by_bytes.encode(value) != value]
        changed = [value for value in values if codec.encode(value) != value]
        left = [value for value in values if codec.encode(value) == value]
        for value in changed[::300] + left[::100]:
            kinds = value, codec.encode(value), by_bytes.encode(value)
            raw, encoded, small = (
                self.memory_of([("SET", b"key%06d" % i, data) for i in range(200)]) for data in kinds)
            self.assertGreater(raw - small, -600)  # a class is at least 8 bytes, of each of 200 keys
            if encoded_drops := value in changed:
                self.assertGreater(raw - encoded, 200 * 8 - 600)
            self.assertEqual(raw - small > 200 * 8 - 600, encoded_drops)

    def test_incr_works_on_every_integer_left_alone(self):
        codec = self.codec(target="string", encode_integers=True)
        for number in INTEGERS:
            self.client.command("SET", "counter", codec.encode(number))
            self.assertEqual(self.client.command("OBJECT", "ENCODING", "counter"), b"int")
            step = -1 if int(number) > 0 else 1
            self.assertEqual(self.client.command("INCRBY", "counter", step), int(number) + step)
            stored = self.client.command("GET", "counter")
            self.assertEqual(codec.decode(stored), b"%d" % (int(number) + step))


class Fields(TargetTest):
    def test_hincrby_works_on_fields_within_int32(self):
        codec = valpack.Codec(self.profile, target="hash-field")
        for number in INTEGERS:
            stored = codec.encode(number)
            self.client.command("HSET", "counters", "one", stored)
            if -(2**31) <= int(number) < 2**31:
                self.assertEqual(stored, number)
                self.assertEqual(self.client.command("HINCRBY", "counters", "one", 1), int(number) + 1)
            self.assertEqual(codec.decode(codec.encode(number)), number)

    def test_a_hash_never_gets_larger(self):
        values = [value for value in mixed() if len(value) <= 64]
        codec = valpack.Codec(self.profile, target="hash-field")
        stored = codec.encode_many(values)
        self.assertTrue(all(
            valpack.cost.listpack_entry(after) <= valpack.cost.listpack_entry(before)
            for before, after in zip(values, stored)
        ))
        raw, encoded = (self.memory_of(self.hashes(kind)) for kind in (values, stored))
        self.assertLess(encoded, 0.9 * raw)

    def hashes(self, values):
        """Hashes of 100 fields, each written by one command, so that the server keeps a listpack for it."""
        commands = []
        for start in range(0, len(values), 100):
            pairs = [part for pair in enumerate(values[start : start + 100]) for part in pair]
            commands.append(("HSET", f"bucket:{start}", *pairs))
        return commands

    def test_an_encoding_keeps_a_hash_a_listpack(self):
        codec = valpack.Codec(self.profile, target="hash-field")
        long_ones = [value for value in SESSIONS[800:] if len(codec.encode(value)) <= 64 < len(value)][:100]
        stored = codec.encode_many(long_ones)
        self.assertEqual(len(stored), 100)
        self.client.command("HSET", "raw", *(part for pair in enumerate(long_ones) for part in pair))
        self.client.command("HSET", "encoded", *(part for pair in enumerate(stored) for part in pair))
        self.assertEqual(self.client.command("OBJECT", "ENCODING", "raw"), b"hashtable")
        self.assertEqual(self.client.command("OBJECT", "ENCODING", "encoded"), b"listpack")


if __name__ == "__main__":
    unittest.main()
