"""A decision with everything that says who may see it and do what with it, read in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from field_assist import (
    CallSheet,
    CallUnknown,
    CaseSheet,
    CaseUnknown,
    DecisionFacts,
    DecisionKind,
    DecisionRule,
    DecisionUnknown,
    LineUnknown,
    OutsideMember,
    Person,
    Session,
    TranscriptLine,
    calls,
    cases,
    decision_people,
    decision_rules,
    decision_steps,
    decisions,
    outside_members,
    people,
    redactions,
    staff,
    transcripts,
)
from field_assist import DecisionRecord as Record
from field_assist import DecisionState as State
from field_assist import KeptDecision as Kept
from signaling.api import withholding
from signaling.api.decision_excerpt import Excerpt, excerpt
from signaling.mail import outbox

About = tuple[str | None, str | None]
"""The case and the call a decision belongs to, by id; one of them at least."""
Why = Literal["approve", "stand_in", "vote", "confirm", "overdue", "returned", "no_quorum"]


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A member from outside, and how the last mail to them stands ("" for none)."""

    row: OutsideMember
    mail: str


@dataclass(frozen=True, slots=True)
class DecisionSheet:
    """A decision as it stands; `approvers` in the order they are asked in, `rows` all of it, oldest first.

    `lines` are the cited ones as they stand now, without what was deleted or hidden since. `excerpt` is where
    in the call's recording it was proposed, `members` are those from outside. All come with the rows.
    """

    kept: Kept
    facts: DecisionFacts
    approvers: tuple[Person, ...]
    case: CaseSheet | None
    call: CallSheet | None
    rows: tuple[Kept, ...] = ()
    lines: tuple[TranscriptLine, ...] = ()
    members: tuple[MemberStanding, ...] = ()
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A decision that waits for somebody, and for what."""

    sheet: DecisionSheet
    why: Why


class Reader:
    """Reads decisions within one transaction; the staff and the 決裁規程 are read once for all of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        rows = (row for row in staff.everybody(session) if row.disabled_at is None)
        self.everybody: Mapping[str, Person] = {row.id: row.person() for row in rows}
        self._rules = decisions.rules(session)

    def sheet(self, kept: Kept, rows: Sequence[Kept] = ()) -> DecisionSheet:
        """What belongs to a decision."""
        record = kept.record
        case = cases.sheet(self._session, record["case_id"]) if record["case_id"] else None
        call = calls.sheet(self._session, record["call_id"]) if record["call_id"] else None
        found = [] if kept.is_restored else self._approvers_of(record, case, call)
        asked, circulation = record["asked"], record["circulation"]
        asked_person = self.everybody.get(asked["id"]) if asked else None
        stand_ins = decision_rules.deputies(asked_person, self.everybody) if asked_person else []
        voters = circulation["voters"] if circulation else []
        spoken = decision_steps.oral_approver(record)
        facts = DecisionFacts(
            proposer_id=decision_steps.proposer(record)["id"],
            asked_id=asked["id"] if asked else None,
            approver_ids=frozenset(person.id for person in found),
            deputy_ids=frozenset(person.id for person in stand_ins),
            voter_ids=frozenset(voter["id"] for voter in voters),
            oral_id=spoken["id"] if spoken else None,
            case=case.facts if case else None,
            call=call.facts if call else None,
        )
        lines = tuple(self._lines(record)) if rows else ()
        heard = excerpt(self._session, call, record, lines) if rows else None
        members = tuple(self._members(kept)) if rows else ()
        return DecisionSheet(kept, facts, tuple(found), case, call, tuple(rows), lines, members, heard)

    def seen(self, person: Person, decision_id: str) -> DecisionSheet:
        """One decision with its rows, for who may see it. Raises DecisionUnknown."""
        rows = decisions.history(self._session, decision_id)
        if not rows:
            raise DecisionUnknown
        sheet = self.sheet(rows[-1], rows)
        if not decision_people.may_see_decision(person, sheet.facts):
            raise DecisionUnknown
        return sheet

    def about(self, person: Person, about: About) -> tuple[CaseSheet | None, CallSheet | None]:
        """The case and the call, where a decision may be proposed; a call brings its case along.

        Raises CaseUnknown, CallUnknown.
        """
        case_id, call_id = about
        case = cases.sheet(self._session, case_id) if case_id else None
        call = calls.sheet(self._session, call_id) if call_id else None
        if case is not None and not decision_people.may_propose_decision(person, case.facts, None):
            raise CaseUnknown
        if call is not None and not decision_people.may_propose_decision(person, None, call.facts):
            raise CallUnknown
        if call is not None and case is None:
            case = cases.case_of_call(self._session, call.call.id)
            case = case if case and people.may_see_case(person, case.facts) else None
        return case, call

    def rule(self, record: Record) -> DecisionRule | None:
        """The rule of the 決裁規程 for what a record says."""
        return decision_rules.rule_for(self._rules, DecisionKind(record["kind"]), record["amount_yen"])

    def approvers(
        self,
        proposer: Person,
        about: tuple[CaseSheet | None, CallSheet | None],
        kind: DecisionKind,
        amount_yen: int | None,
    ) -> tuple[DecisionRule | None, list[Person]]:
        """The rule for such a decision there, and whom it lets approve."""
        rule = decision_rules.rule_for(self._rules, kind, amount_yen)
        if rule is None:
            return None, []
        case, call = about
        office = case.case.office if case else call.host.office if call else proposer.office
        return rule, decision_rules.approvers(rule, proposer, office, self.everybody)

    def _members(self, kept: Kept) -> Iterator[MemberStanding]:
        """Those of the circulation that stands now, whose rows were not forgotten yet."""
        voters = (kept.record["circulation"] or {"voters": []})["voters"]
        ids = {voter["id"] for voter in voters if decision_steps.is_outside(voter)}
        if not ids:
            return
        mails = {mail.about: mail.state for mail in outbox.about(self._session, sorted(ids))}
        for row in outside_members.of_decision(self._session, kept.row.decision_id):
            if row.id in ids:
                yield MemberStanding(row, mails.get(row.id, ""))

    def _lines(self, record: Record) -> Iterator[TranscriptLine]:
        for cite in record["cites"]:
            try:
                line = transcripts.revisions(self._session, cite["id"])[-1]
            except LineUnknown:
                continue
            if withholding.covering(redactions.standing(self._session, line.call_id), line) is None:
                yield line

    def _approvers_of(self, record: Record, case: CaseSheet | None, call: CallSheet | None) -> list[Person]:
        proposer = self.everybody.get(decision_steps.proposer(record)["id"])
        if proposer is None:  # who left since: nobody can be named their superior any more
            return []
        return self.approvers(proposer, (case, call), DecisionKind(record["kind"]), record["amount_yen"])[1]


def why_waiting(person: Person, sheet: DecisionSheet, at: datetime) -> Why | None:
    """What a decision waits for from this person; None where it does not."""
    record, facts = sheet.kept.record, sheet.facts
    match sheet.kept.state:
        case State.REVIEW if record["circulation"]:
            is_over = at > decision_steps.time(record["circulation"]["until"])
            if is_over:
                return "no_quorum" if person.id == facts.proposer_id else None
            has_answered = decision_steps.answer_of(record, person.id) is not None
            return "vote" if decision_people.may_vote(person, facts) and not has_answered else None
        case State.REVIEW:
            if person.id == facts.asked_id and decision_people.may_approve_decision(person, facts):
                return "approve"
            return "stand_in" if decision_people.may_stand_in(person, facts) else None
        case State.ORAL:
            if person.id == facts.oral_id:
                return "confirm"
            by = decision_steps.confirm_by(record)
            is_near = person.id == facts.proposer_id or decision_people.may_answer_for(person, facts)
            return "overdue" if by is not None and at > by and is_near else None
        case State.RETURNED:
            return "returned" if person.id == facts.proposer_id else None
    return None
