"""The rules of the web client that its own linter cannot know; each failure is a sentence for a newcomer.

Biome and tsc check style and types, `scripts/messages.mjs` checks that every message key used exists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB_CLIENT = Path(__file__).resolve().parent.parent / "web_client"
SOURCES = sorted(path for path in (WEB_CLIENT / "src").rglob("*.ts*") if path.name != "types.ts")  # generated
MAX_FILE_LINES = 400
LANGUAGES = ("ja", "en")  # ja-easy falls back to ja sentence by sentence, so it may have fewer


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


def test_only_api_fetches() -> None:
    _report(
        [
            f"{where}:{line} fetches: api.ts does, so that errors, cookies and CSRF are handled once."
            for where, line in _matches(r"(?<![\w.])fetch\(|XMLHttpRequest")
            if where != "src/api.ts" and ".test." not in where
        ]
    )


def test_nothing_is_exported_without_a_name() -> None:
    _report(
        [
            f"{where}:{line} exports a default: export it by name, so that it is called the same everywhere."
            for where, line in _matches(r"^\s*export default\b|\bas default\b")
        ]
    )


def test_every_sentence_exists_in_both_languages() -> None:
    messages = {language: _messages(WEB_CLIENT / "src" / "locales" / language) for language in LANGUAGES}

    failures = []
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        failures += [
            f"{key} is in {language} but not in {other}."
            for key in sorted(messages[language] - messages[other])
        ]
    _report(failures)


def _messages(folder: Path) -> set[str]:
    """Keys of all message files of a language, plural forms (`_one`, `_other`) folded into one."""
    return {
        f"{path.stem}:{re.sub(r'_(zero|one|two|few|many|other)$', '', key)}"
        for path in folder.rglob("*.json")
        for key in _flat(json.loads(path.read_text(encoding="utf-8")))
    }


def _flat(messages: dict[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in messages.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            assert isinstance(value, str) and value.strip(), f"{prefix}{key} says nothing."
            yield prefix + key
