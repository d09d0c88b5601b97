"""The library (資料) under /api, for staff who take calls; guests see in their call what is shown there."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response

from field_assist import Disclosure, DocumentVersion, Person, documents, people
from signaling.api import document_schema
from signaling.api.auth import Address, Parts, Staff
from signaling.api.document_desk import NewFile, OpenDocument, OpenVersion
from signaling.api.document_schema import DocumentFile, VersionPages
from signaling.api.services import spend
from signaling.api.views import person_view
from signaling.library import file_types

router = APIRouter(tags=["documents"])


@router.post("/documents", status_code=201)
async def add_document(
    body: document_schema.NewDocumentRequest, session: Staff, parts: Parts, address: Address
) -> DocumentFile:
    """Say what a document is; its file is sent next."""
    await spend(parts, parts.limits.document, session.person.identity)
    new = documents.Particulars(
        title=body.title,
        kind=body.kind,
        disclosure=Disclosure(body.disclosure),
        sensitivity=body.sensitivity,
        retention=body.retention,
        tags=tuple(body.tags),
    )
    opened = await parts.document_desk.begin(session.person, new, body.case_id, address)
    return file_view(opened, session.person)


@router.get("/documents/{document_id}")
async def read_document(document_id: str, session: Staff, parts: Parts, address: Address) -> DocumentFile:
    """One document with its versions, and how far they are."""
    return file_view(await parts.document_desk.read(session.person, document_id, address), session.person)


@router.patch("/documents/{document_id}")
async def change_document(
    document_id: str,
    body: document_schema.ChangeDocumentRequest,
    session: Staff,
    parts: Parts,
    address: Address,
) -> DocumentFile:
    """Change some of what is said of it, withdraw it or bring it back."""
    new = body.model_dump(exclude={"withdrawn"}, exclude_none=True)
    opened = await parts.document_desk.change(session.person, document_id, new, body.withdrawn, address)
    return file_view(opened, session.person)


@router.put("/documents/{document_id}/content", status_code=202)
async def send_document(
    document_id: str,
    request: Request,
    session: Staff,
    parts: Parts,
    address: Address,
    name: Annotated[document_schema.FileName, Query()],
    label: Annotated[document_schema.Label, Query()] = "",
) -> DocumentFile:
    """The bytes of a new version, as the body; it is read afterwards, and GET says how far that is."""
    await spend(parts, parts.limits.document, session.person.identity)
    file = NewFile(_plain_name(name), label)
    opened = await parts.document_desk.receive(session.person, document_id, request.stream(), file, address)
    return file_view(opened, session.person)


@router.post("/documents/{document_id}/cases/{case_id}")
async def link_document(
    document_id: str, case_id: str, session: Staff, parts: Parts, address: Address
) -> DocumentFile:
    """Let a document belong to a case."""
    opened = await parts.document_desk.link(session.person, document_id, case_id, address)
    return file_view(opened, session.person)


@router.delete("/documents/{document_id}/cases/{case_id}")
async def unlink_document(
    document_id: str, case_id: str, session: Staff, parts: Parts, address: Address
) -> DocumentFile:
    """Take a document out of a case again."""
    opened = await parts.document_desk.unlink(session.person, document_id, case_id, address)
    return file_view(opened, session.person)


@router.get("/documents/versions/{version_id}")
async def read_version(version_id: str, session: Staff, parts: Parts, address: Address) -> VersionPages:
    """One version with the sizes of its pages."""
    opened = await parts.document_desk.version(session.person, version_id, address)
    return _pages_view(opened)


@router.get(
    "/documents/versions/{version_id}/pages/{number}",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}}},
)
async def show_page(
    version_id: str,
    number: int,
    session: Staff,
    parts: Parts,
    address: Address,
    width: Annotated[int, Query(ge=1, le=10_000)] = 1280,
) -> Response:
    """A page's picture, at least so wide where there is a width like that."""
    picture = await parts.document_desk.shown_page(session.person, version_id, number, width, address)
    return Response(picture, media_type="image/webp")


@router.get(
    "/documents/versions/{version_id}/original",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def take_original(version_id: str, session: Staff, parts: Parts, address: Address) -> FileResponse:
    """The file as it came, to be kept; every time is a row of the access log."""
    path, version = await parts.document_desk.original(session.person, version_id, address)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(_file_name(version), safe='')}"}
    return FileResponse(path, media_type=version.media_type, headers=headers)


def file_view(opened: OpenDocument, reader: Person) -> DocumentFile:
    """A document as staff read it; cases they may not see are left out."""
    document, facts = opened.sheet.document, opened.sheet.facts
    versions = [
        version_view(each, opened.read_pages[each.id], opened.names[each.created_by])
        for each in opened.sheet.versions
    ]
    return DocumentFile(
        **document.model_dump(exclude={"owner_id", "current_version_id"}),
        owner=person_view(opened.sheet.owner),
        current=next((each for each in versions if each.id == document.current_version_id), None),
        versions=versions,
        cases=[
            document_schema.DocumentCase(
                id=each.sheet.case.id,
                number=each.sheet.case.number,
                title=each.sheet.case.title,
                linked_at=each.linked_at,
            )
            for each in opened.sheet.linked
            if people.may_see_case(reader, each.sheet.facts)
        ],
        may_change=people.may_change_document(reader, facts),
    )


def version_view(version: DocumentVersion, read_pages: int, maker: str) -> document_schema.DocumentVersion:
    """One version."""
    known = version.model_dump(exclude={"document_id", "created_by", "reason", "issued_on"})
    return document_schema.DocumentVersion(
        **known,
        reason=version.reason or None,
        issued_on=version.issued_on or None,
        read_pages=version.pages if version.state == documents.VersionState.READY.value else read_pages,
        created_by=maker,
    )


def _plain_name(name: str) -> str:
    """Without folders, and without characters that turn the reading direction and so hide an ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())


def _file_name(version: DocumentVersion) -> str:
    """Its own name, with the ending of what it really is."""
    stem, dot, ending = version.file_name.rpartition(".")
    known = file_types.SUFFIXES.get(version.media_type, "")
    is_same = f".{ending.lower()}" == known or (ending.lower(), known) == ("jpeg", ".jpg")
    return version.file_name if dot and is_same else f"{stem or version.file_name}{known}"


def _pages_view(opened: OpenVersion) -> VersionPages:
    return VersionPages(
        document_id=opened.document.id,
        title=opened.document.title,
        disclosure=opened.document.disclosure,
        version=version_view(opened.version, opened.read_pages, opened.maker),
        pages=[document_schema.PageSize(width=each.width, height=each.height) for each in opened.pages],
    )
