"""A few bytes in place of a value that is only compared, looked for or counted."""

import ctypes

from ._lib import LIB
from ._memory import as_bytes
from ._options import unsigned
from .errors import check

_MAX_BYTES = 16


def fingerprint(data, bits=64):
    """XXH3 of bytes-like data as bits // 8 bytes, most significant first; bits is 32, 64 or 128.

    Among n values two share a fingerprint with a probability of about n**2 / 2**(bits + 1): at 64 bits
    3e-8 for a million, 3e-2 for a billion. No cryptographic hash: who chooses the values can make them
    collide.
    """
    data = as_bytes(data)
    out = ctypes.create_string_buffer(_MAX_BYTES)
    size = LIB.vp_fingerprint(data, len(data), unsigned(bits, 32, "bits"), out, _MAX_BYTES)
    return out.raw[: check(size, f"bits={bits}")]
