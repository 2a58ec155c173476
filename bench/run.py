#!/usr/bin/env python3
"""Ratio and speed for each set of values: trained on one half, tested on the other.

Without FOLDER, on the sets that generate.py makes up. FOLDER holds NAME.txt, NAME.jsonl or NAME.lp, or
halves that were split before, NAME.train.lp and NAME.test.lp. Besides measuring with `valpack bench`, every
test half goes through `valpack encode` and `valpack decode`: the values must come back, and none may grow
by more than one byte. Times are nanoseconds a value; valpack takes turns with zstd and its dictionary.

--results writes the file of results: models of 64K and of 256K, and a comparison with 500 samples.
"""

import argparse
import concurrent.futures
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import corpora  # noqa: E402
import generate  # noqa: E402
import halves  # noqa: E402
import measuring  # noqa: E402
import results  # noqa: E402
import tables  # noqa: E402
from corpora import BenchError  # noqa: E402

SIZES = corpora.SOURCE / "bench" / "sizes.csv"
README = corpora.SOURCE / "README.md"
README_BEGIN = "<!-- made by: ./dev bench --readme -->"
README_END = "<!-- end -->"
SIZES_COLUMNS = ("set", "values", "raw_bytes", "encoded_bytes", "ratio")
README_COLUMNS = ("set", "avg_bytes", "ratio", "peer", "peer_ratio", "encode_ns", "decode_ns",
                  "zstd_encode_ns", "zstd_decode_ns")
FEW = 500
FEW_LEAST = 5000


# ---- All sets ---------------------------------------------------------------------------------
def each_set(arguments, folder):
    """Rows of a set in the order in which they are done; a set that fails is told and gives None."""
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        jobs = {pool.submit(one_set, arguments, entry, folder): entry[0]
                for entry in halves.chosen(arguments, folder)}
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


def one_set(arguments, entry, folder):
    """The set's own folder is gone when it is done."""
    name, make_halves = entry
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=folder) as own:
        return measuring.measure_set(arguments, name, make_halves(), Path(own))


def print_means(parts, few_rows):
    for part in parts.values():
        tables.print_row(tables.PRINTED, tables.mean_row(part))
    if parts and few_rows:
        tables.print_row(tables.FEW, {}, heading=True)
        for row in few_rows:
            tables.print_row(tables.FEW, row)
    if few_rows:
        tables.print_row(tables.FEW, tables.mean_row(few_rows))


def run_bench(arguments, folder):
    rows, failed = [], 0
    columns = tables.PRINTED if measuring.measures_models(arguments) else tables.FEW
    tables.print_row(columns, {}, heading=True)
    for found in each_set(arguments, folder):
        failed += found is None
        for row in found or []:
            rows.append(row)
            if (row["model"] == measuring.FEW) == (columns == tables.FEW):
                tables.print_row(columns, row)
    if rows:
        print_means(*results.by_model(rows))
        results.print_summary(rows, arguments.few)
    if failed:
        raise BenchError(f"{failed} sets failed")
    if not rows:
        raise BenchError(f"no set has {arguments.few_least} samples for --few")
    write_files(arguments, rows)
    failures = sum(row.get("failures", 0) for row in rows)
    if failures:
        raise BenchError(f"{failures} values did not come back or grew by more than one byte")


def write_files(arguments, rows):
    parts, few_rows = results.by_model(rows)
    measured = next(iter(parts.values()), [])
    if arguments.output:
        columns = tables.COLUMNS if parts else tables.FEW
        every = [row for part in (parts.values() or [few_rows]) for row in [*part, tables.mean_row(part)]]
        tables.write_table(arguments.output, every, columns, "\t")
    if arguments.readme:
        shown = [row for row in measured if row["set"] in generate.SHOWN]
        table = tables.markdown([*shown, tables.mean_row(shown)], README_COLUMNS)
        tables.replace_between(README, README_BEGIN, README_END, table)
    if arguments.sizes:
        order = list(generate.SETS)
        in_order = sorted(measured, key=lambda row: order.index(row["set"]))
        tables.write_table(SIZES, in_order, SIZES_COLUMNS, ",")
    if arguments.results:
        results.write(arguments, rows)


# ---- Options ----------------------------------------------------------------------------------
def count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number of 1 or more")
    return int(text)


def parser_of_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("folder", nargs="?", metavar="FOLDER")
    add("--set", action="append", metavar="NAME", help="only this set; repeatable")
    add("--split", metavar="COMMAND", help="COMMAND CORPUS PREFIX makes PREFIX.train.lp and PREFIX.test.lp")
    add("--model-bytes", metavar="SIZE", action="append", help="as for valpack train; repeatable")
    add("--samples", type=count, metavar="N", help="train on the first N samples only")
    add("--few", type=count, nargs="?", const=FEW, metavar="N",
        help=f"compare training on N samples ({FEW}) with training on all, sizes alone")
    add("--few-least", type=count, default=FEW_LEAST, metavar="N",
        help="sets with fewer samples are left out of that comparison (default %(default)s)")
    add("--jobs", type=count, default=1, metavar="N", help="sets at a time (default 1)")
    add("--peers", metavar="TSV", help="table with the columns corpus, best_ratio, best_codec")
    add("--peers-timed", action="append", metavar="PEER",
        help="time this one only, of the others take the sizes; repeatable")
    add("--no-peers", action="store_true", help="no zstd, lz4 and deflate with dictionaries")
    add("--output", metavar="TSV", help="write the table there too")
    add("--results", nargs="?", const=str(results.RESULTS), metavar="FILE",
        help="write all tables in Markdown (bench/RESULTS.md); what was added by hand stays")
    add("--readme", action="store_true", help="write the table of README.md anew")
    add("--sizes", action="store_true", help="write bench/sizes.csv, the sizes of the generated sets")
    return parser


def parse():
    parser = parser_of_options()
    arguments = parser.parse_args()
    if (arguments.readme or arguments.sizes) and (arguments.folder or arguments.set):
        parser.error("--readme and --sizes are about all generated sets: name no FOLDER and no --set")
    if arguments.results and arguments.no_peers:
        parser.error("--results needs the peers")
    arguments.models = arguments.model_bytes or (["64K", "256K"] if arguments.results else [None])
    if arguments.results and not arguments.few:
        arguments.few = FEW
    if (arguments.results or arguments.sizes or arguments.readme) and not arguments.peers_timed:
        arguments.peers_timed = [measuring.RIVAL]
    return arguments


def main():
    arguments = parse()
    corpora.stop_on_signals()
    try:
        arguments.peers = measuring.read_peers(arguments.peers)
        with tempfile.TemporaryDirectory(prefix="valpack-bench-") as folder:
            run_bench(arguments, Path(folder))
    except (BenchError, OSError, KeyError) as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
