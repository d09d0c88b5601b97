"""The words of the REST interface for decisions (判断記録), and how rows of the chain become them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from field_assist import DecisionAct as Act
from field_assist import DecisionRecord as Record
from field_assist import DecisionState as State
from field_assist import KeptDecision as Kept
from field_assist import Person, decision_people, decision_steps, people, seals
from signaling.api.circulation_schema import (
    Circulation,
    DecisionPerson,
    OutsideVoter,
    Short,
    circulation_view,
    named,
)
from signaling.api.decision_sheets import DecisionSheet, Owed, Why
from signaling.api.schema import Line, Request, Text
from signaling.api.still_schema import StillId

MAX_YEN = 2_000_000_000
Kind = Literal["site", "traffic", "works", "spending", "other"]
StateKey = Literal["draft", "review", "oral", "approved", "conditional", "returned", "cancelled"]
ActKey = Literal[
    "propose",
    "hand_in",
    "withdraw",
    "approve",
    "stand_in",
    "return",
    "cancel",
    "note_oral",
    "agree",
    "object",
    "abstain",
    "recuse",
    "uninvite",
    "close",
]
VoteKey = Literal["agree", "object", "abstain", "recuse"]
PageNumber = Annotated[int, Field(ge=1)]
Can = Literal["approve", "stand_in", "vote", "change", "withdraw", "note_oral", "cancel"]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Words = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=1000)]
Said = Annotated[Words, StringConstraints(min_length=1)]
Yen = Annotated[int, Field(ge=0, le=MAX_YEN)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Rejected(Request):
    """An option that was not taken, and why."""

    option: Said
    why: Words = ""


class Basis(Request):
    """What it leans on: a law, a standard, a rule (道路法第42条)."""

    law: Short


class DecisionAsk(Request):
    """Who is to approve: `approver_id`, or who comes first; or a circulation (持ち回り) with a deadline.

    `outside` are voters who are no staff; they are shown those documents and stills and no others.
    """

    approver_id: Id | None = None
    voter_ids: Annotated[list[Id], Field(max_length=30)] = Field(default_factory=list)
    quorum: Annotated[int, Field(ge=0, le=60)] = 0
    until: datetime | None = None
    outside: Annotated[list[OutsideVoter], Field(max_length=30)] = Field(default_factory=list)
    shown_versions: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    shown_stills: Annotated[list[StillId], Field(max_length=20)] = Field(default_factory=list)


class Proposal(Request):
    """What is to be decided. `due` is a term in words, `cites` are ids of transcript lines.

    `pages` says at which page a document (by its version) is leaned on, where it is one page.
    """

    kind: Kind = "site"
    amount_yen: Yen | None = None
    what: Said
    reason: Words = ""
    rejected: Annotated[list[Rejected], Field(max_length=10)] = Field(default_factory=list)
    basis: Annotated[list[Basis], Field(max_length=10)] = Field(default_factory=list)
    due: Line = ""
    version_ids: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    pages: Annotated[dict[Id, Annotated[int, Field(ge=1)]], Field(max_length=20)] = Field(
        default_factory=dict
    )
    still_ids: Annotated[list[StillId], Field(max_length=20)] = Field(default_factory=list)
    cites: Annotated[list[Id], Field(max_length=50)] = Field(default_factory=list)
    ask: DecisionAsk | None = None


class ProposeRequest(Proposal):
    """POST /api/decisions: of a case, or of a call, which brings its case along."""

    case_id: Id | None = None
    call_id: Id | None = None


class SeenRequest(Request):
    """An act on a decision as it was read: `seen` is its `hash` then."""

    seen: Hash


class ReviseRequest(Proposal, SeenRequest):
    """POST /api/decisions/{id}/revise."""


class HandInRequest(SeenRequest):
    """POST /api/decisions/{id}/hand-in."""

    ask: DecisionAsk


class OralRequest(SeenRequest):
    """POST /api/decisions/{id}/oral: who approved it aloud."""

    approver_id: Id


class JudgeRequest(SeenRequest):
    """POST /api/decisions/{id}/judge, with a fresh one-time code; `words` are the condition or the reason."""

    verdict: Literal["approved", "conditional", "returned", "cancelled"]
    words: Words = ""
    code: Code


class VoteRequest(SeenRequest):
    """POST /api/decisions/{id}/vote, with a fresh one-time code; an objection has words."""

    vote: VoteKey
    words: Words = ""
    code: Code


class DecisionEntry(DecisionPerson):
    """What somebody did: when, whether by a one-time code of theirs or one that was mailed, for whom, how."""

    act: ActKey
    at: datetime
    by_code: bool
    by_mail: bool
    stead: DecisionPerson | None
    words: str


class DecisionPaper(BaseModel):
    """A document as it was leant on."""

    id: str
    version: str
    ver: str
    title: str
    sha256: str
    page: int | None = None


class DecisionEvidence(BaseModel):
    """A still as it was leant on."""

    id: str
    kind: str
    sha256: str
    at: datetime


class DecisionCite(BaseModel):
    """What somebody said, as its line stands now; no text where it was deleted, `is_same` as it was cited."""

    id: str
    call_id: str | None
    name: str
    started_ms: int
    text: str
    is_same: bool


class DecisionExcerpt(BaseModel):
    """Where in the call's recording it was proposed: milliseconds since the call began."""

    from_ms: int
    to_ms: int


class DecisionBrief(BaseModel):
    """A decision in a list."""

    id: str
    number: str
    case_id: str | None
    case_number: str
    case_title: str
    call_id: str | None
    kind: Kind
    what: str
    state: StateKey
    way: str
    proposer: DecisionPerson
    approver: DecisionPerson | None
    at: datetime
    decided_at: datetime | None
    confirm_by: datetime | None


class Decision(DecisionBrief):
    """A decision in full; `hash`, `seq` and `prev` are its last row's, `can` is what whoever reads may do.

    `excerpt` is there for who may open the recording, by a fresh code.
    """

    hash: str
    seq: int
    prev: str
    amount_yen: int | None
    reason: str
    rejected: list[Rejected]
    basis: list[Basis]
    due: str
    docs: list[DecisionPaper]
    evidence: list[DecisionEvidence]
    cites: list[DecisionCite]
    excerpt: DecisionExcerpt | None
    people: list[DecisionEntry]
    asked: DecisionPerson | None
    rule: str
    circulation: Circulation | None
    approvers: list[DecisionPerson]
    can: list[Can]


class DecisionsAnswer(BaseModel):
    """GET /api/cases/{id}/decisions and of a call, the newest first."""

    decisions: list[DecisionBrief]


class OwedDecision(BaseModel):
    """A decision that waits for whoever asks, and for what."""

    decision: DecisionBrief
    why: Why


class WaitingAnswer(BaseModel):
    """GET /api/decisions/waiting."""

    waiting: list[OwedDecision]


class ApproversAnswer(BaseModel):
    """GET /api/decision-approvers: who may approve, in the order they are asked in; `post` is the rule's.

    `can_invite`: voters from outside can be asked, as there is a mail server.
    """

    post: str
    approvers: list[DecisionPerson]
    can_invite: bool


class OfferedPaper(BaseModel):
    """A document at hand for a proposal; `page` is the one last shown in the call, `is_open` still.

    `is_for_outside`: it may be shown to voters from outside.
    """

    model_config = ConfigDict(from_attributes=True)

    version_id: str
    title: str
    label: str
    page: int | None
    is_open: bool
    is_for_outside: bool


class OfferedPapers(BaseModel):
    """GET /api/decision-papers: what was shown in the call, the last first, then the case's documents."""

    papers: list[OfferedPaper]


class DecisionRule(Request):
    """One line of the 決裁規程: up to this amount (null: any), this post or one above it."""

    kind: Kind
    up_to_yen: Yen | None
    post: Short


class DecisionRules(Request):
    """GET and POST /api/decision-rules; none at all are the defaults."""

    rules: Annotated[list[DecisionRule], Field(max_length=100)]


def brief_view(sheet: DecisionSheet) -> DecisionBrief:
    """A decision in a list."""
    return DecisionBrief.model_validate(_brief(sheet))


def owed_view(owed: Owed) -> OwedDecision:
    """A decision that waits, and for what."""
    return OwedDecision(decision=brief_view(owed.sheet), why=owed.why)


def decision_view(sheet: DecisionSheet, person: Person) -> Decision:
    """A decision in full, as this person sees it."""
    record, row = sheet.kept.record, sheet.kept.row
    call, heard = sheet.call, sheet.excerpt
    may_hear = call is not None and people.may_read_record(person, call.facts)
    same = ("amount_yen", "reason", "rejected", "basis", "due", "docs", "evidence", "asked")
    return Decision.model_validate(
        {name: record[name] for name in same}
        | _brief(sheet)
        | {
            "hash": row.hash,
            "seq": row.seq,
            "prev": record["prev"],
            "cites": _cites(sheet),
            "excerpt": DecisionExcerpt(from_ms=heard.from_ms, to_ms=heard.to_ms)
            if heard and may_hear
            else None,
            "people": [_entry(entry) for entry in record["people"]],
            "rule": record["rule"] or "",
            "circulation": circulation_view(sheet),
            "approvers": [person_of(each) for each in sheet.approvers],
            "can": sorted(_may(person, sheet)),
        }
    )


def person_of(person: Person) -> DecisionPerson:
    """Somebody who could be asked."""
    return DecisionPerson(id=person.id, name=person.name, post=person.post)


def approver(record: Record) -> decision_steps.Entry | None:
    """Who approved it, or is said to have; None before, and where several voted."""
    entries: list[decision_steps.Entry] = record["people"]
    for entry in reversed(entries):
        if entry["role"] in (Act.APPROVE, Act.STAND_IN):
            return entry
        if entry["role"] == Act.NOTE_ORAL:
            return decision_steps.oral_approver(record)
        if entry["role"] == Act.PROPOSE:
            return None
    return None


def _brief(sheet: DecisionSheet) -> dict[str, object]:
    record, case = sheet.kept.record, sheet.case
    by = approver(record)
    return {
        "id": record["id"],
        "number": record["no"],
        "case_id": record["case_id"],
        "case_number": record["case"] or "",
        "case_title": case.case.title if case else "",
        "call_id": record["call_id"],
        "kind": record["kind"],
        "what": record["what"],
        "state": _state(sheet.kept),
        "way": decision_steps.way(record),
        "proposer": named(decision_steps.proposer(record)),
        "approver": named(by) if by else None,
        "at": record["at"],
        "decided_at": record["decided_at"],
        "confirm_by": decision_steps.confirm_by(record),
    }


def _cites(sheet: DecisionSheet) -> list[dict[str, object]]:
    lines = {line.line_id: line for line in sheet.lines}
    found = []
    for cite in sheet.kept.record["cites"]:
        line = lines.get(cite["id"])
        found.append(
            {
                "id": cite["id"],
                "call_id": line.call_id if line else None,
                "name": line.name if line else "",
                "started_ms": line.started_ms if line else 0,
                "text": line.text if line else "",
                "is_same": line is not None and seals.digest(line.text) == cite["sha256"],
            }
        )
    return found


def _state(kept: Kept) -> str:
    return kept.state.name.lower()


def _entry(entry: decision_steps.Entry) -> dict[str, object]:
    return named(entry) | {
        "act": Act(entry["role"]).name.lower(),
        "at": entry["at"],
        "by_code": entry["otp_at"] is not None,
        "by_mail": "mail" in entry,
        "stead": entry["for"],
        "words": entry["words"],
    }


def _may(person: Person, sheet: DecisionSheet) -> set[Can]:
    """What this person may do with the decision as it stands; nothing with one from another chain."""
    if sheet.kept.is_restored:
        return set()
    state, facts, record = sheet.kept.state, sheet.facts, sheet.kept.record
    found: set[Can] = set()
    is_judging = decision_people.may_approve_decision(person, facts)
    if state is State.REVIEW and decision_people.may_stand_in(person, facts):
        found.add("stand_in")
    if state in (State.REVIEW, State.ORAL) and is_judging:
        found.add("approve")
    if state in decision_steps.STANDING and is_judging:
        found.add("cancel")
    if state is State.REVIEW and decision_people.may_vote(person, facts):
        found |= set() if decision_steps.answer_of(record, person.id) else {"vote"}
    if decision_people.may_change_decision(person, facts):
        found |= {"change"} if state in (State.DRAFT, State.RETURNED, State.CANCELLED) else set()
        found |= {"withdraw"} if state in (State.DRAFT, State.RETURNED, State.REVIEW) else set()
    can_note = state is State.REVIEW and not facts.voter_ids
    if can_note and any(
        decision_people.may_note_oral_approval(person, facts, each) for each in facts.approver_ids
    ):
        found.add("note_oral")
    return found
