"""WHIP and WHEP with aiortc as encoder and player, and real SDK participants on the other side."""

from __future__ import annotations

import time
from typing import Any

import pytest
from livekit import rtc
from playwright.async_api import Page

from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET
from tests.sdk.guests import Guest, Stage, play, until
from tests.sdk.test_chromium import chromium, until_page
from tests.whip_client import WhipClient

pytestmark = pytest.mark.sdk

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)
Published = dict[rtc.TrackSource.ValueType, rtc.RemoteTrackPublication]
WATCH = """async ([url, token]) => {
  const connection = (window.connection = new RTCPeerConnection());
  const video = (window.video = document.createElement('video'));
  video.muted = true;
  connection.ontrack = ({ streams }) => { video.srcObject = streams[0]; void video.play(); };
  connection.addTransceiver('audio', { direction: 'recvonly' });
  connection.addTransceiver('video', { direction: 'recvonly' });
  await connection.setLocalDescription(await connection.createOffer());
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
    body: connection.localDescription.sdp,
  });
  await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  return answer.status;
}"""
# The picture's middle, as red, green and blue.
SEEN = """() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const painter = canvas.getContext('2d');
  painter.drawImage(window.video, 0, 0, 1, 1);
  return [...painter.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""
# Packets of sound; without a sound card Chromium measures no loudness.
HEARD = """async () => {
  let packets = 0;
  (await window.connection.getStats()).forEach((entry) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') packets = entry.packetsReceived;
  });
  return packets;
}"""


def token(identity: str, **grants: Any) -> str:  # Any: what mint takes
    """A room token for the stage's room."""
    return mint(
        api_key=API_KEY,
        api_secret=API_SECRET,
        identity=identity,
        name="",
        room="room",
        now=time.time(),
        ttl_s=600,
        **grants,
    )


def encoder(stage: Stage, identity: str = "encoder") -> WhipClient:
    """An encoder with a token of its own."""
    return WhipClient(f"{stage.node.url}/whip/v1", token(identity))


def player(stage: Stage, identity: str = "player", query: str = "") -> WhipClient:
    """A player with a token of its own."""
    return WhipClient(f"{stage.node.url}/whep/v1{query}", token(identity))


async def tracks_of(guest: Guest, identity: str) -> Published:
    """The other's publications by source, once there are two."""

    def published() -> Published:
        other = guest.sees(identity)
        found = other.track_publications.values() if other is not None else ()
        by_source = {publication.source: publication for publication in found}
        return by_source if len(by_source) == 2 else {}

    return await guest.until(published, f"two tracks of {identity}")


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
def test_what_an_encoder_sends_is_somebodys_camera_and_microphone(codec: str) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("guest", is_single=False)
        async with encoder(stage) as whip:
            answer = await whip.publish(RED, codec)

            assert answer.status_code == 201, answer.text
            assert "a=candidate:" in answer.text and "a=recvonly" in answer.text
            tracks = await tracks_of(guest, "encoder")
            camera = tracks[rtc.TrackSource.SOURCE_CAMERA]
            assert camera.mime_type == codec
            await guest.watches(camera.sid, RED)
            await guest.hears_tone(tracks[rtc.TrackSource.SOURCE_MICROPHONE].sid)

            assert (await whip.delete()).status_code == 200
            await guest.until(lambda: guest.sees("encoder") is None, "encoder gone")
            assert (await whip.delete()).status_code == 404

    play(script)


@pytest.mark.parametrize("codec", [rtc.VideoCodec.VP8, rtc.VideoCodec.H264], ids=["VP8", "H264"])
def test_a_player_sees_and_hears_a_participant(codec: rtc.VideoCodec.ValueType) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("guest", is_single=True)
        await guest.publish_colour(BLUE, codec=codec)
        await guest.publish_tone()
        async with player(stage) as whep:
            answer = await whep.watch()

            assert answer.status_code == 201, answer.text
            await whep.sees(BLUE)
            await whep.hears_tone()

    play(script)


@pytest.mark.browser
def test_a_player_waits_and_is_switched_on_without_being_asked() -> None:
    """In Chromium: aiortc's jitter buffer takes seconds to follow a jump of sequence numbers."""

    async def script(stage: Stage) -> None:
        async with chromium() as browser:
            page = await browser.new_page()
            await page.goto(stage.node.url)
            status = await page.evaluate(WATCH, [f"{stage.node.url}/whep/v1", token("player")])
            assert status == 201
            first = await stage.guest("first", is_single=True)
            await first.publish_colour(RED)
            await _shows(page, RED)
            second = await stage.guest("second", is_single=False)
            await second.publish_colour(GREEN)
            await second.publish_tone()
            await first.leave()
            await _shows(page, GREEN)
            await until_page(page, HEARD, lambda packets: packets > 20, "sound in the player")

            field = await stage.guest("field", is_single=True, attributes={"genba.role": "field"})
            await field.publish_colour(BLUE)
            await _shows(page, BLUE)
            await field.leave()
            await _shows(page, GREEN)

    play(script)


async def _shows(page: Page, colour: tuple[int, int, int]) -> None:
    def is_right(seen: list[int]) -> bool:
        return max(abs(one - other) for one, other in zip(seen, colour, strict=True)) < 40

    await until_page(page, SEEN, is_right, f"{colour} in the player")


def test_a_player_may_choose_whom_to_watch() -> None:
    async def script(stage: Stage) -> None:
        for identity, colour in (("one", RED), ("two", GREEN)):
            await (await stage.guest(identity, is_single=True)).publish_colour(colour)
        async with player(stage, query="?participant=two") as whep:
            await whep.watch()

            await whep.sees(GREEN)

    play(script)


def test_an_encoder_and_a_player_need_nobody_else() -> None:
    async def script(stage: Stage) -> None:
        async with encoder(stage) as whip, player(stage) as whep:
            await whip.publish(GREEN)
            await whep.watch()

            await whep.sees(GREEN)
            await whep.hears_tone()

    play(script)


def test_a_session_ends_with_its_transport() -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("guest", is_single=True)
        async with encoder(stage) as whip:
            await whip.publish(RED)
            camera = (await tracks_of(guest, "encoder"))[rtc.TrackSource.SOURCE_CAMERA]
            await guest.watches(camera.sid, RED)  # before that there is no DTLS to say good-bye on

            await whip.connection.close()

            await guest.until(lambda: guest.sees("encoder") is None, "encoder gone")
            assert (await whip.delete()).status_code == 404

    play(script)


def test_a_session_ends_when_the_server_sends_it_away() -> None:
    async def script(stage: Stage) -> None:
        async with encoder(stage) as whip:
            await whip.publish(RED)
            await stage.node.rooms.remove_participant("room", "encoder")

            assert (await whip.delete()).status_code == 404

            again = await whip.http.post(
                whip.endpoint,
                content=whip.connection.localDescription.sdp,
                headers=whip.bearer | {"Content-Type": "application/sdp"},
            )
            assert again.status_code == 201
            await stage.node.rooms.delete_room("room")
            await until(lambda: not stage.node.rooms.rooms(), "room gone")

    play(script)


def test_an_ice_restart_moves_the_session_to_new_credentials() -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("guest", is_single=True)
        async with encoder(stage) as whip:
            answer = await whip.publish(RED)
            fragment = "a=ice-ufrag:newU\r\na=ice-pwd:newPasswordOf24Characters\r\n"

            restarted = await whip.patch(fragment, If_Match="*")

            assert restarted.status_code == 200
            assert restarted.headers["etag"] != answer.headers["etag"]
            assert restarted.headers["content-type"] == "application/trickle-ice-sdpfrag"
            ufrags = [
                next(line for line in text.splitlines() if line.startswith("a=ice-ufrag:"))
                for text in (answer.text, restarted.text)
            ]
            assert ufrags[0] != ufrags[1] and "a=candidate:" in restarted.text
            # The old ones stay good while the client moves over, so media goes on.
            await guest.watches((await tracks_of(guest, "encoder"))[rtc.TrackSource.SOURCE_CAMERA].sid, RED)

    play(script)
