"""A call that is cut heals by itself (conformance tier T2), measured at the receiver's audio."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests.network import TcpRelay
from tests.sdk.guests import Guest, Stage, play, until
from tests.sdk.hearing import hearing, packets_lost

pytestmark = pytest.mark.sdk


@pytest.fixture(params=[False, True], ids=["dual", "single"])
def is_single(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Both protocol modes."""
    yield request.param


def report(what: str, who: str, is_single: bool, **seconds: float) -> None:
    """Figures for those who run the test with `-rP`; no test asserts a time."""
    figures = ", ".join(f"{name}={value:.2f}" for name, value in seconds.items())
    print(f"{what}, {who}, {'single' if is_single else 'dual'}: {figures}")


async def relayed(stage: Stage) -> tuple[TcpRelay, str]:
    """A relay in front of the node's signalling, and the URL that goes through it."""
    host, _, port = stage.node.url.removeprefix("http://").partition(":")
    relay = await stage.enter(TcpRelay((host, int(port))))
    return relay, f"http://127.0.0.1:{relay.port}"


async def back_after(stage: Stage, guest: Guest, cut: Callable[[], None]) -> float:
    """Seconds from a cut to the new socket of the same participant.

    The SDK's own word comes later: it waits seconds before it says that it is connected again.
    """
    room = stage.node.rooms.find("room")
    member = room.members.find(guest.identity) if room is not None else None
    assert member is not None
    before, began = member.outbox, time.monotonic()
    cut()
    await until(lambda: member.outbox is not before and member.presence.is_signalled, "a new socket")
    return time.monotonic() - began


@pytest.mark.parametrize("who", ["publisher", "subscriber"])
def test_t2_28_cut_signalling_resumes_without_a_gap_in_media(who: str, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        relay, url = await relayed(stage)
        urls = {who: url}
        publisher = await stage.guest("publisher", is_single=is_single, url=urls.get("publisher", ""))
        subscriber = await stage.guest("subscriber", is_single=is_single, url=urls.get("subscriber", ""))
        witness = await stage.guest("witness", is_single=is_single)
        cut_one, sid = {"publisher": publisher, "subscriber": subscriber}[who], publisher.sid
        publication = await publisher.publish_tone()
        ear = await stage.enter(hearing(subscriber, publication.sid))
        lost_before = await packets_lost(subscriber, publication.sid)

        began = time.monotonic()
        back_s = await back_after(stage, cut_one, relay.cut)
        await cut_one.until_heard("reconnected")
        await ear.until_sound(time.monotonic() + 1)

        report("signalling cut", who, is_single, back_s=back_s, silence_s=ear.longest_silence_s(began))
        assert await packets_lost(subscriber, publication.sid) == lost_before
        assert publisher.sid == sid
        assert not witness.heard("participant_disconnected")
        assert len(witness.heard("participant_connected")) <= 1
        # and the new signalling works
        again = await publisher.publish_tone("another")
        await subscriber.hears_tone(again.sid)

    play(script)
