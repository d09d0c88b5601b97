"""Cases shared with other organisations (協力機関) under /api: what staff open, what guests then read."""

from fastapi import APIRouter, Depends

from field_assist import CaseSheet, OrganisationKind
from signaling.api import case_schema, case_timeline
from signaling.api.auth import Address, CaseStaff, InAsGuest, Parts, Staff, case_staff
from signaling.api.cases_routes import file_view, organisation_view
from signaling.api.sharing_desk import SharedFile

router = APIRouter(tags=["sharing"], dependencies=[Depends(case_staff)])
guest_router = APIRouter(tags=["sharing"])


@router.get("/organisations")
async def list_organisations(session: Staff, parts: Parts) -> list[case_schema.Organisation]:
    """All organisations by name."""
    return [organisation_view(each) for each in await parts.sharing_desk.organisations(session.person)]


@router.post("/organisations", status_code=201)
async def add_organisation(
    body: case_schema.NewOrganisationRequest, session: Staff, parts: Parts, address: Address
) -> case_schema.Organisation:
    """A new organisation."""
    kind = OrganisationKind(body.kind)
    return organisation_view(
        await parts.sharing_desk.add_organisation(session.person, body.name, kind, address)
    )


@router.post("/cases/{case_id}/shares")
async def share_case(
    case_id: str, body: case_schema.ShareCaseRequest, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Open a case to an organisation for some days."""
    person = session.person
    opened = await parts.sharing_desk.share(person, case_id, body.organisation_id, body.days, address)
    return file_view(opened, person)


@router.post("/cases/{case_id}/shares/{share_id}/end")
async def end_share(
    case_id: str, share_id: str, session: CaseStaff, parts: Parts, address: Address
) -> case_schema.CaseFile:
    """Close it to them at once."""
    return file_view(await parts.sharing_desk.end(session.person, case_id, share_id, address), session.person)


@router.post("/cases/{case_id}/entries/{entry_id}/share")
async def share_entry(
    case_id: str,
    entry_id: str,
    body: case_schema.ShareEntryRequest,
    session: CaseStaff,
    parts: Parts,
    address: Address,
) -> case_schema.CaseFile:
    """Let the organisations read an entry of the timeline, or no longer."""
    person = session.person
    opened = await parts.sharing_desk.mark(person, case_id, entry_id, address, is_shared=body.shared)
    return file_view(opened, person)


@router.get("/cases/{case_id}/shared-view")
async def preview_shared_case(case_id: str, session: CaseStaff, parts: Parts) -> case_schema.SharedCase:
    """Exactly what the organisations read."""
    return _shared_view(await parts.sharing_desk.preview(session.person, case_id))


@guest_router.get("/guest/cases")
async def list_shared_cases(inside: InAsGuest, parts: Parts) -> case_schema.SharedCasesAnswer:
    """What is shared with the guest's organisation now."""
    name, found = await parts.sharing_desk.shared_with(inside.guest)
    return case_schema.SharedCasesAnswer(organisation=name, cases=[_shared_brief(sheet) for sheet in found])


@guest_router.get("/guest/cases/{case_id}")
async def read_shared_case(
    case_id: str, inside: InAsGuest, parts: Parts, address: Address
) -> case_schema.SharedCase:
    """One of them."""
    return _shared_view(await parts.sharing_desk.read(inside.guest, case_id, address))


def _shared_brief(sheet: CaseSheet) -> case_schema.SharedCaseBrief:
    return case_schema.SharedCaseBrief.model_validate(sheet.case.model_dump())


def _shared_view(file: SharedFile) -> case_schema.SharedCase:
    return case_schema.SharedCase(
        **_shared_brief(file.sheet).model_dump(), timeline=case_timeline.shared_entries(file.sources)
    )
