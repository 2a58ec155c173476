"""Exceptions: one class per status of the C library, all under ValpackError."""

import enum

from ._lib import LIB


class Status(enum.IntEnum):
    """Numbers of the C library's vp_status."""

    OK = 0
    ERR_SPACE = -1
    ERR_CORRUPT = -2
    ERR_NO_PROFILE = -3
    ERR_UNSUPPORTED = -4
    ERR_MEMORY = -5
    ERR_ARGUMENT = -6
    ERR_LIMIT = -7
    ERR_OVERLAP = -8
    ERR_CHECK = -9
    ERR_PROFILE = -10
    ERR_NO_RANGE = -11
    ERR_NO_SAMPLES = -12
    ERR_NAME = -13
    ERR_NOT_FOUND = -14
    ERR_KEY = -15
    ERR_DUPLICATE = -16
    ERR_SERVER = -17


class ValpackError(Exception):
    """Any failure the library reports. `status` is its number; `index` the place of the value that
    failed in a call with many values, otherwise None."""

    status = None
    index = None


class SpaceError(ValpackError):
    """The output buffer is too small."""

    status = Status.ERR_SPACE


class CorruptError(ValpackError):
    """The data is damaged or was not made by valpack."""

    status = Status.ERR_CORRUPT


class NoProfileError(ValpackError):
    """The profile that wrote the data is not in the codec. `code` is the first byte of the data."""

    status = Status.ERR_NO_PROFILE
    code = None


class UnsupportedError(ValpackError):
    """Made by a newer valpack."""

    status = Status.ERR_UNSUPPORTED


class OutOfMemoryError(ValpackError, MemoryError):
    """The library got no memory."""

    status = Status.ERR_MEMORY


class ArgumentError(ValpackError, ValueError):
    """An argument is outside what the library takes."""

    status = Status.ERR_ARGUMENT


class LimitError(ValpackError):
    """The value is larger than the codec's max_decoded."""

    status = Status.ERR_LIMIT


class OverlapError(ValpackError):
    """Two owners for one first byte: profiles, or a profile and hand_back."""

    status = Status.ERR_OVERLAP


class CheckError(ValpackError):
    """The check bytes do not match: damaged value or wrong profile."""

    status = Status.ERR_CHECK


class ProfileError(ValpackError):
    """The profile is damaged; the message says where."""

    status = Status.ERR_PROFILE


class NoRangeError(ValpackError):
    """No free range of first bytes is wide enough beside the profiles named."""

    status = Status.ERR_NO_RANGE


class NoSamplesError(ValpackError):
    """There is no sample to learn from."""

    status = Status.ERR_NO_SAMPLES


class UnknownNameError(ValpackError, LookupError):
    """No profile that ships with valpack has this name."""

    status = Status.ERR_NAME


class NotFoundError(ValpackError, KeyError):
    """There is no record of this field."""

    __str__ = Exception.__str__  # that of KeyError puts the text in quotes
    status = Status.ERR_NOT_FOUND


class KeySplitError(ValpackError, ValueError):
    """The key can't be split so."""

    status = Status.ERR_KEY


class DuplicateError(ValpackError, ValueError):
    """Two records have the same field."""

    status = Status.ERR_DUPLICATE


class ServerError(ValpackError, LookupError):
    """The memory of this server or allocator is not known."""

    status = Status.ERR_SERVER


BY_STATUS = {error.status: error for error in ValpackError.__subclasses__()}


def error_for(status, detail="", data=b"", index=None):
    """The exception for a status: `detail` joins the library's text, `data` is what was decoded."""
    error_class = BY_STATUS.get(status, ValpackError)
    if error_class is NoProfileError and data:
        detail = f"0x{data[0]:02X}"
    message = LIB.vp_status_text(status).decode()
    if detail:
        message = f"{message} ({detail})"
    if index is not None:
        message = f"value {index}: {message}"
    error = error_class(message)
    error.status = status
    error.index = index
    if error_class is NoProfileError and data:
        error.code = data[0]
    return error


def check(result, detail=""):
    """The result, a size or Status.OK; raises the exception for a status below 0."""
    if result < 0:
        raise error_for(result, detail)
    return result
