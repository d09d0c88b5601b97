"""A picture as a document of one page, upright, read by Pillow. Only inside the worker."""

import warnings
from pathlib import Path
from typing import Self

from PIL import Image, ImageOps

from signaling.library.file_types import Reason, Refused
from signaling.library.pages import Page, drawn_size, save

MAX_SOURCE_PIXELS = 120_000_000
"""The largest cameras in telephones that are not rounded up; a third of a gigabyte once decoded."""
_FORMATS = ("PNG", "JPEG", "WEBP")
_ORIENTATION = 0x0112
_LYING = range(5, 9)  # Exif 2.32 section 4.6.4: these orientations swap the sides


class Picture:
    """A PNG, JPEG or WebP; raises Refused where it is none or would fill the memory."""

    pages = 1

    def __init__(self, path: Path) -> None:
        warnings.simplefilter("ignore")  # Pillow's own limits are below ours
        Image.MAX_IMAGE_PIXELS = None
        try:
            self._image = Image.open(path, formats=_FORMATS)
        except (OSError, ValueError, SyntaxError):
            raise Refused(Reason.DAMAGED) from None
        if self._image.width * self._image.height > MAX_SOURCE_PIXELS:
            raise Refused(Reason.TOO_MANY_PIXELS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._image.close()

    def read(self, number: int) -> Page:
        """Size in pixels; no text."""
        width, height = self._image.size
        if self._image.getexif().get(_ORIENTATION) in _LYING:
            width, height = height, width
        return Page(width, height, "")

    def draw(self, number: int, width: int, target: Path) -> None:
        """See `Book`; never larger than the picture is."""
        page = self.read(number)
        size = drawn_size(page.width, page.height, min(width, round(page.width)))
        try:
            self._image.draft("RGB", (max(size), max(size)))  # JPEG decodes at a fraction of its size
            upright = ImageOps.exif_transpose(self._image)
            save(_on_white(upright).resize(size, Image.Resampling.LANCZOS), target)
        except (OSError, ValueError, SyntaxError, EOFError):
            raise Refused(Reason.DAMAGED) from None


def _on_white(picture: Image.Image) -> Image.Image:
    """What shines through a transparent picture is paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
