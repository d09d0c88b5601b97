"""A participant that may use nothing but the relay sends itself a message: does TURN carry calls?

Importing this needs the `doctor` extra.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from livekit import rtc
from livekit.rtc.participant import PublishDataError

from signaling.doctor.findings import Finding, green, red
from signaling.doctor.participants import JoinFailed, joined
from signaling.doctor.server_checks import Subject

JOIN_TIMEOUT_S = 12.0
MESSAGE_TIMEOUT_S = 5.0
TOPIC = "genba.doctor"
ADVICE = (
    "Is coturn running (docker compose --profile turn ps), with the same secret, its certificate trusted, and"
    " allowed to reach the media port? docker/README.md, TURN."
)


async def check_relay(subject: Subject, urls: tuple[str, ...], tell: Callable[[Finding], object]) -> None:
    """Somebody behind the relay is heard by somebody who is not."""
    where = ", ".join(urls)
    try:
        async with joined(subject.signal_url, subject.token("doctor-direct"), is_single=True) as direct:
            started = time.monotonic()
            async with joined(
                subject.signal_url,
                subject.token("doctor-relayed"),
                is_single=True,
                timeout_s=JOIN_TIMEOUT_S,
                may_use=rtc.IceTransportType.TRANSPORT_RELAY,
            ) as relayed:
                joined_ms = (time.monotonic() - started) * 1000
                await relayed.room.local_participant.publish_data(b"relayed", topic=TOPIC)
                async with asyncio.timeout(MESSAGE_TIMEOUT_S):
                    await direct.messages.get()
    except (JoinFailed, PublishDataError, TimeoutError) as error:
        tell(red("relay", f"nothing comes through {where} ({error or 'no answer'})", ADVICE))
        return
    tell(green("relay", f"{where} carries a participant ({joined_ms:.0f} ms to join)", join_ms=joined_ms))
