"""What the worker makes of files as offices have them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from signaling.library import texts
from signaling.library.file_types import Reason
from signaling.library.reader import Found
from tests.papers import pdf, pdf_of, picture, read


def test_a_scan_of_several_sheets_is_as_many_pages(tmp_path: Path) -> None:
    sheets = [Image.new("1", (200, 300), 1), Image.new("1", (300, 200), 1)]
    scan = io.BytesIO()
    sheets[0].save(scan, "TIFF", compression="group4", save_all=True, append_images=sheets[1:])

    found = read(tmp_path, scan.getvalue())

    assert isinstance(found, Found) and found.media_type == "image/tiff"
    assert [(page.width, page.height) for page in found.pages] == [(200, 300), (300, 200)]


def test_a_page_that_lies_is_as_it_is_shown(tmp_path: Path) -> None:
    lying = pdf().replace(b"/Contents", b"/Rotate 90 /Contents")

    found = read(tmp_path, lying)  # its table of places is wrong now, which readers put right

    assert isinstance(found, Found)
    assert (found.pages[0].width, found.pages[0].height) == (842, 595)
    assert found.pages[0].text.strip() == "P2 pier, crack 0.4 mm 1"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_picture_is_one_page_whatever_it_is_called(tmp_path: Path, kind: str) -> None:
    found = read(tmp_path, picture((40, 30), kind, orientation=8))

    assert isinstance(found, Found)
    assert (found.media_type, found.pages[0].width, found.pages[0].height) == (
        f"image/{kind.lower()}",
        30,
        40,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_text_is_set_on_pages_where_there_is_a_typeface(tmp_path: Path, encoding: str) -> None:
    lines = "\n".join(
        f"{number}. 橋の継手の段差3cm以上は即時規制を上司に求める。" * 2 for number in range(60)
    )

    found = read(tmp_path, lines.encode(encoding))

    if isinstance(found, Found):
        assert len(found.pages) == 3 and found.pages[0].text.startswith("0. 橋の継手")
        assert not any(
            line.startswith(("。", "、")) for page in found.pages for line in page.text.split("\n")
        )
    else:
        assert found == Reason.NO_FONT and not [
            font for folder in texts.FOLDERS for font in Path(folder).rglob("*") if font.name in texts.FONTS
        ]


def test_a_pdf_without_pages_is_damaged(tmp_path: Path) -> None:
    empty = pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"])

    assert read(tmp_path, empty) == Reason.DAMAGED
