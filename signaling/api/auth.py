"""Who is calling: the dependencies every route under /api stands behind.

`signed_in` is the only way to a member of staff: it demands a session of stage `full`. `half_signed_in`
serves the second factor alone, `case_staff` is `signed_in` where guests must not learn what there is,
`guest_in` a guest's own call, `speakers` the chat, which both share. Unsafe methods also need the CSRF token
of exactly the session that acts; that the request comes from our own pages at all is checked before, for
every route (`origin`).
"""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from field_assist import CaseUnknown, Guest, Person
from signaling.accounts.credentials import Stage
from signaling.accounts.invitations import GuestSessionEnded
from signaling.accounts.sign_in import SignedIn, SignedOut
from signaling.api.services import Services

SERVICES = "genba.services"
"""The key of the installation's parts in a request's scope."""
STAFF_COOKIE = "genba_session"
GUEST_COOKIE = "genba_guest"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class OtpNeeded(Exception):
    """Password was right, the one-time code is still missing."""


class EnrolmentNeeded(Exception):
    """Password was right, an authenticator must be enrolled first."""


class WrongStage(Exception):
    """This step of signing in is not the next one."""


class CsrfMismatch(Exception):
    """The request does not carry its session's CSRF token."""


@dataclass(frozen=True, slots=True)
class GuestIn:
    """A guest and the token of the session they act by."""

    guest: Guest
    token: str


def services(request: Request) -> Services:
    """The installation's parts."""
    found: Services = request.scope[SERVICES]
    return found


def address(request: Request) -> str:
    """The peer's address, after trusted proxies were resolved."""
    return request.client.host if request.client else ""


Parts = Annotated[Services, Depends(services)]
Address = Annotated[str, Depends(address)]


async def any_stage(request: Request, parts: Parts) -> SignedIn:
    """A session of whatever stage; raises SignedOut. Only for GET /api/me and signing out."""
    token = request.cookies.get(STAFF_COOKIE, "")
    if not token:
        raise SignedOut
    session = await parts.sign_ins.session_of(token)
    if session.stage is Stage.FULL:
        _check_csrf(request, parts.sign_ins.csrf_token(token))
    return session


AnyStage = Annotated[SignedIn, Depends(any_stage)]


async def signed_in(session: AnyStage) -> SignedIn:
    """A fully signed-in member of staff; raises SignedOut, OtpNeeded, EnrolmentNeeded, CsrfMismatch."""
    match session.stage:
        case Stage.OTP:
            raise OtpNeeded
        case Stage.ENROL:
            raise EnrolmentNeeded
    return session


async def case_staff(request: Request, parts: Parts) -> SignedIn:
    """`signed_in`, but whoever is here as a guest alone learns that there is no such case (CaseUnknown)."""
    try:
        return await signed_in(await any_stage(request, parts))
    except SignedOut:
        if request.cookies.get(GUEST_COOKIE):
            await guest_in(request, parts)
            raise CaseUnknown from None
        raise


async def at_otp(session: AnyStage) -> SignedIn:
    """A session that waits for its one-time code."""
    if session.stage is not Stage.OTP:
        raise WrongStage
    return session


async def at_enrolment(session: AnyStage) -> SignedIn:
    """A session that waits for its authenticator."""
    if session.stage is not Stage.ENROL:
        raise WrongStage
    return session


async def guest_in(request: Request, parts: Parts) -> GuestIn:
    """A guest with a session; raises GuestSessionEnded, CsrfMismatch."""
    token = request.cookies.get(GUEST_COOKIE, "")
    if not token:
        raise GuestSessionEnded
    guest = await parts.guest_desk.guest_of(token)
    _check_csrf(request, parts.guest_desk.csrf_token(token))
    return GuestIn(guest, token)


async def speakers(request: Request, parts: Parts) -> list[Person | Guest]:
    """Everybody this browser may speak as, staff first: one browser can hold both cookies.

    An unsafe request speaks only as the one whose CSRF token it carries. Raises what kept the last one out
    when nobody is left; a session that is not `full` is nobody.
    """
    found: list[Person | Guest] = []
    refusal: Exception = SignedOut()
    try:
        found.append((await signed_in(await any_stage(request, parts))).person)
    except (SignedOut, OtpNeeded, EnrolmentNeeded, CsrfMismatch) as refused:
        refusal = refused
    if request.cookies.get(GUEST_COOKIE):
        try:
            found.append((await guest_in(request, parts)).guest)
        except (GuestSessionEnded, CsrfMismatch) as refused:
            refusal = refused
    if not found:
        raise refusal
    return found


Staff = Annotated[SignedIn, Depends(signed_in)]
CaseStaff = Annotated[SignedIn, Depends(case_staff)]
AtOtp = Annotated[SignedIn, Depends(at_otp)]
AtEnrolment = Annotated[SignedIn, Depends(at_enrolment)]
InAsGuest = Annotated[GuestIn, Depends(guest_in)]
Speakers = Annotated[list[Person | Guest], Depends(speakers)]


def _check_csrf(request: Request, expected: str) -> None:
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise CsrfMismatch
