"""The one timeline of a case: what stands in other tables (calls, notes, requests for help, links) and the
case's own events, as lines in one order.

A call is one line with its people and how much was written in it; the words of its chat stay in the chat.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from field_assist import (
    CaseEvent,
    CaseSheet,
    Consent,
    ConsentStep,
    Consultation,
    DecisionState,
    KeptDecision,
    Note,
    Session,
    Still,
    calls,
    cases,
    concierge,
    consents,
    consultations,
    decisions,
    notes,
    sharing,
    staff,
    stills,
)
from signaling.accounts import invitations
from signaling.accounts.invitations import Invitation
from signaling.api.case_schema import CaseChange, CaseEntry, SharedEntry, SharedKind

SHAREABLE: Mapping[str, SharedKind] = {
    "opened": "opened",
    "closed": "closed",
    "reopened": "reopened",
    "comment": "comment",
    "call": "call",
}
"""What other organisations may be shown, each time by somebody's own choice."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a case's timeline is made of, read in one transaction; `names` are staff by id."""

    events: list[CaseEvent] = field(default_factory=list)
    sheets: list[calls.CallSheet] = field(default_factory=list)
    messages: Mapping[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    cards: list[concierge.showings.ShownCard] = field(default_factory=list)
    stills: list[Still] = field(default_factory=list)
    decisions: list[KeptDecision] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    links: list[Invitation] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    withdrawals: list[Consent] = field(default_factory=list)
    marked: frozenset[str] = frozenset()


def read(session: Session, sheet: CaseSheet) -> Sources:
    """Everything that happened in the case and its calls."""
    events = cases.events(session, sheet.case.id)
    found = cases.calls_of(session, sheet.case.id)
    ids = [call.id for call in found]
    asked = consultations.of_calls(session, ids)
    sheets = calls.sheets(session, ids)
    links = [link for several in invitations.of_calls(session, ids).values() for link in several]
    known = {row.asked_by for row in asked} | {row.answered_by for row in asked if row.answered_by}
    known |= {link.created_by for link in links} | _owners(events)
    return Sources(
        events=events,
        sheets=[sheets[call_id] for call_id in ids],
        messages=calls.message_counts(session, ids),
        notes=notes.complete_of(session, ids),
        stills=stills.complete_of(session, ids),
        cards=concierge.showings.of_calls(session, ids),
        decisions=decisions.of_case(session, sheet.case.id),
        consultations=asked,
        links=links,
        withdrawals=[row for call_id in ids for row in consents.of_call(session, call_id) if _is_back(row)],
        names={person.id: person.name for person in staff.people(session, sorted(known)).values()},
        marked=sharing.marked(session, sheet.case.id),
    )


def entries(sources: Sources) -> list[CaseEntry]:
    """The lines, newest first."""
    lines = [
        *(_event(event, sources.names) for event in sources.events),
        *(_call(sheet, sources) for sheet in sources.sheets),
        *(_note(note) for note in sources.notes),
        *(_still(still) for still in sources.stills),
        *(_card(row) for row in sources.cards),
        *(_decision(kept) for kept in sources.decisions),
        *(_consultation(row, sources.names) for row in sources.consultations),
        *(_invitation(link, sources.names) for link in sources.links),
        *_withdrawals(sources.withdrawals),
    ]
    for line in lines:
        line.shared = line.id in sources.marked
    return sorted(lines, key=lambda line: (line.at, line.id), reverse=True)


def shared_entries(sources: Sources) -> list[SharedEntry]:
    """The marked lines, newest first, without what is for staff alone."""
    return [
        SharedEntry(
            id=line.id,
            kind=kind,
            at=line.at,
            until=line.until,
            actor=line.actor,
            text=line.text if line.kind in ("comment", "closed") else "",
        )
        for line in entries(sources)
        if line.shared and (kind := SHAREABLE.get(line.kind)) is not None
    ]


def _event(event: CaseEvent, names: Mapping[str, str]) -> CaseEntry:
    call_id, document_id = event.detail.get("call"), event.detail.get("document")
    return CaseEntry(
        id=f"event.{event.id}",
        kind=event.kind,
        at=event.at,
        actor=event.actor_name,
        actor_role=event.actor_role,
        text=event.text,
        call_id=call_id if isinstance(call_id, str) else None,
        document_id=document_id if isinstance(document_id, str) else None,
        changes=[
            CaseChange(field=name, before=_named(name, before, names), after=_named(name, after, names))
            for name, before, after in _changes(event)
        ],
    )


def _call(sheet: calls.CallSheet, sources: Sources) -> CaseEntry:
    call = sheet.call
    guests = [link.shown_name for link in sources.links if link.call_id == call.id and link.first_used_at]
    return CaseEntry(
        id=f"call.{call.id}",
        kind="call",
        at=call.started_at,
        until=call.ended_at,
        actor=sheet.host.name,
        actor_role=sheet.host.role.value,
        text=call.number,
        call_id=call.id,
        people=[*(member.name for member in sheet.members), *guests],
        messages=sources.messages.get(call.id, 0),
    )


def _note(note: Note) -> CaseEntry:
    return CaseEntry(
        id=f"note.{note.id}",
        kind="note",
        at=note.recorded_at,
        actor=note.sender_name,
        actor_role=note.sender_role,
        state=note.kind,
        call_id=note.call_id,
    )


def _still(still: Still) -> CaseEntry:
    return CaseEntry(
        id=f"still.{still.id}",
        kind="still",
        at=still.taken_at,
        actor=still.taker_name,
        actor_role=still.taker_role,
        still_id=still.id,
        call_id=still.call_id,
    )


def _card(row: concierge.showings.ShownCard) -> CaseEntry:
    """A card of the concierge, from when to when the guests had it."""
    card = row.card
    return CaseEntry(
        id=f"service.{row.id}",
        kind="service",
        at=row.shown_at,
        until=row.put_away_at,
        actor=row.shown_name,
        text=f"{concierge.cards.reading(card, 'ja')['title']}（{card['owner']}）",
        state="open" if row.is_open else "put_away",
        call_id=row.call_id,
    )


def _decision(kept: KeptDecision) -> CaseEntry:
    """How it stands, at the time of its last step, by who did that."""
    last = kept.record["people"][-1]
    return CaseEntry(
        id=f"decision.{kept.row.decision_id}",
        kind="decision",
        at=kept.row.at,
        actor=last["name"],
        text=f"{kept.record['no']} {kept.record['what']}",
        state=DecisionState(kept.record["state"]).name.lower(),
        decision_id=kept.row.decision_id,
    )


def _consultation(row: Consultation, names: Mapping[str, str]) -> CaseEntry:
    return CaseEntry(
        id=f"consultation.{row.id}",
        kind="consultation",
        at=row.asked_at,
        until=row.ended_at,
        actor=names.get(row.asked_by, ""),
        text=row.topic,
        state=row.state,
        call_id=row.call_id,
        people=[names[row.answered_by]] if row.answered_by else [],
    )


def _invitation(link: Invitation, names: Mapping[str, str]) -> CaseEntry:
    state = "revoked" if link.revoked_at else "used" if link.first_used_at else "open"
    return CaseEntry(
        id=f"invitation.{link.id}",
        kind="invitation",
        at=link.created_at,
        actor=names.get(link.created_by, ""),
        text=link.shown_name,
        state=state,
        call_id=link.call_id,
    )


def _is_back(row: Consent) -> bool:
    return row.step in (ConsentStep.WITHDRAWN, ConsentStep.DELETE)


def _withdrawals(rows: Iterable[Consent]) -> Iterator[CaseEntry]:
    """What somebody took back, one line for what they did at once; purposes are in `text`."""
    for (call_id, _, step, at), several in groupby(
        rows, lambda row: (row.call_id, row.identity, row.step, row.at)
    ):
        found = list(several)
        yield CaseEntry(
            id=f"withdrawn.{found[0].seq}",
            kind="withdrawn",
            at=at,
            actor=found[0].name,
            text=",".join(row.purpose for row in found),
            state=step,
            call_id=call_id,
        )


def _changes(event: CaseEvent) -> list[list[str]]:
    changes = event.detail.get("changes")
    return changes if isinstance(changes, list) else []


def _owners(events: Iterable[CaseEvent]) -> set[str]:
    changed = (change for event in events for change in _changes(event))
    return {owner for name, *values in changed if name == "owner_id" for owner in values}


def _named(name: str, value: str, names: Mapping[str, str]) -> str:
    return names.get(value, "") if name == "owner_id" else value
