"""A voice of sorts, coded by libopus, and its decoder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
Sound = NDArray[np.int16]


def syllables(seconds: float) -> Sound:
    """Harmonics of a wandering pitch, three and a half bursts a second, a little breath between."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * np.cumsum(140 + 30 * np.sin(2 * np.pi * 0.7 * t)) / RATE_HZ
    tone = sum(np.sin(phase * n) / n for n in range(1, 20))
    loudness = np.clip(np.sin(2 * np.pi * 3.5 * t), 0, 1)
    breath = np.random.default_rng(1).standard_normal(t.size) * 200
    return np.asarray(5000 * tone * loudness + breath, dtype=np.int16)


@cache
def encoded(bit_rate_bps: int, seconds: float, frame_ms: int = 20) -> tuple[bytes, ...]:
    """Opus packets of one frame each."""
    encoder: Any = av.CodecContext.create("libopus", "w")  # its attributes depend on the codec
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, "mono", "s16"
    encoder.bit_rate = bit_rate_bps
    encoder.options = {"application": "voip", "frame_duration": str(frame_ms)}
    samples = RATE_HZ * frame_ms // 1000
    sound = syllables(seconds)
    packets: list[bytes] = []
    for offset in range(0, sound.size - samples + 1, samples):
        frame = av.AudioFrame.from_ndarray(
            sound[None, offset : offset + samples], format="s16", layout="mono"
        )
        frame.sample_rate = RATE_HZ
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(packets)


def decoded(packets: Iterable[bytes]) -> Sound:
    """What libopus makes of packets, one after the other."""
    decoder: Any = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = RATE_HZ, "mono"
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    return np.concatenate([frame.to_ndarray().ravel() for frame in frames])
