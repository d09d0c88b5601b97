"""What may happen to something large on its way in, whatever it is: a note, a still.

It is announced with its size and SHA-256 under an identifier that the sender's device chose, arrives in
pieces, each at the offset where the last one ended, and is complete when all of it is here and the hash
agrees. Every step may be repeated without harm, so a line that is cut costs one piece at most. Sans-IO.
"""


class ArrivalTaken(Exception):
    """The identifier is already that of something else."""


class ArrivalElsewhere(Exception):
    """The piece does not begin where the last one ended; `offset` is where, in bytes."""

    def __init__(self, offset: int) -> None:
        super().__init__("offset")
        self.offset = offset


class ArrivalDamaged(Exception):
    """What arrived is not what was announced; sending begins anew."""


def must_continue(received_bytes: int, size_bytes: int, offset: int, piece_bytes: int) -> None:
    """Whether a piece is the next one and not too long; raises ArrivalElsewhere."""
    if offset != received_bytes or received_bytes + piece_bytes > size_bytes:
        raise ArrivalElsewhere(received_bytes)
