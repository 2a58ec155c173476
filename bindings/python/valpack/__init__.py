"""Short values small before they go into Redis or Valkey, and back byte for byte.

    profile = valpack.train(samples, name="sessions")
    codec = valpack.Codec(profile)
    redis.set(key, codec.encode(value))
    value = codec.decode(redis.get(key))

A codec may be shared by threads. Without a profile encode() and decode() use the untrained encoders.
Every failure is a ValpackError; wrong arguments are TypeError or ValueError.
"""

from . import cost
from ._lib import VERSION as __version__
from ._options import Preset, Target
from .advice import advise
from .bucket import Bucketing, BucketKind, shard
from .codec import Codec, decode, decode_many, encode, encode_many
from .errors import (
    ArgumentError,
    CheckError,
    CorruptError,
    DuplicateError,
    KeySplitError,
    LimitError,
    NoProfileError,
    NoRangeError,
    NoSamplesError,
    NotFoundError,
    OutOfMemoryError,
    OverlapError,
    ProfileError,
    ServerError,
    SpaceError,
    UnknownNameError,
    UnsupportedError,
    ValpackError,
)
from .fingerprints import fingerprint
from .plan import Keyspace, Plan, PlanWarning
from .profile import Profile, shipped_profiles
from .table import RemoteTable, Table
from .training import train

__all__ = [
    "ArgumentError",
    "BucketKind",
    "Bucketing",
    "CheckError",
    "Codec",
    "CorruptError",
    "DuplicateError",
    "KeySplitError",
    "Keyspace",
    "LimitError",
    "NoProfileError",
    "NoRangeError",
    "NoSamplesError",
    "NotFoundError",
    "OutOfMemoryError",
    "OverlapError",
    "Plan",
    "PlanWarning",
    "Preset",
    "Profile",
    "ProfileError",
    "RemoteTable",
    "ServerError",
    "SpaceError",
    "Table",
    "Target",
    "UnknownNameError",
    "UnsupportedError",
    "ValpackError",
    "__version__",
    "advise",
    "cost",
    "decode",
    "decode_many",
    "encode",
    "encode_many",
    "fingerprint",
    "shard",
    "shipped_profiles",
    "train",
]
