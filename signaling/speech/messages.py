"""What the server and its processes say to each other: a length, facts as JSON, bytes that belong to them.

Nothing here is a secret and nothing is believed unchecked: what does not parse ends the process that said it.
Sans-IO.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import Any, Final

HEAD: Final = struct.Struct("!II")
MOST_BYTES: Final = 16 * 1024 * 1024
FRAME_HEAD: Final = struct.Struct("!qHH")
"""Before each Opus frame for the listener: ticks of 48 kHz, duration in ticks, bytes that follow."""
TICKS_PER_S: Final = 48_000
RATE: Final = 16_000
"""Samples a second of what recognisers hear: 16 bit, mono."""
TICKS_PER_SAMPLE: Final = TICKS_PER_S // RATE


class PipeBroken(Exception):
    """The other side ended, or said what is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """Facts, and bytes that belong to them."""

    facts: dict[str, Any]  # Any: JSON
    content: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """As it travels."""
        facts = json.dumps(self.facts).encode()
        return HEAD.pack(len(facts), len(self.content)) + facts + self.content


def sizes(head: bytes) -> tuple[int, int]:
    """How many bytes of facts and of content follow; raises PipeBroken."""
    facts_bytes, content_bytes = HEAD.unpack(head)
    if facts_bytes + content_bytes > MOST_BYTES:
        raise PipeBroken
    return facts_bytes, content_bytes


def decode(facts: bytes, content: bytes) -> Message:
    """The message; raises PipeBroken."""
    try:
        found = json.loads(facts)
    except ValueError as error:
        raise PipeBroken from error
    if not isinstance(found, dict):
        raise PipeBroken
    return Message(found, content)
