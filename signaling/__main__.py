"""The command line `genba`: serve, demo, user, verify, migrate, openapi, doctor.

Options are read here and the environment by `settings`; every command ends with a status: 0 done, 1 not
done (the reason on standard error), 2 misused.
"""

# ruff: noqa: T201 - a command line prints

import argparse
import getpass
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

# LiveKit clients put a token and a session description into the request line. The library reads its limit
# when it is imported, so this stands before every import that leads to it.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")

from field_assist import NewStaff, Role, StaffExists, StaffUnknown, Store, staff
from signaling import demo, event_log, migrations
from signaling.accounts import access_log, credentials
from signaling.accounts.access_log import COMMAND_LINE
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import normal_staff_no
from signaling.accounts.vault import open_vault
from signaling.certificates import lan_addresses
from signaling.settings import DEV_API_KEY, DEV_API_SECRET, Secret, Settings, SettingsError, from_environment

MIN_PASSWORD_LENGTH = 12

Run = Callable[[argparse.Namespace], int]


class Refused(Exception):
    """The command cannot be done; the sentence says why."""


def main(arguments: list[str] | None = None) -> int:
    """Entry point of `genba` and `python -m signaling`; answers the exit status."""
    options = _parser().parse_args(arguments)
    run: Run = options.run
    try:
        return run(options)
    except (Refused, SettingsError) as error:
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
    _command(commands, "demo", _demo, "make demo data and print the accounts")
    _command(commands, "migrate", _migrate, "bring the database to this version's shape")
    verify = _command(commands, "verify", _verify, "check the access log's hash chain")
    verify.add_argument("--head", metavar="SEQ:HASH", help="a head noted earlier that must still be there")
    _command(commands, "openapi", _openapi, "print the REST schema")
    doctor = _command(commands, "doctor", _doctor, "test a running server by playing media through it")
    doctor.add_argument("--url", help="address of the server (default: the one on this machine)")
    doctor.add_argument("--api-key", help="LiveKit API key (default: the server's own, from --data)")
    doctor.add_argument("--api-secret", help="the key's secret")
    doctor.add_argument("--json", action="store_true", help="print JSON, for programs")
    _user_commands(_command(commands, "user", None, "staff accounts"))
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


def _user_commands(user: argparse.ArgumentParser) -> None:
    commands = user.add_subparsers(metavar="act", required=True)
    add = _command(commands, "add", _user_add, "add somebody; the password is asked for or read from stdin")
    add.add_argument("staff_no")
    add.add_argument("--name", required=True)
    add.add_argument(
        "--role", required=True, choices=["field", "specialist", "supervisor", "admin", "operator"]
    )
    for name in ("kana", "post", "department", "office"):
        add.add_argument(f"--{name}", default="")
    add.add_argument("--skills", default="", help="topic keys, separated by commas")
    _command(commands, "list", _user_list, "list everybody")
    for name, act, about in (
        ("reset-otp", _user_reset, "forget an authenticator; the next sign-in enrols again"),
        ("unlock", _user_unlock, "forget failed attempts"),
        ("disable", _user_disable, "close an account and sign it out"),
    ):
        _command(commands, name, act, about).add_argument("staff_no")


def _settings(options: argparse.Namespace) -> Settings:
    chosen = {
        name: getattr(options, name, None) for name in ("host", "port", "tls_port", "media_port", "dev")
    }
    return from_environment(data_dir=options.data, database_url=options.database_url, **chosen)


def _serve(options: argparse.Namespace) -> int:
    import uvloop

    from signaling.serving import PortTaken, serve

    settings = _settings(options)
    event_log.configure(settings.log_level)
    try:
        uvloop.run(serve(settings, lambda port, tls_port: _say_where(settings, port, tls_port)))
    except* PortTaken as taken:
        raise Refused(str(taken.exceptions[0])) from None
    return 0


def _say_where(settings: Settings, port: int, tls_port: int | None) -> None:
    addresses = lan_addresses() if settings.host in ("0.0.0.0", "::") else [settings.host]  # noqa: S104
    print(f"Genba is ready: http://localhost:{port}")
    if tls_port is not None:
        for address in addresses:
            host = f"[{address}]" if ":" in address else address
            print(f"  on tablets and phones: https://{host}:{tls_port}  (self-signed: accept it once)")
    if settings.dev:
        print(f"  LIVEKIT_URL=ws://localhost:{port} LIVEKIT_API_KEY={DEV_API_KEY}", end=" ")
        print(f"LIVEKIT_API_SECRET={DEV_API_SECRET}")
    sys.stdout.flush()


def _demo(options: argparse.Namespace) -> int:
    settings = _settings(options)
    with _store(settings) as store, _passwords(settings) as passwords:
        vault, at = open_vault(settings.data_dir), datetime.now(UTC)
        try:
            rows = store.write_now(lambda session: demo.fill(session, vault, passwords, at))
        except demo.RealStaffThere:
            raise Refused("this database has real staff; demo passwords stay out of it") from None
    print(f"デモ用の職員（パスワードは全員 {demo.PASSWORD}）  demo staff, one password for all")
    print(_row(("職員番号", "氏名", "役割", "役職", "確認コード", "認証アプリの秘密鍵")))
    for row in rows:
        print(_row((row.staff_no, row.name, row.role.value, row.post, row.code, row.secret)))
    print("確認コードは30秒で変わります。`genba demo` をもう一度実行すると今のコードが出ます。")
    print("Codes change every 30 s: run this again, or put a secret into an authenticator app.")
    return 0


def _row(cells: tuple[str, ...]) -> str:
    widths = (10, 14, 12, 22, 12, 32)
    return "  " + "".join(_padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    drawn = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(1, width - drawn)


def _migrate(options: argparse.Namespace) -> int:
    with _store(_settings(options)):
        print(f"The database is at revision {migrations.newest()}.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    with _store(_settings(options)) as store:
        result = store.read_now(access_log.verify)
        expected = _head(options.head) if options.head else None
        if result.bad is None and expected is not None:
            result = store.read_now(lambda session: access_log.expect(session, result, *expected))
    if result.bad is not None:
        print(f"access log: row {result.bad.seq} {result.bad.reason}", file=sys.stderr)
        return 1
    print(f"access log: {result.rows} rows, chain intact, head {result.rows}:{result.head}")
    return 0


def _head(text: str) -> tuple[int, str]:
    seq, _, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise Refused("--head looks like 1234:<64 hexadecimal digits>")
    return int(seq), digest


def _openapi(options: argparse.Namespace) -> int:
    from signaling.api.application import create_api

    json.dump(create_api().openapi(), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from signaling.doctor import examination

    secret = options.api_secret
    settings = from_environment(
        data_dir=options.data,
        database_url=options.database_url,
        api_key=options.api_key,
        api_secret=Secret(secret) if secret else None,
        dev=True if secret else None,  # how long the server's secret is, is the server's business
    )
    return examination.run(
        options.url or "",
        settings,
        lambda text: print(text, flush=True),
        as_json=options.json,
        is_coloured=sys.stdout.isatty(),
    )


def _user_add(options: argparse.Namespace) -> int:
    settings = _settings(options)
    new = NewStaff(
        staff_no=normal_staff_no(options.staff_no),
        name=options.name,
        kana=options.kana,
        role=Role(options.role),
        post=options.post,
        department=options.department,
        office=options.office,
        skills=tuple(word for word in options.skills.split(",") if word),
    )
    password = _ask_password()
    with _store(settings) as store, _passwords(settings) as passwords:
        hashed = passwords.hash_now(password)
        at = datetime.now(UTC)
        try:
            store.write_now(lambda session: credentials.add(session, new, hashed, COMMAND_LINE, at))
        except StaffExists:
            raise Refused(f"{new.staff_no} exists already") from None
    print(f"{new.staff_no} was added and enrols an authenticator at the first sign-in.")
    return 0


def _user_list(options: argparse.Namespace) -> int:
    settings = _settings(options)
    vault = open_vault(settings.data_dir)
    with _store(settings) as store:
        rows = store.read_now(lambda session: credentials.listing(session, vault))
    for row in rows:
        state = "disabled" if row.staff.disabled_at else "active"
        if row.locked_until and row.locked_until > datetime.now(UTC):
            state = f"locked until {row.locked_until:%H:%M} UTC"
        enrolled = "enrolled" if row.credential and row.credential.otp_secret else "not enrolled"
        print(_row((row.staff.staff_no, row.staff.name, row.staff.role, row.staff.post, enrolled, state)))
    return 0


def _user_reset(options: argparse.Namespace) -> int:
    return _act(options, "has to enrol again", credentials.reset_otp)


def _user_disable(options: argparse.Namespace) -> int:
    return _act(options, "was disabled", credentials.disable)


def _user_unlock(options: argparse.Namespace) -> int:
    vault = open_vault(_settings(options).data_dir)
    return _act(
        options,
        "was unlocked",
        lambda session, staff_id, actor, at: credentials.unlock(session, vault, staff_id, actor, at),
    )


def _act(options: argparse.Namespace, outcome: str, act: credentials.Act) -> int:
    number = normal_staff_no(options.staff_no)
    with _store(_settings(options)) as store:
        member = store.read_now(lambda session: staff.by_number(session, number))
        if member is None:
            raise Refused(f"{number} is nobody here")
        staff_id, at = member.id, datetime.now(UTC)
        try:
            store.write_now(lambda session: act(session, staff_id, COMMAND_LINE, at))
        except StaffUnknown:
            raise Refused(f"{number} was disabled") from None
    print(f"{number} {outcome}.")
    return 0


def _ask_password() -> str:
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise Refused("the two passwords differ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < MIN_PASSWORD_LENGTH:
        raise Refused(f"a password has at least {MIN_PASSWORD_LENGTH} characters")
    return password


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = Store(settings.store_url)
    try:
        migrations.upgrade(store.engine)
        yield store
    finally:
        store.close()


@contextmanager
def _passwords(settings: Settings) -> Iterator[Passwords]:
    passwords = Passwords(settings.password_cost)
    try:
        yield passwords
    finally:
        passwords.close()


if __name__ == "__main__":
    sys.exit(main())
