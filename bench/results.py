"""What a whole run comes to: the summary, and the file with all tables."""

import os
import platform
import re
from pathlib import Path

import measuring
import tables

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
END = "<!-- end of what ./dev bench --results writes; what follows is written by hand and stays -->"
COLUMNS = ("set", "values", "avg_bytes", "ratio", "peer", "peer_ratio", "of_peer", "zstd_ratio", "encode_ns",
           "encode_x", "decode_ns", "decode_x", "train_s", "train_mb", "profile_kb", "encoders")
CLEAR_LEAD = 1.5
CLOSE = 0.98
PROFILE_AIMS = {"64K": 192, "256K": 512}  # KiB of the whole file
RATIO_AIMS = {"64K": 4.7, "256K": 5.3}  # on the sets of RESULTS.md


# ---- The summary ------------------------------------------------------------------------------
def worst(rows, column, unit, places):
    row = max(rows, key=lambda one: one[column])
    return f"{row[column]:.{places}f} {unit} ({row['set']})"


def mean(rows, column, places, unit=""):
    value = tables.mean_of(rows, column)
    return "-" if value is None else f"{value:.{places}f}{unit}"


def against_peers(rows):
    compared = [row for row in rows if row.get("of_peer")]
    behind = [f"{row['set']} {row['of_peer']:.3f}" for row in compared if row["of_peer"] < CLOSE]
    clear = sum(row["of_peer"] >= CLEAR_LEAD for row in compared)
    return [
        ("best peer of each set, ratio", mean(compared, "peer_ratio", 3), ""),
        ("ratio by that of the best peer", mean(compared, "of_peer", 3), ""),
        (f"sets at {CLEAR_LEAD} times the best peer or more", f"{clear} of {len(compared)}", "20 or more"),
        (f"sets below {CLOSE} of the best peer", ", ".join(behind) or "none", "none")]


def model_summary(rows, model):
    """Lines of what, found and aim, for one size of models."""
    ratio_aim, profile_aim = RATIO_AIMS.get(model), PROFILE_AIMS.get(model)
    return [
        ("sets", str(len(rows)), ""),
        ("ratio", mean(rows, "ratio", 3), f"{ratio_aim} or more" if ratio_aim else ""),
        *against_peers(rows),
        ("ratio of zstd with a dictionary", mean(rows, "zstd_ratio", 3), ""),
        ("encoding, ns a value: valpack, zstd",
         f"{mean(rows, 'encode_ns', 0)}, {mean(rows, 'zstd_encode_ns', 0)}", ""),
        ("encoding by that of zstd", mean(rows, "encode_x", 2, " times"), "3 times or less"),
        ("decoding, ns a value: valpack, zstd",
         f"{mean(rows, 'decode_ns', 0)}, {mean(rows, 'zstd_decode_ns', 0)}", ""),
        ("decoding by that of zstd", mean(rows, "decode_x", 2, " times"), "4 times or less"),
        ("slowest training", worst(rows, "train_s", "s", 1), "under 60 s"),
        ("most memory of a training", worst(rows, "train_mb", "MiB", 0), "under 1024 MiB"),
        ("largest profile", worst(rows, "profile_kb", "KiB", 0),
         f"under {profile_aim} KiB" if profile_aim else ""),
        ("values that did not come back or grew by more than a byte",
         str(sum(row["failures"] for row in rows)), "0")]


def few_summary(rows, few):
    return (f"ratio with {few} samples by that with all, {len(rows)} sets",
            mean(rows, "of_all", 3), "0.85 or more")


def by_model(rows):
    """The rows of each size of models, sets in the order of the alphabet, and those of the comparison with
    few samples."""
    ordered = sorted(rows, key=lambda row: row["set"])
    models = dict.fromkeys(row["model"] for row in rows)
    parts = {model: [row for row in ordered if row["model"] == model] for model in models}
    return parts, parts.pop(measuring.FEW, [])


def summary(rows, few):
    """Lines of what, one thing found for each size of models, and the aim."""
    parts, few_rows = by_model(rows)
    columns = [model_summary(part, model) for model, part in parts.items()]
    lines = [[lines[0][0], *(line[1] for line in lines), " and ".join(dict.fromkeys(
        line[2] for line in lines if line[2]))] for lines in zip(*columns)]
    if few_rows:
        what, found, aim = few_summary(few_rows, few)
        lines.append([what, found, *[""] * (len(parts) - 1), aim])
    return list(parts), lines


def print_summary(rows, few):
    models, lines = summary(rows, few)
    print()
    for what, *found, aim in lines:
        cells = [f"{model}: {one}" if len(models) > 1 and one else one for model, one in zip(models, found)]
        print(f"{what:58s} {';  '.join(filter(None, cells or found))}{f'   (aim: {aim})' if aim else ''}")


# ---- The file ---------------------------------------------------------------------------------
def machine():
    """What the times were measured on, in general words."""
    model = ""
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        model = f" of an {found.group(1)}" if found else ""
    except OSError:
        pass
    return f"{os.cpu_count()} cores{model}, {platform.machine()}, {platform.system()}"


def introduction(arguments, rows):
    versions = next(row["versions"] for row in rows if "versions" in row)
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items())
    sets = ("The sets are those that `bench/generate.py` makes." if arguments.folder is None else
            "The sets are public ones, and made-up fields in the bytes that real programs write; licences\n"
            "keep them out of this repository.")
    codecs = ", ".join(sorted({row["best_codec"] for row in arguments.peers.values()}))
    peers = ("*peer* is the best other compressor of the set, by a table measured before on the same\n"
             f"halves, in which length fields and symbol tables are not counted\n({codecs})." if codecs
             else "*peer* is the best other compressor of this run.")
    return f"""\
# Results

Made by `./dev bench FOLDER --results`, which measures a folder of your own just so: it holds NAME.txt or
NAME.jsonl (a value per line) or NAME.lp (each value behind its length in 4 bytes, little-endian).

{sets}
Each is shuffled with a fixed seed; one half trains the profile (at most 10,000 values), the other half is
encoded, every value alone, and decoded and compared. *ratio* is raw bytes divided by encoded bytes, header
counted, profile not counted.

{peers}
*zstd* is zstd at level 3 with a dictionary of 110 KiB made of the same samples. Its passes over the values
take turns with those of valpack within one process: *encode ns* and *decode ns* are valpack's nanoseconds a value
(medians), *encode x* and *decode x* how many times as long as zstd's they are, the choice of the encoder
included. *train s* and *train mb* are seconds and the most memory (MiB) of training, *profile kb* the size of
the whole profile in KiB. *encoders*: which ones took how many of the values. Means are geometric.

{libraries}; {machine()}; {arguments.jobs} sets at a time."""


def write(arguments, rows):
    parts, few_rows = by_model(rows)
    models, lines = summary(rows, arguments.few)
    heads = ["", *(f"models of {model}" for model in models), "aim"]
    text = [introduction(arguments, rows), "## Summary",
            tables.markdown_of([heads, *lines], [True] * len(heads))]
    for model, part in parts.items():
        text += [f"## Models of at most {model}", tables.markdown([*part, tables.mean_row(part)], COLUMNS)]
    if few_rows:
        text += [f"## {arguments.few} samples",
                 f"*few ratio* is that with the first {arguments.few} samples, *ratio* that with all of them, in "
                 f"the sets that have\n{arguments.few_least} and more, with models of at most {models[0]}.",
                 tables.markdown([*few_rows, tables.mean_row(few_rows)], tables.FEW)]
    path = Path(arguments.results)
    by_hand = path.read_text(encoding="utf-8").partition(END)[2] if path.exists() else "\n"
    path.write_text("\n\n".join(text) + f"\n\n{END}{by_hand}", encoding="utf-8")
