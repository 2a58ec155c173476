"""Tables of what was measured: on the terminal, as TSV and CSV, and in Markdown."""

import csv
import math

from corpora import BenchError

COLUMNS = ("set", "model", "values", "avg_bytes", "ratio", "peer", "peer_ratio", "of_peer", "encode_ns",
           "zstd_encode_ns", "encode_x", "decode_ns", "zstd_decode_ns", "decode_x", "zstd_ratio", "failures",
           "train_s", "train_mb", "profile_kb", "encoders")
PRINTED = ("set", "model", "values", "avg_bytes", "ratio", "peer_ratio", "of_peer", "encode_ns", "encode_x",
           "decode_ns", "decode_x", "zstd_ratio", "failures", "train_s", "encoders")
FEW = ("set", "samples", "ratio", "few_ratio", "of_all")
MEANS = ("ratio", "encode_ns", "decode_ns", "zstd_ratio", "zstd_encode_ns", "zstd_decode_ns", "encode_x",
         "decode_x", "peer_ratio", "of_peer", "few_ratio", "of_all")
PLACES = {"ratio": 3, "peer_ratio": 3, "of_peer": 3, "zstd_ratio": 3, "few_ratio": 3, "of_all": 3,
          "encode_x": 2, "decode_x": 2, "encode_ns": 0, "decode_ns": 0, "zstd_encode_ns": 0,
          "zstd_decode_ns": 0, "avg_bytes": 1, "train_s": 1, "train_mb": 0, "profile_kb": 0}
TEXT = ("set", "model", "peer", "encoders")


def geometric_mean(numbers):
    return math.exp(sum(map(math.log, numbers)) / len(numbers)) if numbers else None


def mean_of(rows, column):
    return geometric_mean([row[column] for row in rows if row.get(column)])


def mean_row(rows):
    row = {"set": f"geometric mean ({len(rows)})", "model": rows[0]["model"],
           "failures": sum(row.get("failures", 0) for row in rows)}
    row.update((column, mean_of(rows, column)) for column in MEANS)
    return row


def shown(column, value):
    if value is None:
        return "-"
    return f"{value:.{PLACES[column]}f}" if isinstance(value, float) else str(value)


# ---- On the terminal --------------------------------------------------------------------------
def print_row(columns, row, heading=False):
    cells = []
    for column in columns:
        cell = column if heading else shown(column, row.get(column))
        if column in TEXT:
            cells.append(cell.ljust({"set": 24, "model": 7}.get(column, 1)))
        else:
            cells.append(cell.rjust(max(len(column), 7)))
    print("  ".join(cells).rstrip(), flush=True)


# ---- In files ---------------------------------------------------------------------------------
def write_table(path, rows, columns, delimiter):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([shown(column, row.get(column)) for column in columns] for row in rows)


def markdown(rows, columns):
    cells = [[column.replace("_", " ") for column in columns]]
    cells += [[shown(column, row.get(column)) for column in columns] for row in rows]
    return markdown_of(cells, [column in TEXT for column in columns])


def markdown_of(cells, to_left):
    """A table of lines of cells, the first of them its heading; aligned too for those who read it as text."""
    widths = [max(3, *(len(line[i]) for line in cells)) for i in range(len(to_left))]
    lines = [[cell.ljust(width) if left else cell.rjust(width)
              for cell, width, left in zip(line, widths, to_left)] for line in cells]
    lines.insert(1, ["-" * width if left else "-" * (width - 1) + ":"
                     for width, left in zip(widths, to_left)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def replace_between(path, begin, end, text):
    """Puts the text between two lines of a file that stand there already."""
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, closing, after = rest.partition(end)
    if not found or not closing:
        raise BenchError(f"{path}: the comments {begin} and {end} are missing")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
