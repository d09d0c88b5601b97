"""Pages of a PDF, read and drawn by PDFium (ISO 32000). Only inside the worker."""

import math
from pathlib import Path
from typing import Self

import pypdfium2 as pdfium

from signaling.library.file_types import Reason, Refused
from signaling.library.pages import Page, drawn_size, kept_text, save

_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


class PdfBook:
    """A PDF; raises Refused where it is locked or no PDF inside."""

    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path)
            self.pages = len(self._document)
        except pdfium.PdfiumError as error:
            is_locked = getattr(error, "err_code", None) == _PASSWORD_NEEDED
            raise Refused(Reason.ENCRYPTED if is_locked else Reason.DAMAGED) from None
        if self.pages < 1:
            raise Refused(Reason.DAMAGED)
        if self._document.get_formtype():
            self._document.init_forms()  # what was filled in is part of the page

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def read(self, number: int) -> Page:
        """Size in points."""
        page = self._page(number)
        try:
            width, height = _size(page)
            text = page.get_textpage()
            try:
                return Page(width, height, kept_text(text.get_text_range(errors="ignore")))
            finally:
                text.close()
        except pdfium.PdfiumError:
            raise Refused(Reason.DAMAGED) from None
        finally:
            page.close()

    def draw(self, number: int, width: int, target: Path) -> None:
        """See `Book`."""
        page = self._page(number)
        try:
            size = _size(page)
            columns, _ = drawn_size(*size, width)
            bitmap = page.render(scale=columns / size[0], rev_byteorder=True)
            save(bitmap.to_pil(), target)
        except (pdfium.PdfiumError, ValueError):
            raise Refused(Reason.DAMAGED) from None
        finally:
            page.close()

    def _page(self, number: int) -> pdfium.PdfPage:
        try:
            page: pdfium.PdfPage = self._document[number - 1]
        except (pdfium.PdfiumError, IndexError):
            raise Refused(Reason.DAMAGED) from None
        return page


def _size(page: pdfium.PdfPage) -> tuple[float, float]:
    """A page may say it is nothing, or endless: neither can be drawn."""
    width, height = page.get_size()
    is_page = all(math.isfinite(side) and 0.1 <= side <= 1_000_000 for side in (width, height))
    if not is_page or not 1 / 400 <= width / height <= 400:
        raise Refused(Reason.DAMAGED)
    return width, height
