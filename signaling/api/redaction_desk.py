"""不開示 of a call's record: a span is hidden on a ground, as a sealed row, and lifted again by another."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from field_assist import (
    CallSheet,
    CallUnknown,
    HiddenSpan,
    Person,
    RedactionReason,
    RedactionRow,
    RedactionUnknown,
    Session,
    Store,
    calls,
    new_id,
    people,
    record_people,
    redaction_chain,
    redactions,
)
from recordings import catalogue
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.accounts.vault import Vault
from signaling.api.call_desk import Forbidden
from signaling.api.event_streams import EventHub, OfCall
from signaling.api.transcript_keeping_desk import TRANSCRIPT_CHANGED
from signaling.clock import Clock


class CallGoesOn(Exception):
    """Nothing of its record is hidden before the call is over."""


@dataclass(frozen=True, slots=True)
class CallRedactions:
    """All rows about a call, oldest first, and whether the reader may hide and lift."""

    rows: tuple[RedactionRow, ...]
    may_redact: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be hidden and on which ground."""

    span: HiddenSpan
    reason: RedactionReason
    words: str


class RedactionDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, vault: Vault, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._key = vault.signing_key
        self._hub = hub
        self._clock = clock
        self.on_changed: Callable[[str], object] = lambda recording_id: None
        """Told, by its id, of a recording of which something else may be heard from now on."""

    async def read(self, person: Person, call_id: str) -> CallRedactions:
        """What was hidden and lifted in a call. Raises CallUnknown."""
        return await self._store.read(lambda session: _found(session, person, call_id)[1])

    async def hide(self, person: Person, call_id: str, wish: Wish, address: str) -> CallRedactions:
        """Hide a span. Raises CallUnknown, Forbidden, CallGoesOn."""
        at, salt = self._clock.wall(), secrets.token_hex(32)

        def work(session: Session) -> tuple[CallSheet, CallRedactions, str]:
            sheet, found = _found(session, person, call_id)
            if not found.may_redact:
                raise Forbidden
            if sheet.facts.is_open:
                raise CallGoesOn
            recording, tracks = _tracks(session, sheet, wish.span)
            order = redaction_chain.Order(
                id=new_id(at),
                call_id=call_id,
                call_number=sheet.call.number,
                span=wish.span,
                reason=wish.reason,
                words=wish.words,
                by=_by(person),
                tracks=tracks,
                salt=salt,
            )
            row = redactions.hide(session, order, at, self._key)
            access_log.acted(session, person, address, Action.REDACTED, call_id, at, row.redaction_id)
            return sheet, _found(session, person, call_id)[1], recording

        return self._told(*await self._store.write(work))

    async def lift(self, person: Person, redaction_id: str, words: str, address: str) -> CallRedactions:
        """Let a span be read again. Raises RedactionUnknown, Forbidden, AlreadyLifted."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[CallSheet, CallRedactions, str]:
            call_id = redactions.by_id(session, redaction_id)[0].call_id
            try:
                sheet, found = _found(session, person, call_id)
            except CallUnknown:
                raise RedactionUnknown from None
            if not found.may_redact:
                raise Forbidden
            lifting = redaction_chain.Lifting(redaction_id, words, _by(person))
            redactions.lift(session, lifting, at, self._key)
            access_log.acted(session, person, address, Action.REDACTION_LIFTED, call_id, at, redaction_id)
            recording = catalogue.find(session, call_id)
            return sheet, _found(session, person, call_id)[1], recording.id if recording else ""

        return self._told(*await self._store.write(work))

    def _told(self, sheet: CallSheet, found: CallRedactions, recording_id: str) -> CallRedactions:
        if recording_id:
            self.on_changed(recording_id)
        self._hub.publish(TRANSCRIPT_CHANGED, OfCall(sheet.facts))
        return found


def _found(session: Session, person: Person, call_id: str) -> tuple[CallSheet, CallRedactions]:
    sheet = calls.sheet(session, call_id)
    if not people.may_read_record(person, sheet.facts):
        raise CallUnknown
    rows = tuple(redactions.of_call(session, call_id))
    return sheet, CallRedactions(rows, record_people.may_redact(person, sheet.facts))


def _tracks(session: Session, sheet: CallSheet, span: HiddenSpan) -> tuple[str, dict[str, str]]:
    """The recording's id, and the SHA-256 of the journals that reach into the span; what is gone has none."""
    recording = catalogue.find(session, sheet.call.id)
    if recording is None:
        return "", {}
    began_at = sheet.call.started_at
    found = {}
    for track in catalogue.tracks(session, recording.id):
        started_ms = int((track.started_at - began_at).total_seconds() * 1000)
        ended_at = track.ended_at or sheet.call.ended_at or track.started_at
        ended_ms = int((ended_at - began_at).total_seconds() * 1000)
        if track.deleted_at is None and span.touches(started_ms, ended_ms):
            found[track.id] = track.sha256
    return recording.id, found


def _by(person: Person) -> redaction_chain.By:
    return redaction_chain.By(person.id, person.name, person.post)
