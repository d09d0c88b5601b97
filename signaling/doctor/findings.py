"""What the doctor says: one finding per function, as plain words and as JSON. Sans-IO."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["green", "red", "not checked"]

_COLOURS = {"green": "32", "red": "31", "not checked": "33"}
_NAME_WIDTH = 10
_VERDICT_WIDTH = 13


@dataclass(frozen=True, slots=True)
class Finding:
    """How one function does: `says` is a plain sentence, `advice` what to do next.

    Names of `figures` end in their unit.
    """

    function: str
    verdict: Verdict
    says: str
    advice: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)

    def line(self, *, is_coloured: bool) -> str:
        """One line for people, with the advice under it."""
        verdict = f"{self.verdict:<{_VERDICT_WIDTH}}"
        if is_coloured:
            verdict = f"\033[{_COLOURS[self.verdict]}m{verdict}\033[0m"
        line = f"{self.function:<{_NAME_WIDTH}}{verdict}{self.says}"
        if self.advice:
            line += f"\n{'':{_NAME_WIDTH + _VERDICT_WIDTH}}→ {self.advice}"
        return line


def green(function: str, says: str, **figures: float) -> Finding:
    """The function works."""
    return Finding(function, "green", says, figures=figures)


def red(function: str, says: str, advice: str, **figures: float) -> Finding:
    """The function does not work; `advice` is what to do next."""
    return Finding(function, "red", says, advice, figures)


def not_checked(function: str, why: str, advice: str = "") -> Finding:
    """The function could not be looked at from here."""
    return Finding(function, "not checked", why, advice)


def exit_status(findings: Sequence[Finding]) -> int:
    """0 when nothing is red."""
    return 1 if any(finding.verdict == "red" for finding in findings) else 0


def summary(findings: Sequence[Finding]) -> str:
    """The last line."""
    count = {verdict: sum(f.verdict == verdict for f in findings) for verdict in _COLOURS}
    if count["red"]:
        broken = ", ".join(finding.function for finding in findings if finding.verdict == "red")
        return f"{count['red']} of {len(findings)} functions do not work: {broken}."
    skipped = f" {count['not checked']} could not be looked at." if count["not checked"] else ""
    return f"Everything that was checked works.{skipped}"


def json_of(url: str, findings: Sequence[Finding]) -> str:
    """All findings for programs."""
    return json.dumps(
        {
            "url": url,
            "ok": exit_status(findings) == 0,
            "functions": [
                {
                    "function": finding.function,
                    "verdict": finding.verdict,
                    "says": finding.says,
                    "advice": finding.advice,
                    "figures": {name: round(value, 3) for name, value in finding.figures.items()},
                }
                for finding in findings
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
