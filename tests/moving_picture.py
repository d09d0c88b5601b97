"""A picture that is never still and looks to an encoder like a camera's: soft blotches that drift.

Hard edges or noise would not do: their key frames are so large that an encoder leaves out the next second.
"""

from __future__ import annotations

import asyncio
import itertools

import av
import numpy as np
from av.video.reformatter import Interpolation
from livekit import rtc

_BLOTCH, _MARGIN = 12, 64  # pixels


async def play(source: rtc.VideoSource, size: tuple[int, int], frames_per_s: int) -> None:
    """Feed a source until cancelled."""
    width, height = size
    rows, columns = (height + _MARGIN) // _BLOTCH, (width + _MARGIN) // _BLOTCH
    coarse = np.random.default_rng(1).integers(16, 235, (rows, columns), dtype=np.uint8)
    soft = av.VideoFrame.from_ndarray(coarse, format="gray").reformat(
        width=width + _MARGIN, height=height + _MARGIN, interpolation=Interpolation.BILINEAR
    )
    blotches = soft.to_ndarray()
    grey = bytes((128,)) * (width * height // 2)
    for number in itertools.count():
        x, y = number * 3 % _MARGIN, number * 2 % _MARGIN
        luma = blotches[y : y + height, x : x + width].tobytes()
        source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.I420, luma + grey))
        await asyncio.sleep(1 / frames_per_s)  # a camera's pace
