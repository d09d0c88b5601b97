"""A subscriber's link goes 2 Mbit/s, 256, 64, 24 kbit/s and back: what they get, and when it is decided.

Two participants on the unmodified SDK; the publisher sends a tone and a moving, simulcast picture, and only
the way down to the subscriber is narrow. Rates, sizes of the picture and concealed sound are the subscriber's
own statistics; a decision is a change of the picture's size, or between moving, stills and nothing, as the
subscriber sees it. The plot is build/adaptation.svg.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from jwt.warnings import InsecureKeyLengthWarning
from livekit import rtc

from tests import moving_picture
from tests.bench._far_server import FarServer
from tests.bench._plot import Band, Series, plot
from tests.bench._tone import tone

Figures = dict[str, float | str]

PLOT = Path(__file__).resolve().parent.parent.parent / "build" / "adaptation.svg"
RUNS = 1
STEPS: tuple[tuple[float, float], ...] = (  # (kbit/s, seconds)
    (2000, 20),
    (256, 15),
    (64, 15),
    (24, 15),
    (64, 15),
    (256, 15),
    (2000, 25),
)
VOICE_ONLY_KBPS = 64  # a picture that has stopped there has nothing to decide
DELAY_S = 0.02  # each way
SAMPLE_S = 0.5
MOVING_FRAMES, MOVING_S = 4, 2.0  # at least so many in so long are a moving picture
STOPPED_S = 11.0  # without a frame: up to ten seconds are between two stills
SIZE = (960, 540)
FRAMES_PER_S = 15
BITRATE_BPS = 1_200_000
SUBSCRIBE_TIMEOUT_S = 20.0
COLOURS = ("#9fc5e8", "#b6d7a8", "#ffe599", "#f9cb9c")
STILLS_COLOUR, STOPPED_COLOUR = "#d5a6bd", "#ea9999"
WARM_UP_S = 10.0  # the publisher's own estimate grows, and with it the encodings it sends
BUDGETS = {f"down_to_{kbps}_s": 3.0 for kbps in (256, 64)} | {
    "to_and_fro": 0.0,
    **{f"up_to_{kbps}_s": 10.0 for kbps in (256, 2000)},
    **{f"concealed_at_{kbps}_percent": 5.0 for kbps in (2000, 256, 64)},
}


@dataclass(frozen=True, slots=True)
class Sample:
    """Totals of one subscriber at one moment; `width` is the picture's."""

    at_s: float
    video_bytes: int
    audio_bytes: int
    width: int
    frames: int
    concealed: int
    samples: int


@dataclass(frozen=True, slots=True)
class Phase:
    """The link had this rate from then to then."""

    kbps: float
    start_s: float
    end_s: float


def run() -> Figures:
    """The whole way down and up; two minutes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)  # a development server's well-known secret
        samples, phases = asyncio.run(_measure())
    bands = decisions(samples)
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(_plotted(samples, phases, bands), encoding="utf-8")
    return _condensed(samples, phases, bands)


async def _measure() -> tuple[list[Sample], list[Phase]]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FarServer())
        publisher = await server.join("publisher")
        stack.push_async_callback(publisher.disconnect)
        await stack.enter_async_context(tone(publisher))
        await stack.enter_async_context(_moving_picture(publisher))
        subscriber = await server.join("subscriber")
        stack.push_async_callback(subscriber.disconnect)
        tracks = await _subscribed(subscriber)
        access = server.access["subscriber"]
        access.set(delay_s=DELAY_S)
        phases: list[Phase] = []
        samples: list[Sample] = []
        began = time.monotonic()
        for kbps, seconds in STEPS:
            access.set_down(rate_bps=kbps * 1000)
            start_s = time.monotonic() - began
            while (now_s := time.monotonic() - began) < start_s + seconds:
                samples.append(await _sample(now_s, tracks))
                await asyncio.sleep(SAMPLE_S)
            phases.append(Phase(kbps, start_s, now_s))
    return samples, phases


async def _subscribed(room: rtc.Room) -> dict[int, rtc.Track]:
    async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
        while True:
            tracks: dict[int, rtc.Track] = {
                publication.track.kind: publication.track
                for remote in room.remote_participants.values()
                for publication in remote.track_publications.values()
                if publication.track is not None
            }
            if len(tracks) == 2:
                return tracks
            await asyncio.sleep(0.05)


async def _sample(at_s: float, tracks: dict[int, rtc.Track]) -> Sample:
    audio, video = [
        next(
            (s.inbound_rtp.inbound for s in await tracks[kind].get_stats() if s.HasField("inbound_rtp")), None
        )
        for kind in (rtc.TrackKind.KIND_AUDIO, rtc.TrackKind.KIND_VIDEO)
    ]
    return Sample(
        at_s,
        video.bytes_received if video else 0,
        audio.bytes_received if audio else 0,
        video.frame_width if video else 0,
        video.frames_decoded if video else 0,
        audio.concealed_samples if audio else 0,
        audio.total_samples_received if audio else 0,
    )


@asynccontextmanager
async def _moving_picture(room: rtc.Room) -> AsyncIterator[None]:
    """Publish one as a camera's."""
    source = rtc.VideoSource(*SIZE)
    track = rtc.LocalVideoTrack.create_video_track("picture", source)
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        simulcast=True,
        video_codec=rtc.VideoCodec.VP8,
        video_encoding=rtc.VideoEncoding(max_bitrate=BITRATE_BPS, max_framerate=FRAMES_PER_S),
    )
    await room.local_participant.publish_track(track, options)
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(moving_picture.play(source, SIZE, FRAMES_PER_S))
        try:
            yield
        finally:
            playing.cancel()
    await source.aclose()


def decisions(samples: Sequence[Sample]) -> list[Band]:
    """What the picture was from when to when: its width, "stills" while few frames come, or "no frames"."""
    states: list[tuple[float, str]] = []
    for number, sample in enumerate(samples):
        lately = sample.frames - _frames_before(samples[: number + 1], sample.at_s - MOVING_S)
        for_long = sample.frames - _frames_before(samples[: number + 1], sample.at_s - STOPPED_S)
        name = f"{sample.width}" if lately >= MOVING_FRAMES else "stills" if for_long else "no frames"
        states.append((sample.at_s, name))
    widths = sorted({int(name) for _, name in states if name.isdigit()}, reverse=True)
    colours = {"stills": STILLS_COLOUR, "no frames": STOPPED_COLOUR}
    colours |= {str(width): COLOURS[min(i, len(COLOURS) - 1)] for i, width in enumerate(widths)}
    bands: list[Band] = []
    for name, group in itertools.groupby(states, key=lambda state: state[1]):
        start_s = next(group)[0]
        if bands:
            bands[-1] = Band(bands[-1].start_s, start_s, bands[-1].name, bands[-1].colour)
        bands.append(Band(start_s, samples[-1].at_s, name, colours[name]))
    return bands


def _frames_before(samples: Sequence[Sample], at_s: float) -> int:
    return next((sample.frames for sample in reversed(samples) if sample.at_s <= at_s), 0)


def _condensed(samples: Sequence[Sample], phases: Sequence[Phase], bands: Sequence[Band]) -> Figures:
    figures: Figures = {"layer_changes": len(bands) - 1, "to_and_fro": _to_and_fro(phases, bands)}
    for before, phase in itertools.pairwise((Phase(phases[0].kbps, 0, 0), *phases)):
        within = [s for s in samples if phase.start_s <= s.at_s <= phase.end_s]
        first, last = within[0], within[-1]
        played = max(1, last.samples - first.samples)
        concealed = f"concealed_at_{phase.kbps:g}_percent"
        share = round((last.concealed - first.concealed) / played * 100, 2)
        figures[concealed] = max(share, float(figures.get(concealed, 0.0)))
        was_stopped = any(b.start_s <= phase.start_s < b.end_s and b.name == "no frames" for b in bands)
        if phase.kbps != before.kbps and not (was_stopped and phase.kbps <= VOICE_ONLY_KBPS):
            name = f"{'down' if phase.kbps < before.kbps else 'up'}_to_{phase.kbps:g}_s"
            changes = [band.start_s for band in bands if phase.start_s < band.start_s <= phase.end_s]
            figures[name] = round(changes[0] - phase.start_s, 1) if changes else "no decision was seen"
    return figures


def _to_and_fro(phases: Sequence[Phase], bands: Sequence[Band]) -> int:
    """How often a change was taken back although the link had stayed the same."""
    return sum(
        before.name == after.name
        and any(phase.start_s < band.start_s and after.start_s < phase.end_s for phase in phases)
        for before, band, after in zip(bands, bands[1:], bands[2:], strict=False)
        if band.start_s > WARM_UP_S
    )


def _plotted(samples: Sequence[Sample], phases: Sequence[Phase], bands: Sequence[Band]) -> str:
    link = [(phase.start_s, phase.kbps) for phase in phases] + [(phases[-1].end_s, phases[-1].kbps)]
    rates = {
        name: [
            (after[0], (after[1] - before[1]) * 8 / 1000 / (after[0] - before[0]))
            for before, after in zip(totals, totals[2:], strict=False)
        ]
        for name, totals in (
            ("video", [(sample.at_s, sample.video_bytes) for sample in samples]),
            ("audio", [(sample.at_s, sample.audio_bytes) for sample in samples]),
        )
    }
    return plot(
        "What a subscriber receives while their link narrows and widens; above: the picture's width",
        [
            Series("link", "#555b66", link, is_steps=True),
            Series("video received", "#0b5fff", rates["video"]),
            Series("audio received", "#c2410c", rates["audio"]),
        ],
        bands,
    )
