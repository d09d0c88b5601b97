"""A circulation under /api for a member from outside (外部委員), who holds the link and has no account."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from field_assist import DecisionAct
from signaling.accounts.sign_in import network_of
from signaling.api import ballot_schema as schema
from signaling.api.auth import Address, Parts
from signaling.api.ballot_desk import Answer, Ballot
from signaling.api.services import Services, spend
from signaling.api.still_schema import StillId

router = APIRouter(tags=["ballots"])
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/webp": {}}}}  # FastAPI's own type
Width = Annotated[int, Query(ge=1, le=10_000)]


@router.get("/ballot/{code}")
async def read_ballot(code: str, parts: Parts, address: Address) -> schema.BallotView:
    """The proposal, for whoever holds the link, and what they answered."""
    await spend(parts, parts.limits.join, network_of(address))
    return _view(parts, await parts.ballot_desk.open(code, address))


@router.post("/ballot/{code}/code")
async def mail_ballot_code(code: str, parts: Parts, address: Address) -> schema.BallotView:
    """Have a fresh code mailed to the invited address."""
    await spend(parts, parts.limits.join, network_of(address))
    return _view(parts, await parts.ballot_desk.send_code(code, address))


@router.post("/ballot/{code}/vote")
async def vote_by_ballot(
    code: str, body: schema.BallotRequest, parts: Parts, address: Address
) -> schema.BallotView:
    """Answer, by the code that was mailed; once."""
    await spend(parts, parts.limits.join, network_of(address))
    answer = Answer(DecisionAct[body.vote.upper()], body.words, body.code)
    return _view(parts, await parts.ballot_desk.vote(code, answer, address))


@router.get("/ballot/{code}/pages/{version_id}/{number}", response_class=Response, responses=_PICTURE)
async def show_ballot_page(
    code: str, version_id: str, number: int, parts: Parts, address: Address, width: Width = 1280
) -> Response:
    """A page of a document that was cleared for members from outside."""
    await parts.ballot_desk.may_look(code, address, page=(version_id, number))
    picture = await parts.document_desk.page_image(version_id, number, width)
    return Response(picture, media_type="image/webp")


@router.get("/ballot/{code}/stills/{still_id}", response_class=Response, responses=_PICTURE)
async def show_ballot_still(
    code: str, still_id: StillId, parts: Parts, address: Address, width: Width = 1280
) -> Response:
    """A still that was cleared for members from outside."""
    await parts.ballot_desk.may_look(code, address, still_id=str(still_id))
    return Response(await parts.still_desk.copy(str(still_id), width), media_type="image/webp")


def _view(parts: Services, ballot: Ballot) -> schema.BallotView:
    return schema.ballot_view(ballot, parts.ballot_desk.house)
