"""The paper of a bundle (case.pdf): the case as it is read on `index.html`, in pages, for filing and print.

Set by ReportLab in the typeface that comes along, of which the letters used are embedded: it looks the same
and can be searched everywhere. What it is made of decides its bytes. It names the hash of every other file of
the bundle; its own stands in `bundle.json`. Reads pictures and computes: for a process beside the server.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus import Image as Picture

from recordings import JAPANESE
from signaling.case_page import (
    KINDS,
    LINE_STATES,
    SOURCES,
    Json,
    case_facts,
    clock,
    decision_facts,
    minutes_facts,
    sentence_words,
    step_words,
    still_words,
    when,
)
from signaling.case_press import Paper

MISSING = "〓"
"""What stands for a letter the typeface does not have, as in Japanese print."""
_FONT = "Japanese"
_INK, _SOFT, _LINE = HexColor("#1a1a1a"), HexColor("#595959"), HexColor("#b3b3b3")
_WIDTH = A4[0] - 40 * mm
_PADDING = 6  # points that ReportLab's frame and cells leave at each side
_ROWS = 30  # of a table that is set as one: longer ones take ReportLab quadratic time
_PICTURE_PIXELS = 1400  # the longer side: 200 dpi over the paper's width
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])  # choose a form of a letter
_TEXT = ParagraphStyle(
    "text",
    fontName=_FONT,
    bulletFontName=_FONT,
    fontSize=10,
    leading=16.5,
    textColor=_INK,
    wordWrap="CJK",
)
_SMALL = ParagraphStyle("small", _TEXT, fontSize=8.5, leading=13)
_NOTE = ParagraphStyle("note", _SMALL, textColor=_SOFT)
_CELLS = (("VALIGN", (0, 0), (-1, -1), "TOP"), ("FONTNAME", (0, 0), (-1, -1), _FONT))
_HASH = ParagraphStyle("hash", _NOTE, fontSize=6.5, leading=10)
_TITLE = ParagraphStyle("title", _TEXT, fontSize=23, leading=33, spaceAfter=6 * mm)
_CHAPTER = ParagraphStyle("chapter", _TEXT, fontSize=15, leading=22, spaceBefore=9 * mm)
_HEAD = ParagraphStyle("head", _TEXT, fontSize=12, leading=18, spaceBefore=4 * mm)


def pdf(paper: Paper) -> bytes:
    """The document, A4."""
    font = _font()
    target = io.BytesIO()
    case = paper.said["case"]
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=20 * mm - _PADDING,
        rightMargin=20 * mm - _PADDING,
        topMargin=20 * mm,
        bottomMargin=22 * mm,
        title=f"{case['number']} {case['title']}",
        author=paper.said["made_by"]["name"],
        lang="ja-JP",
        initialFontName=_FONT,
        invariant=1,
    )
    setting = _Setting(font.face.charToGlyph, f"{case['number']}　{case['title']}")
    document.build(list(setting.story(paper)), canvasmaker=setting.canvas)
    return target.getvalue()


def _font() -> ttfonts.TTFont:
    ttfonts.makeToUnicodeCMap = _to_unicode
    font = ttfonts.TTFont(_FONT, str(JAPANESE))
    pdfmetrics.registerFont(font)
    return font


def _to_unicode(name: str, letters: Sequence[int]) -> str:
    """Which letters the glyphs of a font are (ISO 32000-1 section 9.10.3).

    ReportLab's own writes code points where the standard asks for UTF-16: what is outside of the BMP, as
    letters of Japanese names are, would be found as something else.
    """
    rows = [f"<{at:02X}> <{chr(each).encode('utf-16-be').hex().upper()}>" for at, each in enumerate(letters)]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    said = "\n".join("\n".join([f"{len(each)} beginbfchar", *each, "endbfchar"]) for each in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <{len(letters) - 1:02X}>\n"
        f"endcodespacerange\n{said}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


class _Numbered(Canvas):  # type: ignore[misc]  # ReportLab is untyped
    """Pages that say their number and how many there are, which is known at the end."""

    def __init__(self, *args: Any, running: str, **kwargs: Any) -> None:  # ReportLab's own arguments
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, Any]] = []
        self._running = running

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont(_FONT, 8)
            self.setFillColor(_SOFT)
            self.drawString(20 * mm, 12 * mm, self._running)
            self.drawRightString(A4[0] - 20 * mm, 12 * mm, f"{number} / {len(self._pages)}")
            super().showPage()
        super().save()


class _Bookmark(Flowable):  # type: ignore[misc]  # ReportLab is untyped
    """An entry of the document's outline."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.keepWithNext = 1

    def wrap(self, *room: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.bookmarkHorizontal(self._words, 0, 20 * mm)
        self.canv.addOutlineEntry(self._words, self._words, 0)


class _Setting:
    """Puts words into paragraphs; `known` are the letters there are."""

    def __init__(self, known: Mapping[int, int], running: str) -> None:
        self._known = known
        self._has_gaps = False
        self._running = self._sayable(running)[:60]

    def canvas(self, *args: Any, **kwargs: Any) -> Canvas:  # ReportLab's own arguments
        """What the pages are drawn on."""
        return _Numbered(*args, running=self._running, **kwargs)

    def story(self, paper: Paper) -> Iterator[Flowable]:
        """The document from its cover to the hashes of its files."""
        said = paper.said
        yield from self._cover(said)
        yield from self._chapter("判断記録")
        for decision in said["decisions"]:
            yield from self._decision(decision, paper.pictures)
        yield from self._nothing(said["decisions"])
        yield from self._chapter("経過")
        yield from self._table(
            ((when(each["at"]), _kind(each), each["actor"], each["text"]) for each in said["timeline"]),
            ("時刻", "こと", "人", "内容"),
            (43, 30, 28, 69),
        )
        yield from self._nothing(said["timeline"])
        for minutes in said["minutes"]:
            yield from self._chapter(f"会議録　{minutes['call']}")
            yield from self._minutes(minutes)
        if said["recordings"]:
            yield from self._chapter("録音・録画")
            yield from self._recordings(said["recordings"])
        if said["transcript"]:
            yield from self._chapter("文字起こし")
            yield from self._transcript(said["transcript"])
        yield from self._chapter("静止画")
        for still in said["stills"]:
            yield from self._still(still, paper.pictures)
        yield from self._nothing(said["stills"])
        if said["documents"]:
            yield from self._chapter("資料")
            rows = ((each["title"], each["ver"], each["path"]) for each in said["documents"])
            yield from self._table(rows, ("資料", "版", "ファイル"), (70, 30, 70))
        yield from self._files(said, paper.files)

    def _cover(self, said: Json) -> Iterator[Flowable]:
        case = said["case"]
        yield Spacer(0, 35 * mm)
        yield self._words("案件一式", _NOTE)
        yield self._words(case["number"], _HEAD)
        yield self._words(case["title"], _TITLE)
        yield HRFlowable("100%", 1, color=_INK, spaceAfter=6 * mm)
        yield self._facts(case_facts(said, "対応中"))
        yield PageBreak()

    def _decision(self, decision: Json, pictures: Mapping[str, Path]) -> Iterator[Flowable]:
        steps = "\n".join(step_words(each) for each in decision["people"])
        facts = [*decision_facts(decision, "\n"), ("経緯", steps)]
        yield KeepTogether([self._words(decision["no"], _NOTE), self._words(decision["what"], _HEAD)])
        yield self._facts(facts)
        for proof in decision["evidence"]:
            if proof["file"]:
                path = f"stills/{proof['id']}/{proof['file']}"
                yield from self._picture(path, f"証拠の静止画 {when(proof['at'])}", pictures)
        if decision["hash"]:
            yield Paragraph(f"SHA-256 {decision['hash']}", _HASH)

    def _minutes(self, minutes: Json) -> Iterator[Flowable]:
        yield self._facts(minutes_facts(minutes, "　"))
        for part in minutes["parts"]:
            yield CondPageBreak(25 * mm)
            yield self._words(part["title"], _HEAD)
            for each in part["sentences"]:
                yield self._words(sentence_words(each), _TEXT)

    def _recordings(self, recordings: Iterable[Json]) -> Iterator[Flowable]:
        rows = (
            (
                each["call"],
                f"{track['name']}（{SOURCES.get(track['source'], track['source'])}）",
                f"{clock(track['start_ms'])}～{clock(track['end_ms'])}",
                track["path"],
            )
            for each in recordings
            for track in each["tracks"]
        )
        return self._table(rows, ("相談", "だれの", "時間", "ファイル"), (28, 42, 34, 66))

    def _transcript(self, lines: Iterable[Json]) -> Iterator[Flowable]:
        yield self._words("職員が確認した行だけが記録です。「自動・未確認」は機械が書いた下書きです。", _NOTE)
        for call, said in groupby(lines, lambda each: str(each["call"])):
            yield CondPageBreak(35 * mm)
            yield self._words(call, _HEAD)
            rows = (
                (clock(each["start_ms"]), each["name"], each["text"], LINE_STATES.get(each["state"], ""))
                for each in said
            )
            yield from self._table(rows, ("時刻", "話した人", "ことば", "確認"), (20, 30, 92, 28))

    def _still(self, still: Json, pictures: Mapping[str, Path]) -> Iterator[Flowable]:
        words = still_words(still)
        if still["file"]:
            yield from self._picture(f"stills/{still['id']}/{still['file']}", words, pictures)
            yield Paragraph(f"SHA-256 {still['sha256']}", _HASH)
        else:
            yield self._words(words, _TEXT)

    def _picture(self, path: str, words: str, pictures: Mapping[str, Path]) -> Iterator[Flowable]:
        parts: list[Flowable] = [Spacer(0, 3 * mm)]
        if path in pictures and (made := _small(pictures[path])):
            content, (width, height) = made
            scale = min(_WIDTH / width, 110 * mm / height)
            parts.append(Picture(io.BytesIO(content), width * scale, height * scale, hAlign="LEFT"))
        yield KeepTogether([*parts, Spacer(0, 1.5 * mm), self._words(words, _SMALL)])

    def _files(self, said: Json, files: Mapping[str, tuple[str, int]]) -> Iterator[Flowable]:
        yield from self._chapter("ファイルの一覧")
        yield self._words(
            "この一式にあるほかのすべてのファイルの指紋（SHA-256）です。この PDF の指紋は bundle.json に"
            "あり、サーバーの鍵で封印されています。genba verify ファイル名.zip で、1バイトでも変わった"
            "ファイルの名前がわかります。封印は電子署名法の電子署名ではありません。",
            _SMALL,
        )
        rows = (
            [self._words(path, _SMALL), Paragraph(f"{digest}<br/>{size_bytes:,} bytes", _HASH)]
            for path, (digest, size_bytes) in files.items()
        )
        yield from _in_pieces(rows, (60, 110))
        yield Paragraph(f"key {escape(said['key'])}", _HASH)
        if self._has_gaps:
            yield self._words(f"{MISSING} は書体にない文字です。文字そのものは case.json にあります。", _NOTE)

    def _chapter(self, title: str) -> Iterator[Flowable]:
        yield CondPageBreak(45 * mm)
        yield _Bookmark(title)
        yield self._words(title, _CHAPTER)
        yield HRFlowable("100%", 1, color=_INK, spaceAfter=3 * mm)

    def _nothing(self, found: Sequence[Json]) -> Iterator[Flowable]:
        if not found:
            yield self._words("ありません。", _TEXT)

    def _facts(self, facts: Iterable[tuple[str, str]]) -> Flowable:
        rows = [[self._words(label, _NOTE), self._words(value, _TEXT)] for label, value in facts if value]
        if not rows:
            return Spacer(0, 0)
        style = TableStyle([*_CELLS, ("LEFTPADDING", (0, 0), (-1, -1), 0)])
        return Table(rows, (30 * mm, _WIDTH - 30 * mm), style=style, hAlign="LEFT", spaceAfter=2 * mm)

    def _table(
        self, rows: Iterable[Sequence[str]], heading: Sequence[str], widths_mm: Sequence[float]
    ) -> Iterator[Flowable]:
        set_rows = ([self._words(cell, _SMALL) for cell in row] for row in rows)
        return _in_pieces(set_rows, widths_mm, [self._words(word, _NOTE) for word in heading])

    def _words(self, text: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(escape(self._sayable(text)).replace("\n", "<br/>"), style)

    def _sayable(self, text: str) -> str:
        """Without letters that cannot be set."""
        plain = text.translate(_SELECTORS).replace("\r", "").replace("\t", " ")
        found = "".join(each if each == "\n" or ord(each) in self._known else MISSING for each in plain)
        self._has_gaps = self._has_gaps or found.count(MISSING) > plain.count(MISSING)
        return found


def _in_pieces(
    rows: Iterable[Sequence[Flowable]], widths_mm: Sequence[float], heading: Sequence[Flowable] = ()
) -> Iterator[Flowable]:
    """A table as long as it may be, in pieces that follow without a gap; the first has the heading."""
    style = [*_CELLS, ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE)]
    widths = [each * mm for each in widths_mm]
    first = [("NOSPLIT", (0, 0), (-1, 1))] if heading else []  # a heading stands with its first row
    rest = iter(rows)
    while piece := list(islice(rest, _ROWS)):
        yield Table([heading, *piece] if first else piece, widths, style=[*style, *first], hAlign="LEFT")
        first = []


def _small(path: Path) -> tuple[bytes, tuple[int, int]] | None:
    """A picture as paper needs it, upright, as JPEG, and its size; None where it cannot be read."""
    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (_PICTURE_PIXELS, _PICTURE_PIXELS))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    picture.thumbnail((_PICTURE_PIXELS, _PICTURE_PIXELS))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue(), picture.size


def _kind(entry: Json) -> str:
    return KINDS.get(entry["kind"], str(entry["kind"]))
