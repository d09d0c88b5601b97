"""Pages on the unmodified `livekit-client`: what they publish, what they ask for, what they really receive.

Figures are WebRTC statistics of the browser itself (`inbound-rtp` of the one who watches, `outbound-rtp` of
the one who sends), never what the server says.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from tests.scripted_client import token

PATIENCE_S = 20.0
LOOK_AGAIN_MS = 100
Entry = Mapping[str, Any]  # one dictionary of WebRTC statistics, its fields as the browser has them

JOIN = """async ([url, token, options]) => {
  const { Room, RoomEvent } = window.LivekitClient;
  const room = new Room({ singlePeerConnection: true, ...options });
  window.room = room;
  window.states = [];  // of streams: what livekit-client was told
  window.qualities = [];
  room.on(RoomEvent.TrackStreamStateChanged, (publication, state) => window.states.push(state));
  room.on(RoomEvent.ConnectionQualityChanged, (quality, who) =>
    window.qualities.push([who.identity, quality]));
  room.on(RoomEvent.TrackSubscribed, (track, publication) => {
    const element = track.attach();
    element.id = publication.trackSid;
    Object.assign(element.style, { width: '960px', height: '540px', display: 'block' });
    document.body.append(element);
  });
  await room.connect(url, token);
}"""
# A picture that is never still: soft blotches that drift, drawn at a camera's pace.
PUBLISH_PICTURE = """async ([width, height, options]) => {
  const random = ((seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647)(7);
  const noise = new OffscreenCanvas(width / 12 + 32, height / 12 + 32);
  const grain = noise.getContext('2d');
  const pixels = grain.createImageData(noise.width, noise.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    pixels.data.fill(random() * 255, at, at + 3);
    pixels.data[at + 3] = 255;
  }
  grain.putImageData(pixels, 0, 0);
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  document.body.append(canvas);
  const drawing = canvas.getContext('2d');
  let moment = 0;
  const rate = options.videoEncoding.maxFramerate;
  setInterval(() => {
    moment += 1;
    drawing.drawImage(noise, -3 * (moment % 100), -2 * (moment % 100), noise.width * 12, noise.height * 12);
  }, 1000 / rate);
  const [track] = canvas.captureStream(rate).getVideoTracks();
  const publication = await room.localParticipant.publishTrack(track, { source: 'camera', ...options });
  return publication.trackSid;
}"""
# Something like a voice: a tone that never pauses, so that every sample counts.
PUBLISH_VOICE = """async (options) => {
  const context = new AudioContext({ sampleRate: 48000 });
  await context.resume();
  const tone = new OscillatorNode(context, { type: 'sawtooth', frequency: 180 });
  const tremble = new OscillatorNode(context, { frequency: 4 });
  const depth = new GainNode(context, { gain: 0.2 });
  const level = new GainNode(context, { gain: 0.4 });
  const out = context.createMediaStreamDestination();
  tone.connect(level).connect(out);
  tremble.connect(depth).connect(level.gain);
  tone.start();
  tremble.start();
  const [track] = out.stream.getAudioTracks();
  const publication = await room.localParticipant.publishTrack(track, { source: 'microphone', ...options });
  return publication.trackSid;
}"""
INBOUND = """async (sid) => {
  for (const participant of room.remoteParticipants.values()) {
    const report = await participant.getTrackPublicationByIdentifier?.(sid)?.track?.getRTCStatsReport()
      ?? await participant.trackPublications.get(sid)?.track?.getRTCStatsReport();
    for (const entry of report?.values() ?? []) if (entry.type === 'inbound-rtp') return entry;
  }
  return {};
}"""
OUTBOUND = """async (sid) => {
  const entries = [];
  const publication = room.localParticipant.trackPublications.get(sid);
  const report = await publication?.track?.getRTCStatsReport();
  for (const entry of report?.values() ?? []) if (entry.type === 'outbound-rtp') entries.push(entry);
  return entries;
}"""
ASK = """async ([sid, wish, argument]) => {
  for (const participant of room.remoteParticipants.values())
    participant.trackPublications.get(sid)?.[wish](argument);
}"""


@dataclass
class Caller:
    """One page in the room."""

    page: Page
    identity: str

    async def publish_picture(
        self, size: tuple[int, int] = (960, 540), *, bitrate_bps: int = 1_200_000, **options: Any
    ) -> str:
        """Publish a moving picture with `livekit-client`'s own publish options; its sid."""
        encoding = {"maxBitrate": bitrate_bps, "maxFramerate": 15}
        chosen = {"videoCodec": "vp8", "simulcast": True, "backupCodec": False, "videoEncoding": encoding}
        return str(await self.page.evaluate(PUBLISH_PICTURE, [*size, chosen | options]))

    async def publish_voice(self, *, bitrate_bps: int, red: bool = True) -> str:
        """Publish a steady voice; its sid."""
        options = {"audioPreset": {"maxBitrate": bitrate_bps}, "dtx": False, "red": red}
        return str(await self.page.evaluate(PUBLISH_VOICE, options))

    async def ask(self, sid: str, wish: str, argument: Any) -> None:
        """Call a method of the remote publication, such as `setVideoQuality`."""
        await self.page.evaluate(ASK, [sid, wish, argument])

    async def inbound(self, sid: str) -> Entry:
        """Statistics of a received track; empty before anything came."""
        return dict(await self.page.evaluate(INBOUND, sid))

    async def outbound(self, sid: str) -> dict[str, Entry]:
        """Statistics of a sent track by rid, that is by encoding; a single one is called ""."""
        return {entry.get("rid", ""): entry for entry in await self.page.evaluate(OUTBOUND, sid)}

    async def receives(
        self, sid: str, condition: Callable[[Entry], object], what: str, patience_s: float = PATIENCE_S
    ) -> float:
        """Wait until the statistics of a received track are so; seconds waited."""
        return await self._until(lambda: self.inbound(sid), condition, what, patience_s)

    async def sends(
        self,
        sid: str,
        condition: Callable[[dict[str, Entry]], object],
        what: str,
        patience_s: float = PATIENCE_S,
    ) -> float:
        """The same for a sent track."""
        return await self._until(lambda: self.outbound(sid), condition, what, patience_s)

    async def knows(
        self, script: str, condition: Callable[[Any], object], what: str, patience_s: float = PATIENCE_S
    ) -> float:
        """Wait until an expression of the page is so; seconds waited."""
        return await self._until(lambda: self.page.evaluate(script), condition, what, patience_s)

    async def _until(
        self,
        ask: Callable[[], Any],
        condition: Callable[[Any], object],
        what: str,
        patience_s: float,
    ) -> float:
        began = time.monotonic()
        answer: Any = None
        try:
            async with asyncio.timeout(patience_s):
                while not condition(answer := await ask()):
                    await self.page.wait_for_timeout(LOOK_AGAIN_MS)
        except TimeoutError:
            raise AssertionError(f"{self.identity}: {what}: {answer}") from None
        return time.monotonic() - began


async def caller(browser: Browser, url: str, library: Path, identity: str, **options: Any) -> Caller:
    """A page in the room, in a browser context of its own; `options` are `livekit-client`'s room options."""
    page = await (await browser.new_context(viewport={"width": 1000, "height": 1200})).new_page()
    await page.goto(url)
    await page.add_script_tag(path=library)
    await page.evaluate(JOIN, [url.replace("http", "ws"), token(identity), options])
    return Caller(page, identity)
