"""返す in the review: what a supervisor gives back to whoever answered for it, and their list of it."""

from dataclasses import dataclass

from field_assist import (
    CallSheet,
    CallUnknown,
    LineState,
    LineUnknown,
    NobodyAnswered,
    Person,
    Returned,
    Session,
    Store,
    TranscriptLine,
    calls,
    minutes,
    people,
    record_people,
    returns,
    transcripts,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import withholding
from signaling.api.call_desk import Forbidden
from signaling.api.event_streams import EventHub, OfCall, Only
from signaling.api.transcript_keeping_desk import TRANSCRIPT_CHANGED
from signaling.clock import Clock

RETURNS_CHANGED = "returns"
CONFIRMED = frozenset({LineState.CONFIRMED, LineState.MASKED})


@dataclass(frozen=True, slots=True)
class OwnReturn:
    """Something that is returned to me: its call, and the line as it stands, None for minutes."""

    row: Returned
    sheet: CallSheet
    line: TranscriptLine | None


class ReturnDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock

    async def return_line(self, person: Person, read: tuple[str, int], words: str, address: str) -> None:
        """Give a confirmed line back, by its id and the revision that was read.

        Raises LineUnknown, Forbidden, LineChanged, NobodyAnswered.
        """
        (line_id, revision), at = read, self._clock.wall()

        def work(session: Session) -> tuple[CallSheet, Returned]:
            line = transcripts.by_id(session, line_id, revision)
            try:
                sheet = _may_return(session, person, line.call_id)
            except CallUnknown:
                raise LineUnknown from None
            if line.state not in CONFIRMED:
                raise NobodyAnswered
            to_id = line.author.removeprefix(people.staff_identity(""))
            transcripts.revise(session, line, line.text, LineState.RETURNED, person.identity, at)
            back = returns.Back(line.call_id, line_id, revision, to_id, person.id, person.name, words)
            row = returns.give_back(session, back, at)
            access_log.acted(session, person, address, Action.RECORD_RETURNED, line_id, at, to_id)
            return sheet, row

        self._tell(*await self._store.write(work))

    async def return_minutes(
        self, person: Person, call_id: str, version: int, words: str, address: str
    ) -> None:
        """Give the newest minutes back. Raises CallUnknown, Forbidden, MinutesUnknown, NobodyAnswered."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[CallSheet, Returned]:
            sheet = _may_return(session, person, call_id)
            newest, to_id = minutes.version(session, call_id, version), ""
            is_open = any(row.line_id == returns.MINUTES for row in returns.open_of_call(session, call_id))
            if newest.is_confirmed and not is_open:
                to_id = newest.author_id
            if not to_id or minutes.versions(session, call_id)[-1].version != version:
                raise NobodyAnswered
            back = returns.Back(call_id, returns.MINUTES, version, to_id, person.id, person.name, words)
            row = returns.give_back(session, back, at)
            access_log.acted(session, person, address, Action.RECORD_RETURNED, call_id, at, to_id)
            return sheet, row

        self._tell(*await self._store.write(work))

    async def mine(self, person: Person) -> list[OwnReturn]:
        """What is returned to this person, the newest first, of calls whose record they still go through."""
        return await self._store.read(lambda session: _mine(session, person))

    def _tell(self, sheet: CallSheet, row: Returned) -> None:
        self._hub.publish(RETURNS_CHANGED, Only(frozenset({row.to_id})))
        self._hub.publish(TRANSCRIPT_CHANGED, OfCall(sheet.facts))


def _may_return(session: Session, person: Person, call_id: str) -> CallSheet:
    sheet = calls.sheet(session, call_id)
    if not people.may_read_record(person, sheet.facts):
        raise CallUnknown
    if not record_people.may_return(person, sheet.facts):
        raise Forbidden
    return sheet


def _mine(session: Session, person: Person) -> list[OwnReturn]:
    rows = returns.open_of(session, person.id)
    sheets = calls.sheets(session, {row.call_id for row in rows})
    found = []
    for row in rows:
        sheet, line = sheets[row.call_id], None
        if not people.may_read_record(person, sheet.facts):
            continue
        if row.line_id != returns.MINUTES:
            try:
                line = transcripts.revisions(session, row.line_id)[-1]
            except LineUnknown:
                continue  # its speaker had it deleted
            if withholding.covering(withholding.hidden_from(session, person, sheet.facts), line):
                continue
        found.append(OwnReturn(row, sheet, line))
    return found
