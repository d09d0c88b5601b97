"""Appointments under /api: booked, moved, cancelled and started by staff; seen by whoever holds the link."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from field_assist import appointments
from signaling.accounts.sign_in import network_of
from signaling.api import origin, schema
from signaling.api.appointment_desk import Booked
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.calls_routes import connection
from signaling.api.recap_desk import Mailer
from signaling.api.recap_schema import MailRequest
from signaling.api.services import Services, spend
from signaling.api.views import person_view

router = APIRouter(tags=["appointments"], dependencies=[Depends(signed_in)])
link_router = APIRouter(tags=["appointments"])

AppointmentState = Literal["booked", "started", "cancelled", "over"]


class PlanRequest(schema.Request):
    """When, for how long, about what, and who of staff talks (the booker, where nobody is named)."""

    starts_at: AwareDatetime
    minutes: Annotated[int, Field(ge=5, le=480)] = 30
    title: schema.Line = ""
    topic: schema.Line = ""
    host_id: Annotated[str, StringConstraints(max_length=40)] = ""


class AppointmentRequest(PlanRequest):
    """A new one: for whom, in which language, instead of which ticket, told to which address."""

    name: schema.Name
    language: schema.Language = "ja"
    consultation_id: Annotated[str, StringConstraints(max_length=40)] | None = None
    mail: MailRequest | None = None


class CancelRequest(schema.Request):
    """Why it does not take place, for colleagues."""

    reason: schema.Line = ""


class Appointment(BaseModel):
    """An appointment as its staff see it; `has_mail`: changes are told by mail."""

    id: str
    starts_at: datetime
    ends_at: datetime
    title: str
    topic: str
    name: str
    language: schema.Language
    host: schema.Person
    state: AppointmentState
    url: str
    has_mail: bool
    opens_at: datetime


class AppointmentsAnswer(BaseModel):
    """GET /api/appointments: the next one first; `can_mail` says whether there is a mail server."""

    appointments: list[Appointment]
    can_mail: bool


class AppointmentView(BaseModel):
    """GET /api/appointment/{code}: what the resident sees until the call begins."""

    organisation: str
    office: str
    office_phone: str
    host: schema.InvitationHost
    title: str
    starts_at: datetime
    ends_at: datetime
    language: schema.Language
    state: AppointmentState


@router.get("/appointments")
async def list_appointments(session: Staff, request: Request, parts: Parts) -> AppointmentsAnswer:
    """What this person has or made."""
    found = await parts.appointment_desk.listing(session.person)
    base_url = _mailer(request, parts).base_url
    return AppointmentsAnswer(
        appointments=[_view(parts, each, base_url) for each in found], can_mail=parts.recap_desk.can_mail
    )


@router.post("/appointments", status_code=201)
async def book_appointment(
    body: AppointmentRequest, session: Staff, request: Request, parts: Parts, address: Address
) -> Appointment:
    """Book one, and tell the resident by mail where they gave an address."""
    mailer = _mailer(request, parts)
    wanted = (_plan(body, session.person.id), body.name, body.language, body.consultation_id)
    to = body.mail.address if body.mail else ""
    booked = await parts.appointment_desk.book(session.person, wanted, to, mailer, address)
    return _view(parts, booked, mailer.base_url)


@router.post("/appointments/{appointment_id}")
async def move_appointment(
    appointment_id: str, body: PlanRequest, session: Staff, request: Request, parts: Parts, address: Address
) -> Appointment:
    """Another time, another colleague, other words."""
    mailer = _mailer(request, parts)
    plan = _plan(body, session.person.id)
    booked = await parts.appointment_desk.move(session.person, appointment_id, plan, mailer, address)
    return _view(parts, booked, mailer.base_url)


@router.post("/appointments/{appointment_id}/cancel")
async def cancel_appointment(
    appointment_id: str, body: CancelRequest, session: Staff, request: Request, parts: Parts, address: Address
) -> Appointment:
    """It does not take place."""
    mailer = _mailer(request, parts)
    booked = await parts.appointment_desk.cancel(session.person, appointment_id, body.reason, mailer, address)
    return _view(parts, booked, mailer.base_url)


@router.post("/appointments/{appointment_id}/start")
async def start_appointment(
    appointment_id: str, session: Staff, parts: Parts, address: Address
) -> schema.Connection:
    """Begin its call and enter it; the resident's link lets them in from now on."""
    desks = (parts.call_desk, parts.consultation_desk)
    state = await parts.appointment_desk.start(session.person, appointment_id, desks, address)
    return connection(parts, state, session.person)


@link_router.get("/appointment/{code}")
async def read_appointment(code: str, parts: Parts, address: Address) -> AppointmentView:
    """When it is and with whom, for whoever holds the link."""
    await spend(parts, parts.limits.join, network_of(address))
    booked = await parts.appointment_desk.open(code, address)
    row, host = booked.appointment, booked.host
    return AppointmentView(
        organisation=parts.organisation,
        office=host.department or host.office,
        office_phone=parts.office_phone,
        host=schema.InvitationHost(
            name=host.name, kana=host.kana, post=host.post, department=host.department, office=host.office
        ),
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        language=row.language,
        state=row.state(parts.clock.wall()).value,
    )


def _plan(body: PlanRequest, own_id: str) -> appointments.Plan:
    return appointments.Plan(body.starts_at, body.minutes, body.title, body.topic, body.host_id or own_id)


def _view(parts: Services, booked: Booked, base_url: str) -> Appointment:
    row = booked.appointment
    return Appointment(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.title,
        topic=row.topic,
        name=row.name,
        language=row.language,
        host=person_view(booked.host),
        state=row.state(parts.clock.wall()).value,
        url=parts.appointment_desk.url(row, base_url),
        has_mail=booked.has_mail,
        opens_at=row.starts_at - appointments.OPENS_BEFORE,
    )


def _mailer(request: Request, parts: Services) -> Mailer:
    base_url = origin.base_url(parts.public_url, request.url.scheme, request.headers.get("host", ""))
    return Mailer(parts.organisation, parts.office_phone, base_url)
