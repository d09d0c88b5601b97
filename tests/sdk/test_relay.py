"""Participants who reach nothing but a real coturn: the SDK over TURN, Chromium over TURN in TLS."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvloop
from livekit import rtc
from livekit.rtc._proto import stats_pb2  # the SDK exports no names for single statistics

from signaling.rtc.ice_servers import TurnSettings
from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET, SETTINGS, LiveKitNode
from tests.sdk.guests import Guest, Stage, play, until
from tests.sdk.test_chromium import chromium, library, until_page
from tests.sdk.test_doctor import doctor
from tests.services import Coturn

pytestmark = [pytest.mark.sdk, pytest.mark.service]

__all__ = ["library"]

RED, BLUE = (220, 20, 20), (20, 20, 220)
JOIN_BY_RELAY = """async ([url, token]) => {
  const { Room } = window.LivekitClient;
  const room = new Room({ singlePeerConnection: true, adaptiveStream: false });
  window.room = room;
  await room.connect(url, token, { rtcConfig: { iceTransportPolicy: 'relay' } });
  await room.localParticipant.enableCameraAndMicrophone();
  return [...room.localParticipant.trackPublications.values()].map((p) => [p.kind, p.trackSid]);
}"""
# What each selected local candidate is, how it reaches its relay, and how many pictures were decoded.
PATHS = """async () => {
  const found = { frames: 0 };
  for (const participant of [window.room.localParticipant, ...window.room.remoteParticipants.values()])
    for (const publication of participant.trackPublications.values()) {
      const report = await publication.track?.getRTCStatsReport();
      report?.forEach((entry) => {
        if (entry.type === 'inbound-rtp' && entry.kind === 'video') found.frames += entry.framesDecoded;
        if (entry.type !== 'transport') return;
        const local = report.get(report.get(entry.selectedCandidatePairId)?.localCandidateId);
        if (local) Object.assign(found, { kind: local.candidateType, protocol: local.relayProtocol });
      });
    }
  return found;
}"""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Coturn]:
    with Coturn(tmp_path) as coturn:
        yield coturn


def _node(relay: Coturn, *urls: str) -> LiveKitNode:
    return LiveKitNode(replace(SETTINGS, turn=TurnSettings(urls, relay.secret, ttl_s=600)))


def _token(identity: str) -> str:
    return mint(
        api_key=API_KEY,
        api_secret=API_SECRET,
        identity=identity,
        name="",
        room="room",
        now=time.time(),
        ttl_s=600,
    )


@pytest.mark.parametrize("is_single", [False, True], ids=["dual", "single"])
def test_an_sdk_that_may_only_use_the_relay_exchanges_media(relay: Coturn, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        direct = await stage.guest("direct", is_single=True)
        relayed = await stage.guest_with(
            _token("relayed"),
            "relayed",
            is_single=is_single,
            rtc_config=rtc.RtcConfiguration(ice_transport_type=rtc.IceTransportType.TRANSPORT_RELAY),
        )

        sent = await relayed.publish_colour(RED)
        answered = await direct.publish_colour(BLUE)

        await direct.watches(sent.sid, RED)
        await relayed.watches(answered.sid, BLUE)
        assert await _local_candidate_kinds(relayed) == {stats_pb2.IceCandidateType.RELAY}

    play(script, _node(relay, f"turn:127.0.0.1:{relay.port}?transport=udp"))


async def _local_candidate_kinds(guest: Guest) -> set[stats_pb2.IceCandidateType.ValueType]:
    """What kind of candidate each of the guest's peer connections sends from."""
    stats = await guest.room.get_rtc_stats()
    found = set()
    for side in (stats.publisher_stats, stats.subscriber_stats):
        pairs = {s.candidate_pair.rtc.id: s.candidate_pair.candidate_pair for s in side}
        locals_ = {s.local_candidate.rtc.id: s.local_candidate.candidate for s in side}
        for one in (s.transport.transport for s in side if s.HasField("transport")):
            found.add(locals_[pairs[one.selected_candidate_pair_id].local_candidate_id].candidate_type)
    return found


@pytest.mark.browser
def test_chromium_exchanges_media_through_the_relay_over_tls(relay: Coturn, library: Path) -> None:
    async def script(stage: Stage) -> None:
        direct = await stage.guest("direct", is_single=True)
        await direct.publish_colour(RED)
        async with chromium("--ignore-certificate-errors") as browser:
            page = await (await browser.new_context(permissions=["camera", "microphone"])).new_page()
            await page.goto(stage.node.url)
            await page.add_script_tag(path=library)
            url = stage.node.url.replace("http", "ws")
            published = dict(await page.evaluate(JOIN_BY_RELAY, [url, _token("browser")]))

            await direct.sees_moving_picture(published["video"])
            await until_page(
                page,
                PATHS,
                lambda found: found["frames"] > 10 and (found["kind"], found["protocol"]) == ("relay", "tls"),
                "media through the relay",
            )

    play(script, _node(relay, f"turns:127.0.0.1:{relay.tls_port}?transport=tcp"))


@pytest.mark.parametrize("secret", ["", "guessed"], ids=["right secret", "wrong secret"])
def test_the_doctor_says_whether_the_relay_carries_calls(relay: Coturn, tmp_path: Path, secret: str) -> None:
    url = f"turn:127.0.0.1:{relay.port}?transport=udp"
    told = TurnSettings((url,), secret or relay.secret, ttl_s=600)
    environment = {**os.environ, "GENBA_TURN_URLS": url, "GENBA_TURN_SECRET": told.secret}

    async def examine() -> dict[str, Any]:
        async with LiveKitNode(replace(SETTINGS, turn=told)) as node:
            _, findings = await doctor(node.url, tmp_path / "none", environment=environment)
            # An SDK that could not join tries again until the doctor ends, and so may have made it anew.
            await until(lambda: not node.rooms.rooms(), "the doctor's room gone")
            return findings

    findings = uvloop.run(examine())

    assert findings["relay"]["verdict"] == ("red" if secret else "green"), findings["relay"]
    assert findings["join"]["verdict"] == "green"
