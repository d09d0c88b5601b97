"""How long what was said stays written down: drafts go by rule, the record stays with its case.

Drafts follow the class of the call's recording: soon after the record was confirmed, and with it where it is
evidence of years. Without a recording they go soon after somebody said that the record is confirmed, or after
half a year. A legal hold on either keeps every word, also those that somebody wants deleted: that is carried
out when the hold ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from field_assist import (
    CallFacts,
    CallUnknown,
    Person,
    Purpose,
    Session,
    Store,
    calls,
    consents,
    exclusive,
    minutes,
    people,
    transcripts,
)
from field_assist import transcript_keeping as keeping
from recordings import AFTER_CONFIRMATION, Retention, catalogue, due_at
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.api.call_desk import Forbidden
from signaling.api.event_streams import EventHub, OfCall
from signaling.clock import Clock

TRANSCRIPT_CHANGED = "transcript"


@dataclass(frozen=True, slots=True)
class KeptWords:
    """How the words of a call are kept. `due_at`: when `drafts` lines go, where that is known.

    `held_at`, `hold_reason`: a legal hold, on the words themselves or (`with_recording`) on the recording.
    """

    drafts: int
    due_at: datetime | None
    confirmed_at: datetime | None
    held_at: datetime | None
    hold_reason: str
    with_recording: bool
    disposals: tuple[keeping.TranscriptDisposal, ...]
    may_decide: bool


class TranscriptKeepingDesk:
    """One per installation."""

    def __init__(self, store: Store, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock

    async def read(self, person: Person, call_id: str) -> KeptWords:
        """How the words of a call are kept; raises CallUnknown."""
        return await self._store.read(lambda session: _kept(session, person, call_id))

    async def confirm(self, person: Person, call_id: str, address: str) -> KeptWords:
        """The record is confirmed: drafts go soon. Raises CallUnknown, Forbidden."""
        at = self._clock.wall()
        return await self._decide(
            *(person, call_id, address, Action.TRANSCRIPT_SETTLED),
            lambda session, row: keeping.confirm(session, row, at),
        )

    async def hold(self, person: Person, call_id: str, reason: str, address: str) -> KeptWords:
        """No word may go until it is released."""
        at = self._clock.wall()
        return await self._decide(
            *(person, call_id, address, Action.TRANSCRIPT_HELD),
            lambda session, row: keeping.hold(session, row, person.id, reason, at),
        )

    async def release(self, person: Person, call_id: str, address: str) -> KeptWords:
        """Drafts may go again when they are due, and what people wished is done."""
        return await self._decide(person, call_id, address, Action.TRANSCRIPT_RELEASED, keeping.release)

    async def tidy(self) -> None:
        """Housekeeping: drafts that are due go, and what people wished while somebody held it."""
        at, after = self._clock.wall(), ""
        await self._store.write(lambda session: forget_unwanted(session, at))
        while True:
            found, changed = await self._store.write(
                lambda session, after=after: _dispose_due(session, at, after)  # type: ignore[misc]
            )
            for facts in changed:
                self._hub.publish(TRANSCRIPT_CHANGED, OfCall(facts))
            if len(found) < keeping.MOST_CALLS:
                return
            after = found[-1]

    async def _decide(
        self,
        person: Person,
        call_id: str,
        address: str,
        action: Action,
        change: Callable[[Session, keeping.TranscriptKeeping], None],
    ) -> KeptWords:
        at = self._clock.wall()

        def work(session: Session) -> KeptWords:
            if not _kept(session, person, call_id).may_decide:
                raise Forbidden
            change(session, keeping.find(session, call_id))
            access_log.acted(session, person, address, action, call_id, at)
            return _kept(session, person, call_id)

        return await self._store.write(work)


def forget_unwanted(session: Session, at: datetime) -> None:
    """Delete what people did not want kept after they took their consent back; not while it is held."""
    for wish in consents.deletions(session):
        if wish.purpose is not Purpose.TRANSCRIPT or _held(session, wish.call_id) is not None:
            continue
        if gone := transcripts.forget(session, wish.call_id, wish.identity, wish.before):
            minutes.forget(session, wish.call_id, gone)
            entry = Entry(SYSTEM, Action.TRANSCRIPT_DELETED, wish.call_id, detail=wish.identity)
            access_log.append(session, entry, at)


def _dispose_due(session: Session, at: datetime, after: str) -> tuple[list[str], list[CallFacts]]:
    found, changed = keeping.calls_with_drafts(session, at - AFTER_CONFIRMATION, after), []
    for call_id in found:
        exclusive(session, f"transcript.{call_id}")  # nobody confirms one of them meanwhile
        due = _due(session, call_id)
        drafts = keeping.drafts(session, call_id) if due is not None and due <= at else []
        if drafts:
            row = keeping.dispose(session, drafts, at)
            detail = str(row.lines)
            entry = Entry(SYSTEM, Action.TRANSCRIPT_DISPOSED, call_id, reason="retention", detail=detail)
            access_log.append(session, entry, at)
            changed.append(calls.sheet(session, call_id).facts)
    return found, changed


def _kept(session: Session, person: Person, call_id: str) -> KeptWords:
    facts = calls.sheet(session, call_id).facts
    if not people.may_read_record(person, facts):
        raise CallUnknown
    row, held = keeping.find(session, call_id), _held(session, call_id)
    return KeptWords(
        drafts=len(keeping.drafts(session, call_id)),
        due_at=_due(session, call_id),
        confirmed_at=row.confirmed_at,
        held_at=held.held_at if held is not None else None,
        hold_reason=held.hold_reason if held is not None else "",
        with_recording=isinstance(held, catalogue.Recording),
        disposals=tuple(keeping.disposals(session, call_id)),
        may_decide=people.may_dispose_recording(person, facts),
    )


def is_held(session: Session, call_id: str) -> bool:
    """Whether no word of this call may go now."""
    return _held(session, call_id) is not None


def _held(session: Session, call_id: str) -> keeping.TranscriptKeeping | catalogue.Recording | None:
    """What is held of this call: its words, or else its recording."""
    words, recording = keeping.find(session, call_id), catalogue.find(session, call_id)
    if words.held_at is not None:
        return words
    return recording if recording is not None and recording.held_at is not None else None


def _due(session: Session, call_id: str) -> datetime | None:
    """When the drafts of this call go; None while it goes on or is held."""
    ended_at = calls.sheet(session, call_id).call.ended_at
    if ended_at is None or _held(session, call_id) is not None:
        return None
    recording, words = catalogue.find(session, call_id), keeping.find(session, call_id)
    moments = [words.confirmed_at, recording.confirmed_at if recording is not None else None]
    confirmed_at = min((moment for moment in moments if moment is not None), default=None)
    retention = Retention(recording.retention) if recording is not None else Retention.RECORD
    return due_at(retention, ended_at, confirmed_at)
