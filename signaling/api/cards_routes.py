"""Cards of the concierge in a call, under /api: shown, taken back, seen, and read again after the call."""

from fastapi import APIRouter, Depends

from field_assist import JST
from signaling.accounts.sign_in import network_of
from signaling.api import card_schema as schema
from signaling.api.auth import Address, InAsGuest, Parts, Speakers, Staff, signed_in
from signaling.api.calls_routes import speaker_in
from signaling.api.card_desk import Cards
from signaling.api.catalogue_routes import concierge_on
from signaling.api.services import Services, spend

router = APIRouter(tags=["concierge"], dependencies=[Depends(signed_in), Depends(concierge_on)])
call_router = APIRouter(tags=["concierge"], dependencies=[Depends(concierge_on)])


@router.post("/calls/{call_id}/services", status_code=201)
async def show_in_call(
    call_id: str, body: schema.ServiceShown, parts: Parts, staff: Staff, address: Address
) -> schema.CallCards:
    """「見せる」: a card on the guests' screens, with why, source and date, and in the record of the call."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    return _cards(parts, await parts.concierge.cards.show(staff.person, call_id, body, address))


@router.post("/calls/{call_id}/services/preview")
async def preview_in_call(
    call_id: str, body: schema.ServiceShown, parts: Parts, staff: Staff
) -> schema.ServiceCard:
    """「下見する」: the card as the guests would get it; nothing is shown or kept."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    card = await parts.concierge.cards.preview(staff.person, call_id, body)
    return schema.card_view(card, parts.clock.wall().astimezone(JST).date())


@router.post("/calls/{call_id}/cards/{card_id}/put-away")
async def put_away_in_call(
    call_id: str, card_id: str, parts: Parts, staff: Staff, address: Address
) -> schema.CallCards:
    """「しまう」: the guests no longer have it; that it was shown stays on record."""
    return _cards(parts, await parts.concierge.cards.put_away(staff.person, call_id, card_id, address))


@call_router.get("/calls/{call_id}/cards")
async def list_cards(call_id: str, speakers: Speakers, parts: Parts) -> schema.CallCards:
    """What was shown so far, for late joiners too; guests get what is theirs to read."""
    speaker = await speaker_in(parts, speakers, call_id)
    return _cards(parts, await parts.concierge.cards.of_call(speaker, call_id))


@call_router.post("/calls/{call_id}/cards/{card_id}/seen")
async def see_card(
    call_id: str, card_id: str, inside: InAsGuest, parts: Parts, address: Address
) -> schema.CallCards:
    """The guest has it on their screen."""
    await spend(parts, parts.limits.chat, inside.guest.identity)
    return _cards(parts, await parts.concierge.cards.see(inside.guest, call_id, card_id, address))


@call_router.get("/join/{code}/cards")
async def list_cards_of_link(code: str, parts: Parts, address: Address) -> schema.LinkCards:
    """For whoever went in by this link: what was shown, until some days after the call."""
    await spend(parts, parts.limits.join, network_of(address))
    found = await parts.concierge.cards.by_invitation(code, address)
    return schema.LinkCards(cards=_cards(parts, found).cards, until=found.until)


def _cards(parts: Services, found: Cards) -> schema.CallCards:
    today = parts.clock.wall().astimezone(JST).date()
    return schema.CallCards(cards=schema.call_cards(found.rows, found.looks, today))
