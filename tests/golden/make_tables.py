#!/usr/bin/env python3
"""Makes golden tables from the generated records of tests/table_reference.py: NAME.bin, the table, and NAME.tsv, its
records, in hexadecimal. A table called as a profile in the folder above is written with it.

usage: make_tables.py FOLDER [SUFFIX]      the library is looked for in VALPACK_BUILD; no file is written over
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import table_reference as reference  # noqa: E402
import valpack  # noqa: E402

# Name: kind of the fields, kind of the values, how many.
TABLES = {
    "photos": ("line", "gaps", 300),
    "falling": ("line", "line", 200),
    "gaps": ("gaps", "deltas", 140),
    "wide": ("wide gaps", "whole range", 20),
    "random": ("line", "ten digits", 129),
    "frame": ("line", "frame", 140),
    "padded": ("padded", "padded", 150),
    "prefix": ("prefix", "choice", 150),
    "padded_prefix": ("padded prefix", "one", 256),
    "side_by_side": ("line", "bytes of one size", 130),
    "few_letters": ("hexadecimal", "bytes of few", 20),
    "words": ("words", "words", 140),
    "binary": ("binary", "empty", 40),
    "addresses": ("gaps", "encoded", 140),
    "uuids": ("long", "uuids", 20),
    "mixed": ("binary", "mixed", 40),
    "emails": ("words", "emails", 40),
}


def emails():
    """Records for the profile of that name."""
    lines = (reference.SOURCE / "tests" / "golden" / "emails.tsv").read_text().splitlines()
    values = [bytes.fromhex(line.split("\t")[1]) for line in lines]
    return list(zip(dict.fromkeys(reference.FIELDS["words"](reference.random.Random(1), len(values))), values))


def write(folder, name, records):
    table = valpack.Table.build(records, reference.golden_codec(name))
    with open(folder / f"{name}.bin", "xb") as f:
        f.write(table.data)
    with open(folder / f"{name}.tsv", "x", encoding="ascii") as f:
        f.writelines(f"{field.hex()}\t{value.hex()}\n" for field, value in table.items())
    print(f"{name}: {len(table)} records in {len(table.data)} bytes")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder, suffix = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    for name, kinds in TABLES.items():
        write(folder, name + suffix, emails() if name == "emails" else reference.records_of(*kinds))
    write(folder, f"nothing{suffix}", [])


main()
