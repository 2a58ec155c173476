#!/usr/bin/env python3
"""The records of the demo, fewer of them: every layout comes back, takes what was predicted, and stays below
what it is there for.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout). Needs redis-server and fails without it.
"""

import contextlib
import io
import os
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build"))

os.environ["VALPACK_LIBRARY"] = str(BUILD / "libvalpack.so")
sys.dont_write_bytecode = True
sys.path[:0] = [str(SOURCE / "bindings" / "python"), str(SOURCE / "bench")]

import photos  # noqa: E402
import redis_server  # noqa: E402
from corpora import BenchError  # noqa: E402

RECORDS = 20_000
TOLERANCE = {"strings": 0.01, "hashes": 0.03, "tables": 0.03}
MOST = {  # bytes a record
    "hashes with encoded values": 10.5,
    "tables: ids consecutive, object ids random": 4.5,
    "tables: ids consecutive, object ids rising": 2.0,
    "tables: ids and object ids rising": 2.9,
}


class Changing(redis_server.Client):
    """A client to which the server seems to lose a byte of what it stored."""

    def pipeline(self, commands):
        replies = super().pipeline(commands)
        if commands[0][0] in ("MGET", "GET", "HGETALL"):
            last = replies[-1]
            replies[-1] = last[:-1] if isinstance(last, bytes) else [*last[:-1], last[-1][:-1]]
        return replies


class Photos(unittest.TestCase):
    def setUp(self):
        self.server = redis_server.Server()
        self.server.__enter__()
        self.addCleanup(self.server.stop)

    def test_every_layout(self):
        rows = list(photos.rows(self.server, RECORDS))
        self.assertEqual(len(rows), 6)
        for row in rows:
            with self.subTest(row.layout):
                tolerance = next(part for kind, part in TOLERANCE.items() if row.layout.startswith(kind))
                self.assertAlmostEqual(row.measured / row.predicted, 1, delta=tolerance)
                self.assertLess(row.measured, MOST.get(row.layout, 80))
        self.assertLessEqual(set(MOST), {row.layout for row in rows})

    def test_a_byte_that_is_lost_is_noticed(self):
        self.server.client = lambda: Changing(self.server.port)
        store = photos.Store(self.server)
        keys, values = photos.consecutive(10**9, 3000), photos.consecutive(4 * 10**9, 3000)
        with self.assertRaisesRegex(BenchError, "strings.* not what was stored"):
            photos.as_strings(store, keys, values)
        with self.assertRaisesRegex(BenchError, "hashes.* not what was stored"):
            next(photos.hash_rows(store, keys, values))
        with self.assertRaises(photos.valpack.ValpackError):
            photos.table_row(store, "tables", keys, values)

    def test_what_is_shown(self):
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            photos.show(self.server, 5000)
        self.assertEqual(shown.getvalue().count("tables: "), 3)
        self.assertIn("5,000 records", shown.getvalue())


if __name__ == "__main__":
    unittest.main()
