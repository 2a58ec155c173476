"""The package declares exactly what the C headers declare."""

import re
import unittest

import headers
from valpack import _lib, _options, errors


class Headers(unittest.TestCase):
    maxDiff = None

    def test_every_prototype_is_declared_and_no_other(self):
        self.assertEqual(_lib.SIGNATURES, headers.prototypes())

    def test_the_parser_sees_every_prototype(self):
        marked = sum(
            len(re.findall(r"^VP_API\b", headers.text_of(name), flags=re.MULTILINE))
            for name in headers.names()
        )
        self.assertGreater(marked, 40)
        self.assertEqual(len(headers.prototypes()), marked)

    def test_the_library_has_the_declared_types(self):
        for name, (result, arguments) in _lib.SIGNATURES.items():
            with self.subTest(name):
                entry = getattr(_lib.LIB, name)
                self.assertEqual((entry.restype, list(entry.argtypes)), (result, arguments))

    def test_progress_callback(self):
        callback = (_lib.PROGRESS._restype_, list(_lib.PROGRESS._argtypes_))
        self.assertEqual(callback, headers.callback("vp_train_progress"))

    def test_options_and_presets(self):
        for known, header, name, prefix in (
            (_options.Option, "valpack.h", "vp_option", "VP_OPTION_"),
            (_options.Preset, "valpack.h", "vp_preset", "VP_PRESET_"),
            (_options.Target, "valpack.h", "vp_target", "VP_TARGET_"),
            (_options.TrainOption, "valpack_train.h", "vp_train_option", "VP_TRAIN_"),
        ):
            with self.subTest(name):
                numbers = {prefix + member.name: member.value for member in known}
                self.assertEqual(numbers, headers.enum(header, name))

    def test_statuses_have_the_header_s_numbers_and_texts(self):
        numbers = {"VP_" + status.name: status.value for status in errors.Status}
        self.assertEqual(numbers, {name: number for name, (number, _) in headers.statuses().items()})
        for name, (number, text) in headers.statuses().items():
            self.assertEqual(_lib.LIB.vp_status_name(number).decode(), name)
            self.assertEqual(_lib.LIB.vp_status_text(number).decode(), text)

    def test_version(self):
        self.assertEqual(_lib.VERSION, headers.version())
        self.assertEqual(_lib.LIB.vp_version_string().decode(), headers.version())


if __name__ == "__main__":
    unittest.main()
