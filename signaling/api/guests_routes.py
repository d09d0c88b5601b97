"""The guest's side of a link under /api: no account, one call."""

from fastapi import APIRouter, Request, Response

from signaling.accounts.invitations import GUEST_SESSION_S
from signaling.accounts.sign_in import network_of
from signaling.api import schema as schema
from signaling.api.auth import GUEST_COOKIE, Address, InAsGuest, Parts
from signaling.api.call_desk import CallState, publish_change
from signaling.api.services import Services, spend
from signaling.api.views import guest_call_view

router = APIRouter(tags=["guests"])


@router.get("/join/{code}")
async def view_invitation(code: str, parts: Parts, address: Address) -> schema.InvitationView:
    """What the landing page shows before the guest decides."""
    await _take(parts, address)
    link = await parts.guest_desk.look(code, address)
    host, invitation = link.sheet.host, link.invitation
    return schema.InvitationView(
        call_title=link.sheet.call.title,
        starts_at=link.sheet.call.started_at,
        host=schema.InvitationHost(
            name=host.name, kana=host.kana, post=host.post, department=host.department, office=host.office
        ),
        organisation=parts.organisation,
        office_phone=parts.office_phone,
        guest_name=invitation.shown_name,
        kind=invitation.kind,
        language=invitation.language,
        state=invitation.state(parts.clock.wall()).value,
    )


@router.post("/join/{code}")
async def redeem_invitation(
    code: str,
    body: schema.RedeemRequest,
    request: Request,
    response: Response,
    parts: Parts,
    address: Address,
) -> schema.GuestConnection:
    """Go in; the same link lets the same guest come back until it expires."""
    await _take(parts, address)
    redeemed = await parts.guest_desk.redeem(code, body.name or "", address)
    response.set_cookie(
        GUEST_COOKIE,
        redeemed.token,
        max_age=GUEST_SESSION_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    publish_change(parts.hub, redeemed.sheet)
    state = CallState(redeemed.sheet, (redeemed.invitation,))
    return schema.GuestConnection(
        call=guest_call_view(parts, state, redeemed.guest),
        url="",
        token=parts.call_desk.room_token(redeemed.guest, redeemed.guest.call_id),
        identity=redeemed.guest.identity,
        csrf_token=parts.guest_desk.csrf_token(redeemed.token),
    )


@router.post("/guest/leave", status_code=204)
async def guest_leave(inside: InAsGuest, response: Response, parts: Parts, address: Address) -> None:
    """Leave the room and end the guest session; the link stays good."""
    await parts.guest_desk.leave(inside.guest, inside.token, address)
    await parts.rooms.remove_participant(inside.guest.call_id, inside.guest.identity)
    response.delete_cookie(GUEST_COOKIE)


async def _take(parts: Services, address: str) -> None:
    await spend(parts, parts.limits.join, network_of(address))
