"""A Tuesday with many subscribers in processes that are killed: nothing comes twice, nothing at night."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from field_assist import Session, Store
from field_assist.concierge import notices, subscribers
from field_assist.concierge.following import Change, FieldChange, Follow, Topic, draft
from field_assist.concierge.notices import Mailing
from signaling import migrations
from signaling.accounts.vault import Vault, open_vault
from signaling.api.notice_round import Keys
from tests.installation import ORIGIN
from tests.mail_server import MailServer
from tests.subscribers import BRIDGE, HOME

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 60
KILLS = (10, 30)
MADE_AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


def fill(store: Store, vault: Vault) -> None:
    """So many people, each with one thing that waits since Monday."""
    keys, asked_at = Keys(vault, ORIGIN), MADE_AT - timedelta(days=1)
    home = Follow(Topic.WORKS, HOME, "川辺", latitude=33.4815, longitude=136.6475, radius_m=1000)
    change = Change(BRIDGE, MADE_AT, fields=(FieldChange("規制終了時間", "17:00", "16:00"),))
    made = draft(home, change, "ja")
    assert made is not None

    def work(session: Session) -> None:
        for number in range(PEOPLE):
            key = keys.new(f"{number}@example.jp", asked_at)
            row = subscribers.ask(session, key, "ja", "test", asked_at)
            subscribers.confirm(session, row, asked_at)
            kept = subscribers.add_follow(session, row, home, asked_at)
            assert notices.tell(session, row, made, kept.id) is not None

    store.write_now(work)


@contextmanager
def day(folder: Path, port: int, hour: int) -> Iterator[None]:
    """The process, killed without a word at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.notice_day", str(folder), str(port), str(hour)], cwd=ROOT
    )
    try:
        yield
        assert process.poll() is None, "it ended by itself"
    finally:
        process.kill()
        process.wait()


def arrived(server: MailServer, count: int, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while len(server.taken) < count:
        assert time.monotonic() < deadline, f"{len(server.taken)} of {count} arrived"
        time.sleep(0.01)


def test_a_day_that_is_killed_twice_sends_nothing_twice_and_nothing_at_night(tmp_path: Path) -> None:
    store, vault = Store(f"sqlite:///{tmp_path}/genba.sqlite3"), open_vault(tmp_path)
    migrations.upgrade(store.engine)
    fill(store, vault)
    with MailServer() as server:
        port = int(server.settings["smtp_port"])
        for count in KILLS:
            with day(tmp_path, port, 10):
                arrived(server, count)
        with day(tmp_path, port, 11):  # what a killed process had claimed is free again
            arrived(server, PEOPLE - len(KILLS))

            def is_settled(session: Session) -> bool:
                states = Counter(row.state for row in session.exec(select(Mailing)))
                return states["sent"] + states["unclear"] == PEOPLE

            deadline = time.monotonic() + 60
            while not store.read_now(is_settled):
                assert time.monotonic() < deadline
                time.sleep(0.05)

        told = Counter(envelope.rcpt_tos[0] for envelope in server.taken)
        states = store.read_now(lambda s: Counter(row.state for row in s.exec(select(Mailing))))
        assert max(told.values()) == 1
        assert PEOPLE - len(KILLS) <= len(told) <= PEOPLE
        assert states["unclear"] <= len(KILLS) and states["sent"] <= len(told)
        with day(tmp_path, port, 21):
            pass
        assert len(server.taken) == len(told)
    store.close()
