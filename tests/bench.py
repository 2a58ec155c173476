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


sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "bench"))
import corpora  # noqa: E402


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
            self.assertEqual(len(corpora.read_values(path)), 50)

    def test_sizes_name_every_set(self):
        with open(SOURCE / "bench" / "sizes.csv", newline="", encoding="utf-8") as file:
            names = [row["set"] for row in csv.DictReader(file)]
        self.assertEqual(names, self.run_program("generate.py", "--list").split())

    def table(self, name):
        with open(self.folder / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, delimiter="\t"))

    def test_bench_of_a_folder(self):
        self.run_program("generate.py", "sets", "--set", "countries", "--set", "moves", "--count", "600")
        self.run_program("run.py", "sets", "--jobs", "2", "--no-peers", "--output", "found.tsv")
        rows = self.table("found.tsv")
        self.assertEqual([row["set"] for row in rows], ["countries", "moves", "geometric mean (2)"])
        for row in rows:
            self.assertGreater(float(row["ratio"]), 2)
            self.assertEqual((row["failures"], row["zstd_ratio"]), ("0", "-"))
        self.assertIn("nothing to measure", self.run_program("run.py", "temporary", status=1))
        self.assertIn("no set moved", self.run_program("run.py", "sets", "--set", "moved", status=1))

    def test_zstd_with_a_dictionary_is_always_beside_it(self):
        self.run_program("generate.py", "sets", "--set", "names", "--count", "400")
        text = self.run_program("run.py", "sets", "--peers-timed", "zstd-dict", "--output", "found.tsv")
        row, mean = self.table("found.tsv")
        for work in ("encode", "decode"):
            quotient = float(row[f"{work}_ns"]) / float(row[f"zstd_{work}_ns"])
            self.assertAlmostEqual(float(row[f"{work}_x"]), quotient, delta=0.03 + 0.02 * quotient)
            self.assertEqual(mean[f"{work}_x"], row[f"{work}_x"])
        share = float(row["ratio"]) / float(row["peer_ratio"])
        self.assertAlmostEqual(float(row["of_peer"]), share, places=2)
        self.assertGreater(float(row["train_mb"]), 1)
        self.assertRegex(text, r"slowest training +\d+\.\d s \(names\)")

    def test_few_samples_beside_all(self):
        self.run_program("generate.py", "sets", "--set", "names", "--set", "urls", "--count", "400")
        self.run_program("generate.py", "sets", "--set", "countries", "--count", "60")
        self.run_program("run.py", "sets", "--few", "50", "--few-least", "200", "--output", "found.tsv")
        rows = self.table("found.tsv")
        self.assertEqual([row["set"] for row in rows], ["names", "urls", "geometric mean (2)"])
        for row in rows:
            self.assertLess(float(row["few_ratio"]), float(row["ratio"]))
        self.run_program("run.py", "sets", "--set", "names", "--samples", "50", "--no-peers",
                         "--output", "few.tsv")
        self.assertEqual(self.table("few.tsv")[0]["ratio"], rows[0]["few_ratio"])
        self.assertIn("no set has 5000", self.run_program("run.py", "sets", "--few", status=1))

    def test_results_keep_what_was_written_by_hand(self):
        self.run_program("generate.py", "sets", "--set", "names", "--set", "moves", "--count", "400")
        peers = self.folder / "peers.tsv"
        peers.write_text("corpus\tbest_ratio\tbest_codec\nmoves\t99.5\tfantasy\n", encoding="utf-8")
        command = ["run.py", "sets", "--results", "found.md", "--few-least", "200", "--few", "50"]
        self.run_program(*command)
        first = (self.folder / "found.md").read_text(encoding="utf-8")
        (self.folder / "found.md").write_text(f"{first}\n## What did not work\n", encoding="utf-8")
        self.run_program(*command, "--peers", peers)
        second = (self.folder / "found.md").read_text(encoding="utf-8")
        self.assertTrue(second.endswith("\n## What did not work\n"))
        for part in ("## Models of at most 64K", "## Models of at most 256K", "## 50 samples", "zstd 1."):
            self.assertEqual((first.count(part), second.count(part)), (1, 1), part)
        self.assertRegex(second, r"\| sets below 0.98 of the best peer +\| moves 0\.0")
        self.assertNotIn(str(self.folder), second)

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
