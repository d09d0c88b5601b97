"""What the draft of a call's minutes is made of, read in one transaction and given to the template.

Lines without words, and what is no more (a document that was deleted, a dropped question), do not stand in
it; every other thing on record does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from field_assist import (
    CallSheet,
    DecisionState,
    KeptDecision,
    Person,
    Question,
    Role,
    Session,
    SurfaceKind,
    TranscriptLine,
    decision_steps,
    decisions,
    minutes,
    minutes_draft,
    presentations,
    questions,
    staff,
    stills,
    surfaces,
    transcripts,
)
from signaling.accounts import invitations
from signaling.api import presentable
from signaling.api.decision_schema import approver

GUESTS: Mapping[Role, str] = {Role.RESIDENT: "住民", Role.PARTNER: "協力者", Role.INTERPRETER: "通訳"}
DROPPED = frozenset({DecisionState.CANCELLED, DecisionState.RETURNED})
DECIDED = frozenset({DecisionState.APPROVED, DecisionState.CONDITIONAL, DecisionState.ORAL})


def draft(session: Session, sheet: CallSheet) -> minutes.Form:
    """The minutes as the record of a call has them now."""
    call, lines = sheet.call, transcripts.readable(session, sheet.call.id)
    found = minutes_draft.sentences(
        [
            minutes_draft.Said(line.line_id, line.started_ms, line.name, line.text)
            for line in lines
            if line.text
        ],
        [*_shown(session, sheet), *_taken(session, sheet)],
        [_judged(kept, sheet, lines) for kept in decisions.of_calls(session, [call.id])],
        _asked(session, sheet),
    )
    return minutes.Form(
        subject=call.title or "相談",
        held=minutes_draft.held(call.started_at, call.ended_at),
        place=call.place,
        attendees="\n".join(_attendees(session, sheet)),
        sentences=tuple(found[: minutes.MAX_SENTENCES]),
    )


def _attendees(session: Session, sheet: CallSheet) -> Iterator[str]:
    for member in sheet.members:
        belongs = " ".join(filter(None, (member.department or member.office, member.post)))
        yield f"{member.name}（{belongs}）" if belongs else member.name
    for link in invitations.of_call(session, sheet.call.id):
        if link.first_used_at is not None:
            yield f"{link.shown_name}（{GUESTS[link.guest().role]}）"


def _shown(session: Session, sheet: CallSheet) -> Iterator[minutes_draft.Seen]:
    """What stood before the call; pages of one document that follow each other are one showing of it."""
    rows = presentations.history(session, sheet.call.id)
    about, last = presentable.about(session, rows), ""
    for row in rows:
        surface = surfaces.parse(row.surface)
        if surface.subject == last or surface.subject not in about:
            continue
        last = surface.subject
        if surface.kind is SurfaceKind.STILL:
            words = "静止画"
        elif surface.kind is SurfaceKind.BOARD:
            words = "ホワイトボード"
        else:
            paper = about[last]
            words = f"{paper.title}（{paper.label}）" if paper.label else paper.title
        yield minutes_draft.Seen(row.surface, _moment(sheet, row.started_at), row.presenter_name, words)


def _taken(session: Session, sheet: CallSheet) -> Iterator[minutes_draft.Seen]:
    for still in stills.complete_of(session, [sheet.call.id]):
        at_ms = _moment(sheet, still.taken_at)
        yield minutes_draft.Seen(still.id, at_ms, still.taker_name, "", is_still=True)


def _judged(kept: KeptDecision, sheet: CallSheet, lines: Iterable[TranscriptLine]) -> minutes_draft.Judged:
    record = kept.record
    cited = {cite["id"] for cite in record["cites"]}
    said = [line.started_ms for line in lines if line.line_id in cited]
    proposed_at = decision_steps.time(record["people"][0]["at"])
    by, proposer = approver(record), decision_steps.proposer(record)
    return minutes_draft.Judged(
        id=record["id"],
        at_ms=min(said, default=_moment(sheet, proposed_at)),
        number=record["no"],
        what=record["what"],
        proposer=proposer["name"],
        approver=f"{by['post']} {by['name']}".strip() if by else "",
        due=record["due"],
        is_decided=kept.state in DECIDED,
        is_dropped=kept.state in DROPPED,
    )


def _asked(session: Session, sheet: CallSheet) -> list[minutes_draft.Asked]:
    rows = [row for row in questions.of_call(session, sheet.call.id) if row.state == questions.State.OPEN]
    owners: Mapping[str, Person] = staff.people(session, sorted({row.owner_id for row in rows}))
    return [_question(row, sheet, owners[row.owner_id].name) for row in rows]


def _question(row: Question, sheet: CallSheet, owner: str) -> minutes_draft.Asked:
    at_ms = _moment(sheet, row.asked_at)
    return minutes_draft.Asked(row.id, at_ms, row.text, row.asked_name, owner, row.due_on)


def _moment(sheet: CallSheet, at: datetime) -> int:
    """Where in the call, as far as it lasted: what was done before or after it stands at its ends."""
    call = sheet.call
    since = min(at, call.ended_at or at) - call.started_at
    return max(0, since // timedelta(milliseconds=1))
