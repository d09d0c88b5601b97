"""Mail that waits to be sent, in the database: a restart loses none, and what was sent is forgotten at once.

Address and words are sealed by the vault while they wait, and erased as soon as the mail was handed over or
given up: what stays is that there was one, about what, and how it ended. Whoever sends *claims* a mail for
some minutes, so two servers do not send the same one; a crash between sending and noting it sends it again,
unless the mail says `is_once`: then it is noted before its words go out, and a crash right after leaves it
unclear whether they arrived, which is told and never tried again.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlmodel import Field, Session, SQLModel, col, delete, func, or_, select

from field_assist import UtcDateTime, exclusive, new_id
from signaling.accounts.vault import Vault

MAX_WAITING = 2000
"""So many at most wait for a mail server that is down."""
CLAIM = timedelta(minutes=5)
FIRST_RETRY_S = 30.0
LONGEST_RETRY_S = 3600.0
KEPT = timedelta(days=90)
UNCLEAR = "unclear"


class State(StrEnum):
    """How a mail stands; `LEAVING`: one that goes out at most once is being handed over."""

    WAITING = "waiting"
    LEAVING = "leaving"
    SENT = "sent"
    FAILED = "failed"


class OutboxFull(Exception):
    """Too many mails wait already."""


class Withdrawn(Exception):
    """It is not to be sent any more."""


class Mail(SQLModel, table=True):
    """One mail. `about` is the id of what it tells; `sealed` holds the `Content` and is "" afterwards."""

    __tablename__ = "mail"

    id: str = Field(primary_key=True, max_length=26)
    about: str = Field(index=True, max_length=26)
    sealed: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(index=True, max_length=8)
    tries: int
    reason: str
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent, to one address; `calendar` is an iCalendar file that goes with it, "" for none.

    `html` is the same words for those who read it so, `unsubscribe` the address of one click (RFC 8058);
    `is_once`: better lost than sent twice.
    """

    to: str
    subject: str
    text: str
    calendar: str = ""
    html: str = ""
    unsubscribe: str = ""
    is_once: bool = False


def put(
    session: Session,
    vault: Vault,
    content: Content,
    about: str,
    at: datetime,
    *,
    until: datetime,
    due_at: datetime | None = None,
) -> Mail:
    """To be sent, not before `due_at` and not after `until`; raises OutboxFull."""
    if room(session, MAX_WAITING) <= 0:
        raise OutboxFull
    mail_id = new_id(at)
    row = Mail(
        id=mail_id,
        about=about,
        sealed=vault.seal(json.dumps(asdict(content)), _context(mail_id)),
        created_at=at,
        due_at=due_at or at,
        until=until,
        state=State.WAITING.value,
        tries=0,
        reason="",
    )
    session.add(row)
    session.flush()
    return row


def content(vault: Vault, row: Mail) -> Content:
    """What a waiting mail says; raises VaultSealed."""
    return Content(**json.loads(vault.open(row.sealed, _context(row.id))))


def about(session: Session, ids: list[str]) -> list[Mail]:
    """All mails about these things, oldest first."""
    query = select(Mail).where(col(Mail.about).in_(ids))
    return list(session.exec(query.order_by(col(Mail.created_at), col(Mail.id))))


class End(NamedTuple):
    """How a mail stands, as `Mail` has it."""

    state: str
    reason: str


def ends(session: Session, ids: Sequence[str]) -> dict[str, End]:
    """How the mails about these things stand, by what they are about; one each."""
    query = select(Mail.about, Mail.state, Mail.reason).where(col(Mail.about).in_(ids))
    return {about_id: End(state, reason) for about_id, state, reason in session.exec(query)}


def room(session: Session, most: int) -> int:
    """How many more may wait, where `most` may: whoever sends to thousands leaves room for others."""
    query = select(func.count()).select_from(Mail).where(Mail.state == State.WAITING.value)
    return most - session.exec(query).one()


def next_due(session: Session) -> datetime | None:
    """When the next one is to be sent or given up."""
    return session.exec(select(func.min(Mail.due_at)).where(Mail.state == State.WAITING.value)).one()


def claim(session: Session, at: datetime) -> Mail | None:
    """The oldest one that is due, for whoever asks first; None when none is. Too late ones are given up."""
    exclusive(session, "mail")
    waiting = select(Mail).where(Mail.state == State.WAITING.value)
    for late in session.exec(waiting.where(col(Mail.until) <= at)):
        _end(session, late, State.FAILED, late.reason or "too_late", at)
    for lost in session.exec(select(Mail).where(Mail.state == State.LEAVING.value, col(Mail.due_at) <= at)):
        _end(session, lost, State.FAILED, UNCLEAR, at)
    due = waiting.where(col(Mail.due_at) <= at).order_by(col(Mail.due_at), col(Mail.id)).limit(1)
    row = session.exec(due).first()
    if row is not None:
        row.due_at, row.tries = at + CLAIM, row.tries + 1
        session.add(row)
        session.flush()
    return row


def leaving(session: Session, mail_id: str) -> None:
    """Its words go out now: from here on it is not tried again by itself. Raises Withdrawn."""
    row = session.get_one(Mail, mail_id)
    if row.state != State.WAITING:
        raise Withdrawn
    row.state = State.LEAVING.value
    session.add(row)
    session.flush()


def is_leaving(session: Session, mail_id: str) -> bool:
    """Whether its words may have gone out."""
    return session.get_one(Mail, mail_id).state == State.LEAVING


def sent(session: Session, mail_id: str, at: datetime) -> None:
    """The mail server has it."""
    _end(session, session.get_one(Mail, mail_id), State.SENT, "", at)


def failed(session: Session, mail_id: str, reason: str, at: datetime, *, for_good: bool) -> None:
    """It did not go out; another try comes later unless it never can, or it was withdrawn meanwhile."""
    row = session.get_one(Mail, mail_id)
    if row.ended_at is not None:
        return None
    if for_good:
        return _end(session, row, State.FAILED, reason, at)
    wait_s = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** (row.tries - 1))
    row.due_at, row.reason, row.state = at + timedelta(seconds=wait_s), reason, State.WAITING.value
    session.add(row)
    session.flush()


def withdraw(session: Session, about_id: str, at: datetime) -> None:
    """What waits about a thing is not sent any more."""
    query = select(Mail).where(Mail.about == about_id, Mail.state == State.WAITING.value)
    for row in session.exec(query):
        _end(session, row, State.FAILED, "withdrawn", at)


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: what ended long ago, and what nobody could send."""
    ended_long_ago = col(Mail.ended_at) < at - KEPT
    session.exec(delete(Mail).where(or_(ended_long_ago, col(Mail.until) < at - KEPT)))


def _end(session: Session, row: Mail, state: State, reason: str, at: datetime) -> None:
    row.state, row.reason, row.ended_at, row.sealed = state.value, reason, at, ""
    session.add(row)
    session.flush()


def _context(mail_id: str) -> str:
    return f"mail/{mail_id}"
