"""Waiting under /api: a guest's place in the queue and the call back instead; tickets that need no call."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, StringConstraints

from field_assist import ConsultationState, call_backs
from signaling.api import schema
from signaling.api.auth import Address, InAsGuest, Parts, Staff, signed_in
from signaling.api.services import Services, spend
from signaling.api.waiting_desk import Place, honest_minutes

router = APIRouter(tags=["consultations"], dependencies=[Depends(signed_in)])
guest_router = APIRouter(tags=["guests"])


class GuestPlace(BaseModel):
    """What a guest waits for: nothing, somebody who is rung, somebody who becomes free, or a call back.

    `position` is 1 for the next one; `expected_min` is null where nobody can say. `here_from`: when somebody
    is on duty again, where nobody is.
    """

    state: Literal["none", "ringing", "queued", "nobody", "call_back"]
    is_alone: bool
    position: int
    expected_min: int | None
    here_from: datetime | None


class CallBackRequest(schema.Request):
    """A telephone number as people write it."""

    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+() -]{6,24}$")]


class CloseRequest(schema.Request):
    """Why no call is needed."""

    reason: Annotated[
        schema.Text,
        StringConstraints(strip_whitespace=True, pattern=r"\S", max_length=call_backs.MAX_REASON),
    ]


@guest_router.get("/guest/waiting")
async def read_place(inside: InAsGuest, parts: Parts) -> GuestPlace:
    """Where the guest stands in the queue."""
    return _place(await parts.waiting_desk.place(inside.guest))


@guest_router.post("/guest/call-back")
async def ask_for_call_back(
    body: CallBackRequest, inside: InAsGuest, parts: Parts, address: Address
) -> GuestPlace:
    """Be called back instead of waiting."""
    await _take(parts, inside.guest.identity)
    return _place(await parts.waiting_desk.call_back(inside.guest, body.phone, address))


@router.post("/consultations/{consultation_id}/close", status_code=204)
async def close_ticket(
    consultation_id: str, body: CloseRequest, session: Staff, parts: Parts, address: Address
) -> None:
    """A ticket needs no call, for a reason."""
    await parts.waiting_desk.close(session.person, consultation_id, body.reason, address)


def _place(place: Place) -> GuestPlace:
    waiting = place.waiting
    shown = GuestPlace(
        state="none", is_alone=place.is_alone, position=0, expected_min=None, here_from=place.here_from
    )
    if place.is_called_back:
        return shown.model_copy(update={"state": "call_back"})
    if waiting is None or waiting.row.state != ConsultationState.WAITING:
        return shown.model_copy(update={"state": "nobody"}) if place.here_from else shown
    wait_s = waiting.expected_wait_s
    state = "ringing" if waiting.rung else "nobody" if wait_s is None else "queued"
    expected_min = honest_minutes(wait_s) if wait_s is not None else None
    return shown.model_copy(
        update={"state": state, "position": waiting.position, "expected_min": expected_min}
    )


async def _take(parts: Services, identity: str) -> None:
    await spend(parts, parts.limits.chat, identity)
