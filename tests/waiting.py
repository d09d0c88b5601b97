"""Waiting for a condition, within a bound."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], object], *, within_s: float = 5.0) -> None:
    """Look again until it is true, or what it answers is once awaited; raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while True:
            found = condition()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.01)  # between two looks
