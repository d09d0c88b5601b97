"""Notes on their way in and out: rules, rows and access-log rows, and the files that hold the bytes.

The files arrive piece by piece: `arriving_files`.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from field_assist import (
    ArrivalDamaged,
    ArrivalElsewhere,
    Guest,
    NewNote,
    Note,
    NoteKind,
    NoteUnknown,
    Person,
    Session,
    Store,
    arrivals,
    calls,
    notes,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.arriving_files import ArrivingFiles
from signaling.clock import Clock

FOLDER = "notes"
_SNIFFED_BYTES = 64

Speaker = Person | Guest


@dataclass(frozen=True, slots=True)
class Sound:
    """A voice note to play."""

    media_type: str
    content: bytes


class NoteDesk:
    """All of it; one per installation."""

    def __init__(self, store: Store, data_dir: Path, clock: Clock) -> None:
        self._store = store
        self._files = ArrivingFiles(data_dir / FOLDER)
        self._clock = clock

    async def begin(self, speaker: Speaker, call_id: str, new: NewNote) -> Note:
        """Announce a note; answers how much of it is here already."""
        at = self._clock.wall()
        sender = calls.Sender(speaker.identity, speaker.name, speaker.role)

        def work(session: Session) -> Note:
            return notes.begin(session, calls.sheet(session, call_id).call, sender, new, at)

        return await self._store.write(work)

    async def add(self, speaker: Speaker, call_id: str, note_id: str, offset: int, piece: bytes) -> Note:
        """The piece at `offset`; raises ArrivalElsewhere with the offset that is wanted."""
        async with self._files.lock(note_id):
            note = await self._own(speaker, call_id, note_id)
            arrivals.must_continue(note.received_bytes, note.size_bytes, offset, len(piece))
            await self._files.write(note_id, offset, piece)

            def work(session: Session) -> Note:
                fresh = notes.own(session, note_id, call_id, speaker.identity)
                notes.received(session, fresh, offset + len(piece))
                return fresh

            return await self._store.write(work)

    async def complete(self, speaker: Speaker, call_id: str, note_id: str, address: str) -> calls.ChatMessage:
        """All of it is here and as announced: a line of the chat. Raises ArrivalDamaged, ArrivalElsewhere."""
        async with self._files.lock(note_id):
            note = await self._own(speaker, call_id, note_id)
            if note.completed_at is None and note.received_bytes != note.size_bytes:
                raise ArrivalElsewhere(note.received_bytes)
            content = await self._files.read(note_id)
            media_type, text = await asyncio.to_thread(_opened, note, content)
            if media_type == "":
                await self._store.write(lambda session: self._begin_anew(session, note))
                raise ArrivalDamaged
            at = self._clock.wall()

            def work(session: Session) -> calls.ChatMessage:
                fresh = notes.own(session, note_id, call_id, speaker.identity)
                if fresh.completed_at is None:
                    access_log.acted(session, speaker, address, Action.NOTE_LEFT, note_id, at, call_id)
                return notes.complete(session, fresh, media_type, text, at)

            return await self._store.write(work)

    async def listen(self, speaker: Speaker, call_id: str, note_id: str, address: str) -> Sound:
        """The sound of a note; that it was asked for is a row of the access log."""
        at = self._clock.wall()

        def work(session: Session) -> Note:
            note = notes.complete_in(session, note_id, call_id)
            if note.kind != NoteKind.VOICE:
                raise NoteUnknown
            access_log.acted(session, speaker, address, Action.NOTE_HEARD, note_id, at, call_id)
            return note

        note = await self._store.write(work)
        return Sound(note.media_type, await self._files.read(note_id))

    async def forget_abandoned(self) -> None:
        """Housekeeping: notes that never became complete, with what arrived of them."""
        before = self._clock.wall() - notes.LATE_FOR * 2
        found = await self._store.read(lambda session: notes.abandoned(session, before))
        if found:
            await self._store.write(lambda session: notes.forget(session, found))
            await self._files.remove(found)

    async def _own(self, speaker: Speaker, call_id: str, note_id: str) -> Note:
        return await self._store.read(lambda session: notes.own(session, note_id, call_id, speaker.identity))

    def _begin_anew(self, session: Session, note: Note) -> None:
        fresh = notes.own(session, note.id, note.call_id, note.sender_identity)
        if fresh.completed_at is None:
            notes.received(session, fresh, 0)


def _opened(note: Note, content: bytes) -> tuple[str, str]:
    """Media type and text of what arrived; an empty type when it is not what was announced."""
    content = content[: note.size_bytes]
    if hashlib.sha256(content).hexdigest() != note.sha256:
        return "", ""
    if note.kind == NoteKind.VOICE:
        return notes.sniff(content[:_SNIFFED_BYTES]) or "", ""
    try:
        return "text/plain", content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return "", ""
