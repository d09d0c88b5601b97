"""The index of the concierge: whatever came, changed and went, each entry is found by what it says now."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from field_assist import Store
from field_assist.concierge import search_index
from field_assist.concierge.entries import Entry, Key, Kind, Source
from field_assist.concierge.meaning import Floats, SentenceEncoder
from field_assist.concierge.questions import Asker
from field_assist.concierge.search import Concierge

SOURCE = Source(
    "あまね県あまね市", "992011", "CC BY 4.0", datetime(2026, 11, 23, tzinfo=UTC), date(2026, 11, 16)
)
WORDS = ("補聴器", "図書館", "粗大ごみ", "保育園", "橋の工事", "相談", "調理師", "講座")


def _said(store: Store, numbers: dict[Key, int]) -> dict[Key, set[str]]:
    """Of each live entry the terms that lead to it."""

    def reading(session: Session) -> dict[Key, set[str]]:
        rows = session.exec(select(search_index.ConciergePosting.term)).all()
        led = search_index.postings(session, sorted(set(rows)))
        return {
            key: {term for term, posting in led.items() if number in posting.numbers}
            for key, number in numbers.items()
        }

    return store.read_now(reading)


@pytest.mark.parametrize("seed", range(3))
def test_each_entry_is_found_by_what_it_says_now(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "SEGMENT", 4)  # full ones, and ones that end where a batch does
    draw = random.Random(seed)
    known: dict[Key, search_index.Analysed] = {}
    for _ in range(8):
        names = draw.sample(range(12), draw.choice((1, 3, 4, 8)))
        some = search_index.analyse(
            [Entry(Kind.PROGRAMME, f"P{name}", SOURCE, title=draw.choice(WORDS)) for name in names], None
        )
        store.write_now(lambda session, some=some: search_index.store(session, some))  # type: ignore[misc]
        known |= {each.key: each for each in some}
        if gone := [key for key in known if draw.random() < 0.2]:
            store.write_now(lambda session, gone=gone: search_index.remove(session, gone))  # type: ignore[misc]
            known = {key: each for key, each in known.items() if key not in gone}

    assert store.read_now(search_index.keys) == known.keys()
    slots = store.read_now(lambda session: search_index.slots(session, range(200)))
    numbers = {slot.key: number for number, slot in slots.items()}
    assert _said(store, numbers) == {key: set(each.strengths) for key, each in known.items()}


class Counted(SentenceEncoder):
    """The model, and how many sentences it was asked."""

    asked = 0

    def encode(self, sentences: Sequence[str]) -> Floats:
        self.asked += len(sentences)
        return super().encode(sentences)


def test_what_is_prepared_waits_for_nothing_but_the_question(store: Store) -> None:
    meaning, entry = Counted(), Entry(Kind.PROGRAMME, "P1", SOURCE, title="補聴器の助成")
    concierge = Concierge(lambda _, keys: {key: entry for key in keys}, meaning)
    store.read_now(concierge.prepare)
    assert meaning.asked == 0  # nothing can be found yet: no model either

    store.write_now(lambda session: search_index.store(session, search_index.analyse([entry], meaning)))
    store.read_now(concierge.prepare)
    before = meaning.asked
    found = store.read_now(
        lambda session: concierge.search(session, "補聴器", Asker.RESIDENT, date(2026, 11, 23))
    )
    assert [match.entry for match in found.matches] == [entry]
    assert meaning.asked == before + 1
