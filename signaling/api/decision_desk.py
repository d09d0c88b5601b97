"""What staff do with decisions (判断記録): propose, hand in, approve, return, cancel, vote, note.

Each act is one transaction of rule, chain row and access-log row, behind the chain's lock; only after it was
committed are the pages told. Whoever acts says which row they saw (its hash), so that nobody approves
anything else. What asks for a fresh one-time code takes it in the same transaction: a code without its act,
or an act without its code, cannot be committed.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from field_assist import (
    CallUnknown,
    CaseUnknown,
    DecisionChanged,
    DecisionFacts,
    DecisionKind,
    DecisionRule,
    NotAConversationPartner,
    Person,
    Session,
    StillUnknown,
    Store,
    calls,
    cases,
    decision_chain,
    decision_people,
    decision_steps,
    decisions,
    new_id,
    people,
    staff,
)
from field_assist import DecisionAct as Act
from field_assist import DecisionRecord as Record
from field_assist import DecisionState as State
from field_assist import KeptDecision as Kept
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.accounts.sign_in import SignedIn, SignInDesk
from signaling.accounts.vault import Vault
from signaling.api import decision_papers
from signaling.api.call_desk import Forbidden
from signaling.api.decision_papers import OfferedPaper
from signaling.api.decision_sheets import About, DecisionSheet, Owed, Reader, why_waiting
from signaling.api.event_streams import EventHub
from signaling.clock import Clock

DECISIONS_CHANGED = "decisions"


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
    """Who is to approve: one person (None: who comes first), or these by a vote (持ち回り) until a time."""

    approver_id: str | None = None
    voter_ids: Sequence[str] = ()
    quorum: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says to a decision whose last row they saw by its hash, by a fresh code."""

    seen: str
    code: str
    words: str = ""


class DecisionDesk:
    """All of it; one per installation. `address` is where the acting person's request came from.

    `on_asked` hears for whom (ids of staff) which decision waits from now on.
    """

    def __init__(self, store: Store, vault: Vault, sign_ins: SignInDesk, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._key = vault.signing_key
        self._sign_ins = sign_ins
        self._hub = hub
        self._clock = clock
        self.on_asked: Callable[[Set[str], str], None] = lambda _people, _decision: None

    async def read(self, person: Person, decision_id: str) -> DecisionSheet:
        """One decision with all its rows. Raises DecisionUnknown."""
        return await self._store.read(lambda session: Reader(session).seen(person, decision_id))

    async def of_case(self, person: Person, case_id: str) -> list[DecisionSheet]:
        """The decisions of a case, the newest first. Raises CaseUnknown."""

        def work(session: Session) -> list[DecisionSheet]:
            if not people.may_see_case(person, cases.sheet(session, case_id).facts):
                raise CaseUnknown
            return _sheets(session, decisions.of_case(session, case_id))

        return await self._store.read(work)

    async def export(self, person: Person, case_id: str, address: str) -> list[DecisionSheet]:
        """The same, to be taken along. Raises CaseUnknown."""
        found, at = await self.of_case(person, case_id), self._clock.wall()
        await self._store.write(
            lambda session: access_log.acted(session, person, address, Action.DECISIONS_EXPORTED, case_id, at)
        )
        return found

    async def of_call(self, person: Person, call_id: str) -> list[DecisionSheet]:
        """The decisions that were proposed in a call, the newest first. Raises CallUnknown."""

        def work(session: Session) -> list[DecisionSheet]:
            if not people.may_see_call(person, calls.sheet(session, call_id).facts):
                raise CallUnknown
            found = _sheets(session, decisions.of_calls(session, [call_id]))
            return [sheet for sheet in found if decision_people.may_see_decision(person, sheet.facts)]

        return await self._store.read(work)

    async def find(self, person: Person, words: str, address: str) -> list[DecisionSheet]:
        """Decisions with these words that this person may see, the newest first. Looking is noted."""
        at = self._clock.wall()

        def work(session: Session) -> list[DecisionSheet]:
            sheets = _sheets(session, decisions.containing(session, person, words))
            found = [sheet for sheet in sheets if decision_people.may_see_decision(person, sheet.facts)]
            count = str(len(found))
            access_log.acted(session, person, address, Action.DECISIONS_SEARCHED, "", at, count)
            return found

        return await self._store.write(work)

    async def approvers(
        self, person: Person, about: About, kind: DecisionKind, amount_yen: int | None
    ) -> tuple[DecisionRule | None, list[Person]]:
        """Who would approve such a decision of this case or call. Raises CaseUnknown, CallUnknown."""

        def work(session: Session) -> tuple[DecisionRule | None, list[Person]]:
            reader = Reader(session)
            return reader.approvers(person, reader.about(person, about), kind, amount_yen)

        return await self._store.read(work)

    async def papers(self, person: Person, about: About) -> list[OfferedPaper]:
        """What a proposal of this case or call may lean on. Raises CaseUnknown, CallUnknown."""

        def work(session: Session) -> list[OfferedPaper]:
            return decision_papers.offered(session, person, *Reader(session).about(person, about))

        return await self._store.read(work)

    async def propose(
        self, person: Person, about: About, draft: Draft, ask: Ask | None, address: str
    ) -> DecisionSheet:
        """A new decision of a case or a call (their ids), handed in at once where somebody is asked.

        Raises CaseUnknown, CallUnknown, StillUnknown, DocumentUnknown, and what `hand_in` raises.
        """
        at = self._clock.wall()

        def work(session: Session) -> DecisionSheet:
            decisions.lock(session)
            case, call = Reader(session).about(person, about)
            record: Record = {
                **dict.fromkeys((*decision_steps.CONTENT, *decision_steps.REQUEST)),
                "id": new_id(at),
                "no": decisions.next_number(session, person.department, at),
                "case": case.case.number if case else None,
                "case_id": case.case.id if case else None,
                "call_id": call.call.id if call else None,
                "people": [],
            }
            kept = self._proposed(session, person, None, record, draft, at)
            if ask is not None:
                kept = self._handed_in(session, person, kept, ask, at)
            self._log(session, person, address, Action.DECISION_PROPOSED, kept, at)
            return Reader(session).sheet(kept, decisions.history(session, kept.row.decision_id))

        return self._published(await self._store.write(work))

    async def revise(
        self, person: Person, decision_id: str, seen: str, draft: Draft, ask: Ask | None, address: str
    ) -> DecisionSheet:
        """Propose it anew, by who did: a draft, one that was returned, or one that was cancelled."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            kept = self._proposed(session, person, sheet.kept, sheet.kept.record, draft, at)
            return kept if ask is None else self._handed_in(session, person, kept, ask, at)

        rule = decision_people.may_change_decision
        return await self._act(person, decision_id, seen, address, Action.DECISION_PROPOSED, act, rule)

    async def hand_in(
        self, person: Person, decision_id: str, seen: str, ask: Ask, address: str
    ) -> DecisionSheet:
        """Ask for approval, or ask somebody else. Raises NobodyApproves, NotAnApprover, StepRefused."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            return self._handed_in(session, person, sheet.kept, ask, at)

        rule = decision_people.may_change_decision
        return await self._act(person, decision_id, seen, address, Action.DECISION_HANDED_IN, act, rule)

    async def withdraw(self, person: Person, decision_id: str, seen: str, address: str) -> DecisionSheet:
        """Take it back: what was handed in is a draft again, a draft is over. Raises StepRefused."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            state = State.DRAFT if sheet.kept.state is State.REVIEW else State.CANCELLED
            return self._step(session, sheet.kept, _entry(person, Act.WITHDRAW), state, at, _UNASKED)

        rule = decision_people.may_change_decision
        return await self._act(person, decision_id, seen, address, Action.DECISION_WITHDRAWN, act, rule)

    async def note_oral(
        self, person: Person, decision_id: str, seen: str, approver_id: str, address: str
    ) -> DecisionSheet:
        """Write down that somebody approved it aloud; they confirm it within 24 h. Raises NotAnApprover."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            if not decision_people.may_note_oral_approval(person, sheet.facts, approver_id):
                raise NotAnApprover
            spoken = next(each for each in sheet.approvers if each.id == approver_id)
            entry = _entry(person, Act.NOTE_ORAL, stead=_named(spoken))
            return self._step(session, sheet.kept, entry, State.ORAL, at)

        rule = decision_people.may_see_decision
        return await self._act(person, decision_id, seen, address, Action.DECISION_ORAL_NOTED, act, rule)

    async def judge(
        self, signed_in: SignedIn, decision_id: str, state: State, said: Judgement, address: str
    ) -> DecisionSheet:
        """Approve it, also on a condition, return or cancel it; a deputy approves in somebody's stead.

        Raises OtpWrong, OtpUsed, SignInLocked beside what every act raises.
        """
        person = signed_in.person

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept | Exception:
            is_approval = state in decision_steps.STANDING
            if decision_people.may_approve_decision(person, sheet.facts):
                entry = _entry(person, _JUDGED[state], said.words)
            elif is_approval and decision_people.may_stand_in(person, sheet.facts):
                entry = _entry(person, Act.STAND_IN, said.words, sheet.kept.record["asked"])
            else:
                raise Forbidden
            return self._by_code(session, signed_in, sheet, entry, state, said, at, address)

        rule = decision_people.may_see_decision
        return await self._act(person, decision_id, said.seen, address, _JUDGED_LOG[state], act, rule)

    async def vote(
        self, signed_in: SignedIn, decision_id: str, vote: Act, said: Judgement, address: str
    ) -> DecisionSheet:
        """One's own vote in a circulation, until its deadline. Raises as `judge`."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept | Exception:
            entry = _entry(signed_in.person, vote, said.words)
            kept = self._by_code(session, signed_in, sheet, entry, State.REVIEW, said, at, address)
            if isinstance(kept, Kept) and decision_steps.may_close(kept.record, at):
                return self._closed(session, kept, at)
            return kept

        person, rule = signed_in.person, decision_people.may_vote
        return await self._act(person, decision_id, said.seen, address, Action.DECISION_VOTED, act, rule)

    async def close_due(self) -> int:
        """Housekeeping: circulations whose deadline is over; answers how many were closed."""
        at = self._clock.wall()

        def work(session: Session) -> list[DecisionSheet]:
            decisions.lock(session)
            due = [
                kept
                for kept in decisions.standing(session, [State.REVIEW])
                if decision_steps.may_close(kept.record, at)
            ]
            closed = [self._closed(session, kept, at) for kept in due]
            for kept in closed:
                about = kept.row.decision_id
                access_log.append(
                    session, Entry(SYSTEM, Action.DECISION_CLOSED, about, detail=kept.row.hash), at
                )
            return _sheets(session, closed)

        found = await self._store.write(work)
        for sheet in found:
            self._published(sheet)
        return len(found)

    async def waiting(self, person: Person) -> list[Owed]:
        """What waits for this person, or is an alert to them, the newest first."""
        at = self._clock.wall()

        def work(session: Session) -> list[Owed]:
            found = _sheets(session, decisions.standing(session, _WAITING))
            return [
                Owed(sheet, why) for sheet in found if (why := why_waiting(person, sheet, at)) is not None
            ]

        return await self._store.read(work)

    async def may_look(self, person: Person, decision_id: str, still_id: str) -> None:
        """Whether a still belongs to a decision this person may see. Raises DecisionUnknown, StillUnknown."""
        sheet = await self.read(person, decision_id)
        if all(each["id"] != still_id for kept in sheet.rows for each in kept.record["evidence"]):
            raise StillUnknown

    async def rules(self, person: Person) -> tuple[DecisionRule, ...]:
        """The 決裁規程. Raises Forbidden."""
        if not decision_people.may_see_decision_rules(person):
            raise Forbidden
        return await self._store.read(decisions.rules)

    async def set_rules(
        self, person: Person, new: Sequence[DecisionRule], address: str
    ) -> tuple[DecisionRule, ...]:
        """Another 決裁規程; what was approved stays so. Raises Forbidden."""
        if not people.may_administer(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> tuple[DecisionRule, ...]:
            decisions.set_rules(session, new)
            access_log.acted(session, person, address, Action.DECISION_RULES_CHANGED, "", at)
            return decisions.rules(session)

        return await self._store.write(work)

    async def _act(
        self,
        person: Person,
        decision_id: str,
        seen: str,
        address: str,
        action: Action,
        act: "_Act",
        rule: Callable[[Person, DecisionFacts], bool],
    ) -> DecisionSheet:
        """Do something to a decision as it was seen. Raises DecisionUnknown, Forbidden, DecisionChanged."""
        at = self._clock.wall()

        def work(session: Session) -> DecisionSheet | Exception:
            decisions.lock(session)
            reader = Reader(session)
            sheet = reader.seen(person, decision_id)
            if not rule(person, sheet.facts):
                raise Forbidden
            if sheet.kept.row.hash != seen:
                raise DecisionChanged
            kept = act(session, sheet, at)
            if isinstance(kept, Exception):
                return kept
            self._log(session, person, address, action, kept, at)
            return reader.sheet(kept, decisions.history(session, decision_id))

        outcome = await self._store.write(work)
        if isinstance(outcome, Exception):
            raise outcome
        return self._published(outcome)

    def _by_code(
        self,
        session: Session,
        signed_in: SignedIn,
        sheet: DecisionSheet,
        entry: Record,
        state: State,
        said: Judgement,
        at: datetime,
        address: str,
    ) -> Kept | Exception:
        given_at = self._sign_ins.judge_fresh(session, signed_in, said.code, address)
        if isinstance(given_at, Exception):
            return given_at
        entry |= {"otp_at": decision_chain.written_time(given_at)}
        # The code came after this request, if only by the time it waited for the database.
        return self._step(session, sheet.kept, entry, state, max(at, given_at))

    def _proposed(
        self, session: Session, person: Person, before: Kept | None, known: Record, draft: Draft, at: datetime
    ) -> Kept:
        leaning = {
            "docs": decision_papers.documents_of(session, person, draft.version_ids, draft.pages),
            "evidence": decision_papers.evidence_of(session, person, draft.still_ids),
            "cites": decision_papers.cites_of(session, person, draft.line_ids),
        }
        entry = _entry(person, Act.PROPOSE)
        record = {**known, **draft.content, **leaning, **_UNASKED}
        return self._append(session, before, record, entry, State.DRAFT, at)

    def _handed_in(self, session: Session, person: Person, kept: Kept, ask: Ask, at: datetime) -> Kept:
        if ask.voter_ids:
            request: Record = {"asked": None, "rule": None, "circulation": _circulation(session, ask)}
        else:
            reader = Reader(session)
            rule, found = reader.rule(kept.record), reader.sheet(kept).approvers
            if rule is None or not found:
                raise NobodyApproves
            asked = next((each for each in found if ask.approver_id in (None, each.id)), None)
            if asked is None:
                raise NotAnApprover
            request = {"asked": _named(asked), "rule": rule.post, "circulation": None}
        return self._step(session, kept, _entry(person, Act.HAND_IN), State.REVIEW, at, request)

    def _closed(self, session: Session, kept: Kept, at: datetime) -> Kept:
        entry: Record = {"id": decision_steps.SYSTEM, "name": "", "post": "", "role": Act.CLOSE}
        entry |= {"at": "", "otp_at": None, "for": None, "words": ""}
        return self._step(session, kept, entry, decision_steps.outcome(kept.record), at)

    def _step(
        self,
        session: Session,
        before: Kept,
        entry: Record,
        state: State,
        at: datetime,
        changes: Record | None = None,
    ) -> Kept:
        return self._append(session, before, before.record | (changes or {}), entry, state, at)

    def _append(
        self, session: Session, before: Kept | None, record: Record, entry: Record, state: State, at: datetime
    ) -> Kept:
        step = record | {"state": state, "people": [*record["people"], entry]}
        return decisions.append(session, before, step, at, self._key)

    def _log(
        self, session: Session, person: Person, address: str, action: Action, kept: Kept, at: datetime
    ) -> None:
        access_log.acted(session, person, address, action, kept.row.decision_id, at, kept.row.hash)

    def _published(self, sheet: DecisionSheet) -> DecisionSheet:
        facts, last = sheet.facts, sheet.kept.record["people"][-1]
        if last["role"] in (Act.HAND_IN, Act.NOTE_ORAL):
            asked = facts.oral_id or facts.asked_id
            self.on_asked({asked} if asked else facts.voter_ids, sheet.kept.row.decision_id)
        self._hub.publish(DECISIONS_CHANGED, lambda person: decision_people.may_see_decision(person, facts))
        return sheet


_Act = Callable[[Session, DecisionSheet, datetime], Kept | Exception]
"""What is done to a locked decision, once allowed; an exception is one that is committed first."""
_JUDGED = {
    State.APPROVED: Act.APPROVE,
    State.CONDITIONAL: Act.APPROVE,
    State.RETURNED: Act.RETURN,
    State.CANCELLED: Act.CANCEL,
}
_JUDGED_LOG = {
    State.APPROVED: Action.DECISION_APPROVED,
    State.CONDITIONAL: Action.DECISION_APPROVED,
    State.RETURNED: Action.DECISION_RETURNED,
    State.CANCELLED: Action.DECISION_CANCELLED,
}
_UNASKED: Record = dict.fromkeys(decision_steps.REQUEST)
_WAITING = (State.REVIEW, State.ORAL, State.RETURNED)


def _sheets(session: Session, found: Sequence[Kept]) -> list[DecisionSheet]:
    reader = Reader(session)
    return [reader.sheet(kept) for kept in found]


def _named(person: Person) -> Record:
    return {"id": person.id, "name": person.name, "post": person.post}


def _entry(person: Person, act: Act, words: str = "", stead: Record | None = None) -> Record:
    return _named(person) | {"role": act, "at": "", "otp_at": None, "for": stead, "words": words}


def _circulation(session: Session, ask: Ask) -> Record:
    voters = [staff.active(session, each).person() for each in dict.fromkeys(ask.voter_ids)]
    if not all(people.may_be_member(voter) for voter in voters):
        raise NotAConversationPartner
    until = decision_chain.written_time(ask.until) if ask.until else ""
    return {"until": until, "quorum": ask.quorum, "voters": [_named(voter) for voter in voters]}
