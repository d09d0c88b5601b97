"""Runs the benches: each run in a fresh process, the median of several, a table and JSON for charts."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import tests.bench

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "build" / "bench.json"
DEFAULT_RUNS = 3
RUN_TIMEOUT_S = 600
MARK = "genba-bench:"  # precedes the one line of a child's output that is its result


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric over all runs of its bench; `budget` reads like "≤ 40" or is empty."""

    bench: str
    metric: str
    median: float
    lowest: float
    highest: float
    runs: int
    budget: str
    is_within: bool


def main() -> int:
    """Parse arguments, run, print, write. Exit status 1 when a bench broke; a missed budget is only shown."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="benches to run; all when none is named")
    parser.add_argument("--runs", type=int, help="override how often each runs")
    parser.add_argument("--once", help=argparse.SUPPRESS)  # the child's side
    arguments = parser.parse_args()
    if arguments.once:
        print(MARK + json.dumps(importlib.import_module(f"tests.bench.{arguments.once}").run()))
        return 0
    known = sorted(m.name for m in pkgutil.iter_modules(tests.bench.__path__) if not m.name.startswith("_"))
    if unknown := set(arguments.names) - set(known):
        parser.error(
            f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(known) or 'none yet'}"
        )
    figures: list[Figure] = []
    broken: dict[str, str] = {}
    for name in arguments.names or known:
        try:
            figures += measure(name, arguments.runs)
        except (ImportError, subprocess.SubprocessError, ValueError) as problem:
            broken[name] = str(problem)
            print(f"  {name} broke: {problem}", file=sys.stderr)
    write(figures, broken)
    print_table(figures)
    return 1 if broken else 0


def measure(name: str, runs: int | None) -> list[Figure]:
    """Run one bench several times, each in its own process, and condense its metrics."""
    module = importlib.import_module(f"tests.bench.{name}")
    results: list[dict[str, float]] = []
    count: int = runs if runs else getattr(module, "RUNS", DEFAULT_RUNS)
    for number in range(count):
        print(f"  {name} {number + 1}/{count}", end="", file=sys.stderr, flush=True)
        started = time.monotonic()
        results.append(_run_once(name))
        print(f"  {time.monotonic() - started:.1f} s", file=sys.stderr)
    return [condense(module, name, metric, [result[metric] for result in results]) for metric in results[0]]


def _run_once(name: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--once", name],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        raise ValueError(f"exit status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(lines[-1].removeprefix(MARK))
    return result


def condense(module: object, name: str, metric: str, values: list[float]) -> Figure:
    """Median and range of one metric against its bound, if it has one."""
    median = statistics.median(values)
    most = getattr(module, "BUDGETS", {}).get(metric)
    least = getattr(module, "AT_LEAST", {}).get(metric)
    budget = f"≤ {most:g}" if most is not None else f"≥ {least:g}" if least is not None else ""
    is_within = (most is None or median <= most) and (least is None or median >= least)
    return Figure(name, metric, median, min(values), max(values), len(values), budget, is_within)


def write(figures: list[Figure], broken: dict[str, str]) -> None:
    """Everything a later reader needs to compare two runs."""
    RESULTS.parent.mkdir(exist_ok=True)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load_before": round(os.getloadavg()[2], 2),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "figures": [asdict(figure) for figure in figures],
        "broken": broken,
    }
    RESULTS.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout.strip() or "not a git clone"


def print_table(figures: list[Figure]) -> None:
    """One line per metric, aligned; ✗ marks a median outside its budget."""
    if not figures:
        print("nothing measured")
        return
    width = max(len(f"{figure.bench}.{figure.metric}") for figure in figures)
    print(f"\n{'':{width}}  {'median':>12}  {'lowest':>12}  {'highest':>12}  budget")
    for figure in figures:
        values = "  ".join(
            f"{_readable(value):>12}" for value in (figure.median, figure.lowest, figure.highest)
        )
        verdict = "" if not figure.budget else f"{figure.budget}  {'✓' if figure.is_within else '✗'}"
        print(f"{figure.bench + '.' + figure.metric:{width}}  {values}  {verdict}")
    print(f"\n{RESULTS.relative_to(ROOT)}")


def _readable(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main())
