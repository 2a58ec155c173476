#!/usr/bin/env python3
"""Carries out what `valpack advise` advises, on a real redis-server, and compares used_memory with what was predicted.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the build folder
(by default build/ in the checkout). Needs redis-server and fails without it.
"""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile
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
from valpack._lib import LIB  # noqa: E402

# What a server notes about its commands takes memory too.
SERVER = redis_server.Server(["--slowlog-log-slower-than", -1, "--latency-tracking", "no"])
TOLERANCE = 0.05
COUNT = 2000
TARGET_STRING, TARGET_HASH_FIELD, TARGET_PACKED = 1, 2, 3
INFO = None  # what the server answers to INFO and CONFIG GET, in a file


def setUpModule():
    global INFO
    SERVER.__enter__()
    unittest.addModuleCleanup(SERVER.stop)
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    INFO = str(Path(folder.name, "info.txt"))
    with SERVER.client() as client:
        limits = client.command("CONFIG", "GET", "hash-max-listpack-*")
        Path(INFO).write_bytes(client.command("INFO") + b"\r\n".join(limits))


def advise(samples):
    """The advice on pairs of a key and a value, for the server that runs."""
    lp = b"".join(struct.pack("<I", len(key) + 1 + len(value)) + key + b"\t" + value for key, value in samples)
    done = subprocess.run([str(BUILD / "valpack"), "advise", "--json", "--keyed", "--format", "lp", "--server",
                           "auto:" + INFO], input=lp, capture_output=True, check=True, timeout=120)
    return json.loads(done.stdout)


# ---- Ways to write values -----------------------------------------------------------------------
def compact(thing):
    return json.dumps(thing, separators=(",", ":"), ensure_ascii=False).encode()


def commonest_shape(objects):
    counts = {}
    for names in (tuple(thing) for thing in objects):
        counts[names] = counts.get(names, 0) + 1
    return max(counts, key=counts.get)


def with_short_names(objects):
    """Objects without objects in them: most saved first, one letter each."""
    saved = {}
    for name in (name for thing in objects for name in thing):
        saved[name] = saved.get(name, 0) + len(name) - 1
    order = sorted(saved, key=saved.get, reverse=True)
    codes = {name: chr(ord("a") + number) for number, name in enumerate(order)}
    return [compact({codes[name]: value for name, value in thing.items()}) for thing in objects]


def by_position(objects):
    order = commonest_shape(objects)
    return [compact([thing[name] for name in order]) for thing in objects]


def msgpack(thing):
    """As msgpack.packb() does, for what the objects here consist of."""
    if isinstance(thing, dict):
        head = bytes([0x80 | len(thing)]) if len(thing) < 16 else b"\xde" + struct.pack(">H", len(thing))
        return head + b"".join(msgpack(name) + msgpack(value) for name, value in thing.items())
    if isinstance(thing, str):
        text = thing.encode()
        if len(text) < 32:
            return bytes([0xA0 | len(text)]) + text
        return (b"\xd9" + bytes([len(text)]) if len(text) < 256 else b"\xda" + struct.pack(">H", len(text))) + text
    if isinstance(thing, float):
        return b"\xcb" + struct.pack(">d", thing)
    if thing < 128:
        return bytes([thing])
    for code, form, limit in ((b"\xcc", ">B", 1 << 8), (b"\xcd", ">H", 1 << 16), (b"\xce", ">I", 1 << 32)):
        if thing < limit:
            return code + struct.pack(form, thing)
    return b"\xcf" + struct.pack(">Q", thing)


def text_of(value):
    return value.encode() if isinstance(value, str) else compact(value)


# ---- Commands that carry a technique out --------------------------------------------------------
def set_all(samples, values):
    return [("SET", key, value) for (key, _), value in zip(samples, values)]


def hash_records(samples):
    commands = []
    for key, value in samples:
        fields = [part for pair in json.loads(value).items() for part in map(text_of, pair)]
        commands.append(("HSET", key, *fields))
    return commands


def bucketing(parameters):
    make = {"digits": lambda: valpack.Bucketing.digits(parameters["count"]),
            "shards": lambda: valpack.Bucketing.shards(parameters["count"], parameters["prefix_size"]),
            "range": lambda: valpack.Bucketing.range(parameters["count"])}
    return make[parameters["kind"]]()


def buckets_of(samples, values, parameters):
    how, buckets = bucketing(parameters), {}
    for (key, _), value in zip(samples, values):
        bucket, field = how.split(key)
        buckets.setdefault(bucket, []).append((field, value))
    return buckets


def small_hashes(samples, values, parameters):
    buckets = buckets_of(samples, values, parameters)
    return [("HSET", bucket, *(part for pair in fields for part in pair)) for bucket, fields in buckets.items()]


def values_of(samples):
    return [value for _, value in samples]


def encoded(samples, others, **options):
    """The other values, encoded with a profile that was trained on the samples for the same target."""
    profile = valpack.train(values_of(samples), **options)
    return valpack.Codec(profile, **options).encode_many(values_of(others))


class AdviseOnRedis(unittest.TestCase):
    """Each case is one set of samples, with the techniques that must have a row. What is learned is learned from
    the samples and carried out on as many other keys and values of their kind."""

    def measure(self, commands):
        with SERVER.client() as client:
            client.command("FLUSHALL")
        before = redis_server.used_memory(SERVER)
        with SERVER.client() as client:
            client.pipeline(commands)
            client.pipeline([("EXISTS", command[1]) for command in commands])  # ends the growing of the index
        return redis_server.used_memory(SERVER) - before

    def check(self, predicted, commands, what):
        measured = self.measure(commands)
        self.assertLessEqual(abs(measured - predicted), TOLERANCE * measured,
                             f"{what}: predicted {predicted}, measured {measured}")

    def advice_on(self, samples):
        found = advise(samples)
        self.check(found["memory"], [("SET", key, value) for key, value in samples], "as it is")
        return {row["technique"]: row for row in found["rows"]}, found

    def string_options(self, found):
        self.assertEqual(found["server"], "redis-7.0-debian")
        return {"target": TARGET_STRING, "server": 1, "key_size": round(found["key_bytes"])}

    def check_profile(self, rows, found, samples, others):
        stored = encoded(samples, others, **self.string_options(found))
        self.check(rows["profile"]["memory"], set_all(others, stored), "profile")

    def check_hashes(self, rows, samples, others):
        row = rows["small_hashes"]
        self.check(row["memory"], small_hashes(samples, values_of(samples), row["parameters"]), "small hashes")
        row = rows["small_hashes_encoded"]
        stored = encoded(samples, others, target=TARGET_HASH_FIELD)
        self.check(row["memory"], small_hashes(others, stored, row["parameters"]), "small hashes, encoded")

    def test_objects(self):
        rng = random.Random(11)
        things = [{"user_id": rng.randrange(10**6), "display_name": generate.name(rng), "account_role":
                   rng.choice(["member", "editor", "admin"]), "last_seen": 1700000000 + rng.randrange(10**7),
                   "rating": rng.randrange(50) + 0.5, "locale": rng.choice(["en_GB", "pt_BR", "ja_JP"])}
                  for _ in range(2 * COUNT)]
        pairs = [(b"account:%d" % (10000 + number), compact(thing)) for number, thing in enumerate(things)]
        samples, others, things = pairs[:COUNT], pairs[COUNT:], things[:COUNT]
        rows, found = self.advice_on(samples)
        self.check(rows["short_names"]["memory"], set_all(samples, with_short_names(things)), "short names")
        self.check(rows["positions"]["memory"], set_all(samples, by_position(things)), "positions")
        self.check(rows["msgpack"]["memory"], set_all(samples, [msgpack(thing) for thing in things]), "msgpack")
        self.check(rows["hash_record"]["memory"], hash_records(samples), "hash for each record")
        self.check_profile(rows, found, samples, others)

    def test_numbered_keys(self):
        rng = random.Random(12)
        number, samples = 3300000000, []
        for photo in range(COUNT):
            number += 1 + int(rng.expovariate(1 / 300))
            samples.append((b"photo:%d" % (1101000000 + photo), b"%d" % number))
        rows, _ = self.advice_on(samples)
        self.check_hashes(rows, samples, samples)  # later numbers would lie beyond those that were learned
        self.check_tables(rows["packed_tables"], samples, samples)

    def check_tables(self, row, samples, others):
        profile = valpack.train(values_of(samples), target=TARGET_HASH_FIELD)
        codec = valpack.Codec(profile, target=TARGET_PACKED)
        buckets = buckets_of(others, values_of(others), row["parameters"])
        tables = [("SET", bucket, bytes(valpack.Table.build(fields, codec))) for bucket, fields in buckets.items()]
        self.check(row["memory"], tables, "packed tables")

    def test_named_keys(self):
        rng = random.Random(13)
        names = {"".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randrange(6, 12))) for _ in range(2 * COUNT)}
        pairs = [(b"user:" + name.encode(), b"%s-%d" % (rng.choice([b"gold", b"silver", b"basic"]),
                                                        rng.randrange(10**6))) for name in sorted(names)]
        rng.shuffle(pairs)
        samples, others = pairs[:COUNT], pairs[COUNT:]
        rows, _ = self.advice_on(samples)
        self.check_hashes(rows, samples, others)
        self.check_tables(rows["packed_tables"], samples, others)

    def test_generated_sets(self):
        # A hash of URLs is a fifth larger or smaller by one size class: the more of them, the less chance decides.
        for name, count in (("urls", 3 * COUNT), ("metrics", COUNT)):
            with self.subTest(name):
                values = generate.generate(name, 2 * count)
                pairs = [(b"%s:%d" % (name.encode(), 70000 + number), value) for number, value in enumerate(values)]
                samples, others = pairs[:count], pairs[count:]
                rows, found = self.advice_on(samples)
                self.check_profile(rows, found, samples, others)
                self.check_hashes(rows, samples, others)
                # Two tables: with other values each may be a size class larger or smaller, which is over 5 %.
                self.check_tables(rows["packed_tables"], samples, samples)

    def test_long_values(self):
        pages = generate.generate("html_fragments", 1600)
        pairs = [(b"page:%d" % (1000 + number), page) for number, page in enumerate(pages)]
        samples, others = pairs[:800], pairs[800:]
        rows, found = self.advice_on(samples)
        self.check_profile(rows, found, samples, others)
        names = [LIB.vp_encoder_name(number).decode() for number in range(LIB.vp_encoder_count())]
        encoder = names.index(rows["compression"]["parameters"]["encoder"])
        codec = valpack.Codec(**self.string_options(found), encoders=1 << encoder)
        self.check(rows["compression"]["memory"], set_all(samples, codec.encode_many(pages[:800])), "compression")

    def test_tokens_that_are_compared(self):
        rng = random.Random(14)
        samples = [(b"token:%d" % number, b"%032x" % rng.getrandbits(128)) for number in range(COUNT)]
        rows, _ = self.advice_on(samples)
        bits = rows["fingerprint"]["parameters"]["bits"]
        prints = [valpack.fingerprint(value, bits) for _, value in samples]
        self.check(rows["fingerprint"]["memory"], set_all(samples, prints), "fingerprints")
        counted = [("PFADD", b"different-tokens", value) for _, value in samples]
        self.check(rows["hyperloglog"]["memory"], counted, "HyperLogLog")

    def test_members(self):
        samples = [(b"seen:%d" % (7 * number), b"1") for number in range(COUNT)]
        rows, _ = self.advice_on(samples)
        bits = float(rows["bloom"]["parameters"]["bits_per_key"])
        filled = [("SET", b"bloom-of-members", b"\0" * round(bits * COUNT / 8))]
        self.check(rows["bloom"]["memory"], filled, "Bloom filter")
        counted = [("PFADD", b"different-member", key) for key, _ in samples]
        self.check(rows["hyperloglog"]["memory"], counted, "HyperLogLog")


if __name__ == "__main__":
    unittest.main()
