"""Files of values: what counts as a value, and what is refused."""

import os
import struct

from tool import ToolTest, from_lp, odd_values, sessions, to_lines, to_lp


class Lines(ToolTest):
    def values_of(self, text):
        """The values that a file of lines holds."""
        return from_lp(self.good("decode", "--output-format", "lp", "-", input=self.encode(text)))

    def encode(self, text):
        return self.good("encode", "--format", "lines", "-", input=text)

    def test_what_ends_a_value(self):
        self.assertEqual(self.values_of(b"a\nbb\n"), [b"a", b"bb"])
        self.assertEqual(self.values_of(b"a\nbb"), [b"a", b"bb"], "a last line without LF counts")
        self.assertEqual(self.values_of(b"a\r\n\r\nb\r"), [b"a\r", b"\r", b"b\r"], "CR is kept")
        self.assertEqual(self.values_of(b"\n\na\n\n"), [b"", b"", b"a", b""], "empty values count")
        self.assertEqual(self.values_of(b"a\0b\n\0"), [b"a\0b", b"\0"])

    def test_an_empty_file_has_no_values(self):
        self.assertEqual(self.encode(b""), b"")
        self.assertEqual(self.good("decode", "-", input=b""), b"")

    def test_lines_around_the_size_of_the_read_buffer(self):
        values = [b"x" * size for size in (2**20 - 1, 2**20, 2**20 + 1, 3, 3 * 2**20, 0)]
        self.assertEqual(self.values_of(to_lines(values)), values)

    def test_a_value_with_a_line_feed_can_not_be_a_line(self):
        self.write("v.lp", to_lp([b"a", b"b\nc"]))
        self.good("encode", "-o", "e.lp", "v.lp")
        message = self.bad(1, "decode", "-o", "d.txt", "e.lp")
        self.assertIn("d.txt: value 2 ", message)
        self.assertIn("--output-format lp", message)


class Prefixed(ToolTest):
    def test_odd_values_come_back(self):
        values = odd_values()
        self.write("v.lp", to_lp(values))
        self.good("encode", "-o", "e.lp", "v.lp")
        self.good("decode", "-o", "d.lp", "e.lp")
        self.assertEqual(from_lp(self.read("d.lp")), values)
        for value, encoded in zip(values, from_lp(self.read("e.lp"))):
            self.assertLessEqual(len(encoded), len(value) + 1)

    def test_every_truncation_is_an_error(self):
        data = to_lp([b"ab", b"", b"cde"])
        whole = {0: 0, 6: 1, 10: 2, len(data): 3}
        for size in range(len(data) + 1):
            self.write("v.lp", data[:size])
            if size in whole:
                self.assertEqual(len(from_lp(self.good("encode", "v.lp"))), whole[size])
                continue
            message = self.bad(1, "encode", "-o", "e.lp", "v.lp")
            ended = max(end for end in whole if end < size)
            self.assertIn(f"v.lp: value {whole[ended] + 1} at offset {ended}: the file ends", message)

    def test_a_length_is_not_believed(self):
        self.write("v.lp", struct.pack("<I", 0xFFFFFFFF) + b"abc")
        self.assertIn("larger than the limit", self.bad(1, "encode", "v.lp"))
        self.write("v.lp", struct.pack("<I", 0x1FFFFFFF) + b"abc")
        self.assertIn("the file ends after 3 of its 536870911 bytes", self.bad(1, "encode", "v.lp"))


class Raw(ToolTest):
    def test_the_file_is_one_value(self):
        for value in (b"", b"a\nb\n", b"\x80\0\xff", bytes(range(256)) * 9000):
            self.write("v.bin", value)
            self.good("encode", "--format", "raw", "--output-format", "raw", "-o", "e.bin", "v.bin")
            back = self.good("decode", "--format", "raw", "--output-format", "raw", "e.bin")
            self.assertEqual(back, value)

    def test_raw_holds_exactly_one_value(self):
        self.write("two.lp", to_lp([b"a", b"b"]))
        self.write("none.lp", b"")
        self.assertIn("value 2", self.bad(1, "encode", "--output-format", "raw", "-o", "e", "two.lp"))
        self.assertIn("no value", self.bad(1, "encode", "--output-format", "raw", "-o", "e", "none.lp"))


class Names(ToolTest):
    def test_the_ending_tells_the_format(self):
        for ending in ("txt", "jsonl", "ndjson", "csv", "tsv", "log", "TXT", "unknown"):
            name = self.write(f"v.{ending}", b"a\nb\n")
            self.assertEqual(from_lp(self.good("encode", name)), [b"a", b"b"])
        self.write("v.lp", to_lp([b"a\nb"]))
        self.assertEqual(len(from_lp(self.good("encode", "v.lp"))), 1)
        os.mkdir(self.folder / "folder.lp")
        self.write("folder.lp/lines", b"a\nb\n")
        self.assertEqual(len(from_lp(self.good("encode", "folder.lp/lines"))), 2)

    def test_the_format_given_goes_before_the_ending(self):
        self.write("v.txt", to_lp([b"a\nb"]))
        self.assertEqual(len(from_lp(self.good("encode", "--format", "lp", "v.txt"))), 1)

    def test_formats_of_outputs(self):
        values = sessions(20)
        self.write("v.jsonl", to_lines(values))
        self.good("encode", "-o", "e.txt", "v.jsonl")
        self.assertEqual(len(from_lp(self.read("e.txt"))), 20, "encoded output is lp whatever its name")
        self.good("decode", "--format", "lp", "-o", "d.jsonl", "e.txt")
        self.assertEqual(self.read("d.jsonl"), self.read("v.jsonl"))
        self.good("decode", "--format", "lp", "-o", "d.lp", "e.txt")
        self.assertEqual(self.read("d.lp"), to_lp(values))
        self.assertEqual(self.good("decode", "--format", "lp", "e.txt"), self.read("v.jsonl"))
