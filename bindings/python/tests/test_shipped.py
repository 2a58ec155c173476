"""Profiles that ship inside the library, found by name."""

import unittest

import samples
import valpack


class Shipped(unittest.TestCase):
    def test_list(self):
        rows = valpack.shipped_profiles()
        self.assertIn("email", [row["name"] for row in rows])
        for row in rows:
            profile = valpack.Profile.shipped(row["name"])
            self.assertEqual((profile.name, len(profile.data)), (row["name"], row["profile_bytes"]))
            self.assertLess(row["encoded_bytes"], row["untrained_bytes"])
            self.assertTrue(row["purpose"])

    def test_all_side_by_side(self):
        profiles = [valpack.Profile.shipped(row["name"]) for row in valpack.shipped_profiles()]
        own = samples.session_profile()
        values = samples.mixed()
        for current in (*profiles, own):
            codec = valpack.Codec([*profiles, own], current)
            self.assertEqual(codec.decode_many(codec.encode_many(values)), values)

    def test_a_value_of_its_kind_gets_small(self):
        codec = valpack.Codec(valpack.Profile.shipped("email"))
        self.assertLess(len(codec.encode(b"maria.smith@gmail.com")), 10)

    def test_first_code(self):
        usual, moved = valpack.Profile.shipped("email"), valpack.Profile.shipped("email", 0xB0)
        self.assertEqual((moved.first_code, moved.fingerprint), (0xB0, usual.fingerprint))
        self.assertEqual(moved, usual.relocate(0xB0))
        with self.assertRaises(valpack.ArgumentError):
            valpack.Profile.shipped("email", first_code=0xB1)

    def test_unknown_names(self):
        for name in ("", "nosuch", "Email", "email.vpp", "e-mäil"):
            with self.subTest(name), self.assertRaisesRegex(valpack.UnknownNameError, name):
                valpack.Profile.shipped(name)
        with self.assertRaises(LookupError):
            valpack.Profile.shipped("nosuch")
        with self.assertRaises(TypeError):
            valpack.Profile.shipped(b"email")


if __name__ == "__main__":
    unittest.main()
