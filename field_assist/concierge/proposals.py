"""What staff may add to こんなとき: words that were typed, and what came of them. Proposals, never rules.

Whenever staff type a need and show an entry, say of one that it is not it, or find nothing, the words are
counted here together with the entry; nothing of who typed them, when in which call, or for whom. Somebody who
keeps the catalogue takes a proposal, and the words become one of the ways in which people put that need
(`taken`), or dismisses it. Nothing changes by itself. What was said aloud is never kept: consent to the
concierge is for the talk alone. Digits, names of people and of illnesses are struck out before (`words_of`),
and questions about sensitive topics never come here.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Index, Session, SQLModel, col, delete, func, select

from field_assist import search_words
from field_assist.concierge.entries import Key, Kind, key_from
from field_assist.identifiers import new_id
from field_assist.masking import masked, proposals
from field_assist.store import UtcDateTime, exclusive

MAX_WORDS, MIN_WORDS = 120, 2
KEPT_FOR = timedelta(days=180)
"""What nobody decided on, or what was dismissed, is forgotten after so long without being said again."""
MOST_OPEN = 2_000
"""Beyond that nothing new is counted until somebody decided: a list nobody can read helps nobody."""
_STRUCK_OUT = "・・・"


class Sign(StrEnum):
    """What staff did after they had typed the words."""

    SHOWN = "shown"
    REJECTED = "rejected"
    MISSED = "missed"  # nothing fitted


class State(StrEnum):
    """What somebody decided."""

    OPEN = "open"
    TAKEN = "taken"
    DISMISSED = "dismissed"


class ProposalUnknown(Exception):
    """No such proposal."""


class ProposalDecided(Exception):
    """Somebody decided it meanwhile."""


class NeedProposal(SQLModel, table=True):
    """Words and the entry they led to; without one (`entry_key` "") they led nowhere."""

    __tablename__ = "need_proposal"
    __table_args__ = (Index("ix_need_proposal_same", "folded", "kind", "entry_key", unique=True),)

    id: str = Field(primary_key=True, max_length=26)
    folded: str = Field(max_length=MAX_WORDS * 2)
    words: str
    kind: str = Field(max_length=10)
    entry_key: str = Field(max_length=110)
    shown: int
    rejected: int
    missed: int
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)
    state: str = Field(max_length=9, index=True)
    taken_kind: str = Field(max_length=10)
    taken_key: str = Field(max_length=110)
    decided_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def words_of(typed: str) -> str:
    """What may be kept of what was typed, "" where that says nothing any more."""
    flat = " ".join(typed.split())
    spans = [(each.start, each.end) for each in proposals(flat)]
    struck = masked(flat, [*spans, *search_words.names_of_people(flat)])
    plain = unicodedata.normalize("NFKC", struck)
    kept = "".join("■" if one.isdecimal() else one for one in plain)
    while "■■" in kept:
        kept = kept.replace("■■", "■")
    kept = kept.replace("■", _STRUCK_OUT).strip()
    said = kept.replace(_STRUCK_OUT, "").strip()
    return kept[:MAX_WORDS] if len(said) >= MIN_WORDS else ""


def note(
    session: Session, words: str, of: tuple[Kind, str] | None, sign: Sign, at: datetime
) -> NeedProposal | None:
    """Count it; `words` are of `words_of`, `of` is an entry's kind and key. None where nothing is kept."""
    if not words:
        return None
    exclusive(session, "need_proposals")
    kind, key = (of[0].value, of[1]) if of else ("", "")
    folded = words.casefold()
    query = select(NeedProposal).where(
        NeedProposal.folded == folded, NeedProposal.kind == kind, NeedProposal.entry_key == key
    )
    row = session.exec(query).first()
    if row is None:
        count = select(func.count()).select_from(NeedProposal).where(NeedProposal.state == State.OPEN.value)
        if session.exec(count).one() >= MOST_OPEN:
            return None
        row = NeedProposal(
            id=new_id(at),
            folded=folded,
            words=words,
            kind=kind,
            entry_key=key,
            shown=0,
            rejected=0,
            missed=0,
            first_at=at,
            last_at=at,
            state=State.OPEN.value,
            taken_kind="",
            taken_key="",
        )
    match sign:
        case Sign.SHOWN:
            row.shown += 1
        case Sign.REJECTED:
            row.rejected += 1
        case Sign.MISSED:
            row.missed += 1
    row.last_at = at
    session.add(row)
    session.flush()
    return row


def open_ones(session: Session, limit: int) -> list[NeedProposal]:
    """What waits for somebody's decision, the most often met first."""
    met = col(NeedProposal.shown) + col(NeedProposal.rejected) + col(NeedProposal.missed)
    query = select(NeedProposal).where(NeedProposal.state == State.OPEN.value)
    return list(session.exec(query.order_by(met.desc(), col(NeedProposal.last_at).desc()).limit(limit)))


def recently_taken(session: Session, limit: int) -> list[NeedProposal]:
    """What was taken, newest first."""
    query = select(NeedProposal).where(NeedProposal.state == State.TAKEN.value)
    return list(session.exec(query.order_by(col(NeedProposal.decided_at).desc()).limit(limit)))


def by_id(session: Session, proposal_id: str) -> NeedProposal:
    """One proposal; raises ProposalUnknown."""
    row = session.get(NeedProposal, proposal_id)
    if row is None:
        raise ProposalUnknown
    return row


def take(session: Session, row: NeedProposal, of: tuple[Kind, str], by: str, at: datetime) -> None:
    """The words are a way of putting this entry's need; raises ProposalDecided."""
    _decide(session, row, State.TAKEN, by, at)
    row.taken_kind, row.taken_key = of[0].value, of[1]
    session.add(row)
    session.flush()


def dismiss(session: Session, row: NeedProposal, by: str, at: datetime) -> None:
    """They are not; raises ProposalDecided."""
    _decide(session, row, State.DISMISSED, by, at)


def open_again(session: Session, row: NeedProposal) -> None:
    """Undo a decision: words that were taken are no longer the entry's."""
    exclusive(session, "need_proposals")
    row.state, row.taken_kind, row.taken_key = State.OPEN.value, "", ""
    row.decided_by = row.decided_at = None
    session.add(row)
    session.flush()


def taken(session: Session, keys: Iterable[Key]) -> Mapping[Key, Sequence[str]]:
    """The words that were taken for these entries; those without any may be missing."""
    query = select(NeedProposal).where(
        NeedProposal.state == State.TAKEN.value,
        col(NeedProposal.taken_key).in_([key.written for key in keys]),
    )
    found: dict[Key, list[str]] = {}
    for row in session.exec(query.order_by(col(NeedProposal.id))):
        found.setdefault(key_from(row.taken_kind, row.taken_key), []).append(row.words)
    return found


def version(session: Session) -> str:
    """Becomes another one whenever what was taken does."""
    query = select(func.count(), func.max(NeedProposal.decided_at)).where(
        NeedProposal.state == State.TAKEN.value
    )
    count, last = session.exec(query).one()
    return f"{count}-{last}"


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: what nobody said again for long, unless it was taken."""
    is_not_taken = col(NeedProposal.state) != State.TAKEN.value
    session.exec(delete(NeedProposal).where(is_not_taken, col(NeedProposal.last_at) < at - KEPT_FOR))


def _decide(session: Session, row: NeedProposal, state: State, by: str, at: datetime) -> None:
    exclusive(session, "need_proposals")
    session.refresh(row)
    if row.state != State.OPEN.value:
        raise ProposalDecided
    row.state, row.decided_by, row.decided_at = state.value, by, at
    session.add(row)
    session.flush()
