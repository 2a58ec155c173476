"""What the memory of a Redis or Valkey server costs: predicted growth of used_memory, in bytes.

    server = valpack.cost.Server.from_info(redis.execute_command("INFO"))  # or Server.named("redis-7.2")
    one = valpack.cost.string(server, b"photo:1101000051", b"3301000051")
    everything = 1_000_000 * one + valpack.cost.index(server, 1_000_000)

Keys, fields and values are bytes-like, or an int: any that is so many bytes long and not an integer.
The C header, include/valpack_cost.h, says what is exact and what is not.
"""

import ctypes
from collections.abc import Mapping
from ctypes import c_uint32, c_uint64

from ._lib import LIB, Bytes
from ._memory import as_bytes
from ._options import unsigned
from .errors import check

FLAVOURS = ("redis-7.0-debian", "redis-7.2", "redis-8", "valkey-9")


class CServer(ctypes.Structure):
    """vp_server."""

    _fields_ = [
        ("flavour", c_uint32),
        ("hash_max_entries", c_uint32),
        ("hash_max_value", c_uint32),
        ("shared_integers", c_uint32),
        ("cluster", c_uint32),
    ]


class _CHashCost(ctypes.Structure):
    """vp_hash_cost."""

    _fields_ = [
        ("fields", c_uint64),
        ("listpack_bytes", c_uint64),
        ("table_bytes", c_uint64),
        ("largest", c_uint64),
    ]


def _setting(name, kind, what):
    def get(self):
        return kind(getattr(self._row, name))

    def change(self, value):
        setattr(self._row, name, unsigned(value, 1 if kind is bool else 32, name))

    return property(get, change, doc=what)


def _info_text(info):
    if isinstance(info, Mapping):
        info = "".join(f"{name}:{value}\n" for name, value in info.items())
    return info.encode("utf-8", "replace") if isinstance(info, str) else as_bytes(info, "INFO")


class Server:
    """A server and those of its settings that memory depends on; made by named() or from_info()."""

    hash_max_entries = _setting("hash_max_entries", int, "hash-max-listpack-entries; 512")
    hash_max_value = _setting("hash_max_value", int, "hash-max-listpack-value; 64")
    shared_integers = _setting("shared_integers", bool, """Integers 0 .. 9999 are shared objects: not with
        maxmemory and an LRU or LFU policy.""")
    cluster = _setting("cluster", bool, "Cluster mode of Redis 7.0 and 7.2, which links the keys of a slot.")

    def __init__(self, row):
        self._row = row
        self._reference = ctypes.byref(row)

    @classmethod
    def named(cls, name):
        """One of FLAVOURS with the settings it comes with; ServerError for another name."""
        if not isinstance(name, str):
            raise TypeError(f"name must be str, not {type(name).__name__}")
        row = CServer()
        check(LIB.vp_server_named(name.encode(), ctypes.byref(row)), repr(name))
        return cls(row)

    @classmethod
    def from_info(cls, info):
        """The server that answered this to INFO: bytes, str or a mapping. The limits of hashes are not in
        it and get their defaults. ServerError before 7.0 and with another allocator than jemalloc."""
        text = _info_text(info)
        row = CServer()
        check(LIB.vp_server_from_info(text, len(text), ctypes.byref(row)))
        return cls(row)

    @property
    def name(self):
        """Which of FLAVOURS it is."""
        return LIB.vp_server_name(self._row.flavour).decode()

    def allocation(self, size):
        """The size class in which an allocation of this size ends up."""
        return LIB.vp_cost_allocation(self._reference, unsigned(size, 64, "size"))

    def __repr__(self):
        return f"<Server {self.name}>"


def _sized(data, what):
    """The data, None for a size alone, and the size."""
    if isinstance(data, int):
        return None, unsigned(data, 64, what)
    data = as_bytes(data, what)
    return data, len(data)


def _reference(server):
    if not isinstance(server, Server):
        raise TypeError(f"server must be a Server, not {type(server).__name__}")
    return server._reference


def string(server, key, value, expires=False):
    """A key that holds a string: everything but its share of the index."""
    _, key_size = _sized(key, "key")
    data, size = _sized(value, "value")
    return LIB.vp_cost_string(_reference(server), key_size, bool(expires), data, size)


def index(server, keys, expiring=0):
    """The index over this many keys of which `expiring` have a TTL, in all."""
    keys, expiring = unsigned(keys, 64, "keys"), unsigned(expiring, 64, "expiring")
    return LIB.vp_cost_index(_reference(server), keys, expiring)


def listpack_entry(value):
    """What an entry, be it field or value, takes in a listpack."""
    return LIB.vp_cost_listpack_entry(*_sized(value, "value"))


def _c_bytes(data, what):
    data, size = _sized(data, what)
    return Bytes(ctypes.cast(data, ctypes.c_void_p), size)


class HashCost:
    """A hash, field by field.

    cost = HashCost(server)
    for field, value in pairs:
        cost.add(field, value)
    cost.total(b"photo:11010000")
    """

    def __init__(self, server):
        self._server = server
        self._server_reference = _reference(server)
        self._cost = _CHashCost()

    def add(self, field, value):
        """Adds a field that the hash does not have."""
        pair = _c_bytes(field, "field"), _c_bytes(value, "value")
        LIB.vp_hash_cost_add(self._server_reference, ctypes.byref(self._cost), *pair)

    @property
    def fields(self):
        """How many there are."""
        return self._cost.fields

    @property
    def is_listpack(self):
        """False if the server converts the hash to a hash table for good."""
        return bool(LIB.vp_hash_cost_is_listpack(self._server_reference, ctypes.byref(self._cost)))

    def total(self, key, expires=False):
        """The key with the hash, everything but its share of the index; 0 without fields."""
        _, size = _sized(key, "key")
        return LIB.vp_hash_cost_total(self._server_reference, ctypes.byref(self._cost), size, bool(expires))
