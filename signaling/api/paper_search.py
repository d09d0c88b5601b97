"""Documents and decisions beside the concierge's entries, for staff alone: what the house itself wrote down.

Both are found by searches of their own that ask for permission inside the query (`document_search`,
`decisions`); what a person may not see is no hit. Whether guests may be shown one stands beside it.
What says less than half of the words of a question is about something else.
"""

import asyncio
import math
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Literal

from field_assist import (
    JST,
    Disclosure,
    Person,
    Session,
    Store,
    Surface,
    SurfaceKind,
    decision_people,
    decision_steps,
    decisions,
    document_search,
    documents,
    people,
    search_words,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.decision_sheets import DecisionSheet, Reader
from signaling.clock import Clock

EACH = 3
"""Of documents, and of decisions: the panel is read while somebody speaks."""
_WORDS = 8
"""Of a question by which decisions are looked for."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One of them; `surface` is what presenting it takes, "" for what cannot be presented."""

    kind: Literal["document", "decision"]
    id: str
    title: str
    owner: str
    day: date
    disclosure: str
    may_show: bool
    surface: str
    page: int


class PaperSearch:
    """One per installation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def search(self, person: Person, text: str, address: str) -> list[Paper]:
        """Documents, then decisions, each best first; that decisions were looked for is noted."""
        if person.role not in people.CALLING_ROLES:
            return []  # admin and operator see neither by role
        at = self._clock.wall()
        wanted = await asyncio.to_thread(_words, text)
        found = await self._store.read(lambda session: _documents(session, person, text, len(wanted)))
        if not wanted:
            return found

        def work(session: Session) -> list[Paper]:
            decided = _decisions(session, person, wanted)
            count = str(len(decided))
            access_log.acted(session, person, address, Action.DECISIONS_SEARCHED, "", at, count)
            return decided

        return [*found, *await self._store.write(work)]


def _documents(session: Session, person: Person, text: str, words: int) -> list[Paper]:
    found = document_search.search(session, person, document_search.Wanted(typed=text))
    if found.missing_terms > words / 2:
        return []
    return [_document(hit, hit.version) for hit in found.hits[:EACH] if hit.version is not None]


def _document(hit: document_search.Hit, version: documents.DocumentVersion) -> Paper:
    document = hit.document
    page = hit.places[0].page if hit.places and hit.places[0].version_id == version.id else 1
    return Paper(
        kind="document",
        id=document.id,
        title=document.title,
        owner=document.department or document.office,
        day=date.fromisoformat(version.issued_on) if version.issued_on else _day(version.created_at),
        disclosure=document.disclosure,
        may_show=people.is_for_guests(documents.facts_from(document)),
        surface=Surface(SurfaceKind.PAGE, version.id, page).key,
        page=page,
    )


def _decisions(session: Session, person: Person, words: list[str]) -> list[Paper]:
    """By the words of the question that say something; each is filtered by the rule itself."""
    reader, at_least = Reader(session), math.ceil(len(words) / 2)
    sheets = (reader.sheet(kept) for kept in decisions.saying_most(session, person, words, at_least))
    seen = (sheet for sheet in sheets if decision_people.may_see_decision(person, sheet.facts))
    return [_decision(sheet, reader) for sheet in islice(seen, EACH)]


def _decision(sheet: DecisionSheet, reader: Reader) -> Paper:
    row, record = sheet.kept.row, sheet.kept.record
    proposer = reader.everybody.get(decision_steps.proposer(record)["id"])
    owner = (proposer.department or proposer.office) if proposer else ""
    return Paper(
        kind="decision",
        id=row.decision_id,
        title=f"{record['no']} {record['what']}",
        owner=owner or record["no"],
        day=_day(row.at),
        disclosure=Disclosure.STAFF.value,
        may_show=False,
        surface="",
        page=0,
    )


def _words(text: str) -> list[str]:
    """Words of two characters and more, the longest first: the longer, the rarer."""
    cut = search_words.words(text)
    found = {text[word.start : word.end] for word in cut if word.is_content and word.end - word.start > 1}
    return sorted(found, key=lambda word: (-len(word), word))[:_WORDS]


def _day(at: datetime) -> date:
    return at.astimezone(JST).date()
