"""Joins and leaves while the database is away: a call never stops for the log, and nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from livekit.protocol.models import ParticipantInfo
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.webhook import WebhookEvent

from field_assist import Store
from signaling import migrations
from signaling.accounts import access_log
from signaling.api.event_streams import EventHub
from signaling.api.room_journal import RoomJournal
from tests.clock import FakeClock


def _event(name: str, identity: str) -> WebhookEvent:
    who = ParticipantInfo(identity=identity)
    return WebhookEvent(event=name, room=RoomInfo(name="room"), participant=who)


def test_what_happened_is_written_in_order_before_the_end(tmp_path: Path) -> None:
    async def scene() -> list[str]:
        async with Store(f"sqlite:///{tmp_path}/j.sqlite3") as store:
            migrations.upgrade(store.engine)
            journal = RoomJournal(store, EventHub(), FakeClock().clock)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(journal.run())
                for number in range(450):
                    journal.notify(_event("participant_joined", f"S-{number}"))
                journal.notify(_event("participant_left", "S-0"))
                await journal.finish()
            rows = await store.read(lambda session: access_log.page(session, 0, 500))
            return [f"{row.action} {row.actor}" for row in rows]

    written = asyncio.run(scene())

    assert written == [f"room.joined S-{number}" for number in range(450)] + ["room.left S-0"]


def test_what_cannot_be_written_now_is_written_later(tmp_path: Path) -> None:
    async def scene() -> tuple[int, bool]:
        async with Store(f"sqlite:///{tmp_path}/j.sqlite3", busy_timeout_ms=1) as store:
            migrations.upgrade(store.engine)
            journal = RoomJournal(store, EventHub(), FakeClock().clock, retry_s=0.01)
            blocker = sqlite3.connect(tmp_path / "j.sqlite3", isolation_level=None)
            blocker.execute("BEGIN IMMEDIATE")
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(journal.run())
                journal.notify(_event("participant_joined", "S-1"))
                asyncio.get_running_loop().call_later(0.3, blocker.execute, "COMMIT")
                await journal.written()
                await journal.finish()
            blocker.close()
            return await store.read(access_log.total), journal.delayed > 0

    assert asyncio.run(scene()) == (1, True)


def test_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    async def scene() -> int:
        async with Store(f"sqlite:///{tmp_path}/j.sqlite3") as store:
            journal = RoomJournal(store, EventHub(), FakeClock().clock, max_waiting=3)
            for _ in range(5):
                journal.notify(_event("participant_joined", "S-1"))
            return journal.dropped

    assert asyncio.run(scene()) == 2
