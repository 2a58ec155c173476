"""Runs the tool in a folder of its own, with values that are made here."""

import os
import random
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build"))
TOOL = str(BUILD / "valpack")
COMMANDS = ["train", "encode", "decode", "inspect", "bench", "advise", "relocate", "dicts"]


def to_lines(values):
    return b"".join(value + b"\n" for value in values)


def to_lp(values):
    return b"".join(struct.pack("<I", len(value)) + value for value in values)


def from_lp(data):
    values = []
    while data:
        (size,) = struct.unpack_from("<I", data)
        assert len(data) >= 4 + size
        values.append(data[4 : 4 + size])
        data = data[4 + size :]
    return values


def sessions(count, seed=1):
    """JSON as a web application keeps it."""
    rng = random.Random(seed)
    cities = ["Oslo", "Lima", "Kyoto", "Porto", "Quito", "Tunis"]
    return [
        b'{"user":%d,"city":"%s","ip":"10.%d.%d.7","seen":%d,"theme":"%s"}'
        % (
            rng.randrange(10**6),
            rng.choice(cities).encode(),
            rng.randrange(256),
            rng.randrange(256),
            1700000000 + rng.randrange(10**7),
            rng.choice([b"dark", b"light"]),
        )
        for _ in range(count)
    ]


def odd_values(seed=2):
    """Every byte alone, empty values, NUL bytes, line feeds, random and long values."""
    rng = random.Random(seed)
    values = [b"", b"\0", b"\0" * 100, b"a\nb", b"\r", b"\n", b"-17", b"007", b'{"a": 1.0}', b"x" * 300000]
    values += [bytes([byte]) for byte in range(256)]
    values += [rng.randbytes(rng.randrange(60)) for _ in range(500)]
    values += [rng.randbytes(200000), b""]
    return values


SESSIONS = sessions(400)
trained = {}  # profiles by their samples and options: training takes longest here


class ToolTest(unittest.TestCase):
    """Each test has an empty folder, in which the tool runs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, data):
        (self.folder / name).write_bytes(data)
        return name

    def read(self, name):
        return (self.folder / name).read_bytes()

    def files(self):
        return sorted(path.name for path in self.folder.iterdir())

    def run_tool(self, *arguments, **settings):
        settings.setdefault("stdout", subprocess.PIPE)
        if "input" not in settings:
            settings.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(
            [TOOL, *arguments], cwd=self.folder, stderr=subprocess.PIPE, timeout=120, check=False, **settings
        )

    def good(self, *arguments, **settings):
        """Standard output of a run that must succeed."""
        done = self.run_tool(*arguments, **settings)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def bad(self, status, *arguments, **settings):
        """The message of a run that must fail, says who speaks and leaves no file behind."""
        before = {name: self.read(name) for name in self.files() if (self.folder / name).is_file()}
        done = self.run_tool(*arguments, **settings)
        message = done.stderr.decode()
        self.assertEqual(done.returncode, status, message)
        self.assertTrue(message.startswith("valpack"), message)
        after = {name: self.read(name) for name in self.files() if (self.folder / name).is_file()}
        self.assertEqual(before, after)
        return message

    def train(self, name="p.vpp", values=None, *options):
        """A profile of 16 codes, if nothing else is asked for, in the file of that name."""
        options = options if "--width" in options else ("--width", "16", *options)
        samples = to_lp(SESSIONS if values is None else values)
        key = (samples, options)
        if key not in trained or "--beside" in options:
            self.good("train", "--quiet", "-o", name, "--format", "lp", *options, "-", input=samples)
            trained[key] = self.read(name)
        return self.write(name, trained[key])
