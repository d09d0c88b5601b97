"""Recordings of calls under /api, for staff: started, stopped, opened, played, kept and disposed of."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse

from recordings import Layout, NothingThere, Retention
from signaling.accounts.sign_in import SignedIn
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.byte_ranges import ranged
from signaling.api.recording_desk import Kept
from signaling.api.recording_schema import (
    DisposeRecordingRequest,
    ExportRecordingRequest,
    HoldRecordingRequest,
    KeepRecordingRequest,
    OpenRecordingRequest,
    RecordingAnswer,
    RecordingExportsAnswer,
    exports_view,
    recording_view,
)
from signaling.api.services import Services, spend

START_HEADER = "Genba-Start-Ms"
"""Which moment of the call is the beginning of this media, which may lie a little before what was asked."""
_MEDIA: dict[int | str, dict[str, Any]] = {  # FastAPI's own type
    200: {"content": {"audio/webm": {}, "video/webm": {}, "video/mp4": {}}},
    204: {"description": "Nothing was recorded then"},
}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"video/mp4": {}}}}  # FastAPI's own type
Moment = Annotated[float, Query(ge=0, le=1e9)]

router = APIRouter(tags=["recordings"], dependencies=[Depends(signed_in)])


@router.get("/calls/{call_id}/recording")
async def read_recording(call_id: str, session: Staff, parts: Parts) -> RecordingAnswer:
    """How it stands; with its tracks where this session opened it."""
    desk = parts.recording_desk
    if desk.is_open(session, call_id):
        return _view(parts, session, await desk.read(session, call_id))
    return _view(parts, session, await desk.state(session.person, call_id))


@router.post("/calls/{call_id}/recording/start")
async def start_recording(call_id: str, session: Staff, parts: Parts, address: Address) -> RecordingAnswer:
    """Record from now on, each person only while they consent."""
    await parts.recording_desk.start(session.person, call_id, address)
    return _view(parts, session, await parts.recording_desk.state(session.person, call_id))


@router.post("/calls/{call_id}/recording/stop")
async def stop_recording(call_id: str, session: Staff, parts: Parts, address: Address) -> RecordingAnswer:
    """Record nothing more."""
    await parts.recording_desk.stop(session.person, call_id, address)
    return _view(parts, session, await parts.recording_desk.state(session.person, call_id))


@router.post("/calls/{call_id}/recording/open")
async def open_recording(
    call_id: str, body: OpenRecordingRequest, session: Staff, parts: Parts, address: Address
) -> RecordingAnswer:
    """Open it to this session for a while, with a fresh one-time code."""
    kept = await parts.recording_desk.open(session, call_id, body.code, address)
    return _view(parts, session, kept)


@router.get("/calls/{call_id}/recording/tracks/{track_id}", response_class=Response, responses=_MEDIA)
async def play_recording(
    call_id: str,
    track_id: str,
    request: Request,
    session: Staff,
    parts: Parts,
    from_ms: Moment = 0,
    to_ms: Moment = 120_000,
) -> Response:
    """A span of a track as media, two minutes at most; answers parts of it too (RFC 9110 section 14)."""
    await spend(parts, parts.limits.play, session.person.identity)
    try:
        media = await parts.recording_desk.media(session, call_id, track_id, from_ms, to_ms)
    except NothingThere:
        return Response(status_code=204)
    headers = {START_HEADER: f"{media.start_ms:.3f}", "Cache-Control": "no-store"}
    return ranged(request, media.content, media.media_type, headers)


@router.post("/calls/{call_id}/recording/exports")
async def export_recording(
    call_id: str, body: ExportRecordingRequest, session: Staff, parts: Parts, address: Address
) -> RecordingExportsAnswer:
    """Have one MP4 file made of it, which takes a while."""
    desk = parts.recording_desk
    return exports_view(await desk.export(session, call_id, body.layout, address, burnt_in=body.burnt_in))


@router.get("/calls/{call_id}/recording/exports")
async def list_recording_exports(call_id: str, session: Staff, parts: Parts) -> RecordingExportsAnswer:
    """The files there are, and how far those are that are not."""
    return exports_view(await parts.recording_desk.exports(session, call_id))


@router.get("/calls/{call_id}/recording/exports/{layout}", response_class=Response, responses=_FILE)
async def download_recording(
    call_id: str, layout: Layout, session: Staff, parts: Parts, address: Address
) -> Response:
    """The file."""
    file = await parts.recording_desk.exported(session, call_id, layout, address)
    return FileResponse(file, media_type="video/mp4", filename=f"{call_id}-{layout}.mp4")


@router.post("/calls/{call_id}/recording/confirm")
async def confirm_recording(call_id: str, session: Staff, parts: Parts, address: Address) -> RecordingAnswer:
    """The record of the call was confirmed: what only served to write it goes soon."""
    return _view(parts, session, await parts.recording_desk.confirm(session.person, call_id, address))


@router.post("/calls/{call_id}/recording/retention")
async def keep_recording(
    call_id: str, body: KeepRecordingRequest, session: Staff, parts: Parts, address: Address
) -> RecordingAnswer:
    """Put it into another class of retention."""
    retention = Retention(body.retention)
    return _view(parts, session, await parts.recording_desk.keep(session.person, call_id, retention, address))


@router.post("/calls/{call_id}/recording/hold")
async def hold_recording(
    call_id: str, body: HoldRecordingRequest, session: Staff, parts: Parts, address: Address
) -> RecordingAnswer:
    """Nothing of it may go until it is released (legal hold)."""
    return _view(
        parts, session, await parts.recording_desk.hold(session.person, call_id, body.reason, address)
    )


@router.post("/calls/{call_id}/recording/release")
async def release_recording(call_id: str, session: Staff, parts: Parts, address: Address) -> RecordingAnswer:
    """End the legal hold."""
    return _view(parts, session, await parts.recording_desk.release(session.person, call_id, address))


@router.post("/calls/{call_id}/recording/dispose")
async def dispose_recording(
    call_id: str, body: DisposeRecordingRequest, session: Staff, parts: Parts, address: Address
) -> RecordingAnswer:
    """Give up its media now, for good; what it was, with bytes and SHA-256, stays written down."""
    kept = await parts.recording_desk.dispose(session, call_id, body.reason, body.code, address)
    return _view(parts, session, kept)


def _view(parts: Services, session: SignedIn, kept: Kept) -> RecordingAnswer:
    call_id, desk = kept.sheet.call.id, parts.recording_desk
    is_open = desk.is_open(session, call_id) and (kept.row is None or kept.row.disposed_at is None)
    at = parts.clock.wall()
    return recording_view(kept, session.person, desk.taken_of(call_id), is_open=is_open, at=at)
