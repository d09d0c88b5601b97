"""What members from outside (外部委員) are told by mail, and the links and codes that are theirs alone.

Addresses and links are sealed by the vault. The chain of decisions gets a digest of the address, keyed and
bound to the decision: it shows that two mails went to the same address, and tells nobody which.
"""

import hmac
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import DecisionRecord as Record
from field_assist import KeptDecision as Kept
from field_assist import OutsideMember, Session, decision_steps, new_id, outside_members
from signaling.accounts import invitations
from signaling.accounts.vault import Vault, VaultSealed
from signaling.api.notice_round import House
from signaling.api.recap_desk import MailNotSetUp
from signaling.mail import outbox
from signaling.mail.ballots import Asked, Occasion, ballot_mail, code_mail
from signaling.mail.outbox import OutboxFull
from signaling.mail.post import PostOffice
from signaling.rate_limits import RateLimited

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=1)
MOST_MAILS = 8
"""So many at most go to one member within the window: the link must not become a way to flood somebody."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody who is no staff and is to vote: what they are called, where they belong, how to reach them."""

    name: str
    post: str
    address: str
    language: str


class BallotPost:
    """All of it; one per installation."""

    def __init__(self, vault: Vault, post: PostOffice, house: House) -> None:
        self._vault = vault
        self._post = post
        self.house = house

    @property
    def is_open(self) -> bool:
        """Whether anybody from outside can be invited: there is a mail server, and an address for links."""
        return self._post.is_open and self.house.public_url != ""

    def look(self) -> None:
        """Mail was put into the outbox, and was committed."""
        self._post.look()

    def named(self, decision_id: str, members: Sequence[Outside], at: datetime) -> list[Record]:
        """Members from outside as a circulation names them. Raises MailNotSetUp."""
        if members and not self.is_open:
            raise MailNotSetUp
        return [
            {
                "id": new_id(at),
                "name": each.name,
                "post": each.post,
                "mail": self._vault.digest(f"{decision_id}\0{each.address.casefold()}", "ballot.address"),
            }
            for each in members
        ]

    def invite(self, session: Session, kept: Kept, members: Sequence[Outside], at: datetime) -> None:
        """Links for the members from outside of a circulation that was just begun, and their mail."""
        circulation = kept.record["circulation"]
        named = [each for each in circulation["voters"] if decision_steps.is_outside(each)]
        for voter, member in zip(named, members, strict=True):
            code, member_id = invitations.new_code(), voter["id"]
            key = outside_members.Key(
                member_id,
                self._vault.seal(member.address, _address(member_id)),
                self.digest(code),
                self._vault.seal(code, _code(member_id)),
            )
            until = decision_steps.time(circulation["until"])
            row = outside_members.invite(session, kept.row.decision_id, key, member.language, until, at)
            self.tell(session, row, kept.record, "invited", at)

    def tell(
        self, session: Session, row: OutsideMember, record: Record, occasion: Occasion, at: datetime
    ) -> None:
        """Put a mail about a circulation into the outbox. Raises OutboxFull, RateLimited."""
        circulation, proposer = record["circulation"], decision_steps.proposer(record)
        voter = next(each for each in circulation["voters"] if each["id"] == row.id)
        until = decision_steps.time(circulation["until"])
        asked = Asked(
            language=row.language,
            name=voter["name"],
            number=record["no"],
            proposer=proposer["name"],
            until=until,
            quorum=circulation["quorum"],
            voters=len(decision_steps.asked_voters(record)),
            organisation=self.house.organisation,
            phone=self.house.phone,
            url=f"{self.house.public_url.rstrip('/')}/m/{self._vault.open(row.code_sealed, _code(row.id))}",
        )
        subject, text = ballot_mail(asked, occasion)
        if occasion == "invited":
            self._must_not_flood(session, row, at)
        is_late = occasion == "decided"  # what was decided is told after the deadline
        self._put(session, row, subject, text, at, row.expires_at if is_late else until)

    def try_to_tell(
        self, session: Session, row: OutsideMember, record: Record, occasion: Occasion, at: datetime
    ) -> bool:
        """The same where the step itself must not fail for want of a mail."""
        try:
            self.tell(session, row, record, occasion, at)
        except (OutboxFull, VaultSealed):
            log.warning("ballot_not_told", extra={"decision": row.decision_id, "occasion": occasion})
            return False
        return True

    def withdraw(self, session: Session, member_id: str, at: datetime) -> None:
        """A link opens nothing any more, and no mail goes out; whoever is no member from outside has none."""
        row = session.get(OutsideMember, member_id)
        if row is not None:
            outside_members.withdraw(session, row, at)
            outbox.withdraw(session, row.id, at)

    def send_code(self, session: Session, row: OutsideMember, at: datetime) -> None:
        """Mail a fresh code. Raises OutboxFull, RateLimited, MailNotSetUp."""
        if not self.is_open:
            raise MailNotSetUp
        self._must_not_flood(session, row, at)
        code = f"{secrets.randbelow(1_000_000):06d}"
        subject, text = code_mail(row.language, self.house.organisation, code)
        self._put(session, row, subject, text, at, at + decision_steps.MAILED_LASTS)
        outside_members.prove_by(session, row, self._proof(row.id, code), at)

    def is_proof(self, row: OutsideMember, code: str) -> bool:
        """Whether it is the code that was mailed last; as long in coming for every wrong one."""
        return hmac.compare_digest(self._proof(row.id, code), row.proof_digest or "0" * 64)

    def digest(self, code: str) -> str:
        """What the database finds a link by."""
        return self._vault.digest(code, "ballot")

    def masked(self, row: OutsideMember) -> str:
        """Where codes go, so that their owner knows it and a passer-by does not: s…@example.ac.jp."""
        local, _, domain = self._vault.open(row.address_sealed, _address(row.id)).rpartition("@")
        return f"{local[:1]}…@{domain}"

    def _proof(self, member_id: str, code: str) -> str:
        return self._vault.digest(f"{member_id}\0{code}", "ballot.code")

    def _must_not_flood(self, session: Session, row: OutsideMember, at: datetime) -> None:
        """For mail that somebody can have sent by pressing a button again."""
        recent = [mail for mail in outbox.about(session, [row.id]) if mail.created_at > at - WINDOW]
        if len(recent) >= MOST_MAILS:
            oldest = recent[0].created_at
            raise RateLimited((oldest + WINDOW - at).total_seconds())

    def _put(
        self, session: Session, row: OutsideMember, subject: str, text: str, at: datetime, until: datetime
    ) -> None:
        to = self._vault.open(row.address_sealed, _address(row.id))
        outbox.put(session, self._vault, outbox.Content(to, subject, text), row.id, at, until=until)


def _address(member_id: str) -> str:
    return f"ballot.address/{member_id}"


def _code(member_id: str) -> str:
    return f"ballot.code/{member_id}"
