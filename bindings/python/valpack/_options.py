"""Option numbers of the C library and how keyword arguments become options."""

import enum
import operator

from .errors import check


class Preset(enum.IntEnum):
    """Which encoders may be used for writing; as an option also by name, "small" or "fast"."""

    SMALL = 0
    FAST = 1


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


def unsigned(value, bits, what):
    """An int in 0 .. 2**bits - 1; ctypes would silently cut off higher bits and signs."""
    number = operator.index(value)
    if not 0 <= number < 1 << bits:
        raise ValueError(f"{what} must be in 0 .. 2**{bits} - 1, not {number}")
    return number


def _preset(value):
    if not isinstance(value, str):
        return value
    names = {preset.name.lower(): preset for preset in Preset}
    if value not in names:
        raise ValueError(f"preset must be one of {', '.join(names)}, not {value!r}")
    return names[value]


def apply_options(setter, handle, known, options):
    """Sets each of the keyword arguments `options` with the C function `setter`."""
    names = {option.name.lower(): option for option in known}
    for name, value in options.items():
        if name not in names:
            raise TypeError(f"unknown option {name!r}; there are {', '.join(names)}")
        number = unsigned(_preset(value) if name == "preset" else value, 64, name)
        check(setter(handle, names[name], number), f"{name}={number}")
