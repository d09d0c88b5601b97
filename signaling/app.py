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
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from field_assist import JST, Session, Store, StoreUnavailable, appointments, concierge, recaps
from media import MediaServer, MediaSettings
from signaling import chains, migrations, web_pages
from signaling.accounts import credentials, invitations, sign_in
from signaling.accounts.passwords import Passwords
from signaling.accounts.vault import Vault, open_vault, read_or_make
from signaling.api.application import VERSION, of_installation
from signaling.api.bearer_desk import BearerDesk
from signaling.api.call_desk import RoomKey, close_abandoned
from signaling.api.event_streams import EventHub
from signaling.api.live_rooms import LiveRooms
from signaling.api.neighbours import Neighbours
from signaling.api.requests import Requests
from signaling.api.room_door import RoomDoor
from signaling.api.room_journal import RoomJournal
from signaling.api.services import Services
from signaling.bus import Bus
from signaling.bus.in_process import InProcessBus
from signaling.clock import SYSTEM_CLOCK, Clock
from signaling.desks import Ground, open_desks
from signaling.mail import outbox
from signaling.rtc.line_check import LineCheck
from signaling.rtc.livekit_http import livekit_routes
from signaling.rtc.room_settings import RoomSettings
from signaling.rtc.rooms import Rooms
from signaling.rtc.whip import WhipDoor
from signaling.settings import DEV_API_KEY, DEV_API_SECRET, Settings

HOUSEKEEPING_S = 600
ABANDONED_AFTER = timedelta(hours=12)
API_KEY_FILE = "api.key"

log = logging.getLogger(__name__)


def create_app(settings: Settings, clock: Clock = SYSTEM_CLOCK, rooms: LiveRooms | None = None) -> Starlette:
    """The application; its lifespan must run around it. `rooms` replaces media and rooms in tests."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services, routes = await _build(stack, settings, clock, rooms)
            app.state.services = services
            pages = await asyncio.to_thread(web_pages.load, settings.web_dir)
            app.router.routes[:] = [
                Route("/healthz", _health, methods=["GET"]),
                *routes,
                Mount("/api", of_installation(services)),
                Route("/{path:path}", pages.respond, methods=["GET"]),
            ]
            log.info("started", extra={"version": VERSION, "dev": settings.dev, "pages": len(pages.files)})
            yield
            services.hub.close()
        log.info("stopped")

    tiles = urlsplit(settings.map_tiles)
    middleware = [
        Middleware(
            Requests,
            public_url=settings.public_url,
            own_tls_port=settings.tls_port,
            map_origin=f"{tiles.scheme}://{tiles.netloc}" if tiles.netloc else "",
            file_bytes=settings.document_max_bytes,
        )
    ]
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
    """Every part, and the routes beside the REST interface."""
    vault = await asyncio.to_thread(open_vault, settings.data_dir)
    key, secret = await asyncio.to_thread(api_key, settings)
    store = await stack.enter_async_context(Store(settings.store_url))
    await asyncio.to_thread(migrations.upgrade, store.engine)
    passwords = await asyncio.to_thread(Passwords, settings.password_cost)
    stack.callback(passwords.close)
    tasks = await stack.enter_async_context(asyncio.TaskGroup())

    bus = await stack.enter_async_context(_bus(settings, vault).running())
    neighbours = Neighbours(bus, clock)
    stack.callback(tasks.create_task(neighbours.run()).cancel)
    hub = EventHub(bus, neighbours)
    journal = RoomJournal(store, hub, clock)
    tasks.create_task(journal.run())
    stack.push_async_callback(journal.finish)
    live, line_check = await _open_live(stack, settings, {key: secret}, rooms)
    live.observe(journal.notify)
    room_key = RoomKey(key, secret, settings.room_token_ttl_s)
    ground = Ground(
        settings, clock, store, vault, passwords, bus, neighbours, hub, live, line_check, room_key
    )
    services = await open_desks(stack, ground)
    journal.on_written = services.directory.changed
    stack.callback(tasks.create_task(_keep_house(services, settings)).cancel)
    return services, _routes(services, {key: secret})


def _routes(services: Services, keys: dict[str, str]) -> list[BaseRoute]:
    """LiveKit's routes, WHIP and WHEP, where there is media; signalling sockets stand behind a `RoomDoor`."""
    rooms, clock, guest_desk = services.rooms, services.clock, services.guest_desk
    routes: list[BaseRoute] = [WebSocketRoute("/rtc/check", services.line_check.socket)]
    if not isinstance(rooms, Rooms):
        return routes
    bearers = BearerDesk(
        guest_desk, services.call_desk, services.hub, clock, keys=keys, limit=services.limits.join
    )
    found = livekit_routes(rooms, keys)
    for route in found:
        if isinstance(route, Route | WebSocketRoute) and "/rtc" in route.path:
            route.app = RoomDoor(route.app, keys, clock, guest_desk.admit)
    return [*routes, *found, *WhipDoor(rooms, keys, bearers.room_token).routes()]


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


def _bus(settings: Settings, vault: Vault) -> Bus:
    """In this process, or over the Redis that all nodes with this vault's key share."""
    if not settings.redis_url.reveal():
        return InProcessBus()
    # Here, since an installation of one node should not wait for the library at a start.
    from signaling.bus.over_redis import RedisBus

    return RedisBus(settings.redis_url.reveal(), vault.digest("channel", "bus")[:32])


async def _keep_house(services: Services, settings: Settings) -> None:
    store, clock = services.store, services.clock

    def forget(session: Session) -> None:
        sign_in.forget_old(session, clock.wall(), settings.sign_in_policy)
        invitations.forget_old(session, clock.wall())
        appointments.forget_names(session, clock.wall())
        recaps.forget_old(session, clock.wall())
        outbox.forget_old(session, clock.wall())
        concierge.subscribers.forget_old(session, clock.wall())
        concierge.notices.forget_old(session, clock.wall())
        concierge.view_days.forget_old(session, clock.wall().astimezone(JST).date())
        concierge.slot_lists.forget_old(session, clock.wall())
        concierge.proposals.forget_old(session, clock.wall())

    while True:
        try:
            await store.write(forget)
            await services.note_desk.forget_abandoned()
            await services.document_desk.tidy()
            await services.still_desk.forget_abandoned()
            await services.recording_desk.tidy()
            await services.transcript_desk.keeping.tidy()
            await services.decision_desk.close_due()
            await services.ballot_desk.remind_due()
            await services.ballot_desk.forget_old()
            await services.bundle_desk.forget_old()
            await chains.note_daily(store, services.vault, clock, settings.data_dir, settings.heads_mail_to)
            closed = await close_abandoned(store, services.rooms, clock.wall(), ABANDONED_AFTER)
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
