"""The command line `genba`: serve, transcribe, demo, the data of an installation, verify, openapi, doctor.

Options are read here and the environment by `settings`; every command ends with a status: 0 done, 1 not
done (the reason on standard error), 2 misused.
"""

# ruff: noqa: T201 - a command line prints

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

# LiveKit clients put a token and a session description into the request line. The library reads its limit
# when it is imported, so this stands before every import that leads to it.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")

# Nothing heavy here: a server that starts again opens its door first. Commands import what they need.
from signaling import event_log
from signaling.listening import Listeners, PortTaken, listen
from signaling.settings import DEV_API_KEY, DEV_API_SECRET, Secret, Settings, SettingsError, from_environment

Run = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Entry point of `genba` and `python -m signaling`; answers the exit status."""
    options = _parser().parse_args(arguments)
    run: Run = options.run
    try:
        return run(options)
    except (PortTaken, SettingsError) as error:
        print(f"genba: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="genba", description="Genba 現場: field collaboration server")
    commands = parser.add_subparsers(metavar="command", required=True)
    serve = _command(commands, "serve", _serve, "run the server")
    serve.add_argument("--host", help="address to listen on (default 0.0.0.0)")
    serve.add_argument("--port", type=int, help="HTTP port (default 7880; 0: a free one)")
    serve.add_argument("--tls-port", type=int, help="also HTTPS on this port, with a self-signed certificate")
    serve.add_argument("--media-port", type=int, help="UDP and TCP port of media (default 7882)")
    serve.add_argument("--dev", action="store_true", default=None, help="API key devkey / secret")
    transcribe = _command(commands, "transcribe", _transcribe, "recognise speech for nodes over a Redis")
    transcribe.add_argument("--model", help="a checkpoint of Whisper, or its name in models/ of --data")
    transcribe.add_argument("--workers", type=int, default=1, help="processes (default 1)")
    transcribe.add_argument("--show-key", action="store_true", help="only print the key for other machines")
    _command(commands, "demo", _administration("demo"), "make demo data and print the accounts")
    _command(commands, "migrate", _administration("migrate"), "bring the database to this version's shape")
    verify = _command(
        commands, "verify", _verify, "check what was exported; without a PATH the chains of log and decisions"
    )
    verify.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="exported still (ZIP, folder) or case (ZIP)"
    )
    for name, of in (("--head", "the access log"), ("--decision-head", "the decisions")):
        verify.add_argument(
            name, metavar="SEQ:HASH", help=f"a head of {of}, noted outside, that must be there"
        )
    about = "take in a case from its file (ZIP); all of it or nothing, and again without harm"
    restore = _command(commands, "restore", _administration("restore"), about)
    restore.add_argument("path", type=Path, metavar="BUNDLE")
    restore.add_argument("--owner", help="staff number of whoever takes charge of the case here")
    restore.add_argument("--key", help="fingerprint of the other installation's key, as it told you")
    _command(commands, "openapi", _openapi, "print the REST schema")
    doctor = _command(commands, "doctor", _doctor, "test a running server by playing media through it")
    doctor.add_argument("--url", help="address of the server (default: the one on this machine)")
    doctor.add_argument("--api-key", help="LiveKit API key (default: the server's own, from --data)")
    doctor.add_argument("--api-secret", help="the key's secret")
    doctor.add_argument("--transcribe", type=Path, metavar="FILE", help="what the model makes of a recording")
    doctor.add_argument("--model", help="with --transcribe: a checkpoint other than the server's")
    doctor.add_argument("--json", action="store_true", help="print JSON, for programs")
    _user_commands(_command(commands, "user", None, "staff accounts"))
    _document_commands(_command(commands, "document", None, "the library"))
    _catalogue_commands(_command(commands, "catalogue", None, "public services that the concierge knows"))
    _slot_commands(_command(commands, "slots", None, "what facilities publish of times that are free"))
    acts = _command(commands, "decision", None, "decisions").add_subparsers(metavar="act", required=True)
    about = "write all decisions to a file that tools/verify_decisions.py checks"
    _command(acts, "export", _administration("decision export"), about).add_argument("file", type=Path)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Run | None, about: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=about)
    if run is not None:
        parser.set_defaults(run=run)
        parser.add_argument("--data", type=Path, help="data directory (default ./data)")
        parser.add_argument("--database-url", help="sqlite:/// or postgresql:// (default: SQLite in --data)")
    return parser


def _document_commands(document: argparse.ArgumentParser) -> None:
    commands = document.add_subparsers(metavar="act", required=True)
    about = "write anew what search finds documents by"
    _command(commands, "reindex", _administration("document reindex"), about)
    about = "take in a folder of files, or a list (CSV) with its files beside it; all of it or nothing"
    take_in = _command(commands, "import", _administration("document import"), about)
    take_in.add_argument("path", type=Path)
    take_in.add_argument("--owner", required=True, help="staff number of whoever answers for them")
    take_in.add_argument("--check", action="store_true", help="only say what is wrong")


def _catalogue_commands(catalogue: argparse.ArgumentParser) -> None:
    about = "take in lists (CSV) of municipal standard open data; all of a list or nothing of it"
    commands = catalogue.add_subparsers(metavar="act", required=True)
    take_in = _command(commands, "import", _administration("catalogue import"), about)
    take_in.add_argument("path", type=Path, help="a folder of lists, or one list")
    take_in.add_argument("--dry-run", action="store_true", help="only say what would happen, in Japanese")
    take_in.add_argument("--owner", default="", help="who answers for rows that name nobody")
    take_in.add_argument("--code", default="", help="their 全国地方公共団体コード")
    take_in.add_argument("--licence", default="", help="on which terms it is published, as CC BY 4.0")
    take_in.add_argument("--may-shrink", action="store_true", help="more than half of a list may leave")
    about = "fetch lists that others publish from their addresses, for a timer; what fails stays as it was"
    fetch = _command(commands, "fetch", _administration("catalogue fetch"), about)
    fetch.add_argument("--all", action="store_true", help="also those that are not due")


def _slot_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="act", required=True)
    about = "fetch a feed from its address every so many seconds, while the server runs"
    put = _command(commands, "set", _administration("slots set"), about)
    put.add_argument("--address", required=True, help="https://…; others need GENBA_FEED_ORIGINS")
    put.add_argument("--every", type=int, default=30, metavar="SECONDS", help="default 30")
    take_in = _command(commands, "import", _administration("slots import"), "take in a list somebody brought")
    take_in.add_argument("path", type=Path)
    remove = _command(commands, "remove", _administration("slots remove"), "forget a feed and its slots")
    for each in (put, take_in, remove):
        each.add_argument("name", help="what the feed is called")
    for each in (put, take_in):
        each.add_argument("--form", choices=["csv", "json", "ical"], default="csv")
        each.add_argument("--owner", default="", help="whose facilities these are")
        each.add_argument("--licence", default="", help="on which terms it is published, as CC BY 4.0")
        each.add_argument(
            "--code", default="", help="their 全国地方公共団体コード, as in the list of facilities"
        )
        each.add_argument("--facility", default="", help="ID of the facility, where the feed names none")
    _command(commands, "list", _administration("slots list"), "every feed and how it went")


def _user_commands(user: argparse.ArgumentParser) -> None:
    commands = user.add_subparsers(metavar="act", required=True)
    add = _command(
        commands,
        "add",
        _administration("user add"),
        "add somebody; the password is asked for or read from stdin",
    )
    add.add_argument("staff_no")
    add.add_argument("--name", required=True)
    add.add_argument(
        "--role", required=True, choices=["field", "specialist", "supervisor", "admin", "operator"]
    )
    for name in ("kana", "post", "department", "office"):
        add.add_argument(f"--{name}", default="")
    add.add_argument("--skills", default="", help="topic keys, separated by commas")
    take_in = _command(
        commands, "import", _administration("user import"), "take in a staff list (CSV); all of it or nothing"
    )
    take_in.add_argument("file", type=Path)
    take_in.add_argument("--check", action="store_true", help="only say what is wrong with it")
    take_in.add_argument(
        "--passwords", type=Path, metavar="FILE", help="receives the first passwords of new accounts"
    )
    _command(commands, "list", _administration("user list"), "list everybody")
    for name, about in (
        ("reset-otp", "forget an authenticator; the next sign-in enrols again"),
        ("unlock", "forget failed attempts"),
        ("disable", "close an account and sign it out"),
    ):
        _command(commands, name, _administration(f"user {name}"), about).add_argument("staff_no")


def _settings(options: argparse.Namespace) -> Settings:
    chosen = {
        name: getattr(options, name, None) for name in ("host", "port", "tls_port", "media_port", "dev")
    }
    return from_environment(data_dir=options.data, database_url=options.database_url, **chosen)


def _serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    event_log.configure(settings.log_level)
    with listen(settings) as listeners:
        gc.disable()  # loading leaves no garbage, and looking for it takes an eighth of the time
        import uvloop

        from signaling.serving import serve

        gc.freeze()  # the program itself is never garbage either
        gc.enable()
        uvloop.run(serve(settings, listeners, lambda: _say_where(settings, listeners)))
    return 0


def _transcribe(options: argparse.Namespace) -> int:
    settings = from_environment(
        data_dir=options.data,
        database_url=options.database_url,
        transcription_model=options.model,
        transcription_workers=options.workers,
    )
    from signaling import transcribing

    try:
        if options.show_key:
            print(transcribing.key(settings))
        else:
            transcribing.run(settings)
    except transcribing.CannotTranscribe as error:
        print(f"genba: {error}", file=sys.stderr)
        return 1
    return 0


def _say_where(settings: Settings, listeners: Listeners) -> None:
    print(f"Genba is ready: http://localhost:{listeners.port}")
    if listeners.tls_port is not None:
        from signaling.certificates import lan_addresses

        addresses = lan_addresses() if settings.host in ("0.0.0.0", "::") else [settings.host]  # noqa: S104
        for address in addresses:
            host = f"[{address}]" if ":" in address else address
            print(
                f"  on tablets and phones: https://{host}:{listeners.tls_port}  (self-signed: accept it once)"
            )
    if settings.dev:
        print(f"  LIVEKIT_URL=ws://localhost:{listeners.port} LIVEKIT_API_KEY={DEV_API_KEY}", end=" ")
        print(f"LIVEKIT_API_SECRET={DEV_API_SECRET}")
    sys.stdout.flush()


def _administration(words: str) -> Run:
    """A command of `administration`, by its words."""

    def run(options: argparse.Namespace) -> int:
        from signaling import administration

        try:
            return administration.COMMANDS[words](options, _settings(options))
        except administration.Refused as error:
            print(f"genba: {error}", file=sys.stderr)
            return 1

    return run


def _verify(options: argparse.Namespace) -> int:
    if not options.paths:
        return _administration("verify")(options)
    from signaling import still_verification

    return still_verification.run(options.paths, lambda text: print(text, flush=True))


def _openapi(options: argparse.Namespace) -> int:
    from signaling.api.application import create_api

    json.dump(create_api().openapi(), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def _doctor(options: argparse.Namespace) -> int:
    secret = options.api_secret
    settings = from_environment(
        data_dir=options.data,
        database_url=options.database_url,
        api_key=options.api_key,
        api_secret=Secret(secret) if secret else None,
        dev=True if secret else None,  # how long the server's secret is, is the server's business
        transcription_model=options.model,
    )
    if options.transcribe is not None:
        from signaling.doctor import transcription

        return transcription.run(
            options.transcribe, settings, lambda text: print(text, flush=True), as_json=options.json
        )
    from signaling.doctor import examination

    return examination.run(
        options.url or "",
        settings,
        lambda text: print(text, flush=True),
        as_json=options.json,
        is_coloured=sys.stdout.isatty(),
    )


if __name__ == "__main__":
    sys.exit(main())
