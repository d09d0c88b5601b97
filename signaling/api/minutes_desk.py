"""会議録 of a call: drafted from its record, put right by its staff, kept in every version, answered for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from field_assist import (
    CallSheet,
    CallUnknown,
    LineState,
    LineUnknown,
    Minutes,
    MinutesChanged,
    Person,
    RedactionRecord,
    Returned,
    Session,
    Store,
    calls,
    minutes,
    minutes_draft,
    people,
    redaction_chain,
    redactions,
    returns,
    transcripts,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import minutes_sources, withholding
from signaling.api.event_streams import EventHub, Only
from signaling.api.return_desk import CONFIRMED, RETURNS_CHANGED
from signaling.clock import Clock

HIDEABLE = frozenset(minutes_draft.Origin) - {minutes_draft.Origin.WITHDRAWN}
"""What of a hidden span is hidden in minutes: what was said, decided, shown and taken there."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence as somebody may read it: `redaction` hides it, from the reader too where `is_withheld`."""

    sentence: minutes_draft.Sentence
    is_confirmed: bool
    redaction: RedactionRecord | None
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class CallMinutes:
    """Minutes as they are read: `row` is None for a draft nobody saved; `versions` oldest first."""

    sheet: CallSheet
    form: minutes.Form
    row: Minutes | None
    versions: tuple[Minutes, ...]
    sentences: tuple[ReadSentence, ...]
    returned: Returned | None
    """By whom they were given back and why, until somebody answers for them again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which version: None the newest, or a draft where none was saved; 0 the draft as of now.

    `for_disclosure`: without what is hidden, whoever asks, as it leaves the house.
    """

    version: int | None = None
    for_disclosure: bool = False


@dataclass(frozen=True, slots=True)
class Saving:
    """What somebody wants kept; `read` is the version they read.

    Of the sentences numbered in `withheld` the writer never saw the words, and gives them back as they are.
    """

    read: int
    form: minutes.Form
    withheld: frozenset[int]
    is_confirmed: bool


class MinutesDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock

    async def read(self, person: Person, call_id: str, wanted: Wanted, address: str) -> CallMinutes:
        """Raises CallUnknown, MinutesUnknown."""
        at = self._clock.wall()

        def work(session: Session) -> CallMinutes:
            sheet = _sheet(session, person, call_id)
            found = _minutes(session, sheet, person, wanted)
            action = Action.MINUTES_DISCLOSED if wanted.for_disclosure else Action.MINUTES_READ
            detail = str(found.row.version if found.row else 0)
            access_log.acted(session, person, address, action, call_id, at, detail)
            return found

        return await self._store.write(work)

    async def save(self, person: Person, call_id: str, saving: Saving, address: str) -> CallMinutes:
        """Add a version to the one that was read. Raises CallUnknown, LineUnknown, MinutesChanged."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[CallMinutes, frozenset[str]]:
            sheet = _sheet(session, person, call_id)
            form = _with_withheld(session, sheet, person, saving)
            known = {line.line_id for line in transcripts.of_call(session, call_id)}
            cited = {each.source for each in form.sentences if each.origin is minutes_draft.Origin.LINE}
            if not cited <= known:
                raise LineUnknown
            writer = minutes.Writer(person.id, person.name, saving.is_confirmed)
            row = minutes.save(session, call_id, saving.read, form, writer, at)
            is_done = saving.is_confirmed
            done = returns.settle(session, call_id, {returns.MINUTES}, at) if is_done else frozenset()
            action = Action.MINUTES_CONFIRMED if saving.is_confirmed else Action.MINUTES_SAVED
            access_log.acted(session, person, address, action, call_id, at, str(row.version))
            return _minutes(session, sheet, person, Wanted()), done

        found, done = await self._store.write(work)
        if done:
            self._hub.publish(RETURNS_CHANGED, Only(done))
        return found


def disclosed(session: Session, sheet: CallSheet) -> CallMinutes:
    """The newest minutes of a call as they leave the house; `row` is None where nobody saved any."""
    return _minutes(session, sheet, None, Wanted(for_disclosure=True))


def _sheet(session: Session, person: Person, call_id: str) -> CallSheet:
    sheet = calls.sheet(session, call_id)
    if not people.may_read_record(person, sheet.facts):
        raise CallUnknown
    return sheet


def _minutes(session: Session, sheet: CallSheet, person: Person | None, wanted: Wanted) -> CallMinutes:
    versions = tuple(minutes.versions(session, sheet.call.id))
    row = versions[-1] if versions and wanted.version is None else None
    if wanted.version:
        row = minutes.version(session, sheet.call.id, wanted.version)
    form = (
        minutes.Form(row.subject, row.held, row.place, row.attendees, tuple(row.read()))
        if row is not None
        else minutes_sources.draft(session, sheet)
    )
    reader = None if wanted.for_disclosure else person
    sentences = form.sentences if row is None else _as_they_stand(session, row)
    found = _read(session, sheet, reader, sentences)
    back = [each for each in returns.open_of_call(session, sheet.call.id) if each.line_id == returns.MINUTES]
    return CallMinutes(sheet, form, row, versions, tuple(found), back[-1] if back else None)


def _as_they_stand(session: Session, row: Minutes) -> Iterator[minutes_draft.Sentence]:
    """A version's sentences, without the words of lines that were masked or taken back since."""
    lines = {line.line_id: line for line in transcripts.of_call(session, row.call_id)}
    gone = transcripts.unwanted(session, row.call_id)
    for each in row.read():
        line = lines.get(each.source) if each.origin is minutes_draft.Origin.LINE else None
        if line is not None and line.line_id in gone:
            yield minutes_draft.Sentence(each.part, "", each.at_ms, "", minutes_draft.Origin.WITHDRAWN)
        elif line is not None and line.state == LineState.MASKED.value and line.at >= row.at:
            yield replace(each, text=line.text)
        else:
            yield each


def _read(
    session: Session,
    sheet: CallSheet,
    reader: Person | None,
    sentences: Iterable[minutes_draft.Sentence],
) -> Iterator[ReadSentence]:
    lines = {line.line_id: line for line in transcripts.of_call(session, sheet.call.id)}
    records = redactions.standing(session, sheet.call.id)
    is_withheld = bool(withholding.hidden_from(session, reader, sheet.facts))
    for each in sentences:
        line = lines.get(each.source) if each.origin is minutes_draft.Origin.LINE else None
        is_confirmed = each.origin is not minutes_draft.Origin.LINE or (
            line is not None and line.state in CONFIRMED
        )
        record = None
        if line is not None:
            record = withholding.covering(records, line)
        elif each.origin in HIDEABLE:
            record = redaction_chain.covering(records, each.at_ms, each.at_ms)
        yield ReadSentence(each, is_confirmed, record, is_withheld and record is not None)


def _with_withheld(session: Session, sheet: CallSheet, person: Person, saving: Saving) -> minutes.Form:
    """What was saved, with the words the writer never saw. Raises MinutesChanged where they are no more."""
    if not saving.withheld:
        return saving.form
    known = [*minutes_sources.draft(session, sheet).sentences]
    if saving.read:
        known = [*minutes.version(session, sheet.call.id, saving.read).read(), *known]
    kept = [each.sentence for each in _read(session, sheet, person, known) if each.is_withheld]
    found = list(saving.form.sentences)
    for place in saving.withheld:
        if place >= len(found):
            raise MinutesChanged
        key = _place(found[place])
        match = next((each for each in kept if _place(each) == key), None)
        if match is None:
            raise MinutesChanged
        kept.remove(match)
        found[place] = match
    return replace(saving.form, sentences=tuple(found))


def _place(sentence: minutes_draft.Sentence) -> tuple[str, int, str, str]:
    return sentence.part, sentence.at_ms, sentence.origin, sentence.source
