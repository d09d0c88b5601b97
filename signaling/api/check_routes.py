"""The connection self-test under /api: for everybody, before any sign-in; `rtc.line_check` tries."""

from fastapi import APIRouter

from signaling import event_log
from signaling.accounts.sign_in import network_of
from signaling.api import check_schema
from signaling.api import schema as schema
from signaling.api.auth import Address, Parts
from signaling.api.services import Services, spend

router = APIRouter(tags=["check"])


@router.get("/check")
async def begin_check(parts: Parts, address: Address) -> check_schema.LineCheckPlan:
    """What can be tried, and the reference under which the log has it."""
    await _take(parts, address)
    reference = event_log.reference()
    return check_schema.LineCheckPlan(
        reference=reference,
        ways=parts.line_check.ways(),
        relays=[
            check_schema.RelayServer(
                urls=list(relay.urls), username=relay.username, credential=relay.credential
            )
            for relay in parts.line_check.relays(reference)
        ],
        organisation=parts.organisation,
        office_phone=parts.office_phone,
    )


@router.post("/check")
async def try_way(
    body: check_schema.LineCheckOffer, parts: Parts, address: Address
) -> check_schema.LineCheckAnswer:
    """Answer one data-channel offer on one way in; its messages come back for a few seconds."""
    await _take(parts, address)
    return check_schema.LineCheckAnswer(sdp=parts.line_check.answer(body.way, body.sdp, body.reference))


async def _take(parts: Services, address: str) -> None:
    await spend(parts, parts.limits.check, network_of(address))
