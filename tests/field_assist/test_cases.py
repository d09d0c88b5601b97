"""Cases in a real database of both kinds: numbers, who is shown what, changes, calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from field_assist import LinkedElsewhere, NewStaff, Person, Role, Session, Store, calls, cases, people, staff
from field_assist.cases import EventKind, Particulars, Wanted
from tests.clock import START

EAST, ROADS = "東部土木事務所", "道路維持課"
OWNER = NewStaff("F1", "早瀬 美咲", "はやせ みさき", Role.FIELD, department=ROADS, office=EAST)
COLLEAGUE = NewStaff("F2", "川上 拓也", "かわかみ たくや", Role.FIELD, department=ROADS, office=EAST)
NEIGHBOUR = NewStaff("F3", "森 直子", "もり なおこ", Role.FIELD, department="河川砂防課", office=EAST)
HEAD = NewStaff("S1", "藤代 正和", "ふじしろ まさかず", Role.SUPERVISOR, department=EAST, office=EAST)
EXPERT = NewStaff("X1", "小野寺 健", "おのでら けん", Role.SPECIALIST, skills=("road",))


def _person(store: Store, new: NewStaff) -> Person:
    return store.write_now(lambda session: staff.add(session, new, START)).person()


def _open(store: Store, owner: Person, title: str = "ひび割れ", at: datetime = START) -> str:
    return store.write_now(lambda s: cases.open_case(s, owner, Particulars(title), at)).case.id


def test_numbers_have_no_gaps_within_department_and_fiscal_year_even_at_once(store: Store) -> None:
    roads, rivers = _person(store, OWNER), _person(store, NEIGHBOUR)

    def fail(session: Session) -> None:
        cases.open_case(session, roads, Particulars("は消える"), START)
        raise RuntimeError

    def open_one(number: int) -> str:
        if number % 4 == 3:
            with pytest.raises(RuntimeError):
                store.write_now(fail)
        who = rivers if number % 3 == 0 else roads
        return store.write_now(lambda s: cases.open_case(s, who, Particulars("ひび割れ"), START)).case.number

    with ThreadPoolExecutor(6) as threads:
        numbers = sorted(threads.map(open_one, range(18)))

    assert numbers == sorted(
        [f"R8-{ROADS}-{serial:04d}" for serial in range(1, 13)]
        + [f"R8-河川砂防課-{serial:04d}" for serial in range(1, 7)]
    )
    last_of_march, first_of_april = (datetime(2027, 3, 31, hour, tzinfo=UTC) for hour in (14, 15))
    for at, number in ((last_of_march, f"R8-{ROADS}-0013"), (first_of_april, f"R9-{ROADS}-0001")):
        case_id = _open(store, roads, at=at)
        sheet = store.read_now(partial(cases.sheet, case_id=case_id))
        assert sheet.case.number == number


def test_a_list_shows_what_concerns_the_reader(store: Store) -> None:
    owner, colleague, neighbour, head, expert = (
        _person(store, new) for new in (OWNER, COLLEAGUE, NEIGHBOUR, HEAD, EXPERT)
    )
    plain = _open(store, owner, "川辺橋のひび割れ")
    secret = _open(store, owner, "相談者の家", START + timedelta(minutes=1))

    def prepare(session: Session) -> None:
        sheet = cases.locked(session, secret)
        cases.change(session, sheet.case, owner, {"sensitivity": 3}, START + timedelta(minutes=2))
        call = calls.start(session, owner, calls.NewCall(), START).call
        calls.add_member(session, call.id, expert.id, owner.id, START)
        cases.link(session, cases.locked(session, plain).case, call, owner, START)

    store.write_now(prepare)

    def shown(person: Person, wanted: Wanted = Wanted()) -> list[str]:
        found = store.read_now(lambda session: cases.visible(session, person, wanted))
        assert all(people.may_see_case(person, entry.facts) for entry in found)
        return [entry.case.id for entry in found]

    assert shown(owner) == shown(head) == [secret, plain]
    assert shown(colleague) == shown(expert) == [plain]
    assert shown(neighbour) == []
    assert shown(replace(owner, role=Role.ADMIN, id="nobody", office="", department="")) == []
    assert shown(owner, Wanted(("川辺", "r8"))) == [plain]
    assert shown(owner, Wanted(("%",))) == []
    assert shown(owner, Wanted(status="closed")) == []
    assert shown(head, Wanted(is_mine=True)) == []


def test_a_closed_case_opens_again_as_it_stood(store: Store) -> None:
    owner = _person(store, OWNER)
    case_id = _open(store, owner, at=START - timedelta(minutes=1))

    def work(session: Session) -> list[str]:
        case = cases.locked(session, case_id).case
        assert cases.change(session, case, owner, {"status": "watching"}, START) is True
        assert cases.change(session, case, owner, {"status": "watching"}, START) is False
        cases.close(session, case, owner, "補修した", START + timedelta(minutes=1))
        assert not cases.sheet(session, case_id).facts.is_open
        cases.reopen(session, case, owner, START + timedelta(minutes=2))
        assert (case.status, case.revision) == ("watching", 4)
        return [event.kind for event in cases.events(session, case_id)]

    assert store.write_now(work) == [
        EventKind.OPENED,
        EventKind.CHANGED,
        EventKind.CLOSED,
        EventKind.REOPENED,
    ]


def test_a_call_belongs_to_one_case(store: Store) -> None:
    owner = _person(store, OWNER)
    one, other = _open(store, owner), _open(store, owner, "陥没")

    def work(session: Session) -> None:
        call = calls.start(session, owner, calls.NewCall(), START).call
        first, second = cases.locked(session, one).case, cases.locked(session, other).case
        assert cases.link(session, first, call, owner, START) is True
        assert cases.link(session, first, call, owner, START) is False
        with pytest.raises(LinkedElsewhere):
            cases.link(session, second, call, owner, START)
        assert cases.unlink(session, second, call, owner, START) is False
        assert cases.unlink(session, first, call, owner, START) is True
        assert cases.link(session, second, call, owner, START) is True
        found = cases.case_of_call(session, call.id)
        assert found is not None and found.case.id == other
        assert [each.id for each in cases.calls_of(session, other)] == [call.id]

    store.write_now(work)
