"""Calls, their members, links and chat under /api, for staff; the chat also for guests."""

import asyncio

from fastapi import APIRouter, Depends, Request

from field_assist import CallUnknown, Guest, Person, Role, calls, people
from signaling.accounts import invitations
from signaling.accounts.invitations import Invitation
from signaling.api import origin
from signaling.api import schema as schema
from signaling.api.auth import Address, Parts, Speakers, Staff, signed_in
from signaling.api.call_desk import CallState
from signaling.api.live_rooms import joined_identities
from signaling.api.services import Services, spend
from signaling.api.views import call_view, invitation_view, message_view

CHAT_TOPIC = "genba.chat"

router = APIRouter(tags=["calls"], dependencies=[Depends(signed_in)])
chat_router = APIRouter(tags=["chat"])


@router.get("/calls")
async def list_calls(session: Staff, parts: Parts) -> schema.CallsAnswer:
    """Live calls and today's that this person may see."""
    states = await parts.call_desk.listing(session.person)
    at = parts.clock.wall()
    return schema.CallsAnswer(calls=[call_view(parts, state, at) for state in states])


@router.post("/calls", status_code=201)
async def start_call(
    body: schema.StartCallRequest, session: Staff, parts: Parts, address: Address
) -> schema.Connection:
    """Open a call and enter it; ring whoever can help, where it says who that is."""
    new = calls.NewCall(body.title, body.topic, body.place)
    of_case = parts.case_desk.linking(session.person, body.case_id, address) if body.case_id else None
    state = await parts.call_desk.start(session.person, new, address, of_case)
    if body.case_id:
        await parts.case_desk.tell(body.case_id)
    if body.topic or body.superior:
        await parts.consultation_desk.ask(session.person, state)
    return connection(parts, state, session.person)


@router.get("/calls/{call_id}")
async def read_call(call_id: str, session: Staff, parts: Parts) -> schema.Call:
    """One call."""
    state = await parts.call_desk.read(session.person, call_id)
    return call_view(parts, state, parts.clock.wall())


@router.post("/calls/{call_id}/join")
async def join_call(call_id: str, session: Staff, parts: Parts, address: Address) -> schema.Connection:
    """Enter an open call."""
    state = await parts.call_desk.join(session.person, call_id, address)
    await parts.consultation_desk.joined(session.person, call_id)
    await parts.hold_desk.entered(session.person, call_id)
    return connection(parts, state, session.person)


@router.post("/calls/{call_id}/end")
async def end_call(call_id: str, session: Staff, parts: Parts, address: Address) -> schema.Call:
    """End the call for everybody."""
    state = await parts.call_desk.end(session.person, call_id, address)
    await parts.consultation_desk.withdraw(session.person, call_id)
    return call_view(parts, state, parts.clock.wall())


@router.post("/calls/{call_id}/members")
async def add_member(
    call_id: str, body: schema.AddMemberRequest, session: Staff, parts: Parts, address: Address
) -> schema.Call:
    """Add a colleague: the call appears in their list and rings."""
    state = await parts.call_desk.add_member(session.person, call_id, body.staff_id, address)
    joined = joined_identities(parts.rooms, call_id)
    if any(each.id == body.staff_id and each.identity not in joined for each in state.sheet.members):
        await parts.consultation_desk.ask(session.person, state, body.staff_id)
    return call_view(parts, state, parts.clock.wall())


@router.post("/calls/{call_id}/invitations", status_code=201)
async def create_invitation(
    call_id: str,
    body: schema.InviteRequest,
    session: Staff,
    request: Request,
    parts: Parts,
    address: Address,
) -> schema.Invitation:
    """Make a guest's personal link."""
    await spend(parts, parts.limits.invite, session.person.identity)
    new = invitations.NewInvitation(
        name=body.name,
        kind=Role(body.kind),
        language=body.language,
        expires_in_s=body.expires_in_s or invitations.DEFAULT_EXPIRY_S,
        organisation_id=body.organisation_id,
    )
    link = await parts.call_desk.invite(session.person, call_id, new, address)
    return (await _link_views(request, parts, [link]))[0]


@router.get("/calls/{call_id}/invitations")
async def list_invitations(
    call_id: str, session: Staff, request: Request, parts: Parts
) -> list[schema.Invitation]:
    """All links of a call, oldest first."""
    links = await parts.call_desk.links(session.person, call_id)
    return await _link_views(request, parts, links)


@router.post("/invitations/{invitation_id}/revoke")
async def revoke_invitation(
    invitation_id: str, session: Staff, request: Request, parts: Parts, address: Address
) -> schema.Invitation:
    """Take a link back; its guest leaves the room at once."""
    link = await parts.call_desk.revoke(session.person, invitation_id, address)
    return (await _link_views(request, parts, [link]))[0]


@chat_router.get("/calls/{call_id}/messages")
async def list_messages(call_id: str, speakers: Speakers, parts: Parts) -> schema.MessagesAnswer:
    """The chat so far, for late joiners."""
    speaker = await speaker_in(parts, speakers, call_id)
    found = await parts.call_desk.messages(speaker, call_id)
    return schema.MessagesAnswer(messages=[message_view(message) for message in found])


@chat_router.post("/calls/{call_id}/messages", status_code=201)
async def post_message(
    call_id: str, body: schema.MessageRequest, speakers: Speakers, parts: Parts
) -> schema.MessagesAnswer:
    """Say something in the chat: stored first, then sent to the room."""
    speaker = await speaker_in(parts, speakers, call_id)
    await spend(parts, parts.limits.chat, speaker.identity)
    message = message_view(await parts.call_desk.say(speaker, call_id, body.text))
    await parts.rooms.send_data(call_id, message.model_dump_json().encode(), topic=CHAT_TOPIC)
    return schema.MessagesAnswer(messages=[message])


async def speaker_in(parts: Services, speakers: list[Person | Guest], call_id: str) -> Person | Guest:
    """As whom this browser may speak in the call; raises CallUnknown when as nobody."""
    sheet = await parts.store.read(lambda session: calls.sheet(session, call_id))
    for speaker in speakers:
        if isinstance(speaker, Guest):
            is_allowed = people.guest_may_chat(speaker, sheet.facts)
        else:
            is_allowed = people.may_chat(speaker, sheet.facts)
        if is_allowed:
            return speaker
    raise CallUnknown


def connection(
    parts: Services, state: CallState, person: Person, *, is_listener: bool = False
) -> schema.Connection:
    """What a client needs to enter the room of a call it may join, or only listen to."""
    call_id = state.sheet.call.id
    return schema.Connection(
        call=call_view(parts, state, parts.clock.wall()),
        url="",
        token=parts.call_desk.room_token(person, call_id, is_listener=is_listener),
        identity=person.identity,
    )


async def _link_views(request: Request, parts: Services, links: list[Invitation]) -> list[schema.Invitation]:
    """Links as staff see them; a QR code takes milliseconds, so a thread draws them."""
    at = parts.clock.wall()
    base_url = origin.base_url(parts.public_url, request.url.scheme, request.headers.get("host", ""))
    joined = joined_identities(parts.rooms, links[0].call_id) if links else set()
    return await asyncio.to_thread(
        lambda: [invitation_view(parts.vault, link, joined, base_url, at) for link in links]
    )
