"""Joins and leaves of rooms into the access log, and to everybody who is looking at the list of calls.

Rooms tell synchronously, the database answers later: events wait in a bounded queue and are written in
batches. A call never stops for the log: while the database does not answer, what waits is kept and written
later; what does not fit is counted and said.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from livekit.protocol.webhook import WebhookEvent

from field_assist import CallSheet, Session, Store, StoreUnavailable, calls
from signaling.accounts import access_log
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.api.call_desk import publish_change
from signaling.api.event_streams import EventHub
from signaling.clock import Clock

MAX_WAITING = 10_000
MAX_BATCH = 200
RETRY_S = 1.0
LAST_TRIES = 3
_ACTIONS = {"participant_joined": Action.ROOM_JOINED, "participant_left": Action.ROOM_LEFT}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Happened:
    action: Action
    room: str
    identity: str
    at: datetime


class RoomJournal:
    """`notify` is a `Rooms` observer; `run` writes until `finish` was called and the queue is empty.

    `dropped` counts what did not fit, `delayed` the times the database did not answer; `on_written` hears
    when somebody's coming or going is known.
    """

    def __init__(
        self,
        store: Store,
        hub: EventHub,
        clock: Clock,
        max_waiting: int = MAX_WAITING,
        retry_s: float = RETRY_S,
    ) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock
        self._waiting: asyncio.Queue[_Happened | None] = asyncio.Queue(max_waiting)
        self._retry_s = retry_s
        self._is_finishing = False
        self.dropped = 0
        self.delayed = 0
        self.on_written: Callable[[], object] = lambda: None

    def notify(self, event: WebhookEvent) -> None:
        """Remember a join or leave; never blocks."""
        action = _ACTIONS.get(event.event)
        if action is None:
            return
        try:
            happened = _Happened(action, event.room.name, event.participant.identity, self._clock.wall())
            self._waiting.put_nowait(happened)
        except asyncio.QueueFull:
            self.dropped += 1
            if self.dropped == 1 or self.dropped % 1000 == 0:
                log.error("room_journal_full", extra={"dropped": self.dropped})

    async def run(self) -> None:
        """Write batches as they come."""
        while True:
            batch, is_last = await self._batch()
            await self._write(batch)
            for _ in range(len(batch) + is_last):
                self._waiting.task_done()
            if is_last:
                return

    async def written(self) -> None:
        """Return once everything that happened so far is written."""
        await self._waiting.join()

    async def finish(self) -> None:
        """Let `run` end once everything waiting is written."""
        self._is_finishing = True
        await self._waiting.put(None)

    async def _batch(self) -> tuple[list[_Happened], bool]:
        batch: list[_Happened] = []
        entry = await self._waiting.get()
        while entry is not None:
            batch.append(entry)
            if len(batch) >= MAX_BATCH or self._waiting.empty():
                return batch, False
            entry = self._waiting.get_nowait()
        return batch, True

    async def _write(self, batch: list[_Happened]) -> None:
        tries = 0
        while batch:
            try:
                for sheet in await self._store.write(lambda session: _record(session, batch)):
                    publish_change(self._hub, sheet)
                self.on_written()
                return
            except StoreUnavailable:
                tries += 1
                self.delayed += 1
                log.error("room_journal_waits", extra={"entries": len(batch)})
                if self._is_finishing and tries >= LAST_TRIES:
                    return
                await asyncio.sleep(self._retry_s)


def _record(session: Session, batch: list[_Happened]) -> list[CallSheet]:
    for happened in batch:
        entry = Entry(Actor(happened.identity), happened.action, object=happened.room)
        access_log.append(session, entry, happened.at)
    # A room made through the LiveKit API is no call of ours, and left out.
    return list(calls.sheets(session, {happened.room for happened in batch}).values())
