"""Each kind of failure has its exception, and hostile data never does worse."""

import ctypes
import pickle
import random
import unittest

import samples
import valpack
from valpack import errors
from valpack._lib import LIB


def outcome(codec, data):
    """What decoding gives: bytes, or the class of the exception; other exceptions pass."""
    try:
        return codec.decode(data)
    except valpack.ValpackError as error:
        return type(error)


class Kinds(unittest.TestCase):
    def test_every_status_has_a_class_of_its_own(self):
        failing = {status for status in errors.Status if status < 0}
        self.assertEqual(set(errors.BY_STATUS), failing)
        for status in failing:
            error = errors.error_for(status, data=b"\xb0")
            self.assertIs(type(error), errors.BY_STATUS[status])
            self.assertEqual(error.status, status)
            self.assertIn(LIB.vp_status_text(status).decode(), str(error))
            self.assertIn(type(error).__name__, valpack.__all__)

    def test_an_unknown_status_is_still_a_valpack_error(self):
        error = errors.error_for(-9999)
        self.assertIs(type(error), valpack.ValpackError)
        self.assertEqual(error.status, -9999)

    def test_builtin_kinds(self):
        self.assertTrue(issubclass(valpack.ArgumentError, ValueError))
        self.assertTrue(issubclass(valpack.OutOfMemoryError, MemoryError))

    def test_errors_can_be_pickled(self):
        error = errors.error_for(errors.Status.ERR_NO_PROFILE, data=b"\xb7", index=4)
        copy = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(copy), str(copy)), (type(error), str(error)))
        self.assertEqual((copy.code, copy.index, copy.status), (0xB7, 4, error.status))


class Raised(unittest.TestCase):
    def test_no_profile_carries_the_first_byte(self):
        for code in range(0x80, 0xC0):
            with self.assertRaises(valpack.NoProfileError) as raised:
                valpack.decode(bytes([code]) + b"payload")
            self.assertEqual(raised.exception.code, code)
            self.assertIn(f"0x{code:02X}", str(raised.exception))

    def test_corrupt(self):
        encoded = valpack.encode(b"f47ac10b-58cc-4372-a567-0e02b2c3d479")
        with self.assertRaises(valpack.CorruptError):
            valpack.decode(encoded + b"left over")

    def test_limit(self):
        long_value = b"0123456789abcdef" * 4
        codec = valpack.Codec(max_decoded=63)
        with self.assertRaises(valpack.LimitError):
            codec.encode(long_value)
        with self.assertRaises(valpack.LimitError):
            codec.decode(valpack.encode(long_value))

    def test_overlap(self):
        profile = samples.session_profile()
        other = valpack.train(samples.cities(500), first_code=profile.first_code)
        with self.assertRaises(valpack.OverlapError):
            valpack.Codec([profile, other])
        with self.assertRaises(valpack.OverlapError):
            valpack.Codec(profile, hand_back=[profile.first_code])
        with self.assertRaises(valpack.OverlapError):
            valpack.Codec(profile).with_profile(other)

    def test_check(self):
        codec = valpack.Codec(samples.session_profile(check=4))
        encoded = codec.encode(samples.sessions(1, seed=9)[0])
        with self.assertRaises(valpack.CheckError):
            codec.decode(encoded[:-1] + bytes([encoded[-1] ^ 1]))

    def test_space(self):
        context = valpack.Codec()._contexts.take()
        size = LIB.vp_encode(context.handle, b"text", 4, ctypes.create_string_buffer(3), 3)
        with self.assertRaises(valpack.SpaceError):
            errors.check(size)

    def test_arguments(self):
        for options in ({"zstd_level": 23}, {"max_decoded": 0}, {"lz4_margin": 101}, {"verify": 2}):
            with self.subTest(options), self.assertRaises(valpack.ArgumentError):
                valpack.Codec(**options)
        with self.assertRaises(valpack.ArgumentError):
            valpack.Codec(hand_back=[0xC0])


class WrongArguments(unittest.TestCase):
    def test_values_that_are_not_bytes_like(self):
        for function in (valpack.encode, valpack.decode, valpack.Codec().inspect, valpack.Codec().identify):
            with self.assertRaisesRegex(TypeError, "bytes-like, not str"):
                function("text")
            for value in (None, 17, [b"list"]):
                with self.assertRaisesRegex(TypeError, "bytes-like, not"):
                    function(value)

    def test_one_value_where_many_belong(self):
        for function in (valpack.encode_many, valpack.decode_many, valpack.train):
            for value in (b"value", bytearray(b"value"), memoryview(b"value"), "value"):
                with self.assertRaisesRegex(TypeError, "iterable of values"):
                    function(value)
            with self.assertRaisesRegex(TypeError, "bytes-like, not str"):
                function([b"value", "text"])

    def test_options(self):
        with self.assertRaisesRegex(TypeError, "unknown option 'levle'.*zstd_level"):
            valpack.Codec(levle=3)
        with self.assertRaisesRegex(ValueError, "preset must be one of small, fast"):
            valpack.Codec(preset="tiny")
        with self.assertRaisesRegex(ValueError, "target must be one of bytes, string, hash-field, packed"):
            valpack.Codec(target="hash")
        with self.assertRaisesRegex(ValueError, "server must be one of redis-7.0-debian, .*valkey-9"):
            valpack.train([b"x"], server="redis")
        with self.assertRaisesRegex(ValueError, "encoders must be of int, pack, .*, not 'zip'"):
            valpack.Codec(encoders=["pack", "zip"])
        with self.assertRaisesRegex(TypeError, "'pack' alone"):
            valpack.Codec(encoders="pack")
        for option, value in (("target", 4), ("server", 5), ("key_size", 2**41), ("encoders", 2**32)):
            with self.assertRaisesRegex(valpack.ArgumentError, option):
                valpack.Codec(**{option: value})
        for value in (-1, 2**64):
            with self.assertRaisesRegex(ValueError, "max_decoded must be in"):
                valpack.Codec(max_decoded=value)
        with self.assertRaises(TypeError):
            valpack.Codec(zstd_level="3")

    def test_profiles(self):
        profile = samples.session_profile()
        with self.assertRaisesRegex(TypeError, "must be Profile objects"):
            valpack.Codec([profile.data])
        with self.assertRaisesRegex(TypeError, "must be Profile objects"):
            valpack.Codec().with_profile(None)
        for current in (1, -2, profile.relocate(0x80)):
            with self.assertRaises(ValueError):
                valpack.Codec(profile, current=current)


class Hostile(unittest.TestCase):
    def codecs(self):
        profiles = [samples.session_profile(), samples.session_profile(first_code=0x80)]
        return valpack.Codec(), valpack.Codec(profiles)

    def test_random_bytes_give_a_value_or_an_exception(self):
        for codec in self.codecs():
            outcomes = {type(outcome(codec, data)) for data in samples.hostile(8000)}
            self.assertEqual(outcomes, {bytes, type})

    def test_damaged_encodings_give_a_value_or_an_exception(self):
        chance = random.Random(5)
        for codec in self.codecs():
            for encoded in codec.encode_many(samples.mixed()[768:]):
                for cut in range(min(len(encoded), 40)):
                    outcome(codec, encoded[:cut])
                for _ in range(20 if encoded else 0):
                    place = chance.randrange(len(encoded))
                    flipped = encoded[place] ^ (1 << chance.randrange(8))
                    outcome(codec, encoded[:place] + bytes([flipped]) + encoded[place + 1 :])

    def test_damaged_profiles_are_refused_or_harmless(self):
        data = samples.session_profile().data
        chance = random.Random(6)
        for _ in range(200):
            place = chance.randrange(len(data))
            with self.assertRaises((valpack.ProfileError, valpack.UnsupportedError)):
                valpack.Profile(data[:place])
            damaged = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
            try:
                profile = valpack.Profile(damaged)
            except (valpack.ProfileError, valpack.UnsupportedError):
                continue
            self.assertEqual(profile.fingerprint, samples.session_profile().fingerprint)


if __name__ == "__main__":
    unittest.main()
