"""The concierge's search over 100,000 records: how long a question takes, what a process keeps.

The records are the demo's, four hundred times over under other codes, each copy with words of its own (as
unevenly frequent as those of a language) and its sentences moved a little in the space of meaning, so that no
two answer alike. The questions are those of tests/concierge/queries_second.csv, asked over and over, warm, as
in a call. Analysing (Sudachi and the model) is measured on the demo's records alone.
"""

import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlmodel import Session, SQLModel, create_engine

from field_assist.concierge import search_index
from field_assist.concierge.entries import Key, Kind
from field_assist.concierge.meaning import SentenceEncoder
from field_assist.concierge.search import Concierge
from field_assist.concierge.search_index import Analysed
from tests.concierge.__main__ import CATALOGUE, DAY, catalogue, rows
from tests.concierge.indexing import TABLES

BUDGETS = {"concierge_p95_ms": 50, "concierge_p95_cpu_ms": 50}
AT_LEAST = {"concierge_indexed_per_s": 200}
RUNS = 1
RECORDS = 100_000
QUESTIONS = 300
VOCABULARY, OWN_WORDS = 50_000, 20
_QUERIES = Path(__file__).resolve().parent.parent / "concierge" / "queries_second.csv"


def run() -> dict[str, float | str]:
    """Milliseconds, records a second and megabytes."""
    return _measured(RECORDS)


def quick() -> dict[str, float | str]:
    """The same with a tenth of the records."""
    return _measured(RECORDS // 10)


def _measured(records: int) -> dict[str, float | str]:
    entries = catalogue(CATALOGUE)
    by_id = {(entry.kind, entry.entry_id): entry for entry in entries}
    meaning = SentenceEncoder()
    meaning.encode(["準備"])
    start = time.process_time()
    once = search_index.analyse(entries, meaning)
    analysed_s = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/bench.sqlite")
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in TABLES])
        start = time.perf_counter()
        _store(engine_url=f"sqlite:///{folder}/bench.sqlite", once=once, records=records)
        stored_s = time.perf_counter() - start
        before = _resident_mb()
        with Session(engine) as session:
            concierge = Concierge(
                lambda _, keys: {key: by_id[key.kind, key.entry_id.partition("-")[0]] for key in keys},
                meaning,
            )
            took, cpu = _asked(concierge, session)
        figures: dict[str, float | str] = {
            "concierge_p95_ms": float(np.percentile(took, 95)),
            "concierge_median_ms": float(np.median(took)),
            "concierge_p95_cpu_ms": float(np.percentile(cpu, 95)),
            "concierge_indexed_per_s": records / (stored_s + analysed_s * records / len(entries)),
            "concierge_stored_per_s": records / stored_s,
            "concierge_kept_mb": _resident_mb() - before,
            "concierge_index_mb": Path(folder, "bench.sqlite").stat().st_size / 1e6,
        }
        engine.dispose()
    return figures


def _store(engine_url: str, once: Sequence[Analysed], records: int) -> None:
    engine = create_engine(engine_url)
    draw = np.random.default_rng(20261123)
    left = records
    while left > 0:
        batch = [_copy(each, left, draw) for each in (*once, *once, *once, *once)][:left]
        left -= len(batch)
        with Session(engine) as session:
            search_index.store(session, batch)
            session.commit()
    engine.dispose()


def _copy(each: Analysed, number: int, draw: np.random.Generator) -> Analysed:
    own = {f"語{int(word)}": 0.5 for word in draw.zipf(1.2, OWN_WORDS) % VOCABULARY}
    moved = each.vectors.astype(np.float32) + draw.normal(0, 20, each.vectors.shape).astype(np.float32)
    return replace(
        each,
        key=Key(each.key.kind, f"{number:06}", f"{each.key.entry_id}-{draw.integers(1 << 60)}"),
        strengths={**each.strengths, **own},
        vectors=np.clip(moved, -127, 127).astype(np.int8),
        sketches=search_index.sketches_of(moved),
    )


def _asked(concierge: Concierge, session: Session) -> tuple[list[float], list[float]]:
    questions = list(rows(_QUERIES))
    took, cpu = [], []
    for number in range(-5, QUESTIONS):
        asked = questions[number % len(questions)]
        began, began_cpu = time.perf_counter(), time.process_time()
        concierge.search(session, asked.text, asked.asker, DAY, kinds=Kind)
        if number >= 0:
            took.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - began_cpu) * 1000)
    return took, cpu


def _resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
