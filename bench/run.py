#!/usr/bin/env python3
"""Ratio and speed for each set of values: trained on one half, tested on the other.

Without FOLDER, on the sets that generate.py makes up. FOLDER holds NAME.txt, NAME.jsonl or NAME.lp, or
halves that were split before, NAME.train.lp and NAME.test.lp. Besides measuring with `valpack bench`, every
test half goes through `valpack encode` and `valpack decode`: the values must come back, and none may grow
by more than one byte. Times are nanoseconds a value; with --jobs 2 they wait for each other's caches.
"""

import argparse
import concurrent.futures
import csv
import functools
import math
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
import corpora  # noqa: E402
import generate  # noqa: E402
from corpora import BenchError  # noqa: E402

SIZES = Path(__file__).resolve().parent / "sizes.csv"
README = SIZES.parent.parent / "README.md"
README_BEGIN = "<!-- made by: ./dev bench --readme -->"
README_END = "<!-- end -->"
SIZES_COLUMNS = ("set", "values", "raw_bytes", "encoded_bytes", "ratio")
COLUMNS = ("set", "values", "avg_bytes", "ratio", "encode_ns", "decode_ns", "zstd_dict_ns", "symbols_ns",
           "symbols_zstd_ns", "failures", "train_s", "profile_kb", "peer", "peer_ratio", "of_peer",
           "encoders")
PRINTED = ("set", "values", "avg_bytes", "ratio", "encode_ns", "decode_ns", "zstd_dict_ns", "failures",
           "train_s", "peer", "peer_ratio", "of_peer", "encoders")
README_COLUMNS = ("set", "avg_bytes", "ratio", "peer", "peer_ratio", "encode_ns", "decode_ns", "zstd_dict_ns")
MEANS = ("ratio", "encode_ns", "decode_ns", "zstd_dict_ns", "symbols_ns", "symbols_zstd_ns", "peer_ratio",
         "of_peer")


# ---- Halves of sets ---------------------------------------------------------------------------
def write_halves(values, prefix):
    for half, part in zip(("train", "test"), corpora.split(values)):
        Path(f"{prefix}.{half}.lp").write_bytes(corpora.to_lp(part))
    return prefix


def split_generated(name, prefix):
    return write_halves(generate.generate(name), prefix)


def split_file(path, prefix, command):
    if command is None:
        return write_halves(corpora.read_values(path), prefix)
    done = subprocess.run([*shlex.split(command), str(path), str(prefix)], capture_output=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"{command} {path}: {done.stderr.decode().strip()}")
    return prefix


def halves(arguments, folder):
    """Pairs of a set's name and a function without arguments that gives the prefix of its halves' files."""
    if arguments.folder is None:
        return [(name, functools.partial(split_generated, name, folder / name)) for name in generate.SETS]
    source = Path(arguments.folder)
    ready = sorted(path.name[: -len(".train.lp")] for path in source.glob("*.train.lp"))
    if ready:
        return [(name, functools.partial(Path, source / name)) for name in ready]
    corpus_files = sorted(path for path in source.iterdir() if path.suffix in corpora.ENDINGS)
    return [(path.stem, functools.partial(split_file, path, folder / path.stem, arguments.split))
            for path in corpus_files]


# ---- One set ----------------------------------------------------------------------------------
def train(arguments, name, prefix, folder):
    profile = folder / f"{name}.vpp"
    options = ["--model-bytes", arguments.model_bytes] if arguments.model_bytes else []
    corpora.run_tool("train", "--quiet", "--name", name[:64], *options, "-o", profile, f"{prefix}.train.lp")
    return profile


def check_round_trip(profile, prefix, folder, name):
    """Values, their bytes raw and encoded by the tool, and how many of them grow by more than one byte."""
    test = Path(f"{prefix}.test.lp")
    encoded, decoded = folder / f"{name}.encoded.lp", folder / f"{name}.decoded.lp"
    corpora.run_tool("encode", "--no-verify", "-p", profile, "-o", encoded, test)
    corpora.run_tool("decode", "-p", profile, "-o", decoded, encoded)
    if decoded.read_bytes() != test.read_bytes():
        raise BenchError(f"{name}: the values that come back are not those that went in")
    before, after = corpora.read_values(test), corpora.read_values(encoded)
    grown = sum(len(now) > len(value) + 1 for value, now in zip(before, after))
    return len(before), sum(map(len, before)), sum(map(len, after)), grown


def sizes_of(arguments, name, prefix, folder):
    profile = train(arguments, name, prefix, folder)
    count, raw, encoded, grown = check_round_trip(profile, prefix, folder, name)
    if grown:
        raise BenchError(f"{name}: {grown} values grow by more than one byte")
    return {"set": name, "values": count, "raw_bytes": raw, "encoded_bytes": encoded, "ratio": raw / encoded}


def measure(arguments, name, prefix, folder):
    start = time.monotonic()
    profile = train(arguments, name, prefix, folder)
    seconds = time.monotonic() - start
    count, raw, encoded, grown = check_round_trip(profile, prefix, folder, name)
    peers = [] if arguments.no_peers else ["--train", f"{prefix}.train.lp"]
    found = corpora.bench(f"{prefix}.test.lp", "-p", profile, *peers)
    symbols = found["encoders"].get("symbols", {})
    row = {
        "set": name, "values": count, "avg_bytes": raw / max(count, 1), "ratio": raw / max(encoded, 1),
        "encode_ns": found["encode_ns"], "decode_ns": found["decode_ns"],
        "zstd_dict_ns": found["peers"].get("zstd-dict", {}).get("decode_ns"),
        "symbols_ns": symbols.get("decode_ns"), "symbols_zstd_ns": symbols.get("zstd_dict_decode_ns"),
        "failures": found["failures"] + grown, "train_s": seconds,
        "profile_kb": profile.stat().st_size / 1024, "encoders": corpora.encoder_shares(found["encoders"])}
    peer = best_peer(name, found, arguments.peers)
    if peer is not None:
        row.update(peer=peer[0], peer_ratio=peer[1], of_peer=row["ratio"] / peer[1])
    return row


def best_peer(name, found, table):
    """The best of the other compressors: from a table with the columns corpus, best_ratio and best_codec, or
    else of those measured in this run."""
    if table:
        peer = table.get(name)
        return (peer["best_codec"], float(peer["best_ratio"])) if peer else None
    ratios = [(peer, measured["ratio"]) for peer, measured in found["peers"].items()]
    return max(ratios, key=lambda entry: entry[1], default=None)


# ---- All sets ---------------------------------------------------------------------------------
def each_set(arguments, work, folder):
    """Rows in the order in which they are done; a set that fails is told and counts as failed."""
    chosen = [entry for entry in halves(arguments, folder) if not arguments.set or entry[0] in arguments.set]
    if not chosen:
        raise BenchError(f"{arguments.folder}: nothing to measure, no NAME.txt, NAME.jsonl or NAME.lp")
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        jobs = {pool.submit(one_set, work, arguments, entry, folder): entry[0] for entry in chosen}
        try:
            for job in concurrent.futures.as_completed(jobs):
                try:
                    yield job.result()
                except (BenchError, OSError) as error:
                    print(f"FAILED {jobs[job]}: {error}", file=sys.stderr, flush=True)
                    yield None
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def one_set(work, arguments, entry, folder):
    name, make_halves = entry
    return work(arguments, name, make_halves(), folder)


def geometric_mean(numbers):
    return math.exp(sum(map(math.log, numbers)) / len(numbers)) if numbers else None


def mean_row(rows):
    row = {"set": f"geometric mean ({len(rows)})", "values": sum(row["values"] for row in rows),
           "failures": sum(row["failures"] for row in rows)}
    for column in MEANS:
        row[column] = geometric_mean([one[column] for one in rows if one.get(column)])
    return row


def shown(column, value):
    if value is None:
        return "-"
    if not isinstance(value, float):
        return str(value)
    if column in ("ratio", "peer_ratio", "of_peer"):
        return f"{value:.3f}"
    return f"{value:.0f}" if column.endswith("_ns") else f"{value:.1f}"


def print_row(row, heading=False):
    width = {"set": -24, "encoders": -1, "peer": -20}
    cells = []
    for column in PRINTED:
        cell = column if heading else shown(column, row.get(column))
        size = width.get(column, max(len(column), 7))
        cells.append(cell.ljust(-size) if size < 0 else cell.rjust(size))
    print("  ".join(cells).rstrip(), flush=True)


def write_table(path, rows, columns, delimiter):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([shown(column, row.get(column)) for column in columns] for row in rows)


def write_readme(rows):
    """Puts the table between the two comments of README.md."""
    cells = [[column.replace("_", " ") for column in README_COLUMNS]]
    cells += [[shown(column, row.get(column)) for column in README_COLUMNS] for row in rows]
    lines = [f"| {' | '.join(line)} |" for line in cells]
    lines.insert(1, "|---|" + "---:|" * (len(README_COLUMNS) - 1))
    before, begin, rest = README.read_text(encoding="utf-8").partition(README_BEGIN)
    _, end, after = rest.partition(README_END)
    if not end:
        raise BenchError(f"{README}: the comments around the table are missing")
    table = "\n".join(lines)
    README.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def read_peers(path):
    if path is None:
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return {row["corpus"]: row for row in csv.DictReader(file, delimiter="\t")}


def run_sizes(arguments, folder):
    rows = list(each_set(arguments, sizes_of, folder))
    if None in rows:
        raise BenchError(f"{SIZES} was not written")
    order = list(generate.SETS)
    write_table(SIZES, sorted(rows, key=lambda row: order.index(row["set"])), SIZES_COLUMNS, ",")
    print(SIZES.read_text(), end="")


def run_bench(arguments, folder):
    arguments.peers = read_peers(arguments.peers)
    rows, failed = [], 0
    print_row({}, heading=True)
    for row in each_set(arguments, measure, folder):
        if row is None:
            failed += 1
            continue
        rows.append(row)
        print_row(row)
    if rows:
        rows.sort(key=lambda row: row["set"])
        rows.append(mean_row(rows))
        print_row(rows[-1])
        if arguments.output:
            write_table(arguments.output, rows, COLUMNS, "\t")
        if arguments.readme:
            write_readme(rows)
    if failed or not rows or rows[-1]["failures"]:
        raise BenchError(f"{failed} sets failed, {rows[-1]['failures'] if rows else 0} values of the others")


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", metavar="FOLDER")
    parser.add_argument("--set", action="append", metavar="NAME", help="only this set; repeatable")
    parser.add_argument("--split", metavar="COMMAND", 
                        help="COMMAND CORPUS PREFIX makes PREFIX.train.lp and PREFIX.test.lp")
    parser.add_argument("--model-bytes", metavar="SIZE", help="as for valpack train")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="sets at a time (default 1)")
    parser.add_argument("--peers", metavar="TSV",
                        help="table with the columns corpus, best_ratio, best_codec")
    parser.add_argument("--no-peers", action="store_true",
                        help="do not time zstd, lz4 and deflate with dictionaries")
    parser.add_argument("--output", metavar="TSV", help="write the table there too")
    parser.add_argument("--readme", action="store_true", help="write the table of README.md anew")
    parser.add_argument("--sizes", action="store_true",
                        help="write bench/sizes.csv, the sizes of the generated sets")
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error("--jobs is 1 or more")
    if (arguments.readme or arguments.sizes) and (arguments.folder or arguments.set):
        parser.error("--readme and --sizes are about all generated sets: name no FOLDER and no --set")
    return arguments


def main():
    arguments = parse()
    corpora.stop_on_signals()
    try:
        with tempfile.TemporaryDirectory(prefix="valpack-bench-") as folder:
            (run_sizes if arguments.sizes else run_bench)(arguments, Path(folder))
    except (BenchError, OSError, KeyError) as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
