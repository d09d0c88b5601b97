"""The parts the REST routes work with, built once by the composition root (`app`)."""

from dataclasses import dataclass

from field_assist import Store
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import SignInDesk
from signaling.accounts.vault import Vault
from signaling.api.call_desk import CallDesk
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.directory import Directory
from signaling.api.event_streams import EventHub
from signaling.api.guest_desk import GuestDesk
from signaling.api.live_rooms import LiveRooms
from signaling.api.note_desk import NoteDesk
from signaling.api.push_desk import PushDesk
from signaling.bus import Bus
from signaling.clock import Clock
from signaling.rtc.line_check import LineCheck
from signaling.shared_limits import SharedLimiter


@dataclass(frozen=True, slots=True)
class Limits:
    """Who may do what how often; keys are networks for strangers, identities for those who are known."""

    sign_in: SharedLimiter
    join: SharedLimiter
    check: SharedLimiter
    chat: SharedLimiter
    invite: SharedLimiter
    note: SharedLimiter
    note_piece: SharedLimiter
    push: SharedLimiter


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
    push_desk: PushDesk
    rooms: LiveRooms
    line_check: LineCheck
    bus: Bus
    hub: EventHub
    limits: Limits
    organisation: str
    office_phone: str
    public_url: str
    version: str
    is_demo: bool
