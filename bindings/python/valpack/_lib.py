"""Finds and loads libvalpack and declares its functions.

Searched in this order: the file named by the environment variable VALPACK_LIBRARY (and nothing else
when it is set), the folder of this package, the folder around it, the system's loader.
"""

import ctypes
import ctypes.util
import os
import sys
from ctypes import CFUNCTYPE, POINTER, c_char, c_char_p, c_int, c_int64
from ctypes import c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

VERSION = "0.1.0"
"""Version of this package; major and minor must be those of the library."""

NO_PROFILE = ctypes.c_size_t(-1).value
PROGRESS = CFUNCTYPE(None, c_void_p, c_char_p, c_uint32)

class Bytes(ctypes.Structure):
    """vp_bytes: an address and a size."""

    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class Records(ctypes.Structure):
    """vp_records: fields and values, each kind joined, with their sizes."""

    _fields_ = [
        ("fields", c_void_p),
        ("field_sizes", POINTER(c_uint64)),
        ("values", c_void_p),
        ("value_sizes", POINTER(c_uint64)),
        ("count", c_size_t),
    ]


class TableRange(ctypes.Structure):
    """vp_table_range: what to fetch of a table that is elsewhere."""

    _fields_ = [("offset", c_uint64), ("size", c_uint64), ("head_size", c_uint64)]


# Name: result, arguments. Handles are c_void_p; the tests compare every row with the C headers.
SIGNATURES = {
    "vp_status_name": (c_char_p, [c_int]),
    "vp_status_text": (c_char_p, [c_int]),
    "vp_version_string": (c_char_p, []),
    "vp_version_number": (c_uint32, []),
    "vp_profile_load": (c_int, [c_void_p, c_size_t, c_void_p, POINTER(c_void_p)]),
    "vp_profile_explain": (c_int, [c_void_p, c_size_t, POINTER(c_char), c_size_t]),
    "vp_profile_retain": (c_void_p, [c_void_p]),
    "vp_profile_release": (None, [c_void_p]),
    "vp_profile_name": (c_char_p, [c_void_p]),
    "vp_profile_fingerprint": (c_uint64, [c_void_p]),
    "vp_profile_first_code": (c_uint32, [c_void_p]),
    "vp_profile_width": (c_uint32, [c_void_p]),
    "vp_profile_describe": (c_int64, [c_void_p, POINTER(c_char), c_size_t]),
    "vp_profile_describe_bound": (c_size_t, [c_void_p]),
    "vp_profile_relocate": (c_int, [c_void_p, c_size_t, c_uint32]),
    "vp_shipped_count": (c_size_t, []),
    "vp_shipped_name": (c_char_p, [c_size_t]),
    "vp_shipped_about": (c_char_p, [c_size_t]),
    "vp_shipped_data": (c_void_p, [c_char_p, POINTER(c_size_t)]),
    "vp_profile_shipped": (c_int, [c_char_p, c_uint32, c_void_p, POINTER(c_void_p)]),
    "vp_options_new": (c_void_p, [c_void_p]),
    "vp_options_free": (None, [c_void_p]),
    "vp_options_set": (c_int, [c_void_p, c_int, c_uint64]),
    "vp_options_hand_back": (c_int, [c_void_p, c_uint32]),
    "vp_codec_new": (c_int, [POINTER(c_void_p), c_size_t, c_size_t, c_void_p, POINTER(c_void_p)]),
    "vp_codec_with": (c_int, [c_void_p, c_void_p, POINTER(c_void_p)]),
    "vp_codec_retain": (c_void_p, [c_void_p]),
    "vp_codec_release": (None, [c_void_p]),
    "vp_context_new": (c_int, [c_void_p, POINTER(c_void_p)]),
    "vp_context_free": (None, [c_void_p]),
    "vp_context_set_key": (c_int, [c_void_p, c_uint64, c_int]),
    "vp_encode_bound": (c_size_t, [c_size_t]),
    "vp_encode": (c_int64, [c_void_p, c_void_p, c_size_t, c_void_p, c_size_t]),
    "vp_decode": (c_int64, [c_void_p, c_void_p, c_size_t, c_void_p, c_size_t]),
    "vp_encode_view": (c_int64, [c_void_p, c_void_p, c_size_t, POINTER(c_void_p)]),
    "vp_decode_view": (c_int64, [c_void_p, c_void_p, c_size_t, POINTER(c_void_p)]),
    "vp_encode_many": (c_int64, [c_void_p, c_void_p, POINTER(c_uint64), c_size_t, POINTER(c_uint64)]),
    "vp_decode_many": (c_int64, [c_void_p, c_void_p, POINTER(c_uint64), c_size_t, POINTER(c_uint64)]),
    "vp_context_results": (c_void_p, [c_void_p]),
    "vp_fingerprint": (c_int64, [c_void_p, c_size_t, c_uint32, c_void_p, c_size_t]),
    "vp_encoder_count": (c_size_t, []),
    "vp_encoder_name": (c_char_p, [c_size_t]),
    "vp_identify": (c_int64, [c_void_p, c_void_p, c_size_t]),
    "vp_inspect": (c_int64, [c_void_p, c_void_p, c_size_t, POINTER(c_char), c_size_t]),
    "vp_explain_view": (c_int64, [c_void_p, c_void_p, c_size_t, POINTER(c_void_p)]),
    "vp_trainer_new": (c_void_p, [c_void_p]),
    "vp_trainer_free": (None, [c_void_p]),
    "vp_trainer_set": (c_int, [c_void_p, c_int, c_uint64]),
    "vp_trainer_set_name": (c_int, [c_void_p, c_char_p, c_size_t]),
    "vp_trainer_beside": (c_int, [c_void_p, c_void_p]),
    "vp_trainer_on_progress": (c_int, [c_void_p, PROGRESS, c_void_p]),
    "vp_trainer_add": (c_int, [c_void_p, c_void_p, c_size_t]),
    "vp_trainer_finish": (c_int64, [c_void_p, POINTER(c_void_p)]),
    "vp_trainer_report": (c_char_p, [c_void_p]),
    "vp_server_named": (c_int, [c_char_p, c_void_p]),
    "vp_server_name": (c_char_p, [c_uint32]),
    "vp_server_from_info": (c_int, [c_char_p, c_size_t, c_void_p]),
    "vp_cost_allocation": (c_uint64, [c_void_p, c_uint64]),
    "vp_cost_string": (c_uint64, [c_void_p, c_uint64, c_int, c_void_p, c_uint64]),
    "vp_cost_index": (c_uint64, [c_void_p, c_uint64, c_uint64]),
    "vp_cost_listpack_entry": (c_uint64, [c_void_p, c_uint64]),
    "vp_hash_cost_add": (None, [c_void_p, c_void_p, Bytes, Bytes]),
    "vp_hash_cost_is_listpack": (c_int, [c_void_p, c_void_p]),
    "vp_hash_cost_total": (c_uint64, [c_void_p, c_void_p, c_uint64, c_int]),
    "vp_bucket_bound": (c_size_t, [c_size_t]),
    "vp_bucket_split": (c_int, [c_void_p, Bytes, POINTER(c_char), c_size_t, c_void_p]),
    "vp_bucket_join": (c_int64, [c_void_p, Bytes, Bytes, POINTER(c_char), c_size_t]),
    "vp_bucket_split_many": (c_int64, [c_void_p, c_void_p, POINTER(c_char), c_size_t, c_void_p]),
    "vp_shard": (c_uint64, [c_void_p, c_size_t, c_uint64]),
    "vp_keyspace_add": (c_int, [c_void_p, Bytes, Bytes, Bytes]),
    "vp_plan_warning_text": (c_char_p, [c_uint32]),
    "vp_plan_split": (c_int, [c_void_p, c_void_p, c_void_p]),
    "vp_plan_buckets": (c_int, [c_void_p, c_void_p]),
    "vp_plan_tables": (c_int, [c_void_p, c_void_p, c_void_p]),
    "vp_table_builder_new": (c_void_p, [c_void_p]),
    "vp_table_builder_free": (None, [c_void_p]),
    "vp_table_clear": (None, [c_void_p]),
    "vp_table_load": (c_int, [c_void_p, Bytes]),
    "vp_table_put": (c_int, [c_void_p, Bytes, Bytes]),
    "vp_table_remove": (c_int, [c_void_p, Bytes]),
    "vp_table_add": (c_int, [c_void_p, Bytes, Bytes]),
    "vp_table_add_many": (c_int, [c_void_p, c_void_p]),
    "vp_table_finish": (c_int64, [c_void_p, POINTER(c_void_p)]),
    "vp_is_table": (c_int, [c_void_p, c_size_t]),
    "vp_table_count": (c_int64, [Bytes]),
    "vp_table_describe": (c_int64, [Bytes, POINTER(c_char), c_size_t]),
    "vp_table_get": (c_int64, [c_void_p, Bytes, Bytes, POINTER(c_void_p)]),
    "vp_table_next": (c_int, [c_void_p, Bytes, c_void_p]),
    "vp_table_read_all": (c_int64, [c_void_p, Bytes, c_void_p]),
    "vp_table_part": (c_int, [Bytes, Bytes, c_void_p]),
    "vp_table_get_part": (c_int64, [c_void_p, Bytes, Bytes, Bytes, POINTER(c_void_p)]),
    "vp_advisor_new": (c_void_p, [c_void_p, c_void_p]),
    "vp_advisor_free": (None, [c_void_p]),
    "vp_advisor_set": (c_int, [c_void_p, c_int, c_uint64]),
    "vp_advisor_on_progress": (c_int, [c_void_p, PROGRESS, c_void_p]),
    "vp_advisor_add": (c_int, [c_void_p, Bytes, Bytes]),
    "vp_advisor_finish": (c_int64, [c_void_p, POINTER(c_char_p)]),
}


def _file_names():
    major = VERSION.split(".")[0]
    if sys.platform == "darwin":
        return [f"libvalpack.{major}.dylib", "libvalpack.dylib"]
    if sys.platform == "win32":
        return ["valpack.dll", "libvalpack.dll"]
    return [f"libvalpack.so.{major}", "libvalpack.so"]


def _candidates():
    named = os.environ.get("VALPACK_LIBRARY")
    if named:
        yield named
        return
    package = Path(__file__).resolve().parent
    beside = (folder / name for folder in (package, package.parent) for name in _file_names())
    yield from (str(path) for path in beside if path.is_file())
    yield from _file_names()
    found = ctypes.util.find_library("valpack")
    if found:
        yield found


def _open():
    failures = []
    for candidate in _candidates():
        try:
            return candidate, ctypes.CDLL(candidate)
        except OSError as error:
            failures.append(f"  {candidate}: {error}")
    raise ImportError(
        "libvalpack can't be loaded; install it or name its file in VALPACK_LIBRARY. Tried:\n"
        + "\n".join(failures)
    )


def _declare(name, library):
    for function, (result, arguments) in SIGNATURES.items():
        try:
            entry = getattr(library, function)
        except AttributeError:
            raise ImportError(
                f"{name} is not a libvalpack of version {VERSION}: it has no {function}()"
            ) from None
        entry.restype = result
        entry.argtypes = arguments


def check_version(name, number):
    """ImportError unless a library of this version number serves this package."""
    major, minor = number // 10000, number // 100 % 100
    if [str(major), str(minor)] != VERSION.split(".")[:2]:
        found = f"{major}.{minor}.{number % 100}"
        raise ImportError(f"{name} is libvalpack {found}; this package needs {VERSION}")


def _load():
    name, library = _open()
    _declare(name, library)
    check_version(name, library.vp_version_number())
    return library


LIB = _load()
