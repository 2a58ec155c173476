"""--target, --server, --key-size, --expires and --encoders: what is left alone, what is told of memory."""

import json
import random
import re

from tool import ToolTest, from_lp, sessions, to_lines, to_lp

INFO = (
    b"# Server\r\nredis_version:8.2.1\r\nredis_mode:standalone\r\n# Memory\r\nmaxmemory:0\r\n"
    b"maxmemory_policy:noeviction\r\nmem_allocator:jemalloc-5.3.0\r\n"
)


def digits(count, size):
    """Not canonical, for they begin with 0; `pack` writes 12 of them in 7 bytes and 13 in 8."""
    rng = random.Random(size)
    return [b"09" + b"".join(b"%d" % rng.randrange(10) for _ in range(size - 2)) for _ in range(count)]


class Encode(ToolTest):
    def encoded(self, values, *arguments):
        self.write("v.lp", to_lp(values))
        stored = from_lp(self.good("encode", *arguments, "v.lp"))
        self.write("e.lp", to_lp(stored))
        self.assertEqual(from_lp(self.good("decode", "--output-format", "lp", "e.lp")), values)
        return stored

    def test_a_string_whose_class_does_not_drop_stays(self):
        short, longer = digits(20, 12), digits(20, 13)
        string = ["--target", "string", "--key-size", "10", "--encoders", "pack"]
        self.assertEqual(self.encoded(short, *string), short)
        self.assertEqual({len(data) for data in self.encoded(short, "--encoders", "pack")}, {7})
        self.assertEqual({len(data) for data in self.encoded(longer, *string)}, {8})
        self.assertEqual(self.encoded(longer, *string, "--server", "redis-8"), longer)

    def test_numbers(self):
        numbers = [b"0", b"12345678", b"-2147483648", b"2147483648", b"3301000051", b"9223372036854775807"]
        self.assertEqual(self.encoded(numbers, "--target", "string"), numbers)
        stored = self.encoded(numbers, "--target", "hash-field")
        kept = [number for data, number in zip(stored, numbers) if data == number]
        self.assertEqual(kept, numbers[:3] + numbers[5:])
        self.assertNotEqual(self.encoded(numbers, "--target", "packed")[1], numbers[1])

    def test_the_server_from_its_info(self):
        self.write("info.txt", INFO)
        values = digits(30, 13)
        string = ["--target", "string", "--key-size", "32", "--encoders", "pack"]
        self.assertEqual(self.encoded(values, *string, "--server", "redis-8"), values)
        self.assertEqual(self.encoded(values, *string, "--server", "auto:info.txt"), values)
        self.assertNotEqual(self.encoded(values, *string), values)
        self.write("info.txt", b"redis_version:6.2.0\r\nmem_allocator:jemalloc-5.1.0\r\n")
        self.assertIn("info.txt", self.bad(1, "encode", *string, "--server", "auto:info.txt", "v.lp"))

    def test_wrong_usage(self):
        for command in ("train", "encode", "bench"):
            self.assertIn("'rows'", self.bad(2, command, "--target", "rows", "v.lp"))
            self.assertIn("'redis-1'", self.bad(2, command, "--server", "redis-1", "v.lp"))
            self.assertIn("'zip'", self.bad(2, command, "--encoders", "pack,zip", "v.lp"))
            self.assertIn("''", self.bad(2, command, "--encoders", "pack,", "v.lp"))
            self.assertIn("'raw'", self.bad(2, command, "--encoders", "raw", "v.lp"))
            self.assertIn("--key-size", self.bad(2, command, "--target", "string", "--key-size", "0", "v.lp"))
            for lost in (["--server", "redis-8"], ["--key-size", "9"], ["--expires"]):
                self.assertIn("--target string", self.bad(2, command, *lost, "v.lp"))
                self.assertIn("packed", self.bad(2, command, "--target", "packed", *lost, "v.lp"))


class Report(ToolTest):
    def test_training_tells_the_memory(self):
        self.write("s.txt", to_lines(sessions(400)))
        valkey = ["--target", "string", "--server", "valkey-9"]
        text = self.run_tool("train", *valkey, "-o", "p.vpp", "s.txt").stderr
        found = re.search(rb"server for them \(string\): (\d+) bytes instead of (\d+), (\S+) % less", text)
        encoded, raw, percent = (float(number) for number in found.groups())
        self.assertAlmostEqual(percent, 100 * (1 - encoded / raw), delta=0.05)
        self.assertGreater(percent, 30)
        self.assertNotIn(b"memory", self.run_tool("train", "-o", "q.vpp", "s.txt").stderr)

    def test_only_some_encoders(self):
        self.write("s.txt", to_lines(sessions(400)))
        self.good("train", "-q", "--encoders", "symbols,lz4", "-o", "p.vpp", "s.txt")
        self.write("v.txt", to_lines(sessions(50, seed=9)))
        bench = json.loads(self.good("bench", "--json", "-p", "p.vpp", "v.txt"))
        self.assertEqual(set(bench["encoders"]) - {"raw"}, {"symbols"})
        none = json.loads(self.good("bench", "--json", "-p", "p.vpp", "--encoders", "rle", "v.txt"))
        self.assertEqual(set(none["encoders"]), {"raw"})

    def test_bench_tells_the_memory(self):
        self.write("v.lp", to_lp(digits(50, 13)))
        string = ["--target", "string", "--key-size", "10", "--encoders", "pack"]
        found = json.loads(self.good("bench", "--json", *string, "v.lp"))
        self.assertEqual(found["target"], "string")
        self.assertEqual((found["server_raw_bytes"], found["server_encoded_bytes"]), (50 * 80, 50 * 72))
        table = self.good("bench", "--target", "hash-field", "--encoders", "pack", "v.lp").decode()
        self.assertIn("Memory of the server (hash-field): 500 bytes instead of 750, 33.3 % less", table)
        self.assertNotIn("server_raw_bytes", json.loads(self.good("bench", "--json", "v.lp")))
