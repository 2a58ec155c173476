"""Reads the public C headers as far as the tests compare them with the Python package."""

import ctypes
import os
import re
from ctypes import POINTER
from pathlib import Path

from valpack._lib import PROGRESS, Bytes

INCLUDE = Path(os.environ["VALPACK_SOURCE"]) / "include"

PLAIN = {
    "void": None,
    "int": ctypes.c_int,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "vp_train_progress": PROGRESS,
    "vp_advise_progress": PROGRESS,
    "vp_bytes": Bytes,
}


def names():
    """The public headers."""
    return sorted(path.name for path in INCLUDE.glob("*.h"))


def text_of(name):
    """A header without its comments."""
    text = (INCLUDE / name).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)


def ctypes_type(declaration):
    """The ctypes type for a C parameter or result, with its name or without."""
    words = re.findall(r"\w+|\*", declaration)
    constant = "const" in words
    words = [word for word in words if word != "const"]
    base, stars = words[0], words.count("*")
    if stars == 0:
        return PLAIN[base]
    if base == "char" and stars == 1:
        return ctypes.c_char_p if constant else POINTER(ctypes.c_char)
    if base == "char" and stars == 2:
        return POINTER(ctypes.c_char_p)
    if base == "void" or base.startswith("vp_"):
        return {1: ctypes.c_void_p, 2: POINTER(ctypes.c_void_p)}[stars]
    return {1: POINTER(PLAIN[base])}[stars]


def parameters(text):
    """ctypes types of what stands between the parentheses of a prototype."""
    return [] if text.strip() == "void" else [ctypes_type(part) for part in text.split(",")]


def prototypes():
    """{function: (result, [arguments])} of all headers."""
    found = {}
    for name in names():
        text = re.sub(r"^#.*$", " ", text_of(name).replace("\\\n", " "), flags=re.MULTILINE)
        for result, function, arguments in re.findall(r"\bVP_API\b([^;(]*?)(\w+)\s*\(([^;]*)\)\s*;", text):
            found[function] = (ctypes_type(result), parameters(arguments))
    return found


def callback(name):
    """(result, [arguments]) of a function pointer type."""
    result, arguments = re.search(
        rf"typedef\s+([\w\s]+?)\(\s*\*\s*{name}\s*\)\s*\(([^;]*)\)\s*;", text_of("valpack_train.h")
    ).groups()
    return ctypes_type(result), parameters(arguments)


def enum(header, name):
    """{name: number} of an enum whose numbers are all written out."""
    body = re.search(rf"enum\s+{name}\s*\{{([^}}]*)\}}", text_of(header)).group(1)
    rows = [re.fullmatch(r"(\w+)\s*=\s*(-?\d+)", row.strip()) for row in body.split(",") if row.strip()]
    return {row[1]: int(row[2]) for row in rows}


def statuses():
    """{name: (number, text)} of VP_STATUS_LIST."""
    rows = re.findall(r'X\((\w+),\s*(-?\d+),\s*"([^"]*)"\)', text_of("valpack.h"))
    return {name: (int(number), text) for name, number, text in rows}


def version():
    """"MAJOR.MINOR.PATCH" of the header."""
    text = text_of("valpack.h")
    parts = ("MAJOR", "MINOR", "PATCH")
    return ".".join(re.search(rf"#define VP_VERSION_{part} (\d+)", text).group(1) for part in parts)
