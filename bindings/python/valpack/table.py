"""Packed tables: many records in one string of Redis, each found without unpacking the others."""

import ctypes
import json
from collections import Counter
from collections.abc import Mapping

from ._lib import LIB, Records, TableRange
from ._memory import as_bytes, bytes_view, copy_out
from .codec import default_codec, split
from .errors import CorruptError, NotFoundError, Status, check, error_for

# vp_table_describe() promises to stay below this.
_INSPECT_SIZE = 512


def _as_text(value, what):
    """bytes of a field or a value: those of a bytes-like object, an int in decimal, a str in UTF-8."""
    if type(value) is bytes:
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, int) and not isinstance(value, bool):
        return b"%d" % value
    return as_bytes(value, what)


def _as_pairs(records):
    """(fields, values), two lists of bytes, of a mapping or of an iterable of pairs."""
    if isinstance(records, (str, bytes, bytearray, memoryview)):
        raise TypeError(f"records must be a mapping or pairs, not {type(records).__name__}")
    pairs = list(records.items() if isinstance(records, Mapping) else records)
    return (
        [_as_text(field, "a field") for field, _ in pairs],
        [_as_text(value, "a value") for _, value in pairs],
    )


def _add_many(builder, fields, values):
    count = len(fields)
    field_bytes, value_bytes = b"".join(fields), b"".join(values)
    records = Records(
        bytes_view(field_bytes).data,
        (ctypes.c_uint64 * count)(*map(len, fields)),
        bytes_view(value_bytes).data,
        (ctypes.c_uint64 * count)(*map(len, values)),
        count,
    )
    check(LIB.vp_table_add_many(builder, ctypes.byref(records)))


def _duplicate(fields):
    """The exception for fields of which one is there twice: it names the first such field."""
    field = next(field for field, times in Counter(fields).items() if times > 1)
    return error_for(Status.ERR_DUPLICATE, repr(field))


def _finished(codec, fill):
    """Bytes of the table of a builder after fill(builder)."""
    context = codec._contexts.take()
    builder = LIB.vp_table_builder_new(context.handle)
    try:
        if not builder:
            raise error_for(Status.ERR_MEMORY)
        fill(builder)
        address = ctypes.c_void_p()
        size = check(LIB.vp_table_finish(builder, ctypes.byref(address)))
        return copy_out(address.value, size)
    finally:
        LIB.vp_table_builder_free(builder)
        codec._contexts.give_back(context)


def _failure(status, field):
    return error_for(status, repr(field) if status == Status.ERR_NOT_FOUND else "")


def _value(codec, field, function, *table):
    """What vp_table_get() or vp_table_get_part() finds."""
    context = codec._contexts.take()
    try:
        size = function(context.handle, *table, bytes_view(field), context.result_reference)
        if size >= 0:
            return copy_out(context.result.value, size)
    finally:
        codec._contexts.give_back(context)
    raise _failure(size, field)


class _Lookup:
    """What tables at hand and tables elsewhere have in common. Subclasses have _find(field) -> bytes."""

    def __getitem__(self, field):
        """The value of a field; NotFoundError, a KeyError, if there is no such record."""
        return self._find(_as_text(field, "a field"))

    def get(self, field, default=None):
        """The value of a field, or the default if there is no such record."""
        try:
            return self[field]
        except NotFoundError:
            return default

    def __contains__(self, field):
        try:
            self[field]
        except NotFoundError:
            return False
        return True


class Table(_Lookup, Mapping):
    """The records of a packed table, a read-only mapping of fields to values.

    data   what Table.build() made, from redis.get() for example
    codec  reads the values, and encodes them where merge() makes a new table; by default that without profile

    Fields and values are bytes. Where they are given, an int stands for its decimal digits and a str for its UTF-8:
    table[51], table["51"] and table[b"51"] are the same. Iteration is in the order of the table: canonical integers
    by size if all fields are such, otherwise by their bytes.

    Immutable and safe to share by threads. To change a table in Redis, store what merge() gives by compare-and-set:
    WATCH the key, GET, merge(), MULTI, SET, EXEC, and again from the start if EXEC gives nothing.
    """

    def __init__(self, data, codec=None):
        self.data = as_bytes(data, "a table")
        self.codec = default_codec() if codec is None else codec
        self._view = bytes_view(self.data)
        self._count = check(LIB.vp_table_count(self._view))

    @classmethod
    def build(cls, records, codec=None, *, strict=True):
        """A table of these records, a mapping or an iterable of pairs (field, value), in any order.

        codec   encodes values that are stored no better in another way; by default that without profile
        strict  the same field twice is a DuplicateError; otherwise the last one counts
        """
        fields, values = _as_pairs(records)
        if not strict:
            last = dict(zip(fields, values))
            fields, values = list(last), list(last.values())
        elif len(set(fields)) < len(fields):
            raise _duplicate(fields)
        codec = default_codec() if codec is None else codec
        return cls(_finished(codec, lambda builder: _add_many(builder, fields, values)), codec)

    @staticmethod
    def is_table(data):
        """Whether data begins as a table does; nothing else is verified."""
        data = as_bytes(data)
        return bool(LIB.vp_is_table(data, len(data)))

    def inspect(self):
        """A dict that tells how many records, bytes and blocks there are, and how fields and values are kept."""
        json_text = ctypes.create_string_buffer(_INSPECT_SIZE)
        size = check(LIB.vp_table_describe(self._view, json_text, len(json_text)))
        return json.loads(json_text.raw[:size])

    def merge(self, updates=(), removed=()):
        """A new table of these records without those of the fields `removed`, and with `updates`, a mapping or pairs,
        added or in place of what their fields had. An update counts even if its field is removed too; of two updates of
        one field the last counts. Removing what is not there is no error."""
        removed = [_as_text(field, "a field") for field in removed]
        fields, values = _as_pairs(updates)

        def fill(builder):
            check(LIB.vp_table_load(builder, self._view))
            for field in removed:
                check(LIB.vp_table_remove(builder, bytes_view(field)))
            for field, value in zip(fields, values):
                check(LIB.vp_table_put(builder, bytes_view(field), bytes_view(value)))

        return type(self)(_finished(self.codec, fill), self.codec)

    def _find(self, field):
        return _value(self.codec, field, LIB.vp_table_get, self._view)

    def _all(self):
        """(fields, values), two lists, in one call of the library."""
        records = Records()
        context = self.codec._contexts.take()
        try:
            count = check(LIB.vp_table_read_all(context.handle, self._view, ctypes.byref(records)))
            field_sizes, value_sizes = records.field_sizes[:count], records.value_sizes[:count]
            fields = copy_out(records.fields, sum(field_sizes))
            values = copy_out(records.values, sum(value_sizes))
        finally:
            self.codec._contexts.give_back(context)
        return split(fields, field_sizes), split(values, value_sizes)

    def __len__(self):
        return self._count

    def __iter__(self):
        return iter(self._all()[0])

    def keys(self):
        """A list of the fields."""
        return self._all()[0]

    def values(self):
        """A list of the values, decoded in one call of the library."""
        return self._all()[1]

    def items(self):
        """A list of pairs (field, value), decoded in one call of the library."""
        return list(zip(*self._all()))

    def __bytes__(self):
        return self.data

    def __repr__(self):
        return f"<Table of {self._count} records in {len(self.data)} bytes>"


class RemoteTable(_Lookup):
    """Single records of a table that stays where it is: fetches its head and one block, not all of it.

    fetch  is called with a list of pairs (offset, size) and gives a list with the bytes of each range, fewer or none
           where the table ends before; all of them must be from the same moment. With redis-py:

               def fetch(ranges):
                   with redis.pipeline(transaction=True) as pipe:
                       for offset, size in ranges:
                           pipe.getrange(key, offset, offset + size - 1)
                       return pipe.execute()

    codec  reads the values; by default that without profile

    The head is kept and fetched again with each block: if the table was replaced meanwhile, the look-up begins again
    with the new head. Where there is no byte there is no record. For tables of some kilobytes Table(redis.get(key)) is
    as fast. Not to be shared by threads, unless fetch() may be called by several at a time.
    """

    def __init__(self, fetch, codec=None):
        self.codec = default_codec() if codec is None else codec
        self._fetch = fetch
        self._head = b""

    def _fetched(self, *ranges):
        parts = [as_bytes(part, "a fetched range") for part in self._fetch(list(ranges))]
        if len(parts) != len(ranges):
            raise ValueError(f"fetch() gave {len(parts)} ranges, not {len(ranges)}")
        return parts

    def _find(self, field):
        known, self._head = self._head, b""
        if known:
            try:
                return self._find_from(known, field)
            except (NotFoundError, CorruptError):
                pass  # perhaps only because the table was replaced: look again from its beginning
        return self._find_from(b"", field)

    def _find_from(self, head, field):
        view, need = bytes_view(field), TableRange()
        while True:
            status = LIB.vp_table_part(bytes_view(head), view, ctypes.byref(need))
            if status < 0:
                raise _failure(status, field)
            if status == Status.OK:
                now, block = self._fetched((0, need.head_size), (need.offset, need.size))
                if now == head[: need.head_size]:
                    self._head = now
                    return self._find_in(now, block, field)
            else:
                (now,) = self._fetched((need.offset, need.size))
                if now == head:  # there is no more of it
                    raise _failure(Status.ERR_CORRUPT if head else Status.ERR_NOT_FOUND, field)
            head = now

    def _find_in(self, head, block, field):
        return _value(self.codec, field, LIB.vp_table_get_part, bytes_view(head), bytes_view(block))
