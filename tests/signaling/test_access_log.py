"""The access log: what gets in, that it cannot be changed unnoticed, on both databases."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from field_assist import Session, Store
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from tests.clock import START
from tests.installation import Installation, play


def _append(store: Store, count: int) -> None:
    def work(session: Session) -> None:
        for number in range(count):
            entry = Entry(SYSTEM, Action.CALL_STARTED, object=f"01CALL{number}", detail="説明")
            access_log.append(session, entry, START)

    store.write_now(work)


def _tamper(store: Store, *statements: str) -> None:
    """What somebody with the database's password can do: take the triggers off first."""
    drop = {
        "sqlite": ["DROP TRIGGER access_log_no_update", "DROP TRIGGER access_log_no_delete"],
        "postgresql": ["DROP TRIGGER access_log_append_only ON access_log"],
    }
    with store.engine.begin() as connection:
        for statement in [*drop[store.engine.dialect.name], *statements]:
            connection.execute(text(statement))


def test_an_untouched_log_verifies(store: Store) -> None:
    _append(store, 1005)

    result = store.read_now(access_log.verify)

    assert (result.rows, result.bad) == (1005, None)
    expected = store.read_now(lambda session: access_log.expect(session, result, 1005, result.head))
    assert expected.bad is None


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ("UPDATE access_log SET object = 'x' WHERE seq = 3", 3, "was changed"),
        ("UPDATE access_log SET result = 'refused' WHERE seq = 1", 1, "was changed"),
        ("UPDATE access_log SET address = '192.0.2.1' WHERE seq = 5", 5, "was changed"),
        ("DELETE FROM access_log WHERE seq = 2", 2, "is missing"),
        ("DELETE FROM access_log WHERE seq = 1", 1, "is missing"),
        ("UPDATE access_log SET prev_hash = hash WHERE seq = 4", 4, "does not follow the row before"),
        ("UPDATE access_log SET seq = 9 WHERE seq = 5", 5, "is missing"),
    ],
)
def test_verify_names_the_first_bad_row(store: Store, statement: str, seq: int, reason: str) -> None:
    _append(store, 5)

    _tamper(store, statement)

    bad = store.read_now(access_log.verify).bad
    assert bad is not None
    assert (bad.seq, bad.reason) == (seq, reason)


def test_a_cut_tail_is_found_by_a_head_noted_elsewhere(store: Store) -> None:
    _append(store, 5)
    noted = store.read_now(access_log.verify).head
    _tamper(store, "DELETE FROM access_log WHERE seq > 3")

    result = store.read_now(access_log.verify)
    expected = store.read_now(lambda session: access_log.expect(session, result, 5, noted))

    assert result.bad is None
    assert expected.bad is not None and expected.bad.reason == "is missing"


@pytest.mark.parametrize("statement", ["UPDATE access_log SET object = ''", "DELETE FROM access_log"])
def test_the_database_refuses_to_change_a_row(store: Store, statement: str) -> None:
    _append(store, 2)

    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))

    assert store.read_now(access_log.verify).rows == 2


def test_many_writers_at_once_make_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(6) as threads:
        for done in [threads.submit(_append, store, 5) for _ in range(12)]:
            done.result()

    result = store.read_now(access_log.verify)

    assert (result.rows, result.bad) == (60, None)


def test_an_act_that_fails_leaves_no_row(store: Store) -> None:
    def work(session: Session) -> None:
        access_log.append(session, Entry(SYSTEM, Action.CALL_ENDED), START)
        raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        store.write_now(work)

    assert store.read_now(access_log.total) == 0


def test_the_hash_is_over_canonical_json() -> None:
    row = access_log.AccessLogRow(
        seq=1,
        at=START,
        actor="S-1",
        address="192.0.2.7",
        action="sign_in",
        object="",
        result="ok",
        reason="",
        detail="説明",
        prev_hash=access_log.GENESIS,
        hash="",
    )

    canonical = (
        '{"action":"sign_in","actor":"S-1","address":"192.0.2.7","at":"2026-11-24T01:08:00.000000+00:00",'
        f'"detail":"説明","object":"","prev_hash":"{"0" * 64}","reason":"","result":"ok","seq":1}}'
    )
    assert access_log.row_hash(row) == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_whole_story_is_in_the_log_with_who_and_from_where(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await genba.browser().post("/sign-in", {"staff_no": "F1001", "password": "guess"})
        host = await genba.signed_in("F1001")
        started = (await host.post("/calls", {"topic": "road"})).json()
        call, me = started["call"]["id"], started["identity"]
        link = (await host.post(f"/calls/{call}/invitations", {"name": "田中"})).json()
        guest = genba.browser("198.51.100.4")
        await guest.post(f"/join/{link['url'].rsplit('/', 1)[1]}", {})
        await host.post(f"/invitations/{link['id']}/revoke")
        await host.post(f"/calls/{call}/end")
        admin = await genba.signed_in("A9001")
        answer = (await admin.get("/access-log", after=11, limit=5)).json()

        told = [(row["actor"], row["action"], row["object"], row["result"]) for row in answer["rows"]]
        staff_id = me.removeprefix("S-")
        rows = [(row.actor, row.action, row.object, row.result) for row in await genba.log()][9:]
        assert rows[:9] == [
            ("nobody", "sign_in.password", staff_id, "refused"),
            ("nobody", "sign_in.password", staff_id, "ok"),
            (me, "sign_in", "", "ok"),
            (me, "call.started", call, "ok"),
            (me, "invitation.created", link["id"], "ok"),
            (f"G-{link['id']}", "invitation.redeemed", link["id"], "ok"),
            (me, "invitation.revoked", link["id"], "ok"),
            (me, "call.ended", call, "ok"),
            ("nobody", "sign_in.password", rows[8][2], "ok"),
        ]
        assert rows[-1][1] == "access_log.read"
        assert told == rows[2:7]
        assert (answer["next_after"], answer["total"]) == (16, 9 + len(rows))
        assert (await genba.log())[14].address == "198.51.100.4"
        verified = await genba.services.store.read(access_log.verify)
        assert verified.bad is None

    play(tmp_path, scene)
