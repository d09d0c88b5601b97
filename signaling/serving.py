"""Serving: HTTP and HTTPS in one process, on one loop, around one lifespan.

uvicorn speaks HTTP; it neither runs the lifespan nor catches signals here, because two of its servers share
one application. The first SIGTERM or SIGINT ends gracefully: event streams close, requests finish, rooms
say good-bye; a second one does not wait.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette

from signaling import certificates
from signaling.api.services import Services
from signaling.app import create_app
from signaling.beside import told_to_stop
from signaling.listening import Listeners
from signaling.rtc.livekit_http import UVICORN_OPTIONS
from signaling.settings import Settings

GRACE_S = 5

log = logging.getLogger(__name__)


async def serve(settings: Settings, listeners: Listeners, ready: Callable[[], None]) -> None:
    """Answer whoever comes to the listeners, until a signal; `ready` is called once everything is there."""
    app = create_app(settings)
    servers = [(_Server(_config(app, {})), listeners.plain)]
    if listeners.secure is not None:
        files = await asyncio.to_thread(
            certificates.self_signed, settings.data_dir, certificates.lan_addresses(), datetime.now(UTC)
        )
        tls = {"ssl_certfile": str(files.certificate), "ssl_keyfile": str(files.key)}
        servers.append((_Server(_config(app, tls)), listeners.secure))
    async with app.router.lifespan_context(app):
        with _stopping(app, [server for server, _ in servers]):
            async with asyncio.TaskGroup() as tasks:
                for server, listener in servers:
                    tasks.create_task(server.serve([listener]))
                ready()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # `serve` does


def _config(app: Starlette, tls: dict[str, Any]) -> uvicorn.Config:  # Any: uvicorn's keyword arguments
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        proxy_headers=False,  # the application does, from trusted proxies only
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        **UVICORN_OPTIONS,
        **tls,
    )


@contextlib.contextmanager
def _stopping(app: Starlette, servers: list[_Server]) -> Iterator[None]:
    services: Services = app.state.services

    def stop() -> None:
        log.info("stopping")
        # Before anybody is sent away: who comes back at once shall find the next process, not this one. In
        # the queue of a socket that a supervisor keeps, or at a closed door.
        for server in servers:
            for listening in getattr(server, "servers", ()):
                listening.close()
        services.hub.close()
        services.rooms.shut_down()  # while sockets are open that can say so
        for server in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    with told_to_stop(stop):
        yield
