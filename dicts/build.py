#!/usr/bin/env python3
"""Makes the profiles that ship: NAME.vpp, shipped.jsonl and the table in README.md of this folder.

usage: build.py            all of them
       build.py --check    whether the recipes make what is there; measures and changes nothing
       build.py [--check] NAME...    only these; README.md is then left alone

Every profile is trained on values of many made-up applications (values.py, web.py, objects.py,
frameworks.py), and measured on
applications that it has not seen: with it, with a profile of each one's own, and without any.
Environment: VALPACK_BUILD, the build folder with the tool in it (by default build/ in the checkout).
"""

import argparse
import concurrent.futures
import itertools
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Callable, NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(FOLDER.parent / "bench"))

import corpora  # noqa: E402
import frameworks  # noqa: E402
import objects  # noqa: E402
import values  # noqa: E402
import web  # noqa: E402

SEED = 20261121
UNSEEN = 4  # applications that measure
OWN_SAMPLES, OWN_BYTES, TESTED = 300, 64 << 10, 150  # of each of them
TABLE_BEGIN, TABLE_END = "<!-- made by: ./dev dicts -->", "<!-- end -->"


class Recipe(NamedTuple):
    """What is trained on, and with which options; the options not named here are left alone."""

    purpose: str
    application: Callable
    first_code: int
    width: int
    applications: int
    values_of_each: int
    model_bytes: int = 16384
    unseen: dict = {}  # arguments for applications that measure


# The ranges do not overlap, and 0xB0..0xBF is left to the profiles that people train themselves.
RECIPES = {
    "email": Recipe("e-mail addresses", values.email, 0x98, 4, 400, 10),
    "name": Recipe("names of people", values.name, 0x9C, 4, 300, 12),
    "place": Recipe("countries, cities, languages, locales, currencies, time zones", values.place,
                    0xA8, 8, 300, 20),
    "url": Recipe("addresses of pages, whole or without their beginning", web.url, 0x90, 4, 500, 6),
    "user-agent": Recipe("user agents of browsers, apps and programs", web.user_agent, 0x8C, 4, 300, 5),
    "header": Recipe("HTTP headers, their values, cookies, MIME types", web.header, 0x88, 4, 400, 2),
    "text": Recipe("English: titles, messages, short sentences", values.english, 0x94, 4, 400, 8,
                   unseen={"unseen": True}),
    "id": Recipe("UUIDs, ULIDs, ObjectIds, hashes, tokens, JWTs", values.identifier, 0xA0, 4, 300, 8),
    "time": Recipe("dates and times as text, seconds and milliseconds since 1970", values.time,
                   0xA4, 4, 200, 20),
    "session": Recipe("sessions of web applications: JSON, PHP", frameworks.session, 0x80, 2, 600, 1),
    "record": Recipe("JSON of APIs: people, orders, events, articles", objects.record, 0x84, 2, 400, 1),
    "job": Recipe("jobs of queues: Sidekiq, Celery, Laravel, Bull and others", frameworks.job,
                  0x82, 2, 450, 1),
    "html": Recipe("pieces of HTML", web.html, 0x86, 2, 250, 1),
}


# ---- Values -----------------------------------------------------------------------------------
def application_values(recipe, seed, count, **arguments):
    """The values of one application. None is empty: a profile has nothing to do there."""
    make = recipe.application(random.Random(f"{SEED} {seed}"), **arguments)
    made = (make().encode() for _ in range(2 * count))
    return [value for value in made if value][:count]


def training_values(name, recipe):
    """Values of all applications, in no order."""
    found = [value for number in range(recipe.applications)
             for value in application_values(recipe, f"{name} {number}", recipe.values_of_each)]
    random.Random(f"{SEED} {name}").shuffle(found)
    return found


def unseen_values(name, recipe):
    """For each application that measures, the values to train its own profile and those to encode."""
    for number in range(UNSEEN):
        found = application_values(recipe, f"{name} unseen {number}", TESTED + OWN_SAMPLES, **recipe.unseen)
        tested, own = found[:TESTED], found[TESTED:]
        sizes = itertools.accumulate(map(len, own))
        yield [value for value, size in zip(own, sizes) if size <= OWN_BYTES], tested


# ---- Training and measuring -------------------------------------------------------------------
def write(path, found):
    path.write_bytes(corpora.to_lp(found))
    return path


def train(samples, output, *options):
    corpora.run_tool("train", "--quiet", "--format", "lp", *options, "-o", output, samples)
    return output


def encoded_bytes(path, *options):
    """Bytes of all values of a file when encoded; fails unless they come back."""
    encoded, decoded = path.with_suffix(".encoded.lp"), path.with_suffix(".decoded.lp")
    corpora.run_tool("encode", *options, "-o", encoded, path)
    corpora.run_tool("decode", *options, "-o", decoded, encoded)
    if decoded.read_bytes() != path.read_bytes():
        raise corpora.BenchError(f"{path}: the values that come back are not those that went in")
    return sum(map(len, corpora.read_values(encoded)))


def measure(name, recipe, profile, folder):
    """Bytes of the values of the applications that measure: raw and in three ways."""
    totals = {"raw_bytes": 0, "encoded_bytes": 0, "own_bytes": 0, "untrained_bytes": 0}
    for number, (samples, tested) in enumerate(unseen_values(name, recipe)):
        path = write(folder / f"{name}-{number}.lp", tested)
        own = train(write(folder / f"{name}-{number}-own.lp", samples), folder / f"{name}-{number}.vpp")
        totals["raw_bytes"] += sum(map(len, tested))
        totals["encoded_bytes"] += encoded_bytes(path, "-p", profile)
        totals["own_bytes"] += encoded_bytes(path, "-p", own)
        totals["untrained_bytes"] += encoded_bytes(path)
    return totals


def build(name, folder, known):
    """Makes folder/NAME.vpp; returns its row of shipped.jsonl, with figures that are known or measured."""
    recipe = RECIPES[name]
    samples = write(folder / f"{name}.samples.lp", training_values(name, recipe))
    profile = train(samples, folder / f"{name}.vpp", "--name", name, "--first", recipe.first_code, "--width",
                    recipe.width, "--model-bytes", recipe.model_bytes)
    row = {"name": name, "purpose": recipe.purpose, "profile_bytes": profile.stat().st_size}
    return {**known, **row} if known else {**row, **measure(name, recipe, profile, folder)}


# ---- What is in this folder -------------------------------------------------------------------
def shipped_rows():
    """The rows of shipped.jsonl by name."""
    lines = (FOLDER / "shipped.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["name"]: row for row in map(json.loads, lines)}


def listing(rows):
    return "".join(json.dumps(rows[name], ensure_ascii=False) + "\n" for name in RECIPES if name in rows)


def table(rows):
    """The lines between the marks in README.md."""
    lines = ["| profile | for | ratio | own profile | untrained | bytes | first bytes | trained on |",
             "|---|---|---:|---:|---:|---:|---|---|"]
    for name, recipe in RECIPES.items():
        row = rows[name]
        ratios = [row["raw_bytes"] / row[key] for key in ("encoded_bytes", "own_bytes", "untrained_bytes")]
        cells = [f"`@{name}`", recipe.purpose, *(f"{ratio:.2f}" for ratio in ratios), row["profile_bytes"],
                 f"0x{recipe.first_code:02X}–0x{recipe.first_code + recipe.width - 1:02X}",
                 f"{recipe.applications} × {recipe.values_of_each} values"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "".join(line + "\n" for line in lines)


def readme(rows):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    begin = text.index(TABLE_BEGIN) + len(TABLE_BEGIN) + 1
    return text[:begin] + table(rows) + text[text.index(TABLE_END, begin):]


def wanted(rows, folder):
    """What the files in this folder should be: name, content."""
    found = {f"{name}.vpp": (folder / f"{name}.vpp").read_bytes() for name in rows}
    known = {**shipped_rows(), **rows}
    found["shipped.jsonl"] = listing(known).encode()
    if set(known) == set(RECIPES):
        found["README.md"] = readme(known).encode()
    return found


def differing(files):
    """Names of files of this folder that hold something else."""
    here = {name: FOLDER / name for name in files}
    return [name for name, path in here.items() if not path.is_file() or path.read_bytes() != files[name]]


def make(names, check, jobs):
    """Builds these profiles; names of the files that differ from those here, which are written over
    unless this is a check."""
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        folder = Path(name)
        known = shipped_rows() if check else {}
        built = pool.map(lambda one: build(one, folder, known.get(one)), names)
        rows = {row["name"]: row for row in built}
        files = wanted(rows, folder)
        changed = differing(files)
        if not check:
            for one in changed:
                (FOLDER / one).write_bytes(files[one])
    return changed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*", metavar="NAME", help="one profile; without a name, all of them")
    parser.add_argument("--check", action="store_true", help="compare with what is here; write nothing")
    parser.add_argument("--jobs", type=int, default=2, help="profiles made at the same time (%(default)s)")
    arguments = parser.parse_args()
    unknown = set(arguments.name) - set(RECIPES)
    if unknown:
        parser.error(f"no recipe: {', '.join(sorted(unknown))}")
    changed = make(arguments.name or RECIPES, arguments.check, arguments.jobs)
    for one in changed:
        print(f"{'differs' if arguments.check else 'written'}: dicts/{one}")
    if arguments.check and changed:
        sys.exit("build.py: the recipes make something else with this valpack, zstd and lz4")


if __name__ == "__main__":
    try:
        main()
    except corpora.BenchError as error:
        sys.exit(f"build.py: {error}")
