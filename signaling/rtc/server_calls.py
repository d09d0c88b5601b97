"""Remote procedure calls made by the server itself: a request to one participant, and its answer.

Each call has a caller identity of its own, which no participant can have, so that its acknowledgement and
answer are told from everything else. Follows `RpcRequest` and `PerformRpc` in LiveKit's protocol.
"""

from __future__ import annotations

import asyncio

from livekit.protocol.models import DataPacket, RpcRequest
from livekit.protocol.room import PerformRpcRequest

from signaling.rtc.participant import Participant
from signaling.rtc.room import Room

ACKNOWLEDGE_TIMEOUT_S = 7.0
DEFAULT_TIMEOUT_MS = 15_000
MAX_PAYLOAD_BYTES = 15_360
VERSION = 1


class CallFailed(Exception):
    """The participant answered with an error, or not at all; `code` is LiveKit's or its own."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


async def perform(room: Room, callee: Participant, request: PerformRpcRequest, call_id: str) -> str:
    """What `callee` answers. Raises `CallFailed`."""
    if len(request.payload.encode()) > MAX_PAYLOAD_BYTES:
        raise CallFailed(1402, "Request payload too large")
    timeout_ms = request.response_timeout_ms or DEFAULT_TIMEOUT_MS
    packet = DataPacket(
        kind=DataPacket.Kind.RELIABLE,
        participant_identity=call_id,
        destination_identities=[callee.identity],
        rpc_request=RpcRequest(
            id=call_id,
            method=request.method,
            payload=request.payload,
            response_timeout_ms=timeout_ms,
            version=VERSION,
        ),
    )
    acknowledged, answered = asyncio.Event(), asyncio.Event()
    answers: list[DataPacket] = []

    def hear(answer: DataPacket) -> None:
        if answer.WhichOneof("value") == "rpc_response":
            answers.append(answer)
            answered.set()
        acknowledged.set()

    with room.data.listening(call_id, hear):
        room.data.deliver(callee, packet, asyncio.get_running_loop().time())
        await _wait(acknowledged, min(ACKNOWLEDGE_TIMEOUT_S, timeout_ms / 1000), 1501, "Connection timeout")
        await _wait(answered, timeout_ms / 1000, 1502, "Response timeout")
    response = answers[0].rpc_response
    if response.HasField("error"):
        raise CallFailed(response.error.code, response.error.message)
    return response.payload


async def _wait(event: asyncio.Event, timeout_s: float, code: int, message: str) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        raise CallFailed(code, message) from None
