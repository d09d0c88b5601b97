"""Messages over pipes: for the server, which may not wait, and for its processes, which may."""

import asyncio
from typing import BinaryIO

from signaling.speech.messages import HEAD, Message, PipeBroken, decode, sizes


async def receive(stream: asyncio.StreamReader) -> Message:
    """The next message; raises PipeBroken."""
    try:
        facts_bytes, content_bytes = sizes(await stream.readexactly(HEAD.size))
        return decode(await stream.readexactly(facts_bytes), await stream.readexactly(content_bytes))
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise PipeBroken from error


def read(stream: BinaryIO) -> Message | None:
    """The next message for a process of ours; None at the end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    facts_bytes, content_bytes = sizes(head)
    return decode(stream.read(facts_bytes), stream.read(content_bytes))


def write(stream: BinaryIO, message: Message) -> None:
    """Send a message from a process of ours."""
    stream.write(message.encode())
    stream.flush()
