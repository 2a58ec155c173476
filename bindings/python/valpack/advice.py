"""Advice: what each technique would save on samples, in the memory of a server."""

import ctypes
import json

from ._lib import LIB
from ._memory import as_bytes, bytes_view
from ._options import AdviseOption, apply_options
from .cost import Server
from .errors import Status, check, error_for
from .training import relay_progress


def advise(samples, *, server="redis-7.2", progress=None, **options):
    """What would be saved on these samples, as a dict: include/valpack_advise.h tells its members. "rows"
    holds the techniques, best first; "verdict" is "change" or "leave alone".

    samples   an iterable of values, or of pairs of a key and a value; all bytes-like
    server    a valpack.cost.Server, or the name of a flavour
    progress  called now and then with the stage and how much of all the work is done, 0 .. 1000

    Options, with their defaults:
    keys=0                     keys that the samples stand for; 0: as many as there are samples
    key_size=16                of keys that are not given, which then end in consecutive numbers
    expires=False              the keys have a TTL
    seed=1                     of all sampling
    times=True                 measure how long encoding takes
    kept_values=1000000        samples kept at most
    kept_bytes=256 * 2**20     and bytes of them
    train_values=10000         samples that profiles learn from at most
    train_bytes=512 * 2**10    and bytes of them
    """
    if isinstance(samples, (bytes, bytearray, memoryview, str)):
        raise TypeError(f"samples must be an iterable of values or pairs, not one {type(samples).__name__}")
    if not isinstance(server, Server):
        server = Server.named(server)
    advisor = LIB.vp_advisor_new(server._reference, None)
    if not advisor:
        raise error_for(Status.ERR_MEMORY)
    try:
        apply_options(LIB.vp_advisor_set, advisor, AdviseOption, options)
        for sample in samples:
            key, value = sample if isinstance(sample, tuple) else (b"", sample)
            key, value = as_bytes(key, "a key"), as_bytes(value)
            check(LIB.vp_advisor_add(advisor, bytes_view(key), bytes_view(value)))
        return _finish(advisor, progress)
    finally:
        LIB.vp_advisor_free(advisor)


def _finish(advisor, progress):
    failures = []
    if progress is not None:
        callback = relay_progress(progress, failures)
        check(LIB.vp_advisor_on_progress(advisor, callback, None))
    text = ctypes.c_char_p()
    size = LIB.vp_advisor_finish(advisor, ctypes.byref(text))
    if failures:
        raise failures[0]
    check(size)
    return json.loads(text.value)
