"""One million records photo_id -> photo_obj_id in every layout there is: strings, two-level hashes (Instagram
Engineering: Storing hundreds of millions of simple key-value pairs in Redis, 2011), the same with encoded
values, packed tables. Every record is read back and compared, and used_memory stands beside what was predicted.
"""

import math
import random
import statistics
from collections import namedtuple

from corpora import BenchError
from redis_server import used_memory
import valpack
from valpack import Bucketing, Keyspace, Table

RECORDS = 1_000_000
FIRST_ID = 1_101_000_000
FIRST_OBJECT = 3_301_000_000
MEAN_GAP = 300
TRAINED = 4_000  # values that train the profile
SAMPLES = 10_000  # records that describe the keyspace
SAMPLE_TABLES = 40
BATCH = 1_000  # pairs in one MSET or MGET
SETTINGS = [("hash-max-listpack-entries", 1000),
            ("slowlog-log-slower-than", -1), ("latency-tracking", "no")]  # notes that would count as memory

GET_NS = 130  # of a string

COLUMNS = ("layout", "keys", "predicted", "measured", "apart", "of strings", "server ns")
WIDTHS = (-53, 8, 10, 9, 6, 11, 10)

Row = namedtuple("Row", "layout keys predicted measured plan")


# ---- Records --------------------------------------------------------------------------------------


def consecutive(start, count):
    return [b"%d" % number for number in range(start, start + count)]


def rising(chance, start, count):
    """Numbers with gaps of geometric distribution."""
    scale, number, found = math.log(1 - 1 / MEAN_GAP), start, []
    for _ in range(count):
        found.append(b"%d" % number)
        number += 1 + int(math.log(1 - chance.random()) / scale)
    return found


def ten_digits(chance, count):
    return [b"%d" % chance.randrange(10**9, 10**10) for _ in range(count)]


# ---- The server -----------------------------------------------------------------------------------


class Store:
    """A server that is empty before each layout."""

    def __init__(self, server):
        self.server = server
        with server.client() as client:
            for setting in SETTINGS:
                client.command("CONFIG", "SET", *setting)
            self.model = valpack.cost.Server.from_info(client.command("INFO", "all"))
        self.model.hash_max_entries = 1000

    def measure(self, writes, reads):
        """Growth of used_memory by these commands, and the replies to others."""
        with self.server.client() as client:
            client.command("FLUSHALL", "SYNC")
        before = used_memory(self.server)
        with self.server.client() as client:
            client.pipeline(writes)
            replies = client.pipeline(reads)
        return used_memory(self.server) - before, replies

    def space(self, keys, values, stored=None):
        """What the planner is told: all about numbers, and samples of values."""
        space = Keyspace(self.model)
        step = max(len(keys) // SAMPLES, 1)
        for index in range(0, len(keys), step):
            space.add(keys[index], values[index], stored and stored[index])
        space.keys, space.first, space.last = len(keys), int(keys[0]), int(keys[-1])
        return space


def compare(layout, expected, found):
    if expected != found:
        raise BenchError(f"{layout}: what was read back is not what was stored")


def batches(keys):
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def grouped(places, values):
    """{bucket: ([field, ...], [value, ...])}"""
    groups = {}
    for (bucket, field), value in zip(places, values):
        fields, group = groups.setdefault(bucket, ([], []))
        fields.append(field)
        group.append(value)
    return groups


def woven(fields, values):
    return [part for pair in zip(fields, values) for part in pair]


# ---- Layouts --------------------------------------------------------------------------------------


def as_strings(store, keys, values):
    layout = "strings: SET photo_id photo_obj_id"
    pairs = zip(batches(keys), batches(values))
    writes = [("MSET", *woven(*pair)) for pair in pairs]
    memory, replies = store.measure(writes, [("MGET", *batch) for batch in batches(keys)])
    compare(layout, values, [value for reply in replies for value in reply])
    predicted = store.space(keys, values).plan_buckets().today_bytes
    return Row(layout, len(keys), predicted, memory / len(keys), None)


def as_hashes(store, layout, groups, space, decode=None):
    """Two-level hashes by the last three digits; decode() is what makes values of what is stored."""
    plan = space.plan_split(Bucketing.digits(3))
    writes = [("HSET", bucket, *woven(*group)) for bucket, group in groups.items()]
    memory, replies = store.measure(writes, [("HGETALL", bucket) for bucket in groups])
    compare(layout, [woven(*group) for group in groups.values()], replies)
    if decode:
        decode([value for reply in replies for value in reply[1::2]])
    return Row(layout, len(groups), plan.record_bytes, memory / space.keys, plan)


def hash_rows(store, keys, values):
    places = Bucketing.digits(3).split_many(keys)
    yield as_hashes(store, "hashes: HSET photo_id/1000 photo_id%1000 photo_obj_id", grouped(places, values),
                    store.space(keys, values))
    profile = valpack.train(values[:: max(len(values) // TRAINED, 1)], name="photos", target="hash-field")
    codec = valpack.Codec(profile, target="hash-field")
    encoded = codec.encode_many(values)
    layout = "hashes with encoded values"
    yield as_hashes(store, layout, grouped(places, encoded), store.space(keys, values, encoded),
                    lambda stored: compare(layout, values, codec.decode_many(stored)))


def table_row(store, layout, keys, values):
    plan = plan_tables(store.space(keys, values), keys, values)
    groups = grouped(plan.how.split_many(keys), values)
    tables = {bucket: Table.build(zip(*group)).data for bucket, group in groups.items()}
    writes = [("SET", *pair) for pair in tables.items()]
    memory, replies = store.measure(writes, [("GET", name) for name in tables])
    for reply, group in zip(replies, groups.values()):
        table = Table(reply)
        compare(layout, group, (table.keys(), table.values()))
        compare(layout, group[1][0], table[group[0][0]])
    return Row(layout, len(tables), plan.record_bytes, memory / len(keys), plan)


# ---- How many records a table should have ---------------------------------------------------------


def sampled(keys, values, records, count):
    """Mean and deviation of the sizes of some tables of so many records, taken evenly from all of them."""
    count = max(min(count, len(keys) // records), 1)
    found = []
    for index in range(count):
        start = (len(keys) - records) * index // max(count - 1, 1) if len(keys) > records else 0
        part = slice(start, start + records)
        found.append(len(Table.build(zip(keys[part], values[part])).data))
    return statistics.fmean(found), statistics.pstdev(found)


def plan_tables(space, keys, values):
    """First from tables of 500 and 2000 records, then, near what that gave, from tables of this size."""
    few, many = min(500, len(keys) // 8), min(2000, len(keys) // 2)
    (small, _), (large, spread) = (sampled(keys, values, records, SAMPLE_TABLES) for records in (few, many))
    fixed = max(small - few * (large - small) / (many - few), 0)
    plan = space.plan_tables(many, round(large), fixed=round(fixed), spread=round(spread), least=few,
                             most=many)
    size, spread = sampled(keys, values, plan.fields, 4 * SAMPLE_TABLES)
    return space.plan_tables(plan.fields, round(size), fixed=round(fixed), spread=round(spread),
                             least=plan.fields * 9 // 10, most=plan.fields * 11 // 10)


# ---- All of it ------------------------------------------------------------------------------------


def rows(server, records=RECORDS):
    """Each layout in turn, loaded, read back and measured."""
    store, chance = Store(server), random.Random(2011)
    keys, values = consecutive(FIRST_ID, records), ten_digits(chance, records)
    yield as_strings(store, keys, values)
    yield from hash_rows(store, keys, values)
    objects = rising(chance, FIRST_OBJECT, records)
    yield table_row(store, "tables: ids consecutive, object ids random", keys, values)
    yield table_row(store, "tables: ids consecutive, object ids rising", keys, objects)
    yield table_row(store, "tables: ids and object ids rising", rising(chance, FIRST_ID, records), objects)


def print_row(cells):
    padded = [cell.ljust(-width) if width < 0 else cell.rjust(width) for cell, width in zip(cells, WIDTHS)]
    print("  ".join(padded).rstrip(), flush=True)


def show(server, records=RECORDS):
    try:
        show_rows(server, records)
    except valpack.ServerError as error:
        print(f"\nNo records photo_id -> photo_obj_id: {error}.")


def show_rows(server, records):
    print(f"\n{records:,} records photo_id -> photo_obj_id of ten digits each, bytes of used_memory a record:")
    print()
    print_row(COLUMNS)
    strings = None
    for row in rows(server, records):
        strings = strings or row.measured
        apart, share = 100 * (row.measured / row.predicted - 1), 100 * row.measured / strings
        print_row([row.layout, f"{row.keys}", f"{row.predicted:.2f}", f"{row.measured:.2f}",
                   f"{apart:+.1f}%", f"{share:.1f}%",
                   f"{row.plan.server_ns if row.plan else GET_NS}"])
    print("\nEvery record came back from each of them. Object ids are random unless they rise; what rises does so")
    print(f"by geometric gaps of mean {MEAN_GAP}. Hashes need hash-max-listpack-entries 1000. How many records a")
    print("table has, the planner chose. server ns: time of a HGET or GET in the server, by the planner's formula.")
