"""Participants on the unmodified SDK who join, talk, leave and come again, in a process of their own.

The SDK ends its process when the machine is too busy for it; whoever starts this one can start another. Each
attempt prints `joined` or `failed`.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from contextlib import suppress

from livekit import rtc

from tests.bench._tone import tone
from tests.scripted_client import token

TALKERS = 3
STAY_S = (5.0, 20.0)
PATIENCE_S = 20.0


async def talk(url: str, identity: str, until: float, chance: random.Random) -> None:
    """One of them."""
    while (left_s := until - time.monotonic()) > 0:
        room = rtc.Room()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await room.connect(url, token(identity, "talk"), rtc.RoomOptions())
            # A track can wait for ever for a server whose socket was cut in that moment.
            async with asyncio.timeout(PATIENCE_S + STAY_S[1]), tone(room):
                await asyncio.sleep(min(chance.uniform(*STAY_S), left_s))
            print("joined", flush=True)
        except* (TimeoutError, rtc.ConnectError, rtc.participant.PublishTrackError):
            print("failed", flush=True)
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await room.disconnect()


async def _talk_all(url: str, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        for number in range(TALKERS):
            tasks.create_task(talk(url, f"talker {number}", until, chance))


if __name__ == "__main__":
    asyncio.run(_talk_all(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
