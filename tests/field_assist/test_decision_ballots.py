"""Votes of members from outside in the chain: what may be written, and every forgery named at its place.

Genba's own examination and the separate program look at the same rows; `fault_of` fails where they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from field_assist import decision_chain as chain
from field_assist import decision_steps as steps
from field_assist.decision_chain import Fault, StepRefused, What
from field_assist.decision_steps import Act, Record, State
from tests.field_assist.decision_script import (
    CHIEF,
    KEY,
    LAWYER,
    PROFESSOR,
    PROPOSER,
    SECOND,
    Script,
    renumbered,
)
from tests.field_assist.test_decision_chain import STRANGER, fault_of

SYSTEM = {"id": steps.SYSTEM, "name": "", "post": ""}
NAMED = {name: PROFESSOR[name] for name in ("id", "name", "post")}


def asked(*voters: Record) -> Script:
    """A proposal before these, by default the chief, a professor and a lawyer."""
    script = Script()
    script.propose(0)
    script.ask_outside(0, *(voters or (CHIEF, PROFESSOR, LAWYER)))
    return script


def _vote(script: Script, who: Record = PROFESSOR, role: str = "反対", **changes: object) -> Record:
    """A record of a vote a minute later, for whoever holds the key and passes by the rules."""
    before = script.links[-1]
    record = chain.read(before)
    at = chain.written_time(script.at + timedelta(minutes=1))
    mail = {"to": who.get("mail"), "sent_at": at, "code_at": at}
    entry = {name: who[name] for name in ("id", "name", "post")}
    entry |= {"role": role, "at": at, "otp_at": None, "for": None, "words": "足りない", "mail": mail}
    for name in ("otp_at", "words", "mail", "name", "for"):
        if name in changes:
            entry[name] = changes.pop(name)
    if entry["mail"] is None:
        del entry["mail"]
    places = {"seq": before.seq + 1, "at": at, "supersedes": before.hash, "prev": before.hash}
    return record | places | {"people": [*record["people"], entry]} | changes


def test_members_from_outside_vote_and_count_for_the_quorum() -> None:
    script = asked()
    script.step(0, Act.OBJECT, State.REVIEW, PROFESSOR, words="計測だけでは足りない")
    script.step(0, Act.AGREE, State.REVIEW, LAWYER)
    with pytest.raises(StepRefused):  # the chief may still answer
        script.step(0, Act.CLOSE, State.APPROVED, SYSTEM)
    script.step(0, Act.AGREE, State.REVIEW, CHIEF)
    script.step(0, Act.CLOSE, State.APPROVED, SYSTEM)

    record = chain.read(script.links[-1])
    [objection] = [vote for vote in steps.votes(record) if vote["role"] == Act.OBJECT]
    assert (objection["otp_at"], objection["mail"]["to"]) == (None, PROFESSOR["mail"])
    assert fault_of(script.links) is None


def test_the_honest_vote_made_by_hand_is_whole_so_that_each_change_to_it_is_the_fault() -> None:
    script = asked()

    assert fault_of([*script.links, chain.sealed(chain.canonical(_vote(script)), KEY)]) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"who": SECOND | {"mail": "c" * 64}}, id="uninvited"),
        pytest.param({"who": LAWYER | {"mail": PROFESSOR["mail"]}}, id="by another's address"),
        pytest.param({"who": PROFESSOR | {"mail": "c" * 64}}, id="by an address of nobody"),
        pytest.param({"who": CHIEF | {"mail": "a" * 64}}, id="staff by mail"),
        pytest.param({"mail": None, "otp_at": "2026-11-24T10:03:00+09:00"}, id="by an authenticator"),
        pytest.param({"mail": None}, id="by nothing"),
        pytest.param({"otp_at": "2026-11-24T10:03:00+09:00"}, id="by both"),
        pytest.param({"name": "斉藤"}, id="under another name"),
        pytest.param({"words": ""}, id="an objection without its words"),
        pytest.param({"for": NAMED}, id="in somebody's stead"),
        pytest.param({"mail": {"to": PROFESSOR["mail"]}}, id="proof without its times"),
        pytest.param({"what": "全面通行止め"}, id="of something else"),
        pytest.param({"state": "承認"}, id="that approves by itself"),
    ],
)
def test_a_forged_vote_is_named_whoever_sealed_it(changes: dict[str, Any]) -> None:
    script = asked()

    forged = chain.sealed(chain.canonical(_vote(script, **changes)), KEY)

    assert fault_of([*script.links, forged]) == Fault(3, What.FORGED)


@pytest.mark.parametrize(("sent_s", "given_s"), [(1000, 5), (900, 400), (5, 60), (-60, -90)])
def test_a_code_that_was_not_fresh_proves_nobody(sent_s: int, given_s: int) -> None:
    script = asked()
    script.at += timedelta(minutes=1)
    proof = script.proof(PROFESSOR["mail"], sent_s, given_s)
    script.at -= timedelta(minutes=1)

    forged = chain.sealed(chain.canonical(_vote(script, mail=proof)), KEY)

    assert fault_of([*script.links, forged]) == Fault(3, What.FORGED)
    with pytest.raises(StepRefused):
        script.step(0, Act.AGREE, State.REVIEW, PROFESSOR, mail=proof)


def test_a_vote_sealed_by_a_stranger_is_named() -> None:
    script = asked()

    forged = chain.sealed(chain.canonical(_vote(script)), STRANGER)

    assert fault_of([*script.links, forged]) == Fault(3, What.FORGED)


def test_nobody_votes_twice_or_after_the_deadline() -> None:
    script = asked()
    script.step(0, Act.AGREE, State.REVIEW, PROFESSOR)
    twice = chain.sealed(chain.canonical(_vote(script)), KEY)
    assert fault_of([*script.links, twice]) == Fault(4, What.FORGED)
    for act in (Act.OBJECT, Act.RECUSE):
        with pytest.raises(StepRefused):
            script.step(0, act, State.REVIEW, PROFESSOR, words="やはり反対")

    script.at += timedelta(days=2)
    late = chain.sealed(chain.canonical(_vote(script, LAWYER, "賛成")), KEY)
    assert fault_of([*script.links, late]) == Fault(4, What.FORGED)
    with pytest.raises(StepRefused):
        script.step(0, Act.AGREE, State.REVIEW, LAWYER)


@pytest.mark.parametrize(
    ("manipulate", "what"),
    [
        (lambda links: links[:3] + links[4:], What.MISSING),
        (lambda links: renumbered(links[:3] + links[4:]), What.MISSING),
        (lambda links: [*links[:3], links[4], links[3], *links[5:]], What.MOVED),
        (
            lambda links: [
                *links[:3],
                chain.Link(4, links[3].record.replace("賛成", "反対"), links[3].hash, links[3].seal),
                *links[4:],
            ],
            What.CHANGED,
        ),
    ],
)
def test_a_vote_deleted_moved_or_edited_is_named_at_its_place(
    manipulate: Callable[[list[chain.Link]], list[chain.Link]], what: What
) -> None:
    script = asked()
    script.step(0, Act.OBJECT, State.REVIEW, PROFESSOR, words="計測だけでは足りない")
    script.step(0, Act.AGREE, State.REVIEW, LAWYER)
    script.step(0, Act.AGREE, State.REVIEW, CHIEF)
    script.step(0, Act.CLOSE, State.APPROVED, SYSTEM)

    assert fault_of(manipulate(script.links)) == Fault(4, what)


def test_who_stands_back_is_not_waited_for_and_does_not_vote() -> None:
    script = asked()
    script.step(0, Act.RECUSE, State.REVIEW, PROFESSOR)
    with pytest.raises(StepRefused):
        script.step(0, Act.AGREE, State.REVIEW, PROFESSOR)
    script.step(0, Act.AGREE, State.REVIEW, LAWYER)
    with pytest.raises(StepRefused):  # one vote is no quorum of two
        script.step(0, Act.CLOSE, State.APPROVED, SYSTEM)
    script.step(0, Act.AGREE, State.REVIEW, CHIEF)
    script.step(0, Act.CLOSE, State.APPROVED, SYSTEM)

    assert fault_of(script.links) is None


def test_an_invitation_taken_back_is_a_row_and_its_vote_is_none() -> None:
    script = asked()
    for who in (CHIEF, SECOND):
        with pytest.raises(StepRefused):  # only who proposed
            script.step(0, Act.UNINVITE, State.REVIEW, who, NAMED)
    for gone in (
        {name: CHIEF[name] for name in NAMED},
        NAMED | {"name": "斉藤"},
        {name: SECOND[name] for name in NAMED},
    ):
        with pytest.raises(StepRefused):  # only somebody from outside, as they are named
            script.step(0, Act.UNINVITE, State.REVIEW, PROPOSER, gone)
    script.step(0, Act.UNINVITE, State.REVIEW, PROPOSER, NAMED)
    with pytest.raises(StepRefused):
        script.step(0, Act.AGREE, State.REVIEW, PROFESSOR)
    forged = chain.sealed(chain.canonical(_vote(script)), KEY)
    assert fault_of([*script.links, forged]) == Fault(4, What.FORGED)
    script.step(0, Act.AGREE, State.REVIEW, LAWYER)
    with pytest.raises(StepRefused):  # who answered stays
        script.step(
            0, Act.UNINVITE, State.REVIEW, PROPOSER, {name: LAWYER[name] for name in ("id", "name", "post")}
        )
    script.step(0, Act.AGREE, State.REVIEW, CHIEF)
    script.step(0, Act.CLOSE, State.APPROVED, SYSTEM)

    assert fault_of(script.links) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"voters": [PROFESSOR, LAWYER | {"mail": PROFESSOR["mail"]}]},  # one address, two votes
        {"voters": [PROFESSOR, LAWYER | {"mail": "saito@example.ac.jp"}]},  # an address in the open
        {"voters": [PROFESSOR, LAWYER | {"phone": "1"}]},
        {"shown": {"docs": ["01V"], "stills": []}},  # what the proposal does not lean on
        {"shown": {"docs": []}},
        {"more": 1},
        {"quorum": 3},
    ],
)
def test_a_circulation_that_could_not_be_is_refused_and_named(changes: dict[str, Any]) -> None:
    script = asked(PROFESSOR, LAWYER)
    whole = chain.read(script.links[-1])
    forged = whole | {"circulation": whole["circulation"] | changes}

    assert fault_of([script.links[0], chain.sealed(chain.canonical(forged), KEY)]) == Fault(2, What.FORGED)
    script = Script()
    script.propose(0)
    with pytest.raises(StepRefused):
        script.ask_outside(0, *changes.pop("voters", (PROFESSOR, LAWYER)), **changes)


def test_more_time_leaves_everybody_asked() -> None:
    script = asked(PROFESSOR, LAWYER)
    script.step(0, Act.AGREE, State.REVIEW, PROFESSOR)
    script.at += timedelta(days=2)
    with pytest.raises(StepRefused):  # somebody else among them
        script.ask_outside(0, PROFESSOR, LAWYER, CHIEF, until="2026-11-28T17:00:00+09:00")
    script.ask_outside(0, PROFESSOR, LAWYER, until="2026-11-28T17:00:00+09:00")
    script.step(0, Act.OBJECT, State.REVIEW, LAWYER, words="費用が大きい")
    script.step(0, Act.CLOSE, State.RETURNED, SYSTEM)

    assert fault_of(script.links) is None
