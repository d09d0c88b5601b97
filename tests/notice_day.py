"""A process that takes an installation's notices: planned, put into the outbox and sent, until killed.

Run as `python -m tests.notice_day FOLDER SMTP_PORT HOUR`: the clock begins half past that hour of a Tuesday
(34: ten on Wednesday). How long each round took is written to `rounds` in the folder, a line of seconds each.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from field_assist import JST, Store
from signaling.accounts.vault import open_vault
from signaling.api.notice_round import House, NoticeRound
from signaling.clock import Clock
from signaling.mail import outbox
from signaling.mail.mail_settings import MailSettings
from signaling.mail.post import PostOffice


class TimedRound(NoticeRound):
    """Notes how long it took."""

    def __init__(self, *parts: Any, file: TextIO) -> None:  # Any: the round's own
        super().__init__(*parts)
        self._file = file

    async def turn(self) -> None:
        """Once round, with a clock beside it."""
        began = time.perf_counter()
        await super().turn()
        self._file.write(f"{time.perf_counter() - began:.4f}\n")
        self._file.flush()


async def take(folder: Path, port: int, hour: int) -> None:
    """Go on for ever; whoever started it kills it."""
    at, ended = datetime(2026, 12, 1, 0, 30, tzinfo=JST) + timedelta(hours=hour), folder / "clock"
    if ended.exists():  # no clock goes back, and what a killed process had claimed is free after a while
        at = max(at, datetime.fromisoformat(ended.read_text()) + outbox.CLAIM)
    clock = Clock(wall=lambda: at, monotonic=lambda: 0.0)
    vault, settings = open_vault(folder), MailSettings("127.0.0.1", port, "none", sender="genba@example.jp")
    async with Store(f"sqlite:///{folder}/genba.sqlite3") as store:
        async with PostOffice(store, vault, clock, settings).running() as post:
            house = House("あまね県", "000-000-1500", "https://genba.test")
            with (folder / "rounds").open("a", encoding="ascii") as file:
                rounds = TimedRound(store, vault, clock, post, house, file=file)
                async with rounds.running():
                    while True:
                        at += timedelta(seconds=5)
                        ended.write_text(at.isoformat())
                        rounds.look()
                        await asyncio.sleep(1)  # as long as it lives


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
