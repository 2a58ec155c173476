"""What is measured of one set of values: sizes, times, training, and the other compressors beside them."""

import csv

import corpora
from corpora import BenchError

RIVAL = "zstd-dict"
FEW = "few"  # what stands for a size of models in the row of the comparison with few samples


def read_peers(path):
    """Rows of a table with the columns corpus, best_ratio and best_codec, by corpus."""
    if path is None:
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return {row["corpus"]: row for row in csv.DictReader(file, delimiter="\t")}


# ---- Sizes ------------------------------------------------------------------------------------
class Trained:
    """A profile for a set, and what training it took."""

    def __init__(self, name, halves, model, folder):
        self.path = folder / f"{halves.train.name}.{model or 'default'}.vpp"
        options = ["--model-bytes", model] if model else []
        self.seconds, self.peak = corpora.watch_tool(
            self.path.with_suffix(".notes"), "train", "--quiet", "--name", name[:64], *options,
            "-o", self.path, halves.train)


def check_round_trip(name, profile, halves):
    """Values, their bytes raw and encoded by the tool, and how many of them grow by more than one byte."""
    encoded = profile.with_suffix(".encoded.lp")
    decoded = profile.with_suffix(".decoded.lp")
    corpora.run_tool("encode", "--no-verify", "-p", profile, "-o", encoded, halves.test)
    corpora.run_tool("decode", "-p", profile, "-o", decoded, encoded)
    if decoded.read_bytes() != halves.test.read_bytes():
        raise BenchError(f"{name}: the values that come back are not those that went in")
    before, after = corpora.read_values(halves.test), corpora.read_values(encoded)
    encoded.unlink()
    decoded.unlink()
    grown = sum(len(now) > len(value) + 1 for value, now in zip(before, after))
    return len(before), sum(map(len, before)), sum(map(len, after)), grown


# ---- One set ----------------------------------------------------------------------------------
def measures_models(arguments):
    """Whether more is asked for than the comparison with few samples."""
    return bool(arguments.results) or not arguments.few


def measure_set(arguments, name, halves, folder):
    """Rows with what was found: one for each size of models, then one for the comparison with few samples."""
    if arguments.samples:
        halves = halves.with_first_samples(arguments.samples, folder)
    models = arguments.models if measures_models(arguments) else []
    rows = [model_row(arguments, name, halves, folder, model) for model in models]
    if arguments.few and len(halves.samples()) >= max(arguments.few_least, arguments.few + 1):
        rows.append(few_row(arguments, name, halves, folder, rows[0] if rows else None))
    return rows


def model_row(arguments, name, halves, folder, model):
    trained = Trained(name, halves, model, folder)
    count, raw, encoded, grown = check_round_trip(name, trained.path, halves)
    peers = [] if arguments.no_peers else ["--train", halves.train]
    timed = [option for peer in arguments.peers_timed or () for option in ("--timed", peer)]
    found = corpora.bench(halves.test, "-p", trained.path, *peers, *timed)
    row = {
        "set": name, "model": model or "default", "values": count, "raw_bytes": raw, "encoded_bytes": encoded,
        "avg_bytes": raw / max(count, 1), "ratio": raw / max(encoded, 1),
        "encode_ns": found["encode_ns"], "decode_ns": found["decode_ns"],
        "failures": found["failures"] + grown,
        "train_s": trained.seconds, "train_mb": trained.peak / (1 << 20),
        "profile_kb": trained.path.stat().st_size / 1024,
        "encoders": corpora.encoder_shares(found["encoders"]), "versions": found["versions"]}
    add_rival(row, found["peers"].get(RIVAL))
    add_best_peer(row, found["peers"], arguments.peers)
    return row


def add_rival(row, rival):
    """Size and times of zstd level 3 with a dictionary, and how many times as long valpack takes."""
    if rival is None:
        return
    row["zstd_ratio"] = rival["ratio"]
    for work in ("encode", "decode"):
        if f"{work}_ns" in rival:
            row[f"zstd_{work}_ns"] = rival[f"{work}_ns"]
            row[f"{work}_x"] = row[f"{work}_ns"] / max(rival[f"{work}_ns"], 0.1)


def add_best_peer(row, peers, table):
    """The best of the other compressors: from the table if there is one, or else of those in this run."""
    if table:
        ratios = {one["best_codec"]: float(one["best_ratio"]) for one in (table.get(row["set"]),) if one}
    else:
        ratios = {name: measured["ratio"] for name, measured in peers.items()}
    if ratios:
        best = max(ratios, key=ratios.get)
        row.update(peer=best, peer_ratio=ratios[best], of_peer=row["ratio"] / ratios[best])


def few_row(arguments, name, halves, folder, with_all):
    """The ratio with few samples beside that with all of them, in a row that was measured before, or not."""
    ratio = with_all["ratio"] if with_all else trained_ratio(arguments, name, halves, folder)
    few_ratio = trained_ratio(arguments, name, halves.with_first_samples(arguments.few, folder), folder)
    return {"set": name, "model": FEW, "samples": len(halves.samples()), "ratio": ratio,
            "few_ratio": few_ratio, "of_all": few_ratio / ratio}


def trained_ratio(arguments, name, halves, folder):
    profile = Trained(name, halves, arguments.models[0], folder).path
    _, raw, encoded, grown = check_round_trip(name, profile, halves)
    if grown:
        raise BenchError(f"{name}: {grown} values grow by more than one byte")
    return raw / max(encoded, 1)
