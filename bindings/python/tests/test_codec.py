"""Values come back byte for byte, one by one and many at a time."""

import array
import threading
import unittest
import weakref
from unittest import mock

import samples
import valpack
from valpack import _lib, _memory


class RoundTrips(unittest.TestCase):
    def assert_round_trips(self, codec, values):
        for value in values:
            encoded = codec.encode(value)
            self.assertLessEqual(len(encoded), len(value) + 1)
            self.assertEqual(codec.decode(encoded), value)

    def test_without_profile(self):
        self.assert_round_trips(valpack, samples.mixed())

    def test_with_a_profile(self):
        codec = valpack.Codec(samples.session_profile())
        self.assert_round_trips(codec, samples.mixed())
        values = samples.sessions(200, seed=2)
        self.assert_round_trips(codec, values)
        self.assertLess(sum(map(len, codec.encode_many(values))) * 2, sum(map(len, values)))

    def test_every_option(self):
        for options in (
            {"preset": "fast"},
            {"preset": valpack.Preset.SMALL},
            {"verify": True},
            {"zstd_level": 19},
            {"lz4_margin": 100},
            {"encode_integers": True},
        ):
            with self.subTest(options):
                self.assert_round_trips(valpack.Codec(samples.session_profile(), **options), samples.mixed())

    def test_integers_are_left_alone_unless_asked(self):
        self.assertEqual(valpack.encode_many(samples.INTEGERS), samples.INTEGERS)
        codec = valpack.Codec(encode_integers=True)
        self.assertLess(len(codec.encode(b"9223372036854775807")), 19)

    def test_large_values(self):
        for value in (b"\xc0" * 5_000_000, b"".join(samples.sessions(20_000))):
            encoded = valpack.encode(value)
            self.assertLess(len(encoded), len(value) // 2)
            self.assertEqual(valpack.decode(encoded), value)

    def test_sizes_beyond_a_c_int_are_copied_by_another_way(self):
        with mock.patch.object(_memory, "_STRING_AT_MAX", 10):
            self.assert_round_trips(valpack, samples.mixed())

    def test_any_bytes_like_object(self):
        text = b"bytes-like " * 10
        numbers = array.array("I", range(50))
        for value in (bytearray(text), memoryview(text), memoryview(text)[::2], numbers):
            self.assertEqual(valpack.decode(bytearray(valpack.encode(value))), memoryview(value).tobytes())

    def test_write_raw_escapes_only_and_reads_everything(self):
        profile = samples.session_profile()
        codec = valpack.Codec(profile, write_raw=True)
        value = samples.sessions(1)[0]
        self.assertEqual(codec.encode(value), value)
        self.assertEqual(codec.decode(valpack.Codec(profile).encode(value)), value)

    def test_hand_back(self):
        codec = valpack.Codec(hand_back=[0x80])
        self.assertEqual(codec.decode(b"\x80\x04pickle"), b"\x80\x04pickle")
        self.assert_round_trips(codec, [b"\x80\x04pickle"])


class Batches(unittest.TestCase):
    def test_same_as_one_by_one(self):
        codec = valpack.Codec(samples.session_profile())
        values = samples.mixed() + samples.sessions(300, seed=3)
        encoded = codec.encode_many(values)
        self.assertEqual(encoded, [codec.encode(value) for value in values])
        self.assertEqual(codec.decode_many(encoded), values)

    def test_iterators_and_nothing(self):
        self.assertEqual(valpack.decode_many(iter([b"a", bytearray(b"b"), b""])), [b"a", b"b", b""])
        self.assertEqual(valpack.encode_many([]), [])
        self.assertEqual(valpack.decode_many([b"", b""]), [b"", b""])

    def test_failure_names_the_value(self):
        encoded = valpack.Codec(samples.session_profile()).encode(samples.sessions(1)[0])
        with self.assertRaises(valpack.NoProfileError) as raised:
            valpack.decode_many([b"text", b"", encoded, b"text"])
        self.assertEqual(raised.exception.index, 2)
        self.assertEqual(raised.exception.code, encoded[0])
        self.assertIn("value 2: ", str(raised.exception))


class LookingInside(unittest.TestCase):
    def test_identify(self):
        self.assertEqual(valpack.Codec().identify(b"text"), "raw")
        self.assertNotEqual(valpack.Codec().identify(valpack.encode(b"0123456789abcdef" * 4)), "raw")

    def test_inspect(self):
        profile = samples.session_profile()
        codec = valpack.Codec(profile)
        encoded = codec.encode(samples.sessions(1)[0])
        inside = codec.inspect(encoded)
        self.assertEqual(inside["encoder"], codec.identify(encoded))
        self.assertIn("sessions", str(inside))

    def test_explain(self):
        codec = valpack.Codec(samples.session_profile())
        for value in [*samples.sessions(20), b"text", b""]:
            encoded = codec.encode(value)
            inside = codec.explain(encoded)
            parts = inside.pop("explanation", None)
            self.assertEqual(inside, codec.inspect(encoded))
            self.assertEqual(parts is None, inside["encoder"] != "model")
            if parts:
                self.assertEqual("".join(part["text"] for part in parts["symbols"]).encode("latin-1"), value)

    def test_repr_names_the_profile(self):
        codec = valpack.Codec(samples.session_profile())
        self.assertIn("sessions", repr(codec))


class Threads(unittest.TestCase):
    def test_threads_share_a_codec(self):
        codec = valpack.Codec(samples.session_profile())
        wrong = []

        def work(seed):
            for value in samples.sessions(300, seed):
                if codec.decode(codec.encode(value)) != value:
                    wrong.append(value)
            values = samples.sessions(300, seed)
            if codec.decode_many(codec.encode_many(values)) != values:
                wrong.append(seed)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_contexts_die_with_their_thread_and_codecs_with_the_last_reference(self):
        freed = []

        def counting(name):
            function = getattr(_lib.LIB, name)
            return mock.patch.object(_lib.LIB, name, lambda handle: (freed.append(name), function(handle)))

        with counting("vp_context_free"), counting("vp_codec_release"):
            codec = valpack.Codec()
            thread = threading.Thread(target=lambda: codec.decode(codec.encode(b"value")))
            thread.start()
            thread.join()
            self.assertEqual(freed, ["vp_context_free"])
            codec.encode(b"value")
            gone = weakref.ref(codec)
            del codec
        self.assertIsNone(gone())
        self.assertEqual(sorted(freed), ["vp_codec_release", "vp_context_free", "vp_context_free"])

    def test_a_call_in_the_midst_of_another_takes_its_own_context(self):
        codec = valpack.Codec()
        value, other = samples.sessions(2)
        copy_out = _memory.copy_out

        def interrupted(address, size):
            with mock.patch("valpack.codec.copy_out", copy_out):
                self.assertEqual(codec.decode(codec.encode(other)), other)
            return copy_out(address, size)

        with mock.patch("valpack.codec.copy_out", interrupted):
            self.assertEqual(codec.decode(codec.encode(value)), value)


if __name__ == "__main__":
    unittest.main()
