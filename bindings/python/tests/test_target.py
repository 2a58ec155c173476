"""Targets: what is encoded, by the memory that the server would need."""

import unittest

import samples
import valpack
from valpack import cost

DIGITS = b"0314159265358979323846264338327950288419"  # no integer: it begins with 0


def digits(count):
    return DIGITS[:count]


class Strings(unittest.TestCase):
    """The encoder `pack` alone: 12 digits take 7 bytes, 13 take 8, 14 take 8, 17 take 10."""

    def codec(self, **options):
        return valpack.Codec(**{"target": "string", "encoders": ["pack"], **options})

    def test_only_what_drops_a_class_is_encoded(self):
        codec = self.codec(server="redis-7.2", key_size=10)
        self.assertEqual(codec.encode(digits(12)), digits(12))
        self.assertEqual(len(codec.encode(digits(13))), 8)
        self.assertEqual(codec.decode(codec.encode(digits(13))), digits(13))

    def test_the_key_of_one_value(self):
        codec = self.codec(server="redis-8", key_size=10)
        self.assertEqual(codec.encode(digits(13)), digits(13))
        self.assertEqual(len(codec.encode(digits(13), key_size=13)), 8)
        self.assertEqual(codec.encode(digits(13)), digits(13))
        self.assertEqual(codec.encode_many([digits(13)]), [digits(13)])
        rotated = codec.with_profile(samples.session_profile())
        self.assertEqual(rotated.encode(samples.INTEGERS[2], key_size=13), samples.INTEGERS[2])
        with self.assertRaises(ValueError):
            codec.encode(b"x", key_size=-1)
        with self.assertRaises(valpack.ArgumentError):
            codec.encode(b"x", key_size=2**41)
        self.assertEqual(codec.encode(digits(13)), digits(13))

    def test_the_key_is_back_after_a_key_of_one_value(self):
        codec = self.codec(server="redis-8", key_size=13, key_expires=True)
        before = codec.encode(digits(14))
        codec.encode(digits(14), key_size=100)
        self.assertEqual(codec.encode(digits(14)), before)

    def test_a_server_in_every_form(self):
        for server in ("redis-8", 3, cost.Server.named("redis-8")):
            self.assertEqual(self.codec(server=server, key_size=32).encode(digits(14)), digits(14))
            self.assertEqual(len(self.codec(server=server, key_size=32).encode(digits(17))), 10)

    def test_targets_by_number(self):
        for target in (1, valpack.Target.STRING):
            self.assertEqual(self.codec(target=target, key_size=10).encode(digits(12)), digits(12))

    def test_no_value_takes_more(self):
        for name in cost.FLAVOURS:
            server = cost.Server.named(name)
            codec = valpack.Codec(samples.session_profile(), target="string", server=name)
            for value in samples.mixed() + samples.sessions(50, seed=3):
                for key_size in (3, 16, 33, 40, 130):
                    stored = codec.encode(value, key_size=key_size)
                    self.assertEqual(codec.decode(stored), value)
                    if stored != b"\xc0" + value:
                        raw = cost.string(server, key_size, value)
                        self.assertLessEqual(cost.string(server, key_size, stored), raw)


class Numbers(unittest.TestCase):
    def test_integers(self):
        strings = valpack.Codec(target="string", encode_integers=True)
        self.assertEqual(strings.encode_many(samples.INTEGERS), samples.INTEGERS)
        fields = valpack.Codec(target="hash-field")
        for kept in (b"0", b"2147483647", b"-2147483648"):
            self.assertEqual(fields.encode(kept), kept)
        self.assertEqual(len(fields.encode(b"3301000051")), 6)
        self.assertEqual(len(valpack.Codec(target="packed").encode(b"2147483647")), 6)


class Training(unittest.TestCase):
    def test_the_report_tells_the_memory(self):
        values = samples.sessions(300)
        profile = valpack.train(values, target="string", server="valkey-9", key_size=20)
        self.assertEqual(profile.report["target"], "string")
        self.assertLess(profile.report["server_encoded_bytes"], 0.7 * profile.report["server_raw_bytes"])
        self.assertNotIn("target", samples.session_profile().report)

    def test_only_the_encoders_asked_for(self):
        report = valpack.train(samples.sessions(300), encoders=["symbols", "lz4"]).report
        self.assertEqual({row["name"] for row in report["encoders"]}, {"symbols", "lz4"})

    def test_integers_are_not_learned_for_strings(self):
        integers = [b"%d" % number for number in range(3_000_000_000, 3_000_060_000, 300)]
        self.assertEqual(valpack.train(integers, target="string").report["held_out"], 0)
        report = valpack.train(integers, target="hash-field").report
        self.assertEqual(report["held_out"], 40)
        self.assertLess(report["server_encoded_bytes"], report["server_raw_bytes"])


if __name__ == "__main__":
    unittest.main()
