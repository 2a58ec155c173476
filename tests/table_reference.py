#!/usr/bin/env python3
"""Decodes packed tables with table/reference.py, which was written from codec/FORMAT.md alone, and compares: the golden
tables, what the library builds of generated records of every kind, and thousands of damaged tables, which both must
refuse or read alike. When this test fails, either the format has changed without the page, or the page is wrong, or the
library reads what it should not.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the build folder
(by default build/ in the checkout).
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
sys.path.insert(0, str(SOURCE / "bindings" / "python"))
sys.path.insert(0, str(SOURCE / "tests" / "table"))
import valpack  # noqa: E402
from reference import Damage, Reader, Reference, sealed  # noqa: E402
from xxh64 import xxh64  # noqa: E402

# A damaged table may stand for more than these; then nothing is compared.
PATIENCE_RECORDS, PATIENCE_BYTES = 20_000, 1 << 22


class Impatience(Exception):
    pass


# ---- Records ------------------------------------------------------------------------------------
def rising(rng, count, mean, first=3 * 10**9):
    """Integers with geometric gaps."""
    number, numbers = first, []
    for _ in range(count):
        number += 1 + int(rng.expovariate(1 / mean))
        numbers.append(b"%d" % number)
    return numbers


def words(rng, count):
    parts = [b"ka", b"ri", b"to", b"mo", b"", b"S", b"len", b"-", b"\xc3\xa9"]
    return [b"".join(rng.choice(parts) for _ in range(rng.randrange(1, 7))) for _ in range(count)]


FIELDS = {
    "line": lambda rng, count: [b"%d" % (7 * i - 50) for i in range(count)],
    "gaps": lambda rng, count: rising(rng, count, 300),
    "wide gaps": lambda rng, count: [b"%d" % (rng.getrandbits(64) - 2**63) for _ in range(count)],
    "padded": lambda rng, count: [b"%05d" % n for n in rng.sample(range(100000), count)],
    "prefix": lambda rng, count: [b"user:%d" % n for n in rng.sample(range(10 * count + 1), count)],
    "padded prefix": lambda rng, count: [b"item-%04d" % n for n in range(count)],
    "words": lambda rng, count: [word + b"%d" % rng.randrange(10**6) for word in words(rng, count)],
    "hexadecimal": lambda rng, count: [b"%016x" % rng.getrandbits(64) for _ in range(count)],
    "binary": lambda rng, count: [rng.randbytes(rng.randrange(1, 12)) for _ in range(count)],
    "long": lambda rng, count: [b"/a/common/path/" * 9 + b"%d" % rng.getrandbits(30) for _ in range(count)],
}
VALUES = {
    "line": lambda rng, count: [b"%d" % (10**6 - 3 * i) for i in range(count)],
    "gaps": lambda rng, count: rising(rng, count, 300),
    "deltas": lambda rng, count: [b"%d" % (10**9 + 50 * i + rng.randrange(-900, 900)) for i in range(count)],
    "ten digits": lambda rng, count: [b"%d" % rng.randrange(10**9, 10**10) for _ in range(count)],
    "frame": lambda rng, count: [b"%d" % (rng.randrange(5) * 1024 + rng.randrange(3)) for _ in range(count)],
    "whole range": lambda rng, count: [b"%d" % (rng.getrandbits(64) - 2**63) for _ in range(count)],
    "padded": lambda rng, count: [b"%06d" % rng.randrange(10**6) for _ in range(count)],
    "choice": lambda rng, count: [rng.choice([b"red", b"green", b"", b"blue"]) for _ in range(count)],
    "one": lambda rng, count: [b"always the same"] * count,
    "empty": lambda rng, count: [b""] * count,
    "bytes of one size": lambda rng, count: [rng.randbytes(9) for _ in range(count)],
    "bytes of few": lambda rng, count: [bytes(rng.choice(b"abcdefgh") for _ in range(12)) for _ in range(count)],
    "words": words,
    "encoded": lambda rng, count: [b"%d.%d.%d.%d" % tuple(rng.randbytes(4)) + b":%d" % rng.randrange(9999)
                                   for _ in range(count)],
    "uuids": lambda rng, count: [b"%08x-%04x-4%03x-a%03x-%012x" % tuple(rng.getrandbits(b) for b in (32, 16, 12, 12, 48))
                                 for _ in range(count)],
    "mixed": lambda rng, count: [VALUES[rng.choice(["words", "ten digits", "encoded", "one"])](rng, 1)[0]
                                 for _ in range(count)],
}
COUNTS = (1, 2, 3, 17, 64, 65, 127, 128, 129, 256, 257, 700)


def records_of(fields, values, count):
    """Pairs with fields that are all different."""
    rng = random.Random(f"{fields} {values} {count}")
    made = dict.fromkeys(FIELDS[fields](rng, count))
    return list(zip(made, VALUES[values](rng, len(made))))


def golden_codec(name):
    path = SOURCE / "tests" / "golden" / f"{name}.vpp"
    return valpack.Codec(valpack.Profile.load(path)) if path.exists() else valpack.Codec()


def resized(data):
    """The table with the size that it has, or as it is if that can't be said."""
    r = Reader(data)
    try:
        r.take(3), r.number()
        start = r.at
        r.number()
    except Damage:
        return data
    rest, size = data[r.at :], b""
    for length in range(1, 6):  # the size counts its own bytes
        number = start + length + len(rest)
        size = bytes([number >> 7 * i & 0x7F | 0x80 for i in range((number.bit_length() + 6) // 7)])
        if len(size) == length:
            break
    return data[:start] + size[:-1] + bytes([size[-1] & 0x7F]) + rest


def damaged(rng, data, head_size):
    """One to three changes, half of them in the head."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(3, len(data) if rng.random() < 0.5 else min(head_size, len(data)))
        kind = rng.randrange(6)
        if kind == 0:
            data[at] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
        elif kind == 1:
            data[at] = max(0, min(255, data[at] + rng.choice((-1, 1))))
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.randrange(1, 4))
        elif kind == 3:
            del data[at : at + rng.randrange(1, 4)]
        else:
            data[at] ^= 1 << rng.randrange(8)
    data[2] ^= rng.choice((0,) * 20 + (1, 2, 8, 16, 32, 64, 128))
    return resized(bytes(data))


def by_the_library(table):
    """The records, or None for a table that it refuses."""
    if len(table) > PATIENCE_RECORDS:
        raise Impatience
    try:
        return table.items()
    except (valpack.CorruptError, valpack.UnsupportedError, valpack.NoProfileError):
        return None
    except valpack.LimitError:
        raise Impatience from None


def by_the_page(data, codec):
    try:
        return Reference(data, codec.decode).records()
    except (Damage, valpack.ValpackError):
        return None


class Tables(unittest.TestCase):
    seen = set()

    def see(self, table):
        self.seen.update({f"fields {table.fields.kind}", f"values {table.values.kind}"})
        self.seen.update(text for fact, text in (
            (table.fields.digits, "padded fields"), (table.values.digits, "padded values"), (table.prefix, "prefix"),
            (table.fixed and table.blocks > 1, "fixed sizes"), (not table.fixed and table.blocks > 1, "index"),
            (table.values.one_size, "one size")) if fact)

    def test_hash(self):
        for data, right in ((b"", 0xEF46DB3751D8E999), (b"a", 0xD24EC4F1A98C6E5B), (b"abc", 0x44BC2CF5AD770999)):
            self.assertEqual(xxh64(data), right)
        for path in (SOURCE / "tests" / "golden").glob("*.vpp"):
            profile = path.read_bytes()
            self.assertEqual(xxh64(profile[:-8]).to_bytes(8, "little"), profile[-8:])

    def test_golden_tables(self):
        paths = sorted((SOURCE / "tests" / "golden" / "tables").glob("*.bin"))
        self.assertGreater(len(paths), 10)
        for path in paths:
            lines = path.with_suffix(".tsv").read_text().splitlines()
            records = [tuple(map(bytes.fromhex, line.split("\t"))) for line in lines]
            table = Reference(path.read_bytes(), golden_codec(path.stem).decode)
            with self.subTest(path.name):
                self.assertEqual(table.records(), records)

    def test_what_the_library_builds(self):
        for fields in FIELDS:
            for values in VALUES:
                count = random.Random(f"{fields}/{values}").choice(COUNTS)
                for size in {1, 3, count, 300}:
                    records = records_of(fields, values, size)
                    with self.subTest(fields=fields, values=values, count=size):
                        built = valpack.Table.build(records)
                        table = Reference(built.data, valpack.decode)
                        self.see(table)
                        self.assertEqual(sorted(table.records()), sorted(records))
                        self.assertEqual(table.records(), built.items())
        self.assertEqual(Reference(valpack.Table.build({}).data, valpack.decode).records(), [])
        self.assertEqual(self.seen, {*(f"fields {i}" for i in range(3)), *(f"values {i}" for i in range(7)), "prefix",
                                     "padded fields", "padded values", "fixed sizes", "index", "one size"})

    def compare(self, data, codec):
        """True if the library and the page read this table, False if both refuse it; all else is a failure."""
        try:
            table = valpack.Table(data, codec)
        except valpack.ValpackError:
            self.assertIsNone(by_the_page(data, codec), data.hex())
            return False
        records = by_the_library(table)
        self.assertEqual(by_the_page(data, codec), records, data.hex())
        for field, value in (records or [])[:: len(table) // 5 + 1]:
            self.assertEqual(table[field], value)
            self.assertNotIn(field + b"\0", table)
        return records is not None

    def test_damaged_tables(self):
        codec = valpack.Codec(max_decoded=PATIENCE_BYTES)
        rng, read, refused, unsure = random.Random(5), 0, 0, 0
        for fields in FIELDS:
            for values in VALUES:
                data = valpack.Table.build(records_of(fields, values, rng.choice((1, 2, 40, 130, 300))), codec).data
                head_size = Reference(data, codec.decode).head_size
                for _ in range(60):
                    mutant = damaged(rng, data, head_size)
                    try:
                        mutant = sealed(mutant)
                    except Damage:
                        pass  # its head can't be read: both must say so
                    try:
                        same = self.compare(mutant, codec)
                        read, refused = read + same, refused + (not same)
                    except Impatience:
                        unsure += 1
        self.assertGreater(min(read, refused), 1500)
        self.assertLess(unsure, 500)

    def test_every_bit_is_checked(self):
        for fields, values in (("gaps", "gaps"), ("words", "words"), ("line", "ten digits"), ("prefix", "choice")):
            data = valpack.Table.build(records_of(fields, values, 140)).data
            for bit in random.Random(2).sample(range(8 * len(data)), 400):
                mutant = bytearray(data)
                mutant[bit // 8] ^= 1 << bit % 8
                self.assertFalse(self.compare(bytes(mutant), valpack.Codec()), (fields, values, bit))


if __name__ == "__main__":
    unittest.main()
