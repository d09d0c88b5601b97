"""Appointments: booked for a resident or a ticket, told by mail with a calendar file, started as a call.

The mail address lives only in the outbox, until the reminder was sent: so long a change is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import (
    Appointment,
    AppointmentUnknown,
    ConsultationUnknown,
    NotAConversationPartner,
    Person,
    Role,
    Session,
    Store,
    appointments,
    call_backs,
    calls,
    consultations,
    new_id,
    people,
    staff,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action
from signaling.accounts.invitations import NewInvitation
from signaling.accounts.vault import Vault
from signaling.api.call_desk import CallDesk, CallState, Forbidden
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.event_streams import EventHub
from signaling.api.recap_desk import Mailer
from signaling.api.wrong_codes import WrongCodes
from signaling.clock import Clock
from signaling.mail import outbox
from signaling.mail.appointments import Invited, Occasion, appointment_mail
from signaling.mail.calendar import Event, calendar
from signaling.mail.post import PostOffice

APPOINTMENTS_CHANGED = "appointments"
DAY_BEFORE, HOUR_BEFORE = timedelta(hours=24), timedelta(hours=1)
LINK_LASTS_S = 4 * 3600


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment with who talks; `has_mail`: changes can still be told by mail."""

    appointment: Appointment
    host: Person
    has_mail: bool


class AppointmentDesk:
    """All of it; one per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, post: PostOffice, hub: EventHub) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._post = post
        self._hub = hub
        self._wrong_codes = WrongCodes(clock)

    async def book(
        self,
        person: Person,
        wanted: tuple[appointments.Plan, str, str, str | None],
        to: str,
        mailer: Mailer,
        address: str,
    ) -> Booked:
        """Book one: `wanted` is the plan, the resident's name and language, and the ticket it stands for.

        Raises Forbidden, NotThen, StaffUnknown, NotAConversationPartner, ConsultationUnknown.
        """
        if not people.may_start_call(person):
            raise Forbidden
        at = self._clock.wall()
        plan, name, language, consultation_id = wanted

        def work(session: Session) -> Booked:
            _host(session, plan.host_id)
            if consultation_id and not consultations.by_id(session, consultation_id).asks(person.id):
                raise ConsultationUnknown
            appointment_id, code = new_id(at), invitations.new_code()
            sealed = (self._digest(code), self._vault.seal(code, _context(appointment_id)))
            new = appointments.NewAppointment(appointment_id, sealed, plan, name, language, consultation_id)
            row = appointments.book(session, new, person.id, at)
            if to:
                self._tell(session, row, "booked", to, mailer)
            access_log.acted(session, person, address, Action.APPOINTMENT_BOOKED, row.id, at)
            return self._booked(session, row)

        return self._published(await self._store.write(work))

    async def listing(self, person: Person) -> list[Booked]:
        """What this person has or made, the next one first."""
        at = self._clock.wall()
        return await self._store.read(
            lambda session: [self._booked(session, row) for row in appointments.of(session, person, at)]
        )

    async def move(
        self, person: Person, appointment_id: str, plan: appointments.Plan, mailer: Mailer, address: str
    ) -> Booked:
        """Another time, colleague or title; raises AppointmentUnknown, AppointmentOver, NotThen and more."""

        def act(session: Session, row: Appointment, at: datetime) -> None:
            _host(session, plan.host_id)
            appointments.move(session, row, plan, at)
            self._tell_again(session, row, "moved", mailer)
            access_log.acted(session, person, address, Action.APPOINTMENT_MOVED, row.id, at)

        return await self._change(person, appointment_id, act)

    async def cancel(
        self, person: Person, appointment_id: str, reason: str, mailer: Mailer, address: str
    ) -> Booked:
        """It does not take place; raises AppointmentUnknown, AppointmentOver."""

        def act(session: Session, row: Appointment, at: datetime) -> None:
            appointments.cancel(session, row, reason, at)
            self._tell_again(session, row, "cancelled", mailer)
            access_log.acted(session, person, address, Action.APPOINTMENT_CANCELLED, row.id, at)

        return await self._change(person, appointment_id, act)

    async def start(
        self, person: Person, appointment_id: str, desks: tuple[CallDesk, ConsultationDesk], address: str
    ) -> CallState:
        """Its call begins, and its link lets the resident in; raises AppointmentOver, NotThen and more."""

        def act(session: Session, row: Appointment, at: datetime) -> None:
            appointments.must_start(row, at)
            call = calls.start(session, person, calls.NewCall(row.title, row.topic), at).call
            calls.add_member(session, call.id, row.host_id, person.id, at)
            code = self._vault.open(row.code_sealed, _context(row.id))
            guest = NewInvitation(row.name, Role.RESIDENT, row.language, LINK_LASTS_S, code=code)
            invitations.create(session, self._vault, call.id, guest, person.id, at)
            appointments.started(session, row, call.id)
            outbox.withdraw(session, row.id, at)
            if row.consultation_id and consultations.answer(session, row.consultation_id, person.id, at):
                call_backs.over(session, row.consultation_id)
            access_log.acted(session, person, address, Action.APPOINTMENT_STARTED, row.id, at, detail=call.id)

        booked = await self._change(person, appointment_id, act)
        call_desk, consultation_desk = desks
        if booked.appointment.consultation_id:
            await consultation_desk.give_up(booked.appointment.consultation_id)
        return await call_desk.join(person, booked.appointment.call_id or "", address)

    async def open(self, code: str, address: str) -> Booked:
        """What the link shows before the call; raises RateLimited, AppointmentUnknown."""
        self._wrong_codes.check(address)

        def work(session: Session) -> Booked:
            if not invitations.is_code(code):
                raise AppointmentUnknown
            return self._booked(session, appointments.by_code(session, self._digest(code)))

        try:
            return await self._store.read(work)
        except AppointmentUnknown:
            self._wrong_codes.count(address)
            raise

    def url(self, row: Appointment, base_url: str) -> str:
        """The resident's link."""
        return f"{base_url}/a/{self._vault.open(row.code_sealed, _context(row.id))}"

    async def _change(
        self, person: Person, appointment_id: str, act: Callable[[Session, Appointment, datetime], None]
    ) -> Booked:
        at = self._clock.wall()

        def work(session: Session) -> Booked:
            row = appointments.locked(session, appointment_id)
            host = staff.people(session, [row.host_id])[row.host_id]
            if not people.may_keep_appointment(person, host, row.made_by):
                raise AppointmentUnknown
            act(session, row, at)
            return self._booked(session, row)

        return self._published(await self._store.write(work))

    def _booked(self, session: Session, row: Appointment) -> Booked:
        mails = outbox.about(session, [row.id])
        has_mail = any(mail.state == outbox.State.WAITING for mail in mails)
        return Booked(row, staff.people(session, [row.host_id])[row.host_id], has_mail)

    def _published(self, booked: Booked) -> Booked:
        concerned = {booked.host.id, booked.appointment.made_by}
        self._hub.publish(APPOINTMENTS_CHANGED, lambda person: person.id in concerned)
        self._post.look()
        return booked

    def _tell_again(self, session: Session, row: Appointment, occasion: Occasion, mailer: Mailer) -> None:
        """As long as the address is still in the outbox, with the reminder."""
        at = self._clock.wall()
        waiting = [mail for mail in outbox.about(session, [row.id]) if mail.state == outbox.State.WAITING]
        to = outbox.content(self._vault, waiting[-1]).to if waiting else ""
        outbox.withdraw(session, row.id, at)
        if to:
            self._tell(session, row, occasion, to, mailer)

    def _tell(self, session: Session, row: Appointment, occasion: Occasion, to: str, mailer: Mailer) -> None:
        if not self._post.is_open:
            return
        at = self._clock.wall()
        host = staff.people(session, [row.host_id])[row.host_id]
        invited = Invited(
            language=row.language,
            starts_at=row.starts_at,
            host=" ".join(filter(None, (host.department, host.post, host.name))),
            title=row.title,
            organisation=mailer.organisation,
            phone=mailer.phone,
            url=self.url(row, mailer.base_url),
        )
        self._put(session, row, occasion, to, invited, at)
        ahead = row.starts_at - at
        before = DAY_BEFORE if ahead > DAY_BEFORE + HOUR_BEFORE else HOUR_BEFORE
        if occasion != "cancelled" and ahead > before:
            self._put(session, row, "soon", to, invited, row.starts_at - before)

    def _put(
        self,
        session: Session,
        row: Appointment,
        occasion: Occasion,
        to: str,
        invited: Invited,
        due_at: datetime,
    ) -> None:
        at = self._clock.wall()
        subject, text = appointment_mail(occasion, invited)
        summary = f"{invited.title} {invited.organisation}".strip()
        is_cancelled = occasion == "cancelled"
        event = Event(
            row.id, row.version, row.starts_at, row.ends_at, summary, text, invited.url, is_cancelled
        )
        file = "" if occasion == "soon" else calendar(event, self._post.domain, at)
        content = outbox.Content(to, subject, text, file)
        until = at + DAY_BEFORE if is_cancelled else row.starts_at
        outbox.put(session, self._vault, content, row.id, at, until=until, due_at=due_at)

    def _digest(self, code: str) -> str:
        return self._vault.digest(code, "appointment")


def _host(session: Session, staff_id: str) -> None:
    if not people.may_be_member(staff.active(session, staff_id).person()):
        raise NotAConversationPartner


def _context(appointment_id: str) -> str:
    return f"appointment.code/{appointment_id}"
