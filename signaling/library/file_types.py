"""What a file is, by what is in it: its name and declared type are never asked.

A file that is two things at once (a polyglot) is refused: whoever opens the kept original with another
program would see what nobody has seen here. Sans-IO.
"""

import struct
from enum import StrEnum

HEAD_BYTES = 2048
TAIL_BYTES = 65_557
"""The longest end of a ZIP archive: its record of 22 bytes and a comment of 65,535."""

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
WEBP = "image/webp"
TIFF = "image/tiff"
TEXT = "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ZIP = "application/zip"

PICTURES = frozenset({PNG, JPEG, WEBP, TIFF})
OFFICE = frozenset({DOCX, XLSX, PPTX})
SUFFIXES = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", WEBP: ".webp", TEXT: ".txt"} | {
    TIFF: ".tif",
    DOCX: ".docx",
    XLSX: ".xlsx",
    PPTX: ".pptx",
}


class Reason(StrEnum):
    """Why a file is refused; the client has a sentence for each, which says what to do."""

    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    TWO_TYPES = "two_types"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    ARCHIVE = "archive"
    NESTED_ARCHIVE = "nested_archive"
    BOMB = "bomb"
    UNSAFE_NAME = "unsafe_name"
    MACROS = "macros"
    FETCHES = "fetches"  # an Office file that would load something from elsewhere
    OLD_OFFICE = "old_office"
    NO_CONVERTER = "no_converter"
    NO_FONT = "no_font"
    NOT_CONVERTED = "not_converted"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_MARKUP = (b"<html", b"<script", b"<!doctype", b"<svg", b"<?php", b"<iframe", b"<body")
_ARCHIVES = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)


def sniff(head: bytes, tail: bytes) -> str:
    """The media type of a file, of which `head` are the first `HEAD_BYTES` and `tail` the last `TAIL_BYTES`.

    An OOXML file is a `ZIP` here: which one, its content says. Raises Refused.
    """
    if not head:
        raise Refused(Reason.EMPTY)
    if head.startswith(_OLE2):
        # [MS-OFFCRYPTO] section 2.3.1: an encrypted OOXML file is such a container around a package.
        is_locked = "EncryptedPackage".encode("utf-16-le") in head + tail
        raise Refused(Reason.ENCRYPTED if is_locked else Reason.OLD_OFFICE)
    if is_archive(head) and not head.startswith(b"PK"):
        raise Refused(Reason.ARCHIVE)
    kind = _by_signature(head)
    if kind is None:
        return _text(head)
    if kind != ZIP and (ends_as_zip(tail) or _holds_markup(head)):
        raise Refused(Reason.TWO_TYPES)
    if kind != PDF and b"%PDF-" in head[:1024]:
        raise Refused(Reason.TWO_TYPES)
    return kind


def is_archive(head: bytes) -> bool:
    """Whether these are the first bytes of an archive or of compressed bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", *_ARCHIVES))


def ends_as_zip(tail: bytes) -> bool:
    """Whether a ZIP archive ends here: APPNOTE.TXT section 4.3.16, a record whose comment is all the rest."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= 22 and struct.unpack_from("<H", tail, at + 20)[0] == len(tail) - at - 22:
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def _by_signature(head: bytes) -> str | None:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    return ZIP if head.startswith(b"PK\x03\x04") else None


def _holds_markup(head: bytes) -> bool:
    return any(mark in head.lower() for mark in _MARKUP)


def _text(head: bytes) -> str:
    """Text is what nothing else is and has no control characters; markup is a program, not a text."""
    if b"%PDF-" in head[:1024] or _holds_markup(head):
        raise Refused(Reason.UNKNOWN_TYPE)
    if any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in head) or b"\x7f" in head:
        raise Refused(Reason.UNKNOWN_TYPE)
    return TEXT
