"""What may concern somebody: with a reason, never what they refused, and as before once they deleted it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.entries import Entry, Key, Kind, Source
from field_assist.concierge.recommending import (
    Reason,
    Recommendation,
    Seen,
    Unfounded,
    Why,
    recommend,
)
from field_assist.concierge.shelf import Shelf, shelved

TODAY = date(2026, 11, 27)
SOURCE = Source("あまね市", "992011", "CC BY 4.0", datetime(2026, 11, 27, tzinfo=UTC), None)


def entry(entry_id: str, *events: str, of: tuple[str, ...] = (), **more: object) -> Entry:
    kind = Kind.EVENT if entry_id.startswith("E") else Kind.PROGRAMME
    return Entry(kind, entry_id, SOURCE, f"「{entry_id}」", life_events=events, categories=of, **more)  # type: ignore[arg-type]  # by name


def key(entry_id: str) -> Key:
    return Key(Kind.EVENT if entry_id.startswith("E") else Kind.PROGRAMME, "992011", entry_id)


SHELF = Shelf(
    tuple(
        shelved(
            [
                entry("E3", "住まい", of=("住まい",), related=("P35",)),
                entry("P35", "住まい", "相続", of=("補助金",)),
                entry("P36", "住まい", of=("補助金",)),
                entry("P34", "住まい", of=("補助金",)),
                entry("P37", "住まい", of=("補助金",)),
                entry("P2", "妊娠・出産", of=("手当",)),
                entry("P3", "妊娠・出産", of=("給付金",)),
                entry("P9", "住まい", ends=TODAY - timedelta(days=1)),
                entry("P10", "住まい", starts=TODAY + timedelta(days=1)),
                entry("P11", "税"),
                Entry(Kind.PROGRAMME, "P99", SOURCE, "DV被害者の支援", life_events=("住まい",)),
                *[entry(f"P{number}", "くらし・環境", of=("相談支援",)) for number in range(200, 230)],
            ]
        )
    )
)


def ids(found: list[Recommendation]) -> list[str]:
    return [one.item.key.entry_id for one in found]


def test_what_belongs_to_what_was_seen_comes_first_and_says_so() -> None:
    found = recommend(SHELF, [Seen(key("E3"))], today=TODAY, limit=2)
    assert ids(found)[0] == "P35"
    assert found[0].reasons[0] == Reason(Why.RELATED, "「E3」")


def test_whoever_looked_at_nothing_is_recommended_nothing() -> None:
    assert recommend(SHELF, [], today=TODAY) == []
    assert recommend(SHELF, [Seen(key("nothing of this name"))], today=TODAY) == []


def test_what_is_not_wanted_goes_and_takes_its_like_down() -> None:
    seen = [Seen(key("E3")), Seen(key("P2"))]
    before = recommend(SHELF, seen, today=TODAY, limit=3)
    after = recommend(SHELF, seen, unwanted=[key("P36")], today=TODAY, limit=20)
    assert "P36" in ids(recommend(SHELF, seen, today=TODAY, limit=20)) or "P34" in ids(before)
    assert not {"P36", "P34", "P37"} & set(ids(after)), "they are for just the same"
    assert "P3" in ids(after), "what is for something else stays"


def test_what_waits_is_not_shown_and_teaches_nothing() -> None:
    seen = [Seen(key("P2"))]
    assert ids(recommend(SHELF, seen, today=TODAY)) == ["P3"]
    assert recommend(SHELF, seen, later=[key("P3")], today=TODAY) == []


def test_an_old_look_fades_until_it_is_no_reason() -> None:
    fresh = recommend(SHELF, [Seen(key("P2"))], today=TODAY)
    older = recommend(SHELF, [Seen(key("P2"), 14)], today=TODAY)
    assert older[0].score == pytest.approx(fresh[0].score / 2)
    assert recommend(SHELF, [Seen(key("P2"), 120)], today=TODAY) == []


def test_nothing_over_unopened_or_sensitive_is_recommended() -> None:
    found = recommend(SHELF, [Seen(key("E3"))], today=TODAY, limit=50)
    assert not {"P9", "P10", "P99"} & set(ids(found))
    assert recommend(SHELF, [Seen(key("P99"))], today=TODAY) == [], "nor is anything derived of it"


def test_no_more_than_two_are_of_one_category() -> None:
    found = recommend(SHELF, [Seen(key("E3"))], today=TODAY, limit=50)
    assert sum("補助金" in one.item.categories for one in found) == 2


@pytest.mark.parametrize("reasons", [(), (Reason(Why.CATEGORY, " "),)])
def test_nothing_can_be_recommended_without_a_reason(reasons: tuple[Reason, ...]) -> None:
    with pytest.raises(Unfounded):
        Recommendation(SHELF.items[0], reasons, 1.0)


_ITEMS = st.lists(st.sampled_from([item.key for item in SHELF.items]), max_size=8)


@given(_ITEMS, _ITEMS, _ITEMS)
def test_deleted_means_as_if_it_had_never_been(seen: list[Key], extra: list[Key], refused: list[Key]) -> None:
    looks = [Seen(one) for one in seen]

    with_more = recommend(SHELF, [*looks, *map(Seen, extra)], unwanted=refused, today=TODAY, limit=50)
    deleted = recommend(SHELF, looks, today=TODAY, limit=50)

    hidden = {*seen, *extra, *refused}
    assert not hidden & {one.item.key for one in with_more}
    assert all(one.reasons and one.reasons[0].words for one in (*with_more, *deleted))
    assert deleted == recommend(SHELF, looks, today=TODAY, limit=50)
    titles = {f"「{one.entry_id}」" for one in seen}
    assert {reason.words for got in deleted for reason in got.reasons} <= titles
