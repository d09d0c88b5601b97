"""Makes journals of real voices and pictures, as packets a browser would send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from media.packets import build_rtp
from media.payloads import is_key_frame
from media.red import Block, build_red
from recordings import journal
from recordings.journal import Begin, KeyFrame, Note, Opening, Report

BEGAN_US = 1_790_000_000_000_000
NTP_1970 = 2_208_988_800
OPUS_TYPE, RED_TYPE, VIDEO_TYPE = 111, 63, 96
FPS = 10
ENCODERS = {
    "video/vp8": (
        "libvpx",
        {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "0"},
    ),
    "video/vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}),
    "video/h264": (
        "libx264",
        {"preset": "ultrafast", "tune": "zerolatency"},
    ),
    "video/av1": ("libsvtav1", {"preset": "12", "svtav1-params": "pred-struct=1:lookahead=0"}),
}
Came = tuple[int, bytes]


def tone(hz: float, seconds: float) -> list[bytes]:
    """Opus packets of 20 ms."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48000, "mono", "s16"
    encoder.options = {"application": "audio"}
    packets = []
    for number in range(int(seconds * 50)):
        at = np.arange(number * 960, number * 960 + 960)
        samples = (np.sin(2 * np.pi * hz * at / 48000) * 12000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, number * 960, Fraction(1, 48000)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def pictures(mime_type: str, seconds: float, key_every_s: float = 2) -> list[bytes]:
    """Encoded pictures whose grey rises by one in each."""
    name, options = ENCODERS[mime_type]
    encoder = av.CodecContext.create(name, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = 160, 96, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    encoder.gop_size, encoder.max_b_frames = int(key_every_s * FPS), 0
    encoder.options = options
    packets = []
    for number in range(int(seconds * FPS)):
        grey = np.full((96, 160, 3), 20 + 2 * (number % 100), np.uint8)
        frame = av.VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets + [bytes(packet) for packet in encoder.encode(None)]


def voice_packets(opus: Sequence[bytes], *, ssrc: int = 7, red: bool = False) -> list[Came]:
    """As RTP, one each 20 ms; sequence numbers and timestamps wrap."""
    came = []
    for index, content in enumerate(opus):
        payload, kind = content, OPUS_TYPE
        if red:
            before = [Block(OPUS_TYPE, 960, opus[index - 1])] if index else []
            payload, kind = build_red([*before, Block(OPUS_TYPE, 0, content)]), RED_TYPE
        came.append(
            (
                BEGAN_US + index * 20_000,
                _rtp(kind, 65_500 + index, index * 960 - 9600, ssrc, payload),
            )
        )
    return came


def picture_packets(
    mime_type: str, encoded: Sequence[bytes], *, ssrc: int = 9, size: int = 500
) -> list[Came]:
    """As RTP in packets of about this size."""
    came, number = [], 65_530
    for index, content in enumerate(encoded):
        payloads = list(_PACKETIZERS[mime_type](content, index, size))
        for order, payload in enumerate(payloads):
            data = _rtp(
                VIDEO_TYPE, number, index * 9000 - 20_000, ssrc, payload, marker=order == len(payloads) - 1
            )
            came.append((BEGAN_US + index * 100_000 + order * 300, data))
            number += 1
    return came


def _rtp(kind: int, number: int, timestamp: int, ssrc: int, payload: bytes, *, marker: bool = False) -> bytes:
    return build_rtp(
        payload_type=kind,
        marker=marker,
        sequence_number=number & 0xFFFF,
        timestamp=timestamp & 0xFFFFFFFF,
        ssrc=ssrc,
        extensions=(),
        payload=payload,
    )


def _vp8(content: bytes, index: int, size: int) -> Iterator[bytes]:
    for offset in range(0, len(content), size):
        first = 0x90 if offset == 0 else 0x80
        yield bytes((first, 0x80, 0x80 | index >> 8, index & 0xFF)) + content[offset : offset + size]


def _vp9(content: bytes, index: int, size: int) -> Iterator[bytes]:
    is_key = not content[0] & 0x04
    for offset in range(0, len(content), size):
        flags = 0x80 | (0 if is_key else 0x40) | (0x08 if offset == 0 else 0)
        flags |= 0x04 if offset + size >= len(content) else 0
        yield bytes((flags, 0x80 | index >> 8, index & 0xFF)) + content[offset : offset + size]


def _h264(content: bytes, index: int, size: int) -> Iterator[bytes]:
    units = [unit for unit in content.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    small = [unit for unit in units if len(unit) < 100]
    if len(small) > 1 and small == units[: len(small)]:  # parameters together, as browsers send them
        yield b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in small)
        units = units[len(small) :]
    for unit in units:
        if len(unit) <= size:
            yield unit
            continue
        for offset in range(1, len(unit), size):
            head = (0x80 if offset == 1 else 0) | (0x40 if offset + size >= len(unit) else 0) | unit[0] & 0x1F
            yield bytes((unit[0] & 0xE0 | 28, head)) + unit[offset : offset + size]


def _av1(content: bytes, index: int, size: int) -> Iterator[bytes]:
    units, offset, is_key = [], 0, False
    while offset < len(content):
        kind, has_size = content[offset] >> 3 & 15, content[offset] & 2
        assert has_size
        length, at, shift = 0, offset + 1, 0
        while True:
            length |= (content[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not content[at - 1] & 0x80:
                break
        if kind != 2:
            units.append(bytes((content[offset] & ~2,)) + content[at : at + length])
            is_key = is_key or kind == 1
        offset = at + length
    rest = [(unit, False) for unit in units]
    is_first = True
    while rest:
        unit, is_continuation = rest.pop(0)
        part, left = unit[:size], unit[size:]
        if left:
            rest.insert(0, (left, True))
        flags = 0x80 * is_continuation | 0x40 * bool(left) | 0x10 | 0x08 * (is_key and is_first)
        is_first = False
        yield bytes((flags,)) + part


_PACKETIZERS = {"video/vp8": _vp8, "video/vp9": _vp9, "video/h264": _h264, "video/av1": _av1}


def report(
    after_ms: int, ssrc: int, rtp_timestamp: int, *, clock_off_s: float = 0, late_ms: int = 0
) -> Report:
    """The publisher says which moment it is; its clock is wrong by so much, the report took so long."""
    said_us = BEGAN_US + after_ms * 1000 + int(clock_off_s * 1e6)
    seconds, micros = divmod(said_us, 1_000_000)
    ntp = (seconds + NTP_1970) << 32 | (micros << 32) // 1_000_000
    return Report(BEGAN_US + (after_ms + late_ms) * 1000, ssrc, ntp, rtp_timestamp & 0xFFFFFFFF)


def write(path: Path, kind: str, mime_type: str, came: Sequence[Came], notes: Sequence[Note] = ()) -> Path:
    """A journal of what came, with its key frames noted."""
    rate = 48000 if kind == "audio" else 90000
    opening = Opening("T", "call", "S-1", "microphone", kind, mime_type, rate, RED_TYPE, came[0][0])
    made: list[Note] = list(notes)
    seen: set[int] = set()
    for at_us, data in came:
        ssrc, timestamp = int.from_bytes(data[8:12], "big"), int.from_bytes(data[4:8], "big")
        if ssrc not in seen:
            seen.add(ssrc)
            made.append(Begin(at_us, ssrc, timestamp))
        if kind == "video" and is_key_frame(mime_type, data[12:]):
            known = [note for note in made if isinstance(note, KeyFrame)]
            if not known or known[-1].rtp_timestamp != timestamp:
                made.append(KeyFrame(at_us, ssrc, timestamp))
    path.write_bytes(
        journal.opening_block(opening) + journal.packets_blocks(list(came)) + journal.notes_block(made)
    )
    return path
