"""ULIDs: 26 characters that sort by creation time and cannot be guessed from one another.

48 bits of Unix milliseconds and 80 random bits in Crockford's base32 (github.com/ulid/spec).
"""

import secrets
from datetime import UTC, datetime, timedelta

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ulid(at: datetime, randomness: int) -> str:
    """The identifier of time `at` (aware) and 80 random bits."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    value = (milliseconds << 80) | (randomness & ((1 << 80) - 1))
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(125, -5, -5))


def new_id(at: datetime) -> str:
    """A fresh ULID for a row created at `at`."""
    return ulid(at, secrets.randbits(80))
