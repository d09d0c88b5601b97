"""What was recorded: one recording for each call, a track for each span in which somebody's consent stood.

Rows only; the media is in the tracks' journals. Disposing of something takes its media and leaves its row,
with bytes and SHA-256: the disposal record (廃棄記録). Who may do what is `people`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import BigInteger, Field, Session, SQLModel, col, select

from field_assist import Purpose, UtcDateTime, calls, consents, exclusive, new_id
from recordings.journal import Opening
from recordings.retention import Retention, due_at


class RecordingUnknown(Exception):
    """Nothing was recorded in this call, or it was disposed of, or this person may not know of it."""


class RecordingHeld(Exception):
    """A legal hold forbids disposing of it."""


class RecordingRunning(Exception):
    """It is still being made."""


class Recording(SQLModel, table=True):
    """A call's recording; running until `stopped_at`, and again when somebody starts it again."""

    __tablename__ = "recording"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", unique=True, max_length=26)
    started_at: datetime = Field(sa_type=UtcDateTime)
    started_by: str = Field(foreign_key="staff.id", max_length=26)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    retention: str = Field(default=Retention.RECORD.value, max_length=8)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)
    hold_reason: str = ""
    disposed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    disposed_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)  # None: by rule
    disposal_reason: str = ""

    @property
    def due_at(self) -> datetime | None:
        """When it goes by itself; None while it runs, is held, or is gone."""
        if self.stopped_at is None or self.held_at is not None or self.disposed_at is not None:
            return None
        return due_at(Retention(self.retention), self.stopped_at, self.confirmed_at)


class RecordedTrack(SQLModel, table=True):
    """One voice or picture for one span of time. `missing` packets are marked as gaps in the journal."""

    __tablename__ = "recorded_track"

    id: str = Field(primary_key=True, max_length=26)
    recording_id: str = Field(foreign_key="recording.id", index=True, max_length=26)
    identity: str = Field(max_length=40)
    name: str
    role: str = Field(max_length=12)
    source: str = Field(max_length=20)
    kind: str = Field(max_length=5)
    mime_type: str = Field(max_length=20)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    is_interrupted: bool = False  # the server ended in its midst
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    sha256: str = Field(default="", max_length=64)
    missing: int = 0
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deletion_reason: str = ""

    def file_in(self, folder: Path) -> Path:
        """Its journal, where `folder` is that of all recordings."""
        return folder / self.recording_id / f"{self.id}.journal"

    def opening(self, call_id: str, began_us: int, red_type: int = -1) -> Opening:
        """How its journal begins; `red_type` is the payload type of RED, -1 without."""
        return Opening(
            track_id=self.id,
            call_id=call_id,
            identity=self.identity,
            source=self.source,
            kind=self.kind,
            mime_type=self.mime_type,
            clock_rate_hz=48000 if self.kind == "audio" else 90000,
            red_type=red_type,
            began_us=began_us,
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """What is known of a track when it is on the disk as a whole."""

    ended_at: datetime
    size_bytes: int
    sha256: str
    missing: int = 0
    is_interrupted: bool = False


def start(session: Session, call: calls.Call, staff_id: str, at: datetime) -> tuple[Recording, bool]:
    """Begin recording, or go on with it, and whether that is news. Raises RecordingUnknown if gone."""
    exclusive(session, f"recording.{call.id}")
    row = find(session, call.id)
    if row is None:
        row = Recording(id=new_id(at), call_id=call.id, started_at=at, started_by=staff_id)
    elif row.disposed_at is not None:
        raise RecordingUnknown
    elif row.stopped_at is None:
        return row, False
    row.stopped_at = None
    return _saved(session, row), True


def stop(session: Session, call_id: str, at: datetime) -> Recording | None:
    """End recording; None where none ran."""
    exclusive(session, f"recording.{call_id}")
    row = find(session, call_id)
    if row is None or row.stopped_at is not None:
        return None
    row.stopped_at = at
    return _saved(session, row)


def find(session: Session, call_id: str) -> Recording | None:
    """The call's recording, disposed of or not."""
    return session.exec(select(Recording).where(Recording.call_id == call_id)).first()


def kept_of_call(session: Session, call_id: str) -> Recording:
    """The same, if it still is there; raises RecordingUnknown."""
    row = find(session, call_id)
    if row is None or row.disposed_at is not None:
        raise RecordingUnknown
    return row


def running_of_ended_calls(session: Session) -> list[Recording]:
    """Those whose call is over."""
    query = select(Recording).join(calls.Call).where(col(Recording.stopped_at).is_(None))
    return list(session.exec(query.where(col(calls.Call.ended_at).is_not(None))))


def running(session: Session) -> list[Recording]:
    """All that are being made."""
    return list(session.exec(select(Recording).where(col(Recording.stopped_at).is_(None))))


def tracks(session: Session, recording_id: str) -> list[RecordedTrack]:
    """All tracks, deleted ones too, in the order they began."""
    query = select(RecordedTrack).where(RecordedTrack.recording_id == recording_id)
    return list(session.exec(query.order_by(col(RecordedTrack.started_at), col(RecordedTrack.id))))


def track(session: Session, recording_id: str, track_id: str) -> RecordedTrack:
    """One that still has its media; raises RecordingUnknown."""
    row = session.get(RecordedTrack, track_id)
    if row is None or row.recording_id != recording_id or row.deleted_at is not None:
        raise RecordingUnknown
    return row


def takeable(session: Session, call_id: str) -> list[RecordedTrack]:
    """What of a call's recording may be given away as a copy, once it was stopped.

    A legal hold keeps what somebody wishes deleted where it is: of that there is no copy.
    """
    row = find(session, call_id)
    if row is None or row.stopped_at is None or row.disposed_at is not None:
        return []
    gone = unwanted(session, row)
    return [each for each in tracks(session, row.id) if each.deleted_at is None and each.id not in gone]


def unwanted(session: Session, row: Recording) -> set[str]:
    """Tracks that somebody wishes deleted of themselves: nobody plays them, also while a hold keeps them."""
    wishes = consents.unwanted(session, row.call_id, Purpose.RECORDING)
    return {
        track.id
        for track in tracks(session, row.id)
        if any(wish.identity == track.identity and track.started_at <= wish.before for wish in wishes)
    }


def is_heard(session: Session, call_id: str, since: datetime, until: datetime) -> bool:
    """Whether any voice was recorded between these times that still has its media."""
    row = find(session, call_id)
    if row is None or row.disposed_at is not None:
        return False
    return any(
        track.kind == "audio"
        and track.deleted_at is None
        and track.started_at < until
        and (track.ended_at is None or track.ended_at > since)
        for track in tracks(session, row.id)
    )


def add_track(session: Session, row: RecordedTrack) -> None:
    """A track began."""
    if session.get(RecordedTrack, row.id) is None:
        session.add(row)
        session.flush()


def end_track(session: Session, track_id: str, ended: Ended) -> None:
    """A track is on the disk as a whole."""
    row = session.get(RecordedTrack, track_id)
    if row is not None and row.ended_at is None:
        row.ended_at, row.is_interrupted = ended.ended_at, ended.is_interrupted
        row.size_bytes, row.sha256, row.missing = ended.size_bytes, ended.sha256, ended.missing
        session.add(row)
        session.flush()


def unended(session: Session) -> list[RecordedTrack]:
    """Tracks whose end nobody wrote down."""
    return list(session.exec(select(RecordedTrack).where(col(RecordedTrack.ended_at).is_(None))))


def interrupted_voices(session: Session, since: datetime) -> list[tuple[RecordedTrack, str]]:
    """Voices that a crash of the server cut off since then and whose media is there, with their call's id."""
    query = select(RecordedTrack, Recording.call_id).join(Recording)
    query = query.where(RecordedTrack.is_interrupted, col(RecordedTrack.ended_at) >= since)
    query = query.where(RecordedTrack.source == "microphone", col(RecordedTrack.deleted_at).is_(None))
    return list(session.exec(query.order_by(col(RecordedTrack.started_at))))


def keep(session: Session, row: Recording, retention: Retention) -> None:
    """Put it into another class."""
    row.retention = retention.value
    _saved(session, row)


def confirm(session: Session, row: Recording, at: datetime) -> None:
    """The record was confirmed: from now on the short retention runs."""
    row.confirmed_at = row.confirmed_at or at
    _saved(session, row)


def hold(session: Session, row: Recording, staff_id: str, reason: str, at: datetime) -> None:
    """Nothing of it may go (legal hold)."""
    row.held_at, row.held_by, row.hold_reason = at, staff_id, reason
    _saved(session, row)


def release(session: Session, row: Recording) -> None:
    """It may go again when it is due. Who held it and why stays in the access log."""
    row.held_at, row.held_by, row.hold_reason = None, None, ""
    _saved(session, row)


def dispose(session: Session, row: Recording, staff_id: str | None, reason: str, at: datetime) -> None:
    """Give up its media; the rows stay. By rule nobody does (None) and there is no reason.

    Raises RecordingHeld, RecordingRunning.
    """
    if row.held_at is not None:
        raise RecordingHeld
    if row.stopped_at is None:
        raise RecordingRunning
    row.disposed_at, row.disposed_by, row.disposal_reason = at, staff_id, reason
    kept = [found for found in tracks(session, row.id) if found.deleted_at is None]
    _delete(session, kept, reason or "due", at)
    _saved(session, row)


def delete_of(session: Session, row: Recording, identity: str, until: datetime, at: datetime) -> int:
    """Give up what was taken of one person until then: they wish it. Answers how many tracks that were.

    Nothing goes while a legal hold lasts; the wish is carried out after it.
    """
    if row.held_at is not None:
        return 0
    kept = [track for track in tracks(session, row.id) if track.deleted_at is None]
    found = [track for track in kept if track.identity == identity and track.started_at <= until]
    _delete(session, found, "withdrawn", at)
    return len(found)


def due(session: Session, at: datetime) -> list[Recording]:
    """What is to be disposed of by now."""
    query = select(Recording).where(
        col(Recording.stopped_at).is_not(None),
        col(Recording.disposed_at).is_(None),
        col(Recording.held_at).is_(None),
    )
    return [row for row in session.exec(query) if (when := row.due_at) is not None and when <= at]


def without_media(session: Session, track_ids: Sequence[str]) -> set[str]:
    """Which of these tracks gave up their media."""
    query = select(RecordedTrack.id).where(
        col(RecordedTrack.id).in_(track_ids), col(RecordedTrack.deleted_at).is_not(None)
    )
    return set(session.exec(query))


def _delete(session: Session, found: Sequence[RecordedTrack], reason: str, at: datetime) -> None:
    for entry in found:
        entry.deleted_at, entry.deletion_reason = at, reason
        session.add(entry)
    session.flush()


def _saved(session: Session, row: Recording) -> Recording:
    session.add(row)
    session.flush()
    return row
