"""判断記録 as they are kept: the rows of the chain, and the table of 決裁規程.

Tables and their operations; each is a function of a session and runs inside the caller's transaction. Rows
are only ever added, which triggers of the database hold everybody to; the columns beside `record` say what
stands in it, so that rows can be found, and are compared with it when the chain is examined.
"""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import ColumnElement, true
from sqlmodel import Field, Session, SQLModel, and_, col, delete, func, or_, select

from field_assist import calls, cases, decision_chain, seals
from field_assist.calls import Call, fiscal_year
from field_assist.cases import Case, CaseCall
from field_assist.chain_rows import ChainRow, walked
from field_assist.decision_chain import Link, Verdict
from field_assist.decision_rules import DEFAULTS, Kind, Rule
from field_assist.decision_steps import Record, State
from field_assist.people import Person
from field_assist.store import UtcDateTime, exclusive

LIST_LIMIT = 200


class DecisionUnknown(Exception):
    """No such decision, or none this person may know of: the answer is the same."""


class DecisionChanged(Exception):
    """Something was done to it since it was read: nobody approves what they have not seen."""


class DecisionRow(ChainRow, table=True):
    """One step of one decision; see `decision_chain`. `number` is 判断番号, the same in all of its rows."""

    __tablename__ = "decision"

    decision_id: str = Field(index=True, max_length=26)
    number: str = Field(index=True)
    case_id: str | None = Field(default=None, foreign_key="case_file.id", index=True, max_length=26)
    call_id: str | None = Field(default=None, foreign_key="call.id", index=True, max_length=26)
    state: str = Field(index=True, max_length=8)
    at: datetime = Field(sa_type=UtcDateTime)


class RestoredDecisionRow(SQLModel, table=True):
    """A row of another installation's chain, sealed by its key, which came with its case: it is only read."""

    __tablename__ = "restored_decision"

    hash: str = Field(primary_key=True, max_length=64)
    seq: int
    decision_id: str = Field(index=True, max_length=26)
    number: str
    case_id: str | None = Field(default=None, foreign_key="case_file.id", index=True, max_length=26)
    call_id: str | None = Field(default=None, foreign_key="call.id", index=True, max_length=26)
    state: str = Field(max_length=8)
    at: datetime = Field(sa_type=UtcDateTime)
    record: str
    seal: str = Field(max_length=128)
    public_key: str = Field(max_length=64)

    def kept(self) -> "Kept":
        """The same as rows of our own chain are."""
        row = DecisionRow(**self.model_dump(exclude={"public_key"}))
        return Kept(row, decision_chain.read(row.link), is_restored=True)


class ApprovalRule(SQLModel, table=True):
    """One line of the 決裁規程."""

    __tablename__ = "approval_rule"

    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=12)
    up_to_yen: int | None = None
    post: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision's last row and what it says; nothing more is done to one that was restored."""

    row: DecisionRow
    record: Record
    is_restored: bool = False

    @property
    def state(self) -> State:
        """How it stands."""
        return State(self.record["state"])


def append(session: Session, before: Kept | None, step: Record, at: datetime, key: Ed25519PrivateKey) -> Kept:
    """Add a step to the chain; `before` is the decision's last row, read by `locked`. Raises StepRefused."""
    if before is not None and before.is_restored:
        raise decision_chain.StepRefused
    last = head(session)
    link = decision_chain.follow(
        last.link if last else None, before.row.link if before else None, step, at, key
    )
    record = decision_chain.read(link)
    row = DecisionRow(
        seq=link.seq,
        record=link.record,
        hash=link.hash,
        seal=link.seal,
        at=datetime.fromisoformat(record["at"]),
        **_columns(record),
    )
    session.add(row)
    session.flush()
    return Kept(row, record)


def head(session: Session) -> DecisionRow | None:
    """The last row of the chain."""
    return session.exec(select(DecisionRow).order_by(col(DecisionRow.seq).desc()).limit(1)).first()


def lock(session: Session) -> None:
    """Nobody else adds a row before this transaction ends; taken before anything that leads to `append`."""
    exclusive(session, "decision")


def latest(session: Session, decision_id: str) -> Kept:
    """How a decision stands; raises DecisionUnknown."""
    row = session.exec(
        select(DecisionRow)
        .where(DecisionRow.decision_id == decision_id)
        .order_by(col(DecisionRow.seq).desc())
        .limit(1)
    ).first()
    if row is None:
        raise DecisionUnknown
    return Kept(row, decision_chain.read(row.link))


def history(session: Session, decision_id: str) -> list[Kept]:
    """All its rows, oldest first."""
    query = select(DecisionRow).where(DecisionRow.decision_id == decision_id).order_by(col(DecisionRow.seq))
    found = [Kept(row, decision_chain.read(row.link)) for row in session.exec(query)]
    return found or _restored(session, col(RestoredDecisionRow.decision_id) == decision_id)


def of_case(session: Session, case_id: str) -> list[Kept]:
    """How the decisions of a case stand, the newest first; restored ones after them."""
    return _last_rows(session, _belongs(case_id)) + _last(_restored(session, _restored_in(case_id)))


def rows_of_case(session: Session, case_id: str) -> list[Link]:
    """All rows of a case's decisions, oldest first: a part of the chain."""
    query = select(DecisionRow).where(_belongs(case_id)).order_by(col(DecisionRow.seq))
    return [row.link for row in session.exec(query)]


def of_calls(session: Session, call_ids: Sequence[str]) -> list[Kept]:
    """How the decisions stand that were proposed in these calls, the newest first; restored ones after."""
    restored = _restored(session, col(RestoredDecisionRow.call_id).in_(call_ids))
    return _last_rows(session, col(DecisionRow.call_id).in_(call_ids)) + _last(restored)


def restore(session: Session, links: Sequence[Link], public_key: str) -> int:
    """Keep rows of a chain that this key sealed, which the caller has examined; how many were new.

    What our own chain holds already is not kept twice.
    """
    added = 0
    for link in links:
        ours = session.exec(select(DecisionRow.seq).where(DecisionRow.hash == link.hash)).first()
        if ours is not None or session.get(RestoredDecisionRow, link.hash) is not None:
            continue
        record = decision_chain.read(link)
        session.add(
            RestoredDecisionRow(
                hash=link.hash,
                seq=link.seq,
                record=link.record,
                seal=link.seal,
                at=datetime.fromisoformat(record["at"]),
                public_key=public_key,
                **_columns(record),
            )
        )
        added += 1
    session.flush()
    return added


def restored_of_case(session: Session, case_id: str) -> dict[str, list[Link]]:
    """The restored rows of a case by the key that sealed them, each a part of a chain, oldest first."""
    return _by_key(session, _restored_in(case_id))


def verify_restored(session: Session) -> dict[str, Verdict]:
    """Examine everything that was restored, by the key that sealed it."""
    return {
        key: decision_chain.examine(links, seals.read(key), is_part=True)
        for key, links in _by_key(session, true()).items()
    }


def standing(session: Session, states: Sequence[State]) -> list[Kept]:
    """Decisions that stand like this now, the newest first."""
    return _last_rows(session, col(DecisionRow.state).in_([state.value for state in states]))


def containing(session: Session, person: Person, words: str) -> list[Kept]:
    """Decisions in whose words these stand, of cases and calls that may concern somebody, the newest first.

    Wider than the permission rule is allowed: the caller filters by `may_see_decision`.
    """
    wanted = unicodedata.normalize("NFC", words)
    found = _last_rows(session, and_(_says(wanted), _concerning(person)))
    return [kept for kept in found if wanted.casefold() in _text(kept.record).casefold()]


def saying_most(session: Session, person: Person, words: Sequence[str], at_least: int) -> list[Kept]:
    """Decisions that say so many of these words, those that say the most first, of them the newest.

    As wide as `containing`: the caller filters.
    """
    wanted = [unicodedata.normalize("NFC", word).casefold() for word in words]
    if not wanted:
        return []
    found = _last_rows(session, and_(or_(*(_says(word) for word in wanted)), _concerning(person)))
    texts = [_text(kept.record).casefold() for kept in found]
    counts = [sum(word in text for word in wanted) for text in texts]
    ranked = sorted(range(len(found)), key=lambda at: -counts[at])
    return [found[at] for at in ranked if counts[at] >= max(1, at_least)]


def _says(wanted: str) -> ColumnElement[bool]:
    written = json.dumps(wanted, ensure_ascii=False)[1:-1]  # as it stands inside a record
    return col(DecisionRow.record).icontains(written, autoescape=True)


def _concerning(person: Person) -> ColumnElement[bool]:
    return or_(
        col(DecisionRow.case_id).in_(select(Case.id).where(*cases.concerning(person))),
        col(DecisionRow.call_id).in_(select(Call.id).where(calls.concerning(person))),
        col(DecisionRow.record).contains(f'"{person.id}"', autoescape=True),  # asked, named, or its voter
    )


def next_number(session: Session, unit: str, at: datetime) -> str:
    """判断番号 for a new decision of a department: R8-道路維持課-判0001. Under `lock`."""
    begin = f"R{fiscal_year(at) - 2018}-{unit or '庁'}-判"
    query = select(func.count(func.distinct(col(DecisionRow.decision_id))))
    known = session.exec(query.where(col(DecisionRow.number).startswith(begin, autoescape=True))).one()
    return f"{begin}{known + 1:04d}"


def links(session: Session) -> Iterator[Link]:
    """The whole chain; a row whose columns say something else was changed."""
    for row in walked(session, DecisionRow):
        yield row.link if _agrees(row) else row.changed_link


def verify(session: Session, key: Ed25519PublicKey) -> Verdict:
    """Walk the whole chain."""
    return decision_chain.examine(links(session), key)


def rules(session: Session) -> tuple[Rule, ...]:
    """The 決裁規程 in its order; the defaults until there is one."""
    found = session.exec(select(ApprovalRule).order_by(col(ApprovalRule.place)))
    return tuple(Rule(Kind(row.kind), row.up_to_yen, row.post) for row in found) or DEFAULTS


def set_rules(session: Session, new: Sequence[Rule]) -> None:
    """Another 決裁規程; none at all brings the defaults back."""
    exclusive(session, "approval_rule")
    session.exec(delete(ApprovalRule))
    for place, rule in enumerate(new, 1):
        session.add(ApprovalRule(place=place, kind=rule.kind.value, up_to_yen=rule.up_to_yen, post=rule.post))
    session.flush()


def _restored_in(case_id: str) -> ColumnElement[bool]:
    its_calls = select(CaseCall.call_id).where(CaseCall.case_id == case_id)
    is_given = col(RestoredDecisionRow.case_id).is_(None) & col(RestoredDecisionRow.call_id).in_(its_calls)
    return or_(col(RestoredDecisionRow.case_id) == case_id, is_given)


def _restored(session: Session, condition: ColumnElement[bool]) -> list[Kept]:
    query = select(RestoredDecisionRow).where(condition).order_by(col(RestoredDecisionRow.seq))
    return [row.kept() for row in session.exec(query)]


def _by_key(session: Session, condition: ColumnElement[bool]) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    query = select(RestoredDecisionRow).where(condition).order_by(col(RestoredDecisionRow.seq))
    for row in session.exec(query):
        found.setdefault(row.public_key, []).append(Link(row.seq, row.record, row.hash, row.seal))
    return found


def _last(found: Sequence[Kept]) -> list[Kept]:
    """The last row of each decision, the newest first."""
    last = {kept.row.decision_id: kept for kept in found}
    return sorted(last.values(), key=lambda kept: kept.row.seq, reverse=True)


def _belongs(case_id: str) -> ColumnElement[bool]:
    """Proposed in the case, or in a call without one that was given to it later."""
    its_calls = select(CaseCall.call_id).where(CaseCall.case_id == case_id)
    is_given = col(DecisionRow.case_id).is_(None) & col(DecisionRow.call_id).in_(its_calls)
    return or_(col(DecisionRow.case_id) == case_id, is_given)


def _last_rows(session: Session, condition: ColumnElement[bool]) -> list[Kept]:
    last = select(func.max(DecisionRow.seq)).group_by(col(DecisionRow.decision_id))
    query = select(DecisionRow).where(col(DecisionRow.seq).in_(last), condition)
    found = session.exec(query.order_by(col(DecisionRow.seq).desc()).limit(LIST_LIMIT))
    return [Kept(row, decision_chain.read(row.link)) for row in found]


def _columns(record: Record) -> dict[str, Any]:
    """The columns beside the record, by name; JSON."""
    return {
        "decision_id": record["id"],
        "number": record["no"],
        "case_id": record["case_id"],
        "call_id": record["call_id"],
        "state": record["state"],
    }


def _agrees(row: DecisionRow) -> bool:
    try:
        record = decision_chain.read(row.link)
        return row.at == datetime.fromisoformat(record["at"]) and all(
            getattr(row, name) == value for name, value in _columns(record).items()
        )
    except (ValueError, KeyError, TypeError):
        return True  # what is no record, the chain finds


def _text(record: Record) -> str:
    """What people wrote in it."""
    parts = [record["no"], record["what"], record["reason"], record["due"]]
    parts += [text for each in record["rejected"] for text in (each["option"], each["why"])]
    parts += [each["law"] for each in record["basis"]] + [each["title"] for each in record["docs"]]
    parts += [entry["words"] for entry in record["people"]]
    return "\n".join(parts)
