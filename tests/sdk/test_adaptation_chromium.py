"""What a browser gets on a bad line, and what it is spared: tier T2 with the unmodified `livekit-client`.

Everybody's media goes through a seeded relay. Figures are printed for those who run this with `-rP`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from media import Producer
from tests.network import Access
from tests.sdk.guests import Stage, play
from tests.sdk.lines import SOON_S, Lines, relayed_node, report, requests
from tests.sdk.pages import Caller, Entry, caller
from tests.sdk.test_chromium import chromium, library

__all__ = ["library"]  # a fixture
pytestmark = [pytest.mark.sdk, pytest.mark.browser]

LOW, HIGH = 0, 2
WIDE = 960


@dataclass
class Scene:
    """One browser with pages in one room, each on a line of its own."""

    stage: Stage
    lines: Lines
    browser: Browser
    library: Path

    async def enters(self, identity: str, **options: Any) -> Caller:
        """A page in the room."""
        return await caller(self.browser, self.stage.node.url, self.library, identity, **options)

    def producer(self, sid: str) -> Producer:
        """The server's end of a published track."""
        room = self.stage.node.rooms.find("room")
        members = room.members if room is not None else ()
        tracks = [track for member in members if (track := member.publications.find(sid)) is not None]
        (producer,) = [track.producer for track in tracks]
        assert producer is not None
        return producer


def on_scene(library: Path, script: Any) -> None:
    """Run a script with a scene."""

    async def run(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        flags = ["--autoplay-policy=no-user-gesture-required", "--disable-gpu"]
        async with chromium(*flags) as browser:
            await script(Scene(stage, lines, browser, library))

    play(run, relayed_node())


def width_is(width: int) -> Any:
    """Whether a received picture has this width and is decoded."""
    return lambda entry: entry.get("frameWidth") == width and entry.get("framesDecoded", 0) > 0


async def frames_flow(page: Caller, sid: str, count: int = 10) -> None:
    """Wait until so many further frames were decoded."""
    before = (await page.inbound(sid)).get("framesDecoded", 0)
    await page.receives(sid, lambda e: e.get("framesDecoded", 0) >= before + count, f"{count} more frames")


def test_t2_21_22_23_what_is_watched_is_sent_and_nothing_else(library: Path) -> None:
    async def script(scene: Scene) -> None:
        publisher = await scene.enters("publisher", dynacast=True)
        sid = await publisher.publish_picture()
        watcher = await scene.enters("watcher", adaptiveStream=False)
        hider = await scene.enters("hider", adaptiveStream=True)

        # 21: the layer follows the size that is asked for
        await watcher.receives(sid, width_is(WIDE), "the largest layer")
        for width, height in ((300, 168), (500, 281), (WIDE, 540)):
            await watcher.ask(sid, "setVideoDimensions", {"width": width, "height": height})
            covering = next(w for w in (320, 640, WIDE) if w >= width)
            waited_s = await watcher.receives(sid, width_is(covering), f"{covering} for {width}")
            report("21 layer by size", width=covering, after_s=waited_s)

        # 22: hidden means no RTP, visible means a picture at once
        await hider.receives(sid, lambda e: e.get("framesDecoded", 0) > 5, "an adaptive picture")
        await hider.page.evaluate("(sid) => document.getElementById(sid).style.display = 'none'", sid)
        await stands_still(hider, sid)
        frames = (await hider.inbound(sid))["framesDecoded"]
        await hider.page.evaluate("(sid) => document.getElementById(sid).style.display = 'block'", sid)
        shown_s = await hider.receives(sid, lambda e: e["framesDecoded"] > frames, "a picture again")
        report("22 visible again", first_picture_s=shown_s)
        assert shown_s < 1

        # 23: nobody watches the large layers, nobody watches at all, and back
        for page in (watcher, hider):
            await page.ask(sid, "setVideoQuality", LOW)
        await stops(publisher, sid, {"h", "f"})
        assert "q" not in await silent(publisher, sid)
        for page in (watcher, hider):
            await page.ask(sid, "setEnabled", False)
        await stops(publisher, sid, {"q", "h", "f"})
        await watcher.ask(sid, "setEnabled", True)
        await watcher.ask(sid, "setVideoQuality", HIGH)
        back_s = await watcher.receives(sid, width_is(WIDE), "the largest layer after all was off")
        report("23 from nothing to the largest", after_s=back_s)
        assert not await silent(publisher, sid)

    on_scene(library, script)


async def stands_still(page: Caller, sid: str) -> None:
    """Wait until a track's packets stop coming."""
    packets = -1

    def stopped(entry: Entry) -> bool:
        nonlocal packets
        before, packets = packets, entry["packetsReceived"]
        return bool(before == packets)

    await page.receives(sid, stopped, "no more packets")


async def silent(page: Caller, sid: str) -> set[str]:
    """Encodings that send nothing during half a second."""
    before = await page.outbound(sid)
    await page.page.wait_for_timeout(500)
    after = await page.outbound(sid)
    return {rid for rid in after if after[rid]["packetsSent"] == before[rid]["packetsSent"]}


async def stops(page: Caller, sid: str, rids: set[str]) -> None:
    """Wait until these encodings are sent no more."""
    async with asyncio.timeout(20):
        while not rids <= await silent(page, sid):
            pass
    report(f"23 {'/'.join(sorted(rids))} are not sent", count=len(rids))


def test_t2_24_at_five_percent_loss_nearly_everything_lost_is_recovered(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(scene: Scene) -> None:
        publisher = await scene.enters("publisher")
        watcher = await scene.enters("watcher")
        sid = await publisher.publish_picture()
        await watcher.receives(sid, width_is(WIDE), "the largest layer")
        line = scene.lines.accesses["watcher"]
        producer = scene.producer(sid)
        streams = producer.streams
        before = await watcher.inbound(sid)
        asked_up, asked_down = requests(monkeypatch, producer, streams.values())
        for access in scene.lines.accesses.values():
            access.set(delay_s=0.02, loss=0.05)

        def lost_up() -> int:
            return sum(stream.reception.lost for stream in streams.values())

        await watcher.receives(
            sid, lambda _: line.down.lost >= 40 and lost_up() >= 40, "enough losses", patience_s=60
        )
        lost_down = line.down.lost
        for access in scene.lines.accesses.values():
            access.set(loss=0.0)
        await frames_flow(watcher, sid)  # by then the last repairs have come as well

        entry = await watcher.inbound(sid)
        up = sum(stream.reception.recovered for stream in streams.values()) / lost_up()
        # What cannot be repaired any more is answered by a request for a key frame.
        down = 1 - (entry["pliCount"] - before["pliCount"]) / lost_down
        report("24 recovered at 5 % loss", down=down, up=up, lost_down=lost_down, lost_up=lost_up())
        at_once_down, at_once_up = asked_down.answered_within(SOON_S), asked_up.answered_within(SOON_S)
        report("24 of them within a round trip", down=at_once_down, up=at_once_up)
        frozen_s = entry["totalFreezesDuration"] - before["totalFreezesDuration"]
        frames = entry["framesDecoded"] - before["framesDecoded"]
        report("24 of the picture", frames=frames, frozen_s=frozen_s)
        assert up >= 0.95
        assert down >= 0.95

    on_scene(library, script)


def test_t2_26_37_picture_and_quality_follow_the_line_down_and_up(library: Path) -> None:
    async def script(scene: Scene) -> None:
        publisher = await scene.enters("publisher")
        watcher = await scene.enters("watcher")
        sid = await publisher.publish_picture()
        line = scene.lines.accesses["watcher"]
        line.set(delay_s=0.02)
        line.set_down(rate_bps=2_000_000)
        await watcher.receives(sid, width_is(WIDE), "the largest layer")
        qualities = "() => qualities.filter(([who]) => who === 'watcher').map(([_, quality]) => quality)"

        line.set_down(rate_bps=256_000)
        down_s = await watcher.receives(sid, lambda e: e["frameWidth"] < WIDE, "a smaller layer")
        report("26 from 2 Mbit/s to 256 kbit/s", smaller_after_s=down_s)
        await frames_flow(watcher, sid)
        line.set_down(rate_bps=64_000)
        paused_s = await watcher.knows("() => states", lambda s: s[-1:] == ["paused"], "paused")
        poor_s = await watcher.knows(qualities, lambda q: q[-1:] == ["poor"], "poor quality")
        report("26 at 64 kbit/s", paused_after_s=paused_s, poor_after_s=paused_s + poor_s)

        line.set_down(rate_bps=2_000_000)
        active_s = await watcher.knows("() => states", lambda s: s[-1] == "active", "active", patience_s=60)
        up_s = active_s + await watcher.receives(
            sid, width_is(WIDE), "the largest layer again", patience_s=60
        )
        well_s = up_s + await watcher.knows(
            qualities, lambda q: q[-1] == "excellent", "excellent quality", 60
        )
        report("26 back to 2 Mbit/s", active_after_s=active_s, largest_after_s=up_s, excellent_after_s=well_s)
        for page in (publisher, watcher):
            assert "lost" not in str(await page.page.evaluate("() => qualities"))

    on_scene(library, script)


@dataclass(frozen=True)
class VoiceLine:
    """What the way to one listener is like."""

    delay_s: float = 0.02
    loss: float = 0.0
    rate_bps: float = float("inf")


VOICE_LINES = {
    "lossy": {
        "15 % loss": VoiceLine(loss=0.15),
        "5 % loss, 600 ms": VoiceLine(0.3, 0.05),
        "20 % loss, 600 ms": VoiceLine(0.3, 0.20),
    },
    "narrow": {"64 kbit/s": VoiceLine(rate_bps=64_000), "32 kbit/s": VoiceLine(rate_bps=32_000)},
}


@pytest.mark.parametrize("kind", VOICE_LINES)
def test_t2_27_voice_is_heard_through_loss_and_on_narrow_lines(library: Path, kind: str) -> None:
    async def script(scene: Scene) -> None:
        publisher = await scene.enters("publisher")
        sid = await publisher.publish_voice(bitrate_bps=24_000)
        listeners: dict[str, Caller] = {}
        for name, line in VOICE_LINES[kind].items():
            access = scene.lines.accesses[name] = Access()
            access.set(delay_s=line.delay_s)
            access.set_down(loss=line.loss, rate_bps=line.rate_bps, queue_s=1.0)
            listeners[name] = await scene.enters(name)
            await listeners[name].receives(sid, lambda e: e.get("packetsReceived", 0) > 5, "a voice")
        for name, page in listeners.items():
            # The line is learned in the first seconds; from then on the voice is whole.
            waited_s, share = 0.0, 1.0
            before = await heard(page, sid, 4.0, {})
            while share >= 0.05 and waited_s < 60:
                entry = await heard(page, sid, 6.0, before)
                samples = entry["totalSamplesReceived"] - before["totalSamplesReceived"]
                share = (entry["concealedSamples"] - before["concealedSamples"]) / samples
                report(
                    f"27 {name}",
                    after_s=waited_s,
                    concealed_percent=100 * share,
                    packets_per_s=48_000 * (entry["packetsReceived"] - before["packetsReceived"]) / samples,
                    payload_kbps=8 * 48 * (entry["bytesReceived"] - before["bytesReceived"]) / samples,
                )
                waited_s += samples / 48_000
                before = entry
            assert share < 0.05, name

    on_scene(library, script)


async def heard(page: Caller, sid: str, for_s: float, since: Entry) -> Entry:
    """Statistics once so much more sound was played out."""
    until = since.get("totalSamplesReceived", 0) + for_s * 48_000
    await page.receives(sid, lambda e: e.get("totalSamplesReceived", 0) >= until, "sound", patience_s=40)
    return await page.inbound(sid)


@pytest.mark.parametrize("codec", ["vp9", "av1"])
def test_t3_53_small_layer_of_a_layered_stream_and_the_large_one_again(library: Path, codec: str) -> None:
    async def script(scene: Scene) -> None:
        publisher = await scene.enters("publisher", dynacast=False)
        # a slow machine must not shrink the picture
        sid = await publisher.publish_picture(videoCodec=codec, degradationPreference="maintain-resolution")
        watcher = await scene.enters("watcher")
        other = await scene.enters("other")
        for page in (watcher, other):
            await page.receives(sid, width_is(WIDE), "the whole picture", patience_s=60)
        sent = (await publisher.outbound(sid))[""]
        assert sent["scalabilityMode"] == "L3T3_KEY", sent["scalabilityMode"]

        for quality, width in ((LOW, 240), (HIGH, WIDE), (1, 480), (HIGH, WIDE)):
            before = await watcher.inbound(sid)
            await watcher.ask(sid, "setVideoQuality", quality)
            waited_s = await watcher.receives(sid, width_is(width), f"a picture {width} wide", patience_s=60)
            await frames_flow(watcher, sid, 20)
            after = await watcher.inbound(sid)
            frozen_s = after["totalFreezesDuration"] - before["totalFreezesDuration"]
            report(f"53 {codec}", width=width, after_s=waited_s, frozen_s=frozen_s)
        seen = await other.inbound(sid)
        report(f"53 {codec}, who changed nothing", width=seen["frameWidth"], freezes=seen["freezeCount"])
        assert seen["frameWidth"] == WIDE

    on_scene(library, script)


SET_PRIORITY = """([sid, priority]) => room.engine.client.sendUpdateTrackSettings(
  { trackSids: [sid], width: 960, height: 540, priority })"""


def test_t3_68_the_more_important_picture_is_the_larger_one(library: Path) -> None:
    async def script(scene: Scene) -> None:
        first = await scene.enters("first")
        second = await scene.enters("second")
        sids = [await page.publish_picture((640, 360), bitrate_bps=500_000) for page in (first, second)]
        watcher = await scene.enters("watcher")
        for sid in sids:
            await watcher.receives(sid, lambda e: e.get("framesDecoded", 0) > 0, "a picture")
        line = scene.lines.accesses["watcher"]
        line.set(delay_s=0.02)
        line.set_down(rate_bps=700_000)
        for important, other in (sids, sids[::-1]):
            for sid, priority in ((other, 9), (important, 1)):  # the web client has no word for it yet
                await watcher.page.evaluate(SET_PRIORITY, [sid, priority])
            large_s = await watcher.receives(important, width_is(640), "the important one large")
            small_s = await watcher.receives(other, lambda e: e["frameWidth"] < 640, "the other one small")
            report("68 priority", large_after_s=large_s, other_small_after_s=large_s + small_s)

    on_scene(library, script)
