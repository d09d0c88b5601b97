"""Makes the demo's documents: one PDF for each row of documents.csv, with its typeface inside, and what is on
the pages, all in documents.tar.xz.

That is committed, because an installation needs neither a browser nor a Japanese typeface to show them, and
does not read them again. Run it after changing the list; it needs Chromium, Playwright and Noto Sans CJK JP
(SIL Open Font License, subsets of which lie in the PDFs).
"""

from __future__ import annotations

import csv
import html
import io
import json
import math
import random
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "signaling" / "demo_files"
BRIDGE = (ROOT / "scripts" / "demo_bridge.svg").read_text(encoding="utf-8")
STYLE = """
@page { margin: 0 }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.75 'Noto Sans CJK JP', sans-serif; color: #1a1a1a }
section { width: 794px; height: 1122px; padding: 64px 68px; position: relative; overflow: hidden;
  break-after: page }
section.wide { width: 1122px; height: 793px; padding: 0 }
section.wide svg { width: 1122px; height: 793px; display: block }
h1 { font-size: 30px; line-height: 1.4; margin: 22px 0 6px; letter-spacing: .02em }
h2 { font-size: 20px; margin: 34px 0 10px; padding-left: 12px; border-left: 6px solid #00428c }
.kind { display: inline-block; padding: 2px 14px; border: 2px solid #00428c; color: #00428c;
  font-weight: 700 }
.who { float: right; font-weight: 700; padding: 3px 14px; background: #1a1a1a; color: #fff }
.who.open { background: #197a4b }
.meta { border-collapse: collapse; width: 100%; margin: 18px 0 8px; font-size: 13.5px }
.meta td, .form td, .list td, .list th { border: 1px solid #8c8c8c; padding: 6px 10px }
.meta td:nth-child(odd), .form td:first-child, .list th { background: #eef3f9; font-weight: 700 }
.meta td:nth-child(odd) { width: 110px } .list th:first-child { width: 80px }
.form, .list { border-collapse: collapse; width: 100%; font-size: 14px }
.form td { height: 52px } .form td:first-child { width: 190px }
.list td { height: 44px } .list .box { width: 60px; text-align: center; font-size: 18px }
.list .free, .list th:last-child { width: 210px }
ol.steps { list-style: none; padding: 0; margin: 0; counter-reset: n }
ol.steps li { counter-increment: n; padding: 11px 0 11px 58px; position: relative;
  border-bottom: 1px solid #d0d0d0 }
ol.steps li::before { content: counter(n); position: absolute; left: 4px; top: 10px; width: 34px;
  height: 34px; border-radius: 50%; background: #00428c; color: #fff; text-align: center; line-height: 34px;
  font-weight: 700 }
.note { border: 2px solid #b08a00; background: #fff9e0; padding: 12px 18px; margin-top: 26px }
.foot { position: absolute; left: 68px; right: 68px; bottom: 34px; font-size: 12px; color: #5c5c5c;
  border-top: 1px solid #8c8c8c; padding-top: 8px; display: flex; justify-content: space-between }
"""
Row = dict[str, str]
WIDTH, HEIGHT = 1190, 842


def main() -> None:
    """Write all of them."""
    rows = list(csv.DictReader((FOLDER / "documents.csv").read_text(encoding="utf-8-sig").splitlines()))
    made: dict[str, bytes] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        for row in rows:
            drawings = DRAWINGS.get(row["ID"])
            sections = (
                [f"<section class=wide>{each}</section>" for each in drawings(row)]
                if drawings
                else _paper(row)
            )
            body = "".join(sections)
            title = html.escape(row["文書名"])
            page.set_content(
                f"<!doctype html><html lang=ja><title>{title}</title><style>{STYLE}</style>{body}"
            )
            size = (
                {"width": "1122px", "height": "793px"} if drawings else {"width": "794px", "height": "1122px"}
            )
            made[row["ID"]] = page.pdf(print_background=True, tagged=False, outline=False, **size)
        browser.close()
    pages = {name: _pages(content) for name, content in made.items()}
    files = {"pages.json": json.dumps(pages, ensure_ascii=False, indent=0).encode()}
    files |= {f"{name}.pdf": content for name, content in made.items()}
    with tarfile.open(FOLDER / "documents.tar.xz", "w:xz", preset=9) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def _pages(content: bytes) -> list[list[float | str]]:
    """Width, height and text of every page."""
    document = pypdfium2.PdfDocument(content)
    found: list[list[float | str]] = []
    for page in document:
        text = page.get_textpage().get_text_range().replace("\r\n", "\n")
        found.append([*(round(side, 2) for side in page.get_size()), text])
    return found


def _paper(row: Row) -> list[str]:
    """A document of text: what it says, then a sheet to work with."""
    steps = _sentences(row["本文"])
    pages = [_first(row, steps), _sheet(row, steps)]
    if row["文書種別"] in ("手引", "案内"):
        pages.append(_history(row))
    return [
        f"<section>{body}<div class=foot><span>{row['文書名']}</span>"
        f"<span>{row['作成課']}　版{row['版']}</span><span>{at} / {len(pages)}</span></div></section>"
        for at, body in enumerate(pages, start=1)
    ]


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=。)|(?=\(\d\))", text)
    return [re.sub(r"^\(\d\)", "", part).strip() for part in parts if part.strip()]


def _first(row: Row, steps: list[str]) -> str:
    look = "" if row["公開区分"] == "職員限り" else " open"
    meta = (
        f"<table class=meta><tr><td>番号<td>{row['ID']}<td>作成<td>{row['作成課']}"
        f"<tr><td>版<td>{row['版']}<td>更新日<td>{_day(row['最終更新日'])}"
        f"<tr><td>公開区分<td>{row['公開区分']}<td>保存期間<td>{row['保存期間']}</table>"
    )
    items = "".join(f"<li>{html.escape(step)}</li>" for step in steps)
    head = {"手引": "確認すること", "案内": "内容", "様式": "記入のしかた"}.get(row["文書種別"], "概要")
    note = "この資料は、あまね県（架空の自治体）の見本です。"
    return (
        f"<span class=kind>{row['文書種別']}</span><span class='who{look}'>{row['公開区分']}</span>"
        f"<h1>{html.escape(row['文書名'])}</h1>{meta}<h2>{head}</h2><ol class=steps>{items}</ol>"
        f"<p class=note>{note}</p>"
    )


def _sheet(row: Row, steps: list[str]) -> str:
    words = [word for step in steps for word in re.split("[、。]", step) if word]
    if row["文書種別"] == "様式":
        cells = "".join(f"<tr><td>{html.escape(word)}<td>" for word in words[:15])
        return f"<h1>{html.escape(row['文書名'])}</h1><h2>記入欄</h2><table class=form>{cells}</table>"
    cells = "".join(f"<tr><td class=box>□<td>{html.escape(word)}<td class=free>" for word in words[:18])
    return f"<h1>確認票</h1><table class=list><tr><th>確認<th>項目<th>気づいたこと{cells}</table>"


def _history(row: Row) -> str:
    return (
        "<h1>改訂の記録と問い合わせ先</h1><table class=list><tr><th>版"
        '<th style="width:170px">日付<th style="width:auto">内容'
        f"<tr><td>{row['版']}<td>{_day(row['最終更新日'])}<td>全体を見直した。"
        "<tr><td>0.9<td>令和8年4月1日<td>はじめて作った。"
        f"</table><h2>問い合わせ先</h2><p>{row['作成課']}　電話 000-000-1126</p>"
    )


def _day(text: str) -> str:
    year, month, day = (int(part) for part in text.split("-"))
    return f"令和{year - 2018}年{month}月{day}日"


class Sheet:
    """A drawing sheet of A4 across, with frame and title block."""

    def __init__(self, row: Row, name: str, number: int, count: int, scale: str = "図示") -> None:
        self.parts = [
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}"><defs><pattern id="h" width="9" height="9"'
            ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v9" stroke="#1a1a1a"/>'
            f'</pattern></defs><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
            '<rect x="22" y="22" width="1146" height="798" fill="none" stroke="#1a1a1a" stroke-width="2.4"/>'
        ]
        self.path(
            "M826 728h342v92h-342zM826 751h342M826 774h342M826 797h342M906 728v92M1072 774v46M1016 774v46",
            1.4,
        )
        cells = [("工事名", 834, 745), ("図面名", 834, 768), ("縮尺", 834, 791), ("作成", 834, 814)]
        cells += [("番号", 1022, 791), ("版", 1022, 814), (row["文書名"][:18], 914, 745), (name, 914, 768)]
        cells += [(scale, 914, 791), (row["作成課"][:6], 914, 814), (f"{number} / {count}", 1080, 791)]
        for words, x, y in [*cells, (row["版"], 1080, 814)]:
            self.words(x, y, words)

    def words(self, x: float, y: float, text: str, size: int = 13, more: str = "") -> None:
        """Text, from its lower left corner."""
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{size}" {more}>{html.escape(text)}</text>')

    def title(self, x: float, y: float, text: str, scale: str = "") -> None:
        """The heading of a figure."""
        self.words(x, y, text, 19, 'font-weight="700"')
        self.words(x + 20 * len(text) + 14, y, scale)

    def path(self, d: str, width: float = 1.2, colour: str = "#1a1a1a", more: str = 'fill="none"') -> None:
        """Lines."""
        self.parts.append(f'<path d="{d}" stroke="{colour}" stroke-width="{width}" {more}/>')

    def measure(self, x1: float, y1: float, x2: float, y2: float, text: str) -> None:
        """A dimension line, across or down."""
        across = y1 == y2
        ends = f"M{x1} {y1 - 6}v12M{x2} {y2 - 6}v12" if across else f"M{x1 - 6} {y1}h12M{x2 - 6} {y2}h12"
        self.path(f"M{x1} {y1}L{x2} {y2}{ends}", 0.9, "#4d4d4d")
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        turn = f'transform="rotate(-90 {x - 7} {y})"' if not across else ""
        self.words(x if across else x - 7, y - 6 if across else y, text, 13, f'text-anchor="middle" {turn}')

    def table(self, x: float, y: float, widths: list[int], rows: list[list[str]], height: int = 30) -> None:
        """Cells with words."""
        total, deep = sum(widths), height * len(rows)
        self.path(f"M{x} {y}h{total}v{deep}h{-total}z", 1.4)
        for at in range(1, len(rows)):
            self.path(f"M{x} {y + at * height}h{total}", 0.8)
        for at in range(1, len(widths)):
            self.path(f"M{x + sum(widths[:at])} {y}v{deep}", 0.8)
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                more = 'font-weight="700"' if at == 0 else ""
                self.words(x + sum(widths[:column]) + 8, y + at * height + height * 0.66, cell, 14, more)

    def done(self) -> str:
        """The SVG."""
        return "".join(self.parts) + "</svg>"


def _bridge(row: Row) -> list[str]:
    count = 9
    pages = [_list_of_sheets(row, count), BRIDGE, _jacketing(row, count), _scour(row, count)]
    pages += [_quantities(row, count), _order(row, count), _cracks(row, count), _walkway(row, count)]
    return [*pages, _control(row, count)]


def _list_of_sheets(row: Row, count: int) -> str:
    sheet = Sheet(row, "図面目録", 1, count, "—")
    sheet.words(595, 190, "県道12号 川辺橋 耐震補強工事", 40, 'font-weight="700" text-anchor="middle"')
    sheet.words(595, 240, "一般図・橋脚補強図　全9葉", 24, 'text-anchor="middle"')
    names = ["図面目録", "一般図・橋脚補強図", "P2橋脚 巻立て詳細図", "河床横断・洗掘記録図", "数量総括表"]
    names += ["施工順序図", "ひび割れ記録図（P2橋脚）", "検査路詳細図", "交通規制図"]
    rows = [["番号", "図面名", "縮尺"]] + [[str(at), name, "図示"] for at, name in enumerate(names, start=1)]
    sheet.table(330, 290, [80, 350, 100], rows, 34)
    sheet.words(595, 680, "あまね県 東部土木事務所　令和8年10月", 18, 'text-anchor="middle"')
    return sheet.done()


def _jacketing(row: Row, count: int) -> str:
    sheet = Sheet(row, "P2橋脚 巻立て詳細図", 3, count)
    sheet.title(52, 64, "側面詳細", "S=1:50")
    sheet.path("M160 120h260v40l-60 50h-140l-60-50z", 1.7)
    sheet.path("M220 210h140v420h-140z", 1.7)
    sheet.path("M180 250h40v380h-40zM360 250h40v380h-40z", 1.7, more='fill="url(#h)"')
    sheet.path("M110 630h360v70h-360z", 1.7)
    for at in range(12):
        sheet.path(f"M183 {270 + at * 30}h34M363 {270 + at * 30}h34", 2.2)
    sheet.measure(80, 250, 80, 630, "7,600")
    sheet.measure(180, 735, 220, 735, "250")
    sheet.measure(220, 735, 360, 735, "2,400")
    sheet.measure(360, 735, 400, 735, "250")
    sheet.title(560, 64, "配筋表")
    sheet.table(
        560,
        90,
        [90, 120, 130, 110, 120],
        [
            ["記号", "径", "長さ(mm)", "本数", "質量(kg)"],
            *[
                [
                    f"W{at}",
                    f"D{size}",
                    f"{length:,}",
                    str(number),
                    f"{number * length * size * size * 6.17e-6:,.0f}",
                ]
                for at, (size, length, number) in enumerate(
                    [(25, 8100, 96), (25, 7600, 24), (16, 5400, 152), (16, 2900, 304), (13, 620, 880)],
                    start=1,
                )
            ],
        ],
    )
    sheet.title(560, 330, "継手・定着", "S=1:20")
    sheet.path("M560 380h420M560 410h420M700 370v50M860 370v50", 2)
    sheet.measure(700, 450, 860, 450, "35φ 以上")
    for at, words in enumerate(
        [
            "1. 主鉄筋は SD345 とし、フーチングへの定着は 20D 以上とする。",
            "2. 帯鉄筋の間隔は 150mm とし、フックは 135°とする。",
            "3. 既設面はウォータージェットで 3mm 以上の粗さに処理する。",
            "4. 打設の前に、既設面のひび割れを調べて記録する。",
        ]
    ):
        sheet.words(560, 530 + at * 28, words, 15)
    return sheet.done()


def _scour(row: Row, count: int) -> str:
    sheet = Sheet(row, "河床横断・洗掘記録図", 4, count, "V=1:100 H=1:400")
    sheet.title(52, 64, "河床横断図（下流側 5m）", "V=1:100  H=1:400")
    for at in range(11):
        sheet.path(f"M90 {120 + at * 44}h1010", 0.4, "#b0b0b0")
        sheet.words(52, 124 + at * 44, f"{6 - at:+d}.0")
    for year, colour, depth in (
        ("平成30年", "#767676", 0),
        ("令和4年", "#0066be", 30),
        ("令和8年8月豪雨後", "#c03000", 78),
    ):
        points = [
            (
                90 + step * 10.1,
                300 + 40 * math.sin(step / 14) + depth * math.exp(-(((step - 50) / 7) ** 2)) + step * 0.2,
            )
            for step in range(101)
        ]
        sheet.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), 2, colour)
        sheet.path(f"M{700} {560 + depth}h50", 2, colour)
        sheet.words(760, 565 + depth, year, 15)
    for x, name in ((343, "P1"), (594, "P2"), (845, "P3")):
        sheet.path(f"M{x - 14} 140v150M{x + 14} 140v150M{x - 45} 290h90v34h-90z", 1.6)
        sheet.words(x - 9, 132, name, 14, 'font-weight="700"')
    sheet.words(640, 420, "P2 直下 最大洗掘 1.8m（令和8年8月23日 水深測線）", 15, 'fill="#c03000"')
    sheet.path("M630 415L604 385", 1.2, "#c03000")
    return sheet.done()


def _quantities(row: Row, count: int) -> str:
    sheet = Sheet(row, "数量総括表", 5, count, "—")
    sheet.title(52, 64, "数量総括表")
    items = [
        ("コンクリート（24-12-20BB）", "m3", "68.4"),
        ("鉄筋 SD345 D25", "kg", "7,180"),
        ("鉄筋 SD345 D16", "kg", "2,960"),
        ("型枠", "m2", "171.0"),
        ("表面処理（ウォータージェット）", "m2", "152.0"),
        ("ひび割れ注入（幅0.2mm以上）", "m", "38.5"),
        ("足場", "掛m2", "240"),
        ("締切（鋼矢板 III型）", "枚", "96"),
        ("根固めブロック 2t", "個", "84"),
        ("検査路 撤去・復旧", "m", "45.0"),
        ("仮設備（排水）", "式", "1"),
        ("交通誘導員", "人日", "132"),
    ]
    sheet.table(
        90,
        100,
        [70, 420, 100, 160, 250],
        [["No", "種別", "単位", "数量", "摘要"]]
        + [[str(at), *item, ""] for at, item in enumerate(items, start=1)],
        44,
    )
    return sheet.done()


def _order(row: Row, count: int) -> str:
    sheet = Sheet(row, "施工順序図", 6, count)
    sheet.title(52, 64, "施工順序")
    steps = ["仮締切", "足場・表面処理", "ひび割れ注入", "鉄筋組立", "型枠・打設", "養生・撤去"]
    for at, step in enumerate(steps):
        x, y = 70 + at % 3 * 365, 100 + at // 3 * 300
        sheet.path(f"M{x} {y}h320v250h-320z", 1.2)
        sheet.words(x + 14, y + 32, f"{at + 1}. {step}", 18, 'font-weight="700"')
        sheet.path(f"M{x + 130} {y + 70}h60v110h-60zM{x + 90} {y + 180}h140v30h-140z", 1.6)
        if at >= 3:
            sheet.path(
                f"M{x + 114} {y + 85}h16v95h-16zM{x + 190} {y + 85}h16v95h-16z", 1.4, more='fill="url(#h)"'
            )
        if at in (0, 1, 2, 3, 4):
            sheet.path(f"M{x + 50} {y + 110}v100M{x + 270} {y + 110}v100", 3)
        sheet.path(f"M{x + 20} {y + 130}h30M{x + 270} {y + 130}h30", 1.2, "#0066be")
    sheet.words(
        70, 735, "打設の前に監督職員の立会いを受ける。出水期（6月〜10月）は河川内の作業をしない。", 15
    )
    return sheet.done()


def _cracks(row: Row, count: int) -> str:
    sheet = Sheet(row, "ひび割れ記録図（P2橋脚）", 7, count, "S=1:50")
    random.seed(12)
    for at, face in enumerate(("上流側", "下流側", "左岸側", "右岸側")):
        x = 80 + at * 180
        sheet.title(x, 90, face)
        sheet.path(f"M{x} 110h140v520h-140z", 1.7)
        for line in range(1, 6):
            sheet.path(f"M{x} {110 + line * 86.6:.0f}h140", 0.4, "#b0b0b0")
        for _ in range(2 + at % 2):
            px, py = x + random.randint(30, 110), random.randint(150, 420)
            d = f"M{px} {py}"
            for _ in range(6):
                d += f"l{random.randint(-10, 10)} {random.randint(12, 26)}"
            sheet.path(d, 1.8, "#c03000")
            sheet.words(px - 24, py - 6, f"w={random.choice(['0.1', '0.2', '0.3'])}", 13, 'fill="#c03000"')
    sheet.table(
        820,
        110,
        [90, 120, 130],
        [
            ["幅(mm)", "扱い", "延長(m)"],
            ["0.2未満", "記録", "12.4"],
            ["0.2〜0.5", "注入", "26.1"],
            ["0.5超", "所長の判断", "0.0"],
        ],
        36,
    )
    sheet.words(820, 300, "上流側 高さ3.1m付近の1本は、", 15)
    sheet.words(820, 326, "幅0.3mm・長さ1.2m。漏水なし。", 15)
    sheet.words(820, 352, "計測器を2台付けて経過を見る。", 15)
    return sheet.done()


def _walkway(row: Row, count: int) -> str:
    sheet = Sheet(row, "検査路詳細図", 8, count, "S=1:30")
    sheet.title(52, 64, "検査路 断面", "S=1:30")
    sheet.path("M120 160h420v26h-420zM150 186v240M510 186v240M150 426h360", 1.8)
    for at in range(13):
        sheet.path(f"M{150 + at * 30} 426v-180", 0.8)
    sheet.measure(150, 470, 510, 470, "900")
    sheet.measure(90, 246, 90, 426, "1,100")
    sheet.title(640, 64, "昇降設備", "S=1:30")
    for at in range(14):
        sheet.path(f"M760 {120 + at * 34}h120", 2)
    sheet.path("M760 100v500M880 100v500", 2.4)
    sheet.words(640, 660, "検査路は下流側。昇降口は A1 橋台の鍵付き扉から入る。", 15)
    return sheet.done()


def _control(row: Row, count: int) -> str:
    sheet = Sheet(row, "交通規制図", 9, count, "S=1:500")
    sheet.title(52, 64, "片側交互通行（9時〜16時）", "S=1:500")
    sheet.path("M60 300H1130M60 420H1130", 2)
    sheet.path("M60 360H1130", 1.2, "#767676", 'fill="none" stroke-dasharray="24 14"')
    sheet.path("M360 300h470v60h-470z", 1.4, "#c03000", 'fill="#fbe3dc"')
    for x, words in ((150, "信号機"), (320, "停止線"), (860, "停止線"), (1020, "信号機")):
        sheet.path(f"M{x} 250v50", 2)
        sheet.words(x - 24, 240, words, 15)
    sheet.words(520, 336, "作業帯 47m", 18, 'fill="#c03000" font-weight="700"')
    sheet.path("M240 390h90l-14-8m14 8l-14 8M960 390h-90l14-8m-14 8l14 8", 2, "#00428c")
    for at, words in enumerate(
        [
            "規制時間 平日 9:00〜16:00（下校時は規制しない）",
            "誘導員 4名（両端・中央・歩行者通路）",
            "歩行者通路 幅1.5m を下流側に確保する",
            "連絡先 東部土木事務所 000-000-1126",
        ]
    ):
        sheet.words(80, 520 + at * 34, f"{at + 1}. {words}", 17)
    return sheet.done()


def _map(seed: int, legend: list[tuple[str, str]], marks: int) -> Callable[[Row], list[str]]:
    """A street map that is nowhere, with something on it."""

    def draw(row: Row) -> list[str]:
        pages = []
        for number in (1, 2):
            sheet = Sheet(row, f"その{number}", number, 2, "1:2,500")
            random.seed(seed + number)
            sheet.title(52, 64, row["文書名"], "")
            for at in range(7):
                y, x = 110 + at * 88 + random.randint(-18, 18), 70 + at * 155 + random.randint(-30, 30)
                sheet.path(
                    f"M40 {y}Q400 {y + random.randint(-60, 60)} 1150 {y + random.randint(-30, 30)}",
                    5,
                    "#d6d6d6",
                )
                sheet.path(
                    f"M{x} 90Q{x + random.randint(-60, 60)} 400 {x + random.randint(-40, 40)} 710",
                    5,
                    "#d6d6d6",
                )
            sheet.path("M40 560Q400 470 700 600T1150 520", 26, "#bfdcf2")
            sheet.words(900, 600, "天川", 16, 'fill="#0066be"')
            for at in range(marks):
                x, y = random.randint(80, 1080), random.randint(110, 690)
                words, colour = legend[at % len(legend)]
                sheet.path(f"M{x} {y}l{random.randint(-160, 160)} {random.randint(-60, 60)}", 4, colour)
                sheet.path(f"M{x - 9} {y}a9 9 0 1 0 18 0a9 9 0 1 0 -18 0", 2, colour, 'fill="#fff"')
                sheet.words(x - 5, y + 5, str(at + 1), 12)
            for at, (words, colour) in enumerate(legend):
                sheet.path(f"M60 {740 + at * 22}h40", 4, colour)
                sheet.words(110, 745 + at * 22, words, 15)
            for at, sentence in enumerate(_sentences(row["本文"])[:4]):
                sheet.words(300, 745 + at * 22, sentence[:34], 14)
            pages.append(sheet.done())
        return pages

    return draw


DRAWINGS: dict[str, Callable[[Row], list[str]]] = {
    "D002": _bridge,
    "D017": _map(17, [("更生済み", "#0066be"), ("要改築", "#c03000"), ("そのほか", "#767676")], 14),
    "D018": _map(18, [("警戒区域", "#d79b00"), ("特別警戒区域", "#c03000"), ("避難経路", "#197a4b")], 12),
    "D026": _map(26, [("道路管理者", "#00428c"), ("警察", "#7a3e9d"), ("学校", "#197a4b")], 25),
}

if __name__ == "__main__":
    main()
