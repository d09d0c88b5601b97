"""The composition root: builds every part once, in one lifespan, and puts the routes together.

Order matters on the way down: rooms close first and tell who left, the journal writes that, then the
database closes. Everything that runs beside requests lives in the lifespan's one task group.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from field_assist import Session, Store, StoreUnavailable
from media import MediaServer, MediaSettings
from signaling import migrations, web_pages
from signaling.accounts import credentials, invitations, sign_in
from signaling.accounts.passwords import Passwords
from signaling.accounts.sign_in import SignInDesk
from signaling.accounts.vault import Vault, open_vault, read_or_make
from signaling.api.application import VERSION, create_api
from signaling.api.bearer_desk import BearerDesk
from signaling.api.call_desk import CallDesk, RoomKey, close_abandoned
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.directory import Directory
from signaling.api.event_streams import EventHub
from signaling.api.guest_desk import GuestDesk
from signaling.api.live_rooms import LiveRooms
from signaling.api.neighbours import Neighbours
from signaling.api.note_desk import NoteDesk
from signaling.api.push_desk import PushDesk, PushParts
from signaling.api.requests import Requests
from signaling.api.room_door import RoomDoor
from signaling.api.room_journal import RoomJournal
from signaling.api.services import Limits, Services
from signaling.bus import Bus
from signaling.bus.in_process import InProcessBus
from signaling.clock import SYSTEM_CLOCK, Clock
from signaling.push.sender import PushSender, Signer
from signaling.rate_limits import Rate
from signaling.rtc.line_check import LineCheck
from signaling.rtc.livekit_http import livekit_routes
from signaling.rtc.room_settings import RoomSettings
from signaling.rtc.rooms import Rooms
from signaling.rtc.whip import WhipDoor
from signaling.settings import DEV_API_KEY, DEV_API_SECRET, Settings
from signaling.shared_limits import SharedLimiter

HOUSEKEEPING_S = 600
ABANDONED_AFTER = timedelta(hours=12)
API_KEY_FILE = "api.key"

log = logging.getLogger(__name__)


def create_app(settings: Settings, clock: Clock = SYSTEM_CLOCK, rooms: LiveRooms | None = None) -> Starlette:
    """The application; its lifespan must run around it. `rooms` replaces media and rooms in tests."""
    api = create_api()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services, routes = await _build(stack, settings, clock, rooms)
            api.state.services = app.state.services = services
            pages = await asyncio.to_thread(web_pages.load, settings.web_dir)
            app.router.routes[:] = [
                Route("/healthz", _health, methods=["GET"]),
                *routes,
                Mount("/api", api),
                Route("/{path:path}", pages.respond, methods=["GET"]),
            ]
            log.info("started", extra={"version": VERSION, "dev": settings.dev, "pages": len(pages.files)})
            yield
            services.hub.close()
        log.info("stopped")

    middleware = [Middleware(Requests, public_url=settings.public_url, own_tls_port=settings.tls_port)]
    if settings.trusted_proxies:
        trusted = list(settings.trusted_proxies)
        middleware.insert(0, Middleware(ProxyHeadersMiddleware, trusted_hosts=trusted))
    app = Starlette(lifespan=lifespan, middleware=middleware)
    app.router.redirect_slashes = False
    return app


def api_key(settings: Settings) -> tuple[str, str]:
    """The LiveKit API key and secret: given, the development pair, or made once and kept. Blocks."""
    if settings.api_key:
        return settings.api_key, settings.api_secret.reveal()
    if settings.dev:
        return DEV_API_KEY, DEV_API_SECRET
    made = read_or_make(settings.data_dir / API_KEY_FILE, _new_api_key).decode()
    key, _, secret = made.strip().partition(" ")
    return key, secret


async def _build(
    stack: AsyncExitStack, settings: Settings, clock: Clock, rooms: LiveRooms | None
) -> tuple[Services, list[BaseRoute]]:
    """Every part, and the LiveKit routes when there is media."""
    vault = await asyncio.to_thread(open_vault, settings.data_dir)
    key, secret = await asyncio.to_thread(api_key, settings)
    store = await stack.enter_async_context(Store(settings.store_url))
    await asyncio.to_thread(migrations.upgrade, store.engine)
    passwords = await asyncio.to_thread(Passwords, settings.password_cost)
    stack.callback(passwords.close)
    tasks = await stack.enter_async_context(asyncio.TaskGroup())

    bus = await stack.enter_async_context(_bus(settings, vault).running())
    neighbours = Neighbours(bus, clock)
    hub = EventHub(bus, neighbours)
    journal = RoomJournal(store, hub, clock)
    tasks.create_task(journal.run())
    stack.push_async_callback(journal.finish)
    live, line_check = await _open_live(stack, settings, {key: secret}, rooms)
    note_desk = NoteDesk(store, settings.data_dir, clock)
    stack.callback(tasks.create_task(_keep_house(store, live, note_desk, clock, settings)).cancel)
    stack.callback(tasks.create_task(neighbours.run()).cancel)

    call_desk = CallDesk(store, vault, live, hub, clock, RoomKey(key, secret, settings.room_token_ttl_s))
    guest_desk = GuestDesk(store, vault, clock)
    limits = _limits(settings.invitations_per_minute, bus)
    bearers = BearerDesk(guest_desk, call_desk, hub, clock, keys={key: secret}, limit=limits.join)
    routes = [
        *_livekit(live, {key: secret}, clock, guest_desk, bearers),
        WebSocketRoute("/rtc/check", line_check.socket),
    ]
    live.observe(journal.notify)
    directory = Directory(store, live, hub, neighbours, clock)
    journal.on_written = directory.changed
    ringing = ConsultationDesk(store, call_desk, directory, hub, clock, bus=bus)
    push_desk = await _open_push(stack, settings, PushParts(store, vault, hub, clock), ringing)
    services = Services(
        store=store,
        vault=vault,
        passwords=passwords,
        clock=clock,
        sign_ins=SignInDesk(store, vault, passwords, clock, settings.sign_in_policy),
        call_desk=call_desk,
        directory=directory,
        consultation_desk=await stack.enter_async_context(ringing.running()),
        guest_desk=guest_desk,
        note_desk=note_desk,
        push_desk=push_desk,
        rooms=live,
        line_check=line_check,
        bus=bus,
        hub=hub,
        limits=limits,
        organisation=settings.organisation,
        office_phone=settings.office_phone,
        public_url=settings.public_url,
        version=VERSION,
        is_demo=await store.read(credentials.is_demo),
    )
    return services, routes


async def _open_push(
    stack: AsyncExitStack, settings: Settings, parts: PushParts, ringing: ConsultationDesk
) -> PushDesk:
    """Devices that rings wake, told by the ringing, and telling it what they took."""
    contact = settings.public_url if settings.public_url.startswith("https") else "mailto:genba@localhost"
    signer = await asyncio.to_thread(Signer, settings.data_dir, contact)
    desk = PushDesk(parts, PushSender(signer, settings.push_services))
    desk.on_reached = ringing.reached
    ringing.leader.on_changes = desk.changed
    return await stack.enter_async_context(desk.running())


async def _open_live(
    stack: AsyncExitStack, settings: Settings, keys: dict[str, str], rooms: LiveRooms | None
) -> tuple[LiveRooms, LineCheck]:
    """Media and rooms, or the rooms that were given, and the check of a line, which needs media."""
    media = None
    if rooms is None:
        media = await _open_media(stack, settings)
        rooms = await _open_rooms(stack, media, settings, keys)
    return rooms, await stack.enter_async_context(LineCheck(media, settings.turn))


async def _open_media(stack: AsyncExitStack, settings: Settings) -> MediaServer:
    media_settings = MediaSettings(
        host=settings.host,
        port=settings.media_port,
        advertised=settings.media_advertised,
        udp=settings.media_udp,
        tcp=settings.media_tcp,
    )
    return await stack.enter_async_context(MediaServer(media_settings))


async def _open_rooms(
    stack: AsyncExitStack, media: MediaServer, settings: Settings, keys: dict[str, str]
) -> Rooms:
    [(key, secret)] = keys.items()
    hooks = None
    if settings.webhook_urls:
        # Here, since it brings an HTTP client along, which nobody else should wait for at a start.
        from signaling.rtc.webhooks import Webhooks, WebhookSettings

        # Entered before the rooms, so that their last events still go out.
        hooks = Webhooks(WebhookSettings(settings.webhook_urls, key, secret))
        await stack.enter_async_context(hooks)
    room_settings = RoomSettings(keys=keys, turn=settings.turn, may_simulate=settings.dev)
    rooms = await stack.enter_async_context(Rooms(media, room_settings))
    if hooks is not None:
        rooms.observe(hooks.notify)
    return rooms


def _livekit(
    rooms: LiveRooms, keys: dict[str, str], clock: Clock, guest_desk: GuestDesk, bearers: BearerDesk
) -> list[BaseRoute]:
    """LiveKit's routes, WHIP and WHEP, where there is media; signalling sockets stand behind a `RoomDoor`."""
    if not isinstance(rooms, Rooms):
        return []
    routes = livekit_routes(rooms, keys)
    for route in routes:
        if isinstance(route, Route | WebSocketRoute) and "/rtc" in route.path:
            route.app = RoomDoor(route.app, keys, clock, guest_desk.admit)
    return routes + WhipDoor(rooms, keys, bearers.room_token).routes()


def _bus(settings: Settings, vault: Vault) -> Bus:
    """In this process, or over the Redis that all nodes with this vault's key share."""
    if not settings.redis_url.reveal():
        return InProcessBus()
    # Here, since an installation of one node should not wait for the library at a start.
    from signaling.bus.over_redis import RedisBus

    return RedisBus(settings.redis_url.reveal(), vault.digest("channel", "bus")[:32])


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
    }
    return Limits(**{name: SharedLimiter(name, rate, bus) for name, rate in rates.items()})


async def _keep_house(
    store: Store, rooms: LiveRooms, note_desk: NoteDesk, clock: Clock, settings: Settings
) -> None:
    def forget(session: Session) -> None:
        sign_in.forget_old(session, clock.wall(), settings.sign_in_policy)
        invitations.forget_old(session, clock.wall())

    while True:
        try:
            await store.write(forget)
            await note_desk.forget_abandoned()
            closed = await close_abandoned(store, rooms, clock.wall(), ABANDONED_AFTER)
            if closed:
                log.info("abandoned_calls_closed", extra={"calls": closed})
        except StoreUnavailable:
            log.warning("housekeeping_skipped")
        await asyncio.sleep(HOUSEKEEPING_S)


async def _health(request: Request) -> Response:
    """200 while the database answers, 503 with the reason's key when not."""
    services: Services = request.app.state.services
    try:
        await services.store.read(credentials.is_demo)
    except StoreUnavailable:
        return PlainTextResponse("database unavailable", status_code=503)
    return PlainTextResponse("OK")


def _new_api_key() -> bytes:
    return f"API{secrets.token_hex(6)} {secrets.token_urlsafe(32)}\n".encode()
