"""How long a list of 100,000 facilities takes to be taken in, to be taken in again unchanged, and to be read.

The list is as wide as the standard's (57 columns), some 50 MB of CSV; on SQLite, in this process. Memory is
what the process grew by at most, the file itself among it.
"""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from field_assist import Store
from field_assist.concierge import catalogue, intake
from field_assist.concierge.lists import Origin
from signaling import migrations

ROWS, QUICK_ROWS = 100_000, 2_000
BUDGETS = {
    "catalogue_import_us_per_row": 200,  # 5,000 rows/s
    "catalogue_again_us_per_row": 200,
    "catalogue_memory_mb": 250,
}
_SAID = {
    "全国地方公共団体コード": "992011",
    "地方公共団体名": "あまね県あまね市",
    "名称_カナ": "チュウオウコウミンカン",
    "所在地_連結表記": "あまね県あまね市本町四丁目1-8",
    "緯度": "33.505000",
    "経度": "136.596000",
    "電話番号": "000-000-1800",
    "利用可能曜日": "火水木金土日",
    "開始時間": "09:00",
    "終了時間": "21:30",
    "利用可能時間特記事項": "月曜休館",
    "説明": "調理室、和室、音楽室、大会議室。講座と自主グループ活動。",
    "URL": "https://amane.example/shisetsu/f037",
}


def run() -> dict[str, float | str]:
    """All figures at full size."""
    return _measure(ROWS)


def quick() -> dict[str, float | str]:
    """The same of a small list, to see that it runs."""
    return _measure(QUICK_ROWS)


def write(path: Path, rows: int) -> None:
    """A list of so many facilities."""
    others = [f"x_設備{number}" for number in range(42)]
    said = ",".join([*_SAID.values(), *("有" for _ in others)])
    with path.open("w", encoding="utf-8-sig") as file:
        file.write(",".join(["ID", "名称", *_SAID, *others]) + "\r\n")
        file.writelines(f"F{number},中央公民館{number},{said}\r\n" for number in range(rows))


def _measure(rows: int) -> dict[str, float | str]:
    with TemporaryDirectory() as folder:
        path, before = Path(folder) / "facilities.csv", _memory_mb()
        write(path, rows)
        content = path.read_bytes()
        store = Store(f"sqlite:///{Path(folder)}/catalogue.sqlite3")
        try:
            migrations.upgrade(store.engine)
            spent = time.process_time()
            first = _take_in(store, content)
            cpu = time.process_time() - spent
            again = _take_in(store, content)
            began = time.perf_counter()
            read = store.read_now(lambda session: sum(1 for _ in catalogue.entries(session)))
            reading = time.perf_counter() - began
        finally:
            store.close()
    assert read == rows
    return {
        "catalogue_import_us_per_row": first / rows * 1e6,
        "catalogue_import_cpu_us_per_row": cpu / rows * 1e6,
        "catalogue_again_us_per_row": again / rows * 1e6,
        "catalogue_read_us_per_row": reading / rows * 1e6,
        "catalogue_memory_mb": _memory_mb() - before,
    }


def _take_in(store: Store, content: bytes) -> float:
    """Seconds."""
    at, began = datetime.now(UTC), time.perf_counter()
    row = store.read_now(lambda session: catalogue.by_name(session, "facilities"))
    origin = Origin("あまね県", "CC BY 4.0", at, "990001")
    with intake.Prepared(
        content, origin, lambda kind: store.read_now(lambda session: intake.known(session, kind)), row
    ) as prepared:
        store.write_now(lambda session: intake.take_in(session, "facilities", prepared, at))
    return time.perf_counter() - began


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
