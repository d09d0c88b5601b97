"""A whole examination: which server, which keys, in which order, and what is said about it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from signaling.app import API_KEY_FILE
from signaling.doctor.findings import Finding, exit_status, json_of, not_checked, summary
from signaling.doctor.server_checks import Subject, check_http, choose_keys
from signaling.doctor.storage import check_storage
from signaling.doctor.transcription import check_transcription
from signaling.settings import (
    DEV_API_KEY,
    DEV_API_SECRET,
    Settings,
)

Tell = Callable[[Finding], object]
Say = Callable[[str], object]

MEDIA_FUNCTIONS = ("rooms", "clock", "join", "data", "audio", "video", "udp", "tcp")
INSTALL = "Install the SDK: pip install 'genba[doctor]'. The web client works without it."


def run(url: str, settings: Settings, say: Say, *, as_json: bool, is_coloured: bool) -> int:
    """Examine the server at `url` (empty: the one on this machine) and say it; answers the exit status."""
    url = (url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        if not as_json:
            say(finding.line(is_coloured=is_coloured))

    examine(url, settings, tell)
    say(json_of(url, findings) if as_json else summary(findings))
    return exit_status(findings)


def examine(url: str, settings: Settings, tell: Tell) -> None:
    """Look at every function in turn; what cannot work because of an earlier one is said to be unchecked."""
    http = check_http(url)
    tell(http)
    if http.verdict == "green":
        subject, token = choose_keys(_subjects(url, settings))
        tell(token)
        if token.verdict == "green":
            _examine_media(subject, settings.turn_urls, tell)
        else:
            _skip(_functions(settings), "no token is accepted", tell)
    else:
        _skip(("token", *_functions(settings)), "the server does not answer", tell)
    if settings.transcription_model:
        tell(check_transcription(settings))
    tell(check_storage(settings.data_dir, settings.store_url))


def _functions(settings: Settings) -> tuple[str, ...]:
    return (*MEDIA_FUNCTIONS, "relay") if settings.turn_urls else MEDIA_FUNCTIONS


def _subjects(url: str, settings: Settings) -> list[Subject]:
    """The server with each key pair that may be its own."""
    room = f"genba-doctor-{secrets.token_hex(4)}"
    if settings.api_key:
        return [Subject(url, settings.api_key, settings.api_secret.reveal(), room)]
    pairs = [*_kept_keys(settings.data_dir), (DEV_API_KEY, DEV_API_SECRET)]
    return [Subject(url, key, secret, room) for key, secret in pairs]


def _kept_keys(data_dir: Path) -> Iterator[tuple[str, str]]:
    """The pair a server made for itself in its data directory."""
    try:
        key, _, secret = (data_dir / API_KEY_FILE).read_text().strip().partition(" ")
    except OSError:
        return
    if key and secret:
        yield key, secret


def _examine_media(subject: Subject, relay_urls: tuple[str, ...], tell: Tell) -> None:
    try:
        from signaling.doctor import conversation
    except ImportError:
        tell(not_checked("rooms", "the LiveKit SDK is not installed here", INSTALL))
        _skip(MEDIA_FUNCTIONS[1:], "the LiveKit SDK is not installed here", tell)
        return
    asyncio.run(conversation.check_all(subject, relay_urls, tell))


def _skip(functions: Sequence[str], why: str, tell: Tell) -> None:
    for function in functions:
        tell(not_checked(function, why))
