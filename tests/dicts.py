#!/usr/bin/env python3
"""The profiles that ship: their recipes make the files that are there, values that the recipes make come
back through the tool, and dicts/ stays small.

Two quick ones are made anew here; `./dev dicts --check` makes all. They are the same bytes with the same
versions of zstd and lz4, whose dictionaries are measured beside the other encoders.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout).
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
os.environ.setdefault("VALPACK_BUILD", str(SOURCE / "build"))
DICTS = SOURCE / "dicts"

sys.dont_write_bytecode = True
sys.path[:0] = [str(DICTS), str(SOURCE / "bench")]
import build  # noqa: E402
import corpora  # noqa: E402


def run_build(*arguments):
    return subprocess.run([sys.executable, DICTS / "build.py", *arguments], stdin=subprocess.DEVNULL,
                          text=True, capture_output=True, check=False)


class Dicts(unittest.TestCase):
    def test_every_recipe_ships_and_nothing_else(self):
        self.assertEqual(list(build.shipped_rows()), list(build.RECIPES))
        self.assertEqual(sorted(path.stem for path in DICTS.glob("*.vpp")), sorted(build.RECIPES))
        listed = json.loads(corpora.run_tool("dicts", "--json"))
        self.assertEqual(listed, list(build.shipped_rows().values()))
        for row in listed:
            self.assertEqual(row["profile_bytes"], (DICTS / f"{row['name']}.vpp").stat().st_size)
            self.assertEqual(row["purpose"], build.RECIPES[row["name"]].purpose)

    def test_the_table_is_that_of_the_rows(self):
        text = (DICTS / "README.md").read_text(encoding="utf-8")
        self.assertEqual(text, build.readme(build.shipped_rows()))

    def test_they_pay_and_are_small(self):
        for row in build.shipped_rows().values():
            self.assertLess(row["encoded_bytes"], row["untrained_bytes"], row["name"])
        self.assertLess(sum(path.stat().st_size for path in DICTS.iterdir() if path.is_file()), 600_000)

    def test_the_recipes_make_what_is_there(self):
        done = run_build("--check", "place", "time")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_unknown_recipes(self):
        done = run_build("--check", "nosuch")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nosuch", done.stderr)

    def test_values_come_back(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "values.lp")
            for name, recipe in build.RECIPES.items():
                found = [value for number in range(20)
                         for value in build.application_values(recipe, f"test {name} {number}", 20)]
                path.write_bytes(corpora.to_lp(found))
                raw = sum(map(len, found))
                self.assertLess(build.encoded_bytes(path, "-p", f"@{name}"), raw)


if __name__ == "__main__":
    unittest.main()
