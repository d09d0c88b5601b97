"""Notes left for a call: a few lines or a spoken minute, recorded while there was no line and sent later.

A note arrives in pieces (`arrivals`); complete, it is a line of the call's chat. Bytes are files beside the
database and written first, so a row never promises what is not there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from field_assist.arrivals import ArrivalTaken
from field_assist.calls import Call, CallClosed, ChatMessage, Sender
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive

LATE_FOR = timedelta(days=7)
"""A note may arrive so long after its call ended: a tunnel, a weekend, a lost charger."""
MAX_TEXT_BYTES = 8_000
MAX_VOICE_BYTES = 6_000_000
"""Ten minutes of Opus at 24 kbps take 1.8 MB, of the AAC that Safari records three times that."""
MAX_CALL_BYTES = 200_000_000
MAX_CALL_NOTES = 500
MAX_DURATION_MS = 11 * 60 * 1000


class NoteKind(StrEnum):
    """What a note is."""

    TEXT = "text"
    VOICE = "voice"


class NoteUnknown(Exception):
    """No such note of this sender in this call, or none this person may know of."""


class NotesFull(Exception):
    """The call holds as many notes as it may."""


class Note(SQLModel, table=True):
    """One note; complete once `completed_at` is set. `id` is the sender's UUID."""

    __tablename__ = "note"

    id: str = Field(primary_key=True, max_length=36)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    sender_identity: str = Field(max_length=40)
    sender_name: str
    sender_role: str
    kind: str
    media_type: str
    size_bytes: int
    sha256: str = Field(max_length=64)
    duration_ms: int
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    received_bytes: int
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewNote:
    """What the sender's device announces."""

    id: str
    kind: NoteKind
    size_bytes: int
    sha256: str
    duration_ms: int
    recorded_at: datetime


def begin(session: Session, call: Call, sender: Sender, new: NewNote, at: datetime) -> Note:
    """Announce a note, or find the same one announced before. Raises ArrivalTaken, NotesFull, CallClosed."""
    if call.ended_at is not None and at - call.ended_at > LATE_FOR:
        raise CallClosed
    exclusive(session, f"notes.{call.id}")
    known = session.get(Note, new.id)
    if known is not None:
        is_same = (known.call_id, known.sender_identity, known.sha256, known.size_bytes) == (
            call.id,
            sender.identity,
            new.sha256,
            new.size_bytes,
        )
        if not is_same:
            raise ArrivalTaken
        return known
    held = session.exec(
        select(func.count(), func.coalesce(func.sum(Note.size_bytes), 0)).where(Note.call_id == call.id)
    ).one()
    if held[0] >= MAX_CALL_NOTES or held[1] + new.size_bytes > MAX_CALL_BYTES:
        raise NotesFull
    note = Note(
        id=new.id,
        call_id=call.id,
        sender_identity=sender.identity,
        sender_name=sender.name,
        sender_role=sender.role.value,
        kind=new.kind.value,
        media_type="",
        size_bytes=new.size_bytes,
        sha256=new.sha256,
        duration_ms=new.duration_ms,
        recorded_at=new.recorded_at,
        created_at=at,
        received_bytes=0,
    )
    session.add(note)
    session.flush()
    return note


def own(session: Session, note_id: str, call_id: str, identity: str) -> Note:
    """The note as its sender may go on with it; raises NoteUnknown."""
    note = session.get(Note, note_id)
    if note is None or note.call_id != call_id or note.sender_identity != identity:
        raise NoteUnknown
    return note


def complete_in(session: Session, note_id: str, call_id: str) -> Note:
    """A note everybody in the call may hear; raises NoteUnknown."""
    note = session.get(Note, note_id)
    if note is None or note.call_id != call_id or note.completed_at is None:
        raise NoteUnknown
    return note


def complete_of(session: Session, call_ids: list[str]) -> list[Note]:
    """All complete notes of some calls, in the order they were recorded."""
    query = select(Note).where(col(Note.call_id).in_(call_ids), col(Note.completed_at).is_not(None))
    return list(session.exec(query.order_by(col(Note.recorded_at), col(Note.id))))


def received(session: Session, note: Note, received_bytes: int) -> None:
    """So much of it is on the disk now."""
    note.received_bytes = received_bytes
    session.add(note)
    session.flush()


def complete(session: Session, note: Note, media_type: str, text: str, at: datetime) -> ChatMessage:
    """Make it a line of the chat, once; the same line again for whoever asks again."""
    exclusive(session, f"notes.{note.call_id}")
    said = session.exec(select(ChatMessage).where(ChatMessage.note_id == note.id)).first()
    if said is not None:
        return said
    note.media_type = media_type
    note.completed_at = at
    session.add(note)
    message = ChatMessage(
        id=new_id(at),
        call_id=note.call_id,
        sender_identity=note.sender_identity,
        sender_name=note.sender_name,
        sender_role=note.sender_role,
        text=text,
        sent_at=at,
        note_id=note.id,
        note_ms=note.duration_ms if note.kind == NoteKind.VOICE else None,
    )
    session.add(message)
    session.flush()
    return message


def abandoned(session: Session, before: datetime) -> list[str]:
    """Ids of notes announced before then that never became complete."""
    query = select(Note.id).where(col(Note.completed_at).is_(None), col(Note.created_at) < before)
    return list(session.exec(query))


def forget(session: Session, note_ids: list[str]) -> None:
    """Drop rows of abandoned notes."""
    session.exec(delete(Note).where(col(Note.id).in_(note_ids), col(Note.completed_at).is_(None)))


def sniff(head: bytes) -> str | None:
    """The media type of a sound file by its first bytes, or None: WebM, Ogg, and MP4 as browsers record."""
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "audio/webm"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    return None
