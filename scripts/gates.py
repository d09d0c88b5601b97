"""Every gate of the repository in one table, cheap ones first: `make test` runs all, arguments select some.

A stage's gates all run, so one round shows everything cheap that is wrong; a stage with a failure ends the
run before the dearer ones start. Output passes through untouched. At the end stand a table with the gates'
durations and, last, the sum of pytest's and vitest's counts. Standard library only.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
NPM = ("npm", "--prefix", "web_client", "run", "--silent")
NO_TESTS_COLLECTED = 5  # pytest's exit code
HUNG_AFTER_S = 2400  # longer than any honest gate on two cores; ends a hung one long before CI gives up


@dataclass(frozen=True, slots=True)
class Gate:
    """One command that must succeed."""

    name: str
    stage: int
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a gate ended: duration, and how many tests it counted itself."""

    gate: Gate
    verdict: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def _tests(name: str, stage: int, marks: str, *options: str) -> Gate:
    return Gate(name, stage, (PYTHON, "-m", "pytest", "-q", "-m", marks, "--durations=20", *options))


MYPY = (PYTHON, "-m", "mypy")
GATES = (
    Gate("format", 1, (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Gate("lint", 1, (PYTHON, "-m", "ruff", "check", ".")),
    Gate("architecture", 1, (PYTHON, "-m", "pytest", "-q", "tests/test_architecture.py")),
    Gate("types", 1, MYPY),
    Gate("script-types", 1, (*MYPY, "--strict", "scripts/gates.py")),
    Gate("web-lint", 1, (*NPM, "lint")),  # Biome, tsc, message files
    Gate("web-types", 1, (*NPM, "types", "--", "--check")),  # types.ts is what the server's schema says
    # On all cores: they compute. Others drive programs that need the cores themselves, one at a time.
    _tests("unit", 2, "not browser and not sdk and not service and not long", "-n", "auto"),
    Gate("web-unit", 2, (*NPM, "test")),
    Gate("web-build", 2, ("scripts/web.sh",)),  # with the size budgets; nothing when nothing changed
    _tests("service", 3, "service and not long"),
    # Three at a time: these wait for links and clocks, and use a sixth of two cores alone.
    _tests("sdk", 3, "sdk and not browser and not service and not long", "-n", "3"),
    _tests("browser", 4, "browser and not service and not long and not by_hand"),
    _tests("long", 4, "long", "-n", "3"),
)


def main(names: list[str]) -> int:
    """Run the named gates, or all, and say how each ended."""
    unknown = set(names) - {gate.name for gate in GATES}
    if unknown:
        print(f"no such gate: {', '.join(sorted(unknown))}; there are {', '.join(g.name for g in GATES)}")
        return 2
    chosen = [gate for gate in GATES if not names or gate.name in names]
    outcomes: list[Outcome] = []
    for stage in sorted({gate.stage for gate in chosen}):
        outcomes += [_run(gate) for gate in chosen if gate.stage == stage]
        if any(outcome.verdict == "failed" for outcome in outcomes):
            break
    _summarise(chosen, outcomes)
    return 0 if all(outcome.verdict != "failed" for outcome in outcomes) else 1


def _run(gate: Gate) -> Outcome:
    print(f"\n\033[1m▸ {gate.name}: {_readable(gate.command)}\033[0m", flush=True)
    started = time.monotonic()
    lines: list[str] = []
    code = _stream(gate.command, lines)
    seconds = time.monotonic() - started
    passed, failed, skipped = _count(lines)
    if code == NO_TESTS_COLLECTED and "pytest" in gate.command:
        return Outcome(gate, "no tests", seconds)
    return Outcome(gate, "ok" if code == 0 else "failed", seconds, passed, failed, skipped)


def _readable(command: tuple[str, ...]) -> str:
    return " ".join(part.replace(str(ROOT) + "/", "") for part in command)


def _stream(command: tuple[str, ...], lines: list[str]) -> int:
    """Pass the output through while keeping it; a gate that hangs is ended with everything it started."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        watchdog = threading.Timer(HUNG_AFTER_S, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        assert process.stdout is not None  # for mypy: it is a pipe
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGTERM)
            raise
        finally:
            watchdog.cancel()
        return process.wait()


_PYTEST_CLOSING = re.compile(r"\b(\d+) (passed|failed|errors?|skipped)\b")
_VITEST_CLOSING = re.compile(r"^\s*Tests\s.*\d+ passed")


def _count(lines: list[str]) -> tuple[int, int, int]:
    """Tests passed, failed and skipped, read from the last closing line of pytest or vitest."""
    for line in reversed(lines):
        plain = re.sub(r"\x1b\[[0-9;]*m", "", line)
        if re.search(r" in \d+\.\d+s", plain) or _VITEST_CLOSING.match(plain):
            found = {word.rstrip("s"): int(number) for number, word in _PYTEST_CLOSING.findall(plain)}
            return (
                found.get("passed", 0),
                found.get("failed", 0) + found.get("error", 0),
                found.get("skipped", 0),
            )
    return 0, 0, 0


def _summarise(chosen: list[Gate], outcomes: list[Outcome]) -> None:
    ended = {outcome.gate.name: outcome for outcome in outcomes}
    print("\n" + "─" * 60)
    for gate in chosen:
        outcome = ended.get(gate.name)
        verdict = outcome.verdict if outcome else "not run"
        colour = {"ok": "32", "failed": "31"}.get(verdict, "33")
        tests = f"{outcome.passed} tests" if outcome and outcome.passed else ""
        duration = f"{outcome.seconds:7.1f} s" if outcome else " " * 9
        print(f"  {gate.name:<14}{duration}   \033[{colour}m{verdict:<14}\033[0m{tests}")
    print(f"  {'all':<14}{sum(outcome.seconds for outcome in outcomes):7.1f} s")
    print("─" * 60)
    passed, failed, skipped = (
        sum(getattr(o, field) for o in outcomes) for field in ("passed", "failed", "skipped")
    )
    failed += sum(
        1 for o in outcomes if o.verdict == "failed" and not o.failed
    )  # a gate that is not a test runner
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
