"""Files made to do harm: each is refused with a reason, leaves nothing behind, and harms nothing else."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from signaling import chains
from signaling.library.file_types import Reason
from signaling.library.reader import Bounds, Found
from tests.installation import Installation, play
from tests.papers import office, pdf, pdf_of, picture, read, settled, uploaded, zipped


def _named(name: str, mode: int = 0) -> bytes:
    """An Office file with a member of this name, written as it is."""
    out = io.BytesIO(office())
    with zipfile.ZipFile(out, "a") as archive:
        member = zipfile.ZipInfo("x")
        member.filename, member.external_attr = name, mode << 16
        archive.writestr(member, b"/etc/passwd")
    return out.getvalue()


def _boasting() -> bytes:
    """An Office file whose directory (APPNOTE.TXT section 4.3.12) says that a member has 500 MB."""
    content = bytearray(office(word__media__a=b"small"))
    struct.pack_into("<I", content, content.rfind(b"PK\x01\x02") + 24, 500 * 1024**2)
    return bytes(content)


def _rel(kind: str) -> bytes:
    return (
        b'<Relationships><Relationship Id="r" TargetMode="External" Target="http://192.0.2.1/x" Type="http://s/'
        + kind.encode()
        + b'"/></Relationships>'
    )


def _flat(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    return out.getvalue()


LOCKED = pdf_of(
    ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"],
    f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >> /ID [<00> <00>]",
)
ENDLESS = pdf_of(
    [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'3 0 R ' * 3001}] /Count 3001 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
    ]
)
RIBBON = pdf(size=(14400, 3))
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
TABLE = office("xl/workbook.xml")
HOSTILE: dict[str, tuple[bytes, Reason]] = {
    "nothing at all": (b"", Reason.EMPTY),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(200), Reason.UNKNOWN_TYPE),
    "a page of a browser": (b"<!doctype html><script>alert(1)</script>", Reason.UNKNOWN_TYPE),
    "a drawing that runs scripts": (b'<svg onload="alert(1)"/>', Reason.UNKNOWN_TYPE),
    "a PDF that is a ZIP too": (pdf() + zipped(a=b"x"), Reason.TWO_TYPES),
    "a picture that is a ZIP too": (picture() + zipped(a=b"x"), Reason.TWO_TYPES),
    "a PDF that is a page of a browser too": (
        b"%PDF-1.7\n%<script>x</script>\n" + pdf()[9:],
        Reason.TWO_TYPES,
    ),
    "a picture that is a PDF too": (picture(maker="%PDF-1.7"), Reason.TWO_TYPES),
    "text that is a PDF too": ("資料\n".encode() + pdf(), Reason.UNKNOWN_TYPE),
    "a locked PDF": (LOCKED, Reason.ENCRYPTED),
    "half a PDF header": (b"%PDF-1.7\n", Reason.DAMAGED),
    "a PDF of too many pages": (ENDLESS, Reason.TOO_MANY_PAGES),
    "a page that is a thread": (RIBBON, Reason.DAMAGED),
    "half a picture": (picture()[:700], Reason.DAMAGED),
    "a picture that fills the memory": (_flat((30_000, 30_000)), Reason.TOO_MANY_PIXELS),
    "an archive": (zipped(a=b"x"), Reason.ARCHIVE),
    "a compressed file": (b"\x1f\x8b" + bytes(100), Reason.ARCHIVE),
    "an old Office file": (OLE2, Reason.OLD_OFFICE),
    "a locked Office file": (OLE2 + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
    "half an Office file": (office()[:-40], Reason.DAMAGED),
    "a way out of the folder": (_named("../../../../etc/cron.d/x"), Reason.UNSAFE_NAME),
    "a way to the root": (_named("/etc/cron.d/x"), Reason.UNSAFE_NAME),
    "a way to a drive": (_named("C:\\x"), Reason.UNSAFE_NAME),
    "a link in an archive": (_named("word/link", stat.S_IFLNK | 0o777), Reason.UNSAFE_NAME),
    "two members of one name": (_named("WORD/document.xml"), Reason.DAMAGED),
    "an archive that says it is huge": (_boasting(), Reason.BOMB),
    "a bomb": (office(word__media__a=bytes(30 * 1024**2)), Reason.BOMB),
    "a bomb of words": (office(word__a_dot_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), Reason.BOMB),
    "an archive in an archive": (office(word__a=zipped(a=b"x")), Reason.NESTED_ARCHIVE),
    "an archive as a table": (office(word__a_dot_xlsx=zipped(a=b"x")), Reason.NESTED_ARCHIVE),
    "three deep": (office(ppt__a_dot_docx=office(word__embeddings__a_dot_xlsx=TABLE)), Reason.NESTED_ARCHIVE),
    "macros": (office(word__vbaProject_dot_bin=b"x"), Reason.MACROS),
    "a template from elsewhere": (office(word___rels__a_dot_rels=_rel("attachedTemplate")), Reason.FETCHES),
    "no program for it": (
        office(word___rels__a_dot_rels=_rel("hyperlink"), word__embeddings__a_dot_xlsx=TABLE),
        Reason.NO_CONVERTER,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    content, reason = HOSTILE[name]

    assert read(tmp_path, content) == reason


@settings(max_examples=12, deadline=None)
@given(
    edits=st.lists(
        st.tuples(st.integers(9, 1100), st.binary(min_size=1, max_size=12)), min_size=1, max_size=8
    ),
    cut=st.integers(0, 400),
)
def test_no_change_of_a_pdf_does_more_than_have_it_refused(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, bytes]], cut: int
) -> None:
    content = bytearray(pdf(2))
    for at, new in edits:
        content[at : at + len(new)] = new
    del content[len(content) - cut :]

    outcome = read(tmp_path_factory.mktemp("fuzz"), bytes(content))

    assert isinstance(outcome, Reason) or 1 <= len(outcome.pages) <= 3000


def test_a_worker_that_takes_too_long_or_too_much_is_ended(tmp_path: Path) -> None:
    slow = read(tmp_path, pdf(), bounds=Bounds(page_s=0.001))
    crowded = read(tmp_path, _flat((9000, 9000)), bounds=Bounds(memory_bytes=150 * 1024**2))

    assert slow == Reason.TOO_SLOW
    assert crowded in (Reason.BOMB, Reason.CRASHED, Reason.DAMAGED)


def test_an_office_file_is_read_as_the_pdf_that_it_was_made_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENBA_API_SECRET", "which no worker sees")
    (tmp_path / "made.pdf").write_bytes(pdf(3))
    program = tmp_path / "soffice"
    program.write_text(f'#!/bin/sh\ntest -n "$GENBA_API_SECRET" || cp {tmp_path}/made.pdf source.pdf\n')
    program.chmod(0o755)
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nln -s /etc/passwd source.pdf\n")
    broken.chmod(0o755)

    found = read(tmp_path, office(), str(program))

    assert isinstance(found, Found) and len(found.pages) == 3
    assert found.media_type.endswith("wordprocessingml.document")
    assert read(tmp_path, office(), str(broken)) == Reason.NOT_CONVERTED


def _elsewhere(genba: Installation) -> set[Path]:
    """What lies outside the store; the daily heads of the chains are written when it is their time."""
    own = {"documents", chains.FOLDER}
    return {path for path in genba.folder.rglob("*") if own.isdisjoint(path.parts)}


def test_the_server_lives_through_all_of_it_and_says_what_happened(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        before = _elsewhere(genba)
        for name in ("a PDF that is a ZIP too", "a locked PDF", "a way out of the folder", "half a picture"):
            content, reason = HOSTILE[name]
            document = await uploaded(field, content, "../../%2e%2e/図面.pdf")
            [version] = document["versions"]
            assert (version["state"], version["reason"], document["current"]) == ("refused", reason, None)
            for rest in ("", "/original", "/pages/1"):
                status = (await field.get(f"/documents/versions/{version['id']}{rest}")).status_code
                assert status == (404 if rest else 200)
        assert _elsewhere(genba) == before
        assert list((genba.folder / "documents").rglob("*.*")) == [], "nothing of them is kept"
        after = await uploaded(field, pdf(), "無害.pdf")
        assert (await settled(field, after["id"]))["current"]["pages"] == 1

    play(tmp_path, scene)
