#!/usr/bin/env python3
"""Encoded values in a real Redis: a private redis-server, a plain client, redis-cli and the valpack tool.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout). Needs redis-server and redis-cli and fails without them.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build"))

os.environ["VALPACK_LIBRARY"] = str(BUILD / "libvalpack.so")
sys.dont_write_bytecode = True
sys.path[:0] = [str(SOURCE / "bindings" / "python"), str(SOURCE / "bench")]

import generate  # noqa: E402
import redis_server  # noqa: E402
import valpack  # noqa: E402

SERVER = redis_server.Server()
SESSIONS = generate.generate("sessions", 1200)
URLS = generate.generate("urls", 1200)


def setUpModule():
    SERVER.__enter__()
    unittest.addModuleCleanup(SERVER.stop)


def odd_values():
    """What a protocol, a terminal or a C string could spoil, and long values."""
    rng = random.Random(7)
    values = [b"", b"\0", b"\0\0\0", b"a\0b", b"\r\n", b"$5\r\nhello\r\n", b"*1\r\n", b"-ERR no\r\n", b"nil"]
    values += [bytes([byte]) for byte in range(256)]
    values += [bytes([byte]) + rng.randbytes(12) for byte in range(0x80, 0x100)]
    values += [bytes(range(256)), rng.randbytes(300_000), b"spam and eggs, " * 40_000]
    values += [b"0", b"-1", b"9223372036854775807", b"9223372036854775808", b"007", b"1.50", b"  1"]
    return values


class RedisTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.profile = valpack.train(SESSIONS[:800], name="sessions")
        cls.codec = valpack.Codec(cls.profile)
        cls.values = SESSIONS[800:] + odd_values()
        cls.encoded = cls.codec.encode_many(cls.values)
        cls.keys = [f"session:{number}" for number in range(len(cls.values))]

    def setUp(self):
        self.client = SERVER.client()
        self.addCleanup(self.client.close)
        self.client.command("FLUSHALL", "SYNC")

    def assert_all_back(self, stored):
        self.assertEqual(stored, self.encoded)
        self.assertEqual(self.codec.decode_many(stored), self.values)

    def test_set_and_get(self):
        replies = self.client.pipeline([("SET", key, data) for key, data in zip(self.keys, self.encoded)])
        self.assertEqual(set(replies), {b"OK"})
        self.assert_all_back(self.client.pipeline([("GET", key) for key in self.keys]))

    def test_mset_and_mget(self):
        pairs = [part for pair in zip(self.keys, self.encoded) for part in pair]
        self.assertEqual(self.client.command("MSET", *pairs), b"OK")
        self.assert_all_back(self.client.command("MGET", *self.keys))

    def test_hash_fields(self):
        pairs = [part for pair in zip(self.keys, self.encoded) for part in pair]
        self.assertEqual(self.client.command("HSET", "all", *pairs), len(self.keys))
        self.assert_all_back(self.client.command("HMGET", "all", *self.keys))
        flat = self.client.command("HGETALL", "all")
        stored = dict(zip(flat[::2], flat[1::2]))
        self.assert_all_back([stored[key.encode()] for key in self.keys])

    def test_lists_keep_values_and_order(self):
        self.client.command("RPUSH", "queue", *self.encoded)
        self.assert_all_back(self.client.command("LRANGE", "queue", 0, -1))

    def test_integers_stay_numbers(self):
        for number in (b"0", b"41", b"-7", b"1000000007", b"9223372036854775806"):
            self.client.command("SET", "counter", self.codec.encode(number))
            self.assertEqual(self.client.command("OBJECT", "ENCODING", "counter"), b"int")
            self.assertEqual(self.client.command("INCR", "counter"), int(number) + 1)
            self.assertEqual(int(self.codec.decode(self.client.command("GET", "counter"))), int(number) + 1)
        self.client.command("HSET", "user:1", "visits", self.codec.encode(b"9"))
        self.assertEqual(self.client.command("HINCRBY", "user:1", "visits", 3), 12)

    def test_values_from_before_are_read_untouched(self):
        for old in (b"plain text", SESSIONS[0], b"17", "Zürich".encode(), b""):
            self.client.command("SET", "old", old)
            self.assertEqual(self.codec.decode(self.client.command("GET", "old")), old)

    def test_a_script_can_compare_stored_bytes(self):
        script = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('SET', KEYS[1], ARGV[2])"
        first, second = SESSIONS[900], SESSIONS[901]
        self.client.command("SET", "lock", self.codec.encode(first))
        again = valpack.Codec(valpack.Profile(self.profile.data))
        reply = self.client.command("EVAL", script, 1, "lock", again.encode(first), again.encode(second))
        self.assertEqual(reply, b"OK")
        self.assertEqual(self.codec.decode(self.client.command("GET", "lock")), second)

    def test_rotation_reads_old_and_new(self):
        following = valpack.train(SESSIONS[400:1200], name="sessions", beside=[self.profile])
        rotated = self.codec.with_profile(following)
        old, new = self.codec.encode(SESSIONS[900]), rotated.encode(SESSIONS[901])
        self.client.command("MSET", "old", old, "new", new)
        self.assertEqual(rotated.decode_many(self.client.command("MGET", "old", "new")), SESSIONS[900:902])
        with self.assertRaises(valpack.NoProfileError):
            self.codec.decode(self.client.command("GET", "new"))

    def test_used_memory_shrinks(self):
        values = SESSIONS[800:]
        raw, encoded = self.memory_of(values), self.memory_of(self.codec.encode_many(values))
        self.assertLess(encoded, 0.6 * raw)

    def memory_of(self, stored):
        self.client.command("FLUSHALL", "SYNC")
        self.client.close()
        before = redis_server.used_memory(SERVER)
        with SERVER.client() as client:
            client.pipeline([("SET", key, value) for key, value in zip(self.keys, stored)])
        grown = redis_server.used_memory(SERVER) - before
        self.client = SERVER.client()
        self.addCleanup(self.client.close)
        return grown


class RedisCliTest(unittest.TestCase):
    """The way of the shell: valpack encode | redis-cli -x SET, redis-cli --raw GET | valpack decode."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.assertIsNotNone(shutil.which("redis-cli"), "redis-cli is missing (Debian package redis-tools)")

    def run_program(self, *arguments, data=b""):
        done = subprocess.run(
            list(map(str, arguments)), input=data, capture_output=True, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def tool(self, *arguments, data=b""):
        return self.run_program(BUILD / "valpack", *arguments, data=data)

    def cli(self, *arguments, data=b""):
        return self.run_program("redis-cli", "-p", SERVER.port, *arguments, data=data)

    def test_tool_and_redis_cli(self):
        (self.folder / "urls.txt").write_bytes(b"".join(url + b"\n" for url in URLS[:1000]))
        self.tool("train", "--quiet", "-o", "urls.vpp", "urls.txt")
        settings = ["-p", "urls.vpp", "--format", "raw", "--output-format", "raw", "-"]
        for value in [*URLS[1000:1020], b"", b"a\0b\n", bytes(range(256)), b"42", b"eggs, " * 5000]:
            encoded = self.tool("encode", *settings, data=value)
            self.assertEqual(self.cli("-x", "SET", "url", data=encoded), b"OK\n")
            answer = self.cli("--raw", "GET", "url")
            self.assertEqual(answer[-1:], b"\n")  # redis-cli adds it
            self.assertEqual(self.tool("decode", *settings, data=answer[:-1]), value)


if __name__ == "__main__":
    unittest.main()
