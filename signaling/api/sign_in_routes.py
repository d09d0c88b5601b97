"""Signing in and out under /api."""

import asyncio

from fastapi import APIRouter, Request, Response

from signaling.accounts import invitations, one_time_codes
from signaling.accounts.sign_in import Opened, network_of
from signaling.api import schema as schema
from signaling.api.auth import STAFF_COOKIE, Address, AnyStage, AtEnrolment, AtOtp, Parts
from signaling.api.services import Services, spend
from signaling.api.views import me_view, opened_view
from signaling.speech.engine import EngineState

router = APIRouter(tags=["sign-in"])


@router.get("/public")
async def read_public(parts: Parts) -> schema.Public:
    """What anybody may know of this installation."""
    return schema.Public(
        organisation=parts.organisation,
        office_phone=parts.office_phone,
        version=parts.version,
        demo=parts.is_demo,
        captions=parts.transcript_desk.engine is EngineState.READY,
        concierge=parts.catalogue_desk.is_on,
        map=parts.map_source,
    )


@router.post("/sign-in")
async def sign_in(
    body: schema.SignInRequest, request: Request, response: Response, parts: Parts, address: Address
) -> schema.SignInAnswer:
    """First factor; says which step is next, and nothing about the person."""
    await spend(parts, parts.limits.sign_in, network_of(address))
    opened = await parts.sign_ins.check_password(body.staff_no, body.password, address)
    _set_cookie(request, response, parts, opened)
    return schema.SignInAnswer(next="otp" if opened.stage.value == "otp" else "enrol")


@router.get("/enrolment")
async def read_enrolment(session: AtEnrolment, parts: Parts) -> schema.Enrolment:
    """The secret for an authenticator app; the same one until it is confirmed."""
    secret = await parts.sign_ins.pending_secret(session)
    issuer = parts.sign_ins.policy.issuer
    uri = one_time_codes.otpauth_uri(secret, session.person.staff_no, issuer)
    drawn = await asyncio.to_thread(invitations.qr_svg, uri, issuer)
    return schema.Enrolment(secret=secret, otpauth_uri=uri, qr_svg=drawn)


@router.post("/enrolment")
async def finish_enrolment(
    body: schema.CodeRequest,
    session: AtEnrolment,
    request: Request,
    response: Response,
    parts: Parts,
    address: Address,
) -> schema.Enrolled:
    """The authenticator's first code; answers the recovery codes, this once."""
    opened, codes = await parts.sign_ins.confirm_enrolment(session, body.code, address)
    _set_cookie(request, response, parts, opened)
    return schema.Enrolled(recovery_codes=codes, me=opened_view(parts, opened, session.person))


@router.post("/sign-in/otp")
async def confirm_otp(
    body: schema.CodeRequest,
    session: AtOtp,
    request: Request,
    response: Response,
    parts: Parts,
    address: Address,
) -> schema.Me:
    """Second factor."""
    opened = await parts.sign_ins.confirm_otp(session, body.code, address)
    _set_cookie(request, response, parts, opened)
    return opened_view(parts, opened, session.person)


@router.post("/sign-in/recovery")
async def use_recovery_code(
    body: schema.CodeRequest,
    session: AtOtp,
    request: Request,
    response: Response,
    parts: Parts,
    address: Address,
) -> schema.RecoveredMe:
    """Second factor without the authenticator; each code works once."""
    opened, left = await parts.sign_ins.use_recovery_code(session, body.code, address)
    _set_cookie(request, response, parts, opened)
    me = opened_view(parts, opened, session.person)
    return schema.RecoveredMe(**me.model_dump(), recovery_codes_left=left)


@router.get("/me")
async def read_me(session: AnyStage, parts: Parts) -> schema.Me:
    """Who is signed in and how far."""
    return me_view(parts, session)


@router.post("/sign-out", status_code=204)
async def sign_out(session: AnyStage, response: Response, parts: Parts, address: Address) -> None:
    """End this session."""
    await parts.sign_ins.sign_out(session, address)
    response.delete_cookie(STAFF_COOKIE)


def _set_cookie(request: Request, response: Response, parts: Services, opened: Opened) -> None:
    life = opened.expires_at - parts.clock.wall()
    response.set_cookie(
        STAFF_COOKIE,
        opened.token,
        max_age=int(life.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
