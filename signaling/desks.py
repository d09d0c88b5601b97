"""The desks behind the REST interface, each opened once on what they stand on (`Ground`).

Order matters: a desk that looks after something while it is open is entered before what leans on it, and so
leaves after.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from field_assist import Store, queueing, wall
from recordings import Remuxer
from signaling.accounts import credentials
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import SignInDesk
from signaling.accounts.vault import Vault
from signaling.api.application import VERSION
from signaling.api.appointment_desk import AppointmentDesk
from signaling.api.audiences import Audiences
from signaling.api.ballot_desk import BallotDesk
from signaling.api.ballot_post import BallotPost
from signaling.api.bundle_desk import BundleDesk
from signaling.api.call_desk import CallDesk, RoomKey
from signaling.api.card_desk import CardDesk
from signaling.api.case_desk import CaseDesk
from signaling.api.catalogue_desk import CatalogueDesk
from signaling.api.concierge_desk import ConciergeDesk
from signaling.api.consent_desk import ConsentDesk
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.decision_desk import DecisionDesk
from signaling.api.decision_writer import DecisionWriter
from signaling.api.directory import Directory
from signaling.api.document_desk import DocumentDesk
from signaling.api.event_streams import EventHub
from signaling.api.guest_desk import GuestDesk
from signaling.api.hold_desk import HoldDesk
from signaling.api.law_desk import LawDesk
from signaling.api.live_rooms import LiveRooms
from signaling.api.minutes_desk import MinutesDesk
from signaling.api.neighbours import Neighbours
from signaling.api.note_desk import NoteDesk
from signaling.api.notice_desk import NoticeDesk
from signaling.api.notice_pushes import NoticePushes
from signaling.api.notice_round import House, NoticeRound
from signaling.api.paper_search import PaperSearch
from signaling.api.portal_desk import PortalDesk
from signaling.api.proposal_desk import ProposalDesk
from signaling.api.push_desk import PushDesk, PushParts
from signaling.api.question_desk import QuestionDesk
from signaling.api.recap_desk import RecapDesk
from signaling.api.record_desk import RecordDesk
from signaling.api.recorder import FOLDER, Recorder
from signaling.api.recording_desk import RecordingDesk
from signaling.api.recording_exports import RecordingExports
from signaling.api.redaction_desk import RedactionDesk
from signaling.api.return_desk import ReturnDesk
from signaling.api.schema import MapSource
from signaling.api.services import Concierge, Limits, Services
from signaling.api.sharing_desk import SharingDesk
from signaling.api.slot_desk import SlotDesk
from signaling.api.stenographer import Stenographer
from signaling.api.still_desk import StillDesk
from signaling.api.supervisor_desk import SupervisorDesk
from signaling.api.transcript_desk import TranscriptDesk
from signaling.api.view_desk import ViewDesk
from signaling.api.waiting_desk import WaitingDesk
from signaling.api.wall_desk import WallDesk
from signaling.bus import Bus
from signaling.clock import Clock
from signaling.library.reader import Reader, office_program
from signaling.library.shelf import Shelf
from signaling.mail.post import PostOffice
from signaling.push.sender import PushSender, Signer
from signaling.rate_limits import Rate
from signaling.rtc.line_check import LineCheck
from signaling.settings import Settings
from signaling.shared_limits import SharedLimiter
from signaling.slot_feeds import SlotFeeds
from signaling.speech.engine import EngineState, engine_state
from signaling.speech.parcels import Parcels, speech_key
from signaling.speech.transcriber import Transcriber
from signaling.speech.workers import Hire, Plan, hired


@dataclass(frozen=True, slots=True)
class Ground:
    """What the desks stand on."""

    settings: Settings
    clock: Clock
    store: Store
    vault: Vault
    passwords: Passwords
    bus: Bus
    neighbours: Neighbours
    hub: EventHub
    rooms: LiveRooms
    line_check: LineCheck
    room_key: RoomKey


async def open_desks(stack: AsyncExitStack, ground: Ground) -> Services:
    """Every desk; what they look after goes on until the stack closes."""
    settings, clock, store, vault = ground.settings, ground.clock, ground.store, ground.vault
    hub, rooms, enter = ground.hub, ground.rooms, stack.enter_async_context
    call_desk = CallDesk(store, vault, rooms, hub, clock, ground.room_key)
    directory = Directory(store, rooms, hub, ground.neighbours, clock)
    post = await enter(PostOffice(store, vault, clock, settings.mail).running())
    consultation_desk, push_desk, hold_desk = await _open_ringing(stack, ground, call_desk, directory)
    consent_desk = await enter(ConsentDesk(store, rooms, hub, ground.bus, clock).running())
    rules = consent_desk, hold_desk.audiences
    sign_ins = SignInDesk(store, vault, ground.passwords, clock, settings.sign_in_policy)
    decision_desk, ballot_desk = _decisions(ground, sign_ins, push_desk, post)
    recording_desk = await _open_recordings(stack, ground, rules, (call_desk, sign_ins))
    return Services(
        store=store,
        vault=vault,
        passwords=ground.passwords,
        clock=clock,
        sign_ins=sign_ins,
        call_desk=call_desk,
        case_desk=(case_desk := CaseDesk(store, hub, clock)),
        sharing_desk=SharingDesk(store, case_desk, clock),
        document_desk=(document_desk := await enter(_library(ground).running())),
        decision_desk=decision_desk,
        ballot_desk=ballot_desk,
        directory=directory,
        concierge=await _open_concierge(stack, ground, consent_desk, (post, push_desk.sender)),
        consent_desk=consent_desk,
        consultation_desk=consultation_desk,
        hold_desk=hold_desk,
        supervisor_desk=await enter(_supervision(ground, call_desk, hold_desk).running()),
        wall_desk=WallDesk(store, consultation_desk, directory, rooms, clock, _wall_limits(settings)),
        guest_desk=GuestDesk(store, vault, clock),
        minutes_desk=MinutesDesk(store, hub, clock),
        note_desk=NoteDesk(store, settings.data_dir, clock),
        still_desk=StillDesk(store, settings.data_dir, clock),
        push_desk=push_desk,
        question_desk=QuestionDesk(store, hub, clock),
        appointment_desk=AppointmentDesk(store, vault, clock, post, hub),
        recording_desk=recording_desk,
        bundle_desk=BundleDesk(store, vault, (sign_ins, recording_desk), settings.data_dir, clock),
        record_desk=RecordDesk(store, clock),
        redaction_desk=_redactions(ground, recording_desk),
        return_desk=ReturnDesk(store, hub, clock),
        recap_desk=RecapDesk(store, vault, clock, post),
        transcript_desk=await _open_transcription(stack, ground, rules),
        view_desk=ViewDesk(store, rooms, document_desk, clock),
        waiting_desk=WaitingDesk(store, vault, consultation_desk, rooms, clock),
        rooms=rooms,
        line_check=ground.line_check,
        bus=ground.bus,
        hub=hub,
        limits=_limits(settings.invitations_per_minute, ground.bus),
        organisation=settings.organisation,
        office_phone=settings.office_phone,
        public_url=settings.public_url,
        map_source=_map_source(settings),
        version=VERSION,
        is_demo=await store.read(credentials.is_demo),
    )


async def _open_ringing(
    stack: AsyncExitStack, ground: Ground, call_desk: CallDesk, directory: Directory
) -> tuple[ConsultationDesk, PushDesk, HoldDesk]:
    """Who is rung, the devices that rings wake, known before the first ring, and who waits in a call."""
    store, settings, clock = ground.store, ground.settings, ground.clock
    ringing = ConsultationDesk(
        store, call_desk, directory, ground.hub, clock, bus=ground.bus, patience=_patience(settings)
    )
    parts = PushParts(store, ground.vault, ground.hub, clock)
    push_desk = await _open_push(stack, settings, parts, ringing)
    await stack.enter_async_context(ringing.running())
    desks = call_desk, ringing
    holding = HoldDesk(store, desks, ground.rooms, ground.hub, clock)
    return ringing, push_desk, await stack.enter_async_context(holding.running())


async def _open_concierge(
    stack: AsyncExitStack,
    ground: Ground,
    consent_desk: ConsentDesk,
    ways: tuple[PostOffice, PushSender],
) -> Concierge:
    post, sender = ways
    settings, store, vault, clock = ground.settings, ground.store, ground.vault, ground.clock
    public_url = (
        settings.public_url if settings.concierge else ""
    )  # nobody is asked or told; stopping still works
    house = House(settings.organisation, settings.office_phone, public_url)
    rounds = NoticeRound(store, vault, clock, post, house)
    pushes = NoticePushes(store, vault, clock, sender, rounds)
    feeds = SlotFeeds(store, clock, rounds, settings.feed_origins)
    search = ConciergeDesk(store, consent_desk, clock, has_meaning=settings.concierge_meaning)
    if settings.concierge:
        for each in (search, rounds, pushes, feeds):
            await stack.enter_async_context(each.running())
    notice_desk = NoticeDesk(store, vault, clock, (post, house), rounds, pushes)
    return Concierge(
        catalogue=CatalogueDesk(store, clock, settings.organisation, is_on=settings.concierge),
        search=search,
        cards=CardDesk(store, vault, ground.rooms, search, clock),
        papers=PaperSearch(store, clock),
        proposals=ProposalDesk(store, clock),
        notices=notice_desk,
        laws=LawDesk(store, clock, notice_desk),
        portal=PortalDesk(store, clock),
        slots=SlotDesk(store, clock, feeds, rounds, settings.organisation),
    )


def _decisions(
    ground: Ground, sign_ins: SignInDesk, push_desk: PushDesk, post: PostOffice
) -> tuple[DecisionDesk, BallotDesk]:
    settings, store, clock = ground.settings, ground.store, ground.clock
    house = House(settings.organisation, settings.office_phone, settings.public_url)
    ballots = BallotPost(ground.vault, post, house)
    writing = DecisionWriter(ground.vault.signing_key, ballots), ballots
    desk = DecisionDesk(store, writing, sign_ins, ground.hub, clock)
    desk.on_asked = push_desk.decision_waits
    return desk, BallotDesk(store, writing, desk, clock)


def _redactions(ground: Ground, recording_desk: RecordingDesk) -> RedactionDesk:
    desk = RedactionDesk(ground.store, ground.vault, ground.hub, ground.clock)
    desk.on_changed = recording_desk.drop_exports
    return desk


def _supervision(ground: Ground, call_desk: CallDesk, hold_desk: HoldDesk) -> SupervisorDesk:
    voices, may_listen = (ground.rooms, hold_desk.audiences), ground.settings.supervisors_listen
    return SupervisorDesk(ground.store, call_desk, voices, ground.hub, ground.clock, may_listen=may_listen)


def _wall_limits(settings: Settings) -> wall.Limits:
    return wall.Limits(wait_s=settings.wait_limit_s, call_s=settings.call_limit_s)


async def _open_recordings(
    stack: AsyncExitStack,
    ground: Ground,
    rules: tuple[ConsentDesk, Audiences],
    desks: tuple[CallDesk, SignInDesk],
) -> RecordingDesk:
    recorder = Recorder(ground.store, ground.rooms, rules, ground.clock, ground.settings.data_dir)
    enter = stack.enter_async_context
    beside = await enter(Remuxer().running()), await enter(RecordingExports().running())
    played = await enter(recorder.running()), *beside
    return RecordingDesk(ground.store, desks, played, ground.hub, ground.clock)


def _library(ground: Ground) -> DocumentDesk:
    settings = ground.settings
    reader, max_bytes = Reader(office_program(settings.office_program)), settings.document_max_bytes
    shelf = Shelf(settings.data_dir)
    return DocumentDesk(ground.store, shelf, reader, ground.hub, ground.clock, max_bytes=max_bytes)


async def _open_push(
    stack: AsyncExitStack, settings: Settings, parts: PushParts, ringing: ConsultationDesk
) -> PushDesk:
    """Devices that rings wake, told by the ringing, and telling it what they took."""
    contact = settings.public_url if settings.public_url.startswith("https") else "mailto:genba@localhost"
    signer = await asyncio.to_thread(Signer, settings.data_dir, contact)
    desk = PushDesk(parts, PushSender(signer, settings.push_services), ttl_s=settings.ring_s)
    desk.on_reached = ringing.reached
    ringing.leader.on_changes = desk.changed
    return await stack.enter_async_context(desk.running())


async def _open_transcription(
    stack: AsyncExitStack, ground: Ground, rules: tuple[ConsentDesk, Audiences]
) -> TranscriptDesk:
    """Whoever writes down what is said, where that is set up, and what was written."""
    settings, told = ground.settings, (ground.hub, ground.clock)
    checkpoint, is_elsewhere = settings.transcription_checkpoint, settings.transcription_is_elsewhere
    state = await asyncio.to_thread(engine_state, checkpoint, is_elsewhere=is_elsewhere)
    engine, hires = lambda: state, list[Hire]()
    if state is EngineState.READY and is_elsewhere:
        # Here, since an installation of one node should not wait for the library at a start.
        from signaling.speech.exchange import Exchange

        exchange = Exchange(settings.redis_url.reveal(), Parcels(speech_key(settings, ground.vault)))
        await stack.enter_async_context(exchange.running())
        engine, hires = lambda: exchange.state, exchange.seats
    elif state is EngineState.READY and checkpoint is not None:
        plan = Plan(checkpoint, settings.transcription_threads)
        hires = [partial(hired, plan)] * settings.transcription_workers
    words, now = " ".join(settings.transcription_words), asyncio.get_running_loop().time
    transcriber = Transcriber(hires, words, now) if hires else None
    kept = settings.transcription_language, settings.data_dir / FOLDER
    writing = Stenographer(ground.store, ground.rooms, rules, told, transcriber, kept)
    await stack.enter_async_context(writing.running())
    return TranscriptDesk(ground.store, *told, engine)


def _patience(settings: Settings) -> queueing.Patience:
    return queueing.Patience(settings.next_circle_s, settings.ring_s)


def _map_source(settings: Settings) -> MapSource | None:
    if not settings.map_tiles:
        return None
    return MapSource(
        tiles=settings.map_tiles,
        attribution=settings.map_attribution,
        attribution_url=settings.map_attribution_url,
    )


def _limits(invitations_per_minute: int, bus: Bus) -> Limits:
    rates = {
        "sign_in": Rate(burst=60, per_minute=60),
        "join": Rate(burst=60, per_minute=120),
        "check": Rate(burst=40, per_minute=40),
        "chat": Rate(burst=20, per_minute=60),
        "invite": Rate(invitations_per_minute, invitations_per_minute),
        "note": Rate(burst=60, per_minute=60),
        "note_piece": Rate(burst=400, per_minute=400),
        "push": Rate(burst=10, per_minute=10),
        "document": Rate(burst=120, per_minute=60),
        # Marks go in bundles, one request at a time, a page turned is two requests of everybody.
        "view": Rate(burst=240, per_minute=360),
        # Spans of ten seconds of eight tracks, and jumps.
        "play": Rate(burst=400, per_minute=400),
        # One question is one request; an office or a school is one network.
        "eligibility": Rate(burst=200, per_minute=200),
        "open_data": Rate(burst=120, per_minute=120),
        # A page in a call asks once for every line that was said; an office is one network for residents.
        "concierge": Rate(burst=60, per_minute=60),
        # Each sends a mail to an address that anybody can type.
        "subscribe": Rate(burst=10, per_minute=2),
        # Leafing through: a page is two or three requests, and a library or a school is one network.
        "portal": Rate(burst=240, per_minute=240),
    }
    return Limits(**{name: SharedLimiter(name, rate, bus) for name, rate in rates.items()})
