"""Rows of a sealed chain as the database has them: what decisions and redactions share."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.decision_chain import Fault, Link, Verdict, What

_CHUNK = 500


class ChainRow(SQLModel):
    """One link, beside whatever else a table knows of it."""

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    record: str
    hash: str = Field(unique=True, max_length=64)
    seal: str = Field(max_length=128)

    @property
    def link(self) -> Link:
        """The row as the chain has it."""
        return Link(self.seq, self.record, self.hash, self.seal)

    @property
    def changed_link(self) -> Link:
        """The same where the other columns say something else than the record: no chain takes it."""
        return Link(self.seq, "", self.hash, self.seal)


Row = TypeVar("Row", bound=ChainRow)


def walked(session: Session, table: type[Row]) -> Iterator[Row]:
    """The whole chain, a chunk at a time; the session forgets each chunk."""
    after = 0
    while chunk := list(
        session.exec(select(table).where(table.seq > after).order_by(col(table.seq)).limit(_CHUNK))
    ):
        yield from chunk
        after = chunk[-1].seq
        session.expunge_all()


def expect(session: Session, table: type[Row], verdict: Verdict, heads: Iterable[tuple[int, str]]) -> Verdict:
    """The same verdict, at fault where a head noted earlier (number, hash) is gone: the tail was cut."""
    for seq, digest in heads:
        row = session.get(table, seq)
        if verdict.fault is None and (row is None or row.hash != digest):
            fault = Fault(seq, What.MISSING if row is None else What.FORGED)
            verdict = Verdict(verdict.rows, verdict.head, fault)
    return verdict
