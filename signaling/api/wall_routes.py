"""The supervisor's wall and acts under /api; the announcements are read by all staff of the office."""

from fastapi import APIRouter, Depends

from signaling.api import schema as schema
from signaling.api import wall_schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.calls_routes import connection
from signaling.api.views import call_view
from signaling.api.wall_schema import announcement_view, wall_view

router = APIRouter(tags=["wall"], dependencies=[Depends(signed_in)])


@router.get("/wall")
async def read_wall(session: Staff, parts: Parts) -> wall_schema.Wall:
    """Every call of the supervisor's office, what breaks a limit first."""
    return wall_view(parts, await parts.wall_desk.read(session.person), parts.wall_desk.limits)


@router.post("/calls/{call_id}/listen")
async def listen_to_call(call_id: str, session: Staff, parts: Parts, address: Address) -> schema.Connection:
    """Enter a call to hear and see: everybody sees that; nothing can be sent."""
    state = await parts.supervisor_desk.listen(session.person, call_id, address)
    return connection(parts, state, session.person, is_listener=True)


@router.get("/calls/{call_id}/whisper")
async def read_whisper(call_id: str, session: Staff, parts: Parts) -> wall_schema.Whisper:
    """Whether only the own staff hear this person in the call."""
    return wall_schema.Whisper(on=await parts.supervisor_desk.is_whispering(session.person, call_id))


@router.post("/calls/{call_id}/whisper", status_code=204)
async def whisper_in_call(
    call_id: str, body: wall_schema.WhisperRequest, session: Staff, parts: Parts, address: Address
) -> None:
    """Be heard by the own staff only, or by everybody again; in force once it is answered."""
    await parts.supervisor_desk.whisper(session.person, call_id, address, is_on=body.on)


@router.post("/calls/{call_id}/take-over")
async def take_over_call(call_id: str, session: Staff, parts: Parts, address: Address) -> schema.Call:
    """Become the one whose call it is."""
    state = await parts.supervisor_desk.take_over(session.person, call_id, address)
    return call_view(parts, state, parts.clock.wall())


@router.get("/announcements")
async def list_announcements(session: Staff, parts: Parts) -> list[wall_schema.Announcement]:
    """What was lately said to the own office, newest first."""
    found = await parts.supervisor_desk.announcements(session.person)
    return [announcement_view(row) for row in found]


@router.post("/announcements", status_code=201)
async def announce(
    body: wall_schema.AnnounceRequest, session: Staff, parts: Parts, address: Address
) -> wall_schema.Announcement:
    """Say one sentence to everybody of the own office."""
    row = await parts.supervisor_desk.announce(session.person, body.text, address)
    return announcement_view(row)
