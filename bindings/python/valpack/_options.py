"""Option numbers of the C library and how keyword arguments become options."""

import enum
import operator

from ._lib import LIB
from .errors import check


class Preset(enum.IntEnum):
    """Which encoders may be used for writing; as an option also by name, "small" or "fast"."""

    SMALL = 0
    FAST = 1


class Target(enum.IntEnum):
    """Where encoded values will be stored; as an option also by name, "bytes", "string", "hash-field" or
    "packed"."""

    BYTES = 0
    STRING = 1
    HASH_FIELD = 2
    PACKED = 3


class Option(enum.IntEnum):
    """Options of a codec; the keyword argument is the name in lower case."""

    MAX_DECODED = 1
    ENCODE_INTEGERS = 2
    PRESET = 3
    ZSTD_LEVEL = 4
    LZ4_MARGIN = 5
    WRITE_RAW = 6
    VERIFY = 7
    TARGET = 8
    SERVER = 9
    KEY_SIZE = 10
    KEY_EXPIRES = 11
    ENCODERS = 12


class TrainOption(enum.IntEnum):
    """Options of train(); the keyword argument is the name in lower case."""

    FIRST_CODE = 1
    WIDTH = 2
    PRESET = 3
    MODEL_BYTES = 4
    CHECK = 5
    MIN_COUNT = 6
    SEED = 7
    KEEP_INTEGERS = 8
    ZSTD_LEVEL = 9
    DATE = 10
    SAMPLE_BYTES = 11
    TARGET = 12
    SERVER = 13
    KEY_SIZE = 14
    ENCODERS = 15
    KEY_EXPIRES = 16


class AdviseOption(enum.IntEnum):
    """Options of advise(); the keyword argument is the name in lower case."""

    KEYS = 1
    KEY_SIZE = 2
    EXPIRES = 3
    SEED = 4
    TIMES = 5
    KEPT_VALUES = 6
    KEPT_BYTES = 7
    TRAIN_VALUES = 8
    TRAIN_BYTES = 9


def unsigned(value, bits, what):
    """An int in 0 .. 2**bits - 1; ctypes would silently cut off higher bits and signs."""
    number = operator.index(value)
    if not 0 <= number < 1 << bits:
        raise ValueError(f"{what} must be in 0 .. 2**{bits} - 1, not {number}")
    return number


def _named(value, names, what):
    """The number of a name; what is no str stays."""
    if not isinstance(value, str):
        return value
    if value not in names:
        raise ValueError(f"{what} must be one of {', '.join(names)}, not {value!r}")
    return names[value]


def _names_of(members):
    return {member.name.lower().replace("_", "-"): member for member in members}


def _server(value):
    names = {}
    while name := LIB.vp_server_name(len(names) + 1):
        names[name.decode()] = len(names) + 1
    return _named(getattr(value, "name", value), names, "server")


def _encoders(value):
    """A bit mask, or names of encoders."""
    if isinstance(value, str):
        raise TypeError(f"encoders must be a mask or a list of names, not {value!r} alone")
    if isinstance(value, int):
        return value
    names = {LIB.vp_encoder_name(number).decode(): number for number in range(1, LIB.vp_encoder_count())}
    mask = 0
    for name in value:
        if name not in names:
            raise ValueError(f"encoders must be of {', '.join(names)}, not {name!r}")
        mask |= 1 << names[name]
    return mask


_CONVERSIONS = {
    "preset": lambda value: _named(value, _names_of(Preset), "preset"),
    "target": lambda value: _named(value, _names_of(Target), "target"),
    "server": _server,
    "encoders": _encoders,
}


def apply_options(setter, handle, known, options):
    """Sets each of the keyword arguments `options` with the C function `setter`."""
    names = {option.name.lower(): option for option in known}
    for name, value in options.items():
        if name not in names:
            raise TypeError(f"unknown option {name!r}; there are {', '.join(names)}")
        convert = _CONVERSIONS.get(name)
        number = unsigned(convert(value) if convert else value, 64, name)
        check(setter(handle, names[name], number), f"{name}={number}")
