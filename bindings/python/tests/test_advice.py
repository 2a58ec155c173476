"""Advice on samples."""

import unittest

import headers
import samples
import valpack
from valpack import cost
from valpack._options import AdviseOption


def row(advice, technique):
    return next(row for row in advice["rows"] if row["technique"] == technique)


class Advice(unittest.TestCase):
    def test_options_are_those_of_the_header(self):
        expected = headers.enum("valpack_advise.h", "vp_advise_option")
        self.assertEqual({f"VP_ADVISE_{o.name}": o.value for o in AdviseOption}, expected)

    def test_values(self):
        advice = valpack.advise(samples.sessions(200), times=False)
        self.assertEqual((advice["verdict"], advice["keyed"]), ("change", False))
        self.assertTrue(row(advice, "profile")["worth"])
        self.assertIsNone(row(advice, "profile")["encode_ns"])
        self.assertEqual(advice, valpack.advise(samples.sessions(200), times=False))

    def test_pairs(self):
        server = cost.Server.named("redis-7.0-debian")
        pairs = [(b"photo:10%02d" % n, b"%d" % (3301000000 + 7919 * n)) for n in range(100)]
        advice = valpack.advise(pairs, server=server)
        plain = sum(cost.string(server, key, value) for key, value in pairs)
        self.assertEqual(advice["memory"], plain + cost.index(server, 100))
        self.assertEqual(row(advice, "small_hashes")["parameters"]["kind"], "digits")
        self.assertEqual((advice["server"], advice["integers"]), ("redis-7.0-debian", 100))

    def test_failures(self):
        with self.assertRaises(valpack.NoSamplesError):
            valpack.advise([])
        with self.assertRaises(valpack.ServerError):
            valpack.advise([b"x"], server="memcached")
        with self.assertRaises(TypeError):
            valpack.advise(b"one value")
        with self.assertRaises(TypeError):
            valpack.advise([b"x"], bits=3)
        with self.assertRaises(TypeError):
            valpack.advise(["text"])

    def test_progress(self):
        seen = []
        valpack.advise([b"x", b"y"], progress=lambda stage, permille: seen.append(permille))
        self.assertEqual((seen, seen[-1]), (sorted(seen), 1000))

        def fail(stage, permille):
            raise KeyError(stage)

        with self.assertRaises(KeyError):
            valpack.advise([b"x"], progress=fail)


if __name__ == "__main__":
    unittest.main()
