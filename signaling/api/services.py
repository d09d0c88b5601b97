"""The parts the REST routes work with, built once by the composition root (`app`)."""

from dataclasses import dataclass

from field_assist import Store
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import SignInDesk
from signaling.accounts.vault import Vault
from signaling.api.appointment_desk import AppointmentDesk
from signaling.api.call_desk import CallDesk
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.directory import Directory
from signaling.api.event_streams import EventHub
from signaling.api.guest_desk import GuestDesk
from signaling.api.live_rooms import LiveRooms
from signaling.api.note_desk import NoteDesk
from signaling.api.question_desk import QuestionDesk
from signaling.api.recap_desk import RecapDesk
from signaling.api.waiting_desk import WaitingDesk
from signaling.clock import Clock
from signaling.rate_limits import RateLimiter
from signaling.rtc.line_check import LineCheck


@dataclass(frozen=True, slots=True)
class Limits:
    """Who may do what how often; keys are networks for strangers, identities for those who are known."""

    sign_in: RateLimiter
    join: RateLimiter
    check: RateLimiter
    chat: RateLimiter
    invite: RateLimiter
    note: RateLimiter
    note_piece: RateLimiter


@dataclass(frozen=True, slots=True)
class Services:
    """What a request handler may need."""

    store: Store
    vault: Vault
    passwords: Passwords
    clock: Clock
    sign_ins: SignInDesk
    call_desk: CallDesk
    directory: Directory
    consultation_desk: ConsultationDesk
    guest_desk: GuestDesk
    note_desk: NoteDesk
    question_desk: QuestionDesk
    recap_desk: RecapDesk
    waiting_desk: WaitingDesk
    appointment_desk: AppointmentDesk
    rooms: LiveRooms
    line_check: LineCheck
    hub: EventHub
    limits: Limits
    organisation: str
    office_phone: str
    public_url: str
    version: str
    is_demo: bool
