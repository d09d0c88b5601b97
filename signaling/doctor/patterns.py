"""A tone and a picture that can be recognised after encoding, forwarding and decoding.

The tone's frequency is measured by a discrete Fourier transform with a parabola through its peak; the picture
is a grid of black and white fields that carries a number with a checksum, so that a wrongly decoded picture
is never taken for another one. Sans-IO.
"""

from __future__ import annotations

import array
import cmath
import math
from collections.abc import Sequence

TONE_RATE_HZ = 48000
WINDOW = 4096  # samples of one measurement, a power of two; at 16 kHz a quarter of a second
WIDTH, HEIGHT = 320, 240
CODES = 1 << 12

_GRID = 4  # fields per side
_WHITE, _BLACK, _GREY = 235, 16, 128
_CHECK_FACTOR = 11  # spreads the number over the four check bits


def tone(frequency_hz: float, first: int, count: int) -> bytes:
    """`count` int16 samples at 48 kHz of a continuous sine at half of full scale, from sample `first` on."""
    step = 2 * math.pi * frequency_hz / TONE_RATE_HZ
    samples = (int(16383 * math.sin(step * (first + index))) for index in range(count))
    return array.array("h", samples).tobytes()


def loudest_frequency(samples: Sequence[int], rate_hz: int) -> tuple[float, float]:
    """Frequency in Hz of the strongest part of `WINDOW` samples, and its share of the energy (0 to 1)."""
    window = [
        sample * (0.5 - 0.5 * math.cos(2 * math.pi * index / WINDOW))
        for index, sample in enumerate(samples[:WINDOW])
    ]
    spectrum = [abs(value) for value in _transform([complex(value) for value in window])[: WINDOW // 2]]
    peak = max(range(1, len(spectrum) - 1), key=spectrum.__getitem__)
    low, middle, high = spectrum[peak - 1 : peak + 2]
    bend = low - 2 * middle + high
    offset = 0.5 * (low - high) / bend if bend else 0.0
    total = sum(value * value for value in spectrum)
    near = sum(value * value for value in spectrum[max(0, peak - 3) : peak + 4])
    return (peak + offset) * rate_hz / WINDOW, near / total if total else 0.0


def _transform(values: list[complex]) -> list[complex]:
    """Fast Fourier transform (Cooley and Tukey); the length is a power of two."""
    count = len(values)
    if count == 1:
        return values
    even, odd = _transform(values[::2]), _transform(values[1::2])
    turned = [cmath.exp(-2j * cmath.pi * index / count) * odd[index] for index in range(count // 2)]
    return [a + b for a, b in zip(even, turned, strict=True)] + [
        a - b for a, b in zip(even, turned, strict=True)
    ]


def picture(code: int) -> bytearray:
    """An I420 frame of `WIDTH` x `HEIGHT` that carries a number below `CODES`."""
    bits = code << 4 | _check(code)
    field_width, field_height = WIDTH // _GRID, HEIGHT // _GRID
    luma = bytearray()
    for row in range(_GRID):
        line = b"".join(
            bytes((_WHITE if bits >> (row * _GRID + column) & 1 else _BLACK,)) * field_width
            for column in range(_GRID)
        )
        luma += line * field_height
    return luma + bytes((_GREY,)) * (WIDTH * HEIGHT // 2)


def read_picture(luma: Sequence[int], width: int, height: int) -> int | None:
    """The number in a decoded frame of any size; None when the checksum does not hold."""
    bits = 0
    for row in range(_GRID):
        for column in range(_GRID):
            x, y = (2 * column + 1) * width // (2 * _GRID), (2 * row + 1) * height // (2 * _GRID)
            middle = sum(luma[(y + dy) * width + x + dx] for dy in (-2, 0, 2) for dx in (-2, 0, 2)) / 9
            bits |= (middle > _GREY) << (row * _GRID + column)
    code = bits >> 4
    return code if bits & 0xF == _check(code) else None


def _check(code: int) -> int:
    return (code * _CHECK_FACTOR + (code >> 4) * 7 + (code >> 8) * 3 + 5) & 0xF
