"""The process that reads one file: it has little memory and time, no network, no secrets, and may die.

Run with one argument, the job as JSON (`Job`); answers lines of JSON on standard output and writes pictures
into its working directory. Whatever a file makes of this process, the server sees an end without `done`.
"""

import ctypes
import json
import os
import resource
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from signaling.library import file_types
from signaling.library.file_types import Reason, Refused

if TYPE_CHECKING:
    from signaling.library.pages import Book

THUMBNAIL_WIDTH = 320
MAX_PAGES = 3000
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with which file: `read` all of it, or `draw` some pages at a width."""

    do: Literal["read", "draw"]
    path: str
    memory_bytes: int
    cpu_s: int
    media_type: str = ""
    pages: tuple[int, ...] = ()
    office_program: str = ""
    width: int = THUMBNAIL_WIDTH


def main(argument: str) -> None:
    """Do the job."""
    job = Job(**json.loads(argument))
    _shut_in(job)
    try:
        if job.do == "read":
            _read(job)
        else:
            _draw(job)
    except Refused as refused:
        _say(refused=refused.reason.value)
    except MemoryError:
        _say(refused=Reason.BOMB.value)
    else:
        _say(done=True)


def _read(job: Job) -> None:
    path = Path(job.path)
    kind = _kind_of(path)
    if kind == file_types.ZIP:
        kind, path = _made_pdf(path, job.office_program)
    with _book(path, kind) as book:
        if book.pages > MAX_PAGES:
            raise Refused(Reason.TOO_MANY_PAGES)
        _say(media_type=kind, pages=book.pages)
        for number in range(1, book.pages + 1):
            page = book.read(number)
            book.draw(number, THUMBNAIL_WIDTH, _picture(number, THUMBNAIL_WIDTH))
            _say(page=number, width=page.width, height=page.height, text=page.text)


def _draw(job: Job) -> None:
    with _book(Path(job.path), job.media_type) as book:
        for number in job.pages:
            book.draw(number, job.width, _picture(number, job.width))
            _say(drawn=number)


def _picture(number: int, width: int) -> Path:
    return Path(f"{number}-{width}.webp")


def _kind_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(file_types.HEAD_BYTES)
        file.seek(max(0, path.stat().st_size - file_types.TAIL_BYTES))
        return file_types.sniff(head, file.read())


def _made_pdf(path: Path, program: str) -> tuple[str, Path]:
    """What kind of Office file it is, and the PDF it was made into."""
    from signaling.library import archives, office

    kind = archives.office_type(path)
    _say(converting=True)
    made = office.convert(path, kind, program)
    if _kind_of(made) != file_types.PDF:
        raise Refused(Reason.NOT_CONVERTED)
    return kind, made


def _book(path: Path, kind: str) -> "Book":
    # Loaded for what the file is: a picture never meets PDFium.
    if kind == file_types.PDF or kind in file_types.OFFICE:
        from signaling.library.pdf_pages import PdfBook

        return PdfBook(path)
    if kind == file_types.TEXT:
        from signaling.library.texts import TextBook

        return TextBook(path)
    if kind in file_types.PICTURES:
        from signaling.library.pictures import Picture

        return Picture(path)
    raise Refused(Reason.UNKNOWN_TYPE)


def _shut_in(job: Job) -> None:
    """Before a byte of the file is read; each of these is a bound, none of them a promise."""
    for limit, most in (
        (resource.RLIMIT_AS, job.memory_bytes),
        (resource.RLIMIT_CPU, job.cpu_s),
        (resource.RLIMIT_FSIZE, 256 * 1024 * 1024),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        _, above = resource.getrlimit(limit)  # an Office program is given more of it
        resource.setrlimit(limit, (most, above))
    with suppress(OSError):
        os.nice(5)  # calls go first
    with suppress(OSError, AttributeError):  # a kernel that does not let us loses us one wall of several
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _say(**facts: str | int | float | bool) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
