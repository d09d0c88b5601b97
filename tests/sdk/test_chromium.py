"""The unmodified `livekit-client` in a real Chromium, together with the Python SDK in both modes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET
from tests.sdk.guests import PATIENCE_S, Stage, play
from tests.services import find_program

pytestmark = [pytest.mark.sdk, pytest.mark.browser]

RED, BLUE = (220, 20, 20), (20, 20, 220)
JOIN = """async ([url, token, isSingle]) => {
  const { Room, RoomEvent } = window.LivekitClient;
  const room = new Room({ singlePeerConnection: isSingle, adaptiveStream: false });
  window.room = room;
  window.received = [];
  room.on(RoomEvent.DataReceived, (payload, from, kind, topic) =>
    window.received.push([new TextDecoder().decode(payload), from?.identity ?? '', topic]));
  await room.connect(url, token);
  await room.localParticipant.enableCameraAndMicrophone();
  return [...room.localParticipant.trackPublications.values()].map((p) => [p.kind, p.trackSid]);
}"""
SEND = """async (text) => {
  const payload = new TextEncoder().encode(text);
  await window.room.localParticipant.publishData(payload, { reliable: true, topic: 't' });
}"""
# Decoded frames and audio packets per remote track.
RECEIVED_MEDIA = """async () => {
  const found = {};
  for (const participant of window.room.remoteParticipants.values())
    for (const publication of participant.trackPublications.values()) {
      const report = await publication.track?.getRTCStatsReport();
      report?.forEach((entry) => {
        if (entry.type === 'inbound-rtp')
          found[publication.trackSid] = entry.kind === 'video' ? entry.framesDecoded : entry.packetsReceived;
      });
    }
  return found;
}"""


@contextlib.asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_program("chromium", "chromium"),
            args=[
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                "--no-sandbox",
                *flags,
            ],
        )
        yield browser
        await browser.close()


async def join(
    stage: Stage, browser: Browser, library: Path, identity: str, *, is_single: bool
) -> tuple[Page, dict[str, str]]:
    """A page in the room, and the sids it publishes by kind."""
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(stage.node.url)
    await page.add_script_tag(path=library)
    now = time.time()
    token = mint(
        api_key=API_KEY, api_secret=API_SECRET, identity=identity, name="", room="room", now=now, ttl_s=600
    )
    published = await page.evaluate(JOIN, [stage.node.url.replace("http", "ws"), token, is_single])
    return page, dict(published)


async def until_page(page: Page, script: str, condition: Any, what: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        answer = None
        try:
            while not condition(answer := await page.evaluate(script)):
                await page.wait_for_timeout(50)
        except TimeoutError:
            raise AssertionError(f"{what}: {answer}") from None


@pytest.fixture
def library(repository: Path) -> Path:
    """The npm package as it comes."""
    path = repository / "web_client/node_modules/livekit-client/dist/livekit-client.umd.js"
    assert path.exists(), "livekit-client is not installed: run `make setup`"
    return path


@pytest.mark.parametrize("is_single", [False, True], ids=["dual", "single"])
def test_browser_and_sdk_exchange_audio_video_and_data(library: Path, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        dual = await stage.guest("dual", is_single=False)
        single = await stage.guest("single", is_single=True)
        sent = [await dual.publish_colour(RED), await single.publish_colour(BLUE)]
        sent += [await dual.publish_tone(), await single.publish_tone()]
        async with chromium() as browser:
            page, published = await join(stage, browser, library, "js", is_single=is_single)

            for guest in (dual, single):
                await guest.hears_tone(published["audio"])
                await guest.sees_moving_picture(published["video"])
            await until_page(
                page,
                RECEIVED_MEDIA,
                lambda found: all(found.get(publication.sid, 0) > 10 for publication in sent),
                "media in the browser",
            )

            await page.evaluate(SEND, "from js")
            for guest in (dual, single):
                (packet,) = await guest.until_heard("data_received")
                assert (packet.data, packet.participant.identity) == (b"from js", "js")
            await dual.room.local_participant.publish_data(b"from py", topic="t")
            await until_page(
                page, "window.received", lambda got: got == [["from py", "dual", "t"]], "data in the browser"
            )

    play(script)
