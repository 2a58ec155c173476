#!/usr/bin/env python3
"""Decodes values of the encoder `model` with a decoder of its own, which was written from codec/FORMAT.md alone, and
compares: what the built tool encodes must come back by the page, byte for byte. The profiles are trained here on
generated values. When this test fails, either the format has changed without the page, or the page is wrong.

Environment: VALPACK_SOURCE, the checkout (by default the one around this file); VALPACK_BUILD, the build folder
(by default build/ in the checkout).
"""

import os
import random
import struct
import subprocess
import tempfile
import unittest
import uuid
from bisect import bisect_right
from pathlib import Path

SOURCE = Path(os.environ.get("VALPACK_SOURCE", Path(__file__).resolve().parent.parent))
TOOL = str(Path(os.environ.get("VALPACK_BUILD", SOURCE / "build")) / "valpack")
MODEL = 13
END = 256
SMALL, LARGE = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
RUNS = [(DIGITS, 4), (DIGITS + "abcdef", 4), (DIGITS + "ABCDEF", 4), (SMALL, 3), (DIGITS + LARGE + SMALL, 2),
        (LARGE + SMALL + DIGITS + "+/", 2), (LARGE + SMALL + DIGITS + "-_", 2)]
PUNCTUATION = {b for b in range(0x21, 0x7F) if not chr(b).isalnum()}


class Damage(Exception):
    pass


def check(fact, text):
    if not fact:
        raise Damage(text)


# ---- Section 3 of the page ----------------------------------------------------------------------
class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        check(self.at + size <= len(self.data), "cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def byte(self, most=255):
        byte = self.take(1)[0]
        check(byte <= most, "too large")
        return byte

    def number(self, most):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                check(byte or shift == 7, "a varint that is too long")
                check(value <= most, "too large")
                return value


def read_profile(data):
    """First code, and (row, section) of the model: the row is form, offset, bits."""
    check(data[:4] == b"VPP\1", "no profile")
    first, reader, sections = data[4], Reader(data[16:-8]), {}
    while reader.at < len(reader.data):
        kind, size = struct.unpack("<B3xI", reader.take(8))
        sections[kind] = reader.take(size)
    policy = Reader(sections[2])
    policy.byte(), check(policy.byte() == 0, "check bytes"), policy.byte()
    rows = [policy.take(5) for _ in range(policy.byte())]
    row = next((row for row in rows if row[0] == MODEL), None)
    return first, row and tuple(row[1:4]), sections.get(16 + MODEL)


# ---- The section of the model -------------------------------------------------------------------
def parts(weights, total_parts):
    """Where each part begins, and the end."""
    count, total, total_before, starts = len(weights), sum(weights), 0, []
    for i, weight in enumerate(weights):
        starts.append(i + total_before * (total_parts - count) // total)
        total_before += weight
    return [*starts, total_parts]


class Model:
    def __init__(self, section):
        r = Reader(section)
        self.fields, self.delimiter, flags = r.byte(1), r.byte(), r.byte(3)
        check(not (self.fields and flags & 2) and not (self.delimiter and not self.fields), "wrong flags")
        sizes = r.take(r.number(16384))
        phrases = [r.take(size) for size in sizes]
        check(all(1 <= size <= 128 for size in sizes), "a phrase of a wrong size")
        check(all(a < b for a, b in zip(phrases, phrases[1:])), "phrases out of order")
        runs = [(r.byte(6), r.byte(64)) for _ in range(r.number(64))]
        check(all(size >= 2 for _, size in runs) and all(a < b for a, b in zip(runs, runs[1:])), "runs")
        self.read_slots(r, len(phrases))
        copies = flags & 1
        if copies:
            self.lengths = parts([b + 1 for b in r.take(17)], 256)
            self.distances = parts([b + 1 for b in r.take(17)], 256)
        self.symbols = [("text", bytes([b])) for b in range(256)] + [("end", None)]
        self.symbols += [("text", phrase) for phrase in phrases] + [("run", run) for run in runs]
        self.symbols += [("copy", None)] * copies
        self.symbols += [("slot copy", slot) for slot in range(len(self.slots))] if flags & 2 else []
        check(len(self.symbols) <= 24576, "too many symbols")
        self.contexts = {(None, b""): self.read_entries(r, True)}
        for depth in range(1, 6):
            self.read_level(r, depth, False)
        for depth in range(5):
            self.read_level(r, depth, True)
        check(r.at == len(section), "something follows")
        check(len(self.contexts) <= 65534, "too many contexts")
        check(sum(len(symbols) for symbols, _ in self.contexts.values()) <= 1 << 20, "too many entries")

    def read_slots(self, r, phrases):
        count, phrase = r.number(64 if self.fields else 1024), -1
        check(count > 0, "no slot")
        self.slots, self.spots, self.opens = [], [0], {}
        for slot in range(count):
            self.slots.append(r.byte(3))
            self.spots.append(self.spots[-1] + (62 if self.slots[-1] & 2 else 3))
            if slot and not self.fields:
                phrase += r.number(16384) + 1
                check(phrase < phrases, "no such phrase")
                self.opens[257 + phrase] = slot

    def read_entries(self, r, root=False):
        count = r.number(len(self.symbols) - 1) + 1
        symbols = [r.number(len(self.symbols))]
        for _ in range(count - 1):
            symbols.append(symbols[-1] + r.number(len(self.symbols)) + 1)
        check(symbols[-1] < len(self.symbols), "no such symbol")
        check(not root or symbols[:257] == list(range(257)), "a byte is missing")
        weights = [r.byte(127) for _ in range(count + (not root))]
        return symbols + [None] * (not root), parts([8 + b % 8 << b // 8 for b in weights], 1 << 16)

    def read_level(self, r, depth, with_slots):
        before = spot = None
        for _ in range(r.number(65534)):
            old_spot = spot
            spot = (spot or 0) + r.number(self.spots[-1]) if with_slots else None
            check(not with_slots or spot < self.spots[-1], "no such spot")
            same = before is not None and spot == old_spot
            shared = r.byte() if same and depth >= 2 else 0
            check(shared < depth or depth == 0, "the same context again")
            newest_first = (before[:shared] if same else b"") + r.take(depth - shared)
            check(not same or depth and newest_first[shared] > before[shared], "contexts out of order")
            before = newest_first
            self.contexts[spot, newest_first[::-1]] = self.read_entries(r)


# ---- The range coder ----------------------------------------------------------------------------
class Coder:
    def __init__(self, first, k, payload):
        self.payload = bytes([first & (1 << k) - 1]) + payload
        self.range, self.next = 1 << 56 + k, 0
        self.code = self.following(8)

    def following(self, count):
        self.next += count
        return int.from_bytes(self.payload[self.next - count : self.next].ljust(count, b"\0"), "big")

    def at(self, total):
        self.unit = self.range // total
        check(self.code < self.unit * total, "beyond all symbols")
        return self.code // self.unit

    def narrow(self, start, end):
        self.code -= self.unit * start
        self.range = self.unit * (end - start)
        if self.range < 1 << 32:
            self.code = self.code << 32 | self.following(4)
            self.range <<= 32

    def among(self, starts):
        i = bisect_right(starts, self.at(starts[-1])) - 1
        self.narrow(starts[i], starts[i + 1])
        return i

    def uniform(self, total):
        value = self.at(total)
        self.narrow(value, value + 1)
        return value

    def end(self):
        m = len(self.payload) - 1
        z = self.next - 1 - m
        check(z >= 0 and self.code < self.range, "bytes that nobody reads")
        if m:
            check(self.payload[m] != 0, "a zero at the end")
        if z < 8:
            check(self.code < 256**z, "not the smallest number")
            check(not m or self.code + (256 - self.payload[m]) * 256**z >= self.range, "not the shortest number")


# ---- Decoding -----------------------------------------------------------------------------------
class Decoder:
    def __init__(self, model, coder, seen):
        self.model, self.coder, self.seen = model, coder, seen
        self.value, self.slot, self.place = bytearray(), 0, 0
        self.texts, self.slot_begin = {}, 0

    def last(self, count):
        return (bytes(5) + self.value)[len(self.value) + 5 - count :]

    def chain(self):
        """The contexts of this place, from the deepest to the root."""
        flags = self.model.slots[self.slot]
        if not flags & 1:
            place = self.place if flags & 2 else {0: 0, 61: 2}.get(self.place, 1)
            spot = self.model.spots[self.slot] + place
            yield from ((spot, self.last(count)) for count in (4, 3, 2, 1, 0))
        yield from ((None, self.last(count)) for count in ((5, 4, 3, 2, 1, 0) if flags & 1 else (2, 1, 0)))

    def symbol(self):
        for key in self.chain():
            if key not in self.model.contexts:
                continue
            symbols, starts = self.model.contexts[key]
            symbol = symbols[self.coder.among(starts)]
            if symbol is not None:
                return symbol
            self.seen.add("escape")

    def part(self, starts):
        part = self.coder.among(starts)
        return part if part < 2 else (1 << part - 1) + self.coder.uniform(1 << part - 1)

    def run(self, kind, size):
        digits, step = RUNS[kind]
        text = ""
        while len(text) < size:
            group = min(step, size - len(text))
            number = self.coder.uniform(len(digits) ** group)
            text += "".join(digits[number // len(digits) ** i % len(digits)] for i in reversed(range(group)))
        return text.encode()

    def copy(self):
        size, distance = self.part(self.model.lengths) + 4, self.part(self.model.distances) + 1
        check(size <= 259 and distance <= len(self.value), "a copy of nothing")
        source = self.value[len(self.value) - distance :]
        return bytes(source[i % distance] for i in range(size))

    def slot_copy(self, slot):
        check(self.texts.get(slot), "a copy of an empty slot")
        return self.texts[slot]

    def move(self, symbol, kind, text):
        opened = self.model.opens.get(symbol)
        if self.model.fields:
            for byte in text:
                ends = byte == self.model.delimiter if self.model.delimiter else byte in PUNCTUATION
                self.slot = min(self.slot + ends, len(self.model.slots) - 1)
                self.place = 0 if ends else min(self.place + 1, 60)
        elif opened:
            self.texts[self.slot] = bytes(self.value[self.slot_begin : len(self.value) - len(text)])
            self.slot_begin = len(self.value)
            self.slot, self.place = opened, 0
        else:
            self.place = 61 if kind in ("copy", "slot copy") else min(self.place + len(text), 60)

    def decode(self):
        while (symbol := self.symbol()) != END:
            kind, content = self.model.symbols[symbol]
            if kind == "text":
                text = content
            elif kind == "run":
                text = self.run(*content)
            else:
                text = self.copy() if kind == "copy" else self.slot_copy(content)
            self.seen.add(kind if kind != "text" else "phrase" if symbol > END else "byte")
            self.value += text
            check(len(self.value) <= 65536, "too long")
            self.move(symbol, kind, text)
        self.coder.end()
        check(self.value, "empty")
        return bytes(self.value)


# ---- Values -------------------------------------------------------------------------------------
def names(rng):
    syllables = ["ma", "ri", "jo", "han", "na", "pe", "ter", "lu", "cas", "el", "i", "se", "kar", "lo", "an", "to"]
    first, last = ("".join(rng.choice(syllables) for _ in range(rng.randrange(2, 4))).capitalize() for _ in "12")
    return f"{first} {last}{rng.choice(['son', 'berg', 'sen', 's', ''])}"


def objects(rng):
    number, user = rng.randrange(10**7), "%08x" % rng.getrandbits(32)
    return (f'{{"id":{number},"user":"{user}","owner":"{user}","state":"{rng.choice(["open", "done", "late"])}",'
            f'"url":"https://example.org/users/{user}/items/{number}"'
            + (f',"tags":["{rng.choice(["red", "green", "blue"])}"]' if rng.random() < 0.4 else "") + "}")


def log_lines(rng):
    words = ["cache", "refused", "by", "peer", "retry", "queue", "is", "full", "user", "gone", "token", "stale"]
    what = " ".join(rng.choice(words) for _ in range(rng.randrange(2, 9)))
    trace = f" trace={uuid.UUID(int=rng.getrandbits(128), version=4)}" if rng.random() < 0.5 else ""
    span = f" span={rng.getrandbits(64):016x}" if rng.random() < 0.5 else ""
    return f"{rng.choice(['INFO', 'WARN', 'ERROR'])} [{rng.choice(['api', 'web', 'jobs'])}]{trace}{span} {what}"


def rows(rng):
    cities, kinds = ["oslo", "lima", "kyoto", "porto", "quito", "turin", "lagos"], ["eco", "first", "group", "staff"]
    return (f"{rng.choice(cities)}-{rng.choice(cities)}/{rng.choice(kinds)}:{names(rng).lower()},"
            f"{rng.choice(['ok', 'wait', 'gone'])}.{rng.choice(kinds)}")


def letters(rng):
    words = ["the", "parcel", "will", "arrive", "tomorrow", "at", "your", "door", "please", "keep", "number", "thanks"]
    return " ".join(rng.choice(words) for _ in range(rng.randrange(3, 40))).capitalize() + "."


def repeats(rng):
    name = "/".join("".join(rng.choice(SMALL) for _ in range(rng.randrange(3, 9))) for _ in range(rng.randrange(2, 5)))
    more = [f"{rng.choice(['see', 'from', 'also', 'copy of'])} {name}{rng.choice(['.txt', '.bak', '/old', ''])}"
            for _ in range(rng.randrange(1, 5))]
    return f"{name}: {rng.choice(['moved', 'gone', 'new'])}; {', '.join(more)}"


SETS = [objects, log_lines, rows, letters, repeats]


def payload_of(data, first, row):
    """Header byte, k and payload, or None if another encoder wrote it."""
    form, offset, bits = row
    if form == 1 and 0 <= data[0] - first - offset < 1 << bits:
        return data[0], bits, data[1:]
    if form == 2 and data[:3] == bytes([0xC1, MODEL, first]):
        return 0, 0, data[3:]
    return None


def run_tool(*arguments):
    subprocess.run([TOOL, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class ModelReferenceTest(unittest.TestCase):
    seen, decoded = set(), 0

    def payloads(self, make, folder):
        """The model, and each value that it encoded with what payload_of() gives."""
        rng = random.Random(make.__name__)
        (folder / "samples.txt").write_text("".join(make(rng) + "\n" for _ in range(1500)))
        values = [make(rng).encode() for _ in range(300)] + [b"something else: \xc3\xa9\x00 {}", b"x" * 400]
        (folder / "values.lp").write_bytes(b"".join(struct.pack("<I", len(v)) + v for v in values))
        run_tool("train", "-q", "--force", "-o", str(folder / "p.vpp"), str(folder / "samples.txt"))
        run_tool("encode", "-p", str(folder / "p.vpp"), "-o", str(folder / "e.lp"), str(folder / "values.lp"))
        first, row, section = read_profile((folder / "p.vpp").read_bytes())
        if section is None:
            return None, []
        stored, encoded = Reader((folder / "e.lp").read_bytes()), []
        for value in values:
            encoded.append((value, payload_of(stored.take(struct.unpack("<I", stored.take(4))[0]), first, row)))
        return Model(section), [(value, payload) for value, payload in encoded if payload]

    def judge(self, make):
        with tempfile.TemporaryDirectory() as folder:
            model, encoded = self.payloads(make, Path(folder))
        if not encoded:
            return  # another encoder is better now; what is seen in all must not become less
        self.seen.add("fields" if model.fields else "anchors")
        self.seen.update(name for flag, name in ((1, "text slot"), (2, "positional slot"))
                         if any(slot & flag for slot in model.slots))
        self.decoded += len(encoded)
        for value, (first, k, payload) in encoded:
            self.assertEqual(Decoder(model, Coder(first, k, payload), self.seen).decode(), value)
            with self.assertRaises(Damage):
                Decoder(model, Coder(first, k, payload + b"\0"), set()).decode()

    def test_golden_values_are_decoded_by_the_page(self):
        for path in sorted((SOURCE / "tests" / "golden").glob("model*.vpp")):
            first, row, section = read_profile(path.read_bytes())
            model, count = Model(section), 0
            for line in path.with_suffix(".tsv").read_text().splitlines():
                encoded, value = map(bytes.fromhex, line.split("\t"))
                payload = payload_of(encoded, first, row)
                if payload:
                    self.assertEqual(Decoder(model, Coder(*payload), set()).decode(), value)
                    count += 1
            self.assertGreater(count, 20, path.name)

    def test_what_the_tool_encodes_is_decoded_by_the_page(self):
        for make in SETS:
            with self.subTest(make.__name__):
                self.judge(make)
        self.assertGreater(self.decoded, 500)
        self.assertEqual(self.seen, {"anchors", "fields", "byte", "phrase", "run", "copy", "slot copy", "escape",
                                     "text slot", "positional slot"})


if __name__ == "__main__":
    unittest.main()
