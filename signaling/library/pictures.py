"""A picture as a document, upright, read by Pillow: one page, or as many as a scanner put into a TIFF. Only
inside the worker."""

import struct
import warnings
from pathlib import Path
from typing import Self

from PIL import Image, ImageOps

from signaling.library.file_types import Reason, Refused
from signaling.library.pages import Page, drawn_size, save

MAX_SOURCE_PIXELS = 120_000_000
"""The largest cameras in telephones that are not rounded up; a third of a gigabyte once decoded."""
_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error)
_ORIENTATION = 0x0112
_LYING = range(5, 9)  # Exif 2.32 section 4.6.4: these orientations swap the sides


class Picture:
    """A PNG, JPEG, WebP or TIFF; raises Refused where it is none or would fill the memory."""

    def __init__(self, path: Path) -> None:
        warnings.simplefilter("ignore")  # Pillow's own limits are below ours
        Image.MAX_IMAGE_PIXELS = None
        try:
            self._image = Image.open(path, formats=_FORMATS)
            is_scan = self._image.format == "TIFF"  # frames of anything else are an animation
            self.pages: int = getattr(self._image, "n_frames", 1) if is_scan else 1
        except _BROKEN:
            raise Refused(Reason.DAMAGED) from None
        self._turn_to(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._image.close()

    def read(self, number: int) -> Page:
        """Size in pixels; no text."""
        self._turn_to(number)
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
        except _BROKEN:
            raise Refused(Reason.DAMAGED) from None

    def _turn_to(self, number: int) -> None:
        try:
            self._image.seek(number - 1)
        except _BROKEN:
            raise Refused(Reason.DAMAGED) from None
        if self._image.width * self._image.height > MAX_SOURCE_PIXELS:
            raise Refused(Reason.TOO_MANY_PIXELS)


def _on_white(picture: Image.Image) -> Image.Image:
    """What shines through a transparent picture is paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
