"""The planner of buckets and tables."""

import ctypes
import unittest

import headers
import valpack
from valpack import Bucketing, PlanWarning, cost, plan


def photos(server="redis-7.0-debian", keys=1_000_000, stored=None, **settings):
    """A keyspace of consecutive ten-digit numbers."""
    server = cost.Server.named(server)
    for name, value in settings.items():
        setattr(server, name, value)
    space = valpack.Keyspace(server)
    for number in range(1101000000, 1101000200):
        space.add(b"%d" % number, b"3301000051", stored)
    space.keys = keys
    space.last = space.first + keys - 1
    return space


class Plans(unittest.TestCase):
    def test_by_hand(self):
        found = photos(stored=b"\xb0abcd").plan_buckets()
        self.assertEqual(found.how, Bucketing.digits(2))
        self.assertEqual((found.buckets, found.fields, found.largest), (10000, 100, 100))
        self.assertEqual(found.bucket_bytes, 1024 + 16 + 32 + 16)
        self.assertEqual(found.record_bytes, 11.011)
        self.assertEqual(found.today_bytes, 72.389)
        self.assertEqual((found.tables_share, found.server_ns), (0, 850))
        self.assertEqual((found.warnings, found.texts()), (PlanWarning(0), []))

    def test_the_entry_after_the_last(self):
        space = photos()
        below, above = space.plan_split(Bucketing.range(512)), space.plan_split(Bucketing.range(513))
        self.assertEqual((below.tables_share, above.tables_share), (0, 1))
        self.assertNotIn(PlanWarning.FULL_BUCKET, below.warnings)
        self.assertIn(PlanWarning.FULL_BUCKET, above.warnings)
        self.assertIn("hash-max-listpack-entries", above.texts()[0])
        allowed = photos(hash_max_entries=1000).plan_split(Bucketing.digits(3))
        self.assertEqual(allowed.warnings, PlanWarning.SLOW)

    def test_keys_without_numbers(self):
        space = valpack.Keyspace(cost.Server.named("redis-8"), prefix_size=5, expires=True)
        for name in (b"ada", b"bob", b"eve"):
            space.add(b"user:" + name, b"17")
        space.keys = 50_000
        found = space.plan_buckets()
        self.assertEqual(found.how, Bucketing.shards(found.how.count, 5))
        self.assertEqual(found.warnings, PlanWarning.NOT_NUMBERED | PlanWarning.TTL_LOST)
        with self.assertRaises(valpack.KeySplitError):
            space.plan_split(Bucketing.digits(2))

    def test_tables(self):
        found = photos().plan_tables(10, 50, least=900, most=1100)
        self.assertEqual((found.how, found.bucket_bytes), (Bucketing.range(1022), 5110))
        self.assertAlmostEqual(found.record_bytes, 5.08, delta=0.01)
        spread = photos().plan_tables(1000, 5000, spread=60, least=900, most=1100)
        self.assertLess(spread.bucket_bytes, 5114 - 60)

    def test_arguments(self):
        space = photos()
        self.assertEqual((space.keys, space.first, space.last), (10**6, 1101000000, 1101999999))
        for call, error in (
            (lambda: valpack.Keyspace("redis-8"), TypeError),
            (lambda: space.add("key", b"value"), TypeError),
            (lambda: space.add(b"", b"value"), valpack.KeySplitError),
            (lambda: space.plan_split(2), TypeError),
            (lambda: space.plan_tables(0, 5), valpack.ArgumentError),
            (lambda: space.plan_tables(-1, 5), ValueError),
            (lambda: valpack.Keyspace(cost.Server.named("redis-8")).plan_buckets(), valpack.ArgumentError),
            (lambda: setattr(space, "keys", -1), ValueError),
        ):
            with self.assertRaises(error):
                call()


class Declarations(unittest.TestCase):
    def test_warnings_of_the_header(self):
        numbers = {f"VP_PLAN_{warning.name}": warning.value for warning in PlanWarning}
        self.assertEqual(numbers, headers.enum("valpack_bucket.h", "vp_plan_warning"))

    def test_structs_have_the_header_s_members(self):
        for name, struct in (("vp_bucketing", valpack.bucket.CBucketing), ("vp_keyspace", plan.CKeyspace),
                             ("vp_bucket_plan", plan.CPlan), ("vp_table_sample", plan.CTableSample)):
            body = headers.text_of("valpack_bucket.h").split(f"typedef struct {name} {{")[1].split("}")[0]
            members = []
            for line in filter(None, (part.split(None, 1) for part in body.split(";"))):
                members += [(member.strip(), line[0]) for member in line[1].split(",")]
            sizes = {"uint32_t": 4, "uint64_t": 8, "vp_server": 20, "vp_bucketing": 16}
            expected = [(member, sizes[kind]) for member, kind in members]
            self.assertEqual([(field, ctypes.sizeof(kind)) for field, kind in struct._fields_], expected)


if __name__ == "__main__":
    unittest.main()
