#!/usr/bin/env python3
"""Shows what valpack saves in a real Redis.

usage: demo.py [FILE]

FILE holds values, one per line (NAME.txt, NAME.jsonl, ...) or with 4-byte little-endian lengths (NAME.lp).
Without one, sets are made up (see generate.py). Half of the values of a set trains a profile; the other
half, which training has not seen, is stored raw and encoded in a redis-server that runs for this alone,
read back, decoded and compared. Without FILE, a million records photo_id -> photo_obj_id follow, in every
layout there is: strings, two-level hashes, packed tables (see photos.py).
Environment: VALPACK_BUILD, the build folder (default build/).
"""

import os
import re
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from corpora import BUILD, SOURCE, BenchError, bench, encoder_shares  # noqa: E402
from corpora import read_values, run_tool, split, stop_on_signals, to_lp  # noqa: E402
import generate  # noqa: E402
from redis_server import RedisError, Server, used_memory  # noqa: E402

os.environ["VALPACK_LIBRARY"] = str(BUILD / "libvalpack.so")
sys.path.insert(0, str(SOURCE / "bindings" / "python"))

FILE_LIMIT = 64 << 20  # bytes read of the user's file
SET_VALUES = 4000
SET_BYTES = 300_000  # of a generated set: long values are fewer
INTEGER = re.compile(rb"0|-?[1-9][0-9]{0,18}")

COLUMNS = ("set", "values", "bytes", "encoded", "ratio", "memory", "encoded", "saved", "enc ns", "dec ns",
           "encoders")
WIDTHS = (-15, 6, 9, 9, 6, 7, 7, 6, 7, 7, -1)


def print_row(cells):
    padded = [cell.ljust(-width) if width < 0 else cell.rjust(width) for cell, width in zip(cells, WIDTHS)]
    print("  ".join(padded).rstrip(), flush=True)


def is_integer(value):
    """A canonical int64, which Redis keeps as a number and INCR works on."""
    return INTEGER.fullmatch(value) is not None and -(1 << 63) <= int(value) < 1 << 63


def generated_sets():
    for name in generate.SHOWN:
        values = generate.generate(name, 200)
        average = sum(map(len, values)) / len(values)
        yield name, generate.generate(name, int(min(SET_VALUES, SET_BYTES / average)))


def user_set(path):
    values = read_values(path, FILE_LIMIT)
    if not values:
        raise BenchError(f"{path}: there is no value in it")
    if os.path.getsize(path) > FILE_LIMIT:
        print(f"{path}: the first {FILE_LIMIT >> 20} MiB of it, {len(values)} values")
    return [(re.sub(r"[^\w.-]", "_", Path(path).stem) or "values", values)]


def warm_up(server):
    """So that what a server allocates once, with its first keys, does not count as memory of values."""
    for _ in range(2):
        memory_of(server, "warm", [b"up"] * 20000)


def memory_of(server, name, values):
    """Growth of used_memory by the values under keys of their own, and the values as read back."""
    keys = [f"{name}:{1000000 + number}" for number in range(len(values))]
    with server.client() as client:
        client.command("FLUSHALL", "SYNC")
    before = used_memory(server)
    with server.client() as client:
        client.pipeline([("SET", key, value) for key, value in zip(keys, values)])
        stored = client.pipeline([("GET", key) for key in keys])
    return used_memory(server) - before, stored


def measure_redis(server, name, values, encoded, codec):
    """used_memory raw and encoded; BenchError unless each value comes back."""
    raw_memory, stored = memory_of(server, name, values)
    compare(name, values, stored)
    encoded_memory, stored = memory_of(server, name, encoded)
    compare(name, encoded, stored)
    compare(name, values, codec.decode_many(stored))
    return raw_memory, encoded_memory


def compare(name, expected, found):
    if expected != found:
        index = next(i for i, (left, right) in enumerate(zip(expected, found)) if left != right)
        raise BenchError(f"{name}: value {index} came back as {found[index]!r}, not {expected[index]!r}")


class Demo:
    """One set after the other, and the sums."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = Path(folder)
        self.sums = [0, 0, 0, 0, 0]  # values, bytes, encoded, memory, memory encoded
        self.integers = 0
        self.seen = False  # whether values had to be measured that training has seen

    def show(self, name, values):
        import valpack  # once the library is known to be there

        samples, values = split(values)
        self.seen = self.seen or not samples
        train_file, test_file = self.folder / f"{name}.train.lp", self.folder / f"{name}.test.lp"
        profile_file = self.folder / f"{name}.vpp"
        train_file.write_bytes(to_lp(samples or values))
        test_file.write_bytes(to_lp(values))
        run_tool("train", "--quiet", "--keep-integers", "--name", name[:64], "-o", profile_file, train_file)
        found = bench(test_file, "--keep-integers", "-p", profile_file)
        codec = valpack.Codec(valpack.Profile.load(profile_file))
        encoded = codec.encode_many(values)
        compare(name, values, codec.decode_many(encoded))
        memory = (0, 0) if self.server is None else measure_redis(self.server, name, values, encoded, codec)
        self.integers += sum(map(is_integer, values))
        row = [len(values), sum(map(len, values)), sum(map(len, encoded)), *memory]
        self.sums = [total + one for total, one in zip(self.sums, row)]
        self.print_set(name, row, [f"{found['encode_ns']:.0f}", f"{found['decode_ns']:.0f}",
                                   encoder_shares(found["encoders"])])

    def print_set(self, name, row, rest):
        count, raw, encoded, raw_memory, encoded_memory = row
        cells = [name, f"{count}", f"{raw}", f"{encoded}", f"{raw / max(encoded, 1):.2f}"]
        if self.server is None:
            cells += ["-", "-", "-"]
        else:
            cells += [f"{raw_memory / count:.1f}", f"{encoded_memory / count:.1f}",
                      f"{100 - 100 * encoded_memory / raw_memory:.0f}%"]
        print_row(cells + rest)

    def run(self, sets):
        print_row(COLUMNS)
        shown = 0
        for name, values in sets:
            self.show(name, values)
            shown += 1
        if shown > 1:
            self.print_set("all", self.sums, ["", "", ""])
        self.explain()

    def explain(self):
        print("\nEvery value came back byte for byte."
              + ("" if self.seen else " Profiles were trained on other values of the same set."))
        print("bytes, encoded: all values of the set. enc ns, dec ns: nanoseconds a value, measured in C.")
        if self.server is not None:
            print("memory: growth of Redis' used_memory a value, with its key (SET name:1000000), raw and")
            print("encoded; it moves in steps of 8 or 16 bytes, and the key is most of it for short values.")
        if self.integers:
            print(f"{self.integers} canonical integers are left alone, so that they stay numbers for INCR;")
            print("the option encode_integers of the library and the tool's default encode them too.")


def open_server():
    try:
        return Server()
    except RedisError as error:
        print(f"Bytes only: {error}.\n")
        return None


def main():
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        print(__doc__.strip(), file=sys.stdout if sys.argv[1] in ("-h", "--help") else sys.stderr)
        sys.exit(0 if sys.argv[1] in ("-h", "--help") else 2)
    stop_on_signals()
    try:
        given = len(sys.argv) == 2
        sets = user_set(sys.argv[1]) if given else generated_sets()
        server = open_server()
        with tempfile.TemporaryDirectory(prefix="valpack-demo-") as folder:
            if server is None:
                Demo(None, folder).run(sets)
                return
            with server:
                warm_up(server)
                print(f"redis-server {server.version()} on 127.0.0.1:{server.port}, for this demo alone\n")
                Demo(server, folder).run(sets)
                if not given:
                    import photos  # once the library is known to be there

                    photos.show(server)
    except (BenchError, RedisError, OSError, ImportError) as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
