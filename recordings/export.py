"""A recording as one MP4 file: everybody in a grid, or who speaks large; run as a process of its own.

    python -m recordings.export JOB

JOB is a file with JSON (`Job`). Progress is written to standard output, a number from 0 to 1 a line. Pictures
are decoded, drawn at `FPS` with names and who exported it across them, and encoded with H.264; voices are
mixed. Where nobody consented there is nothing: neither picture nor voice. What was said is a track of
captions (3GPP TS 26.245), and drawn into the pictures where that is asked for.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import cast

import av
from av.container import OutputContainer
from av.subtitles.subtitle import SubtitleSet
from PIL import Image, ImageDraw, ImageFont

from recordings.captions import Caption, cues, wrapped
from recordings.export_job import Job, Layout, Part
from recordings.frames import Frame
from recordings.reading import UNREADABLE
from recordings.remux import OPUS_HZ, Outline, outline, timed_frames
from recordings.typeface import JAPANESE

WIDTH, HEIGHT, FPS = 1280, 720, 10
TICK_MS = 1000 // FPS
CHUNK = OPUS_HZ // FPS
_NICE = 15
_HELD_MS = 2_000  # who spoke last stays large for so long
_AUDIBLE = 300  # mean of 16-bit samples
_STRIP = 240
_INK, _PLATE = (255, 255, 255), (0, 0, 0)
_SMALL, _CAPTION = 20, 30
_CAPTION_CHARS = 38
_MOST_LINES = 4
_MS = Fraction(1, 1000)
_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,sans-serif,18,&Hffffff,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


class _Voice:
    """Samples of one track, read forward."""

    def __init__(self, part: Part, job: Job, found: Outline) -> None:
        self.identity = part.identity
        self._frames = timed_frames(Path(part.path), job.zero_us, job.hidden)
        self._decoder = av.CodecContext.create("libopus", "r")
        self._resampler = av.AudioResampler("s16", "mono", OPUS_HZ)
        self._samples = array("h")
        self._begin = int(found.start_ms * OPUS_HZ / 1000)
        self.begin, self.end = self._begin, int(found.end_ms * OPUS_HZ / 1000)

    def read(self, first: int) -> array[int]:
        """The next `CHUNK` samples from this one on; silence where there is nothing."""
        while self._begin + len(self._samples) < first + CHUNK:
            entry = next(self._frames, None)
            if entry is None:
                break
            position, end = int(entry[0] * OPUS_HZ / 1000), self._begin + len(self._samples)
            if position < end - CHUNK:
                continue
            if position > end + CHUNK // 10:
                self._samples.extend([0] * (position - end))
            self._samples.extend(self._decoded(entry[1]))
        if self._begin < first:
            del self._samples[: first - self._begin]
            self._begin = first
        found = self._samples[:CHUNK] if self._begin == first else array("h")
        return found + array("h", bytes(2 * (CHUNK - len(found))))

    def _decoded(self, frame: Frame) -> array[int]:
        samples = array("h")
        try:
            for decoded in self._decoder.decode(av.Packet(frame.content)):
                for resampled in self._resampler.resample(decoded):
                    samples.frombytes(bytes(resampled.planes[0])[: 2 * resampled.samples])
        except av.FFmpegError:
            return samples  # one packet of 20 ms
        return samples


class _Picture:
    """The picture of one track, moved forward in time."""

    def __init__(self, part: Part, job: Job, found: Outline) -> None:
        self.identity, self.name = part.identity, part.name
        self._frames = timed_frames(Path(part.path), job.zero_us, job.hidden)
        self._next = next(self._frames, None)
        codec = part.mime_type.partition("/")[2]
        self._decoder = cast(av.VideoCodecContext, av.CodecContext.create(codec, "r"))  # PyAV's by this name
        self._shown: av.VideoFrame | None = None
        self._drawn: tuple[int, int, Image.Image] | None = None
        self._end_ms = found.end_ms
        self._hidden = job.hidden

    def move(self, at_ms: float) -> None:
        """Show what it showed at this moment."""
        while self._next is not None and self._next[0] <= at_ms:
            try:
                for frame in self._decoder.decode(av.Packet(self._next[1].content)):
                    self._shown, self._drawn = frame, None
            except av.FFmpegError:
                pass  # the picture before stands
            self._next = next(self._frames, None)
        is_hidden = any(from_ms <= at_ms < to_ms for from_ms, to_ms in self._hidden)
        if at_ms > self._end_ms or is_hidden:
            self._shown = None

    @property
    def is_there(self) -> bool:
        """Whether there is anything to see now."""
        return self._shown is not None

    def fitted(self, width: int, height: int) -> Image.Image:
        """As large as fits."""
        frame = self._shown
        if frame is None:
            return Image.new("RGB", (width, height))
        scale = min(width / frame.width, height / frame.height)
        size = max(2, int(frame.width * scale)), max(2, int(frame.height * scale))
        if self._drawn is None or self._drawn[:2] != size:
            shown = frame.reformat(*size, format="rgb24").to_image()  # type: ignore[no-untyped-call]  # PyAV's
            self._drawn = *size, shown
        return self._drawn[2]


def export(job: Job) -> Iterator[float]:
    """Make the file; answers how far it is, from 0 to 1. Raises OSError, av.FFmpegError."""
    voices, pictures, end_ms = _opened(job)
    speaker = _Speaker()
    with av.open(job.target, "w", format="mp4", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "26"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = container.add_stream("aac", rate=OPUS_HZ, layout="mono")
        captions = _Captions(container, job)
        ticks = max(1, int(end_ms) // TICK_MS)
        for tick in range(ticks):
            at_ms, first = tick * TICK_MS, tick * CHUNK
            heard = [(voice.identity, voice.read(first)) for voice in voices if _sounds(voice, first)]
            speaker.hear(at_ms, heard)
            for picture in pictures:
                picture.move(at_ms)
            drawn = _drawn(job, pictures, speaker.identity)
            captions.move(at_ms)
            if job.burnt_in:
                captions.draw(drawn)
            frame = av.VideoFrame.from_image(drawn)  # type: ignore[no-untyped-call]  # PyAV's
            frame.pts, frame.time_base = tick, Fraction(1, FPS)
            container.mux(video.encode(frame))
            sound = av.AudioFrame("s16", "mono", CHUNK)
            sound.planes[0].update(_mixed([samples for _, samples in heard]).tobytes())
            sound.sample_rate, sound.pts, sound.time_base = OPUS_HZ, first, Fraction(1, OPUS_HZ)
            container.mux(audio.encode(sound))
            if tick % FPS == 0:
                yield tick / ticks
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    yield 1.0


class _Captions:
    """What was said, as a track of the file, and as it is drawn."""

    def __init__(self, container: OutputContainer, job: Job) -> None:
        self._container = container
        self._left = cues(job.captions)[::-1]
        self._shown: Caption | None = None
        if self._left:
            self._stream = container.add_stream("mov_text")
            self._stream.time_base = _MS
            self._stream.metadata["language"] = "jpn"
            self._encoder = self._stream.codec_context
            self._encoder.subtitle_header = _STYLE
            self._encoder.time_base = _MS
            self._encoder.open()

    def move(self, at_ms: float) -> None:
        """Show what is said at this moment."""
        while self._left and self._left[-1].from_ms <= at_ms:
            self._shown = cue = self._left.pop()
            length_ms = cue.to_ms - cue.from_ms
            said = b"0,0,Default,,0,0,0,," + cue.words.replace("\n", "\\N").encode()
            packet = self._encoder.encode_subtitle(SubtitleSet.create(said, 0, length_ms))
            packet.stream, packet.time_base = self._stream, _MS
            packet.pts = packet.dts = cue.from_ms
            packet.duration = length_ms
            self._container.mux_one(packet)
        if self._shown is not None and self._shown.to_ms <= at_ms:
            self._shown = None

    def draw(self, canvas: Image.Image) -> None:
        """Large, at the foot of the picture."""
        lines = wrapped(self._shown.words, _CAPTION_CHARS)[-_MOST_LINES:] if self._shown else []
        top = HEIGHT - 44
        for line in reversed(lines):
            plate = _plate(line, _CAPTION)
            if plate is not None:
                top -= plate.height + 4
                canvas.paste(plate, ((WIDTH - plate.width) // 2, top))


def _opened(job: Job) -> tuple[list[_Voice], list[_Picture], float]:
    voices: list[_Voice] = []
    pictures: list[_Picture] = []
    end_ms = 0.0
    for part in job.parts:
        try:
            found = outline(Path(part.path), job.zero_us)
        except UNREADABLE:
            continue  # it ended before anything came
        end_ms = max(end_ms, found.end_ms)
        if part.kind == "audio":
            voices.append(_Voice(part, job, found))
        else:
            pictures.append(_Picture(part, job, found))
    return voices, pictures, end_ms


def _sounds(voice: _Voice, first: int) -> bool:
    return voice.begin - CHUNK < first < voice.end + CHUNK


def _mixed(voices: Sequence[array[int]]) -> array[int]:
    if not voices:
        return array("h", bytes(2 * CHUNK))
    if len(voices) == 1:
        return voices[0]
    return array("h", [max(-32768, min(32767, sum(each))) for each in zip(*voices, strict=True)])


class _Speaker:
    """Who is large: the loudest, who stays so a while."""

    def __init__(self) -> None:
        self.identity = ""
        self._until_ms = 0.0

    def hear(self, at_ms: float, heard: Sequence[tuple[str, array[int]]]) -> None:
        """What sounded in this tick; a hundredth of the samples tells."""
        levels = [(sum(map(abs, samples[::100])) * 100 // CHUNK, who) for who, samples in heard]
        loudest, who = max(levels, default=(0, ""))
        if loudest < _AUDIBLE or (who != self.identity and at_ms < self._until_ms):
            return
        self.identity, self._until_ms = who, at_ms + _HELD_MS


def _drawn(job: Job, pictures: Sequence[_Picture], speaker: str) -> Image.Image:
    canvas = Image.new("RGB", (WIDTH, HEIGHT))
    there = [picture for picture in pictures if picture.is_there]
    if job.layout == "speaker":
        there.sort(key=lambda picture: picture.identity != speaker)
    for picture, (left, top, width, height) in zip(there, _cells(job.layout, len(there)), strict=False):
        shown = picture.fitted(width, height)
        canvas.paste(shown, (left + (width - shown.width) // 2, top + (height - shown.height) // 2))
        _say(canvas, picture.name, (left + 8, top + height - 36))
    _say(canvas, job.watermark, (8, 8))
    return canvas


def _cells(layout: Layout, count: int) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each picture, the most important first."""
    if layout == "speaker" and count > 1:
        small = _STRIP * 9 // 16
        strip = [(WIDTH - _STRIP, n * small, _STRIP, small) for n in range(min(count - 1, HEIGHT // small))]
        return [(0, 0, WIDTH - _STRIP, HEIGHT), *strip]
    columns = next(n for n in range(1, 9) if n * n >= count)
    rows = max(1, -(-count // columns))
    width, height = WIDTH // columns, HEIGHT // rows
    return [(n % columns * width, n // columns * height, width, height) for n in range(count)]


def _say(canvas: Image.Image, words: str, at: tuple[int, int]) -> None:
    plate = _plate(words)
    if plate is not None:
        canvas.paste(plate, at)


@lru_cache(64)
def _plate(words: str, size: int = _SMALL) -> Image.Image | None:
    """Words on a dark ground."""
    if not words:
        return None
    font = ImageFont.truetype(JAPANESE, size)
    left, top, right, bottom = font.getbbox(words)
    plate = Image.new("RGB", (int(right - left) + 12, int(bottom - top) + 10), _PLATE)
    ImageDraw.Draw(plate).text((6 - left, 5 - top), words, font=font, fill=_INK)
    return plate


def main(path: str) -> None:
    """Read the job, make the file, tell how far it is."""
    os.nice(_NICE)
    for progress in export(Job.read(Path(path))):
        sys.stdout.write(f"{progress:.4f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
