#!/usr/bin/env python3
"""Enforces the layers of the code: a file includes its own layer and those above it in LAYERS, no cycles.

A new file that matches no pattern is an error, so that somebody decides which room it belongs to. To give it a
room, add it to LAYERS. Before the checkout is judged, the script proves on small trees that it would fail.
"""

import os
import re
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

# From the bottom of the house to its top: name, what belongs there, files.
LAYERS = [
    ("public", "the contract with applications", ["include/valpack.h", "include/valpack_cost.h", "include/valpack_bucket.h", "include/valpack_table.h"]),
    ("bytes", "helpers that know nothing about valpack: byte ranges, bits, memory, hashes",
     ["codec/bytes.*", "codec/bits.*", "codec/hash.*", "codec/memory.*", "codec/radix.*", "codec/scratch.*",
      "codec/alphabets.*", "codec/blocks.*", "codec/json.*",
      "codec/utf8.*"]),
    ("value", "facts about one value, the first byte, costs", ["codec/value.*", "codec/header.*", "codec/cost.*", "codec/cost_*", "codec/target.*"]),
    ("encoder", "the table of ops and its rows", ["codec/encoder.h", "codec/registry.def"]),
    ("encoders", "the encoders, and what several of them share", ["codec/encoders/*", "codec/templates.*", "codec/model/*"]),
    ("registry", "the encoders as one constant table", ["codec/registry.c"]),
    ("profile", "what was learned, read and written through the encoders' table", ["codec/profile.*", "codec/profile_*"]),
    ("codec", "profiles, options and working memory together", ["codec/codec.*", "codec/options.*", "codec/context.*"]),
    ("chooser", "the way of a value and back", ["codec/chooser.*", "codec/decoder.*"]),
    ("bucket", "containers of values", ["codec/bucket.*", "codec/bucket_*", "codec/table/*"]),
    ("api", "public functions: argument checks and statuses", ["codec/api.*", "codec/inspect.*", "codec/status.*", "codec/fingerprint.*",
      "codec/shipped.*"]),
    ("train", "the trainer, which only advice uses", ["codec/train/*", "include/valpack_train.h"]),
    ("advise", "what each technique would save, on top of everything", ["codec/advise/*", "include/valpack_advise.h"]),
]
CLIENTS = ["bindings", "bench"]  # see include/ and themselves, nothing of codec/
SUFFIXES = {".c", ".h", ".def"}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def layer_of(path):
    for number, (_, _, patterns) in enumerate(LAYERS):
        if any(fnmatch(path, pattern) for pattern in patterns):
            return number
    return None


def resolve(root, path, name):
    """The file that the compiler would take, as a path in the checkout, or None."""
    for folder in (Path(path).parent, "codec", "include"):
        candidate = os.path.normpath(Path(folder, name))
        if (root / candidate).is_file():
            return candidate
    return None


def files_under(root, folders):
    found = (p for folder in folders for p in (root / folder).rglob("*") if p.suffix in SUFFIXES)
    return sorted(p.relative_to(root).as_posix() for p in found)


def includes(root, path):
    """Pairs of the name as written and the file it means."""
    text = (root / path).read_text(encoding="utf-8")
    return [(name, resolve(root, path, name)) for name in INCLUDE.findall(text)]


def check_library_file(root, path):
    own = layer_of(path)
    if own is None:
        yield f"{path}: belongs to no layer; choose its room in LAYERS of tests/layering.py"
        return
    for name, target in includes(root, path):
        other = layer_of(target) if target else None
        if other is None:
            yield f'{path}: "{name}" is no file of the library'
        elif other > own:
            yield f'{path} ({LAYERS[own][0]}) must not include "{name}" ({LAYERS[other][0]})'


def check_client_file(root, path):
    home = path.split("/")[0] + "/"
    for name, target in includes(root, path):
        if target is None or not target.startswith((home, "include/")):
            yield f'{path}: "{name}" is neither in {home} nor in include/'


def check_cycles(root, paths):
    """Each header that includes itself by way of others."""
    edges = {path: {target for _, target in includes(root, path) if target} for path in paths}
    for start in paths:
        seen, ahead = set(), list(edges[start])
        while ahead:
            path = ahead.pop()
            if path not in seen:
                seen.add(path)
                ahead.extend(edges.get(path, ()))
        if start in seen:
            yield f"{start}: includes itself by way of others"


def check(root):
    library = files_under(root, ["include", "codec"])
    clients = files_under(root, CLIENTS)
    problems = [p for path in library for p in check_library_file(root, path)]
    problems += [p for path in clients for p in check_client_file(root, path)]
    problems += check_cycles(root, library + clients)
    return problems, len(library) + len(clients)


# File, its text, what must be said about it (None: nothing).
CASES = [
    ("codec/encoders/int.c", '#include "encoder.h"\n#include "bytes.h"\n#include <zstd.h>\n', None),
    ("codec/train/all.c", '#include "chooser.h"\n#include "valpack_train.h"\n', None),
    ("bindings/cli/main.c", '#include "options.h"\n#include "valpack_train.h"\n', None),
    ("codec/value.c", '#include "chooser.h"\n', "must not include"),
    ("codec/bytes.c", '  # include "encoders/int.h"\n', "must not include"),
    ("codec/encoders/zstd.c", '#include "../train/train.h"\n', "must not include"),
    ("codec/api.c", '#include "valpack_train.h"\n', "must not include"),
    ("codec/chooser.c", '#include "missing.h"\n', "no file of the library"),
    ("codec/utils.c", "", "belongs to no layer"),
    ("bindings/cli/main.c", '#include "../../codec/bytes.h"\n', "neither in"),
    ("bench/speed.c", '#include "bytes.h"\n', "neither in"),
    ("codec/bytes.h", '#include "memory.h"\n', "includes itself"),
]


def self_test():
    """Every case alone in an otherwise faultless tree."""
    for path, text, expected in CASES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            tree = {"codec/memory.h": '#include "bytes.h"\n', "bindings/cli/options.h": "", path: text}
            for name in ["include/valpack.h", "include/valpack_train.h", "codec/bytes.h", "codec/encoder.h",
                         "codec/chooser.h", "codec/encoders/int.h", "codec/train/train.h"]:
                tree.setdefault(name, "")
            for name, content in tree.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(content)
            problems, _ = check(root)
            right = not problems if expected is None else problems and all(expected in p for p in problems)
            if not right:
                sys.exit(f"layering.py does not work: {path} with {text!r} gives {problems}")


def main():
    self_test()
    root = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
    problems, count = check(root)
    if problems:
        rooms = (f"    {name}: {what} ({' '.join(patterns)})" for name, what, patterns in LAYERS)
        sys.exit("\n".join([*problems, "", "The rooms, each may include itself and those above it:", *rooms]))
    if count == 0:
        sys.exit(f"no source files under {root}")
    print(f"{count} files keep to the layers")


if __name__ == "__main__":
    main()
