"""The record of a call under /api, for its staff."""

from fastapi import APIRouter, Depends

from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.record_schema import CallRecordAnswer, record_view

router = APIRouter(tags=["record"], dependencies=[Depends(signed_in)])


@router.get("/calls/{call_id}/record")
async def read_record(call_id: str, session: Staff, parts: Parts, address: Address) -> CallRecordAnswer:
    """What people agreed to, and what was shown."""
    return record_view(await parts.record_desk.read(session.person, call_id, address))
