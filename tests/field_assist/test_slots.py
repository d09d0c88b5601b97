"""Free slots: what feeds say in three forms, who waits for what, what opened or went between two lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session as SqlSession
from sqlmodel import SQLModel

from field_assist import create_store_engine
from field_assist.concierge import slot_lists, slots
from field_assist.concierge.following import Follow, Topic
from field_assist.concierge.notice_plan import Urgency
from field_assist.concierge.slots import Form, Slot, SlotsFaulty, Wrong
from field_assist.work_hours import JST
from tests.subscribers import LIBRARY, PREFECTURE

COURT = "テニスコート 3番"
DAY = datetime(2026, 11, 28, tzinfo=JST)  # a Saturday
NINE = DAY.replace(hour=9)
CSV = """施設ID,室場名,利用日,開始時間,終了時間,空き数,料金,予約URL
F020,テニスコート 3番,2026-11-28,09:00,11:00,1,"1,200円",https://amane.example/yoyaku
F020,テニスコート 3番,令和8年11月28日,19時,24:00,×,,javascript:alert(1)
"""
TWO = [
    Slot("F020", COURT, NINE, NINE + timedelta(hours=2), 1, "1,200円", "https://amane.example/yoyaku"),
    Slot("F020", COURT, DAY.replace(hour=19), DAY + timedelta(days=1), 0),
]
ICAL = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
X-FACILITY-ID:F020\r
SUMMARY:テニスコート\r
  3番\r
DTSTART;TZID=Asia/Tokyo:20261128T090000\r
DTEND:20261128T020000Z\r
TRANSP:TRANSPARENT\r
X-PRICE:1\\,200円\r
URL:https://amane.example/yoyaku\r
BEGIN:VALARM\r
TRIGGER:-PT15M\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
X-FACILITY-ID:F020\r
SUMMARY:テニスコート 3番\r
DTSTART:20261128T190000\r
DTEND:20261129T000000\r
END:VEVENT\r
END:VCALENDAR\r
"""


def as_json(found: list[Slot]) -> bytes:
    return json.dumps(
        [
            {
                "facility_id": slot.facility_id,
                "room": slot.room,
                "start": slot.starts_at.isoformat(),
                "end": slot.ends_at.isoformat(),
                "free": slot.free,
                "price": slot.price,
                "url": slot.url,
            }
            for slot in found
        ]
    ).encode()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (CSV.encode("utf-8-sig"), Form.CSV),
        (CSV.encode("cp932"), Form.CSV),
        (as_json(TWO), Form.JSON),
        (ICAL.encode(), Form.ICAL),
    ],
)
def test_each_form_says_the_same_and_what_is_no_address_becomes_no_link(content: bytes, form: Form) -> None:
    assert slots.read(content, form) == TWO


def test_free_and_busy_times_name_no_room_and_belong_to_the_facility_of_the_feed() -> None:
    lines = "FREEBUSY;FBTYPE=FREE:20261128T000000Z/20261128T020000Z,20261128T100000Z/PT2H30M"
    calendar = f"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\n{lines}\nFREEBUSY:20261128T040000Z/PT1H\nEND:VFREEBUSY\n"

    found = slots.read(calendar.encode(), Form.ICAL, "F020")

    assert [(slot.free, (slot.ends_at - slot.starts_at).total_seconds() / 3600) for slot in found] == [
        *((1, 2.0), (1, 2.5)),
        (0, 1.0),
    ]
    assert {slot.facility_id for slot in found} == {"F020"}


@pytest.mark.parametrize(
    ("content", "form", "reason"),
    [
        (b"\xff\xfe\xff", Form.CSV, Wrong.NOT_TEXT),
        (b"a,b\n1,2\n", Form.CSV, Wrong.NO_COLUMN),
        (CSV.replace("09:00", "soon").encode(), Form.CSV, Wrong.BAD_TIME),
        (CSV.replace("11:00,1", "08:00,1").encode(), Form.CSV, Wrong.BAD_TIME),
        (CSV.replace("11:00,1", "11:00,たくさん").encode(), Form.CSV, Wrong.BAD_COUNT),
        (CSV.replace("F020", "").encode(), Form.CSV, Wrong.NO_FACILITY),
        (b"<html>", Form.JSON, Wrong.NOT_TEXT),
        (b'{"error": "sorry"}', Form.JSON, Wrong.NOT_A_LIST),
        (b"[1]", Form.JSON, Wrong.NOT_A_LIST),
        (b"<html>", Form.ICAL, Wrong.NOT_A_LIST),
        (ICAL.replace("Asia/Tokyo", "Europe/Berlin").encode(), Form.ICAL, Wrong.BAD_TIME),
    ],
)
def test_a_feed_with_a_fault_is_refused_whole(content: bytes, form: Form, reason: Wrong) -> None:
    with pytest.raises(SlotsFaulty) as refused:
        slots.read(content, form)
    assert refused.value.reason is reason


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode), form=st.sampled_from(Form))
def test_whatever_a_feed_holds_it_is_read_or_refused(content: bytes, form: Form) -> None:
    heads = {Form.CSV: b"\xe5\x88\xa9", Form.JSON: b"", Form.ICAL: b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"}
    for each in (content, heads[form] + content, CSV.encode() + content):
        try:
            found = slots.read(each, form, "F1")
        except SlotsFaulty:
            continue
        assert all(slot.facility_id and slot.starts_at < slot.ends_at for slot in found)


WAITS = Follow(Topic.SLOT, "facility/992011/F040", "川辺公民館", weekdays="5", from_hour=9, until_hour=12)


@pytest.mark.parametrize(
    ("hours", "weekdays", "is_wanted"),
    [
        ((9, 11), "5", True),
        ((8, 11), "5", False),
        ((11, 13), "5", False),
        ((9, 11), "01234", False),
        ((9, 11), "67", False),
        ((9, 11), "", False),
    ],
)
def test_a_slot_must_lie_within_the_days_and_hours(
    hours: tuple[int, int], weekdays: str, *, is_wanted: bool
) -> None:
    start, end = (DAY + timedelta(hours=hour) for hour in hours)
    assert slots.fits(replace(WAITS, weekdays=weekdays), start, end) is is_wanted


def test_holidays_are_days_of_their_own_and_midnight_ends_a_day() -> None:
    culture_day = datetime(2026, 11, 3, 22, tzinfo=JST)  # a Tuesday
    late = replace(WAITS, weekdays="7", from_hour=18, until_hour=24)

    assert slots.fits(late, culture_day, culture_day + timedelta(hours=2))
    assert not slots.fits(late, culture_day, culture_day + timedelta(hours=2, minutes=30))
    assert not slots.fits(late, culture_day + timedelta(days=1), culture_day + timedelta(days=1, hours=1))


def test_a_notice_of_a_slot_promises_nothing_and_ends_when_it_begins() -> None:
    slot = Slot("F040", "大会議室", NINE, NINE + timedelta(hours=2), 1, "800円", "")
    seen = datetime(2026, 11, 24, 1, 32, tzinfo=UTC)

    made = slots.slot_draft(WAITS, "slot/1", slot, (LIBRARY, PREFECTURE), seen, "ja")

    assert made is not None
    assert made.told.title == "川辺公民館 大会議室 11/28(土)9-11時が空きました"
    assert made.told.lines == ("先着です。10:32現在、空き1。予約はまだできていません。", "料金：800円")
    assert made.told.reason == "「川辺公民館」の空きを登録しているため"
    assert (made.expires_at, made.urgency) == (NINE, Urgency.SOON)
    today = slots.slot_draft(WAITS, "slot/1", slot, (LIBRARY, PREFECTURE), DAY + timedelta(hours=7), "en")
    assert today is not None and today.urgency is Urgency.SAME_DAY
    assert today.told.title == "川辺公民館 大会議室 is free: Sat 28 Nov 9:00-11:00"
    taken = replace(slot, free=0)
    assert slots.slot_draft(WAITS, "slot/1", taken, (LIBRARY, PREFECTURE), seen, "ja") is None
    assert slots.slot_draft(WAITS, "slot/1", slot, (LIBRARY, PREFECTURE), NINE, "ja") is None, "it has begun"


@contextmanager
def feed() -> Iterator[tuple[SqlSession, slot_lists.SlotFeed]]:
    """A database with a feed that said nothing yet."""
    engine = create_store_engine("sqlite://")
    tables = [SQLModel.metadata.tables[name] for name in ("slot_feed", "slot")]
    SQLModel.metadata.create_all(engine, tables=tables)
    with SqlSession(engine) as session:
        new = slot_lists.new_feed("tennis", "csv", ("あまね県", "990001"), NINE)
        yield session, slot_lists.put_feed(session, new)
    engine.dispose()


def at(minute: int) -> datetime:
    return datetime(2026, 11, 24, 1, minute, tzinfo=UTC)


def test_a_slot_opens_when_it_was_taken_or_missing_and_goes_when_it_is_taken_or_missing() -> None:
    early, late = TWO[0], TWO[1]
    with feed() as (session, tennis):
        first = slot_lists.take_in(session, tennis, [early, late], "", at(0))
        assert first == slot_lists.Taken(0, ()), "what was free before anybody looked is no news"
        assert slot_lists.take_in(session, tennis, [early, late], "", at(1)) == slot_lists.Taken(0, ())

        cancelled = replace(late, free=1)
        rolled_on = replace(
            early, starts_at=NINE + timedelta(days=7), ends_at=NINE + timedelta(days=7, hours=2)
        )
        second = slot_lists.take_in(session, tennis, [cancelled, rolled_on], "", at(2))
        assert (second.opened, len(second.gone)) == (1, 1), "a day that a list adds was given back by nobody"
        [(row, _)] = slot_lists.untold(session)
        assert row.slot.key == late.key and row.opened_at == at(2)

        third = slot_lists.take_in(session, tennis, [early, late, rolled_on], "", at(3))
        assert (third.opened, third.gone) == (1, (row.id,))
        assert not slot_lists.is_open(session, row)


def test_a_list_that_was_made_anew_is_no_news() -> None:
    many = [
        Slot("F020", f"{number}番", NINE, NINE + timedelta(hours=1), 0)
        for number in range(slot_lists.MOST_OPENED + 1)
    ]
    with feed() as (session, tennis):
        slot_lists.take_in(session, tennis, many, "", at(0))
        opened = slot_lists.take_in(session, tennis, [replace(slot, free=1) for slot in many], "", at(1))
        assert opened == slot_lists.Taken(0, ()) and slot_lists.untold(session) == []


@given(
    lists=st.lists(st.dictionaries(st.integers(0, 5), st.integers(0, 2), max_size=6), min_size=1, max_size=8)
)
def test_what_is_open_is_free_in_the_last_list_and_what_went_was_free_before(
    lists: list[dict[int, int]],
) -> None:
    with feed() as (session, tennis):
        free: set[datetime] = set()
        for minute, said in enumerate(lists):
            found = [
                Slot("F020", "", NINE + timedelta(hours=hour), NINE + timedelta(hours=hour + 1), count)
                for hour, count in said.items()
            ]
            taken = slot_lists.take_in(session, tennis, found, "", at(minute))
            free_now = {slot.starts_at for slot in found if slot.free}
            assert len(taken.gone) == len(free - free_now)
            assert taken.opened <= len(free_now - free)
            open_now = {
                row.starts_at for row, _ in slot_lists.untold(session) if slot_lists.is_open(session, row)
            }
            assert open_now <= free_now
            free = free_now
