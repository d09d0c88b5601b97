"""Spans of a journal as media a browser plays, made when asked for: the journal stays the only copy.

Frames are put into WebM (H.264: fragmented MP4) by PyAV, not decoded. A voice has no holes in a span: what
is missing or was withheld is silence, so that a player can put spans side by side to the sample. A picture's
span begins with a key frame. Times are milliseconds since the call began.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path

import av
from av.container import OutputContainer
from av.stream import Stream

from media import opus_frames
from recordings import journal
from recordings.frames import Frame, audio_frames, video_frames
from recordings.journal import Begin, Buffer, Contents, Gap, KeyFrame, Report
from recordings.reading import mapped
from recordings.timing import TrackClock

LATE_US = 2_000_000
"""A packet may come so long after the moment it belongs to: repairs, and a slow line."""
OPUS_HZ = 48_000
_SILENCE = b"\xf8\xff\xfe"  # 20 ms, mono, as every Opus encoder writes it for digital silence
_SILENCE_TICKS = 960
PREROLL_US = 160_000
"""A decoder that begins in the midst sounds right after 80 ms (RFC 7845 section 4.6), steady tones later."""
PRE_SKIP_MS = 6.5
"""What the file's head makes a decoder leave out: 312 samples, as libopus has it."""
_ROUNDING_US = 1_000
_PIECE_US = 10_000_000
_MS = Fraction(1, 1000)
_RAW = {"video/h264": ("h264", b""), "video/av1": ("obu", b"\x12\x00")}  # a temporal delimiter begins OBUs
_SAME_EACH_TIME = {"fflags": "bitexact"}  # so that a part of the answer can be asked for again
_IN_FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_FROM_THE_START = {"movflags": "faststart"}
_CODEC_STRINGS = {"video/vp8": "vp8", "video/vp9": "vp9"}
_Timed = tuple[float, Frame]
"""A frame and its moment, in milliseconds since the call began."""


class NothingThere(Exception):
    """The track has nothing in this span."""


@dataclass(frozen=True, slots=True)
class Media:
    """A piece of media. Its time 0 is `start_ms` of the call, which may lie before what was asked."""

    media_type: str
    start_ms: float
    content: bytes


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a track as one file: how its name ends, and where it lies in the call, in milliseconds."""

    media_type: str
    suffix: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class Outline:
    """What a player must know of a track before it asks for spans."""

    start_ms: float
    end_ms: float
    key_frames_ms: tuple[float, ...]
    gaps: tuple[tuple[float, float, int, str], ...]  # from, to, packets missing, why


Hidden = tuple[tuple[float, float], ...]
"""Stretches that may not be heard or seen, from and to in milliseconds since the call began."""


@dataclass(frozen=True, slots=True)
class _Track:
    """An open journal. `zero_us` is when the call began."""

    buffer: Buffer
    contents: Contents
    clock: TrackClock
    zero_us: int
    hidden: Hidden

    def ms(self, wall_us: int) -> float:
        return (wall_us - self.zero_us) / 1000

    def key_frames(self) -> list[tuple[int, KeyFrame]]:
        """By the moment they belong to."""
        notes = self.contents.notes_that_are(KeyFrame)
        return sorted(
            ((self.clock.wall_us(key.ssrc, key.rtp_timestamp, key.at_us), key) for key in notes),
            key=lambda entry: entry[0],
        )

    def frames(self, from_us: int, to_us: int) -> list[tuple[int, Frame]]:
        """Frames of what came between these times, by the moment they belong to."""
        opening = self.contents.opening
        came = journal.packets_between(self.buffer, self.contents.packets, from_us, to_us)
        if opening.kind == "audio":
            found: Sequence[Frame] = audio_frames(came, opening.red_type)
        else:
            found = video_frames(came, opening.mime_type)
        wall_us = self.clock.wall_us
        timed = [(wall_us(frame.ssrc, frame.timestamp, frame.at_us), frame) for frame in found]
        return self._without_hidden(sorted(timed, key=lambda entry: entry[0]))

    def _without_hidden(self, timed: list[tuple[int, Frame]]) -> list[tuple[int, Frame]]:
        """What is not hidden; a picture goes on with a key frame, since others lean on what was left out."""
        if not self.hidden:
            return timed
        is_video = self.contents.opening.kind == "video"
        found, broken = [], set[int]()
        for at_us, frame in timed:
            if any(from_ms <= self.ms(at_us) < to_ms for from_ms, to_ms in self.hidden):
                broken.add(frame.ssrc)
            elif frame.is_key or not is_video or frame.ssrc not in broken:
                broken.discard(frame.ssrc)
                found.append((at_us, frame))
        return found


def outline(path: Path, zero_us: int) -> Outline:
    """Look through a journal. Raises OSError, ValueError and JournalDamaged where there is nothing."""
    with _opened(path, zero_us) as track:
        contents = track.contents
        return Outline(
            start_ms=track.ms(contents.opening.began_us),
            end_ms=track.ms(contents.end_us),
            key_frames_ms=tuple(round(track.ms(at_us), 3) for at_us, _ in track.key_frames()),
            gaps=tuple(
                (track.ms(gap.at_us), track.ms(gap.until_us), gap.packets, gap.why)
                for gap in contents.notes_that_are(Gap)
            ),
        )


def span(path: Path, zero_us: int, from_ms: float, to_ms: float, hidden: Hidden = ()) -> Media:
    """What a track has between two moments, but for what is hidden: no frame of that is in the answer.

    Raises NothingThere, and what `outline` does.
    """
    from_us, to_us = zero_us + int(from_ms * 1000), zero_us + int(to_ms * 1000)
    with _opened(path, zero_us, hidden) as track:
        if track.contents.opening.kind == "audio":
            return _audio_span(track, from_us, to_us)
        return _video_span(track, from_us, to_us)


def whole(path: Path, zero_us: int, target: Path, hidden: Hidden = ()) -> Whole:
    """Write all of a track but what is hidden into one file; it is never in memory as a whole.

    Raises NothingThere, and what `outline` does.
    """
    with _opened(path, zero_us) as track:
        opening = track.contents.opening
    rest = timed_frames(path, zero_us, hidden)
    if (first := next(rest, None)) is None:
        raise NothingThere
    timed = chain([first], rest)
    if opening.kind == "audio":
        length_ms = _mux_voice(str(target), timed, is_stereo=_is_stereo(first[1]))
        return Whole("audio/webm", ".webm", first[0] + PRE_SKIP_MS, first[0] + length_ms)
    is_mp4 = opening.mime_type == "video/h264"
    length_ms = _mux_picture(str(target), opening.mime_type, timed, _FROM_THE_START if is_mp4 else {})
    kind, suffix = ("video/mp4", ".mp4") if is_mp4 else ("video/webm", ".webm")
    return Whole(kind, suffix, first[0], first[0] + length_ms)


def timed_frames(path: Path, zero_us: int, hidden: Hidden = ()) -> Iterator[_Timed]:
    """All frames of a track in the order of time, in milliseconds since the call began; read in pieces.

    What is hidden is not among them.

    Raises what `outline` does.
    """
    with _opened(path, zero_us, hidden) as track:
        opening, end_us = track.contents.opening, track.contents.end_us + LATE_US
        if opening.kind == "video":
            edges = [*(at_us for at_us, _ in track.key_frames()), end_us]
        else:
            edges = [*range(opening.began_us - LATE_US, end_us, _PIECE_US), end_us]
        for since_us, until_us in pairwise(edges):
            came = track.frames(since_us - LATE_US, until_us + LATE_US)
            timed = [entry for entry in came if since_us <= entry[0] < until_us]
            if opening.kind == "video":
                timed = _one_encoding_at_a_time(timed)
            yield from ((track.ms(at_us), frame) for at_us, frame in timed)


@contextmanager
def _opened(path: Path, zero_us: int, hidden: Hidden = ()) -> Iterator[_Track]:
    with mapped(path) as view:
        contents, clock = _looked_through(path, len(view))
        yield _Track(view, contents, clock, zero_us, hidden)


@lru_cache(32)
def _looked_through(path: Path, size: int) -> tuple[Contents, TrackClock]:
    """What a journal holds; asked again when it has grown. A player asks for hundreds of spans."""
    with mapped(path, size) as view:
        contents = journal.contents(view)
    begins, reports = contents.notes_that_are(Begin), contents.notes_that_are(Report)
    return contents, TrackClock(begins, reports, contents.opening.clock_rate_hz)


def _audio_span(track: _Track, from_us: int, to_us: int) -> Media:
    since_us = from_us - PREROLL_US
    timed = [
        entry for entry in track.frames(since_us - LATE_US, to_us + LATE_US) if since_us <= entry[0] < to_us
    ]
    if not timed:
        raise NothingThere
    target, is_stereo = io.BytesIO(), any(_is_stereo(frame) for _, frame in timed)
    _mux_voice(target, [(track.ms(at_us), frame) for at_us, frame in timed], is_stereo=is_stereo)
    return Media("audio/webm", track.ms(timed[0][0]) + PRE_SKIP_MS, target.getvalue())


def _is_stereo(frame: Frame) -> bool:
    return bool(frame.content[0] & 0x04)


def _mux_voice(target: io.BytesIO | str, timed: Iterable[_Timed], *, is_stereo: bool) -> float:
    """Write Opus packets one after the other, with silence where there are none; answers how long that is."""
    layout, at = "stereo" if is_stereo else "mono", 0
    with av.open(target, "w", format="webm", options=_SAME_EACH_TIME) as container:
        stream = container.add_stream("libopus", rate=OPUS_HZ, layout=layout)
        for content, ticks in _without_holes(timed):
            _mux(container, stream, content, at // 48, is_key=True)
            at += ticks
    return at / 48


def _without_holes(timed: Iterable[_Timed]) -> Iterator[tuple[bytes, int]]:
    """Opus packets from the first one on, with how long each lasts."""
    cursor, begin_ms = 0, None
    for at_ms, frame in timed:
        begin_ms = at_ms if begin_ms is None else begin_ms
        missing = (round((at_ms - begin_ms) * 48) - cursor) // _SILENCE_TICKS
        if missing < -1:
            continue  # another encoding's, or the publisher's clock was set back
        for _ in range(missing):
            yield _SILENCE, _SILENCE_TICKS
        ticks = opus_frames.duration(frame.content) or _SILENCE_TICKS
        yield frame.content, ticks
        cursor += max(missing, 0) * _SILENCE_TICKS + ticks


def _video_span(track: _Track, from_us: int, to_us: int) -> Media:
    starts = track.key_frames()
    before = [entry for entry in starts if entry[0] <= from_us + _ROUNDING_US]
    within = [entry for entry in starts if from_us < entry[0] < to_us]
    if not (before or within):
        raise NothingThere
    begin_us, key = before[-1] if before else within[0]
    timed = [
        entry
        for entry in track.frames(min(key.at_us, begin_us) - LATE_US, to_us + LATE_US)
        if begin_us <= entry[0] < to_us
    ]
    chosen = _one_encoding_at_a_time(timed)
    if not chosen:
        raise NothingThere
    mime_type = track.contents.opening.mime_type
    return _video_file(mime_type, [(round(track.ms(at_us)), frame) for at_us, frame in chosen])


def _one_encoding_at_a_time(timed: list[tuple[int, Frame]]) -> list[tuple[int, Frame]]:
    """From a key frame on; another encoding takes over with a key frame and for good."""
    chosen: list[tuple[int, Frame]] = []
    ssrc, left = -1, set[int]()
    for at_us, frame in timed:
        if frame.ssrc != ssrc:
            if not frame.is_key or frame.ssrc in left:
                continue
            left.add(ssrc)
            ssrc = frame.ssrc
            while chosen and chosen[-1][0] >= at_us:
                chosen.pop()
        chosen.append((at_us, frame))
    return chosen


def _video_file(mime_type: str, timed: list[_Timed]) -> Media:
    is_mp4, target = mime_type == "video/h264", io.BytesIO()
    _mux_picture(target, mime_type, timed, _IN_FRAGMENTS if is_mp4 else {})
    codec = _CODEC_STRINGS.get(mime_type, "")
    kind = "video/mp4" if is_mp4 else "video/webm"
    return Media(f'{kind}; codecs="{codec}"' if codec else kind, float(timed[0][0]), target.getvalue())


def _mux_picture(
    target: io.BytesIO | str, mime_type: str, timed: Iterable[_Timed], options: dict[str, str]
) -> float:
    """Write frames at their times, the first one at 0; answers when the last one is shown."""
    kind = "mp4" if mime_type == "video/h264" else "webm"
    frames = iter(timed)
    begin_ms, first = next(frames)
    latest = -1
    with av.open(target, "w", format=kind, options=_SAME_EACH_TIME | options) as container:
        stream = _video_stream(container, mime_type, first.content)
        for at_ms, frame in chain([(begin_ms, first)], frames):
            latest = max(round(at_ms - begin_ms), latest + 1)  # a file's times grow
            _mux(container, stream, frame.content, latest, is_key=frame.is_key)
    return float(latest)


def _video_stream(container: OutputContainer, mime_type: str, first: bytes) -> Stream:
    """A stream for frames like this key frame; what must stand in the file's head is read from it."""
    if raw := _RAW.get(mime_type):
        name, prefix = raw
        with av.open(io.BytesIO(prefix + first), format=name) as source:
            made: Stream = container.add_stream_from_template(source.streams.video[0], opaque=True)
    else:
        codec = mime_type.partition("/")[2]
        width, height = _size(codec, first)
        made = container.add_mux_stream(codec, width=width, height=height)
    made.time_base = _MS
    return made


def _size(codec: str, content: bytes) -> tuple[int, int]:
    decoder = av.CodecContext.create(codec, "r")
    try:
        if isinstance(decoder, av.VideoCodecContext):
            for frame in (*decoder.decode(av.Packet(content)), *decoder.decode(None)):
                return frame.width, frame.height
    except av.FFmpegError:
        pass  # whatever was sent, it is no picture
    raise NothingThere


def _mux(container: OutputContainer, stream: Stream, content: bytes, at_ms: int, *, is_key: bool) -> None:
    packet = av.Packet(content)
    packet.stream = stream
    packet.time_base = _MS
    packet.pts = packet.dts = at_ms
    packet.is_keyframe = is_key
    container.mux_one(packet)
