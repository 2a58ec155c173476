#!/usr/bin/env python3
"""Runs the fenced code of README.md: the blocks marked sh, python and c, in this order, in an empty folder
that holds the sessions.jsonl of which they speak. Also looks for the files that README.md names.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the
build folder (by default build/ in the checkout).
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build")).resolve()
TEXT = (SOURCE / "README.md").read_text(encoding="utf-8")

sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "bench"))
import generate  # noqa: E402

ENVIRONMENT = {
    **os.environ,
    "PATH": f"{BUILD}:{os.environ['PATH']}",
    "PYTHONPATH": str(SOURCE / "bindings" / "python"),
    "PYTHONDONTWRITEBYTECODE": "1",
    "VALPACK_LIBRARY": str(BUILD / "libvalpack.so"),
}


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


class ReadmeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        sessions = generate.generate("sessions", 1000)
        (cls.folder / "sessions.jsonl").write_bytes(b"".join(line + b"\n" for line in sessions))

    def run_program(self, *command):
        done = subprocess.run(
            list(map(str, command)), cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_1_shell(self):
        self.assertTrue(blocks("sh"))
        for block in blocks("sh"):
            self.run_program("sh", "-e", "-c", block)
        self.assertTrue((self.folder / "sessions.vpp").exists())

    def test_2_python(self):
        self.assertTrue(blocks("python"))
        for block in blocks("python"):
            self.assertRegex(self.run_program(sys.executable, "-c", block), r"\d+ bytes in \d+")

    def test_3_c(self):
        self.assertTrue(blocks("c"))
        for block in blocks("c"):
            (self.folder / "quick.c").write_text(block)
            self.run_program("cc", "-std=c11", "-Wall", "-Wextra", "-Werror",
                             f"-I{SOURCE}/include", "quick.c", f"-L{BUILD}", f"-Wl,-rpath,{BUILD}", "-lvalpack", "-o", "quick")
            self.assertRegex(self.run_program("./quick"), r"\d+ bytes in \d+")

    def test_links(self):
        links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
        self.assertTrue(links)
        for link in links:
            self.assertTrue((SOURCE / link).exists(), link)


if __name__ == "__main__":
    unittest.main()
