"""A WHIP or WHEP client on aiortc: the one HTTP exchange, then real media both ways."""

from __future__ import annotations

import asyncio
import fractions
from types import TracebackType
from typing import Any, Self

import av
import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack, VideoStreamTrack
from aiortc.rtcrtpsender import RTCRtpSender

PATIENCE_S = 15.0
SIZE = (320, 180)
SAMPLE_RATE_HZ = 48_000
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
Colour = tuple[int, int, int]


class Picture(VideoStreamTrack):
    """One colour at aiortc's pace."""

    def __init__(self, colour: Colour) -> None:
        super().__init__()
        self._pixels = np.full((SIZE[1], SIZE[0], 3), colour, dtype=np.uint8)

    async def recv(self) -> av.VideoFrame:
        """The next frame, when it is time."""
        frame = av.VideoFrame.from_ndarray(self._pixels, format="rgb24")
        frame.pts, frame.time_base = await self.next_timestamp()
        return frame


class Tone(AudioStreamTrack):
    """440 Hz."""

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms, when it is time."""
        silent = await super().recv()
        assert isinstance(silent, av.AudioFrame) and silent.pts is not None
        start, count = silent.pts, silent.samples
        phase = 2 * np.pi * 440 * (np.arange(count) + start) / silent.sample_rate
        frame = av.AudioFrame.from_ndarray((np.sin(phase) * 12_000).astype(np.int16)[None, :], layout="mono")
        frame.pts, frame.sample_rate = start, silent.sample_rate
        frame.time_base = fractions.Fraction(1, silent.sample_rate)
        return frame


class WhipClient:
    """Async context manager; `endpoint` is the URL an operator would type into an encoder."""

    def __init__(self, endpoint: str, bearer: str) -> None:
        self.endpoint = endpoint
        self.bearer = {"Authorization": f"Bearer {bearer}"}
        self.http = httpx.AsyncClient()
        self.connection = RTCPeerConnection(RTCConfiguration([]))
        self.answer: httpx.Response
        self.tracks: dict[str, MediaStreamTrack] = {}
        self.connection.on("track", lambda track: self.tracks.__setitem__(track.kind, track))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.connection.close()
        await self.http.aclose()

    @property
    def location(self) -> str:
        """The session's URL."""
        return str(httpx.URL(self.endpoint).join(self.answer.headers["location"]))

    async def publish(self, colour: Colour, codec: str = "video/VP8") -> httpx.Response:
        """Send a tone and a picture."""
        self.connection.addTransceiver(Tone(), "sendonly")
        video = self.connection.addTransceiver(Picture(colour), "sendonly")
        _prefer(video, codec)
        return await self.exchange()

    async def watch(self) -> httpx.Response:
        """Receive one audio and one video."""
        for kind in ("audio", "video"):
            self.connection.addTransceiver(kind, "recvonly")
        return await self.exchange()

    async def exchange(self) -> httpx.Response:
        """The POST; on 201 the connection begins."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        offer = self.connection.localDescription.sdp
        self.answer = await self.http.post(self.endpoint, content=offer, headers=self.bearer | SDP)
        if self.answer.status_code == 201:
            answer = RTCSessionDescription(self.answer.text, "answer")
            await self.connection.setRemoteDescription(answer)
        return self.answer

    async def patch(self, fragment: str, **headers: str) -> httpx.Response:
        """PATCH the session."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.patch(self.location, content=fragment, headers=self.bearer | FRAGMENT | named)

    async def delete(self) -> httpx.Response:
        """DELETE the session."""
        return await self.http.delete(self.location, headers=self.bearer)

    async def sees(self, colour: Colour) -> None:
        """Wait until the decoded picture has this colour."""
        seen: Any = None
        try:
            async with asyncio.timeout(PATIENCE_S):
                while seen is None or np.abs(seen - np.array(colour)).max() >= 40:
                    frame = await self.tracks["video"].recv()
                    assert isinstance(frame, av.VideoFrame)
                    seen = frame.to_ndarray(format="rgb24").mean(axis=(0, 1))
        except TimeoutError:
            raise AssertionError(f"the viewer sees {seen}, not {colour}") from None

    async def hears_tone(self) -> None:
        """Wait until the decoded sound is loud."""
        async with asyncio.timeout(PATIENCE_S):
            loudness = 0.0
            while loudness < 1000:
                frame = await self.tracks["audio"].recv()
                assert isinstance(frame, av.AudioFrame)
                samples = frame.to_ndarray().astype(np.float64)
                loudness = float(np.sqrt(np.mean(samples**2)))


def _prefer(transceiver: RTCRtpTransceiver, codec: str) -> None:
    codecs = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([one for one in codecs if one.mimeType == codec])
