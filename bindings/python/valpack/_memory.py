"""Bytes into and out of the C library, and handles freed with their Python object."""

import ctypes
import weakref

from ._lib import Bytes

# ctypes.string_at() takes its size as a C int.
_STRING_AT_MAX = 2**31 - 1


def as_bytes(value, what="a value"):
    """bytes of any bytes-like object.

    What is not bytes is copied: the library runs without the interpreter lock, and another thread
    could change a bytearray meanwhile.
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        raise TypeError(f"{what} must be bytes-like, not str; say which bytes you mean, e.g. text.encode()")
    try:
        return memoryview(value).tobytes()
    except TypeError:
        raise TypeError(f"{what} must be bytes-like, not {type(value).__name__}") from None


def as_values(values, what="values"):
    """A list of bytes of an iterable of bytes-like objects, not of one such object."""
    if isinstance(values, (bytes, bytearray, memoryview, str)):
        raise TypeError(f"{what} must be an iterable of values, not one {type(values).__name__}")
    return [as_bytes(value) for value in values]


def copy_out(address, size):
    """bytes copied from memory of the library."""
    if size == 0:
        return b""
    if size > _STRING_AT_MAX:
        return (ctypes.c_char * size).from_address(address).raw
    return ctypes.string_at(address, size)


def bytes_view(value):
    """vp_bytes of a bytes object, which must outlive it."""
    return Bytes(ctypes.cast(ctypes.c_char_p(value), ctypes.c_void_p).value, len(value))


def own(owner, handle, free):
    """Calls free(handle) once `owner` is gone. Not at exit: daemon threads may still use the handle,
    and the system takes the memory back anyway."""
    weakref.finalize(owner, free, handle).atexit = False
    return handle
