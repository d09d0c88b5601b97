"""Hold, talking among staff, and hand-overs under /api; for staff."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from signaling.api import schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.views import hand_over_view

router = APIRouter(tags=["hold"], dependencies=[Depends(signed_in)])

NoteText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class HandOverRequest(schema.Request):
    """To whom; what they should know, and what was agreed with the resident so far."""

    staff_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    note: NoteText = ""
    agreed: NoteText = ""


@router.post("/calls/{call_id}/hold", status_code=204)
async def hold_call(call_id: str, session: Staff, parts: Parts, address: Address) -> None:
    """Talk among staff: guests hear and see nothing of them, nor they of guests, until released."""
    await parts.hold_desk.hold(session.person, call_id, address)


@router.post("/calls/{call_id}/hold/release", status_code=204)
async def release_call(call_id: str, session: Staff, parts: Parts, address: Address) -> None:
    """Bring the guests back; a hand-over that was talked about is cancelled."""
    await parts.hold_desk.release(session.person, call_id, address)


@router.get("/calls/{call_id}/hand-overs")
async def list_hand_overs(call_id: str, session: Staff, parts: Parts) -> list[schema.HandOver]:
    """All hand-overs of a call with their notes, oldest first."""
    found = await parts.hold_desk.of_call(session.person, call_id)
    return [hand_over_view(passing) for passing in found]


@router.post("/calls/{call_id}/hand-overs", status_code=201)
async def start_hand_over(
    call_id: str, body: HandOverRequest, session: Staff, parts: Parts, address: Address
) -> schema.HandOver:
    """Ring at a colleague who is to take the call over; guests are on hold once they accept."""
    words = body.note, body.agreed
    passing = await parts.hold_desk.hand_over(session.person, call_id, body.staff_id, words, address)
    return hand_over_view(passing)


@router.post("/hand-overs/{hand_over_id}/complete")
async def complete_hand_over(
    hand_over_id: str, session: Staff, parts: Parts, address: Address
) -> schema.HandOver:
    """The call is the colleague's now, and its guests are back."""
    return hand_over_view(await parts.hold_desk.complete(session.person, hand_over_id, address))


@router.post("/hand-overs/{hand_over_id}/cancel")
async def cancel_hand_over(
    hand_over_id: str, session: Staff, parts: Parts, address: Address
) -> schema.HandOver:
    """Nothing changes hands, and the guests are back."""
    return hand_over_view(await parts.hold_desk.cancel(session.person, hand_over_id, address))
