"""What every kind of file is to those who read it: pages with a size and a text, which can be drawn."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from PIL import Image

MAX_PIXELS = 24_000_000
"""Of one drawn page, about A1 at 170 dpi: a page a kilometre high comes out narrower than asked for."""
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is read; sizes in its own unit, of the upright page."""

    width: float
    height: float
    text: str


class Book(Protocol):
    """A file of pages, numbered from 1."""

    pages: int

    def __enter__(self) -> Self:
        """Open until the block ends."""

    def __exit__(self, *_: object) -> None:
        """Close."""

    def read(self, number: int) -> Page:
        """Its size and text."""

    def draw(self, number: int, width: int, target: Path) -> None:
        """Its picture as WebP, so many pixels wide unless that is too many of them."""


def drawn_size(width: float, height: float, wanted_width: int) -> tuple[int, int]:
    """Pixels of a page's picture: as wide as wanted, no larger than `MAX_PIXELS`, at least one each way."""
    scale = wanted_width / width
    pixels = scale * width * scale * height
    if pixels > MAX_PIXELS:
        scale *= (MAX_PIXELS / pixels) ** 0.5
    limit = 16_383  # a WebP picture is no longer than this either way
    return max(1, min(limit, round(width * scale))), max(1, min(limit, round(height * scale)))


def save(picture: Image.Image, target: Path) -> None:
    """As WebP without anything of the original's metadata."""
    upright = picture if picture.mode == "RGB" else picture.convert("RGB")
    upright.save(target, "WEBP", quality=82, method=1)


def kept_text(text: str, most: int = MAX_TEXT) -> str:
    """Text as it stands in the file, without what no database keeps."""
    clean = text[:most].replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return clean.encode("utf-8", "ignore").decode("utf-8")  # lone surrogates
