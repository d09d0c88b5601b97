"""Notices of changes of the law under /api/admin, for those who keep the catalogue."""

from fastapi import APIRouter, Depends

from signaling.api import law_schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.catalogue_routes import concierge_on

router = APIRouter(
    prefix="/admin/law-notices", tags=["catalogue"], dependencies=[Depends(signed_in), Depends(concierge_on)]
)


async def _all(session: Staff, parts: Parts) -> schema.LawNoticesAnswer:
    sheets, offer = await parts.concierge.laws.all(session.person)
    return schema.laws_answer(sheets, offer, is_open=parts.concierge.notices.is_open)


@router.get("")
async def list_law_notices(session: Staff, parts: Parts) -> schema.LawNoticesAnswer:
    """The last ones with how many they reached, and whom one can be for."""
    return await _all(session, parts)


@router.post("", status_code=201)
async def write_law_notice(
    body: schema.LawNoticeRequest, session: Staff, parts: Parts, address: Address
) -> schema.LawWritten:
    """A draft; nobody is told yet."""
    return schema.LawWritten(id=await parts.concierge.laws.write(session.person, body.written, address))


@router.post("/{law_id}")
async def change_law_notice(
    law_id: str, body: schema.LawNoticeRequest, session: Staff, parts: Parts, address: Address
) -> schema.LawWritten:
    """Another wording of a draft."""
    found = await parts.concierge.laws.change(session.person, law_id, body.written, address)
    return schema.LawWritten(id=found)


@router.get("/{law_id}/preview")
async def preview_law_notice(law_id: str, session: Staff, parts: Parts) -> schema.LawPreview:
    """How many it reaches now at least, and what they read in each language."""
    return schema.preview_answer(await parts.concierge.laws.preview(session.person, law_id))


@router.post("/{law_id}/send")
async def send_law_notice(
    law_id: str, body: schema.SendLawRequest, session: Staff, parts: Parts, address: Address
) -> schema.LawNoticesAnswer:
    """Tell everybody whom it concerns, unless these are fewer by now than the preview said."""
    await parts.concierge.laws.send(session.person, law_id, body.previewed, address)
    return await _all(session, parts)


@router.post("/{law_id}/withdraw")
async def withdraw_law_notice(
    law_id: str, session: Staff, parts: Parts, address: Address
) -> schema.LawNoticesAnswer:
    """What of it has not left never does."""
    await parts.concierge.laws.withdraw(session.person, law_id, address)
    return await _all(session, parts)


@router.delete("/{law_id}")
async def drop_law_notice(
    law_id: str, session: Staff, parts: Parts, address: Address
) -> schema.LawNoticesAnswer:
    """Throw a draft away."""
    await parts.concierge.laws.drop(session.person, law_id, address)
    return await _all(session, parts)
