"""Messages between the server and its processes: a length, facts as JSON, bytes behind them.

Nothing here is a secret and nothing is believed unchecked: what does not parse ends the process that said it.
"""

import asyncio
import json
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

_HEAD: Final = struct.Struct("!II")
MOST_BYTES: Final = 16 * 1024 * 1024


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
        return _HEAD.pack(len(facts), len(self.content)) + facts + self.content


async def receive(stream: asyncio.StreamReader) -> Message:
    """The next message; raises PipeBroken."""
    try:
        facts_bytes, content_bytes = _sizes(await stream.readexactly(_HEAD.size))
        return _message(await stream.readexactly(facts_bytes), await stream.readexactly(content_bytes))
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise PipeBroken from error


def read(stream: BinaryIO) -> Message | None:
    """The next message for a process of ours, which may wait; None at the end."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    facts_bytes, content_bytes = _sizes(head)
    return _message(stream.read(facts_bytes), stream.read(content_bytes))


def write(stream: BinaryIO, message: Message) -> None:
    """Send a message from a process of ours."""
    stream.write(message.encode())
    stream.flush()


def _sizes(head: bytes) -> tuple[int, int]:
    facts_bytes, content_bytes = _HEAD.unpack(head)
    if facts_bytes + content_bytes > MOST_BYTES:
        raise PipeBroken
    return facts_bytes, content_bytes


def _message(facts: bytes, content: bytes) -> Message:
    try:
        found = json.loads(facts)
    except ValueError as error:
        raise PipeBroken from error
    if not isinstance(found, dict):
        raise PipeBroken
    return Message(found, content)
