"""Entries ready to be searched, in a database of their own: for the evaluation, the bench and tests."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlmodel import Session, SQLModel, create_engine

from field_assist.concierge import search_index
from field_assist.concierge.entries import Entry, key_of
from field_assist.concierge.meaning import Meaning, SentenceEncoder
from field_assist.concierge.ranking import EVERY, Mean
from field_assist.concierge.search import Concierge

TABLES = ("concierge_slot", "concierge_posting", "concierge_segment")


def without(entries: Iterable[Entry], left_out: frozenset[Mean]) -> list[Entry]:
    """Entries without the fields that an ablation leaves out."""
    emptied: dict[str, object] = {}
    if Mean.NEEDS in left_out:
        emptied["needs"] = ()
    if Mean.EASY in left_out:
        emptied["easy"] = ""
    if Mean.ENGLISH in left_out:
        emptied |= {"title_en": "", "english": ""}
    return [replace(entry, **emptied) for entry in entries]  # type: ignore[arg-type]  # fields by name


@contextmanager
def prepared(
    entries: Sequence[Entry], left_out: frozenset[Mean] = frozenset(), url: str = "sqlite://"
) -> Iterator[tuple[Session, Concierge]]:
    """A database with these entries indexed, and the search over it."""
    meaning: Meaning | None = None if Mean.MEANING in left_out else SentenceEncoder()
    by_key = {key_of(entry): entry for entry in entries}
    engine = create_engine(url)
    tables = [SQLModel.metadata.tables[name] for name in TABLES]
    SQLModel.metadata.create_all(engine, tables=tables)
    with Session(engine) as session:
        search_index.store(session, search_index.analyse(entries, meaning))
        session.commit()
        concierge = Concierge(
            lambda _, keys: {key: by_key[key] for key in keys if key in by_key}, meaning, EVERY - left_out
        )
        yield session, concierge
    engine.dispose()
