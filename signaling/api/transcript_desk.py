"""What was said in a call, read, corrected, confirmed and masked by its staff."""

from collections.abc import Callable
from dataclasses import dataclass

from field_assist import (
    CallSheet,
    CallUnknown,
    LineState,
    LineUnknown,
    Person,
    RedactionRecord,
    Returned,
    Session,
    Store,
    TranscriptLine,
    calls,
    people,
    record_people,
    redactions,
    returns,
    transcripts,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import withholding
from signaling.api.event_streams import EventHub, OfCall, Only
from signaling.api.reading import Readings
from signaling.api.return_desk import RETURNS_CHANGED
from signaling.api.transcript_keeping_desk import TRANSCRIPT_CHANGED, TranscriptKeepingDesk
from signaling.clock import Clock
from signaling.speech.engine import EngineState

_ACTIONS = {
    LineState.AUTOMATIC: Action.TRANSCRIPT_CORRECTED,
    LineState.CONFIRMED: Action.TRANSCRIPT_CONFIRMED,
    LineState.MASKED: Action.TRANSCRIPT_MASKED,
}


@dataclass(frozen=True, slots=True)
class Revision:
    """What somebody makes of a line they read in this revision."""

    line_id: str
    read: int
    text: str
    state: LineState


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as somebody may read it: `redaction` hides it, from the reader too where it `is_withheld`.

    `returned` says by whom it was given back and why, until somebody answers for it again.
    """

    row: TranscriptLine
    redaction: RedactionRecord | None = None
    is_withheld: bool = False
    returned: Returned | None = None


class TranscriptDesk:
    """One per installation; `engine` says whether anything is written down here now."""

    def __init__(self, store: Store, hub: EventHub, clock: Clock, engine: Callable[[], EngineState]) -> None:
        self.engine = engine
        self.keeping = TranscriptKeepingDesk(store, hub, clock)
        self._store = store
        self._hub = hub
        self._clock = clock
        self._readings = Readings(store, clock)

    async def read(self, person: Person, call_id: str, address: str) -> list[ReadLine]:
        """All lines of a call as they stand; raises CallUnknown. Reading it is an act of its own."""

        def work(session: Session) -> list[ReadLine]:
            sheet = _sheet(session, person, call_id)
            is_withheld = not record_people.may_redact(person, sheet.facts)
            records = redactions.standing(session, call_id)
            returned = {row.line_id: row for row in returns.open_of_call(session, call_id)}
            found = []
            for row in transcripts.readable(session, call_id):
                record = withholding.covering(records, row)
                is_hidden = is_withheld and record is not None
                found.append(ReadLine(row, record, is_hidden, returned.get(row.line_id)))
            return found

        rows = await self._store.read(work)
        if rows:
            await self._readings.note(person, address, Action.TRANSCRIPT_READ, call_id)
        return rows

    async def find(self, person: Person, words: str, address: str) -> list[tuple[TranscriptLine, CallSheet]]:
        """Lines with these words in calls whose transcripts this person may read, the newest calls first."""
        at = self._clock.wall()

        def work(session: Session) -> list[tuple[TranscriptLine, CallSheet]]:
            rows = transcripts.containing(session, person, words)
            sheets = calls.sheets(session, {row.call_id for row in rows})
            may_read = {
                call_id: withholding.hidden_from(session, person, sheet.facts)
                for call_id, sheet in sheets.items()
                if people.may_read_record(person, sheet.facts)
            }
            found = [
                (row, sheets[row.call_id])
                for row in rows
                if row.call_id in may_read and withholding.covering(may_read[row.call_id], row) is None
            ]
            action, count = Action.TRANSCRIPT_SEARCHED, str(len(found))
            access_log.acted(session, person, address, action, "", at, count)
            return found

        return await self._store.write(work)

    async def revise(self, person: Person, said: Revision, address: str) -> TranscriptLine:
        """Correct, confirm or mask a line; raises LineUnknown, LineChanged, LineUnheard."""
        rows = await self.revise_all(person, [said], address)
        return rows[0]

    async def revise_all(self, person: Person, said: list[Revision], address: str) -> list[TranscriptLine]:
        """The same for several lines of one call: all of them or none."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[CallSheet, list[TranscriptLine], frozenset[str]]:
            found = [transcripts.by_id(session, each.line_id, each.read) for each in said]
            sheets = {row.call_id: _of_line(session, person, row) for row in found}
            if len(sheets) != 1:
                raise LineUnknown
            pairs = list(zip(found, said, strict=True))
            rows = [
                transcripts.revise(session, row, each.text or row.text, each.state, person.identity, at)
                for row, each in pairs
            ]
            done = returns.settle(session, rows[0].call_id, {row.line_id for row in rows}, at)
            for row in rows:
                action = _ACTIONS[LineState(row.state)]
                detail = str(row.revision)
                access_log.acted(session, person, address, action, row.line_id, at, detail)
            return next(iter(sheets.values())), rows, done

        sheet, rows, done = await self._store.write(work)
        if done:
            self._hub.publish(RETURNS_CHANGED, Only(done))
        self._hub.publish(TRANSCRIPT_CHANGED, OfCall(sheet.facts))
        return rows

    async def revisions(self, person: Person, line_id: str) -> list[TranscriptLine]:
        """Everything a line ever said, oldest first; raises LineUnknown."""

        def work(session: Session) -> list[TranscriptLine]:
            rows = transcripts.revisions(session, line_id)
            _of_line(session, person, rows[0])
            return rows

        return await self._store.read(work)


def _sheet(session: Session, person: Person, call_id: str) -> CallSheet:
    sheet = calls.sheet(session, call_id)
    if not people.may_read_record(person, sheet.facts):
        raise CallUnknown
    return sheet


def _of_line(session: Session, person: Person, row: TranscriptLine) -> CallSheet:
    """The call of a line whose words this person may read."""
    try:
        sheet = _sheet(session, person, row.call_id)
    except CallUnknown:
        raise LineUnknown from None
    if withholding.covering(withholding.hidden_from(session, person, sheet.facts), row) is not None:
        raise LineUnknown
    return sheet
