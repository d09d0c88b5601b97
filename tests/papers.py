"""Files for tests of the library: small PDFs and pictures, made here."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from signaling.library.file_types import Reason, Refused
from signaling.library.reader import Bounds, Found, Reader
from signaling.library.shelf import Shelf
from tests.installation import Browser
from tests.waiting import until


def pdf(pages: int = 1, words: str = "P2 pier, crack 0.4 mm", size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF whose pages say `words` and their number, written as ISO 32000 wants it."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at in range(pages):
        drawing = f"BT /F1 24 Tf 72 {size[1] - 100} Td ({words} {at + 1}) Tj ET 100 100 200 300 re S"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents {5 + 2 * at} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        ]
    return pdf_of(objects)


def pdf_of(objects: list[str], trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


def picture(
    size: tuple[int, int] = (400, 300), kind: str = "JPEG", orientation: int = 1, maker: str = "genba"
) -> bytes:
    """A picture with a red left half, as a camera writes it: lying, with where it was taken in its EXIF."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = image.getexif()
    exif[0x0112], exif[0x010F] = orientation, maker
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 28.0, 51.6)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


async def uploaded(
    browser: Browser, content: bytes, name: str = "図面.pdf", /, **said: object
) -> dict[str, Any]:
    """A document with this file, once it was read or refused."""
    added = await browser.post("/documents", {"title": "川辺橋 一般図"} | said)
    assert added.status_code == 201, added.text
    return await sent(browser, added.json()["id"], content, name)


async def sent(browser: Browser, document: str, content: bytes, name: str = "図面.pdf") -> dict[str, Any]:
    """The document after one more version was read or refused."""
    answer = await browser.put(f"/documents/{document}/content?name={name}", content)
    assert answer.status_code == 202, answer.text
    return await settled(browser, document)


async def settled(browser: Browser, document: str) -> dict[str, Any]:
    """The document, once nothing of it waits to be read."""
    found: dict[str, Any] = {}

    async def is_settled() -> bool:
        await asyncio.sleep(0.02)  # between two looks, of which each is a request
        found.update((await browser.get(f"/documents/{document}")).json())
        return all(version["state"] != "reading" for version in found["versions"])

    await until(is_settled, within_s=120)
    return found


def office(kind: str = "word/document.xml", **more: bytes) -> bytes:
    """An OOXML file with a main part, and further members by path ("/" written "__", "." written "_dot_")."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(kind, "<document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    """A plain archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(folder: Path, content: bytes, program: str = "", bounds: Bounds = Bounds()) -> Found | Reason:
    """What comes of reading a file; whatever else the worker did must have stayed in its scratch folder."""
    shelf = Shelf(folder / "store")
    shelf.open()
    path = folder / "store" / "file"
    path.write_bytes(content)
    before = _tree(folder)

    async def known(media_type: str, pages: int) -> None:
        pass

    async def run() -> Found | Reason:
        with shelf.scratch() as scratch:
            try:
                return await Reader(program, bounds).read(path, scratch, known, lambda count: None)
            except Refused as refused:
                return refused.reason

    outcome = asyncio.run(run())
    assert _tree(folder) == before, "nothing is written outside the scratch folder"
    return outcome


def _tree(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()
    }
