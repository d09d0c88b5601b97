"""Cases (案件) under /api, for staff who take calls; for everybody else they do not exist."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from field_assist import CaseSheet, Organisation, Person, cases, people
from signaling.api import case_schema, case_timeline
from signaling.api.auth import Address, CaseStaff, Parts, case_staff
from signaling.api.case_desk import OpenFile
from signaling.api.views import person_view

router = APIRouter(tags=["cases"], dependencies=[Depends(case_staff)])


@router.get("/cases")
async def list_cases(
    session: CaseStaff,
    parts: Parts,
    q: Annotated[str, Query(max_length=120)] = "",
    status: Literal["open", "all", "received", "working", "watching", "closed"] = "open",
    mine: bool = False,
) -> case_schema.CasesAnswer:
    """Cases this person may see, the last changed first; all words of `q` must occur."""
    wanted = cases.Wanted(tuple(q.split()), status, mine)
    found, has_more = await parts.case_desk.listing(session.person, wanted)
    return case_schema.CasesAnswer(cases=[_brief(sheet) for sheet in found], has_more=has_more)


@router.post("/cases", status_code=201)
async def open_case(
    body: case_schema.OpenCaseRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Open a case of one's own department, perhaps with a call that led to it."""
    new = cases.Particulars(**body.model_dump(exclude={"call_id"}))
    return file_view(await parts.case_desk.open(session.person, new, body.call_id, address), session.person)


@router.get("/cases/{case_id}")
async def read_case(case_id: str, session: CaseStaff, parts: Parts, address: Address) -> case_schema.CaseFile:
    """One case with its timeline."""
    return file_view(await parts.case_desk.read(session.person, case_id, address), session.person)


@router.post("/cases/{case_id}/change")
async def change_case(
    case_id: str, body: case_schema.ChangeCaseRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Change some fields; each change is a line of the timeline."""
    new = body.model_dump(exclude={"revision"}, exclude_unset=True)
    given = {name: value for name, value in new.items() if value is not None or name in _MAY_BE_NONE}
    opened = await parts.case_desk.change(session.person, case_id, body.revision, given, address)
    return file_view(opened, session.person)


@router.get("/cases/{case_id}/bundle")
async def outline_bundle(case_id: str, session: CaseStaff, parts: Parts) -> case_schema.BundleOutline:
    """How large the case would be as one file, before it is put together."""
    found = await parts.bundle_desk.outline(session.person, case_id)
    return case_schema.BundleOutline(
        size_bytes=found.size_bytes,
        media_bytes=sum(track.size_bytes for track in found.tracks),
        recordings=sum(bool(record.tracks) for record in found.records),
        is_running=found.is_running,
    )


@router.post("/cases/{case_id}/bundle", status_code=201)
async def bundle_case(
    case_id: str, body: case_schema.BundleRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.BundleReady:
    """Put all of the case into one file that can be read and checked without this server."""
    made = await parts.bundle_desk.make(session, case_id, body.code, address, with_media=body.with_media)
    return case_schema.BundleReady(id=made.id, name=made.name, size_bytes=made.path.stat().st_size)


@router.get("/bundles/{bundle_id}", response_class=FileResponse)
async def fetch_bundle(bundle_id: str, session: CaseStaff, parts: Parts) -> FileResponse:
    """A case as one file, for who put it together."""
    path = await parts.bundle_desk.find(session.person, bundle_id)
    return FileResponse(path, media_type="application/zip", filename=f"{bundle_id}.zip")


@router.post("/cases/{case_id}/comments", status_code=201)
async def comment_on_case(
    case_id: str, body: case_schema.CommentRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Write a line on the timeline."""
    return file_view(
        await parts.case_desk.comment(session.person, case_id, body.text, address), session.person
    )


@router.post("/cases/{case_id}/close")
async def close_case(
    case_id: str, body: case_schema.CloseCaseRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """The case is done."""
    return file_view(await parts.case_desk.close(session.person, case_id, body.text, address), session.person)


@router.post("/cases/{case_id}/reopen")
async def reopen_case(
    case_id: str, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """A closed case goes on."""
    return file_view(await parts.case_desk.reopen(session.person, case_id, address), session.person)


@router.post("/cases/{case_id}/calls")
async def link_call(
    case_id: str, body: case_schema.LinkCallRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Let a call belong to the case."""
    return file_view(
        await parts.case_desk.link(session.person, case_id, body.call_id, address), session.person
    )


@router.post("/cases/{case_id}/calls/{call_id}/unlink")
async def unlink_call(
    case_id: str, call_id: str, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Take a call out of the case again."""
    return file_view(await parts.case_desk.unlink(session.person, case_id, call_id, address), session.person)


@router.get("/calls/{call_id}/case")
async def read_case_of_call(call_id: str, session: CaseStaff, parts: Parts) -> case_schema.CaseOfCall:
    """The case a call belongs to, or none."""
    sheet = await parts.case_desk.of_call(session.person, call_id)
    return case_schema.CaseOfCall(case=_brief(sheet) if sheet else None)


_MAY_BE_NONE = frozenset({"latitude", "longitude"})


def _brief(sheet: CaseSheet) -> case_schema.CaseBrief:
    return case_schema.CaseBrief.model_validate(sheet.case.model_dump() | {"owner": person_view(sheet.owner)})


def organisation_view(organisation: Organisation) -> case_schema.Organisation:
    """An organisation."""
    return case_schema.Organisation.model_validate(organisation.model_dump())


def file_view(opened: OpenFile, reader: Person) -> case_schema.CaseFile:
    """A case as staff read it."""
    return case_schema.CaseFile(
        **_brief(opened.sheet).model_dump(),
        revision=opened.sheet.case.revision,
        timeline=case_timeline.entries(opened.sources),
        shares=[
            case_schema.CaseShare(
                id=each.share.id,
                organisation=organisation_view(each.organisation),
                since_at=each.share.since_at,
                until_at=each.share.until_at,
                shared_by=each.shared_by,
            )
            for each in opened.shares
        ],
        may_change=people.may_change_case(reader, opened.sheet.facts),
        may_share=people.may_share_case(reader, opened.sheet.facts),
    )
