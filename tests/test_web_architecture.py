"""The rules of the web client that its own linter cannot know; each failure is a sentence for a newcomer.

Biome and tsc check style and types; web_client/scripts checks that every message key used exists in every
language, that the types are the server's, and that pages stay within their sizes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from signaling.accounts.access_log import Action

WEB_CLIENT = Path(__file__).resolve().parent.parent / "web_client"
SOURCES = sorted(path for path in (WEB_CLIENT / "src").rglob("*.ts*") if path.name != "types.ts")  # generated
MAX_FILE_LINES = 400


def _report(failures: list[str]) -> None:
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


def _matches(pattern: str) -> Iterator[tuple[str, int]]:
    """File and line of each occurrence outside comments."""
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(pattern, line.split("//")[0]) and not line.lstrip().startswith("*"):
                yield path.relative_to(WEB_CLIENT).as_posix(), number


def test_no_file_grows_too_long() -> None:
    _report(
        [
            f"{path.name} has {lines} lines, more than {MAX_FILE_LINES}: part its two ideas."
            for path in SOURCES
            if (lines := path.read_text(encoding="utf-8").count("\n")) > MAX_FILE_LINES
        ]
    )


FETCHING = {"src/api.ts", "src/i18n.ts"}  # the second: the client's own message files, built beside it


def test_only_api_fetches() -> None:
    _report(
        [
            f"{where}:{line} fetches: api.ts does, so that errors, cookies and CSRF are handled once."
            for where, line in _matches(r"(?<![\w.])fetch\(|XMLHttpRequest")
            if where not in FETCHING and ".test." not in where
        ]
    )


def test_nothing_is_exported_without_a_name() -> None:
    _report(
        [
            f"{where}:{line} exports a default: export it by name, so that it is called the same everywhere."
            for where, line in _matches(r"^\s*export default\b|\bas default\b")
        ]
    )


def test_every_act_of_the_access_log_has_words() -> None:
    failures = []
    for language in ("ja", "en"):
        path = WEB_CLIENT / "src" / "locales" / language / "home.json"
        words = json.loads(path.read_text(encoding="utf-8"))["log"]["action"]
        failures += [
            f"{language}/home.json has no log.action.{key}: administrators read it in the access log."
            for action in Action
            if (key := action.value.replace(".", "_")) not in words
        ]
    _report(failures)
