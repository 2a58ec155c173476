"""Which split suits a keyspace, and what memory it saves.

    space = valpack.Keyspace(server, prefix_size=len(b"photo:"))
    for key, value in samples:
        space.add(key, value, codec.encode(value))
    space.keys = 1_000_000
    plan = space.plan_buckets()
    bucket, field = plan.how.split(key)
    print(plan.today_bytes, plan.record_bytes, plan.warnings)
"""

import ctypes
import dataclasses
import enum
from ctypes import c_uint32, c_uint64

from ._lib import LIB
from ._memory import as_bytes, bytes_view
from ._options import unsigned
from .bucket import Bucketing, CBucketing
from .cost import CServer, Server
from .errors import check

_SUMS = ("samples", "numbered", "canonical", "head_size", "head_hash", "fewest_digits", "string_bytes",
         "key_bytes", "stored_bytes", "value_entries", "value_squares", "field_entries", "pair_squares",
         "large_values", "large_pairs")


class CKeyspace(ctypes.Structure):
    """vp_keyspace."""

    _fields_ = [
        ("server", CServer),
        *((name, c_uint32) for name in ("expires", "prefix_size", "reserved")),
        *((name, c_uint64) for name in ("keys", "first", "last", *_SUMS)),
    ]


class CPlan(ctypes.Structure):
    """vp_bucket_plan."""

    _fields_ = [
        ("how", CBucketing),
        *((name, c_uint64) for name in ("buckets", "fields", "largest", "bucket_bytes", "record_millibytes",
                                        "today_millibytes", "tables_ppm", "server_ns", "warnings")),
    ]


class CTableSample(ctypes.Structure):
    """vp_table_sample."""

    _names = ("records", "bytes", "fixed_bytes", "spread_bytes", "least", "most")
    _fields_ = [(name, c_uint64) for name in _names]


class PlanWarning(enum.IntFlag):
    """What to know before a plan is carried out; text_of() says it in words."""

    LARGE_VALUE = 1
    FULL_BUCKET = 2
    UNEVEN = 4
    LONG_VALUES = 8
    TTL_LOST = 16
    NOT_NUMBERED = 32
    SLOW = 64
    SMALL_GAIN = 128


@dataclasses.dataclass(frozen=True)
class Plan:
    """A split and what it would give."""

    how: Bucketing
    buckets: int  # keys there will be
    fields: int  # records in one of them on average
    largest: int  # in the fullest, as chance has it
    bucket_bytes: int  # of one on average, without its share of the index; plan_tables(): size of a table
    record_bytes: float  # a record, all included: used_memory / records
    today_bytes: float  # the same for one string key per record
    tables_share: float  # of the buckets that become hash tables, 0 .. 1
    server_ns: int  # time of an HGET or GET in the server
    warnings: PlanWarning

    def texts(self):
        """The warnings in words, a list."""
        return [LIB.vp_plan_warning_text(one).decode() for one in PlanWarning if one & self.warnings]


def _plan_of(row):
    how = Bucketing(row.how.kind, row.how.count, row.how.prefix_size)
    return Plan(how, row.buckets, row.fields, row.largest, row.bucket_bytes, row.record_millibytes / 1000,
                row.today_millibytes / 1000, row.tables_ppm / 1e6, row.server_ns, PlanWarning(row.warnings))


def _number(name, what):
    def get(self):
        return getattr(self._row, name)

    def change(self, value):
        setattr(self._row, name, unsigned(value, 64, name))

    return property(get, change, doc=what)


class Keyspace:
    """What is known of a keyspace: samples of its keys and values.

    server       a valpack.cost.Server
    prefix_size  bytes that all keys begin with, for the names of shards (b"user:" is 5)
    expires      whether the keys have a TTL
    """

    keys = _number("keys", "How many keys there are; 0: the samples are all of them.")
    first = _number("first", "The least number that keys end in, of the samples; may be set after add().")
    last = _number("last", "The largest one.")

    def __init__(self, server, *, prefix_size=0, expires=False):
        if not isinstance(server, Server):
            raise TypeError(f"server must be a Server, not {type(server).__name__}")
        self._row = CKeyspace(server._row, bool(expires), unsigned(prefix_size, 32, "prefix_size"))

    def add(self, key, value, stored=None):
        """Adds a sample: a key, its value as it is stored today, and as it would be stored in a hash, if
        otherwise."""
        stored = value if stored is None else stored
        sample = [as_bytes(key, "a key"), as_bytes(value), as_bytes(stored)]
        check(LIB.vp_keyspace_add(ctypes.byref(self._row), *map(bytes_view, sample)), repr(key))

    def plan_split(self, how):
        """The Plan of this Bucketing."""
        if not isinstance(how, Bucketing):
            raise TypeError(f"how must be a Bucketing, not {type(how).__name__}")
        return self._plan(LIB.vp_plan_split, how._reference)

    def plan_buckets(self):
        """The Plan to take: digits or shards, whichever takes least memory with an HGET of about 1 us."""
        return self._plan(LIB.vp_plan_buckets)

    def plan_tables(self, records, size, *, fixed=0, spread=0, least=0, most=0):
        """The Plan of packed tables whose tables end just below a size class of the allocator.

        records, size  of a table built from samples, best with as many records as are wanted
        fixed          bytes of it that do not grow with its records
        spread         standard deviation of sizes of such tables
        least, most    records per table wanted, up to 16384; 0: 500 and 2000
        """
        numbers = (records, size, fixed, spread, least, most)
        sample = CTableSample(*(unsigned(number, 64, "a size") for number in numbers))
        return self._plan(LIB.vp_plan_tables, ctypes.byref(sample))

    def _plan(self, function, *arguments):
        row = CPlan()
        check(function(ctypes.byref(self._row), *arguments, ctypes.byref(row)))
        return _plan_of(row)
