"""The paper of a case: every word of it can be found again, and it is the same twice."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from signaling.case_press import Paper, pdf

AT = "2026-11-23T10:42:00+09:00"
SPEECH = "床版の下面にひび割れが三本あり、幅は〇・三ミリを超えています。"

DECISION: dict[str, Any] = {
    "no": "R8-東土-0142-1",
    "what": "大型車の通行を止める",
    "reason": "ひび割れの幅が基準を超えた",
    "rejected": [{"option": "片側交互通行", "why": "荷重が減らない"}],
    "basis": [{"law": "道路法第46条"}],
    "due": "2026-11-24",
    "state": "承認",
    "decided_at": AT,
    "docs": [{"title": "点検要領", "ver": "2.0"}],
    "people": [
        {
            "name": "藤代 正和",
            "post": "所長",
            "role": "承認",
            "at": AT,
            "otp_at": AT,
            "for": None,
            "words": "迂回路の案内を先に出すこと",
        }
    ],
    "evidence": [{"id": "S1", "file": "original.jpg", "at": AT}],
    "hash": "0f" * 32,
}
MINUTES: dict[str, Any] = {
    "call": "0142-1",
    "version": 2,
    "is_confirmed": True,
    "author": "相沢 みのり",
    "at": AT,
    "subject": "ひび割れの確認",
    "held": "令和8年11月23日 10:00～10:40",
    "place": "川辺橋",
    "attendees": "相沢 みのり（道路維持課 主任）\n藤代 正和（所長）",
    "parts": [
        {
            "title": "議事",
            "sentences": [{"at_ms": 62_000, "speaker": "相沢 みのり", "text": SPEECH}],
        }
    ],
}


def case(lines: int = 3, **more: Any) -> dict[str, Any]:  # JSON
    said = {
        "made_at": AT,
        "made_by": {"id": "1", "name": "相沢 みのり", "post": "主任"},
        "key": "ab" * 32,
        "case": {
            "number": "R8-東土-0142",
            "title": "川辺橋 床版のひび割れ",
            "place": "川辺町 県道12号",
            "office": "東部土木事務所",
            "department": "道路維持課",
            "owner": "髙橋 𠮟",
            "opened_at": AT,
            "closed_at": None,
        },
        "decisions": [DECISION],
        "timeline": [{"at": AT, "kind": "opened", "actor": "相沢 みのり", "text": "住民の電話"}] * lines,
        "minutes": [MINUTES],
        "recordings": [],
        "transcript": [
            {
                "call": "0142-1",
                "start_ms": 1000 * number,
                "name": "相沢 みのり",
                "text": f"{number}番。{SPEECH}",
                "state": "confirmed",
            }
            for number in range(lines)
        ],
        "stills": [
            {"id": "S1", "file": "original.jpg", "taken_at": AT, "taker": "相沢", "words": "", "sha256": "aa"}
        ],
        "documents": [{"title": "一般図", "ver": "1.0", "path": "documents/V1.pdf", "sha256": "bb"}],
    }
    return said | more


def pages(content: bytes) -> list[str]:
    """The words of each page, without the breaks of its lines."""
    document = pypdfium2.PdfDocument(content)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def test_every_word_can_be_found_and_every_page_says_which_it_is(tmp_path: Path) -> None:
    Image.new("RGB", (640, 480), "gray").save(tmp_path / "original.jpg")
    files = {"index.html": ("cd" * 32, 1234), "stills/S1/original.jpg": ("ef" * 32, 99)}
    paper = Paper(case(), files, {"stills/S1/original.jpg": tmp_path / "original.jpg"})

    content = pdf(paper)

    found = pages(content)
    text = "".join(found)
    for words in (
        "川辺橋床版のひび割れ",
        "髙橋𠮟",
        "令和8年11月23日10:42藤代正和所長承認（確認コード）：迂回路の案内を先に出すこと",
        "片側交互通行荷重が減らない",
        SPEECH,
        "案件を受け付けた",
        "確認済",
        "0f" * 32,
        "cd" * 32,
        "stills/S1/original.jpg",
    ):
        assert re.sub(r"\s", "", words) in text, words
    assert [f"{number}/{len(found)}" in page for number, page in enumerate(found, 1)] == [True] * len(found)
    document = pypdfium2.PdfDocument(content)
    assert [each.get_title() for each in document.get_toc()][:3] == ["判断記録", "経過", "会議録　0142-1"]
    assert b"/FontFile2" in content and b"/Helvetica" not in content and b"/Courier" not in content
    assert sum(each.type == 3 for page in document for each in page.get_objects()) == 2


def test_the_same_case_is_the_same_paper_and_long_ones_are_whole() -> None:
    paper = Paper(case(lines=200), {})

    content = pdf(paper)

    assert content == pdf(paper)
    text = "".join(pages(content))
    assert all(f"{number}番。{SPEECH}" in text for number in range(200))


def test_letters_without_a_glyph_are_marked_and_hostile_words_stay_words() -> None:
    said = case(timeline=[{"at": AT, "kind": "comment", "actor": "𠮷田", "text": "<b>&amp;</b>\n二行目\t☃"}])

    text = "".join(pages(pdf(Paper(said, {}))))

    assert "〓田" in text and "〓は書体にない文字です" in text
    assert "<b>&amp;</b>二行目" in text


def test_a_picture_that_cannot_be_read_costs_the_picture_alone(tmp_path: Path) -> None:
    broken = tmp_path / "original.jpg"
    broken.write_bytes(b"\xff\xd8\xff" + bytes(50))

    content = pdf(Paper(case(), {}, {"stills/S1/original.jpg": broken}))

    assert "証拠の静止画" in "".join(pages(content))
    assert io.BytesIO(content).read(5) == b"%PDF-"
