#!/usr/bin/env python3
"""Packed tables in a real Redis: parts fetched while writers replace the table, and writers that lose nothing.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the build folder (by
default build/ in the checkout). Needs redis-server and fails without it.
"""

import os
import random
import sys
import threading
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build"))

os.environ["VALPACK_LIBRARY"] = str(BUILD / "libvalpack.so")
sys.dont_write_bytecode = True
sys.path[:0] = [str(SOURCE / "bindings" / "python"), str(SOURCE / "bench")]

import redis_server  # noqa: E402
import valpack  # noqa: E402

SERVER = redis_server.Server()
KEY = "{photos}:1101000"


def setUpModule():
    SERVER.__enter__()
    unittest.addModuleCleanup(SERVER.stop)


def fetch_with(client):
    """What a RemoteTable asks for, from one moment."""
    def fetch(ranges):
        commands = [("GETRANGE", KEY, offset, offset + size - 1) for offset, size in ranges]
        return client.pipeline([("MULTI",), *commands, ("EXEC",)])[-1]

    return fetch


def try_to_replace(client, change):
    """Stores change(table) by compare-and-set; False if another was faster."""
    client.command("WATCH", KEY)
    table = valpack.Table(client.command("GET", KEY))
    return client.pipeline([("MULTI",), ("SET", KEY, change(table).data), ("EXEC",)])[-1] is not None


def replace(client, change):
    while not try_to_replace(client, change):
        pass


class TablesTest(unittest.TestCase):
    def setUp(self):
        self.client = SERVER.client()
        self.addCleanup(self.client.close)
        self.client.command("DEL", KEY)

    def run_threads(self, *works):
        """Calls each with a client of its own; the first exception fails the test."""
        errors = []

        def run(work):
            try:
                with SERVER.client() as client:
                    work(client)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def test_parts_of_a_table(self):
        rng = random.Random(1)
        records = {b"%d" % (10 * i): b"%d" % rng.randrange(10**10) for i in range(20_000)}
        self.assertEqual(self.client.command("SET", KEY, valpack.Table.build(records).data), b"OK")
        remote = valpack.RemoteTable(fetch_with(self.client))
        for field in rng.sample(sorted(records), 300):
            self.assertEqual(remote[field], records[field])
            self.assertNotIn(field + b"1", remote)
        self.client.command("DEL", KEY)
        self.assertNotIn(b"10", remote)

    def test_readers_of_parts_while_the_table_is_replaced(self):
        """Version n has n in every value, and more records than the one before: whatever is read is of one version."""
        versions = [valpack.Table.build({b"%d" % (7 * i): b"%d" % (n * 1000 + i % 1000) for i in range(500 + 300 * n)})
                    for n in range(1, 9)]
        self.client.command("SET", KEY, versions[0].data)
        done = threading.Event()

        def write(client):
            try:
                for _ in range(5):
                    for version in versions[1:]:
                        client.command("SET", KEY, version.data)
                    client.command("SET", KEY, versions[0].data)
            finally:
                done.set()

        def read(client):
            remote, rng, read = valpack.RemoteTable(fetch_with(client)), random.Random(2), 0
            while not done.is_set() or read < 200:
                i = rng.randrange(800)
                value = int(remote[7 * i])
                self.assertEqual(value % 1000, i)
                self.assertIn(value // 1000, range(1, 9))
                self.assertNotIn(7 * i + 1, remote)
                read += 1

        self.run_threads(write, read, read)

    def test_nothing_is_lost_with_four_writers(self):
        self.client.command("SET", KEY, valpack.Table.build({"first": "of all"}).data)

        def writer(name):
            def write(client):
                for i in range(50):
                    updates, removed = {f"{name}:{i}": i, f"last of {name}": i}, [f"{name}:{i - 10}"]
                    replace(client, lambda table, new=updates, old=removed: table.merge(new, old))
            return write

        self.run_threads(*map(writer, "abcd"))
        expected = {b"first": b"of all"}
        for name in "abcd":
            expected.update({f"{name}:{i}".encode(): b"%d" % i for i in range(40, 50)})
            expected[f"last of {name}".encode()] = b"49"
        self.assertEqual(valpack.Table(self.client.command("GET", KEY)), expected)

    def test_a_writer_that_is_too_late_stores_nothing(self):
        self.client.command("SET", KEY, valpack.Table.build({1: "one"}).data)

        def change(table):
            with SERVER.client() as other:
                self.assertTrue(try_to_replace(other, lambda table: table.merge({2: "two"})))
            return table.merge({3: "three"})

        self.assertFalse(try_to_replace(self.client, change))
        self.assertEqual(valpack.Table(self.client.command("GET", KEY)), {b"1": b"one", b"2": b"two"})


if __name__ == "__main__":
    unittest.main()
