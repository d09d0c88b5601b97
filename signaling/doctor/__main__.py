"""The command `genba doctor`: which server, which keys, in which order, and how it is printed."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from signaling.doctor.findings import Finding, as_json, exit_status, not_checked, summary
from signaling.doctor.server_checks import Subject, check_http, choose_keys
from signaling.doctor.storage import check_storage
from signaling.settings import (
    DEV_API_KEY,
    DEV_API_SECRET,
    Secret,
    Settings,
    SettingsError,
    from_environment,
    raise_websocket_line_limit,
)

Tell = Callable[[Finding], object]

API_KEY_FILE = "api.key"
MEDIA_FUNCTIONS = ("rooms", "clock", "join", "data", "audio", "video", "udp", "tcp")
INSTALL = "Install the SDK: pip install 'genba[doctor]'. The web client works without it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `genba doctor`."""
    parser.add_argument("--url", help="address of the server; this machine's if not given")
    parser.add_argument("--api-key", help="LiveKit API key of the server; its own one is found in --data")
    parser.add_argument("--api-secret", help="the key's secret")
    parser.add_argument("--data", type=Path, metavar="DIR", help="data directory of a server on this machine")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def run(arguments: argparse.Namespace) -> int:
    """Examine the server and print; answers the exit status: 0 when nothing is red, 2 for wrong settings."""
    try:
        settings = from_environment(
            data_dir=arguments.data,
            api_key=arguments.api_key,
            api_secret=Secret(arguments.api_secret) if arguments.api_secret else None,
            dev=True if arguments.api_secret else None,  # a server's short secret is its own business
        )
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    url = (arguments.url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        if not arguments.json:
            print(finding.line(is_coloured=sys.stdout.isatty()), flush=True)

    examine(url, settings, tell)
    print(as_json(url, findings) if arguments.json else summary(findings))
    return exit_status(findings)


def examine(url: str, settings: Settings, tell: Tell) -> None:
    """Look at every function in turn; what cannot work because of an earlier one is said to be unchecked."""
    http = check_http(url)
    tell(http)
    if http.verdict == "green":
        subject, token = choose_keys(_subjects(url, settings))
        tell(token)
        if token.verdict == "green":
            _examine_media(subject, tell)
        else:
            _skip(MEDIA_FUNCTIONS, "no token is accepted", tell)
    else:
        _skip(("token", *MEDIA_FUNCTIONS), "the server does not answer", tell)
    tell(check_storage(settings.data_dir, settings.store_url))


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


def _examine_media(subject: Subject, tell: Tell) -> None:
    raise_websocket_line_limit()  # before anything imports websockets
    try:
        from signaling.doctor import conversation
    except ImportError:
        tell(not_checked("rooms", "the LiveKit SDK is not installed here", INSTALL))
        _skip(MEDIA_FUNCTIONS[1:], "the LiveKit SDK is not installed here", tell)
        return
    asyncio.run(conversation.check_all(subject, tell))


def _skip(functions: Sequence[str], why: str, tell: Tell) -> None:
    for function in functions:
        tell(not_checked(function, why))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `python -m signaling.doctor`."""
    parser = argparse.ArgumentParser(
        prog="genba doctor", description="Play media through a running server and say what works."
    )
    add_arguments(parser)
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
