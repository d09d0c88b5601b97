"""What the command line does to the library: `genba document import`."""

# ruff: noqa: T201 - a command line prints

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from field_assist import Person, Store, document_list, documents, people, staff, staff_list
from signaling.library import intake
from signaling.library.intake import Brought
from signaling.library.shelf import Shelf

SHOWN_FAULTS = 50
LIST_NAME = "documents.csv"


class NotTaken(Exception):
    """Nothing was taken in; the sentence says why."""


def take_in(options: argparse.Namespace, store: Store, data_dir: Path, max_bytes: int) -> int:
    """A folder of files, or a list with its files beside it. Raises NotTaken."""
    path: Path = options.path
    members = {
        row.staff_no: row.person() for row in store.read_now(staff.everybody) if row.disabled_at is None
    }
    callers = {number: person for number, person in members.items() if people.may_add_document(person)}
    owner = callers.get(staff_list.normal_no(options.owner))
    if owner is None:
        raise NotTaken(f"--owner {options.owner}: nobody here who takes calls")
    is_list = path.is_file() and path.suffix.lower() == ".csv"
    if path.is_dir() and (path / LIST_NAME).is_file():
        path, is_list = path / LIST_NAME, True
    if is_list:
        brought = _listed(path, owner, callers, max_bytes)
    elif path.is_dir():
        brought = _found(path, owner, max_bytes)
    else:
        raise NotTaken(f"{path}: neither a folder nor a list (.csv)")
    if options.check:
        print(f"{len(brought)} documents without a fault")
        return 0
    counts = intake.take_in(store, Shelf(data_dir), brought, datetime.now(UTC))
    print(
        f"{counts.added} added, {counts.changed} changed, {counts.same} as they were;"
        " a running server reads them within a minute"
    )
    return 0


def _listed(path: Path, owner: Person, callers: dict[str, Person], max_bytes: int) -> list[Brought]:
    folder = path.parent.resolve()

    def beside(name: str) -> Path:
        return (folder / name.replace("\\", "/")).resolve()

    def is_there(name: str) -> bool:
        file = beside(name)
        is_inside = file.is_relative_to(folder) and file.is_file()
        return is_inside and file.stat().st_size <= max_bytes and intake.refusal(file) == ""

    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotTaken(f"{path}: {error.strerror}") from None
    rows, faults = document_list.read(data, lambda number: number in callers, is_there)
    for fault in faults[:SHOWN_FAULTS]:
        print(f"line {fault.line}: {_words(fault)}", file=sys.stderr)
    if faults:
        raise NotTaken(f"{len(faults)} faults; nothing was taken in")
    return [
        Brought(
            new=documents.Particulars(
                title=row.title,
                kind=row.kind,
                disclosure=row.disclosure,
                sensitivity=row.sensitivity,
                retention=row.retention,
                tags=row.tags,
                department=row.department,
                office=row.office,
                source_no=row.source_no,
            ),
            owner=callers.get(row.owner_no, owner),
            file_name=Path(row.file).name or f"{row.title}.txt",
            content=beside(row.file) if row.file else f"{row.title}\n\n{row.text}\n".encode(),
            label=row.label,
            issued_on=row.issued_on,
        )
        for row in rows
    ]


def _found(folder: Path, owner: Person, max_bytes: int) -> list[Brought]:
    """Every file in the folder and below; its path there is its number."""
    root = folder.resolve()
    files = [file for file in sorted(root.rglob("*")) if file.is_file() and not file.name.startswith(".")]
    faults = 0
    for file in files:
        why = intake.refusal(file) if file.stat().st_size <= max_bytes else "too_large"
        is_outside = not file.resolve().is_relative_to(root)
        if why or is_outside:
            faults += 1
            print(f"{file.relative_to(root)}: {why or 'leads out of the folder'}", file=sys.stderr)
    if faults:
        raise NotTaken(f"{faults} files cannot be taken; nothing was taken in")
    if not files:
        raise NotTaken(f"{folder}: no files")
    return [
        Brought(
            new=documents.Particulars(title=file.stem[:160], source_no=file.relative_to(root).as_posix()),
            owner=owner,
            file_name=file.name[-200:],
            content=file,
        )
        for file in files
    ]


def _words(fault: document_list.Fault) -> str:
    reason = document_list.Reason
    words = {
        reason.NOT_TEXT: "the file is neither UTF-8 nor CP932 (Shift_JIS)",
        reason.TOO_MANY: "more rows than",
        reason.NO_COLUMN: "the column is missing",
        reason.EMPTY: "is empty",
        reason.TOO_LONG: "is too long or has unprintable characters",
        reason.UNKNOWN_DISCLOSURE: "is none of 公開 府民に提示可 職員限り",
        reason.BAD_SENSITIVITY: "is none of 1 2 3 (機密性)",
        reason.BAD_DATE: "looks like 2026-10-01",
        reason.REPEATED: "stands there twice",
        reason.NOBODY: "is nobody here who takes calls",
        reason.NOTHING: "neither 本文 nor ファイル",
        reason.NO_FILE: "is not beside the list, is too large, or is no PDF, picture, Office file or text",
    }
    value = f" 「{fault.value}」" if fault.value else ""
    return f"{fault.column}{value} {words[fault.reason]}".strip()
