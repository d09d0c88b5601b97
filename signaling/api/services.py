"""The parts the REST routes work with, built once by the composition root (`app`)."""

from dataclasses import dataclass

from field_assist import Store
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import SignInDesk
from signaling.accounts.vault import Vault
from signaling.api.appointment_desk import AppointmentDesk
from signaling.api.ballot_desk import BallotDesk
from signaling.api.bundle_desk import BundleDesk
from signaling.api.call_desk import CallDesk
from signaling.api.card_desk import CardDesk
from signaling.api.case_desk import CaseDesk
from signaling.api.catalogue_desk import CatalogueDesk
from signaling.api.concierge_desk import ConciergeDesk
from signaling.api.consent_desk import ConsentDesk
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.decision_desk import DecisionDesk
from signaling.api.directory import Directory
from signaling.api.document_desk import DocumentDesk
from signaling.api.event_streams import EventHub
from signaling.api.guest_desk import GuestDesk
from signaling.api.hold_desk import HoldDesk
from signaling.api.law_desk import LawDesk
from signaling.api.live_rooms import LiveRooms
from signaling.api.minutes_desk import MinutesDesk
from signaling.api.note_desk import NoteDesk
from signaling.api.notice_desk import NoticeDesk
from signaling.api.paper_search import PaperSearch
from signaling.api.portal_desk import PortalDesk
from signaling.api.proposal_desk import ProposalDesk
from signaling.api.push_desk import PushDesk
from signaling.api.question_desk import QuestionDesk
from signaling.api.recap_desk import RecapDesk
from signaling.api.record_desk import RecordDesk
from signaling.api.recording_desk import RecordingDesk
from signaling.api.redaction_desk import RedactionDesk
from signaling.api.return_desk import ReturnDesk
from signaling.api.schema import MapSource
from signaling.api.sharing_desk import SharingDesk
from signaling.api.slot_desk import SlotDesk
from signaling.api.still_desk import StillDesk
from signaling.api.supervisor_desk import SupervisorDesk
from signaling.api.transcript_desk import TranscriptDesk
from signaling.api.view_desk import ViewDesk
from signaling.api.waiting_desk import WaitingDesk
from signaling.api.wall_desk import WallDesk
from signaling.bus import Bus
from signaling.clock import Clock
from signaling.rate_limits import RateLimited
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
    document: SharedLimiter
    view: SharedLimiter
    play: SharedLimiter
    eligibility: SharedLimiter
    open_data: SharedLimiter
    concierge: SharedLimiter
    subscribe: SharedLimiter
    portal: SharedLimiter


@dataclass(frozen=True, slots=True)
class Concierge:
    """What `GENBA_CONCIERGE` switches off: it answers no request then, follows nothing and tells nobody."""

    catalogue: CatalogueDesk
    search: ConciergeDesk
    cards: CardDesk
    papers: PaperSearch
    proposals: ProposalDesk
    notices: NoticeDesk
    portal: PortalDesk
    slots: SlotDesk
    laws: LawDesk


@dataclass(frozen=True, slots=True)
class Services:
    """What a request handler may need."""

    store: Store
    vault: Vault
    passwords: Passwords
    clock: Clock
    sign_ins: SignInDesk
    call_desk: CallDesk
    case_desk: CaseDesk
    bundle_desk: BundleDesk
    sharing_desk: SharingDesk
    document_desk: DocumentDesk
    decision_desk: DecisionDesk
    ballot_desk: BallotDesk
    directory: Directory
    concierge: Concierge
    consent_desk: ConsentDesk
    consultation_desk: ConsultationDesk
    hold_desk: HoldDesk
    supervisor_desk: SupervisorDesk
    wall_desk: WallDesk
    guest_desk: GuestDesk
    minutes_desk: MinutesDesk
    note_desk: NoteDesk
    still_desk: StillDesk
    question_desk: QuestionDesk
    recap_desk: RecapDesk
    recording_desk: RecordingDesk
    record_desk: RecordDesk
    redaction_desk: RedactionDesk
    return_desk: ReturnDesk
    transcript_desk: TranscriptDesk
    view_desk: ViewDesk
    waiting_desk: WaitingDesk
    push_desk: PushDesk
    appointment_desk: AppointmentDesk
    rooms: LiveRooms
    line_check: LineCheck
    bus: Bus
    hub: EventHub
    limits: Limits
    organisation: str
    office_phone: str
    public_url: str
    map_source: MapSource | None
    version: str
    is_demo: bool


async def spend(parts: Services, limiter: SharedLimiter, key: str) -> None:
    """Count one more of what is limited; raises RateLimited."""
    wait_s = await limiter.take(key, parts.clock.monotonic())
    if wait_s:
        raise RateLimited(wait_s)
