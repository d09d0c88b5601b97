"""The real server in a process of its own, with relays in front of it that can make its clients' lives hard.

Clients are told the relays' addresses: signalling goes through a `TcpRelay`, media through a `UdpRelay` on
another loopback address with the server's own port. The server can be killed and started again behind them.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from livekit import rtc

from signaling.rtc.tokens import mint
from signaling.settings import DEV_API_KEY, DEV_API_SECRET
from tests.network import Access, TcpRelay, UdpRelay

SERVER, RELAY = "127.0.0.1", "127.0.0.2"
START_TIMEOUT_S = 30.0
PATIENCE_S = 20.0
_COMMAND = "import sys; from signaling.__main__ import main; sys.exit(main())"
# As a supervisor does that keeps the listening socket (sd_listen_fds(3)): it is descriptor 3.
_HANDED_ON = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3, inheritable=True); "
    "os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'}; "
    "os.execv(sys.executable, [sys.executable, '-c', *sys.argv[2:]])"
)


class FarServer:
    """Async context manager. `signalling` and `media` are the relays, `url` what clients connect to.

    Everybody has a way of their own through the media relay: `access` holds it by identity. A socket belongs
    to whoever is `joining` when its first packet comes. With `keeps_door` the listening socket outlives the
    server's process.
    """

    def __init__(self, *, keeps_door: bool = False) -> None:
        self._keeps_door = keeps_door
        self._door: socket.socket | None = None
        self.access: dict[str, Access] = {}
        self.joining = ""
        self.pid = 0
        self.media: UdpRelay
        self.signalling: TcpRelay
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process
        self._folder = ""
        self._port = 0

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"ws://{SERVER}:{self.signalling.port}"

    async def __aenter__(self) -> Self:
        self._folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="genba-bench-"))
        self._port, media_port = _free_port(), _free_port()
        if self._keeps_door:
            self._door = self._stack.enter_context(socket.create_server((SERVER, self._port)))
        self.media = UdpRelay((SERVER, media_port), (RELAY, media_port), self._access_of)
        await self._stack.enter_async_context(self.media)
        self.signalling = await self._stack.enter_async_context(TcpRelay((SERVER, self._port)))
        await self.start()
        self._stack.push_async_callback(self.kill)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def direct_url(self) -> str:
        """The way past the relay of signalling, for those whom no accident befalls."""
        return f"ws://{SERVER}:{self._port}"

    def set_down(self, is_down: bool) -> None:
        """Nothing passes either relay, for nobody; or everything again."""
        self.signalling.set_down(is_down)
        for access in self.access.values():
            access.set(is_down=is_down)

    async def start(self) -> None:
        """Start the server and wait until it answers requests."""
        options = ["--dev", "--data", self._folder, "--host", SERVER]
        ports = ["--port", str(self._port), "--media-port", str(self.media.listen[1])]
        command, passed = ["-c", _COMMAND], []
        if self._door is not None:
            command, passed = ["-c", _HANDED_ON, str(self._door.fileno()), _COMMAND], [self._door.fileno()]
        log = await asyncio.to_thread(open, os.path.join(self._folder, "log"), "ab")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, *command, "serve", *options, *ports),
                pass_fds=passed,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"GENBA_MEDIA_ADVERTISED": RELAY, "GENBA_MEDIA_TCP": "no"},
            )
        self.pid = self._process.pid
        async with asyncio.timeout(START_TIMEOUT_S):
            while True:
                try:
                    reader, writer = await asyncio.open_connection(SERVER, self._port)
                    # It listens before it is ready; who calls then waits for an answer.
                    writer.write(b"GET /healthz HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n")
                    is_there = bool(await reader.readline())
                    writer.close()
                    if is_there:
                        return
                except OSError:
                    await asyncio.sleep(0.01)
                if self._process.returncode is not None:
                    raise RuntimeError(f"the server ended: {self._log()}")

    async def kill(self) -> None:
        """SIGKILL, without a word to anybody."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM: it says good-bye to everybody and ends."""
        self._process.terminate()
        await self._process.wait()

    async def join(
        self, identity: str, *, is_single: bool = True, room: str = "room", url: str = ""
    ) -> rtc.Room:
        """A participant on the unmodified SDK."""
        self.joining = identity
        participant = rtc.Room()
        options = rtc.RoomOptions(single_peer_connection=is_single)
        async with asyncio.timeout(PATIENCE_S):
            await participant.connect(url or self.url, self.token(identity, room), options)
        return participant

    def token(self, identity: str, room: str = "room") -> str:
        """What lets somebody in."""
        return mint(
            api_key=DEV_API_KEY,
            api_secret=DEV_API_SECRET,
            identity=identity,
            name=identity,
            room=room,
            now=time.time(),
            ttl_s=3600,
            can_update_own_metadata=True,
        )

    def _access_of(self, fragment: str) -> Access:
        return self.access.setdefault(self.joining, Access(seed=len(self.access)))

    def _log(self) -> str:
        with open(os.path.join(self._folder, "log"), encoding="utf-8") as file:
            return "".join(itertools.islice(file, 50))


def _free_port() -> int:
    """A port free for TCP, and most likely for UDP."""
    with socket.socket() as probe:
        probe.bind((SERVER, 0))
        port: int = probe.getsockname()[1]
        return port
