"""Training, profiles, and rotation from one to the next."""

import pickle
import tempfile
import unittest
from pathlib import Path

import samples
import valpack


class Training(unittest.TestCase):
    def test_report_and_description(self):
        profile = samples.session_profile()
        self.assertEqual(profile.report["samples"], 2000)
        self.assertEqual(profile.report["first_code"], profile.first_code)
        self.assertEqual(profile.report["width"], profile.width)
        self.assertLess(profile.report["encoded_bytes"], profile.report["raw_bytes"])
        self.assertIn("sessions", str(profile.describe()))

    def test_the_same_samples_give_the_same_profile(self):
        values = samples.sessions(500)
        first = valpack.train(values, name="again", seed=3)
        self.assertEqual(valpack.train(iter(values), name="again", seed=3).data, first.data)

    def test_few_and_odd_samples(self):
        for values in ([b""], [b"one"], [b"same"] * 100, samples.hostile(100), samples.INTEGERS):
            profile = valpack.train(values, first_code=0, width=1)
            codec = valpack.Codec(profile)
            self.assertEqual(codec.decode_many(codec.encode_many(values)), values)

    def test_no_samples(self):
        with self.assertRaises(valpack.NoSamplesError):
            valpack.train([])

    def test_ranges_beside_other_profiles(self):
        profiles = []
        for _ in range(4):
            profiles.append(valpack.train(samples.cities(200), beside=profiles))
        self.assertEqual({profile.first_code for profile in profiles}, {0x80, 0x90, 0xA0, 0xB0})
        with self.assertRaises(valpack.NoRangeError):
            valpack.train(samples.cities(200), beside=profiles)
        with self.assertRaises(valpack.OverlapError):
            valpack.train(samples.cities(200), beside=profiles[0], first_code=profiles[0].first_code)

    def test_options_are_checked(self):
        names = ({"name": "x" * 65}, {"name": "a\nb"})
        for options in ({"width": 3}, {"check": 5}, {"first_code": 0x81}, *names):
            with self.subTest(options), self.assertRaises(valpack.ArgumentError):
                valpack.train([b"value"], **options)
        with self.assertRaisesRegex(TypeError, "unknown option 'verify'"):
            valpack.train([b"value"], verify=True)

    def test_progress_rises(self):
        calls = []
        valpack.train(samples.sessions(500), progress=lambda stage, permille: calls.append((stage, permille)))
        done = [permille for _, permille in calls]
        self.assertEqual(done, sorted(done))
        self.assertTrue(calls and 0 <= done[0] and done[-1] <= 1000)
        self.assertTrue(all(isinstance(stage, str) and stage for stage, _ in calls))

    def test_an_exception_of_progress_is_passed_on(self):
        def progress(_stage, _permille):
            raise KeyError("stop")

        with self.assertRaises(KeyError):
            valpack.train(samples.sessions(500), progress=progress)

    def test_an_exception_of_the_samples_is_passed_on(self):
        with self.assertRaises(ZeroDivisionError):
            valpack.train(b"%d" % (1 // value) for value in (1, 0))


class Files(unittest.TestCase):
    def test_load(self):
        profile = samples.session_profile()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "sessions.vpp")
            path.write_bytes(profile.data)
            loaded = valpack.Profile.load(path)
            path.write_bytes(profile.data[:-1])
            with self.assertRaisesRegex(valpack.ProfileError, "sessions.vpp: "):
                valpack.Profile.load(path)
            with self.assertRaises(FileNotFoundError):
                valpack.Profile.load(Path(folder, "none.vpp"))
        self.assertEqual(loaded, profile)
        self.assertEqual((loaded.name, loaded.fingerprint), ("sessions", profile.fingerprint))
        self.assertEqual((loaded.width, loaded.report), (16, None))

    def test_junk_is_refused(self):
        for data in (b"", b"junk", bytes(1000)):
            with self.assertRaisesRegex(valpack.ProfileError, r"damaged \(.+\)"):
                valpack.Profile(data)
        with self.assertRaisesRegex(TypeError, "a profile must be bytes-like, not str"):
            valpack.Profile("sessions.vpp")

    def test_pickle(self):
        profile = samples.session_profile()
        copy = pickle.loads(pickle.dumps(profile))
        self.assertEqual((copy, hash(copy), copy.report), (profile, hash(profile), profile.report))

    def test_relocate(self):
        profile = samples.session_profile()
        moved = profile.relocate(0x80)
        self.assertEqual((moved.first_code, moved.fingerprint), (0x80, profile.fingerprint))
        self.assertNotEqual(moved, profile)
        value = samples.sessions(1)[0]
        codec = valpack.Codec([profile, moved], current=profile)
        encoded = [codec.encode(value), valpack.Codec(moved).encode(value)]
        self.assertEqual(codec.decode_many(encoded), [value, value])
        for code in (0x81, 0x70, 0xC0):
            with self.assertRaises(valpack.ArgumentError):
                profile.relocate(code)
        with self.assertRaises(ValueError):
            profile.relocate(-1)


class Rotation(unittest.TestCase):
    def test_old_and_new_values_side_by_side(self):
        old = samples.session_profile()
        new = valpack.train(samples.sessions(1000, seed=4), name="newer", beside=old)
        value = samples.sessions(1, seed=5)[0]
        before = valpack.Codec(old)
        after = before.with_profile(new)
        self.assertEqual((after.profiles, after.current), ((old, new), new))
        self.assertEqual((before.profiles, before.current), ((old,), old))
        written_before, written_after = before.encode(value), after.encode(value)
        self.assertEqual(after.decode_many([written_before, written_after]), [value, value])
        with self.assertRaises(valpack.NoProfileError):
            before.decode(written_after)

    def test_a_known_profile_is_not_added_twice(self):
        profile = samples.session_profile()
        codec = valpack.Codec(profile, current=None).with_profile(profile)
        self.assertEqual((codec.profiles, codec.current), ((profile,), profile))

    def test_options_stay(self):
        codec = valpack.Codec(write_raw=True).with_profile(samples.session_profile())
        value = samples.sessions(1)[0]
        self.assertEqual(codec.encode(value), value)

    def test_the_old_codec_may_go_first(self):
        codec = valpack.Codec(samples.session_profile()).with_profile(samples.session_profile())
        value = samples.sessions(1)[0]
        self.assertEqual(codec.decode(codec.encode(value)), value)

    def test_current_by_index_profile_and_none(self):
        first = samples.session_profile()
        second = first.relocate(0x80)
        value = samples.sessions(1)[0]
        for current, owner in ((0, first), (1, second), (-2, first), (second, second)):
            codec = valpack.Codec([first, second], current)
            self.assertEqual(codec.current, owner)
            self.assertEqual(codec.encode(value), valpack.Codec(owner).encode(value))
        codec = valpack.Codec([first, second], None)
        self.assertEqual(codec.encode(value), valpack.encode(value))
        self.assertEqual(codec.decode(valpack.Codec(first).encode(value)), value)


if __name__ == "__main__":
    unittest.main()
