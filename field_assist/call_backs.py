"""折り返し: what is kept of a call-back beyond its ticket: where the resident wants to be called, and how
it ended.

The telephone number is sealed by whoever hands it in, and erased when somebody has called or closed it.
"""

from sqlmodel import Field, Session, SQLModel, col, select

MAX_REASON = 500


class CallBack(SQLModel, table=True):
    """Of one ticket. `name` and `phone_sealed` are "" where no resident asked, or when it is over."""

    __tablename__ = "call_back"

    consultation_id: str = Field(primary_key=True, foreign_key="consultation.id", max_length=26)
    name: str
    phone_sealed: str
    closed_reason: str


def wanted(session: Session, consultation_id: str, name: str, phone_sealed: str) -> None:
    """A resident wants to be called at this number; asking again changes it."""
    row = session.get(CallBack, consultation_id) or CallBack(
        consultation_id=consultation_id, name="", phone_sealed="", closed_reason=""
    )
    row.name, row.phone_sealed = name, phone_sealed
    session.add(row)
    session.flush()


def over(session: Session, consultation_id: str, reason: str = "") -> None:
    """Somebody has called, or closed it for a reason: who and where is not needed any more."""
    wanted(session, consultation_id, "", "")
    row = session.get_one(CallBack, consultation_id)
    row.closed_reason = reason
    session.add(row)
    session.flush()


def of(session: Session, consultation_ids: list[str]) -> dict[str, CallBack]:
    """What is kept of these tickets, where anything is."""
    query = select(CallBack).where(col(CallBack.consultation_id).in_(consultation_ids))
    return {row.consultation_id: row for row in session.exec(query)}
