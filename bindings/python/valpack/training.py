"""Training: from samples of one keyspace to a profile."""

import ctypes
import json

from ._lib import LIB, PROGRESS
from ._memory import as_bytes, copy_out
from ._options import TrainOption, apply_options
from .errors import Status, check, error_for
from .profile import Profile


def train(samples, *, name="", beside=(), progress=None, **options):
    """A Profile learned from an iterable of bytes-like samples; the same samples in the same order
    and the same options give the same profile. Its `data` is what belongs into a .vpp file, its
    `report` a dict with the comparison on held-out samples.

    name      at most 64 bytes of UTF-8, kept in the profile
    beside    profiles of the same application, whose first bytes the new one will not touch
    progress  called now and then with the stage and how much of all the work is done, 0 .. 1000

    Options, with their defaults:
    first_code=0              first of the first bytes to own, 0x80 .. 0xBF; 0: the first free range
    width=0                   how many first bytes to own: 1, 2, 4, 8, 16 or 32; 0: 16, or 32 where that pays
    preset="small"            or "fast": packings, symbols and lz4 only
    model_bytes=64 * 2**10    largest trained model, 4 KiB .. 1 MiB
    check=0                   check bytes per value, 0 .. 4
    min_count=3               stored text was seen in this many samples wherever that can be told
    seed=1                    of the sampling
    keep_integers=False       leave canonical int64 alone
    zstd_level=0              default of the profile, 1 .. 22; 0: about the cost of level 3
    date=0                    to record, in seconds since 1970; 0: none
    sample_bytes=16 * 2**20   samples kept at most; more are thinned out evenly
    target="bytes"            what to make small, as for Codec; not recorded: give the Codec the same
    server="redis-7.2"        as for Codec
    key_size=16               as for Codec
    key_expires=False         as for Codec
    encoders=2**32 - 1        those to train and compare: names, or a mask by number

    Text of the samples ends up in the profile: do not publish one trained on secrets.
    """
    if isinstance(samples, (bytes, bytearray, memoryview, str)):
        raise TypeError(f"samples must be an iterable of values, not one {type(samples).__name__}")
    trainer = LIB.vp_trainer_new(None)
    if not trainer:
        raise error_for(Status.ERR_MEMORY)
    try:
        _prepare(trainer, name, beside, options)
        for sample in samples:
            sample = as_bytes(sample, "a sample")
            check(LIB.vp_trainer_add(trainer, sample, len(sample)))
        return _finish(trainer, progress)
    finally:
        LIB.vp_trainer_free(trainer)


def _prepare(trainer, name, beside, options):
    apply_options(LIB.vp_trainer_set, trainer, TrainOption, options)
    name_bytes = name.encode()
    check(LIB.vp_trainer_set_name(trainer, name_bytes, len(name_bytes)), f"name={name!r}")
    for profile in [beside] if isinstance(beside, Profile) else beside:
        if not isinstance(profile, Profile):
            raise TypeError(f"beside must be Profile objects, not {type(profile).__name__}")
        check(LIB.vp_trainer_beside(trainer, profile._handle))


def _finish(trainer, progress):
    failures = []
    if progress is not None:
        callback = relay_progress(progress, failures)
        check(LIB.vp_trainer_on_progress(trainer, callback, None))
    data = ctypes.c_void_p()
    size = LIB.vp_trainer_finish(trainer, ctypes.byref(data))
    if failures:
        raise failures[0]
    profile = Profile(copy_out(data.value, check(size)))
    profile.report = json.loads(LIB.vp_trainer_report(trainer))
    return profile


def relay_progress(progress, failures):
    """A C callback; what progress raises is kept, since no exception can pass through C."""

    def call(_opaque, stage, permille):
        if failures:
            return
        try:
            progress(stage.decode(), permille)
        except BaseException as error:
            failures.append(error)

    return PROGRESS(call)
