"""Feeds of free slots that facilities publish: asked for again every half minute, over HTTPS.

An address is a stranger's word, even when an operator typed it: it is called like that of a push service
(`push.endpoints`), so the name must be public and it is the address that was looked at that is called; nobody
is followed elsewhere. A server in the house's own network has to be named in GENBA_FEED_ORIGINS. What cannot
be fetched or read leaves the slots as they were; why stands beside the feed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from field_assist import Session, Store, StoreUnavailable, concierge
from signaling import slot_intake
from signaling.accounts.access_log import SYSTEM
from signaling.api.notice_round import NoticeRound
from signaling.beside import beside
from signaling.clock import Clock
from signaling.push.endpoints import EndpointRefused, resolve

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 8 * 1024 * 1024
ANSWER_S = 10.0
FETCH_S = 20.0
"""For all of one feed: the next round is not to wait for a slow one."""
LOOK_AGAIN_S = 5.0
AT_A_TIME = 8

log = logging.getLogger(__name__)

slots, slot_lists = concierge.slots, concierge.slot_lists


class _NotFetched(Exception):
    """The word says why."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """`content` is None where nothing became different."""

    content: bytes | None
    tag: str


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
        import httpx  # with the first feed: no start should wait for an HTTP client and its certificates

        timeout, few = httpx.Timeout(ANSWER_S), asyncio.Semaphore(AT_A_TIME)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:

            async def one(feed: concierge.slot_lists.SlotFeed) -> None:
                async with few:
                    await self._take(client, feed)

            async with asyncio.TaskGroup() as tasks:
                for feed in due:
                    tasks.create_task(one(feed))

    async def _take(self, client: "httpx.AsyncClient", feed: concierge.slot_lists.SlotFeed) -> None:
        try:
            async with asyncio.timeout(FETCH_S):
                answer = await self._fetch(client, feed)
            content, found = answer.content, list[concierge.slots.Slot]()
            if content is not None:
                form = slots.Form(feed.form)
                found = await asyncio.to_thread(slots.read, content, form, feed.facility_id)
        except slots.SlotsFaulty as faulty:
            return await self._failed(feed, f"{faulty.reason} {faulty.place}")
        except _NotFetched as why:
            return await self._failed(feed, str(why))
        except TimeoutError:
            return await self._failed(feed, "slow")
        at = self._clock.wall()
        if content is None:
            return await self._store.write(lambda session: slot_lists.unchanged(session, feed.id, at))
        taken = await self._store.write(lambda session: _take_in(session, feed.id, found, answer.tag, at))
        if taken.opened:
            self._rounds.look()
        if taken.opened or taken.gone:
            facts = {"feed": feed.id, "opened": taken.opened, "gone": len(taken.gone)}
            log.info("slots_changed", extra=facts)

    async def _failed(self, feed: concierge.slot_lists.SlotFeed, fault: str) -> None:
        await self._store.write(lambda session: slot_lists.failed(session, feed.id, fault))
        log.warning("slot_feed_failed", extra={"feed": feed.id, "fault": fault})

    async def _fetch(self, client: "httpx.AsyncClient", feed: concierge.slot_lists.SlotFeed) -> _Answer:
        import httpx

        try:
            targets = await resolve(feed.address, self._origins)
        except EndpointRefused:
            raise _NotFetched("refused") from None
        except (OSError, TimeoutError):
            raise _NotFetched("unreachable") from None
        for target in targets:
            headers = {"Host": target.port_host, **({"If-None-Match": feed.tag} if feed.tag else {})}
            extensions = {"sni_hostname": target.host}
            try:
                async with client.stream("GET", target.url, headers=headers, extensions=extensions) as answer:
                    if answer.status_code == httpx.codes.NOT_MODIFIED:
                        return _Answer(None, feed.tag)
                    if answer.status_code != httpx.codes.OK:
                        raise _NotFetched(f"status_{answer.status_code}")
                    return _Answer(await _whole(answer), answer.headers.get("ETag", "")[:200])
            except (httpx.HTTPError, OSError):
                continue
        raise _NotFetched("unreachable")


async def _whole(answer: "httpx.Response") -> bytes:
    pieces, size = [], 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > MAX_BYTES:
            raise _NotFetched("too_long")
        pieces.append(piece)
    return b"".join(pieces)


def _take_in(
    session: Session, feed_id: str, found: list[concierge.slots.Slot], tag: str, at: datetime
) -> concierge.slot_lists.Taken:
    feed = session.get(slot_lists.SlotFeed, feed_id)
    if feed is None:  # removed while it was fetched
        return slot_lists.Taken(0, ())
    return slot_intake.take_in(session, feed, found, tag, SYSTEM, at)
