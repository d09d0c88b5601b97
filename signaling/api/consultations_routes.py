"""Requests for help under /api: what rings here, accepting it or not, and how it stands; for staff."""

from fastapi import APIRouter, Depends

from field_assist import ConsultationState
from signaling.api import schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.calls_routes import connection
from signaling.api.views import consultation_view, ring_view

router = APIRouter(tags=["consultations"], dependencies=[Depends(signed_in)])


@router.get("/rings")
async def list_rings(session: Staff, parts: Parts) -> schema.RingsAnswer:
    """What this person is rung for now, and the tickets they could call back for."""
    found = await parts.consultation_desk.rings(session.person)
    requests = [waiting.row.id for waiting, _ in found]
    notes = await parts.hold_desk.notes_for(requests)
    wishes = await parts.waiting_desk.wishes(requests)
    views = [
        (waiting.row.state, ring_view(waiting, sheet, notes.get(waiting.row.id), wishes.get(waiting.row.id)))
        for waiting, sheet in found
    ]
    return schema.RingsAnswer(
        rings=[view for state, view in views if state == ConsultationState.WAITING],
        tickets=[view for state, view in views if state == ConsultationState.TICKET],
        missed=[view for state, view in views if state == ConsultationState.WITHDRAWN],
    )


@router.post("/consultations/{consultation_id}/accept")
async def accept_consultation(
    consultation_id: str, session: Staff, parts: Parts, address: Address
) -> schema.Connection:
    """Take it and enter its call; the first who accepts has it."""
    state = await parts.consultation_desk.accept(session.person, consultation_id, address)
    await parts.hold_desk.accepted(session.person, consultation_id)
    return connection(parts, state, session.person)


@router.post("/consultations/{consultation_id}/decline", status_code=204)
async def decline_consultation(
    consultation_id: str, body: schema.DeclineRequest, session: Staff, parts: Parts
) -> None:
    """Leave it to the others, or be rung again in five minutes."""
    await parts.consultation_desk.decline(session.person, consultation_id, is_later=body.later)


@router.post("/consultations/{consultation_id}/shown", status_code=204)
async def note_ring_shown(consultation_id: str, session: Staff, parts: Parts) -> None:
    """A page or a notification of this person shows the ring."""
    await parts.consultation_desk.shown(session.person, consultation_id)


@router.post("/consultations/{consultation_id}/call-back")
async def call_back(
    consultation_id: str, session: Staff, parts: Parts, address: Address
) -> schema.Connection:
    """Ring whoever asked for what this person missed."""
    state = await parts.consultation_desk.call_back(session.person, consultation_id, address)
    return connection(parts, state, session.person)


@router.post("/consultations/{consultation_id}/seen", status_code=204)
async def put_missed_aside(consultation_id: str, session: Staff, parts: Parts) -> None:
    """This person knows that they missed it."""
    await parts.consultation_desk.put_aside(session.person, consultation_id)


@router.get("/calls/{call_id}/consultation")
async def read_consultation(call_id: str, session: Staff, parts: Parts) -> schema.Consultation | None:
    """How the request of a call stands; null where it asked for nobody."""
    waiting = await parts.consultation_desk.of_call(session.person, call_id)
    if waiting is None:
        return None
    here_from = await parts.waiting_desk.here_from(waiting)
    return consultation_view(waiting).model_copy(update={"here_from": here_from})


@router.post("/calls/{call_id}/consultation/superior", status_code=201)
async def ask_superior(call_id: str, session: Staff, parts: Parts) -> schema.Consultation:
    """Ring at the superior (上司), then at the deputies: they are called into this call."""
    return consultation_view(await parts.consultation_desk.ask_superior(session.person, call_id))


@router.post("/calls/{call_id}/consultation/withdraw", status_code=204)
async def withdraw_consultation(call_id: str, session: Staff, parts: Parts) -> None:
    """Take the request back; the call goes on."""
    await parts.consultation_desk.withdraw(session.person, call_id)
