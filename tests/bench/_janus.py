"""Janus, the SFU our cost is held against: Debian's package with its VideoRoom plugin and nothing else.

It runs as ICE-lite server on the address it is given, from a folder of its own, and is spoken to over its
WebSocket API. Publisher and viewers are the same `Peer` that our own server gets.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from websockets.asyncio.client import ClientConnection, connect

from tests.peers import Peer

API_PORT = 8188
ROOM = 1
PATIENCE_S = 15.0
_LIBRARIES = ("plugins/libjanus_videoroom.so", "transports/libjanus_websockets.so")
_CONFIGURATION = {
    "janus.jcfg": """
general: {{
    plugins_folder = "{folder}/plugins"
    transports_folder = "{folder}/transports"
    events_folder = "{folder}/none"
    loggers_folder = "{folder}/none"
    debug_level = 2
    session_timeout = 0
}}
nat: {{
    ice_lite = true
    ice_enforce_list = "{address}"
}}
""",
    "janus.plugin.videoroom.jcfg": "general: {{}}\n",
    "janus.transport.websockets.jcfg": """
general: {{
    ws = true
    ws_port = {port}
    ws_ip = "127.0.0.1"
    json = "compact"
}}
""",
}


def why_not() -> str:
    """Empty when Janus can run here, else what is missing."""
    if shutil.which("janus") is None:
        return "janus is not installed (as root on Debian: apt-get install janus)"
    return "" if _library_folder() is not None else "janus has no VideoRoom plugin or no WebSocket transport"


def _library_folder() -> Path | None:
    folders = Path("/usr/lib").glob("*/janus")
    return next((f for f in folders if all((f / library).exists() for library in _LIBRARIES)), None)


class Janus:
    """One running Janus with one room."""

    def __init__(self, pid: int, socket: ClientConnection) -> None:
        self.pid = pid
        self._socket = socket
        self._numbers = itertools.count()
        self._session: dict[str, int] = {}
        self._feed = 0

    async def open_room(self) -> None:
        """A session, and a room that limits nothing."""
        created = await self._ask({"janus": "create"}, "success")
        self._session = {"session_id": created["data"]["id"]}
        handle = await self._attach()
        settings = {"room": ROOM, "publishers": 1, "bitrate": 0, "fir_freq": 0, "notify_joining": False}
        codecs = {"audiocodec": "opus", "videocodec": "vp8"}
        await self._message(handle, {"request": "create"} | settings | codecs, "success")

    async def publish(self, peer: Peer) -> None:
        """Connect a peer that sends; its offer is answered."""
        handle = await self._attach()
        joined = await self._message(handle, {"request": "join", "ptype": "publisher", "room": ROOM})
        self._feed = joined["plugindata"]["data"]["id"]
        offer = {"type": "offer", "sdp": peer.offer().replace("\n", "\r\n")}
        answer = await self._message(handle, {"request": "publish"}, jsep=offer)
        await peer.connect(answer["jsep"]["sdp"])
        await self._said("webrtcup")  # only now can others subscribe

    async def watch(self, peer: Peer) -> None:
        """Connect a peer that receives everything published; it answers Janus' offer."""
        handle = await self._attach()
        join = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": self._feed}]}
        offer = (await self._message(handle, join))["jsep"]["sdp"]
        answer = {"type": "answer", "sdp": peer.answer_to(offer)}
        await self._message(handle, {"request": "start"}, jsep=answer)
        await peer.connect(offer)

    async def _attach(self) -> int:
        attached = await self._ask({"janus": "attach", "plugin": "janus.plugin.videoroom"}, "success")
        handle: int = attached["data"]["id"]
        return handle

    async def _message(
        self, handle: int, body: dict[str, Any], kind: str = "event", *, jsep: dict[str, str] | None = None
    ) -> dict[str, Any]:
        request: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        answer = await self._ask(request | ({"jsep": jsep} if jsep else {}), kind)
        if "error" in answer["plugindata"]["data"]:
            raise ValueError(f"Janus refused {body['request']}: {answer['plugindata']['data']['error']}")
        return answer

    async def _said(self, kind: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while json.loads(await self._socket.recv())["janus"] != kind:
                pass

    async def _ask(self, request: dict[str, Any], kind: str) -> dict[str, Any]:
        transaction = str(next(self._numbers))
        await self._socket.send(json.dumps(request | self._session | {"transaction": transaction}))
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer: dict[str, Any] = json.loads(await self._socket.recv())
                if answer.get("transaction") != transaction or answer["janus"] == "ack":
                    continue  # what Janus says by itself: webrtcup, media, somebody published
                if answer["janus"] != kind:
                    raise ValueError(f"Janus answered {answer}")
                return answer


@asynccontextmanager
async def janus(address: str) -> AsyncIterator[Janus]:
    """Start Janus on this address of a private network, and end it."""
    with tempfile.TemporaryDirectory(prefix="genba-janus-") as folder, _prepared(folder, address) as log:
        process = await asyncio.create_subprocess_exec(
            "janus", "-F", folder, "-o", stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            socket = await _connected(process)
            server = Janus(process.pid, socket)
            await server.open_room()
            yield server
            await socket.close()
        finally:
            if process.returncode is None:
                os.kill(process.pid, signal.SIGKILL)  # it has nothing to save, and says good-bye slowly
                await process.wait()


@contextmanager
def _prepared(folder: str, address: str) -> Iterator[BinaryIO]:
    """Configuration and nothing but the two libraries that are needed; yields the file for the log."""
    libraries = _library_folder()
    assert libraries is not None, why_not()
    for library in _LIBRARIES:
        link = Path(folder, library)
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(libraries / library)
    for name, text in _CONFIGURATION.items():
        Path(folder, name).write_text(text.format(folder=folder, address=address, port=API_PORT))
    with open(Path(folder, "log"), "wb") as log:
        yield log


async def _connected(process: asyncio.subprocess.Process) -> ClientConnection:
    async with asyncio.timeout(PATIENCE_S):
        while process.returncode is None:
            try:
                return await connect(
                    f"ws://127.0.0.1:{API_PORT}",
                    subprotocols=["janus-protocol"],  # type: ignore[list-item]  # a NewType of str
                    proxy=None,
                    ping_interval=None,
                    close_timeout=0.1,  # Janus leaves a closing handshake unanswered
                )
            except OSError:
                await asyncio.sleep(0.05)
    raise ValueError(f"janus ended with status {process.returncode}")
