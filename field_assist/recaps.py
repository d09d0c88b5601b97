"""まとめ: what came of a call, and the letter (お知らせ) about it that a resident takes home.

A recap is one per call, written by its staff; whoever saves says which version they read, so that two who
write at once do not undo one another. A letter holds its own copy of what it says: what somebody was handed
does not change behind their back. It opens by a code, of which this module knows only the digest, until it
expires or is revoked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import JSON, Column, Field, Session, SQLModel, col, delete, select

from field_assist.store import UtcDateTime, exclusive

LETTER_LASTS = timedelta(days=30)
KEPT_AFTER = timedelta(days=30)
"""A letter that opens nothing any more is forgotten after so long."""
MAX_LETTERS = 20


class RecapChanged(Exception):
    """Somebody else has saved it meanwhile."""


class LetterUnknown(Exception):
    """No such letter, or none this person may know of."""


class LetterOver(Exception):
    """The letter was good once; it has expired or was taken back."""


class LettersFull(Exception):
    """So many letters of one call are no letters any more."""


Asked = dict[str, str]
"""A question of the resident in a letter: `text`, `answer` ("" for none yet), `due` (ISO date or "")."""


Shown = dict[str, object]
"""A card of the concierge (`concierge.cards.Card`) as the call was shown it."""


class Recap(SQLModel, table=True):
    """What staff wrote about a call; `version` counts the saves. Confirmed = somebody answers for it."""

    __tablename__ = "recap"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    version: int
    happened: str
    agreed: str
    next_step: str
    due_on: date | None = None
    contact: str
    edited_by: str = Field(foreign_key="staff.id", max_length=26)
    edited_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Letter(SQLModel, table=True):
    """One letter. `recipient` is what staff call the person, and not in the letter itself.

    `guest_id` is the invitation of the guest it is for: whoever holds the letter sees what they agreed to.
    """

    __tablename__ = "letter"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    code_digest: str = Field(unique=True, index=True, max_length=64)
    code_sealed: str
    language: str = Field(max_length=8)
    recipient: str
    guest_id: str | None = Field(default=None, max_length=26)
    agreed: str
    next_step: str
    due_on: date | None = None
    contact: str
    questions: list[Asked] = Field(sa_column=Column(JSON, nullable=False))
    cards: list[Shown] = Field(sa_column=Column(JSON, nullable=False))
    created_by: str = Field(foreign_key="staff.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def opens(self, at: datetime) -> bool:
        """Whether its link still shows it."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class Outcome:
    """What staff say came of a call. `agreed` is one point a line, `due_on` the day of the next step."""

    agreed: str = ""
    next_step: str = ""
    due_on: date | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What staff write; `version` is the one they read, 0 where there was none."""

    version: int
    happened: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class NewLetter:
    """For whom, in which language (ja, ja-easy, en), what it says, and who of staff answers for it."""

    recipient: str
    language: str
    outcome: Outcome
    by: str
    questions: tuple[Asked, ...] = ()
    cards: tuple[Shown, ...] = ()
    guest_id: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The secret of a letter's link as the database keeps it, sealed for this letter."""

    letter_id: str
    digest: str
    sealed: str


def recap(session: Session, call_id: str) -> Recap | None:
    """What was written so far."""
    return session.get(Recap, call_id)


def save(session: Session, call_id: str, written: Written, by: str, at: datetime) -> Recap:
    """Write it down; it is a draft again. Raises RecapChanged."""
    exclusive(session, f"recap.{call_id}")
    row = session.get(Recap, call_id, populate_existing=True)
    if (row.version if row else 0) != written.version:
        raise RecapChanged
    if row is None:
        row = Recap(
            call_id=call_id,
            version=0,
            happened="",
            agreed="",
            next_step="",
            contact="",
            edited_by=by,
            edited_at=at,
        )
    outcome = written.outcome
    row.version, row.happened = written.version + 1, written.happened
    row.agreed, row.next_step = outcome.agreed, outcome.next_step
    row.due_on, row.contact = outcome.due_on, outcome.contact
    row.edited_by, row.edited_at = by, at
    row.confirmed_by = row.confirmed_at = None
    session.add(row)
    session.flush()
    return row


def confirm(session: Session, row: Recap, by: str, at: datetime) -> None:
    """Somebody answers for what it says."""
    row.confirmed_by, row.confirmed_at = by, at
    session.add(row)
    session.flush()


def write_letter(session: Session, call_id: str, code: Code, new: NewLetter, at: datetime) -> Letter:
    """Make a letter; raises LettersFull."""
    exclusive(session, f"letters.{call_id}")
    if len(letters(session, call_id)) >= MAX_LETTERS:
        raise LettersFull
    letter = Letter(
        id=code.letter_id,
        call_id=call_id,
        code_digest=code.digest,
        code_sealed=code.sealed,
        language=new.language,
        recipient=new.recipient,
        guest_id=new.guest_id,
        agreed=new.outcome.agreed,
        next_step=new.outcome.next_step,
        due_on=new.outcome.due_on,
        contact=new.outcome.contact,
        questions=list(new.questions),
        cards=list(new.cards),
        created_by=new.by,
        created_at=at,
        expires_at=at + LETTER_LASTS,
    )
    session.add(letter)
    session.flush()
    return letter


def letters(session: Session, call_id: str) -> list[Letter]:
    """All letters of a call, oldest first."""
    query = select(Letter).where(Letter.call_id == call_id)
    return list(session.exec(query.order_by(col(Letter.created_at), col(Letter.id))))


def letter(session: Session, letter_id: str) -> Letter:
    """One letter, in whatever state; raises LetterUnknown."""
    row = session.get(Letter, letter_id)
    if row is None:
        raise LetterUnknown
    return row


def letter_by_code(session: Session, digest: str) -> Letter:
    """The letter whose code has this digest, in whatever state; raises LetterUnknown."""
    row = session.exec(select(Letter).where(Letter.code_digest == digest)).first()
    if row is None:
        raise LetterUnknown
    return row


def revoke(session: Session, row: Letter, at: datetime) -> bool:
    """Take it back; False when it was taken back already."""
    if row.revoked_at is not None:
        return False
    row.revoked_at = at
    session.add(row)
    session.flush()
    return True


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: letters that have long opened nothing."""
    session.exec(delete(Letter).where(col(Letter.expires_at) < at - KEPT_AFTER))
