"""Feeds of free slots that facilities publish: asked for again every half minute, over HTTPS.

Addresses are called as `fetching` calls a stranger's; nobody is followed elsewhere. A server in the house's
own network has to be named in GENBA_FEED_ORIGINS. What cannot be fetched or read leaves the slots as they
were; why stands beside the feed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from field_assist import Session, Store, StoreUnavailable, concierge
from signaling import fetching, slot_intake
from signaling.accounts.access_log import SYSTEM
from signaling.api.notice_round import NoticeRound
from signaling.beside import beside
from signaling.clock import Clock
from signaling.push.endpoints import check

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 8 * 1024 * 1024
ANSWER_S = 10.0
FETCH_S = 20.0
"""For all of one feed: the next round is not to wait for a slow one."""
ASKED_S = 12.0
"""For all of one while somebody waits for it before a screen."""
LOOK_AGAIN_S = 5.0
AT_A_TIME = 8

log = logging.getLogger(__name__)

slots, slot_lists = concierge.slots, concierge.slot_lists
Slot: TypeAlias = concierge.slots.Slot


class SlotFeeds:
    """One per node; use `running` around it. `origins` may be called whatever their address is."""

    def __init__(self, store: Store, clock: Clock, rounds: NoticeRound, origins: tuple[str, ...]) -> None:
        self._store = store
        self._clock = clock
        self._rounds = rounds
        self._origins = origins

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[SlotFeeds]":
        """Fetch while the block runs."""
        async with beside(self._run()):
            yield self

    async def _run(self) -> None:
        while True:
            try:
                await self.turn()
            except StoreUnavailable:
                log.warning("slots_wait_for_the_database")
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("slots_failed")
            await asyncio.sleep(LOOK_AGAIN_S)

    async def turn(self) -> None:
        """Fetch what is due, some at once."""
        at = self._clock.wall()
        due = await self._store.write(lambda session: slot_lists.claim_due(session, at))
        if not due:
            return
        few = asyncio.Semaphore(AT_A_TIME)
        async with fetching.client(ANSWER_S) as client:

            async def one(feed: concierge.slot_lists.SlotFeed) -> None:
                async with few:
                    await self._take(client, feed)

            async with asyncio.TaskGroup() as tasks:
                for feed in due:
                    tasks.create_task(one(feed))

    async def take(self, feed: concierge.slot_lists.SlotFeed) -> None:
        """Fetch one now; how it went stands beside it."""
        async with fetching.client(ANSWER_S) as client:
            await self._take(client, feed, ASKED_S)

    async def read(self, address: str, form: concierge.slots.Form, facility_id: str) -> list[Slot]:
        """What a feed says now, without keeping it; raises NotFetched, and SlotsFaulty for what it says."""
        try:
            async with asyncio.timeout(ASKED_S), fetching.client(ANSWER_S) as client:
                found = await fetching.fetch(client, address, self._origins, MAX_BYTES)
            return await asyncio.to_thread(slots.read, found.content or b"", form, facility_id)
        except TimeoutError:
            raise fetching.NotFetched("slow") from None

    def check(self, address: str) -> None:
        """Raises EndpointRefused for what is never called."""
        check(address, self._origins)

    async def _take(
        self, client: "httpx.AsyncClient", feed: concierge.slot_lists.SlotFeed, within_s: float = FETCH_S
    ) -> None:
        try:
            async with asyncio.timeout(within_s):
                fetched = await fetching.fetch(client, feed.address, self._origins, MAX_BYTES, tag=feed.tag)
            content, found = fetched.content, list[Slot]()
            if content is not None:
                form = slots.Form(feed.form)
                found = await asyncio.to_thread(slots.read, content, form, feed.facility_id)
        except slots.SlotsFaulty as faulty:
            return await self._failed(feed, f"{faulty.reason} {faulty.place}")
        except fetching.NotFetched as why:
            return await self._failed(feed, why.reason)
        except TimeoutError:
            return await self._failed(feed, "slow")
        at = self._clock.wall()
        if content is None:
            return await self._store.write(lambda session: slot_lists.unchanged(session, feed.id, at))
        taken = await self._store.write(lambda session: _take_in(session, feed.id, found, fetched.tag, at))
        if taken.opened:
            self._rounds.look()
        if taken.opened or taken.gone:
            facts = {"feed": feed.id, "opened": taken.opened, "gone": len(taken.gone)}
            log.info("slots_changed", extra=facts)

    async def _failed(self, feed: concierge.slot_lists.SlotFeed, fault: str) -> None:
        await self._store.write(lambda session: slot_lists.failed(session, feed.id, fault))
        log.warning("slot_feed_failed", extra={"feed": feed.id, "fault": fault})


def _take_in(
    session: Session, feed_id: str, found: list[Slot], tag: str, at: datetime
) -> concierge.slot_lists.Taken:
    feed = session.get(slot_lists.SlotFeed, feed_id)
    if feed is None:  # removed while it was fetched
        return slot_lists.Taken(0, ())
    return slot_intake.take_in(session, feed, found, tag, SYSTEM, at)
