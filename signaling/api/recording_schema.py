"""Recordings in the API's words. Moments named `…_ms` are milliseconds since the call began."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from field_assist import Person, people
from recordings import Outline, catalogue
from signaling.api import schema
from signaling.api.recording_desk import Kept
from signaling.api.recording_exports import Export

RetentionClass = Literal["record", "1y", "3y", "5y", "10y", "30y"]


class OpenRecordingRequest(schema.Request):
    """A fresh one-time code."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class KeepRecordingRequest(schema.Request):
    """The class it is kept in."""

    retention: RetentionClass


class HoldRecordingRequest(schema.Request):
    """Why nothing may go."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class DisposeRecordingRequest(OpenRecordingRequest):
    """Why it goes now, and a fresh one-time code."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class RecordingGap(BaseModel):
    """Something is missing: withheld from the recording (hold, whisper), or lost with so many packets."""

    from_ms: int
    to_ms: int
    packets: int
    why: str


class RecordingTrack(BaseModel):
    """One voice or picture for a span of the call.

    A picture is asked for from one of `key_frames_ms` to a later one, a voice in any span. `is_gone`: it was
    deleted, because its person wished it or because it was due.
    """

    id: str
    identity: str
    name: str
    role: str
    source: Literal["microphone", "camera", "screen", "screen_audio", "audio", "video"]
    kind: Literal["audio", "video"]
    mime_type: str
    start_ms: int
    end_ms: int
    key_frames_ms: list[float]
    gaps: list[RecordingGap]
    is_interrupted: bool
    is_gone: bool
    size_bytes: int
    sha256: str


class Recording(BaseModel):
    """A call's recording. `tracks` are empty until this session opened it (`is_open`).

    `running`: it is being made now, of those in `taken`. `may_dispose`: the reader decides how long it stays.
    `due_at` is when it goes by itself. `watermark` is who looks at it, to be shown over what is played.
    """

    id: str
    call_id: str
    started_at: datetime
    stopped_at: datetime | None
    running: bool
    taken: list[str]
    retention: RetentionClass
    confirmed_at: datetime | None
    due_at: datetime | None
    held_at: datetime | None
    hold_reason: str
    disposed_at: datetime | None
    disposal_reason: str
    may_dispose: bool
    is_open: bool
    duration_ms: int
    watermark: str
    tracks: list[RecordingTrack]


class ExportRecordingRequest(schema.Request):
    """Everybody in a grid, or who speaks large; captions are a track of the file, and burnt in on wish."""

    layout: Literal["grid", "speaker"]
    burnt_in: bool = False


class RecordingExport(BaseModel):
    """One MP4 file of a recording; `progress` from 0 to 1.

    `outdated`: something of the record was masked, hidden, corrected or taken back since; the file is gone.
    """

    layout: Literal["grid", "speaker"]
    state: Literal["waiting", "working", "ready", "failed", "outdated"]
    progress: float
    size_bytes: int


class RecordingExportsAnswer(BaseModel):
    """The files there are, and those that are being made."""

    exports: list[RecordingExport]


class RecordingAnswer(BaseModel):
    """The recording, where there is one."""

    recording: Recording | None


def recording_view(
    kept: Kept, person: Person, taken: set[str], *, is_open: bool, at: datetime
) -> RecordingAnswer:
    """What this member of staff sees of it now."""
    row = kept.row
    if row is None:
        return RecordingAnswer(recording=None)
    tracks = [_track_view(kept, entry) for entry in kept.tracks] if is_open else []
    return RecordingAnswer(
        recording=Recording.model_validate(
            {
                **row.model_dump(exclude={"started_by", "held_by", "disposed_by"}),
                "due_at": row.due_at,
                "may_dispose": people.may_dispose_recording(person, kept.sheet.facts),
                "running": kept.is_running,
                "taken": sorted(taken),
                "is_open": is_open,
                "duration_ms": max((track.end_ms for track in tracks), default=0),
                "watermark": f"{person.staff_no} {person.name} {at:%Y-%m-%d %H:%M}Z",
                "tracks": tracks,
            }
        )
    )


def exports_view(found: list[Export]) -> RecordingExportsAnswer:
    """How far each file is."""
    return RecordingExportsAnswer(
        exports=[
            RecordingExport(
                layout=each.layout, state=each.state, progress=each.progress, size_bytes=each.size_bytes
            )
            for each in found
        ]
    )


def _track_view(kept: Kept, row: catalogue.RecordedTrack) -> RecordingTrack:
    found = kept.outlines.get(row.id)
    known = found or _guessed(kept, row)
    return RecordingTrack.model_validate(
        {
            **row.model_dump(exclude={"recording_id", "started_at", "ended_at", "missing", "deleted_at"}),
            "start_ms": round(known.start_ms),
            "end_ms": round(known.end_ms),
            "key_frames_ms": known.key_frames_ms,
            "gaps": [
                RecordingGap(from_ms=round(since), to_ms=round(until), packets=packets, why=why)
                for since, until, packets, why in known.gaps
            ],
            "is_gone": row.deleted_at is not None,
        }
    )


def _guessed(kept: Kept, row: catalogue.RecordedTrack) -> Outline:
    """Of a track without media: only its row says when it was."""
    began_at = kept.sheet.call.started_at
    start_ms = (row.started_at - began_at).total_seconds() * 1000
    end_ms = ((row.ended_at or row.started_at) - began_at).total_seconds() * 1000
    return Outline(start_ms, end_ms, (), ())
