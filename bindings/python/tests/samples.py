"""Values made up for the tests, the same ones every time."""

import functools
import json
import random

import valpack

INTEGERS = [b"0", b"-17", b"1700000000", b"9223372036854775807", b"-9223372036854775808"]


def sessions(count, seed=1):
    """JSON as applications keep it under a session key."""
    chance = random.Random(seed)
    names = ("anna", "bela", "chen", "dara", "emre", "finn")
    return [
        json.dumps(
            {
                "user": f"{chance.choice(names)}.{chance.randrange(10000)}@example.org",
                "role": chance.choice(("reader", "editor", "administrator")),
                "seen": 1700000000 + chance.randrange(10**7),
                "theme": chance.choice(("dark", "light")),
            }
        ).encode()
        for _ in range(count)
    ]


def cities(count, seed=1):
    """Text of few different values."""
    chance = random.Random(seed)
    names = ("Lisbon", "København", "São Paulo", "Kraków", "Osaka")
    return [chance.choice(names).encode() for _ in range(count)]


def hostile(count, seed=1):
    """Bytes that begin with every first byte in turn and go on at random."""
    chance = random.Random(seed)
    return [bytes([i % 256]) + chance.randbytes(chance.randrange(40)) for i in range(count)]


def mixed():
    """One of everything."""
    chance = random.Random(7)
    first_bytes = [bytes([byte]) + tail for byte in range(256) for tail in (b"", b"\x00", b"tail")]
    texts = [
        b"",
        b"\x00",
        "Grüße".encode(),
        b"0123456789abcdef" * 4,
        b"f47ac10b-58cc-4372-a567-0e02b2c3d479",
        b"2024-02-29T12:34:56.789Z",
        b"192.168.17.4",
        b"19.99",
        b"007",
        b"1,2,3,5,8,13,21",
        b'{"a": [1, 2.50, null, "\\u00e9\\/"], "a": {}}',
        b"=" * 300,
    ]
    randoms = [chance.randbytes(size) for size in range(64)]
    return first_bytes + texts + randoms + INTEGERS + sessions(20) + cities(5)


@functools.lru_cache(maxsize=None)
def session_profile(**options):
    """A profile trained on sessions."""
    return valpack.train(sessions(2000), name="sessions", **options)
