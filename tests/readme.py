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
import redis_server  # noqa: E402

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

    def compile(self, block, program, *libraries):
        (self.folder / f"{program}.c").write_text(block)
        self.run_program("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{SOURCE}/include",
                         f"-I{SOURCE}/bindings/hiredis", f"{program}.c", f"-L{BUILD}", f"-Wl,-rpath,{BUILD}",
                         *libraries, "-lvalpack", "-o", program)

    def test_3_c(self):
        core = [block for block in blocks("c") if "hiredis" not in block]
        self.assertTrue(core)
        for block in core:
            self.compile(block, "quick")
            self.assertRegex(self.run_program("./quick"), r"\d+ bytes in \d+")

    def test_4_hiredis(self):
        block, = [block for block in blocks("c") if "hiredis" in block]
        self.assertEqual(block, (SOURCE / "bindings/hiredis/example.c").read_text(encoding="utf-8"))
        self.compile(block, "example", "-lvalpack_hiredis", "-lhiredis")
        with redis_server.Server() as server:
            for _ in range(2):
                said = self.run_program("./example", server.port).splitlines()
                self.assertEqual(said, ['session: {"user":17,"city":"Oslo","theme":"dark"}',
                                        "photo 1101000051: 3301000051", "photo 52 of the table: 3301000352"])
            with server.client() as client:
                self.assertEqual(sorted(client.command("KEYS", "*")),
                                 [b"photo:11010000", b"photos:11010000", b"session:17"])
                self.assertLess(client.command("STRLEN", "session:17"), 30)
        gone = subprocess.run([self.folder / "example", str(server.port)], capture_output=True, text=True, check=False)
        self.assertEqual(gone.returncode, 1)
        self.assertIn("SET session:17: the connection was lost: Connection refused", gone.stderr)

    def test_links(self):
        links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
        self.assertTrue(links)
        for link in links:
            self.assertTrue((SOURCE / link).exists(), link)


if __name__ == "__main__":
    unittest.main()
