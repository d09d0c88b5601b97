"""Office files from the outside: a ZIP archive by the Open Packaging Conventions (ISO/IEC 29500-2), looked
through before any program opens it. Only inside the worker.

Every member is decompressed once and thrown away, since what an archive says about its sizes may be a lie.
"""

import io
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from xml.etree import ElementTree

from signaling.library.file_types import DOCX, HEAD_BYTES, PPTX, XLSX, Reason, Refused, is_archive

MAX_MEMBERS = 20_000
MAX_BYTES = 400 * 1024 * 1024
"""Of everything inside, decompressed; also of what lies in embedded Office files."""
MAX_RATIO = 400
"""Real sheets of zeros reach 100; a bomb has a thousand."""
_RATIO_MATTERS = 20 * 1024 * 1024
_PIECE = 256 * 1024
_MAX_EMBEDDED = 50 * 1024 * 1024
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_EMBEDDED = (".docx", ".xlsx", ".pptx")  # the tables behind charts


def office_type(path: Path) -> str:
    """The media type of an OOXML file that does nothing but be one; raises Refused."""
    with path.open("rb") as file:
        return _Look().through(file, is_inside=False)


class _Look:
    """One look through an archive and what is embedded in it, with one budget."""

    def __init__(self) -> None:
        self._left = MAX_BYTES

    def through(self, file: BinaryIO, *, is_inside: bool) -> str:
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                _check_names(members)
                for member in members:
                    self._member(archive, member, is_inside=is_inside)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            raise Refused(Reason.DAMAGED) from None
        names = {member.filename for member in members}
        kind = next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
        if kind is None or "[Content_Types].xml" not in names:
            raise Refused(Reason.NESTED_ARCHIVE if is_inside else Reason.ARCHIVE)
        return kind

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, is_inside: bool) -> None:
        if member.flag_bits & 1:
            raise Refused(Reason.ENCRYPTED)
        name = member.filename.lower()
        if PurePosixPath(name).name.startswith("vbaproject") or "/activex/" in name:
            raise Refused(Reason.MACROS)
        wanted = name.endswith((".xml", ".rels", *_EMBEDDED))
        content, head = self._content(archive, member, wanted=wanted)
        if is_archive(head):
            if is_inside or not name.endswith(_EMBEDDED):
                raise Refused(Reason.NESTED_ARCHIVE)
            self.through(io.BytesIO(content), is_inside=True)
        elif name.endswith((".xml", ".rels")):
            _check_part(name, content)

    def _content(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, wanted: bool
    ) -> tuple[bytes, bytes]:
        """What is in it as far as it is wanted, and its first bytes."""
        kept, head, size = bytearray(), b"", 0
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                self._left -= len(piece)
                is_bomb = size > _RATIO_MATTERS and size > MAX_RATIO * max(1, member.compress_size)
                if self._left < 0 or is_bomb:
                    raise Refused(Reason.BOMB)
                head = head or piece[:HEAD_BYTES]
                if wanted and size <= _MAX_EMBEDDED:
                    kept += piece
        if wanted and size > _MAX_EMBEDDED:
            raise Refused(Reason.BOMB)
        return bytes(kept), head


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_BYTES:
        raise Refused(Reason.BOMB)
    names = [member.orig_filename for member in members]
    for member in members:
        name = member.orig_filename
        parts = name.split("/")
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if name.startswith("/") or ".." in parts or any(mark in name for mark in "\\:") or is_link:
            raise Refused(Reason.UNSAFE_NAME)
        if not name.isprintable():
            raise Refused(Reason.UNSAFE_NAME)
    if len({name.casefold() for name in names}) != len(names):
        raise Refused(Reason.DAMAGED)  # which of the two a program opens is its own choice


def _check_part(name: str, content: bytes) -> None:
    """ISO/IEC 29500-2 section 8.5.2: no part has a document type. Links may lead outside, content may not."""
    if b"\x00" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused(Reason.BOMB)
    if not name.endswith(".rels"):
        return
    try:
        links = ElementTree.fromstring(content)  # noqa: S314 - it has no document type, so no entities
    except ElementTree.ParseError:
        raise Refused(Reason.DAMAGED) from None
    for link in links:
        is_outside = link.get("TargetMode", "").lower() == "external"
        if is_outside and not link.get("Type", "").endswith("/hyperlink"):
            raise Refused(Reason.FETCHES)
