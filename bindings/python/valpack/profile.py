"""Profiles: what was learned from samples of one keyspace."""

import ctypes
import json

from ._lib import LIB
from ._memory import as_bytes, copy_out, own
from ._options import unsigned
from .errors import ProfileError, Status, UnsupportedError, check, error_for


def _explain(data):
    text = ctypes.create_string_buffer(256)
    LIB.vp_profile_explain(data, len(data), text, len(text))
    return text.value.decode("utf-8", "replace")


def shipped_profiles():
    """A list of dicts, one per profile that ships with valpack: its `name`, `purpose` and `profile_bytes`,
    and as measured on made-up values that it was not trained on, `raw_bytes`, `encoded_bytes`,
    `own_bytes` (with profiles of their own) and `untrained_bytes` (without any)."""
    return [json.loads(LIB.vp_shipped_about(index)) for index in range(LIB.vp_shipped_count())]


class Profile:
    """An immutable profile, made from the bytes of a .vpp file; all of it is verified.

    `data` are those bytes. `report` is a dict with the comparison on held-out samples if the profile
    comes from train(), otherwise None. May be shared by threads.
    """

    def __init__(self, data):
        self.data = as_bytes(data, "a profile")
        self.report = None
        handle = ctypes.c_void_p()
        status = LIB.vp_profile_load(self.data, len(self.data), None, ctypes.byref(handle))
        if status in (Status.ERR_PROFILE, Status.ERR_UNSUPPORTED):
            raise error_for(status, _explain(self.data))
        check(status)
        self._handle = own(self, handle.value, LIB.vp_profile_release)

    @classmethod
    def load(cls, path):
        """The profile in a file."""
        with open(path, "rb") as file:
            data = file.read()
        try:
            return cls(data)
        except (ProfileError, UnsupportedError) as error:
            raise type(error)(f"{path}: {error}") from None

    @classmethod
    def shipped(cls, name, first_code=None):
        """The profile of this name that ships with valpack, bound to `first_code` if one is given.

        For values of which there are no samples yet; shipped_profiles() lists them.
        """
        if not isinstance(name, str):
            raise TypeError(f"name must be str, not {type(name).__name__}")
        size = ctypes.c_size_t()
        data = LIB.vp_shipped_data(name.encode(), ctypes.byref(size))
        if data is None:
            raise error_for(Status.ERR_NAME, repr(name))
        profile = cls(copy_out(data, size.value))
        return profile if first_code is None else profile.relocate(first_code)

    @property
    def name(self):
        """The name given at training, "" without one."""
        return LIB.vp_profile_name(self._handle).decode()

    @property
    def fingerprint(self):
        """64-bit number of the content; does not depend on the first code."""
        return LIB.vp_profile_fingerprint(self._handle)

    @property
    def first_code(self):
        """First of the first bytes that this profile owns, 0x80 .. 0xBF."""
        return LIB.vp_profile_first_code(self._handle)

    @property
    def width(self):
        """How many first bytes this profile owns."""
        return LIB.vp_profile_width(self._handle)

    def describe(self):
        """A dict with contents and provenance, the stored text included."""
        json_text = ctypes.create_string_buffer(max(1, LIB.vp_profile_describe_bound(self._handle)))
        size = check(LIB.vp_profile_describe(self._handle, json_text, len(json_text)))
        return json.loads(json_text.raw[:size])

    def relocate(self, first_code):
        """The same content bound to another first code, as a new profile, for use before the first
        value is written: values written under the old code can't be read with it."""
        data = ctypes.create_string_buffer(self.data, len(self.data))
        number = unsigned(first_code, 32, "first_code")
        check(LIB.vp_profile_relocate(data, len(self.data), number), f"first_code={number}")
        return type(self)(data.raw)

    def __eq__(self, other):
        return self.data == other.data if isinstance(other, Profile) else NotImplemented

    def __hash__(self):
        return hash(self.data)

    def __reduce__(self):
        return type(self), (self.data,), {"report": self.report}

    def __repr__(self):
        last = self.first_code + self.width - 1
        return f"<Profile {self.name!r} {self.fingerprint:016x} 0x{self.first_code:02X}-0x{last:02X}>"
