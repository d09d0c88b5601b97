"""Measures the concierge's search on a file of queries: `make eval-concierge QUERIES=path
[ABLATE=needs,dates]`.

The file is CSV as `shared/seed/queries.csv`: ID, 話者 (住民, 事業者 or 職員), 種別, 質問文, the columns
expected_*_ids with the entries to find (several with `;`), 許容_ids with those that will do, and 期待挙動.
Columns are found by name; others are ignored. The demo catalogue is taken in as an installation does, into
a SQLite database in memory, and asked as staff are in a call: all kinds, on the day the demo data is made
for.

A query with 案内なし in 期待挙動 passes when nothing is offered as a suggestion (what merely comes close may
be shown, and is said to); one with 相談窓口 when desks are pinned, nothing is recommended and nothing kept.
They have figures of their own and are no part of the others. The last line is one JSON object: hit@5,
recall@5, MRR@10 and nDCG@10 over all queries that have something to find.
"""

import argparse
import csv
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.lists import ListReader, Origin
from field_assist.concierge.questions import Asker
from field_assist.concierge.ranking import Mean
from field_assist.concierge.search import Concierge, Found
from tests.concierge.indexing import prepared, without
from tests.concierge.measures import MEASURES, Answer, interval, mean

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "signaling" / "demo_files" / "catalogue"
DAY = date(2026, 11, 23)
"""For which the demo data is made."""
ASKERS = {"住民": Asker.RESIDENT, "事業者": Asker.BUSINESS, "職員": Asker.STAFF}
LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One query."""

    query_id: str
    asker: Asker
    kind: str
    text: str
    main: tuple[str, ...]
    also: tuple[str, ...]
    behaviour: str

    @property
    def is_unanswerable(self) -> bool:
        """Nothing is the right answer."""
        return "案内なし" in self.behaviour or (not self.main and not self.is_sensitive)

    @property
    def is_sensitive(self) -> bool:
        """Desks are the right answer."""
        return "相談窓口" in self.behaviour


def rows(path: Path) -> Iterator[Row]:
    """The queries of a file; raises ValueError where it has none or a column is missing."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"話者", "種別", "質問文"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path} has no column {'、'.join(sorted(missing))}")
        for number, cells in enumerate(reader, 1):
            expected = (cells[name] for name in cells if name and name.startswith("expected_"))
            yield Row(
                query_id=cells.get("ID") or str(number),
                asker=ASKERS.get(cells["話者"], Asker.RESIDENT),
                kind=cells["種別"],
                text=cells["質問文"],
                main=_ids(*expected),
                also=_ids(cells.get("許容_ids")),
                behaviour=cells.get("期待挙動") or "",
            )


def _ids(*cells: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for cell in cells for each in (cell or "").split(";") if each.strip())


def catalogue(folder: Path) -> list[Entry]:
    """All entries of the lists in a folder, read as the importer reads them."""
    origin = Origin("あまね県", "CC BY 4.0", datetime(2026, 11, 23, tzinfo=UTC), "990001")
    return [entry for path in sorted(folder.glob("*.csv")) for entry in ListReader(path.read_bytes(), origin)]


def main() -> int:
    """Print a table for people and the line for machines."""
    parser = argparse.ArgumentParser(
        prog="make eval-concierge", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("queries", type=Path, help="a CSV file of queries")
    parser.add_argument("--ablate", default="", help=f"leave out, by commas: {', '.join(Mean)}")
    parser.add_argument("--folder", type=Path, default=CATALOGUE, help="lists of the catalogue (the demo's)")
    parser.add_argument("--each", action="store_true", help="say for each query what was found")
    chosen = parser.parse_args()
    try:
        asked = list(rows(chosen.queries))
        left_out = frozenset(Mean(name.strip()) for name in chosen.ablate.split(",") if name.strip())
    except (OSError, ValueError) as error:
        print(f"eval-concierge: {error}", file=sys.stderr)
        return 2
    entries = without(catalogue(chosen.folder), left_out)
    with prepared(entries, left_out) as (session, concierge):
        _report(asked, session, concierge, is_each=chosen.each)
    return 0


def _report(asked: Sequence[Row], session: Session, concierge: Concierge, *, is_each: bool) -> None:
    answers: dict[str, list[Answer]] = defaultdict(list)
    apart: dict[str, list[bool]] = {"該当なし": [], "要配慮": []}
    took: list[float] = []
    concierge.search(session, "準備", Asker.STAFF, DAY)  # loads dictionary and model, once for a process
    for row in asked:
        start = time.perf_counter()
        found = concierge.search(session, row.text, row.asker, DAY, kinds=Kind, limit=LOOKED_AT)
        took.append((time.perf_counter() - start) * 1000)
        ids = [match.entry.entry_id for match in found.matches]
        if row.is_sensitive:
            apart["要配慮"].append(_is_careful(found))
        elif row.is_unanswerable:
            apart["該当なし"].append(not found.suggestions)
        else:
            answers[row.kind].append(Answer(ids, row.main, row.also))
        if is_each:
            print(row.query_id, row.text[:40], "→", *ids[:5], "; expected", *row.main)
    every = [answer for kind in answers.values() for answer in kind]
    print(f"{'':<12}{'n':>4}", *(f"{name:>20}" for name in MEASURES))
    for name, several in {**answers, "すべて": every}.items():
        print(f"{_wide(name)}{len(several):>4}", *(_figure(several, measure) for measure in MEASURES))
    for name, passed in apart.items():
        print(f"{name}: {sum(passed)} of {len(passed)} behave as expected")
    print(f"median {sorted(took)[len(took) // 2]:.0f} ms a query" if took else "no queries")
    means = {name: mean([of(answer) for answer in every]) for name, of in MEASURES.items()}
    print(json.dumps({name: round(value, 4) for name, value in means.items()}))


def _is_careful(found: Found) -> bool:
    return bool(found.desks) and not found.matches and found.is_sensitive


def _figure(answers: Sequence[Answer], measure: str) -> str:
    values = [MEASURES[measure](answer) for answer in answers]
    low, high = interval(values)
    return f"{mean(values):>6.3f} [{low:.2f}, {high:.2f}]"


def _wide(name: str) -> str:
    return name + " " * max(0, 12 - 2 * len(name))


if __name__ == "__main__":
    sys.exit(main())
