"""Sets of values for the bench and the demo: reading, splitting, and what the tool makes of them."""

import json
import os
import random
import signal
import struct
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("VALPACK_BUILD", SOURCE / "build")).resolve()
WATCH = SOURCE / "bench" / "watch.py"
ENDINGS = (".txt", ".jsonl", ".lp")
SPLIT_SEED = 20261120
LIMIT = 10_000  # values in each half


class BenchError(Exception):
    """Something outside is at fault; the text says what."""


def stop_on_signals():
    """Lets SIGTERM and SIGHUP end the program as an exception does, so that everything is cleaned up."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))


# ---- Values -----------------------------------------------------------------------------------
def from_lp(data, source):
    values, at = [], 0
    while at < len(data):
        if at + 4 > len(data):
            raise BenchError(f"{source}: ends within the 4-byte length of a value, at byte {at}")
        (size,) = struct.unpack_from("<I", data, at)
        if at + 4 + size > len(data):
            raise BenchError(f"{source}: the value at byte {at} has {size} bytes, the file ends before")
        values.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return values


def read_values(path, limit=None):
    """Values of a file: length-prefixed ones of NAME.lp, otherwise the lines that are not empty. Reads no
    more than `limit` bytes and leaves out the value that is cut there."""
    try:
        with open(path, "rb") as file:
            data = file.read(-1 if limit is None else limit)
            cut = bool(file.read(1))
    except OSError as error:
        raise BenchError(f"{path}: {error.strerror}") from None
    if str(path).endswith(".lp"):
        return from_lp(_whole_lp(data) if cut else data, path)
    if cut:
        data = data[: data.rfind(b"\n") + 1]
    return [line for line in data.split(b"\n") if line]


def _whole_lp(data):
    end = 0
    while end + 4 <= len(data):
        following = end + 4 + struct.unpack_from("<I", data, end)[0]
        if following > len(data):
            break
        end = following
    return data[:end]


def to_lp(values):
    return b"".join(struct.pack("<I", len(value)) + value for value in values)


def split(values):
    """The half that trains and the half that tests, the same ones every time."""
    shuffled = list(values)
    random.Random(SPLIT_SEED).shuffle(shuffled)
    half = len(shuffled) // 2
    return shuffled[: min(half, LIMIT)], shuffled[half : half + LIMIT]


# ---- The tool ---------------------------------------------------------------------------------
def run(command, name):
    """Standard output of a command, called by that name when it fails."""
    try:
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
    except OSError as error:
        raise BenchError(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        raise BenchError(f"{name} failed ({done.returncode}): {done.stderr.decode().strip()}")
    return done.stdout


def tool():
    path = BUILD / "valpack"
    if not path.is_file():
        raise BenchError(f"{path}: no such program; ./dev build makes it")
    return path


def run_tool(*arguments):
    """Standard output of build/valpack with these arguments."""
    return run([tool(), *arguments], f"valpack {arguments[0]}")


def watch_tool(notes, *arguments):
    """Seconds that build/valpack takes with these arguments, and the most bytes of memory it holds."""
    run([sys.executable, "-SE", WATCH, notes, tool(), *arguments], f"valpack {arguments[0]}")
    seconds, peak = notes.read_text(encoding="ascii").split()
    return float(seconds), int(peak)


def bench(values_file, *options):
    """What `valpack bench --json` found, as a dict."""
    return json.loads(run_tool("bench", "--json", *options, values_file))


def encoder_shares(use):
    """The encoders that won and their per cent of the values, the most used first; shares that round to 0 are
    left out."""
    total = sum(entry["values"] for entry in use.values()) or 1
    ranked = sorted(use.items(), key=lambda item: (-item[1]["values"], item[0]))
    shares = ((name, 100 * entry["values"] / total) for name, entry in ranked)
    return ", ".join(f"{name} {share:.0f}%" for name, share in shares if share >= 0.5)
