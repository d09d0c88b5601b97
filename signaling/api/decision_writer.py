"""How a step of a decision becomes a row of the chain: what desks share that propose, approve and vote.

Everything here runs inside the caller's transaction, behind the chain's lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_assist import DecisionAct as Act
from field_assist import DecisionRecord as Record
from field_assist import DecisionState as State
from field_assist import (
    DocumentUnknown,
    NotAConversationPartner,
    Person,
    Session,
    StillUnknown,
    decision_chain,
    decision_steps,
    decisions,
    documents,
    outside_members,
    people,
    staff,
)
from field_assist import KeptDecision as Kept
from signaling.api import decision_papers
from signaling.api.ballot_post import BallotPost, Outside
from signaling.api.decision_sheets import Reader

UNASKED: Record = dict.fromkeys(decision_steps.REQUEST)


class NobodyApproves(Exception):
    """The 決裁規程 has no rule for it, or nobody holds the post it asks for."""


class NotAnApprover(Exception):
    """Who was asked may not approve this by the 決裁規程."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed: the record's content, and what it leans on by id."""

    content: Record
    still_ids: Sequence[str] = ()
    version_ids: Sequence[str] = ()
    line_ids: Sequence[str] = ()
    pages: Mapping[str, int] = field(default_factory=dict)  # of versions


@dataclass(frozen=True, slots=True)
class Ask:
    """Who is to approve: one person (None: who comes first), or these by a vote (持ち回り) until a time.

    Members from outside are shown these documents and stills of what the proposal leans on, and no others.
    """

    approver_id: str | None = None
    voter_ids: Sequence[str] = ()
    quorum: int = 0
    until: datetime | None = None
    outside: Sequence[Outside] = ()
    shown_versions: Sequence[str] = ()
    shown_stills: Sequence[str] = ()

    @property
    def is_circulation(self) -> bool:
        """Whether several are asked."""
        return bool(self.voter_ids or self.outside)


class DecisionWriter:
    """Writes the rows of an installation, sealed by its key."""

    def __init__(self, key: Ed25519PrivateKey, ballots: BallotPost) -> None:
        self._key = key
        self._ballots = ballots

    def proposed(
        self, session: Session, person: Person, before: Kept | None, known: Record, draft: Draft, at: datetime
    ) -> Kept:
        """A proposal, new or anew. Raises StillUnknown, DocumentUnknown, LineUnknown, StepRefused."""
        leaning = {
            "docs": decision_papers.documents_of(session, person, draft.version_ids, draft.pages),
            "evidence": decision_papers.evidence_of(session, person, draft.still_ids),
            "cites": decision_papers.cites_of(session, person, draft.line_ids),
        }
        record = {**known, **draft.content, **leaning, **UNASKED}
        return self._append(session, before, record, entry_of(person, Act.PROPOSE), State.DRAFT, at)

    def handed_in(self, session: Session, person: Person, kept: Kept, ask: Ask, at: datetime) -> Kept:
        """Somebody is asked, or several. Raises NobodyApproves, NotAnApprover, StepRefused, MailNotSetUp."""
        running = kept.record["circulation"]
        if not ask.is_circulation and not running:
            return self._asked_one(session, person, kept, ask, at)
        circulation = self._circulation(session, kept, ask, at)
        request: Record = {"asked": None, "rule": None, "circulation": circulation}
        after = self.step(session, kept, entry_of(person, Act.HAND_IN), State.REVIEW, at, request)
        if running:
            self._extended(session, after, at)
        elif ask.outside:
            self._ballots.invite(session, after, ask.outside, at)
        return after

    def heard(self, session: Session, kept: Kept, at: datetime) -> Kept:
        """After an answer, or one less who could: closed where nobody is left to answer."""
        return self.closed(session, kept, at) if decision_steps.may_close(kept.record, at) else kept

    def closed(self, session: Session, kept: Kept, at: datetime) -> Kept:
        """The votes of a circulation count, and members from outside are told."""
        entry: Record = {"id": decision_steps.SYSTEM, "name": "", "post": "", "role": Act.CLOSE}
        entry |= {"at": "", "otp_at": None, "for": None, "words": ""}
        after = self.step(session, kept, entry, decision_steps.outcome(kept.record), at)
        if self._ballots.is_open:
            for row in self._members(session, after):
                self._ballots.try_to_tell(session, row, after.record, "decided", at)
        return after

    def step(
        self,
        session: Session,
        before: Kept,
        entry: Record,
        state: State,
        at: datetime,
        changes: Record | None = None,
    ) -> Kept:
        """Any other step. Raises StepRefused."""
        return self._append(session, before, before.record | (changes or {}), entry, state, at)

    def _asked_one(self, session: Session, person: Person, kept: Kept, ask: Ask, at: datetime) -> Kept:
        reader = Reader(session)
        rule, found = reader.rule(kept.record), reader.sheet(kept).approvers
        if rule is None or not found:
            raise NobodyApproves
        asked = next((each for each in found if ask.approver_id in (None, each.id)), None)
        if asked is None:
            raise NotAnApprover
        request = {"asked": named(asked), "rule": rule.post, "circulation": None}
        return self.step(session, kept, entry_of(person, Act.HAND_IN), State.REVIEW, at, request)

    def _circulation(self, session: Session, kept: Kept, ask: Ask, at: datetime) -> Record:
        """Who votes until when; one under way keeps its members from outside and what they are shown."""
        voters = [staff.active(session, each).person() for each in dict.fromkeys(ask.voter_ids)]
        if not all(people.may_be_member(voter) for voter in voters):
            raise NotAConversationPartner
        until = decision_chain.written_time(ask.until) if ask.until else ""
        running = kept.record["circulation"] or {"voters": []}
        outside = [each for each in running["voters"] if decision_steps.is_outside(each)]
        shown = running.get("shown")
        if not kept.record["circulation"] and ask.outside:
            outside = self._ballots.named(kept.row.decision_id, ask.outside, at)
            shown = _cleared(session, kept.record, ask)
        found: Record = {"until": until, "quorum": ask.quorum}
        found["voters"] = [*(named(voter) for voter in voters), *outside]
        return found | ({"shown": shown} if outside else {})

    def _extended(self, session: Session, kept: Kept, at: datetime) -> None:
        until = decision_steps.time(kept.record["circulation"]["until"])
        for row in self._members(session, kept):
            if decision_steps.answer_of(kept.record, row.id) is None:
                outside_members.extend(session, row, until, at)
                self._ballots.try_to_tell(session, row, kept.record, "longer", at)

    def _members(self, session: Session, kept: Kept) -> list[outside_members.OutsideMember]:
        """The members from outside a circulation still asks."""
        asked = {voter["id"] for voter in decision_steps.asked_voters(kept.record)}
        found = outside_members.of_decision(session, kept.row.decision_id)
        return [row for row in found if row.id in asked and row.withdrawn_at is None]

    def _append(
        self, session: Session, before: Kept | None, record: Record, entry: Record, state: State, at: datetime
    ) -> Kept:
        step = record | {"state": state, "people": [*record["people"], entry]}
        return decisions.append(session, before, step, at, self._key)


def named(person: Person) -> Record:
    """Somebody as a record names them."""
    return {"id": person.id, "name": person.name, "post": person.post}


def entry_of(person: Person, act: Act, words: str = "", stead: Record | None = None) -> Record:
    """What somebody does, in whose stead, in which words; times are the chain's."""
    return named(person) | {"role": act, "at": "", "otp_at": None, "for": stead, "words": words}


def _cleared(session: Session, record: Record, ask: Ask) -> Record:
    """What members from outside are shown: papers that guests may be shown, and stills one by one.

    Raises DocumentUnknown, StillUnknown.
    """
    papers = {each["version"]: each["id"] for each in record["docs"]}
    for version_id in ask.shown_versions:
        document_id = papers.get(version_id)
        if document_id is None or not people.is_for_guests(documents.facts_of(session, document_id)):
            raise DocumentUnknown
    if not set(ask.shown_stills) <= {each["id"] for each in record["evidence"]}:
        raise StillUnknown
    return {"docs": list(dict.fromkeys(ask.shown_versions)), "stills": list(dict.fromkeys(ask.shown_stills))}
