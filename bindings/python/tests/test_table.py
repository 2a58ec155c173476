"""Packed tables: what was put in comes out, whole, one by one, and over a wire that gives ranges."""

import random
import threading
import unittest

import samples
import valpack
from valpack import RemoteTable, Table


def ordered(records):
    """Pairs in the order of a table: integers by size if all fields are such, otherwise by their bytes."""
    def is_integer(field):
        try:
            return b"%d" % int(field) == field and -(2**63) <= int(field) < 2**63
        except ValueError:
            return False

    integers = all(map(is_integer, records))
    return sorted(records.items(), key=lambda record: int(record[0]) if integers else record[0])


def photos(count, first=1101000000):
    chance = random.Random(count)
    objects = sorted(chance.sample(range(3 * 10**9, 3 * 10**9 + 300 * count), count))
    return {b"%d" % (first + i): b"%d" % number for i, number in enumerate(objects)}


def mixtures():
    """Records of every kind by name."""
    chance = random.Random(3)
    words = [b"%s-%d" % (city, i) for i in range(40) for city in samples.cities(3, seed=i)]
    sessions = samples.sessions(300)
    hostile = samples.hostile(700)
    return {
        "none": {},
        "one": {b"a": b""},
        "empty field": {b"": b"x", b"\0": b"", b"1": b"2"},
        "photos": photos(1000),
        "random": {b"%d" % i: b"%d" % chance.randrange(10**9, 10**10) for i in range(500)},
        "limits": {b"%d" % n: b"%d" % -n for n in (-(2**63) + 1, -1, 0, 1, 2**63 - 1)},
        "not canonical": {b"007": b"1", b"7": b"01", b"-0": b"+1", b"9223372036854775808": b"9"},
        "fixed": {b"%d" % i: chance.randbytes(8) for i in range(0, 3000, 7)},
        "strings": {word: word[::-1] for word in words},
        "sessions": {b"%d" % (i * i): session for i, session in enumerate(sessions)},
        "mixed": {value[:20] + b"%d" % i: value for i, value in enumerate(samples.mixed())},
        "hostile": {value + b"%d" % i: value for i, value in enumerate(hostile)},
        "long": {b"%d" % i: bytes([i]) * 5000 for i in range(20)},
    }


class Tables(unittest.TestCase):
    def check_table(self, table, records):
        pairs = ordered(records)
        self.assertEqual(len(table), len(records))
        self.assertEqual(table.items(), pairs)
        self.assertEqual(list(table), [field for field, _ in pairs])
        self.assertEqual((table.keys(), table.values()), ([p[0] for p in pairs], [p[1] for p in pairs]))
        for field, value in pairs:
            self.assertEqual(table[field], value)
        for field in (b"no such field", b"-77", b"99999999999"):
            self.assertNotIn(field, table)

    def test_every_kind_of_records(self):
        for codec in (None, valpack.Codec(samples.session_profile())):
            for name, records in mixtures().items():
                with self.subTest(name, codec=codec):
                    pairs = list(records.items())
                    random.Random(5).shuffle(pairs)
                    table = Table.build(pairs, codec)
                    self.check_table(table, records)
                    self.check_table(Table(table.data, codec), records)
                    self.assertEqual(Table.build(records, codec).data, table.data)

    def test_photos_take_what_was_promised(self):
        self.assertLess(len(Table.build(photos(1000)).data), 2000)

    def test_values_need_their_codec(self):
        records = mixtures()["sessions"]
        table = Table.build(records, valpack.Codec(samples.session_profile()))
        self.assertLess(len(table.data) * 3, sum(map(len, records.values())))
        stranger = Table(table.data)
        self.assertEqual(len(stranger), len(records))
        with self.assertRaises(valpack.NoProfileError):
            stranger.items()

    def test_integers_and_texts_stand_for_their_bytes(self):
        table = Table.build({51: 3301000051, "52": "3301000052", -3: memoryview(b"x")})
        self.assertEqual(table.items(), [(b"-3", b"x"), (b"51", b"3301000051"), (b"52", b"3301000052")])
        for field in (51, "51", b"51", bytearray(b"51")):
            self.assertEqual(table[field], b"3301000051")
            self.assertIn(field, table)
        self.assertEqual(Table.build({"Zoë": 1})["Zoë"], b"1")

    def test_what_is_no_record(self):
        for records in (b"ab", "ab", bytearray(b"ab"), [(1.5, b"x")], [(b"x", None)], [(True, b"")], 7):
            with self.subTest(records), self.assertRaises(TypeError):
                Table.build(records)
        for pairs in ([b"abc"], [(b"a",)]):
            with self.assertRaises(ValueError):
                Table.build(pairs)
        with self.assertRaises(valpack.LimitError):
            Table.build({b"x" * 65536: b""})
        self.assertEqual(Table.build({b"x" * 65535: b"1"}).items(), [(b"x" * 65535, b"1")])

    def test_repeated_fields(self):
        pairs = [(1, "a"), (2, "b"), ("1", "c")]
        with self.assertRaises(valpack.DuplicateError) as raised:
            Table.build(pairs)
        self.assertIn("b'1'", str(raised.exception))
        self.assertEqual(Table.build(pairs, strict=False).items(), [(b"1", b"c"), (b"2", b"b")])

    def test_mapping(self):
        records = mixtures()["strings"]
        table = Table.build(records)
        self.assertEqual(dict(table), records)
        self.assertEqual(table, records)
        self.assertEqual(table.get(b"?", 7), 7)
        self.assertIsNone(table.get(b"?"))
        self.assertEqual(bytes(table), table.data)
        self.assertIn(f"{len(records)} records", repr(table))
        with self.assertRaises(KeyError) as raised:
            table[b"?"]
        self.assertEqual(str(raised.exception), "there is no record of this field (b'?')")

    def test_is_table(self):
        data = Table.build(photos(10)).data
        self.assertTrue(Table.is_table(data))
        self.assertTrue(Table.is_table(bytearray(data)))
        for other in (b"", b"hello", valpack.encode(b"0123456789abcdef" * 4), b"\x00"):
            self.assertFalse(Table.is_table(other))
            with self.assertRaises(valpack.CorruptError):
                Table(other)

    def test_inspect(self):
        for name, records in mixtures().items():
            table = Table.build(records)
            inside = table.inspect()
            with self.subTest(name):
                self.assertEqual((inside["records"], inside["table_bytes"]), (len(records), len(table.data)))

    def test_damage_never_goes_unseen(self):
        records = photos(300)
        data = Table.build(records).data
        pairs = ordered(records)
        for size in range(0, len(data), 7):
            with self.subTest(size=size), self.assertRaises(valpack.ValpackError):
                Table(data[:size]).items()
        with self.assertRaises(valpack.CorruptError):
            Table(data + b"\0").items()
        chance = random.Random(9)
        for _ in range(500):
            damaged = bytearray(data)
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            with self.assertRaises(valpack.ValpackError):
                self.assertEqual(Table(damaged).items(), pairs, "not even seen")

    def test_many_threads_share_a_table(self):
        records = mixtures()["sessions"]
        table = Table.build(records, valpack.Codec(samples.session_profile()))
        wrong = []

        def read(seed):
            fields = list(records)
            random.Random(seed).shuffle(fields)
            wrong.extend(field for field in fields if table[field] != records[field])
            wrong.extend([] if dict(table.items()) == records else ["items"])

        threads = [threading.Thread(target=read, args=[seed]) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Merging(unittest.TestCase):
    def test_against_a_dict(self):
        chance = random.Random(11)
        for name, records in mixtures().items():
            known, table = dict(records), Table.build(records)
            for step in range(4):
                fields = list(known) + [b"%d" % chance.randrange(10**6) for _ in range(5)] + [b"new-%d" % step]
                removed = chance.sample(fields, min(len(fields), 20))
                updates = {field: b"%d" % chance.randrange(10**5) for field in chance.sample(fields, 3)}
                for field in removed:
                    known.pop(field, None)
                known.update(updates)
                before = table.data
                following = table.merge(updates, removed)
                self.assertEqual(table.data, before)
                table = following
                with self.subTest(name, step=step):
                    self.assertEqual(table.items(), ordered(known))
                    self.assertEqual(table.data, Table.build(known).data)

    def test_the_last_update_counts(self):
        table = Table.build({1: "a", 2: "b", 3: "c"})
        merged = table.merge([(1, "x"), (4, "d"), (1, "y")], removed=[1, 2, 9])
        self.assertEqual(merged.items(), [(b"1", b"y"), (b"3", b"c"), (b"4", b"d")])
        self.assertEqual(table.merge().data, table.data)

    def test_a_damaged_table_is_not_merged(self):
        data = bytearray(Table.build(photos(200)).data)
        data[-1] ^= 1
        with self.assertRaises(valpack.CorruptError):
            Table(data).merge({1: 2})

    def test_keeps_the_codec(self):
        codec = valpack.Codec(samples.session_profile())
        records = mixtures()["sessions"]
        table = Table.build(records, codec).merge({"more": "of it"})
        self.assertIs(table.codec, codec)
        self.assertEqual(dict(table), {**records, b"more": b"of it"})


class Server:
    """Gives ranges of bytes and counts them; what `replace` holds takes the place of the bytes at the next call."""

    def __init__(self, data):
        self.data, self.replace, self.calls, self.fetched = data, [], 0, 0

    def fetch(self, ranges):
        if self.replace:
            self.data = self.replace.pop(0)
        self.calls += 1
        parts = [self.data[offset : offset + size] for offset, size in ranges]
        self.fetched += sum(map(len, parts))
        return parts


class Remote(unittest.TestCase):
    def test_same_as_whole_tables(self):
        for codec in (None, valpack.Codec(samples.session_profile())):
            for name, records in mixtures().items():
                server = Server(Table.build(records, codec).data)
                remote = RemoteTable(server.fetch, codec)
                with self.subTest(name):
                    for field, value in records.items():
                        self.assertEqual(remote[field], value)
                    for field in (b"no such field", b"-77", b"99999999999"):
                        self.assertNotIn(field, remote)
                    self.assertIsNone(remote.get(b"no such field"))

    def test_fetches_little(self):
        records = photos(100_000)
        server = Server(Table.build(records).data)
        remote = RemoteTable(server.fetch)
        remote[1101000000]
        server.calls = server.fetched = 0
        self.assertEqual(remote[1101077777], records[b"1101077777"])
        self.assertEqual(server.calls, 1)
        self.assertLess(server.fetched * 10, len(server.data))

    def test_a_table_that_is_replaced(self):
        old, new = Table.build(photos(5000)).data, Table.build({**photos(700), b"x": b"y"}).data
        for first in (0, 1):
            for at in range(4):
                server = Server(old)
                remote = RemoteTable(server.fetch)
                if first:
                    self.assertEqual(remote[1101000017], photos(5000)[b"1101000017"])
                server.replace = [old] * at + [new]
                seen = remote[1101000017]
                self.assertIn(seen, (photos(5000)[b"1101000017"], photos(700)[b"1101000017"]))
                if not server.replace:
                    self.assertEqual(seen, photos(700)[b"1101000017"])
                server.replace, server.data = [], new
                self.assertEqual(remote["x"], b"y")
                self.assertNotIn(1101004000, remote)

    def test_a_key_that_is_gone_has_no_records(self):
        server = Server(Table.build(photos(500)).data)
        remote = RemoteTable(server.fetch)
        self.assertIn(1101000000, remote)
        server.data = b""
        self.assertNotIn(1101000000, remote)
        server.data = Table.build({1101000000: "back"}).data
        self.assertEqual(remote[1101000000], b"back")

    def test_damage(self):
        records = photos(1000)
        data = Table.build(records).data
        chance = random.Random(4)
        for size in range(1, len(data), 11):
            remote = RemoteTable(Server(data[:size]).fetch)
            try:
                value = remote[1101000999]
            except valpack.CorruptError:
                continue
            self.assertEqual(value, records[b"1101000999"])
        for _ in range(300):
            damaged = bytearray(data)
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            field = chance.choice(list(records))
            try:
                self.assertEqual(RemoteTable(Server(bytes(damaged)).fetch)[field], records[field])
            except valpack.ValpackError as error:
                self.assertNotIsInstance(error, valpack.NotFoundError)

    def test_fetch_must_give_what_was_asked_for(self):
        with self.assertRaises(ValueError):
            RemoteTable(lambda ranges: [])[1]
        with self.assertRaises(TypeError):
            RemoteTable(lambda ranges: [None for _ in ranges])[1]


if __name__ == "__main__":
    unittest.main()
