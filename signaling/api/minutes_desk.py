"""会議録 of a call: drafted from its record, put right by its staff, kept in every version, answered for."""

from collections.abc import Mapping
from dataclasses import dataclass

from field_assist import (
    CallSheet,
    CallUnknown,
    LineState,
    LineUnknown,
    Minutes,
    Person,
    Session,
    Store,
    calls,
    minutes,
    minutes_draft,
    people,
    transcripts,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import minutes_sources
from signaling.clock import Clock

CONFIRMED = frozenset({LineState.CONFIRMED, LineState.MASKED})


@dataclass(frozen=True, slots=True)
class CallMinutes:
    """Minutes as they are read: `row` is None for a draft nobody saved; `versions` oldest first.

    `lines` says of each line of the transcript how it stands now: whether a sentence made from it can be
    trusted follows from that, not from when it was written.
    """

    sheet: CallSheet
    form: minutes.Form
    row: Minutes | None
    versions: tuple[Minutes, ...]
    lines: Mapping[str, LineState]

    def is_confirmed(self, sentence: minutes_draft.Sentence) -> bool:
        """Whether somebody answered for what it was made from."""
        if sentence.origin is not minutes_draft.Origin.LINE:
            return True
        return self.lines.get(sentence.source) in CONFIRMED


class MinutesDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def read(self, person: Person, call_id: str, number: int | None, address: str) -> CallMinutes:
        """A version; None is the newest, or the draft where none was saved; 0 the draft as of now.

        Raises CallUnknown, MinutesUnknown.
        """
        at = self._clock.wall()

        def work(session: Session) -> CallMinutes:
            sheet = _sheet(session, person, call_id)
            found = _minutes(session, sheet, number)
            detail = str(found.row.version if found.row else 0)
            access_log.acted(session, person, address, Action.MINUTES_READ, call_id, at, detail)
            return found

        return await self._store.write(work)

    async def save(
        self, person: Person, call_id: str, read: int, form: minutes.Form, address: str, *, is_confirmed: bool
    ) -> CallMinutes:
        """Add a version to the one that was read. Raises CallUnknown, LineUnknown, MinutesChanged."""
        at = self._clock.wall()

        def work(session: Session) -> CallMinutes:
            sheet = _sheet(session, person, call_id)
            known = {line.line_id for line in transcripts.of_call(session, call_id)}
            cited = {each.source for each in form.sentences if each.origin is minutes_draft.Origin.LINE}
            if not cited <= known:
                raise LineUnknown
            writer = minutes.Writer(person.id, person.name, is_confirmed)
            row = minutes.save(session, call_id, read, form, writer, at)
            action = Action.MINUTES_CONFIRMED if is_confirmed else Action.MINUTES_SAVED
            access_log.acted(session, person, address, action, call_id, at, str(row.version))
            return _minutes(session, sheet, None)

        return await self._store.write(work)


def _sheet(session: Session, person: Person, call_id: str) -> CallSheet:
    sheet = calls.sheet(session, call_id)
    if not people.may_read_record(person, sheet.facts):
        raise CallUnknown
    return sheet


def _minutes(session: Session, sheet: CallSheet, number: int | None) -> CallMinutes:
    versions = tuple(minutes.versions(session, sheet.call.id))
    row = versions[-1] if versions and number is None else None
    if number:
        row = minutes.version(session, sheet.call.id, number)
    form = (
        minutes.Form(row.subject, row.held, row.place, row.attendees, tuple(row.read()))
        if row is not None
        else minutes_sources.draft(session, sheet)
    )
    lines = {line.line_id: LineState(line.state) for line in transcripts.of_call(session, sheet.call.id)}
    return CallMinutes(sheet, form, row, versions, lines)
