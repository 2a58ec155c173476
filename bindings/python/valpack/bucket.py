"""Two-level keys: many records in few keys, because a key costs 50 to 90 bytes of its own.

    how = valpack.Bucketing.digits(2)
    bucket, field = how.split(b"photo:1101000051")  # b"photo:11010000", b"51"
    redis.hset(bucket, field, value)

Different keys never share a place, and join() gives the key back byte for byte.
"""

import ctypes
import enum
import itertools
from ctypes import c_size_t, c_uint32, c_uint64

from ._lib import LIB
from ._memory import as_bytes, as_values, bytes_view
from ._options import unsigned
from .errors import check, error_for

_MAX_DIGITS = 9
_MAX_SHARDS = 1 << 32
_MAX_RANGE = 10**9


class BucketKind(enum.IntEnum):
    """How keys are split."""

    DIGITS = 1
    SHARDS = 2
    RANGE = 3


class CBucketing(ctypes.Structure):
    """vp_bucketing."""

    _fields_ = [("kind", c_uint32), ("prefix_size", c_uint32), ("count", c_uint64)]


class _CPlace(ctypes.Structure):
    """vp_place."""

    _fields_ = [("bucket_size", c_size_t), ("field_size", c_size_t)]


class _CKeys(ctypes.Structure):
    """vp_keys."""

    _fields_ = [("keys", ctypes.c_void_p), ("key_sizes", ctypes.POINTER(c_uint64)), ("count", c_size_t)]


def _counted(value, most, what):
    number = unsigned(value, 64, what)
    if not 1 <= number <= most:
        raise ValueError(f"{what} must be in 1 .. {most}, not {number}")
    return number


def _pairs(names, sizes):
    ends = list(itertools.accumulate(sizes, initial=0))
    pieces = [names[start:end] for start, end in zip(ends, ends[1:])]
    return list(zip(pieces[::2], pieces[1::2]))


class Bucketing:
    """A way to split keys: made by digits(), shards() or range(). Immutable, shared by any threads."""

    def __init__(self, kind, count, prefix_size=0):
        self._how = CBucketing(BucketKind(kind), prefix_size, count)
        self._reference = ctypes.byref(self._how)

    @classmethod
    def digits(cls, count):
        """By the last `count` digits of the key, 1 .. 9, as a bare number: b"photo:1101000007" with 2 is
        (b"photo:11010000", b"7"). Fewer digits are kept as they are: b"photo:7" is (b"photo:", b"~7")."""
        return cls(BucketKind.DIGITS, _counted(count, _MAX_DIGITS, "digits"))

    @classmethod
    def shards(cls, count, prefix_size=0):
        """By binascii.crc32(key) % count; the first prefix_size bytes of the key begin the bucket's name, the
        rest is the field."""
        return cls(BucketKind.SHARDS, _counted(count, _MAX_SHARDS, "shards"),
                   unsigned(prefix_size, 32, "prefix_size"))

    @classmethod
    def range(cls, count):
        """By ranges of `count` consecutive numbers, for packed tables: b"photo:1101000051" with 1300 is
        (b"photo:846923", b"151"). The key ends in a number below 2**63 without leading zeros."""
        return cls(BucketKind.RANGE, _counted(count, _MAX_RANGE, "range"))

    @property
    def kind(self):
        return BucketKind(self._how.kind)

    @property
    def count(self):
        return self._how.count

    @property
    def prefix_size(self):
        return self._how.prefix_size

    def split(self, key):
        """(bucket, field), both bytes; KeySplitError for a key that can't be split so."""
        key = as_bytes(key, "a key")
        capacity = LIB.vp_bucket_bound(len(key))
        names = ctypes.create_string_buffer(capacity)
        place = _CPlace()
        status = LIB.vp_bucket_split(self._reference, bytes_view(key), names, capacity, ctypes.byref(place))
        check(status, repr(key))
        raw = names.raw
        return raw[: place.bucket_size], raw[place.bucket_size : place.bucket_size + place.field_size]

    def split_many(self, keys):
        """[(bucket, field), ...] of an iterable of keys, in one call of the library."""
        keys = as_values(keys, "keys")
        count = len(keys)
        joined = b"".join(keys)
        sizes = (c_uint64 * count)(*map(len, keys))
        capacity = LIB.vp_bucket_bound(0) * count + len(joined)
        names, places = ctypes.create_string_buffer(capacity), (_CPlace * max(count, 1))()
        rows = _CKeys(bytes_view(joined).data, sizes, count)
        size = LIB.vp_bucket_split_many(self._reference, ctypes.byref(rows), names, capacity, places)
        if size < 0:
            index = places[0].bucket_size
            raise error_for(size, repr(keys[index]), index=index)
        return _pairs(names[:size], memoryview(places).cast("B").cast("N")[: 2 * count])

    def join(self, bucket, field):
        """The key of a place; KeySplitError if no key has it."""
        bucket, field = as_bytes(bucket, "a bucket"), as_bytes(field, "a field")
        capacity = len(bucket) + len(field) + _MAX_DIGITS
        key = ctypes.create_string_buffer(capacity)
        size = LIB.vp_bucket_join(self._reference, bytes_view(bucket), bytes_view(field), key, capacity)
        return key.raw[: check(size, f"{bucket!r}, {field!r}")]

    def __eq__(self, other):
        if not isinstance(other, Bucketing):
            return NotImplemented
        return bytes(self._how) == bytes(other._how)

    def __hash__(self):
        return hash(bytes(self._how))

    def __repr__(self):
        prefix = f", {self.prefix_size}" if self.prefix_size else ""
        return f"Bucketing.{self.kind.name.lower()}({self.count}{prefix})"


def shard(key, shards):
    """binascii.crc32(key) % shards."""
    key = as_bytes(key, "a key")
    return LIB.vp_shard(key, len(key), _counted(shards, 2**64 - 1, "shards"))
