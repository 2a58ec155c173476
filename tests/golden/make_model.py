#!/usr/bin/env python3
"""Makes golden values of the encoder `model` from the generated samples of tests/model_reference.py: model_SET.vpp and
model_SET.tsv for objects with repeated ids, log lines with runs of digits, rows of fields, letters and repeated names.

usage: make_model.py FOLDER [SUFFIX]      the tool is looked for in VALPACK_BUILD; no file is written over
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import model_reference as reference  # noqa: E402

SAMPLES, VALUES, MODEL_BYTES = 1500, 30, "16K"


def make(values, folder, name, work):
    rng = random.Random(name)
    samples, profile = work / "samples.txt", folder / f"{name}.vpp"
    samples.write_text("".join(values(rng) + "\n" for _ in range(SAMPLES)))
    # Some end in what no sample has, so that there are bytes and ESCAPE.
    new = [values(rng).encode() + (b"\xc3\xa9\0" if i % 7 == 0 else b"") for i in range(VALUES)]
    reference.run_tool("train", "-q", "--model-bytes", MODEL_BYTES, "-o", str(profile), str(samples))
    first, row, _ = reference.read_profile(profile.read_bytes())
    if row is None:
        sys.exit(f"{name}: the trainer took no model")
    lines = []
    for value in new:
        (work / "value").write_bytes(value)
        command = [reference.TOOL, "encode", "-p", str(profile), "--format", "raw", "--output-format", "raw",
                   str(work / "value")]
        encoded = subprocess.run(command, check=True, capture_output=True).stdout
        if encoded != value:
            lines.append(f"{encoded.hex()}\t{value.hex()}\n")
    with open(folder / f"{name}.tsv", "x", encoding="ascii") as f:
        f.writelines(lines)
    print(f"{name}: {len(lines)} values, profile of {profile.stat().st_size} bytes, codes from {first:02X}")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder, suffix = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    for values in reference.SETS:
        with tempfile.TemporaryDirectory() as work:
            make(values, folder, f"model_{values.__name__}{suffix}", Path(work))


main()
