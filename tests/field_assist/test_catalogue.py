"""Taking lists into the catalogue: all or nothing, the same again changes nothing, each field's history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from field_assist.concierge import catalogue, intake
from field_assist.concierge.entries import Kind
from field_assist.concierge.lists import Origin
from field_assist.concierge.remarks import Counts, Remark
from field_assist.store import Session, Store

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
HEADINGS = "全国地方公共団体コード,ID,地方公共団体名,イベント名,開始日,説明"
MARKET = "992011,E1,あまね市,朝市,2026-12-13,地魚の即売"
CONCERT = "992011,E2,あまね市,音楽会,2026-12-20,合唱"


@pytest.fixture
def tables(store: Store) -> Store:
    from signaling import migrations  # the tables as an installation has them

    migrations.upgrade(store.engine)
    return store


def table(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join((headings, *rows)).encode()


def bring(
    store: Store,
    content: bytes,
    at: datetime = AT,
    *,
    name: str = "events",
    may_shrink: bool = False,
    licence: str = "CC BY 4.0",
) -> Counts:
    def look_up(kind: Kind) -> intake.KnownEntries:
        return store.read_now(lambda session: intake.known(session, kind))

    row = store.read_now(lambda session: catalogue.by_name(session, name))
    with intake.Prepared(content, Origin("あまね県", licence, at, "990001"), look_up, row) as prepared:
        store.write_now(lambda session: intake.take_in(session, name, prepared, at, may_shrink=may_shrink))
        return prepared.counts


def titles(store: Store) -> list[str]:
    return store.read_now(lambda session: [entry.title for entry in catalogue.entries(session)])


def history(store: Store, entry_id: str) -> list[tuple[str, str, str]]:
    def work(session: Session) -> list[tuple[str, str, str]]:
        there = intake.known(session, Kind.EVENT)
        key = next(one.key for (_, of), one in there.items() if of == entry_id)
        return [(row.field, row.before, row.after) for row in catalogue.changes(session, key)]

    return store.read_now(work)


def test_what_was_taken_in_is_read_again_with_its_source(tables: Store) -> None:
    counts = bring(tables, table(MARKET, CONCERT))

    assert counts == Counts(rows=2, added=2, changed=0, same=0, gone=0)
    (first, _) = tables.read_now(lambda session: list(catalogue.entries(session)))
    assert (first.title, first.starts, first.summary) == ("朝市", date(2026, 12, 13), "地魚の即売")
    assert (first.source.owner, first.source.licence, first.source.fetched_at) == (
        "あまね市",
        "CC BY 4.0",
        AT,
    )


def test_the_same_list_again_changes_nothing_but_when_it_was_looked_at(tables: Store) -> None:
    bring(tables, table(MARKET, CONCERT))
    before = tables.read_now(catalogue.version)

    reordered = "ID,地方公共団体名,イベント名,説明,開始日,全国地方公共団体コード"
    again = table(
        "E2,あまね市,音楽会,合唱,2026/12/20,992011",
        "E1,あまね市,朝市,地魚の即売,46369,992011",
        headings=reordered,
    )
    counts = bring(tables, again, AT + timedelta(days=1))

    assert counts == Counts(rows=2, added=0, changed=0, same=2, gone=0)
    (row,) = tables.read_now(catalogue.all_lists)
    assert (row.fetched_at, row.changed_at) == (AT + timedelta(days=1), AT)
    assert tables.read_now(catalogue.version) == before
    assert history(tables, "E1") == []


def test_each_field_that_changes_is_in_the_history_and_what_leaves_and_returns(tables: Store) -> None:
    bring(tables, table(MARKET, CONCERT))
    counts = bring(tables, table(MARKET.replace("12-13", "12-14").replace("の即売", "")), AT + timedelta(1))
    assert (counts.changed, counts.gone) == (1, 1)
    assert titles(tables) == ["朝市"]
    counts = bring(tables, table(MARKET, CONCERT), AT + timedelta(2))
    assert (counts.changed, counts.added) == (1, 1)

    assert titles(tables) == ["朝市", "音楽会"]
    assert sorted(history(tables, "E1")) == [
        ("説明", "地魚", "地魚の即売"),
        ("説明", "地魚の即売", "地魚"),
        ("開始日", "2026-12-13", "2026-12-14"),
        ("開始日", "2026-12-14", "2026-12-13"),
    ]
    assert history(tables, "E2") == [("", "gone", "here"), ("", "here", "gone")]


def test_one_fault_keeps_the_whole_list_out(tables: Store) -> None:
    bring(tables, table(MARKET))

    with pytest.raises(intake.ListFaulty):
        bring(tables, table(MARKET.replace("朝市", "夕市"), "992011,E3,あまね市,,2026-12-13,"))

    assert titles(tables) == ["朝市"]


def test_an_id_that_another_list_answers_for_is_a_fault_until_it_has_left_that_list(tables: Store) -> None:
    bring(tables, table(MARKET, CONCERT))
    with pytest.raises(intake.ListFaulty):
        bring(tables, table(MARKET), name="market")

    bring(tables, table(CONCERT), AT + timedelta(1))
    bring(tables, table(MARKET), AT + timedelta(2), name="market")

    assert sorted(titles(tables)) == ["朝市", "音楽会"]


def test_a_list_that_lost_most_of_its_rows_is_asked_about(tables: Store) -> None:
    rows = [f"992011,E{at},あまね市,行事{at},2026-12-13," for at in range(30)]
    bring(tables, table(*rows))

    with pytest.raises(intake.ManyWouldGo):
        bring(tables, table(*rows[:5]))
    assert len(titles(tables)) == 30
    bring(tables, table(*rows[:5]), may_shrink=True)
    assert len(titles(tables)) == 5


def test_a_list_that_somebody_else_took_in_meanwhile_is_compared_again(tables: Store) -> None:
    bring(tables, table(MARKET))
    row = tables.read_now(lambda session: catalogue.by_name(session, "events"))
    there = tables.read_now(lambda session: intake.known(session, Kind.EVENT))
    bring(tables, table(MARKET, CONCERT))

    origin = Origin("あまね県", "CC BY 4.0", AT, "990001")
    with (
        intake.Prepared(table(MARKET), origin, lambda _: there, row) as prepared,
        pytest.raises(intake.ListChangedMeanwhile),
    ):
        tables.write_now(lambda session: intake.take_in(session, "events", prepared, AT))

    assert len(titles(tables)) == 2


def test_documents_are_not_taken_in_here() -> None:
    content = "ID,文書名,本文\nD1,手引,あ\n".encode()
    with intake.Prepared(content, Origin("あまね県", "", AT), lambda _: {}, None) as prepared:
        assert [one.remark for one in prepared.remarks] == [Remark.STAFF_ONLY]
        assert prepared.remarks.fault_count == 1


def test_a_list_says_when_it_should_have_come_again(tables: Store) -> None:
    bring(tables, table(MARKET))
    (row,) = tables.read_now(catalogue.all_lists)

    assert not row.is_stale(AT + timedelta(days=catalogue.EXPECTED_DAYS))
    assert row.is_stale(AT + timedelta(days=catalogue.EXPECTED_DAYS + 2))


def test_pages_and_single_entries_are_found_by_key(tables: Store) -> None:
    bring(tables, table(MARKET, CONCERT))

    def work(session: Session) -> None:
        (one,) = catalogue.kept(session, limit=1)
        (two,) = catalogue.kept(session, after=one.key, limit=1)
        assert catalogue.by_key(session, two.key) == two
        assert [each.key for each in catalogue.by_entry_id(session, Kind.EVENT, "E2")] == [two.key]
        assert catalogue.by_entry_id(session, Kind.WORK, "E2") == []
        with pytest.raises(catalogue.EntryUnknown):
            catalogue.by_key(session, two.key + 1)

    tables.read_now(work)
