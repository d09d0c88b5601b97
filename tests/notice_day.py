"""A process that takes an installation's notices: planned, put into the outbox and sent, until killed.

Run as `python -m tests.notice_day FOLDER SMTP_PORT HOUR`: the clock begins at that hour of a Tuesday.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from field_assist import JST, Store
from signaling.accounts.vault import open_vault
from signaling.api.notice_round import House, NoticeRound
from signaling.clock import Clock
from signaling.mail.mail_settings import MailSettings
from signaling.mail.post import PostOffice


async def take(folder: Path, port: int, hour: int) -> None:
    """Go on for ever; whoever started it kills it."""
    at = datetime(2026, 12, 1, hour, 30, tzinfo=JST)
    clock = Clock(wall=lambda: at, monotonic=lambda: 0.0)
    vault, settings = open_vault(folder), MailSettings("127.0.0.1", port, "none", sender="genba@example.jp")
    async with Store(f"sqlite:///{folder}/genba.sqlite3") as store:
        async with PostOffice(store, vault, clock, settings).running() as post:
            rounds = NoticeRound(
                store, vault, clock, post, House("あまね県", "000-000-1500", "https://genba.test")
            )
            async with rounds.running():
                while True:
                    at += timedelta(seconds=1)
                    rounds.look()
                    await asyncio.sleep(0.2)  # as long as it lives


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
