"""Plain text and CSV as A4 pages, set in a Japanese typeface of the server. Only inside the worker."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Self

from PIL import Image, ImageDraw, ImageFont

from signaling.library.file_types import Reason, Refused
from signaling.library.pages import Page, drawn_size, kept_text, save

MAX_BYTES = 4_000_000
PAPER = (595, 842)  # A4 in points
MARGIN = 50
TYPE_SIZE = 11
LEADING = 18
_ENCODINGS = ("utf-8-sig", "cp932")
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/opt/fonts", "/Library/Fonts")
FONTS = (
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Regular.otf", "NotoSansJP-Regular.otf"),
    *("NotoSansJP-Regular.ttf", "ipaexg.ttf", "ipag.ttf", "TakaoGothic.ttf", "VL-Gothic-Regular.ttf"),
    *("NotoSerifCJK-Regular.ttc", "ipaexm.ttf", "ipam.ttf"),
)
_NOT_FIRST = frozenset(
    "、。，．・：；？！）］｝〕〉》」』】ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}"
)


class TextBook:
    """A text, broken into lines and pages; raises Refused where it is none or there is no typeface."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > MAX_BYTES:
            raise Refused(Reason.TOO_MANY_PAGES)
        font = _font(TYPE_SIZE * 4)
        width = (PAPER[0] - 2 * MARGIN) * 4
        lines = [
            piece
            for line in kept_text(_decoded(path.read_bytes()), MAX_BYTES).replace("\f", "\n").split("\n")
            for piece in _broken(line.expandtabs(4), width, font)
        ]
        per_page = (PAPER[1] - 2 * MARGIN) // LEADING
        self._pages = ["\n".join(lines[at : at + per_page]) for at in range(0, len(lines), per_page)]
        self.pages = len(self._pages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, number: int) -> Page:
        """Size in points."""
        return Page(*PAPER, self._pages[number - 1])

    def draw(self, number: int, width: int, target: Path) -> None:
        """See `Book`."""
        size = drawn_size(*PAPER, width)
        scale = size[0] / PAPER[0]
        sheet = Image.new("RGB", size, "white")
        pen, font = ImageDraw.Draw(sheet), _font(max(1, round(TYPE_SIZE * scale)))
        for at, line in enumerate(self._pages[number - 1].split("\n")):
            pen.text((MARGIN * scale, (MARGIN + at * LEADING) * scale), line, fill="black", font=font)
        save(sheet, target)


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(character.isprintable() or character in "\t\n\r\f\u3000" for character in text):
            return text
    raise Refused(Reason.UNKNOWN_TYPE)


def _broken(line: str, width: float, font: ImageFont.FreeTypeFont) -> list[str]:
    """A line of the text in lines of the paper; no line begins with what may not stand there (禁則)."""
    cuts, start, used = [0], 0, 0.0
    for at, character in enumerate(line):
        used += _advance(character, font)
        if used > width and at > start and character not in _NOT_FIRST:
            cuts.append(at)
            start, used = at, _advance(character, font)
    return [line[begin:end] for begin, end in pairwise([*cuts, len(line)])]


@cache
def _advance(character: str, font: ImageFont.FreeTypeFont) -> float:
    return font.getlength(character)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    found = {path.name: path for folder in FOLDERS for path in Path(folder).rglob("*.[to]t[fc]")}
    for name in FONTS:
        if name in found:
            return ImageFont.truetype(str(found[name]), size, layout_engine=ImageFont.Layout.BASIC)
    raise Refused(Reason.NO_FONT)
