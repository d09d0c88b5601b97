"""The unmodified `livekit-client` in a real Chromium through cuts, simulated faults and a new server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from livekit import rtc
from playwright.async_api import Error, Page

from tests.livekit_node import SETTINGS, LiveKitNode
from tests.node_process import node_process
from tests.scripted_client import token
from tests.sdk.guests import Stage, play
from tests.sdk.hearing import hearing
from tests.sdk.lines import Lines, relayed_node
from tests.sdk.test_chromium import chromium, library, until_page
from tests.sdk.test_recovery import relayed, report

__all__ = ["library"]  # a fixture
pytestmark = [pytest.mark.sdk, pytest.mark.browser]

MODES = pytest.mark.parametrize("is_single", [False, True], ids=["dual", "single"])
# A field worker's client: it would rather ask once too often than stay silent for seven seconds.
TIGHT = [0, 300, *[1000] * 60]
JOIN = """async ([url, token, isSingle, delays]) => {
  const { Room, RoomEvent, DefaultReconnectPolicy } = window.LivekitClient;
  const policy = delays.length ? { reconnectPolicy: new DefaultReconnectPolicy(delays) } : {};
  // Without the SDK's own farewell on leaving the page: what is left is what the browser does.
  const room = new Room({ singlePeerConnection: isSingle, disconnectOnPageLeave: false, ...policy });
  window.room = room;
  window.happened = [];
  for (const name of ['Reconnecting', 'SignalReconnecting', 'Reconnected', 'Disconnected'])
    room.on(RoomEvent[name], (detail) => window.happened.push([name, detail ?? null]));
  await room.connect(url, token);
  await room.localParticipant.setMicrophoneEnabled(true);
}"""
HAPPENED = "() => window.happened.map(([name]) => name)"


@asynccontextmanager
async def caller(url: str, library: Path, *, is_single: bool, delays: list[int]) -> AsyncIterator[Page]:
    """A page that publishes its (beeping) fake microphone; `delays` replace the SDK's own retries."""
    async with chromium() as browser:
        page = await (await browser.new_context(permissions=["microphone"])).new_page()
        await page.goto(url)
        await page.add_script_tag(path=library)
        arguments = [url.replace("http", "ws"), token("js"), is_single, delays]
        await page.evaluate(JOIN, arguments)
        yield page


async def until_reconnected(page: Page, count: int) -> None:
    """Wait until the SDK has said so that many times."""
    await until_page(
        page, HAPPENED, lambda names: names.count("Reconnected") >= count, f"reconnected ×{count}"
    )


@MODES
def test_t2_28_30_31_cuts_and_simulated_faults_heal(library: Path, is_single: bool) -> None:
    # What a scenario does to the participant: keeps its sid (resumed), or makes a new one (joined anew).
    scenarios = {
        "signal-reconnect": True,
        "disconnect-signal-on-resume": True,
        "disconnect-signal-on-resume-no-messages": True,
        "leave-full-reconnect": False,
        "node-failure": False,
        "migration": False,
        "force-tcp": False,
    }

    async def script(stage: Stage) -> None:
        relay, url = await relayed(stage)
        listener = await stage.guest("listener", is_single=is_single)
        async with caller(url, library, is_single=is_single, delays=[]) as page:
            await listener.until_heard("track_subscribed")
            sid = await page.evaluate("() => room.localParticipant.sid")

            relay.cut()
            await until_reconnected(page, 1)
            assert await page.evaluate("() => room.localParticipant.sid") == sid

            for count, (scenario, keeps_sid) in enumerate(scenarios.items(), start=2):
                await page.evaluate("(name) => room.simulateScenario(name)", scenario)
                await until_reconnected(page, count)
                before, sid = sid, await page.evaluate("() => room.localParticipant.sid")
                assert (before == sid) is keeps_sid, scenario
                (track_sid,) = await page.evaluate(
                    "() => [...room.localParticipant.trackPublications.keys()]"
                )
                await listener.hears_tone(track_sid)

            room = stage.node.rooms.find("room")
            assert room is not None
            (member,) = [member for member in room.members if member.identity == "js"]
            assert {transport.protocol for transport in member.peer.transports()} == {"tcp"}
            await page.evaluate("() => room.simulateScenario('server-leave')")
            await until_page(page, HAPPENED, lambda names: "Disconnected" in names, "sent away")

    play(script, LiveKitNode(replace(SETTINGS, may_simulate=True)))


@pytest.mark.parametrize("delays", [[], TIGHT], ids=["as it comes", "tight"])
@MODES
def test_t2_32_browser_comes_back_to_a_server_that_starts_again(
    library: Path, is_single: bool, delays: list[int]
) -> None:
    async def script(stage: Stage) -> None:
        async with node_process() as first:
            listener = await stage.guest("listener", is_single=is_single, url=first.url)
            async with caller(first.url, library, is_single=is_single, delays=delays) as page:
                ear = await stage.enter(hearing(listener))
                ended_at = time.monotonic()
                await first.kill()
                async with node_process(first.same_ports):
                    answers_at = time.monotonic()
                    heard_at = await ear.until_sound(answers_at)
                    report(
                        "server killed, browser",
                        "tight" if delays else "as it comes",
                        is_single,
                        process_was_gone_s=answers_at - ended_at,
                        heard_after_s=heard_at - ended_at,
                    )
                    assert "Disconnected" not in await page.evaluate(HAPPENED)
                    await listener.leave()

    play(script)


@pytest.mark.parametrize("end", ["closed", "crashed"])
@MODES
def test_closed_tab_is_gone_at_once(library: Path, is_single: bool, end: str) -> None:
    async def script(stage: Stage) -> None:
        listener = await stage.guest("listener", is_single=is_single)
        async with caller(stage.node.url, library, is_single=is_single, delays=[]) as page:
            await listener.until_heard("track_subscribed")
            began = time.monotonic()
            if end == "closed":
                await page.close()
            else:
                with contextlib.suppress(Error):  # the page dies under it
                    await page.goto("chrome://crash")
            (gone,) = await listener.until_heard("participant_disconnected")

            report("tab " + end, "publisher", is_single, gone_s=time.monotonic() - began)
            assert gone.disconnect_reason == rtc.DisconnectReason.SIGNAL_CLOSE

    play(script)


@pytest.mark.long
def test_browser_with_a_tight_policy_is_back_soon_after_a_blackout(library: Path) -> None:
    async def script(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        relay, url = await relayed(stage)
        listener = await stage.guest("listener", is_single=True)
        async with caller(url, library, is_single=True, delays=TIGHT) as page:
            ear = await stage.enter(hearing(listener))

            lines.accesses["js"].set(is_down=True)
            relay.set_down(True)
            await asyncio.sleep(30)  # the blackout itself
            lines.accesses["js"].set(is_down=False)
            relay.set_down(False)
            began = time.monotonic()
            heard_s = await ear.until_sound(began) - began

            report("blackout of 30 s, browser", "publisher", True, heard_s=heard_s)
            assert "Disconnected" not in await page.evaluate(HAPPENED)

    play(script, relayed_node())
