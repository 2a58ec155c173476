#!/usr/bin/env python3
"""The programs in bench/: the sets are the same every time, the bench tells what it measured, and the demo
ends, with a redis-server and without one, leaving nothing behind.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout).
"""

import csv
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build")).resolve()


class BenchTest(unittest.TestCase):
    """Each test has a folder; the programs make their temporary files in a folder below it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()

    def start(self, program, *arguments, **environment):
        return subprocess.Popen(
            [sys.executable, SOURCE / "bench" / program, *arguments], cwd=self.folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "VALPACK_BUILD": str(BUILD), "TMPDIR": str(self.temporary), **environment})

    def run_program(self, *command, status=0, **environment):
        process = self.start(*command, **environment)
        output, errors = process.communicate(timeout=250)
        self.assertEqual(process.returncode, status, errors)
        self.assertEqual(list(self.temporary.iterdir()), [])
        return output if status == 0 else errors

    def test_sets_are_the_same_every_time(self):
        names = self.run_program("generate.py", "--list").split()
        self.run_program("generate.py", "one", "--count", "50")
        self.run_program("generate.py", "two", "--count", "50", PYTHONHASHSEED="7")
        for name in names:
            (path,) = (self.folder / "one").glob(f"{name}.*")
            self.assertEqual(path.read_bytes(), (self.folder / "two" / path.name).read_bytes())
            self.assertEqual(len(path.read_bytes().splitlines()), 50)

    def test_sizes_name_every_set(self):
        with open(SOURCE / "bench" / "sizes.csv", newline="", encoding="utf-8") as file:
            names = [row["set"] for row in csv.DictReader(file)]
        self.assertEqual(names, self.run_program("generate.py", "--list").split())

    def test_bench_of_a_folder(self):
        self.run_program("generate.py", "sets", "--set", "countries", "--set", "moves", "--count", "600")
        self.run_program("run.py", "sets", "--jobs", "2", "--no-peers", "--output", "found.tsv")
        with open(self.folder / "found.tsv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        self.assertEqual([row["set"] for row in rows], ["countries", "moves", "geometric mean (2)"])
        for row in rows:
            self.assertGreater(float(row["ratio"]), 2)
            self.assertEqual(row["failures"], "0")
        self.assertIn("nothing to measure", self.run_program("run.py", "temporary", status=1))

    def test_demo_of_a_file(self):
        self.run_program("generate.py", ".", "--set", "urls", "--count", "400")
        output = self.run_program("demo.py", "urls.txt")
        self.assertRegex(output, r"\nurls +200 ")
        self.assertIn("Every value came back", output)
        without = self.run_program("demo.py", "urls.txt", PATH="/nonexistent")
        self.assertIn("there is no redis-server", without)
        self.assertIn("Every value came back", without)
        self.assertIn("nosuch.txt", self.run_program("demo.py", "nosuch.txt", status=1))

    def test_demo_stops_its_server_on_a_signal(self):
        process = self.start("demo.py")
        self.addCleanup(process.wait)
        self.assertIn("for this demo alone", process.stdout.readline())
        (log,) = self.temporary.glob("*/redis.log")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.assertFalse(log.exists())
        self.assertEqual(list(self.temporary.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
