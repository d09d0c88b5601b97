"""Calls, staff and chat in a real database of both kinds; identifiers; times."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from field_assist import (
    CallUnknown,
    NewStaff,
    Person,
    Role,
    Session,
    StaffExists,
    StaffUnknown,
    Store,
    StoreUnavailable,
    calls,
    staff,
    topics,
)
from field_assist.identifiers import new_id, ulid
from tests.clock import START

HOST = NewStaff("F1", "早瀬 美咲", "はやせ みさき", Role.FIELD, office="東部土木事務所", skills=("road",))
OTHER = NewStaff("X1", "小野寺 健", "おのでら けん", Role.SPECIALIST, "専門職員", skills=("road",))


def _person(store: Store, new: NewStaff) -> Person:
    return store.write_now(lambda session: staff.add(session, new, START)).person()


def test_calls_are_numbered_within_the_fiscal_year_even_when_started_at_once(store: Store) -> None:
    host = _person(store, HOST)

    def start(_: int) -> str:
        return store.write_now(lambda s: calls.start(s, host, calls.NewCall(), START)).call.number

    with ThreadPoolExecutor(6) as threads:
        numbers = sorted(threads.map(start, range(12)))
    april = datetime(2027, 3, 31, 15, tzinfo=UTC)
    next_year = store.write_now(lambda s: calls.start(s, host, calls.NewCall(), april)).call.number

    assert numbers == [f"R8-{number:04d}" for number in range(1, 13)]
    assert next_year == "R9-0001"


def test_all_questions_of_a_reading_see_the_same_moment(store: Store) -> None:
    def reading(session: Session) -> tuple[int, int]:
        before = len(staff.everybody(session))
        _person(store, HOST)
        return before, len(staff.everybody(session))

    assert store.read_now(reading) == (0, 0)
    assert len(store.read_now(staff.everybody)) == 1


def test_a_list_holds_open_calls_and_those_of_today_in_japan(store: Store) -> None:
    host, other = _person(store, HOST), _person(store, OTHER)
    yesterday = START.replace(hour=14) - timedelta(days=1)  # 23:00 in Japan

    def work(session: Session) -> list[str]:
        for title, at, is_ended in (
            ("yesterday, ended", yesterday, True),
            ("yesterday, open", yesterday, False),
            ("today, ended", START, True),
            ("today, open", START, False),
        ):
            sheet = calls.start(session, host, calls.NewCall(title), at)
            if is_ended:
                assert calls.end(session, sheet.call.id, at) is True
                assert calls.end(session, sheet.call.id, at) is False
        return [entry.call.title for entry in calls.visible(session, host, START)]

    assert store.write_now(work) == ["today, open", "yesterday, open", "today, ended"]
    assert store.read_now(lambda session: calls.visible(session, other, START)) == []
    assert len(store.read_now(calls.still_open)) == 2


def test_members_and_chat_keep_their_order(store: Store) -> None:
    host, other = _person(store, HOST), _person(store, OTHER)

    def work(session: Session) -> str:
        call = calls.start(session, host, calls.NewCall(), START).call.id
        assert calls.add_member(session, call, other.id, host.id, START) is True
        assert calls.add_member(session, call, other.id, host.id, START) is False
        for number in range(3):
            at = START + timedelta(seconds=number)
            calls.say(session, call, calls.Sender(host.identity, host.name, host.role), f"{number}", at)
        return call

    call = store.write_now(work)
    sheet = store.read_now(lambda session: calls.sheet(session, call))

    assert [member.name for member in sheet.members] == ["早瀬 美咲", "小野寺 健"]
    assert [m.text for m in store.read_now(lambda s: calls.messages(s, call))] == ["0", "1", "2"]
    with pytest.raises(CallUnknown):
        store.read_now(lambda session: calls.sheet(session, "01NOCALL"))
    with pytest.raises(CallUnknown):
        store.write_now(lambda session: calls.end(session, "01NOCALL", START))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["X1", "F1"]),
        ("早瀬", ["F1"]),
        ("けん 専門", ["X1"]),
        ("東部", ["F1"]),
        ("%", []),
        ("x1", ["X1"]),
    ],
)
def test_the_directory_finds_every_word_in_any_field(store: Store, words: str, found: list[str]) -> None:
    _person(store, HOST), _person(store, OTHER)

    people = store.read_now(lambda session: staff.find(session, words))

    assert [person.staff_no for person in people] == found


def test_staff_numbers_are_unique_and_the_disabled_are_gone_but_known(store: Store) -> None:
    host = _person(store, HOST)
    with pytest.raises(StaffExists):
        _person(store, HOST)

    def leave(session: Session) -> None:
        staff.active(session, host.id).disabled_at = START

    store.write_now(leave)

    with pytest.raises(StaffUnknown):
        store.read_now(lambda session: staff.active(session, host.id))
    assert store.read_now(lambda session: staff.find(session, "")) == []
    assert store.read_now(lambda session: staff.people(session, [host.id])) == {host.id: host}


def test_times_come_back_aware_and_naive_ones_are_refused(store: Store) -> None:
    japan = START.astimezone(timezone(timedelta(hours=9)))
    saved = store.write_now(lambda session: staff.add(session, HOST, japan))

    read = store.read_now(lambda session: staff.active(session, saved.id))

    assert (read.created_at, read.created_at.tzinfo) == (START, UTC)

    def leave_naively(session: Session) -> None:
        staff.active(session, saved.id).disabled_at = START.replace(tzinfo=None)

    with pytest.raises(StatementError, match="naive"):
        store.write_now(leave_naively)


def test_rows_do_not_point_at_nothing(store: Store) -> None:
    nobody = Person("01NOBODY", "N", "", "", Role.FIELD)

    with pytest.raises(IntegrityError):
        store.write_now(lambda session: calls.start(session, nobody, calls.NewCall(), START))


def test_a_database_that_is_gone_is_said_in_one_word(tmp_path: Path) -> None:
    async def ask() -> None:
        async with Store(f"sqlite:///{tmp_path}/nowhere/s.sqlite3") as store:
            await store.read(lambda session: session.connection().execute(text("SELECT 1")))

    with pytest.raises(StoreUnavailable):
        asyncio.run(ask())


def test_topics_count_specialists_only() -> None:
    def person(role: Role, *skills: str) -> Person:
        return Person("1", "1", "", "", role, skills=skills)

    present = [person(Role.SPECIALIST, "road"), person(Role.FIELD, "road"), person(Role.SPECIALIST, "farm")]

    assert topics.available(topics.TOPICS[0], present) == 1
    assert len(topics.TOPIC_KEYS) == len(topics.TOPICS) == 6


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(9999, 1, 1)), st.integers(0, 2**80 - 1)
)
def test_ulids_sort_by_time(at: datetime, randomness: int) -> None:
    first = ulid(at.replace(tzinfo=UTC), randomness)
    second = ulid(at.replace(tzinfo=UTC) + timedelta(milliseconds=1), 0)

    assert len(first) == 26 and first < second
    assert new_id(START) != new_id(START)
