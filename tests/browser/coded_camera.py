"""A fake camera that shows a known picture: a grid of black and white squares, one bit each.

Chromium plays it by `--use-file-for-fake-video-capture`. Reading the squares back from any picture of it, of
whatever size, shows whether the right picture arrived, upright, unmirrored and whole.
"""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw

COLUMNS, ROWS = 16, 9
SIZE = (1920, 1080)
_BITS = random.Random(20261124)
CODE = [[_BITS.random() < 0.5 for _ in range(COLUMNS)] for _ in range(ROWS)]


def write(path: Path) -> Path:
    """A film of one picture, YUV4MPEG2 with two frames a second: a small machine plays it beside a call."""
    width, height = SIZE
    picture = Image.new("L", SIZE, 235)
    draw = ImageDraw.Draw(picture)
    across, down = width // COLUMNS, height // ROWS
    for row, bits in enumerate(CODE):
        for column, bit in enumerate(bits):
            left, top = column * across + 8, row * down + 8
            draw.rectangle((left, top, left + across - 16, top + down - 16), fill=235 if bit else 16)
    grey = bytes([128]) * (width * height // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(2):
            film.write(b"FRAME\n" + picture.tobytes() + grey)
    return path


def wrong_squares(content: bytes) -> int:
    """In how many squares this picture differs from the camera's."""
    picture = Image.open(io.BytesIO(content)).convert("L")
    return sum(
        (picture.getpixel(_middle(picture, column, row)) > 128) is not bit  # type: ignore[operator]  # one band
        for row, bits in enumerate(CODE)
        for column, bit in enumerate(bits)
    )


def _middle(picture: Image.Image, column: int, row: int) -> tuple[int, int]:
    x, y = (column + 0.5) / COLUMNS, (row + 0.5) / ROWS
    return int(x * picture.width), int(y * picture.height)
