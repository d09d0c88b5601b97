"""What was asked and said about consent, as rows that are only ever added; `agreement` has the rules.

A database trigger refuses to change or delete them (see migrations). Names are kept as they were then, as in
the chat.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.agreement import AT_SITE, Agreement, ConsentEvent, ConsentStep, Purpose
from field_assist.calls import Call
from field_assist.people import Guest, Person
from field_assist.stills import Still
from field_assist.store import UtcDateTime, exclusive


class Consent(SQLModel, table=True):
    """One step. `identity` of whom it is, `by` who took it; `about` the still it was said for."""

    __tablename__ = "consent"

    seq: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    identity: str = Field(max_length=40)
    name: str
    purpose: str = Field(max_length=12)
    step: str = Field(max_length=10)
    by: str = Field(max_length=40)
    by_name: str
    text_version: str = Field(max_length=8)
    language: str = Field(max_length=8)
    about: str | None = Field(default=None, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)

    def event(self) -> ConsentEvent:
        """The same for `agreement`."""
        purpose, step = Purpose(self.purpose), ConsentStep(self.step)
        return ConsentEvent(self.identity, purpose, step, self.by, self.at, self.text_version)


@dataclass(frozen=True, slots=True)
class Reading:
    """Which text a question or an answer belongs to, and the still it is about, where it is one."""

    text_version: str
    language: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    """What one person wishes to be deleted: all that was taken for this purpose until then."""

    call_id: str
    identity: str
    purpose: Purpose
    before: datetime


def record(
    session: Session, call_id: str, event: ConsentEvent, names: tuple[str, str], reading: Reading
) -> Consent:
    """Add a step, after `exclusively` said how things stand; the names are of whom it is and who took it."""
    row = Consent(
        call_id=call_id,
        identity=event.identity,
        name=names[0],
        purpose=event.purpose.value,
        step=event.step.value,
        by=event.by,
        by_name=names[1],
        text_version=reading.text_version,
        language=reading.language,
        about=reading.about,
        at=event.at,
    )
    session.add(row)
    session.flush()
    return row


def exclusively(session: Session, call_id: str) -> Agreement:
    """How a call stands, with nobody else's step until this transaction ends."""
    exclusive(session, f"consents.{call_id}")
    return agreement(session, call_id)


def agreement(session: Session, call_id: str) -> Agreement:
    """How a call stands."""
    return Agreement(row.event() for row in of_call(session, call_id))


def given(session: Session, call_id: str) -> dict[str, frozenset[Purpose]]:
    """Whose consent stands now, for what, by identity; nobody else is named."""
    return agreement(session, call_id).given()


def of_call(session: Session, call_id: str) -> list[Consent]:
    """All steps of a call, in order."""
    return list(session.exec(select(Consent).where(Consent.call_id == call_id).order_by(col(Consent.seq))))


def open_ones(session: Session) -> dict[str, Agreement]:
    """How every open call stands in which anything was asked or said."""
    query = select(Consent).join(Call).where(col(Call.ended_at).is_(None)).order_by(col(Consent.seq))
    found: dict[str, Agreement] = {}
    for row in session.exec(query):
        found.setdefault(row.call_id, Agreement()).add(row.event())
    return found


def had_own_no(session: Session, call_id: str, identity: str, purpose: Purpose, at: datetime) -> bool:
    """Whether somebody's own no stood then."""
    found = Agreement(row.event() for row in of_call(session, call_id) if row.at <= at)
    return found.of(identity, purpose).has_own_no


def note_picture(
    session: Session, still: Still, taker: Person, whose: Guest | None, at: datetime
) -> ConsentEvent | None:
    """The taker says that those in a still agreed: the guest whose camera it was, else those at the site.

    What the guest has said before stands, and needs no second row: then None.
    """
    who, name = (whose.identity, whose.name) if whose is not None else (AT_SITE, "")
    before = exclusively(session, still.call_id)
    is_news = before.answer(who, Purpose.PHOTO, is_yes=True, by=taker.identity) is not None
    if not is_news and whose is not None:
        return None
    event = ConsentEvent(who, Purpose.PHOTO, ConsentStep.GIVEN, taker.identity, at)
    record(session, still.call_id, event, (name, taker.name), Reading("", "", still.id))
    return event


def unwanted(session: Session, call_id: str, purpose: Purpose) -> list[Deletion]:
    """What people of one call wish deleted for this purpose: nobody reads or hears it any more."""
    found = select(Consent).where(
        Consent.call_id == call_id,
        Consent.step == ConsentStep.DELETE.value,
        Consent.purpose == purpose.value,
    )
    return [Deletion(call_id, row.identity, purpose, row.at) for row in session.exec(found)]


def deletions(session: Session) -> list[Deletion]:
    """All wishes to delete, in order; whoever keeps something carries them out again and again."""
    query = select(Consent).where(Consent.step == ConsentStep.DELETE.value).order_by(col(Consent.seq))
    return [Deletion(row.call_id, row.identity, Purpose(row.purpose), row.at) for row in session.exec(query)]
