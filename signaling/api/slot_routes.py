"""Feeds of free slots under /api/admin, for those who keep the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from signaling.api import slot_schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.catalogue_routes import concierge_on

router = APIRouter(
    prefix="/admin/slot-feeds", tags=["catalogue"], dependencies=[Depends(signed_in), Depends(concierge_on)]
)


async def _all(session: Staff, parts: Parts) -> schema.SlotFeedsAnswer:
    return schema.feeds_answer(await parts.concierge.slots.feeds(session.person))


@router.get("")
async def list_slot_feeds(session: Staff, parts: Parts) -> schema.SlotFeedsAnswer:
    """Every feed: whose it is, on which terms, when it was fetched last, and what was wrong."""
    return await _all(session, parts)


@router.post("", status_code=201)
async def add_slot_feed(
    body: schema.SlotFeedRequest, session: Staff, parts: Parts, address: Address
) -> schema.SlotFeedsAnswer:
    """One more, fetched from now on where it has an address."""
    await parts.concierge.slots.add(session.person, body.described, address)
    return await _all(session, parts)


@router.post("/look")
async def look_at_slot_feed(body: schema.SlotLookRequest, session: Staff, parts: Parts) -> schema.SlotLook:
    """What the address says now and what taking it in would do; changes nothing."""
    return schema.look_answer(await parts.concierge.slots.look(session.person, body.described, body.feed_id))


@router.post("/{feed_id}")
async def change_slot_feed(
    feed_id: str, body: schema.SlotFeedRequest, session: Staff, parts: Parts, address: Address
) -> schema.SlotFeedsAnswer:
    """Another name, address, owner or rhythm."""
    await parts.concierge.slots.change(session.person, feed_id, body.described, address)
    return await _all(session, parts)


@router.post("/{feed_id}/pause")
async def pause_slot_feed(
    feed_id: str, body: schema.SlotPauseRequest, session: Staff, parts: Parts, address: Address
) -> schema.SlotFeedsAnswer:
    """Leave it alone, or fetch it again."""
    await parts.concierge.slots.pause(session.person, feed_id, address, is_paused=body.paused)
    return await _all(session, parts)


@router.post("/{feed_id}/fetch")
async def fetch_slot_feed(feed_id: str, session: Staff, parts: Parts) -> schema.SlotFeedsAnswer:
    """Fetch it now; how it went stands in the answer."""
    await parts.concierge.slots.fetch(session.person, feed_id)
    return await _all(session, parts)


@router.put("/{feed_id}/slots")
async def bring_slots(
    feed_id: str,
    request: Request,
    session: Staff,
    parts: Parts,
    address: Address,
    check: Annotated[bool, Query(description="look only, change nothing")] = True,
) -> schema.SlotLook:
    """A list as the body, for a feed without an address: what it says, and with `check=false` taken in."""
    content = await request.body()
    return schema.look_answer(
        await parts.concierge.slots.bring(session.person, feed_id, content, address, is_check=check)
    )


@router.delete("/{feed_id}")
async def remove_slot_feed(
    feed_id: str, session: Staff, parts: Parts, address: Address
) -> schema.SlotFeedsAnswer:
    """Forget it; what was told of its slots is over."""
    await parts.concierge.slots.remove(session.person, feed_id, address)
    return await _all(session, parts)
