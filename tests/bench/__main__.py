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
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import tests.bench

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "build" / "bench.json"
DEFAULT_RUNS = 3
RUN_TIMEOUT_S = 3600
HEADLINES = (
    "ratio_n10",
    "ratio_n20",
    "forward_us_n10",
    "forward_us_n10_cc",
    "delay_added_ms_median",
    "joins_per_s",
    "mb_per_participant",
    "first_frame_ms",
    "recover_signalling_ms",
    "recover_address_ms",
    "recover_restart_ms",
)
MARK = "genba-bench:"  # precedes the one line of a child's output that is its result


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric over all runs of its bench that measured it; `budget` reads like "≤ 40" or is empty.

    Where a run did not, `reason` says why; where none did, `runs` is 0 and the values are None.
    """

    bench: str
    metric: str
    median: float | None
    lowest: float | None
    highest: float | None
    runs: int
    budget: str
    is_within: bool
    reason: str = ""


def main() -> int:
    """Parse arguments, run, print, write. Exit status 1 when a bench broke; a missed budget is only shown."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="benches to run; all when none is named")
    parser.add_argument("--runs", type=int, help="override how often each runs")
    parser.add_argument("--quick", action="store_true", help="short forms, once, under two minutes in all")
    parser.add_argument("--minutes", type=float, help="how long the soak lasts (default 30)")
    parser.add_argument("--once", help=argparse.SUPPRESS)  # the child's side
    arguments = parser.parse_args()
    form = "quick" if arguments.quick else "run"
    if arguments.once:
        bench = importlib.import_module(f"tests.bench.{arguments.once}")
        chosen = [arguments.minutes] if arguments.minutes else []
        print(MARK + json.dumps(getattr(bench, form)(*chosen)))
        return 0
    if arguments.minutes and arguments.names != ["soak"]:
        parser.error("--minutes belongs to the soak: python -m tests.bench soak --minutes 5")
    known = sorted(m.name for m in pkgutil.iter_modules(tests.bench.__path__) if not m.name.startswith("_"))
    if unknown := set(arguments.names) - set(known):
        parser.error(
            f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(known) or 'none yet'}"
        )
    names = arguments.names or [name for name in known if _is_usual(name, form)]
    options = (
        ["--quick"] if arguments.quick else ["--minutes", str(arguments.minutes)] if arguments.minutes else []
    )
    figures: list[Figure] = []
    broken: dict[str, str] = {}
    load = os.getloadavg()[0]
    for name in names:
        try:
            figures += measure(name, 1 if arguments.quick else arguments.runs, options)
        except (ImportError, subprocess.SubprocessError, ValueError) as problem:
            broken[name] = str(problem)
    results = RESULTS if names != ["soak"] else RESULTS.with_name("soak.json")
    write(results, figures, broken, load)
    print_table(figures, broken, load)
    print(f"{results.relative_to(ROOT)}\n", flush=True)
    print(json.dumps(headline(figures)))
    return 1 if broken else 0


def _is_usual(name: str, form: str) -> bool:
    module = importlib.import_module(f"tests.bench.{name}")
    return hasattr(module, form) and not getattr(module, "IS_ALONE", False)


def measure(name: str, runs: int | None, options: Sequence[str]) -> list[Figure]:
    """Run one bench several times, each in its own process, and condense its metrics."""
    module = importlib.import_module(f"tests.bench.{name}")
    results: list[dict[str, float | str]] = []
    count: int = runs if runs else getattr(module, "RUNS", DEFAULT_RUNS)
    problem: Exception | None = None
    for number in range(count):
        print(f"  {name} {number + 1}/{count}", end="", file=sys.stderr, flush=True)
        started = time.monotonic()
        try:
            results.append(_run_once(name, options))
        except (subprocess.SubprocessError, ValueError) as error:  # the others still count
            problem = error
            print(f"  broke: {error}", end="", file=sys.stderr)
        print(f"  {time.monotonic() - started:.1f} s", file=sys.stderr)
    if problem is not None and not results:
        raise problem
    metrics = dict.fromkeys(metric for result in results for metric in result)
    return [
        condense(module, name, metric, [result[metric] for result in results if metric in result])
        for metric in metrics
    ]


def _run_once(name: str, options: Sequence[str]) -> dict[str, float | str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--once", name, *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        raise ValueError(f"exit status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    result: dict[str, float | str] = json.loads(lines[-1].removeprefix(MARK))
    return result


def condense(module: object, name: str, metric: str, values: Sequence[float | str]) -> Figure:
    """Median and range of one metric against its bound, if any; a text in place of a value is a reason."""
    most = getattr(module, "BUDGETS", {}).get(metric)
    least = getattr(module, "AT_LEAST", {}).get(metric)
    budget = f"≤ {most:g}" if most is not None else f"≥ {least:g}" if least is not None else ""
    measured = [value for value in values if not isinstance(value, str)]
    reason = next((value for value in values if isinstance(value, str)), "")
    if not measured:
        return Figure(name, metric, None, None, None, 0, budget, False, reason)
    if reason:
        reason = f"{len(values) - len(measured)} of {len(values)} runs not measured: {reason}"
    median = statistics.median(measured)
    is_within = (most is None or median <= most) and (least is None or median >= least)
    is_within = is_within and not reason
    return Figure(
        name, metric, median, min(measured), max(measured), len(measured), budget, is_within, reason
    )


def headline(figures: Sequence[Figure]) -> dict[str, float | None]:
    """The figures others look for, None where not measured."""
    medians = {figure.metric: figure.median for figure in figures}
    return {name: medians.get(name) for name in HEADLINES}


def write(results: Path, figures: Sequence[Figure], broken: Mapping[str, str], load: float) -> None:
    """Everything a later reader needs to compare two runs."""
    results.parent.mkdir(exist_ok=True)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load_before": round(load, 2),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "figures": [asdict(figure) for figure in figures],
        "broken": dict(broken),
    }
    results.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout.strip() or "not a git clone"


def print_table(figures: Sequence[Figure], broken: Mapping[str, str], load: float) -> None:
    """One line per metric, aligned; ✗ marks a median outside its budget."""
    width = max((len(f"{figure.bench}.{figure.metric}") for figure in figures), default=0)
    print(f"\n{'':{width}}  {'median':>12}  {'lowest':>12}  {'highest':>12}  budget")
    for figure in figures:
        name = f"{figure.bench}.{figure.metric}"
        if figure.runs == 0:
            print(f"{name:{width}}  not measured: {figure.reason}")
            continue
        values = [f"{_readable(value):>12}" for value in (figure.median, figure.lowest, figure.highest)]
        verdict = "" if not figure.budget else f"{figure.budget}  {'✓' if figure.is_within else '✗'}"
        print(f"{name:{width}}  {'  '.join(values)}  {verdict}  {figure.reason}".rstrip())
    for name, problem in broken.items():
        print(f"{name:{width}}  not measured: {problem.strip().splitlines()[-1]}")
    print(f"\nload of the machine: {load:.2f} before, {os.getloadavg()[0]:.2f} after")


def _readable(value: float | None) -> str:
    assert value is not None  # the figure comes from at least one run
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main())
