"""Codecs: what an application calls before SET and after GET."""

import ctypes
import functools
import json
import operator
import threading

from ._lib import LIB, NO_PROFILE
from ._memory import as_bytes, as_values, copy_out, own
from ._options import Option, apply_options, unsigned
from .errors import OutOfMemoryError, Status, check, error_for
from .profile import Profile

# vp_inspect() promises to stay below this.
_INSPECT_SIZE = 2048

_KEY_SIZE = 16  # the default of the option


class _Context:
    """Working memory of the C library for one call at a time."""

    def __init__(self, codec_handle):
        handle = ctypes.c_void_p()
        check(LIB.vp_context_new(codec_handle, ctypes.byref(handle)))
        self.handle = own(self, handle.value, LIB.vp_context_free)
        self.result = ctypes.c_void_p()
        self.result_reference = ctypes.byref(self.result)


class _Contexts(threading.local):
    """Idle contexts of each thread, gone with the thread. Mostly one: a signal handler or a
    destructor that encodes in the midst of another call takes a second, so that neither spoils
    the other's result."""

    def __init__(self, codec_handle):
        self._codec_handle = codec_handle
        self._idle = []

    def take(self):
        return self._idle.pop() if self._idle else _Context(self._codec_handle)

    def give_back(self, context):
        self._idle.append(context)


def _profile_tuple(profiles):
    profiles = (profiles,) if isinstance(profiles, Profile) else tuple(profiles)
    for profile in profiles:
        if not isinstance(profile, Profile):
            raise TypeError(f"profiles must be Profile objects, not {type(profile).__name__}")
    return profiles


def _current_index(profiles, current):
    if current is None or (current == -1 and not profiles):
        return NO_PROFILE
    if isinstance(current, Profile):
        if current not in profiles:
            raise ValueError("current must be one of the profiles")
        return profiles.index(current)
    index = operator.index(current)
    if not -len(profiles) <= index < len(profiles):
        raise ValueError(f"current is {index}, and there are {len(profiles)} profiles")
    return index % len(profiles)


def _new_options(options, hand_back):
    handle = LIB.vp_options_new(None)
    if not handle:
        raise error_for(Status.ERR_MEMORY)
    try:
        apply_options(LIB.vp_options_set, handle, Option, options)
        for byte in hand_back:
            number = unsigned(byte, 32, "hand_back")
            check(LIB.vp_options_hand_back(handle, number), f"hand_back 0x{number:02X}")
    except BaseException:
        LIB.vp_options_free(handle)
        raise
    return handle


class Codec:
    """Reads what any of its profiles wrote and writes with the current one.

    profiles   a Profile or an iterable of them; none: the untrained encoders alone
    current    the profile to write with, as a Profile or an index, the last one by default;
               None writes with the untrained encoders alone
    hand_back  first bytes in 0x80 .. 0xBF of old binary values, such as pickles (0x80), which
               decode() hands back untouched

    Options, with their defaults:
    max_decoded=512 * 2**20  largest value in bytes
    encode_integers=False    encode canonical int64 too, which Redis stores well itself
    preset="small"           or "fast": packings, symbols and lz4 only
    zstd_level=0             1 .. 22 for writing; 0 is the profile's own
    lz4_margin=15            per cent that zstd must save over lz4 from 4 KiB up
    write_raw=False          write every value raw; for rolling out readers first and rolling back
    verify=False             decode and compare each encoding before it is returned
    target="bytes"           what to make small: "bytes"; "string", memory of the server for keys that hold
                             such values; "hash-field", for fields of small hashes; "packed", parts of larger
                             values. Under the second and third a value stays as it is unless encoding
                             it saves memory; integers stay, in hashes those within 32 bits
    server="redis-7.2"       for the target "string": a name of cost.FLAVOURS or a cost.Server
    key_size=16              bytes of the keys, for the target "string"
    key_expires=False        the keys have a TTL, for the target "string"
    encoders=2**32 - 1       those that may write: names, or a mask by number

    Immutable and safe to share by threads. Values are bytes-like; results are bytes.
    """

    def __init__(self, profiles=(), current=-1, *, hand_back=(), **options):
        profiles = _profile_tuple(profiles)
        index = _current_index(profiles, current)
        handles = (ctypes.c_void_p * len(profiles))(*(profile._handle for profile in profiles))
        handle = ctypes.c_void_p()
        options_handle = _new_options(options, hand_back)
        try:
            check(LIB.vp_codec_new(handles, len(profiles), index, options_handle, ctypes.byref(handle)))
        finally:
            LIB.vp_options_free(options_handle)
        key = operator.index(options.get("key_size", _KEY_SIZE)), bool(options.get("key_expires", False))
        self._adopt(handle.value, profiles, None if index == NO_PROFILE else profiles[index], key)

    def _adopt(self, handle, profiles, current, key):
        self._contexts = _Contexts(handle)
        self._key = key
        self._handle = own(self._contexts, handle, LIB.vp_codec_release)
        self.profiles = profiles
        self.current = current

    def with_profile(self, profile):
        """The next codec in a rotation: the same profiles and options and this profile, which becomes
        the current one. This codec goes on working."""
        (profile,) = _profile_tuple([profile])
        handle = ctypes.c_void_p()
        check(LIB.vp_codec_with(self._handle, profile._handle, ctypes.byref(handle)))
        following = object.__new__(type(self))
        known = profile in self.profiles
        profiles = self.profiles if known else (*self.profiles, profile)
        following._adopt(handle.value, profiles, profile, self._key)
        return following

    def encode(self, value, *, key_size=None):
        """What to give to Redis; at most one byte longer than the value. key_size: bytes of the key, where
        the target "string" should look at this one instead of the option's."""
        data = as_bytes(value)
        if key_size is None:
            return self._one(LIB.vp_encode_view, data)
        return self._one(self._encode_for, data, unsigned(key_size, 64, "key_size"))

    def _encode_for(self, context, data, size, result, key_size):
        _, expires = self._key
        status = LIB.vp_context_set_key(context, key_size, expires)
        if status == Status.OK:
            status = LIB.vp_encode_view(context, data, size, result)
            LIB.vp_context_set_key(context, *self._key)
        return status

    def decode(self, data):
        """The value; data that was never encoded comes back untouched."""
        return self._one(LIB.vp_decode_view, as_bytes(data))

    def encode_many(self, values):
        """A list of the encoded values, in one call of the library."""
        return self._many(LIB.vp_encode_many, as_values(values))

    def decode_many(self, data):
        """A list of the values, in one call of the library. Stops at the first one that fails: the
        exception's `index` says which."""
        values = as_values(data)
        return self._many(LIB.vp_decode_many, values, locates_failure=True)

    def identify(self, data):
        """Name of the encoder that wrote data, "raw" for the value itself; looks at the header only."""
        data = as_bytes(data)
        context = self._contexts.take()
        try:
            number = LIB.vp_identify(context.handle, data, len(data))
        finally:
            self._contexts.give_back(context)
        if number < 0:
            raise error_for(number, data=data)
        return LIB.vp_encoder_name(number).decode()

    def inspect(self, data):
        """A dict that explains data without its value: encoder, profile, header, sizes."""
        data = as_bytes(data)
        json_text = ctypes.create_string_buffer(_INSPECT_SIZE)
        context = self._contexts.take()
        try:
            size = LIB.vp_inspect(context.handle, data, len(data), json_text, len(json_text))
        finally:
            self._contexts.give_back(context)
        if size < 0:
            raise error_for(size, data=data)
        return json.loads(json_text.raw[:size])

    def explain(self, data):
        """What inspect() gives and, for values of the encoder `model`, under "explanation" the parts that the value
        consists of, their bits, and sums by slot. Texts are as bytes.decode("latin-1") has them."""
        return json.loads(self._one(LIB.vp_explain_view, as_bytes(data)))

    def _one(self, function, data, *more):
        context = self._contexts.take()
        try:
            size = function(context.handle, data, len(data), context.result_reference, *more)
            if size >= 0:
                return copy_out(context.result.value, size)
        finally:
            self._contexts.give_back(context)
        raise error_for(size, data=data)

    def _many(self, function, values, locates_failure=False):
        count = len(values)
        if count == 0:
            return []
        sizes = (ctypes.c_uint64 * count)(*map(len, values))
        result_sizes = (ctypes.c_uint64 * count)()
        context = self._contexts.take()
        try:
            total = function(context.handle, b"".join(values), sizes, count, result_sizes)
            if total >= 0:
                results = copy_out(LIB.vp_context_results(context.handle), total)
        finally:
            self._contexts.give_back(context)
        if total < 0:
            index = result_sizes[0] if locates_failure else None
            raise error_for(total, data=values[index] if locates_failure else b"", index=index)
        return split(results, result_sizes)

    def __repr__(self):
        return f"<Codec {list(self.profiles)!r} current={self.current!r}>"


def split(joined, sizes):
    """The parts of these sizes that `joined` consists of."""
    parts = []
    start = 0
    for size in sizes:
        parts.append(joined[start : start + size])
        start += size
    return parts


@functools.lru_cache(maxsize=None)
def default_codec():
    """The codec of the module's functions: no profile, every option at its default."""
    return Codec()


def encode(value):
    """Codec.encode() of a codec without profile."""
    return default_codec().encode(value)


def decode(data):
    """Codec.decode() of a codec without profile."""
    return default_codec().decode(data)


def encode_many(values):
    """Codec.encode_many() of a codec without profile."""
    return default_codec().encode_many(values)


def decode_many(data):
    """Codec.decode_many() of a codec without profile."""
    return default_codec().decode_many(data)
