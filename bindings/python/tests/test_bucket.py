"""Two-level keys and fingerprints."""

import binascii
import ctypes
import random
import unittest

import headers
import valpack
from valpack import Bucketing, bucket


class Digits(unittest.TestCase):
    def test_by_hand(self):
        for count, key, place in (
            (3, b"1101000007", (b"1101000", b"7")),
            (2, b"photo:1101000051", (b"photo:11010000", b"51")),
            (2, b"photo:7", (b"photo:", b"~7")),
            (2, b"007", (b"0", b"7")),
            (1, b"0", (b"", b"0")),
            (9, b"\xff\x00" + b"1" * 12, (b"\xff\x00111", b"111111111")),
        ):
            how = Bucketing.digits(count)
            self.assertEqual(how.split(key), place)
            self.assertEqual(how.join(*place), key)

    def test_keys_that_do_not_split(self):
        for key in (b"", b"photo:", b"7a"):
            with self.assertRaisesRegex(valpack.KeySplitError, "can't be split"):
                Bucketing.digits(2).split(key)

    def test_places_of_no_key(self):
        for field in (b"07", b"100", b"-1", b"+1", b"~", b"~12", b""):
            with self.assertRaises(valpack.KeySplitError):
                Bucketing.digits(2).join(b"a", field)

    def test_many_keys(self):
        chance = random.Random(3)
        how = Bucketing.digits(3)
        for _ in range(3000):
            key = b"k:%0*d" % (chance.randrange(1, 8), chance.randrange(10000))
            self.assertEqual(how.join(*how.split(key)), key)


class Shards(unittest.TestCase):
    def test_as_binascii(self):
        chance = random.Random(4)
        for _ in range(3000):
            key = chance.randbytes(chance.randrange(20))
            shards = chance.choice((1, 2, 7, 1000, 1 << 20, 1 << 32, chance.randrange(1, 1 << 40)))
            self.assertEqual(valpack.shard(key, shards), binascii.crc32(key) % shards)
        self.assertEqual(valpack.shard(b"123456789", 1 << 32), 0xCBF43926)

    def test_split_and_join(self):
        how = Bucketing.shards(1000, 5)
        expected = b"user:%d" % (binascii.crc32(b"user:ada") % 1000)
        self.assertEqual(how.split(b"user:ada"), (expected, b"ada"))
        self.assertEqual(how.join(expected, b"ada"), b"user:ada")
        with self.assertRaises(valpack.KeySplitError):
            how.join(expected, b"adb")
        with self.assertRaises(valpack.KeySplitError):
            how.split(b"user:")


class Ranges(unittest.TestCase):
    def test_split_and_join(self):
        how = Bucketing.range(1300)
        self.assertEqual(how.split(b"photo:1101000051"), (b"photo:846923", b"151"))
        self.assertEqual(how.join(b"photo:846923", b"151"), b"photo:1101000051")
        for key in (b"photo:007", b"9223372036854775808"):
            with self.assertRaises(valpack.KeySplitError):
                how.split(key)

    def test_every_number_of_some(self):
        how = Bucketing.range(7)
        for number in range(3000):
            key = b"%d" % number
            self.assertEqual(how.split(key), (b"%d" % (number // 7), b"%d" % (number % 7)))
            self.assertEqual(how.join(*how.split(key)), key)


class Many(unittest.TestCase):
    def test_as_one_by_one(self):
        chance = random.Random(5)
        for how in (Bucketing.digits(2), Bucketing.shards(100, 2), Bucketing.range(37)):
            keys = [b"k:%d" % chance.randrange(10 ** chance.randrange(1, 18)) for _ in range(1000)]
            self.assertEqual(how.split_many(keys), [how.split(key) for key in keys])
            self.assertEqual(how.split_many(iter(keys[:1])), [how.split(keys[0])])
            self.assertEqual(how.split_many([]), [])

    def test_the_key_that_fails_is_named(self):
        with self.assertRaisesRegex(valpack.KeySplitError, "value 2: .*'c'") as caught:
            Bucketing.digits(2).split_many([b"a1", b"b2", b"c", b"d"])
        self.assertEqual(caught.exception.index, 2)
        for wrong in ([b"a1", "b2"], b"a1", [1]):
            with self.assertRaises(TypeError):
                Bucketing.digits(2).split_many(wrong)


class Arguments(unittest.TestCase):
    def test_counts(self):
        for make, wrong in (
            (Bucketing.digits, (0, 10, -1, 1 << 64)),
            (Bucketing.shards, (0, (1 << 32) + 1, -1)),
            (Bucketing.range, (0, 10**9 + 1)),
        ):
            for count in wrong:
                with self.assertRaises(ValueError):
                    make(count)
            with self.assertRaises(TypeError):
                make("2")
        with self.assertRaises(ValueError):
            valpack.shard(b"a", 0)

    def test_keys_are_bytes(self):
        how = Bucketing.digits(2)
        self.assertEqual(how.split(bytearray(b"a12")), (b"a", b"12"))
        for call in (lambda: how.split("a12"), lambda: how.join("a", b"1"), lambda: valpack.shard("a", 2)):
            with self.assertRaises(TypeError):
                call()

    def test_equal_and_shown(self):
        self.assertEqual(Bucketing.digits(2), Bucketing.digits(2))
        self.assertNotEqual(Bucketing.digits(2), Bucketing.range(2))
        self.assertNotEqual(Bucketing.digits(2), 2)
        self.assertEqual(len({Bucketing.digits(2), Bucketing.digits(2), Bucketing.shards(2, 1)}), 2)
        self.assertEqual(repr(Bucketing.shards(10, 5)), "Bucketing.shards(10, 5)")
        self.assertEqual(repr(Bucketing.digits(3)), "Bucketing.digits(3)")

    def test_kinds_and_structs_of_the_header(self):
        numbers = {f"VP_BUCKET_{kind.name}": kind.value for kind in valpack.BucketKind}
        self.assertEqual(numbers, headers.enum("valpack_bucket.h", "vp_bucket_kind"))
        self.assertEqual(ctypes.sizeof(bucket.CBucketing), 16)


class Fingerprints(unittest.TestCase):
    def test_published(self):
        self.assertEqual(valpack.fingerprint(b"").hex(), "2d06800538d394c2")
        self.assertEqual(valpack.fingerprint(b"", 32).hex(), "38d394c2")
        self.assertEqual(valpack.fingerprint(b"", bits=128).hex(), "99aa06d3014798d86001c324468d497f")

    def test_widths(self):
        for bits in (32, 64, 128):
            prints = {valpack.fingerprint(b"%d" % number, bits) for number in range(2000)}
            self.assertEqual({len(found) for found in prints}, {bits // 8})
            self.assertEqual(len(prints), 2000)
        for bits in (0, 16, 65, -1):
            with self.assertRaises(ValueError):
                valpack.fingerprint(b"a", bits)
        with self.assertRaises(TypeError):
            valpack.fingerprint("a")


if __name__ == "__main__":
    unittest.main()
