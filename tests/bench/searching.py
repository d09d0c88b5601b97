"""How long a search takes in a library of 10,000 documents of several pages, not all of which one may see.

Through the whole product over HTTP (in one process, without a socket), and the search alone; on SQLite and
on PostgreSQL. The pages are made of sentences, common ones often; what is looked for is what people look
for: two characters, one, compounds, several words, whole questions, words nobody wrote, and the plain list.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from field_assist import Person, Session, document_index, document_search, staff
from field_assist.document_index import Indexed
from field_assist.document_search import Wanted
from field_assist.documents import Document, DocumentPage, DocumentVersion, VersionState
from field_assist.identifiers import new_id
from field_assist.store import Store
from tests.clock import START
from tests.installation import Browser, installation
from tests.services import PostgreSQL, ProgramMissing

DOCUMENTS, QUICK_DOCUMENTS = 10_000, 1_000
PAGES = (3, 9)
RUNS = 1
ROUNDS = 5
AT_ONCE = 500
"""Documents that are written in one transaction."""
SENTENCES = 8
"""On a page: some 300 characters."""
BUDGETS = {
    f"search_{part}_p95_ms_{database}": 100
    for part in ("http", "alone")
    for database in ("sqlite", "postgresql")
}
QUERIES = (
    *("耐震", "断水", "空き", "介護", "罹災", "橋", "塀", "農地", "検査", "P2"),
    *(
        "耐震補強",
        "橋梁点検",
        "ひび割れ",
        "通行止め",
        "罹災証明",
        "被害認定調査",
        "食品衛生監視票",
        "空き家対策",
    ),
    *("橋 ひび割れ", "道路 規制 解除", "様式 第4号", "川辺橋 P2橋脚", "水道 漏水 夜間", "0.3mm ひび割れ"),
    "ひび割れの幅が広がったときはどうするか",
    "大雨のあとに川の護岸が削れているのを見つけた",
    "空き家を壊すときの補助を知りたい",
    *("宝くじ", "髙﨑", "seismic", "工事", "確認", "申請 確認", "県"),
)
PLACES = "川辺 天川 若草 文化町 港町 みなみ谷 つづら 東山 西浜 上野 中島 大橋 小松 高崎 月見 花園".split()
THINGS = (
    "橋脚 床版 伸縮装置 舗装 擁壁 護岸 法面 側溝 水道管 街路樹 標識 防護柵 ブロック塀 空き家 農地 用水路"
    " 避難所 庁舎 校舎 漁港"
).split()
FINDINGS = (
    "ひび割れ 剥離 漏水 腐食 段差 沈下 傾き 洗掘 倒木 陥没 変形 断水 通行止め 冠水 詰まり 目詰まり 耐震不足"
).split()
KINDS = ("手引", "図面", "案内", "様式", "資料")
SAYINGS = (
    "{place}の{thing}に{finding}が見つかった場合は、幅0.{n}mm以上で専門職員に相談する。",
    "{thing}の点検は{n}年ごとに行い、{finding}の有無を確認して様式第{n}号に記す。",
    "{place}地区の住民には、工事の{n}日前までに通行規制の時間を知らせる。",
    "{finding}の写真は物差しを写して撮影し、位置と時刻を残す。",
    "申請に必要な書類は窓口で確認する。{thing}の図面を添える。",
    "{place}の{thing}の耐震補強は、設計の確認のあとに着手する。",
    "罹災証明のための被害認定調査では、{thing}の{finding}を部位ごとに読み取る。",
    "食品衛生監視票と検体の扱いは保健所の指示に従う。",
    "空き家の除却は補助の対象になることがある。{place}の担当課に相談する。",
    "夜間は{n}人以上で作業し、規制の解除は責任者が判断する。",
)


def run() -> dict[str, float | str]:
    """Both databases, full size."""
    return _measure(DOCUMENTS)


def quick() -> dict[str, float | str]:
    """A tenth of it."""
    return _measure(QUICK_DOCUMENTS)


def _measure(documents: int) -> dict[str, float | str]:
    figures = _on("sqlite", "", documents)
    try:
        with PostgreSQL() as server, server.database() as url:
            figures |= _on("postgresql", url, documents)
    except ProgramMissing as missing:
        figures["search_http_p95_ms_postgresql"] = str(missing)
    return figures


def _on(name: str, url: str, documents: int) -> dict[str, float | str]:
    with TemporaryDirectory() as folder:
        return asyncio.run(_play(name, Path(folder), url, documents))


async def _play(name: str, folder: Path, url: str, documents: int) -> dict[str, float | str]:
    chosen: dict[str, Any] = {"database_url": url} if url else {}  # Any: settings of several types
    async with installation(folder, **chosen) as made:
        store = made.services.store
        began = time.monotonic()
        reader = await asyncio.to_thread(fill, store, documents)
        filled_s = time.monotonic() - began
        browser = await made.signed_in(reader.staff_no)
        gc.collect()
        gc.freeze()  # as the server does once it is loaded
        http = await _over_http(browser)
        alone = [_alone(store, reader.person(), typed) for _ in range(ROUNDS) for typed in QUERIES]
    return {
        f"search_http_p50_ms_{name}": round(statistics.median(http), 1),
        f"search_http_p95_ms_{name}": round(_p95(http), 1),
        f"search_alone_p50_ms_{name}": round(statistics.median(alone), 1),
        f"search_alone_p95_ms_{name}": round(_p95(alone), 1),
        f"index_pages_per_s_{name}": round(documents * sum(PAGES) / 2 / filled_s),
    }


async def _over_http(browser: Browser) -> list[float]:
    taken = []
    for number in range(ROUNDS + 1):
        for typed in (*QUERIES, ""):
            began = time.perf_counter()
            answer = await browser.get("/documents", q=typed)
            answer.raise_for_status()
            if number:  # the first round warms the caches of the database
                taken.append((time.perf_counter() - began) * 1000)
    return taken


def _alone(store: Store, person: Person, typed: str) -> float:
    began = time.perf_counter()
    store.read_now(lambda session: document_search.search(session, person, Wanted(typed)))
    return (time.perf_counter() - began) * 1000


def _p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def fill(store: Store, documents: int) -> staff.Staff:
    """Put that many documents there, a tenth of them out of the reader's sight; answers the reader."""
    chance = random.Random(1)

    people = {row.staff_no: row for row in store.read_now(staff.everybody)}
    for first in range(0, documents, AT_ONCE):

        def write(session: Session, count: int = min(AT_ONCE, documents - first)) -> None:
            for _ in range(count):
                owner = people["X2002" if chance.random() < 0.1 else "F1002"]
                _shelve(session, chance, owner, _pages(chance))

        store.write_now(write)
    return people["F1001"]


def _pages(chance: random.Random) -> list[list[str]]:
    """What one document says: it is about few things, found in few places."""
    places, things, findings = chance.sample(PLACES, 2), chance.sample(THINGS, 2), chance.sample(FINDINGS, 2)
    sayings = chance.sample(SAYINGS, 6)
    return [
        [
            chance.choice(sayings).format(
                place=chance.choice(places),
                thing=chance.choice(things),
                finding=chance.choice(findings),
                n=chance.randint(1, 3),
            )
            for _ in range(SENTENCES)
        ]
        for _ in range(chance.randint(*PAGES))
    ]


_indexed = cache(document_index.indexed)
"""Of a sentence: the same ones stand on many pages, and cutting words is not what is measured."""


def _shelve(
    session: Session,
    chance: random.Random,
    owner: staff.Staff,
    said: Sequence[Sequence[str]],
) -> None:
    document_id, version_id = new_id(START), new_id(START)
    document = Document(
        id=document_id,
        title=f"{chance.choice(PLACES)} {chance.choice(THINGS)}の{chance.choice(KINDS)}",
        kind=chance.choice(KINDS),
        office=owner.office,
        department=owner.department,
        owner_id=owner.id,
        disclosure=chance.choice(("public", "presentable", "staff")),
        sensitivity=3 if owner.staff_no == "X2002" else 2,
        retention="5年",
        tags=[chance.choice(THINGS)],
        created_at=START,
        updated_at=START,
        current_version_id=version_id,
    )
    session.add(document)
    session.flush()
    session.add(
        DocumentVersion(
            id=version_id,
            document_id=document_id,
            label="1.0",
            file_name="a.pdf",
            media_type="application/pdf",
            size_bytes=1,
            sha256="0" * 64,
            pages=len(said),
            state=VersionState.READY.value,
            reason="",
            issued_on="",
            created_by=owner.id,
            created_at=START,
        )
    )
    session.flush()
    pages = []
    for sentences in said:
        known = [_indexed(sentence) for sentence in sentences]
        words = tuple(word for each in known for word in each.words)
        pages.append(Indexed(words, tuple(pair for each in known for pair in each.pairs)))
    session.add_all(
        DocumentPage(version_id=version_id, number=number, width=595, height=842, text="\n".join(text))
        for number, text in enumerate(said, start=1)
    )
    session.flush()
    document_index.index_head(session, document_id, document.title, [document.kind, *document.tags])
    document_index.index_pages(session, document_id, version_id, pages)
    session.expunge_all()
