"""GET /api/events: the staff's event stream.

A stream lives longer than a request should without asking who reads it: every minute the session is asked
for again, and the stream ends with it.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse

from signaling.accounts.sign_in import SignedIn, SignedOut
from signaling.api.auth import Parts, Staff, signed_in
from signaling.api.services import Services

RECHECK_S = 60.0

router = APIRouter(tags=["events"], dependencies=[Depends(signed_in)])


class EventStreamResponse(StreamingResponse):
    """Server-sent events, unbuffered by proxies."""

    media_type = "text/event-stream"


@router.get("/events", response_class=EventStreamResponse)
async def read_events(
    session: Staff,
    parts: Parts,
    last_event_id: Annotated[str, Header(max_length=80)] = "",
    after: Annotated[str, Query(max_length=80)] = "",
) -> EventStreamResponse:
    """`calls` whenever the lists this person sees may have changed.

    The browser itself says in `Last-Event-ID` what it saw last, a page that opens anew in `after`.
    """
    frames = _frames(session, parts, last_event_id or after)
    return EventStreamResponse(frames, headers={"X-Accel-Buffering": "no"})


async def _frames(session: SignedIn, parts: Services, after: str) -> AsyncIterator[bytes]:
    with parts.hub.stream(session.person, after) as stream:
        checked_at = parts.clock.monotonic()
        async for frame in stream.frames():
            yield frame
            if parts.clock.monotonic() - checked_at >= RECHECK_S:
                checked_at = parts.clock.monotonic()
                if not await _is_still_in(session, parts):
                    return


async def _is_still_in(session: SignedIn, parts: Services) -> bool:
    try:
        await parts.sign_ins.session_of(session.token)
    except SignedOut:
        return False
    return True
