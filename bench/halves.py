"""The sets of values to measure, each split into a half that trains and a half that tests."""

import functools
import shlex
from pathlib import Path

import corpora
import generate
from corpora import BenchError


class Halves:
    """Files with the halves of a set."""

    def __init__(self, prefix):
        self.train = Path(f"{prefix}.train.lp")
        self.test = Path(f"{prefix}.test.lp")

    def samples(self):
        return corpora.read_values(self.train)

    def with_first_samples(self, count, folder):
        """The same with no more than the first samples; they are in an order that was drawn by lot."""
        fewer = Halves(folder / f"{self.train.name}.first{count}")
        fewer.test = self.test
        fewer.train.write_bytes(corpora.to_lp(self.samples()[:count]))
        return fewer


def _write(values, prefix):
    for half, part in zip(("train", "test"), corpora.split(values)):
        Path(f"{prefix}.{half}.lp").write_bytes(corpora.to_lp(part))
    return Halves(prefix)


def _split_generated(name, prefix):
    return _write(generate.generate(name), prefix)


def _split_file(path, prefix, command):
    if command is None:
        return _write(corpora.read_values(path), prefix)
    corpora.run([*shlex.split(command), path, prefix], command)
    return Halves(prefix)


def _all(arguments, folder):
    """Pairs of a set's name and a function without arguments that makes its halves."""
    if arguments.folder is None:
        names = generate.SETS if arguments.sizes or not arguments.readme else generate.SHOWN
        return [(name, functools.partial(_split_generated, name, folder / name)) for name in names]
    source = Path(arguments.folder)
    ready = sorted(path.name[: -len(".train.lp")] for path in source.glob("*.train.lp"))
    if ready:
        return [(name, functools.partial(Halves, source / name)) for name in ready]
    files = sorted(path for path in source.iterdir() if path.suffix in corpora.ENDINGS)
    return [(path.stem, functools.partial(_split_file, path, folder / path.stem, arguments.split))
            for path in files]


def chosen(arguments, folder):
    found = _all(arguments, folder)
    unknown = set(arguments.set or ()) - {name for name, _ in found}
    if unknown:
        raise BenchError(f"there is no set {', '.join(sorted(unknown))}")
    if not found:
        raise BenchError(f"{arguments.folder}: nothing to measure, no NAME.txt, NAME.jsonl or NAME.lp")
    return [entry for entry in found if not arguments.set or entry[0] in arguments.set]
