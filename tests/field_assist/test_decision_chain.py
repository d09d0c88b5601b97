"""Fifty decisions: the honest chain is whole, and every single manipulation is named at its place.

Genba's own examination and the separate program look at the same rows; both must say the same.
"""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from field_assist import decision_chain as chain
from field_assist import decision_steps as steps
from field_assist.decision_chain import Fault, Link, StepRefused, What
from field_assist.decision_steps import Act, Record, State
from tests.field_assist.decision_script import (
    CHIEF,
    DEPUTY,
    KEY,
    PROPOSER,
    SECOND,
    THIRD,
    Script,
    fifty,
    renumbered,
)

OTHER = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "verify_decisions.py"))
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
LINKS = fifty()
PLACES = st.integers(0, len(LINKS) - 1)


@cache
def _sealed(row_hash: str, seal: str) -> bool:
    """The separate program's own check of a seal, once for each: it takes its time."""
    check: Callable[[bytes, dict[str, str]], bool] = OTHER["is_sealed"]
    return check(PUBLIC, {"hash": row_hash, "seal": seal})


EXAMINE: Callable[[list[dict[str, Any]], bytes], tuple[int, str, tuple[int, str, str] | None, list[int]]]
EXAMINE = OTHER["examine"]
EXAMINE.__globals__["is_sealed"] = lambda _key, row: _sealed(row["hash"], row["seal"])


def fault_of(links: list[Link]) -> Fault | None:
    """What both programs say is wrong; the test fails where they do not agree."""
    verdict = chain.examine(links, KEY.public_key())
    rows = [{"seq": each.seq, "record": each.record, "hash": each.hash, "seal": each.seal} for each in links]
    whole, head, fault, set_back = EXAMINE(rows, PUBLIC)
    assert (whole, head, tuple(set_back)) == (verdict.rows, verdict.head, verdict.set_back)
    assert (fault and fault[:2]) == (verdict.fault and (verdict.fault.seq, verdict.fault.what))
    return verdict.fault


def rewritten(link: Link, **changes: object) -> Link:
    """The row with another record and its hash as it should be, sealed by a key of somebody else's."""
    return chain.sealed(chain.canonical(chain.read(link) | changes), STRANGER)


def test_the_honest_chain_is_whole_and_says_where_the_clock_was_set_back() -> None:
    verdict = chain.examine(LINKS, KEY.public_key())

    assert (verdict.rows, verdict.fault) == (len(LINKS), None)
    assert len({chain.read(link)["id"] for link in LINKS}) == 50
    assert len(verdict.set_back) == 1
    assert fault_of(LINKS) is None


@settings(max_examples=20)
@given(PLACES)
def test_a_removed_row_is_missed_at_its_place(place: int) -> None:
    left = LINKS[:place] + LINKS[place + 1 :]

    for links in (left, renumbered(left)):
        expected = Fault(place + 1, What.MISSING) if place < len(LINKS) - 1 else None
        assert fault_of(links) == expected, "only a head noted elsewhere shows a cut tail"


@settings(max_examples=20)
@given(PLACES, PLACES)
def test_rows_in_another_order_are_named_at_the_first_that_moved(one: int, other: int) -> None:
    first, second = sorted((one, other))
    links = list(LINKS)
    links[first], links[second] = links[second], links[first]

    expected = Fault(first + 1, What.MOVED) if first != second else None

    assert fault_of(links) == expected
    assert fault_of(renumbered(links)) == expected


@settings(max_examples=20)
@given(PLACES, st.data())
def test_one_changed_character_is_named_at_its_row(place: int, data: st.DataObject) -> None:
    link = LINKS[place]
    part = data.draw(st.sampled_from(["record", "hash", "seal"]))
    text = getattr(link, part)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789abcdef止承,").filter(lambda each: each != text[at]))
    parts = {"record": link.record, "hash": link.hash, "seal": link.seal}
    parts[part] = text[:at] + other + text[at + 1 :]

    fault = fault_of([*LINKS[:place], Link(link.seq, **parts), *LINKS[place + 1 :]])

    assert fault == Fault(place + 1, What.FORGED if part == "seal" else What.CHANGED)


@settings(max_examples=20)
@given(PLACES, st.sampled_from(["what", "reason", "no", "state", "decided_at", "at"]))
def test_a_rewritten_row_with_a_right_hash_has_no_right_seal(place: int, name: str) -> None:
    links = list(LINKS)
    links[place] = rewritten(links[place], **{name: "2027-01-01T00:00:00+09:00"})
    for later in range(place + 1, len(links)):  # whoever rewrites one has to rewrite all after it
        links[later] = rewritten(links[later], prev=links[later - 1].hash)

    assert fault_of(links) == Fault(place + 1, What.FORGED)


@settings(max_examples=20)
@given(st.sampled_from([link.seq for link in LINKS if chain.read(link)["state"] == State.REVIEW]))
def test_a_forged_approval_is_named_even_with_hashes_that_fit(seq: int) -> None:
    """Somebody who can write to the database approves what waits, and all rows after it follow from that."""
    record = chain.read(LINKS[seq - 1])
    entry = CHIEF | {"role": "承認", "at": record["at"], "otp_at": record["at"], "for": None, "words": ""}
    forged = record | {
        "seq": seq + 1,
        "state": "承認",
        "people": [*record["people"], entry],
        "decided_at": record["at"],
        "supersedes": LINKS[seq - 1].hash,
        "prev": LINKS[seq - 1].hash,
        "circulation": None,
        "asked": CHIEF,
    }
    links = [*LINKS[:seq], chain.sealed(chain.canonical(forged), STRANGER)]
    for link in LINKS[seq:]:
        links.append(rewritten(link, seq=link.seq + 1, prev=links[-1].hash))

    assert fault_of(links) == Fault(seq + 1, What.FORGED)


def _review() -> Script:
    script = Script()
    script.propose(0)
    script.hand_in(0)
    return script


def _approval(script: Script, who: Record = CHIEF, role: str = "承認", **changes: object) -> Record:
    """A record that approves, for whoever holds the key and passes by the rules."""
    before = script.links[-1]
    record = chain.read(before)
    at = chain.written_time(script.at + timedelta(minutes=1))
    entry = who | {"role": role, "at": at, "otp_at": at, "for": None, "words": ""}
    entry |= {name: changes.pop(name) for name in ("otp_at", "for", "words") if name in changes}
    approved = {"seq": before.seq + 1, "state": "承認", "people": [*record["people"], entry], "at": at}
    places = {"decided_at": at, "supersedes": before.hash, "prev": before.hash}
    return record | approved | places | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"what": "全面通行止め"},
        {"otp_at": None},
        {"otp_at": "2026-11-24T09:00:00+09:00"},
        {"otp_at": "2027-11-24T09:00:00+09:00"},
        {"who": PROPOSER},
        {"role": "締切"},
        {"role": "代決"},
        {"for": CHIEF},
        {"decided_at": "2026-11-23T10:00:00+09:00"},
        {"no": "R8-道路維持課-判9999"},
        {"supersedes": None},
        {"asked": DEPUTY},
        {"state": "取消"},
        {"people": []},
        {"people": None},
        {"state": "未定"},
    ],
)
def test_an_approval_that_could_not_be_is_forged_whoever_sealed_it(changes: dict[str, Any]) -> None:
    script = _review()
    whole = chain.sealed(chain.canonical(_approval(script)), KEY)
    assert fault_of([*script.links, whole]) is None

    forged = chain.sealed(chain.canonical(_approval(script, **changes)), KEY)

    assert fault_of([*script.links, forged]) == Fault(3, What.FORGED)


def test_a_clock_set_back_without_saying_so_is_named() -> None:
    script = _review()
    early = "2026-11-24T09:30:00+09:00"
    record = _approval(script, otp_at=early) | {"at": early, "decided_at": early}
    record["people"][-1]["at"] = early

    assert fault_of([*script.links, chain.sealed(chain.canonical(record), KEY)]) == Fault(3, What.CLOCK)


def test_a_key_that_is_another_installations_seals_nothing_here() -> None:
    links = Script(key=STRANGER)
    links.propose(0)

    assert chain.examine(links.links, KEY.public_key()).fault == Fault(1, What.FORGED)


@pytest.mark.parametrize(
    ("act", "state", "who", "more"),
    [
        (Act.APPROVE, State.APPROVED, PROPOSER, {}),
        (Act.APPROVE, State.APPROVED, CHIEF, {"what": "別のこと"}),
        (Act.APPROVE, State.APPROVED, CHIEF, {"otp_at": None}),
        (Act.APPROVE, State.CONDITIONAL, CHIEF, {}),
        (Act.RETURN, State.RETURNED, CHIEF, {}),
        (Act.STAND_IN, State.APPROVED, DEPUTY, {"words": "出張中"}),
        (Act.CANCEL, State.CANCELLED, CHIEF, {"words": "やめる"}),
        (Act.CLOSE, State.APPROVED, CHIEF, {}),
        (Act.AGREE, State.REVIEW, CHIEF, {}),
        (Act.HAND_IN, State.REVIEW, CHIEF, {}),
        (Act.PROPOSE, State.DRAFT, PROPOSER, {}),
    ],
)
def test_what_does_not_follow_is_refused(act: Act, state: State, who: Record, more: dict[str, Any]) -> None:
    script = _review()

    with pytest.raises(StepRefused):
        script.step(0, act, state, who, **more)

    assert len(script.links) == 2


def test_only_who_spoke_confirms_an_oral_approval() -> None:
    script = _review()
    script.step(0, Act.NOTE_ORAL, State.ORAL, PROPOSER, CHIEF)
    noted_at = chain.read(script.links[-1])["decided_at"]

    with pytest.raises(StepRefused):
        script.step(0, Act.APPROVE, State.APPROVED, SECOND)
    script.approve(0)

    record = chain.read(script.links[-1])
    assert (record["decided_at"], steps.way(record)) == (noted_at, "口頭承認"), "it holds since it was said"


def test_a_circulation_closes_with_a_quorum_at_its_deadline() -> None:
    script = Script()
    script.propose(0)
    script.circulate(0)
    script.step(0, Act.AGREE, State.REVIEW, CHIEF)
    with pytest.raises(StepRefused):
        script.step(0, Act.AGREE, State.REVIEW, CHIEF)
    with pytest.raises(StepRefused):
        script.step(0, Act.OBJECT, State.REVIEW, SECOND)  # a minority opinion has words
    with pytest.raises(StepRefused):
        script.step(0, Act.AGREE, State.REVIEW, DEPUTY)  # nobody asked
    system = {"id": steps.SYSTEM, "name": "", "post": ""}

    script.at += timedelta(days=2)
    with pytest.raises(StepRefused):  # one of two: no quorum
        script.step(0, Act.CLOSE, State.APPROVED, system)
    with pytest.raises(StepRefused):  # too late
        script.step(0, Act.AGREE, State.REVIEW, THIRD)
    script.circulate(0, "2026-11-28T17:00:00+09:00")
    script.step(0, Act.ABSTAIN, State.REVIEW, THIRD)
    with pytest.raises(StepRefused):  # one more may still answer
        script.step(0, Act.CLOSE, State.APPROVED, system)
    script.at += timedelta(days=3)
    with pytest.raises(StepRefused):  # one for, none against
        script.step(0, Act.CLOSE, State.RETURNED, system)
    script.step(0, Act.CLOSE, State.APPROVED, system)

    record = chain.read(script.links[-1])
    assert steps.way(record) == "持ち回り"
    assert fault_of(script.links) is None


def test_records_are_canonical_and_composed() -> None:
    script = Script()
    script.propose(0, "か\u3099けの下")

    record = script.links[0].record

    assert '"what":"がけの下"' in record
    assert all(rfc8785.dumps(json.loads(link.record)).decode() == link.record for link in LINKS[:20])
