"""What the command line does to an installation's data: demo, migrate, verify, and the staff accounts.

Works beside a running server: SQLite and PostgreSQL let both write. Apart from `__main__`, because a server
that starts again should not wait for any of this.
"""

# ruff: noqa: T201 - a command line prints

import argparse
import getpass
import os
import secrets
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from field_assist import (
    NewStaff,
    Role,
    StaffExists,
    StaffUnknown,
    Store,
    decisions,
    documents,
    seals,
    staff,
    staff_list,
    topics,
)
from signaling import (
    catalogue_administration,
    chains,
    demo,
    demo_catalogue,
    demo_library,
    demo_slots,
    document_administration,
    migrations,
    restoration,
    slot_administration,
)
from signaling.accounts import credentials
from signaling.accounts.access_log import COMMAND_LINE
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import normal_staff_no
from signaling.accounts.vault import open_vault
from signaling.library.shelf import Shelf
from signaling.settings import Settings

MIN_PASSWORD_LENGTH = 12
SHOWN_FAULTS = 50

Act = Callable[[argparse.Namespace, Settings], int]


class Refused(Exception):
    """The command cannot be done; the sentence says why."""


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    with _store(settings) as store, _passwords(settings) as passwords:
        vault, at = open_vault(settings.data_dir), datetime.now(UTC)
        try:
            rows = store.write_now(lambda session: demo.fill(session, vault, passwords, at))
        except demo.RealStaffThere:
            raise Refused("this database has real staff; demo passwords stay out of it") from None
        demo_library.fill(store, Shelf(settings.data_dir), at)
        demo_catalogue.fill(store, at)
        demo_slots.fill(store, at)
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


def _migrate(options: argparse.Namespace, settings: Settings) -> int:
    with _store(settings):
        print(f"The database is at revision {migrations.newest()}.")
    return 0


def _document_reindex(options: argparse.Namespace, settings: Settings) -> int:
    """One transaction for each document: a running server goes on meanwhile."""
    pages = 0
    with _store(settings) as store:
        ids = store.read_now(documents.everything)
        for document_id in ids:
            pages += store.write_now(partial(documents.reindex, document_id=document_id))
    print(f"{len(ids)} documents, {pages} pages: search finds what is there now.")
    return 0


def _document_import(options: argparse.Namespace, settings: Settings) -> int:
    with _store(settings) as store:
        try:
            return document_administration.take_in(
                options, store, settings.data_dir, settings.document_max_bytes
            )
        except document_administration.NotTaken as error:
            raise Refused(str(error)) from None


def _catalogue_import(options: argparse.Namespace, settings: Settings) -> int:
    with _store(settings) as store:
        try:
            return catalogue_administration.take_in(options, store, settings.organisation)
        except catalogue_administration.NotTaken as error:
            raise Refused(str(error)) from None


def _catalogue_fetch(options: argparse.Namespace, settings: Settings) -> int:
    with _store(settings) as store:
        try:
            return catalogue_administration.fetch(options, store, settings.feed_origins)
        except catalogue_administration.NotTaken as error:
            raise Refused(str(error)) from None


def _slots(act: Callable[[argparse.Namespace, Store, str], int]) -> Act:
    def run(options: argparse.Namespace, settings: Settings) -> int:
        with _store(settings) as store:
            try:
                return act(options, store, settings.organisation)
            except slot_administration.NotTaken as error:
                raise Refused(str(error)) from None

    return run


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    """All chains, with every head that was noted in the data directory or is given here."""
    data_dir, key = settings.data_dir, open_vault(settings.data_dir).signing_key.public_key()
    log_heads, heads = chains.noted(data_dir, "access-log"), chains.noted(data_dir, "decisions")
    hidden_heads = chains.noted(data_dir, "redactions")
    log_heads += [_head(options.head)] if options.head else []
    heads += [_head(options.decision_head)] if options.decision_head else []
    with _store(settings) as store:
        verdicts = [
            store.read_now(lambda session: chains.examine_access_log(session, log_heads)),
            store.read_now(lambda session: chains.examine_decisions(session, key, heads)),
            store.read_now(lambda session: chains.examine_redactions(session, key, hidden_heads)),
            *store.read_now(chains.examine_restored),
        ]
    for is_whole, words in verdicts:
        print(words, file=sys.stdout if is_whole else sys.stderr)
    return 0 if all(is_whole for is_whole, _ in verdicts) else 1


def _decision_export(options: argparse.Namespace, settings: Settings) -> int:
    key = open_vault(settings.data_dir).signing_key.public_key()
    with _store(settings) as store, options.file.open("w", encoding="utf-8", newline="") as file:
        rows = store.read_now(lambda session: chains.export(decisions.links(session), key, file.write))
    print(f"{rows} rows, sealed by key {seals.fingerprint(key)}")
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    with _store(settings) as store:
        try:
            return restoration.restore(options, store, settings.data_dir)
        except restoration.NotRestored as error:
            raise Refused(str(error)) from None


def _head(text: str) -> tuple[int, str]:
    seq, _, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise Refused("a head looks like 1234:<64 hexadecimal digits>")
    return int(seq), digest


def _user_add(options: argparse.Namespace, settings: Settings) -> int:
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


def _user_import(options: argparse.Namespace, settings: Settings) -> int:
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Refused(f"{options.file}: {error.strerror}") from None
    with _store(settings) as store, _passwords(settings) as passwords:
        known = store.read_now(staff.numbers)
        rows, faults = staff_list.read(data, known)
        if faults:
            for fault in faults[:SHOWN_FAULTS]:
                print(f"line {fault.line}: {_fault_words(fault)}", file=sys.stderr)
            raise Refused(f"{len(faults)} faults; nothing was taken in")
        new = [row.new.staff_no for row in rows if row.new.staff_no not in known]
        if new and options.passwords is None and not options.check:
            raise Refused(f"{len(new)} are new: --passwords FILE receives their first passwords")
        if options.check:
            print(f"{len(rows)} rows without a fault, {len(new)} of them new")
            return 0
        first = {number: secrets.token_urlsafe(12) for number in new}
        if first:
            _write_privately(options.passwords, first)
        hashes = {number: passwords.hash_now(password) for number, password in first.items()}
        at = datetime.now(UTC)
        added, changed = store.write_now(
            lambda session: credentials.take_in(session, rows, hashes, COMMAND_LINE, at)
        )
    print(f"{added} added, {changed} changed, {len(rows) - added - changed} as they were")
    return 0


def _fault_words(fault: staff_list.Fault) -> str:
    words = {
        staff_list.Reason.NOT_TEXT: "the file is neither UTF-8 nor CP932 (Shift_JIS)",
        staff_list.Reason.TOO_MANY: "more rows than",
        staff_list.Reason.NO_COLUMN: "the column is missing",
        staff_list.Reason.EMPTY: "is empty",
        staff_list.Reason.TOO_LONG: f"has over {staff_list.MAX_CELL} characters or unprintable ones",
        staff_list.Reason.UNKNOWN_ROLE: "is none of 現場職員 専門職員 責任者 管理者 運用者",
        staff_list.Reason.UNKNOWN_SKILL: "is no topic: " + " ".join(topic.label for topic in topics.TOPICS),
        staff_list.Reason.BAD_HOURS: "looks like 月-金 8:30-17:15",
        staff_list.Reason.REPEATED: "stands there twice",
        staff_list.Reason.NOBODY: "is nobody, neither here nor in the file",
        staff_list.Reason.OWN_BOSS: "would be their own boss",
    }
    value = f" 「{fault.value}」" if fault.value else ""
    return f"{fault.column}{value} {words[fault.reason]}".strip()


def _write_privately(path: Path, first: dict[str, str]) -> None:
    """First passwords, for nobody's eyes but the operator's; an existing file is never overwritten."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{number},{password}\n" for number, password in first.items())
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from None


def _user_list(options: argparse.Namespace, settings: Settings) -> int:
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


def _user_reset(options: argparse.Namespace, settings: Settings) -> int:
    return _act(options, settings, "has to enrol again", credentials.reset_otp)


def _user_disable(options: argparse.Namespace, settings: Settings) -> int:
    return _act(options, settings, "was disabled", credentials.disable)


def _user_unlock(options: argparse.Namespace, settings: Settings) -> int:
    vault = open_vault(settings.data_dir)
    return _act(
        options,
        settings,
        "was unlocked",
        lambda session, staff_id, actor, at: credentials.unlock(session, vault, staff_id, actor, at),
    )


def _act(options: argparse.Namespace, settings: Settings, outcome: str, act: credentials.Act) -> int:
    number = normal_staff_no(options.staff_no)
    with _store(settings) as store:
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


COMMANDS: dict[str, Act] = {
    "demo": _demo,
    "migrate": _migrate,
    "verify": _verify,
    "restore": _restore,
    "decision export": _decision_export,
    "catalogue import": _catalogue_import,
    "catalogue fetch": _catalogue_fetch,
    "slots set": _slots(slot_administration.put),
    "slots import": _slots(slot_administration.take_in),
    "slots list": _slots(slot_administration.show),
    "slots remove": _slots(slot_administration.remove),
    "document reindex": _document_reindex,
    "document import": _document_import,
    "user add": _user_add,
    "user import": _user_import,
    "user list": _user_list,
    "user reset-otp": _user_reset,
    "user unlock": _user_unlock,
    "user disable": _user_disable,
}
"""By the words on the command line; each answers the exit status or raises `Refused`."""
