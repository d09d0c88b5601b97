"""Members from outside (外部委員) of a circulation: how they are reached, and what proves one of them.

Who they are and what they answered stands in the chain of decisions; here is only what may be forgotten: an
address and a link, both sealed by the caller, which code was mailed to them last, and when they opened it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, select

from field_assist.store import UtcDateTime, exclusive

OPENS_AFTER = timedelta(days=30)
"""So long after its deadline a link still shows what was decided; then the row is forgotten."""
MOST_TRIES = 5
"""Wrong codes until the mailed one is good for nothing."""
_REMIND_BEFORE = timedelta(days=1)


class BallotUnknown(Exception):
    """No such link, or one that is no more, or no such member of this decision."""


class BallotOver(Exception):
    """The link was good once: it was taken back, or what it asked about was."""


class OutsideMember(SQLModel, table=True):
    """One person in one circulation; `id` is the voter's in the chain.

    `proof_digest` is the last code that was mailed to them and not used, "" for none; `remind_at` is None
    once they were reminded.
    """

    __tablename__ = "outside_member"

    id: str = Field(primary_key=True, max_length=26)
    decision_id: str = Field(index=True, max_length=26)
    address_sealed: str
    code_digest: str = Field(unique=True, max_length=64)
    code_sealed: str
    language: str = Field(max_length=8)
    invited_at: datetime = Field(sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    proof_digest: str = Field(default="", max_length=64)
    proof_sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    proof_tries: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """What a member is reached by: a sealed address, and the digest and seal of their link's code."""

    id: str
    address_sealed: str
    code_digest: str
    code_sealed: str


def remind_at(invited_at: datetime, until: datetime) -> datetime:
    """When to remind: a day before the deadline, or in the last third of a shorter time."""
    return until - min(_REMIND_BEFORE, (until - invited_at) / 3)


def invite(
    session: Session, decision_id: str, key: Key, language: str, until: datetime, at: datetime
) -> OutsideMember:
    """Keep how somebody is reached who votes until then."""
    row = OutsideMember(
        id=key.id,
        decision_id=decision_id,
        address_sealed=key.address_sealed,
        code_digest=key.code_digest,
        code_sealed=key.code_sealed,
        language=language,
        invited_at=at,
        remind_at=remind_at(at, until),
        expires_at=until + OPENS_AFTER,
    )
    return _kept(session, row)


def of_decision(session: Session, decision_id: str) -> list[OutsideMember]:
    """Everybody who was ever invited to it, in their order."""
    query = select(OutsideMember).where(OutsideMember.decision_id == decision_id)
    return list(session.exec(query.order_by(col(OutsideMember.id))))


def by_code(session: Session, digest: str, at: datetime) -> OutsideMember:
    """Whose link it is; raises BallotUnknown, BallotOver."""
    query = select(OutsideMember).where(OutsideMember.code_digest == digest)
    row = session.exec(query).first()
    if row is None:
        raise BallotUnknown
    if row.withdrawn_at is not None or at >= row.expires_at:
        raise BallotOver
    return row


def open_first(session: Session, row: OutsideMember, at: datetime) -> None:
    """They read it; the first time counts."""
    if row.opened_at is None:
        row.opened_at = at
        _kept(session, row)


def prove_by(session: Session, row: OutsideMember, digest: str, at: datetime) -> None:
    """A fresh code goes out; the one before is good for nothing any more."""
    row.proof_digest, row.proof_sent_at, row.proof_tries = digest, at, 0
    _kept(session, row)


def missed(session: Session, row: OutsideMember) -> int:
    """A wrong code; answers how many tries are left for the mailed one."""
    row.proof_tries += 1
    left = max(0, MOST_TRIES - row.proof_tries)
    if left == 0:
        row.proof_digest = ""
    _kept(session, row)
    return left


def used(session: Session, row: OutsideMember) -> None:
    """A code is good once, and whoever answered is not reminded."""
    row.proof_digest, row.remind_at = "", None
    _kept(session, row)


def withdraw(session: Session, row: OutsideMember, at: datetime) -> None:
    """The link opens nothing from now on."""
    row.withdrawn_at, row.remind_at, row.proof_digest = row.withdrawn_at or at, None, ""
    _kept(session, row)


def extend(session: Session, row: OutsideMember, until: datetime, at: datetime) -> None:
    """There is another deadline."""
    row.expires_at, row.remind_at = until + OPENS_AFTER, remind_at(at, until)
    _kept(session, row)


def to_remind(session: Session, at: datetime) -> list[OutsideMember]:
    """Whose time for a reminder has come."""
    exclusive(session, "outside_member")
    return list(session.exec(select(OutsideMember).where(col(OutsideMember.remind_at) <= at)))


def reminded(session: Session, row: OutsideMember) -> None:
    """Once is enough."""
    row.remind_at = None
    _kept(session, row)


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: addresses and links that open nothing any more."""
    session.exec(delete(OutsideMember).where(col(OutsideMember.expires_at) < at))


def _kept(session: Session, row: OutsideMember) -> OutsideMember:
    session.add(row)
    session.flush()
    return row
