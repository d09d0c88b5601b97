"""What members from outside (外部委員) do with a circulation: read it, prove who they are, vote.

Whoever holds the link reads what was cleared for them; to vote they prove by a code that is mailed to the
invited address that it is theirs. The code, the step of the chain and the row of the access log are one
transaction. Before the deadline nobody from outside learns how others voted.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from field_assist import (
    BallotOver,
    BallotUnknown,
    DocumentUnknown,
    OutsideMember,
    Person,
    Session,
    StepRefused,
    StillUnknown,
    Store,
    decision_chain,
    decision_people,
    decision_steps,
    decisions,
    documents,
    outside_members,
    people,
    stills,
)
from field_assist import DecisionAct as Act
from field_assist import DecisionRecord as Record
from field_assist import DecisionState as State
from field_assist import KeptDecision as Kept
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import SYSTEM, Action, Actor, Entry
from signaling.accounts.sign_in import NOBODY
from signaling.api import bundle_hiding
from signaling.api.ballot_post import BallotPost
from signaling.api.call_desk import Forbidden
from signaling.api.decision_desk import DecisionDesk
from signaling.api.decision_sheets import DecisionSheet, Reader
from signaling.api.decision_writer import DecisionWriter
from signaling.api.wrong_codes import WrongCodes
from signaling.clock import Clock

T = TypeVar("T")


class BallotClosed(Exception):
    """The deadline is over, or this member has answered already."""


class ProofWrong(Exception):
    """Not the code that was mailed last; a new one is needed once there are no attempts left."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__("proof wrong")
        self.attempts_left = attempts_left


class ProofMissing(Exception):
    """No code was mailed, or it is too old or was used."""


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A document that a member from outside may read now, with these pages of it."""

    version_id: str
    title: str
    label: str
    pages: Sequence[int]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One member's page: `masked` is where codes go, `own_row` the row of the chain with their answer."""

    kept: Kept
    member: OutsideMember
    masked: str
    own_row: Kept | None
    papers: Sequence[ShownPaper]
    stills: Sequence[Record]
    at: datetime

    @property
    def voter(self) -> decision_steps.Entry:
        """As the circulation names them."""
        voters: list[decision_steps.Entry] = self.kept.record["circulation"]["voters"]
        return next(each for each in voters if each["id"] == self.member.id)

    @property
    def is_over(self) -> bool:
        """Whether nobody answers any more."""
        until = decision_steps.time(self.kept.record["circulation"]["until"])
        return self.kept.state is not State.REVIEW or self.at > until


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member from outside says, by the code that was mailed to them."""

    act: Act
    words: str
    code: str


class BallotDesk:
    """All of it; one per installation. `address` is where the request came from."""

    def __init__(
        self,
        store: Store,
        writing: tuple[DecisionWriter, BallotPost],
        decision_desk: DecisionDesk,
        clock: Clock,
    ) -> None:
        self._store = store
        self._writer, self._post = writing
        self._decisions = decision_desk
        self._clock = clock
        self._wrong_codes = WrongCodes(clock)

    @property
    def can_invite(self) -> bool:
        """Whether anybody from outside can be invited here."""
        return self._post.is_open

    @property
    def house(self) -> tuple[str, str]:
        """Whose page it is, and its telephone."""
        return self._post.house.organisation, self._post.house.phone

    async def open(self, code: str, address: str) -> Ballot:
        """Their page; raises RateLimited, BallotUnknown, BallotOver."""

        def act(session: Session, row: OutsideMember, kept: Kept, at: datetime) -> Ballot:
            outside_members.open_first(session, row, at)
            self._log(session, row, Action.BALLOT_OPENED, address, at)
            return self._ballot(session, row, kept, at)

        found = await self._with_code(code, address, act)
        if found.member.opened_at == found.at:
            await self._tell(found.kept.row.decision_id)
        return found

    async def send_code(self, code: str, address: str) -> Ballot:
        """Mail them a fresh code; raises BallotClosed, MailNotSetUp, and like `open`."""

        def act(session: Session, row: OutsideMember, kept: Kept, at: datetime) -> Ballot:
            self._must_be_open(row, kept, at)
            self._post.send_code(session, row, at)
            self._log(session, row, Action.BALLOT_CODE_SENT, address, at)
            return self._ballot(session, row, kept, at)

        found = await self._with_code(code, address, act)
        self._post.look()
        return found

    async def vote(self, code: str, answer: Answer, address: str) -> Ballot:
        """Their answer, once. Raises ProofWrong, ProofMissing, BallotClosed, StepRefused, and like `open`."""

        def act(session: Session, row: OutsideMember, kept: Kept, at: datetime) -> Ballot | Exception:
            self._must_be_open(row, kept, at)
            unproved = self._unproved(session, row, answer.code, at)
            if unproved is not None:
                self._log(session, row, Action.BALLOT_CODE_WRONG, address, at, is_ok=False)
                return unproved
            after = self._answered(session, row, kept, answer, at)
            self._log(session, row, Action.BALLOT_VOTED, address, at, after.row.hash)
            return self._ballot(session, row, after, at)

        found = await self._with_code(code, address, act)
        await self._tell(found.kept.row.decision_id)
        return found

    async def may_look(
        self, code: str, address: str, still_id: str = "", page: tuple[str, int] = ("", 0)
    ) -> None:
        """Whether a still, or a page of a version, is shown to them; raises like `open`, and StillUnknown,
        DocumentUnknown."""
        self._wrong_codes.check(address)

        def work(session: Session) -> None:
            _, kept = self._found(session, code, self._clock.wall())
            version_id, number = page
            papers = {each.version_id: each for each in _papers(session, kept)}
            if still_id and all(each["id"] != still_id for each in _stills(session, kept)):
                raise StillUnknown
            if version_id and (version_id not in papers or number not in papers[version_id].pages):
                raise DocumentUnknown

        try:
            await self._store.read(work)
        except BallotUnknown:
            self._wrong_codes.count(address)
            raise

    async def send_again(
        self, person: Person, decision_id: str, member_id: str, address: str
    ) -> DecisionSheet:
        """The mail with the link once more, by who proposed it. Raises BallotUnknown, BallotClosed."""
        at = self._clock.wall()

        def work(session: Session) -> DecisionSheet:
            reader = Reader(session)
            sheet = reader.seen(person, decision_id)
            if not decision_people.may_change_decision(person, sheet.facts):
                raise Forbidden
            row = session.get(OutsideMember, member_id)
            if row is None or row.decision_id != decision_id:
                raise BallotUnknown
            self._must_be_open(row, sheet.kept, at)
            self._post.tell(session, row, sheet.kept.record, "invited", at)
            found = reader.sheet(sheet.kept, sheet.rows)
            access_log.acted(session, person, address, Action.BALLOT_SENT_AGAIN, decision_id, at, member_id)
            return found

        return self._decisions.changed(await self._store.write(work))

    async def remind_due(self) -> int:
        """Housekeeping: who has not answered near the deadline is reminded once; answers how many were."""
        at = self._clock.wall()

        def work(session: Session) -> int:
            told = []
            for row in outside_members.to_remind(session, at):
                outside_members.reminded(session, row)
                kept = decisions.latest(session, row.decision_id)
                try:
                    self._must_be_open(row, kept, at)
                except (BallotClosed, BallotOver):
                    continue
                if self._post.try_to_tell(session, row, kept.record, "reminded", at):
                    told.append(row)
            for row in told:
                entry = Entry(SYSTEM, Action.BALLOT_REMINDED, row.decision_id, detail=row.id)
                access_log.append(session, entry, at)
            return len(told)

        count = await self._store.write(work) if self._post.is_open else 0
        if count:
            self._post.look()
        return count

    async def forget_old(self) -> None:
        """Housekeeping: addresses and links nobody needs any more."""
        at = self._clock.wall()
        await self._store.write(lambda session: outside_members.forget_old(session, at))

    def _answered(
        self, session: Session, row: OutsideMember, kept: Kept, answer: Answer, at: datetime
    ) -> Kept:
        voter = self._voter(kept, row)
        proof = {
            "to": voter["mail"],
            "sent_at": decision_chain.written_time(row.proof_sent_at or at),
            "code_at": decision_chain.written_time(at),
        }
        entry = {name: voter[name] for name in ("id", "name", "post")}
        entry |= {"role": answer.act, "at": "", "otp_at": None, "for": None, "words": answer.words}
        after = self._writer.step(session, kept, entry | {"mail": proof}, State.REVIEW, at)
        outside_members.used(session, row)
        return self._writer.heard(session, after, at)

    def _unproved(self, session: Session, row: OutsideMember, code: str, at: datetime) -> Exception | None:
        """Why the code does not prove them; counted, so that nobody tries all of them."""
        sent_at = row.proof_sent_at
        is_sent = row.proof_digest != "" and sent_at is not None
        if not is_sent or sent_at is None or at - sent_at > decision_steps.MAILED_LASTS:
            return ProofMissing()
        return None if self._post.is_proof(row, code) else ProofWrong(outside_members.missed(session, row))

    def _must_be_open(self, row: OutsideMember, kept: Kept, at: datetime) -> None:
        self._voter(kept, row)
        until = decision_steps.time(kept.record["circulation"]["until"])
        has_answered = decision_steps.answer_of(kept.record, row.id) is not None
        if kept.state is not State.REVIEW or at > until or has_answered:
            raise BallotClosed

    def _voter(self, kept: Kept, row: OutsideMember) -> decision_steps.Entry:
        """As the circulation that stands now names them. Raises BallotOver."""
        asked = (each for each in decision_steps.asked_voters(kept.record) if each["id"] == row.id)
        voter = next(asked, None)
        if voter is None or row.withdrawn_at is not None:
            raise BallotOver
        return voter

    def _ballot(self, session: Session, row: OutsideMember, kept: Kept, at: datetime) -> Ballot:
        own = None
        for each in decisions.history(session, row.decision_id):
            last = each.record["people"][-1]
            if last["id"] == row.id and last["role"] in decision_steps.ANSWERS:
                own = each
        shown = _papers(session, kept), _stills(session, kept)
        return Ballot(kept, row, self._post.masked(row), own, *shown, at)

    async def _with_code(
        self,
        code: str,
        address: str,
        act: Callable[[Session, OutsideMember, Kept, datetime], T | Exception],
    ) -> T:
        """Do something as whoever holds a link. Raises RateLimited, BallotUnknown, BallotOver."""
        self._wrong_codes.check(address)
        at = self._clock.wall()

        def work(session: Session) -> T | Exception:
            decisions.lock(session)
            return act(session, *self._found(session, code, at), at)

        try:
            found = await self._store.write(work)
        except (BallotUnknown, BallotOver, BallotClosed, StepRefused) as refusal:
            if isinstance(refusal, BallotUnknown):
                self._wrong_codes.count(address)
            reason = type(refusal).__name__.removeprefix("Ballot").lower()
            refused = Entry(Actor(NOBODY, address), Action.BALLOT_REFUSED, "", False, reason)
            await self._store.write(lambda session: access_log.append(session, refused, at))
            raise
        if isinstance(found, Exception):
            raise found
        return found

    def _found(self, session: Session, code: str, at: datetime) -> tuple[OutsideMember, Kept]:
        """Whose link it is, and their decision as it stands. Raises BallotUnknown, BallotOver."""
        if not invitations.is_code(code):
            raise BallotUnknown
        row = outside_members.by_code(session, self._post.digest(code), at)
        kept = decisions.latest(session, row.decision_id)
        self._voter(kept, row)
        return row, kept

    async def _tell(self, decision_id: str) -> None:
        def work(session: Session) -> DecisionSheet:
            return Reader(session).sheet(decisions.latest(session, decision_id))

        self._decisions.changed(await self._store.read(work))

    def _log(
        self,
        session: Session,
        row: OutsideMember,
        action: Action,
        address: str,
        at: datetime,
        detail: str = "",
        *,
        is_ok: bool = True,
    ) -> None:
        actor = Actor(f"M-{row.id}", address)
        access_log.append(session, Entry(actor, action, row.decision_id, is_ok, detail=detail), at)


def _papers(session: Session, kept: Kept) -> list[ShownPaper]:
    """The documents that were cleared, those of them that may still be shown to guests.

    One that is leaned on at a page is that page; of any other all pages.
    """
    found = []
    record = kept.record
    for each in record["docs"]:
        if each["version"] not in record["circulation"]["shown"]["docs"]:
            continue
        try:
            version = documents.version(session, each["version"])
            is_open = people.is_for_guests(documents.facts_of(session, version.document_id))
        except DocumentUnknown:
            continue
        if is_open:
            pages = [each["page"]] if each.get("page") else range(1, version.pages + 1)
            found.append(ShownPaper(version.id, each["title"], each["ver"], pages))
    return found


def _stills(session: Session, kept: Kept) -> list[Record]:
    """The stills that were cleared and not deleted, without those of a moment that was hidden (不開示)."""
    found, shown = {}, kept.record["circulation"]["shown"]["stills"]
    for still_id in shown:
        with suppress(StillUnknown):
            found[still_id] = stills.complete_one(session, still_id)
    calls = sorted({still.call_id for still in found.values()})
    hidden = bundle_hiding.find(session, calls, [], list(found.values()), []).stills
    leaned: list[Record] = kept.record["evidence"]
    return [each for each in leaned if each["id"] in found and each["id"] not in hidden]
