"""Pictures of pages: each is drawn once in each of a few widths, by a worker, when somebody looks.

Whoever turns a page turns the next one too, so some pages are drawn ahead, after the one that is waited for.
A page that could not be drawn is not tried again until the server starts anew, unless only time was short.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from signaling.library.file_types import Reason, Refused
from signaling.library.reader import Reader
from signaling.library.shelf import Shelf

WIDTHS = (320, 640, 1280, 1920, 2560, 3840)
"""Pixels; each asker gets the next width up."""
SCREEN_WIDTH = 1280
AHEAD = 3
_AHEAD_TASKS = 4
_MAX_BAD = 10_000

log = logging.getLogger(__name__)


class PageUnreadable(Exception):
    """This page cannot be drawn."""


class Gallery:
    """The pictures of one shelf; draws ahead while it is `running`."""

    def __init__(self, shelf: Shelf, reader: Reader) -> None:
        self._shelf = shelf
        self._reader = reader
        self._bad: set[tuple[str, int, int]] = set()
        self._locks: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()
        self._tasks: asyncio.TaskGroup | None = None
        self._ahead: dict[tuple[str, int], asyncio.Task[None]] = {}

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[Gallery]":
        """Draw ahead while the block runs."""
        async with asyncio.TaskGroup() as self._tasks:
            try:
                yield self
            finally:
                self._tasks = None
                for task in list(self._ahead.values()):
                    task.cancel()

    async def picture(self, version_id: str, media_type: str, pages: int, number: int, width: int) -> bytes:
        """Page `number` of a version that has so many, as WebP. Raises PageUnreadable."""
        width = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
        picture = await self._known(version_id, number, width)
        if picture is None:
            async with self._locks.setdefault((version_id, width), asyncio.Lock()):
                picture = await self._known(version_id, number, width)
                if picture is None:
                    picture = await self._drawn(version_id, media_type, number, width)
        following = range(number + 1, min(pages, number + AHEAD) + 1)
        self._draw_ahead(version_id, media_type, following, width)
        return picture

    def prepare(self, version_id: str, media_type: str, pages: int) -> None:
        """Draw the first pages as a screen shows them: a new document is soon looked at."""
        self._draw_ahead(version_id, media_type, range(1, min(pages, AHEAD) + 1), SCREEN_WIDTH)

    async def _drawn(self, version_id: str, media_type: str, number: int, width: int) -> bytes:
        if (version_id, number, width) not in self._bad:
            reason = await self._draw(version_id, media_type, [number], width, is_waited_for=True)
            picture = await self._known(version_id, number, width)
            if picture is not None:
                return picture
            if len(self._bad) >= _MAX_BAD:
                self._bad.clear()
            if reason is not Reason.TOO_SLOW:
                self._bad.add((version_id, number, width))
            log.warning("page_not_drawn", extra={"version": version_id, "page": number, "reason": reason})
        raise PageUnreadable

    def _draw_ahead(self, version_id: str, media_type: str, pages: Iterable[int], width: int) -> None:
        key = (version_id, width)
        if self._tasks is None or key in self._ahead or len(self._ahead) >= _AHEAD_TASKS:
            return

        async def draw() -> None:
            missing = [
                each
                for each in pages
                if not await asyncio.to_thread(self._shelf.has_picture, version_id, each, width)
                and (version_id, each, width) not in self._bad
            ]
            if missing:
                await self._draw(version_id, media_type, missing, width, is_waited_for=False)

        async def draw_or_say() -> None:
            try:
                await draw()
            except Exception:  # a full disk here must not end the calls that go on beside it
                log.exception("drawing_ahead_failed", extra={"version": version_id})

        task = self._ahead[key] = self._tasks.create_task(draw_or_say())
        task.add_done_callback(lambda _: self._ahead.pop(key, None))

    async def _draw(
        self, version_id: str, media_type: str, pages: list[int], width: int, *, is_waited_for: bool
    ) -> Reason | None:
        """What was drawn is on the shelf, whatever it was that ended the drawing."""
        path, reason = self._shelf.drawable(version_id), None
        with self._shelf.scratch() as scratch:
            try:
                await self._reader.draw(path, scratch, media_type, pages, width, is_waited_for=is_waited_for)
            except Refused as refused:
                reason = refused.reason
            await asyncio.to_thread(self._shelf.take, version_id, scratch)
        return reason

    async def _known(self, version_id: str, number: int, width: int) -> bytes | None:
        return await asyncio.to_thread(self._shelf.picture, version_id, number, width)
