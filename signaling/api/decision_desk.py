"""What staff do with decisions (判断記録): propose, hand in, approve, return, cancel, vote, note.

Each act is one transaction of rule, chain row and access-log row, behind the chain's lock; only after it was
committed are the pages told. Whoever acts says which row they saw (its hash), so that nobody approves
anything else. What asks for a fresh one-time code takes it in the same transaction: a code without its act,
or an act without its code, cannot be committed.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from field_assist import (
    BallotUnknown,
    CallUnknown,
    CaseUnknown,
    DecisionChanged,
    DecisionFacts,
    DecisionKind,
    DecisionRule,
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
)
from field_assist import DecisionAct as Act
from field_assist import DecisionRecord as Record
from field_assist import DecisionState as State
from field_assist import KeptDecision as Kept
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.accounts.sign_in import SignedIn, SignInDesk
from signaling.api import decision_papers
from signaling.api.ballot_post import BallotPost
from signaling.api.call_desk import Forbidden
from signaling.api.decision_papers import OfferedPaper
from signaling.api.decision_sheets import About, DecisionSheet, Owed, Reader, why_waiting
from signaling.api.decision_writer import UNASKED, Ask, DecisionWriter, Draft, NotAnApprover, entry_of, named
from signaling.api.event_streams import EventHub
from signaling.clock import Clock

DECISIONS_CHANGED = "decisions"


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

    def __init__(
        self,
        store: Store,
        writing: tuple[DecisionWriter, BallotPost],
        sign_ins: SignInDesk,
        hub: EventHub,
        clock: Clock,
    ) -> None:
        self._store = store
        self._writer, self._ballots = writing
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
            kept = self._writer.proposed(session, person, None, record, draft, at)
            if ask is not None:
                kept = self._writer.handed_in(session, person, kept, ask, at)
            self._log(session, person, address, Action.DECISION_PROPOSED, kept, at)
            return Reader(session).sheet(kept, decisions.history(session, kept.row.decision_id))

        return self.published(await self._store.write(work))

    async def revise(
        self, person: Person, decision_id: str, seen: str, draft: Draft, ask: Ask | None, address: str
    ) -> DecisionSheet:
        """Propose it anew, by who did: a draft, one that was returned, or one that was cancelled."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            kept = self._writer.proposed(session, person, sheet.kept, sheet.kept.record, draft, at)
            return kept if ask is None else self._writer.handed_in(session, person, kept, ask, at)

        rule = decision_people.may_change_decision
        return await self._act(person, decision_id, seen, address, Action.DECISION_PROPOSED, act, rule)

    async def hand_in(
        self, person: Person, decision_id: str, seen: str, ask: Ask, address: str
    ) -> DecisionSheet:
        """Ask for approval, or ask somebody else. Raises NobodyApproves, NotAnApprover, StepRefused."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            return self._writer.handed_in(session, person, sheet.kept, ask, at)

        rule = decision_people.may_change_decision
        return await self._act(person, decision_id, seen, address, Action.DECISION_HANDED_IN, act, rule)

    async def withdraw(self, person: Person, decision_id: str, seen: str, address: str) -> DecisionSheet:
        """Take it back: what was handed in is a draft again, a draft is over. Raises StepRefused."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            state = State.DRAFT if sheet.kept.state is State.REVIEW else State.CANCELLED
            for voter in decision_steps.asked_voters(sheet.kept.record):
                self._ballots.withdraw(session, voter["id"], at)
            return self._writer.step(session, sheet.kept, entry_of(person, Act.WITHDRAW), state, at, UNASKED)

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
            entry = entry_of(person, Act.NOTE_ORAL, stead=named(spoken))
            return self._writer.step(session, sheet.kept, entry, State.ORAL, at)

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
                entry = entry_of(person, _JUDGED[state], said.words)
            elif is_approval and decision_people.may_stand_in(person, sheet.facts):
                entry = entry_of(person, Act.STAND_IN, said.words, sheet.kept.record["asked"])
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
            entry = entry_of(signed_in.person, vote, said.words)
            kept = self._by_code(session, signed_in, sheet, entry, State.REVIEW, said, at, address)
            return kept if isinstance(kept, Exception) else self._writer.heard(session, kept, at)

        person, rule = signed_in.person, decision_people.may_vote
        return await self._act(person, decision_id, said.seen, address, Action.DECISION_VOTED, act, rule)

    async def uninvite(
        self, person: Person, decision_id: str, member_id: str, seen: str, address: str
    ) -> DecisionSheet:
        """Take the invitation of a member from outside back: their link is dead. Raises StepRefused."""

        def act(session: Session, sheet: DecisionSheet, at: datetime) -> Kept:
            asked = decision_steps.asked_voters(sheet.kept.record)
            member = next((each for each in asked if each["id"] == member_id), None)
            if member is None or not decision_steps.is_outside(member):
                raise BallotUnknown
            gone = {name: member[name] for name in ("id", "name", "post")}
            entry = entry_of(person, Act.UNINVITE, stead=gone)
            kept = self._writer.step(session, sheet.kept, entry, State.REVIEW, at)
            self._ballots.withdraw(session, member_id, at)
            return self._writer.heard(session, kept, at)

        rule = decision_people.may_change_decision
        return await self._act(person, decision_id, seen, address, Action.BALLOT_WITHDRAWN, act, rule)

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
            closed = [self._writer.closed(session, kept, at) for kept in due]
            for kept in closed:
                about = kept.row.decision_id
                access_log.append(
                    session, Entry(SYSTEM, Action.DECISION_CLOSED, about, detail=kept.row.hash), at
                )
            return _sheets(session, closed)

        found = await self._store.write(work)
        for sheet in found:
            self.published(sheet)
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
        return self.published(outcome)

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
        return self._writer.step(session, sheet.kept, entry, state, max(at, given_at))

    def _log(
        self, session: Session, person: Person, address: str, action: Action, kept: Kept, at: datetime
    ) -> None:
        access_log.acted(session, person, address, action, kept.row.decision_id, at, kept.row.hash)
        for voter in _newly_invited(kept.record):
            about = kept.row.decision_id
            access_log.acted(session, person, address, Action.BALLOT_INVITED, about, at, voter["id"])

    def published(self, sheet: DecisionSheet) -> DecisionSheet:
        """Tell everybody of a step that was committed: who is asked now, the pages, the post."""
        facts, last = sheet.facts, sheet.kept.record["people"][-1]
        if last["role"] in (Act.HAND_IN, Act.NOTE_ORAL):
            asked = facts.oral_id or facts.asked_id
            self.on_asked({asked} if asked else facts.voter_ids, sheet.kept.row.decision_id)
        return self.changed(sheet)

    def changed(self, sheet: DecisionSheet) -> DecisionSheet:
        """Tell the pages and the post alone."""
        facts = sheet.facts
        self._ballots.look()
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
_WAITING = (State.REVIEW, State.ORAL, State.RETURNED)


def _newly_invited(record: Record) -> list[decision_steps.Entry]:
    """The members from outside, where a circulation was just begun and not only given more time."""
    acts = [entry["role"] for entry in record["people"][-2:]]
    if acts[-1] != Act.HAND_IN or acts[0] not in (Act.PROPOSE, Act.WITHDRAW):
        return []
    return [voter for voter in decision_steps.asked_voters(record) if decision_steps.is_outside(voter)]


def _sheets(session: Session, found: Sequence[Kept]) -> list[DecisionSheet]:
    reader = Reader(session)
    return [reader.sheet(kept) for kept in found]
