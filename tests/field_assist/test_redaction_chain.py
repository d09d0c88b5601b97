"""The chain of what is hidden: it proves what was taken out without telling, and shows every touch."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_assist.decision_chain import Link, What, canonical, sealed
from field_assist.redaction_chain import (
    By,
    Lifting,
    Order,
    Reason,
    Said,
    Span,
    covering,
    examine,
    fingerprint,
    hide,
    lift,
    read,
    standing,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
CHIEF = By("01S", "藤代 正和", "所長")
LINE: Said = {
    "id": "l1",
    "revision": 2,
    "name": "田端",
    "started_ms": 52_000,
    "ended_ms": 57_000,
    "text": "090-1234-5678",
}
SALT = "5a" * 32


def chain() -> list[Link]:
    """Hidden, hidden elsewhere, and the first one lifted."""
    first = Order(
        "r1", "c1", "R8-0001", Span(52_000, 58_000), Reason.PERSONAL, "", CHIEF, {"t": "a" * 64}, SALT
    )
    links = [hide(None, first, [LINE], AT, KEY)]
    other = replace(first, id="r2", span=Span(0, 1000))
    links.append(hide(links[-1], other, [], AT + timedelta(minutes=1), KEY))
    lifting = Lifting("r1", "本人の同意", CHIEF)
    links.append(lift(links[-1], links[0], lifting, AT + timedelta(minutes=2), KEY))
    return links


def test_an_honest_chain_is_whole_and_says_what_stands() -> None:
    links = chain()
    assert examine(links, KEY.public_key()).fault is None
    assert [record["id"] for record in standing(map(read, links))] == ["r2"]
    assert [record["id"] for record in standing(map(read, links[:2]))] == ["r1", "r2"]


def test_the_row_tells_nothing_of_the_words_and_still_proves_them() -> None:
    link = chain()[0]
    assert "090" not in link.record and SALT not in link.record
    removed = read(link)["removed"]
    assert fingerprint(SALT, [LINE]) == removed
    assert fingerprint(SALT, [{**LINE, "text": "090-1234-5679"}]) != removed
    assert fingerprint("00" * 32, [LINE]) != removed


@pytest.mark.parametrize("place", range(3))
def test_every_touch_is_found_at_its_row(place: int) -> None:
    links, key = chain(), KEY.public_key()
    stranger = Ed25519PrivateKey.generate()
    record = read(links[place]) | {"words": "別の理由"}

    def fault(changed: list[Link]) -> tuple[int, What] | None:
        found = examine(changed, key).fault
        return (found.seq, found.what) if found else None

    edited = links.copy()
    edited[place] = replace(links[place], record=canonical(record))
    assert fault(edited) == (place + 1, What.CHANGED)
    forged = links.copy()
    forged[place] = sealed(canonical(record), stranger)
    assert fault(forged) == (place + 1, What.FORGED)
    cut = links[:place] + links[place + 1 :]
    assert fault(cut) == ((place + 1, What.MISSING) if place < 2 else None)  # a cut tail: heads are for that


def test_nothing_is_lifted_twice_or_without_having_been_hidden() -> None:
    links = chain()
    again = lift(links[-1], links[0], Lifting("r1", "", CHIEF), AT + timedelta(minutes=3), KEY)
    assert examine([*links, again], KEY.public_key()).fault is not None
    other_span = json.loads(again.record) | {"seq": 3, "to_ms": 60_000, "prev": links[1].hash}
    widened = sealed(canonical(other_span), KEY)
    assert examine([*links[:2], widened], KEY.public_key()).fault is not None


def test_a_part_of_the_chain_has_gaps_and_is_examined_all_the_same() -> None:
    links = chain()
    assert examine([links[0], links[2]], KEY.public_key(), is_part=True).fault is None
    assert examine([links[2]], KEY.public_key(), is_part=True).fault is not None


def test_whatever_reaches_into_a_span_is_in_it() -> None:
    records = standing(map(read, chain()[:1]))
    assert covering(records, 50_000, 52_001) and covering(records, 57_999, 70_000)
    assert covering(records, 52_000, 52_000)  # a moment
    assert covering(records, 50_000, 52_000) is None and covering(records, 58_000, 59_000) is None
