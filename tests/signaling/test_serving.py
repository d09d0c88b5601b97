"""The real process: both ports, one lifespan, events, sockets with long lines, graceful end."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import websockets
from cryptography import x509
from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest, SignalResponse

from signaling import certificates, demo
from signaling.accounts import one_time_codes
from signaling.rtc.tokens import mint

START_TIMEOUT_S = 60.0


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    """`genba demo` and `genba serve` on free ports; answers the process and both base URLs."""
    command = (sys.executable, "-m", "signaling")
    made = await asyncio.create_subprocess_exec(*command, "demo", "--data", str(folder), stdout=-3)
    assert await made.wait() == 0
    ports = ("--port", "0", "--tls-port", "0", "--media-port", "0", "--host", "127.0.0.1")
    process = await asyncio.create_subprocess_exec(
        *command, "serve", "--dev", "--data", str(folder), *ports, stdout=asyncio.subprocess.PIPE, stderr=-3
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            told = b"".join([await process.stdout.readline() for _ in range(3)]).decode()
        plain, secure = re.findall(r"https?://[\w.]+:\d+", told)
        yield process, plain, secure
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _sign_in(client: httpx.AsyncClient) -> None:
    await client.post("/api/sign-in", json={"staff_no": "F1001", "password": demo.PASSWORD})
    code = one_time_codes.current_code(demo.secret_of("F1001"), datetime.now(UTC))
    answer = await client.post("/api/sign-in/otp", json={"code": code})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_a_process_serves_events_sockets_and_tls_and_ends_gracefully(tmp_path: Path) -> None:
    async def scene() -> None:
        async with _server(tmp_path) as (process, plain, secure):
            trust = ssl.create_default_context(cafile=str(tmp_path / "tls.crt"))
            async with httpx.AsyncClient(base_url=secure, verify=trust, timeout=20) as client:
                assert (await client.get("/healthz")).text == "OK"
                await _sign_in(client)
                async with client.stream("GET", "/api/events") as events:
                    lines = events.aiter_lines()
                    assert await anext(lines) == "retry: 2000"
                    call = (await client.post("/api/calls", json={})).json()["call"]["id"]
                    async with asyncio.timeout(20):
                        while await anext(lines) != "event: calls":
                            pass  # others came, with this page
                    await _refused_socket(plain, call)
                    await _refused_socket(plain, call, "&reconnect=1&sid=PA_theirs")

                    async with websockets.connect(_socket_url(plain, "S-somebody", "no call")) as signals:
                        async with asyncio.timeout(20):
                            assert _response(await signals.recv()).HasField("join"), "they are in"
                        process.send_signal(signal.SIGTERM)
                        farewell = await _farewell(signals)
                        assert farewell.reason == DisconnectReason.SERVER_SHUTDOWN
                        assert farewell.action == LeaveRequest.Action.RECONNECT, "an update ends no call"
                    async with asyncio.timeout(20):
                        assert [line async for line in lines if line.startswith("event: nothing")] == []
                        assert await process.wait() == 0

    asyncio.run(scene())


def _socket_url(plain: str, identity: str, room: str) -> str:
    """Signalling with a token that is valid, on a line longer than the library's default."""
    now = datetime.now(UTC).timestamp()
    token = mint(
        api_key="devkey",
        api_secret="secret",
        identity=identity,
        name="",
        room=room,
        now=now,
        ttl_s=60,
        metadata="x" * 9000,
    )
    return f"{plain.replace('http', 'ws')}/rtc?access_token={token}&protocol=15"


def _response(frame: str | bytes) -> SignalResponse:
    return SignalResponse.FromString(frame if isinstance(frame, bytes) else b"")


async def _farewell(signals: websockets.ClientConnection) -> LeaveRequest:
    async with asyncio.timeout(20):
        async for frame in signals:
            if (response := _response(frame)).HasField("leave"):
                return response.leave
    raise AssertionError("the socket closed without a word")


async def _refused_socket(plain: str, room: str, parameters: str = "") -> None:
    """A guest who is none gets in neither by joining nor by resuming."""
    url = _socket_url(plain, "G-nobody", room) + parameters
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(url):
            pass
    assert refused.value.response.status_code == 401
    assert refused.value.response.body == b"no longer invited to this call"


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    async def scene() -> tuple[int | None, str]:
        async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as taken:
            port = taken.sockets[0].getsockname()[1]
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "signaling", "serve", "--host", "127.0.0.1"),
                *("--port", str(port), "--data", str(tmp_path)),
                stderr=asyncio.subprocess.PIPE,
            )
            _, told = await process.communicate()
            return process.returncode, told.decode()

    status, told = asyncio.run(scene())

    assert status == 1
    assert "cannot listen on 127.0.0.1" in told and "Traceback" not in told


def test_a_certificate_names_every_address_and_is_made_once(tmp_path: Path) -> None:
    at = datetime.now(UTC)
    files = certificates.self_signed(tmp_path, ["192.0.2.7", "2001:db8::7"], at)
    first = files.certificate.read_bytes()
    names = x509.load_pem_x509_certificate(first).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    addresses = {str(address) for address in names.value.get_values_for_type(x509.IPAddress)}
    assert addresses == {"127.0.0.1", "::1", "192.0.2.7", "2001:db8::7"}
    assert files.key.stat().st_mode & 0o777 == 0o600

    assert certificates.self_signed(tmp_path, ["192.0.2.7"], at).certificate.read_bytes() == first
    certificates.self_signed(tmp_path, ["192.0.2.8"], at)
    second = files.certificate.read_bytes()
    assert second != first
    certificates.self_signed(tmp_path, ["192.0.2.8"], at + timedelta(days=380))
    assert files.certificate.read_bytes() != second


def test_a_socket_that_a_supervisor_keeps_is_served_by_one_process_after_another(tmp_path: Path) -> None:
    """As systemd does it: whoever calls between two processes waits instead of being refused."""
    launch = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3, inheritable=True); "
        "os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'}; "
        "os.execv(sys.executable, [sys.executable, '-m', 'signaling', *sys.argv[2:]])"
    )

    async def start(listener: socket.socket) -> asyncio.subprocess.Process:
        number = str(listener.fileno())
        options = ("serve", "--dev", "--data", str(tmp_path), "--host", "127.0.0.1", "--media-port", "0")
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", launch, number, *options, "--port", "1"),
            pass_fds=[listener.fileno()],
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def scene() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/healthz"
            first = await start(listener)
            async with httpx.AsyncClient(timeout=START_TIMEOUT_S) as client:
                assert (await client.get(url)).text == "OK"
                first.kill()
                await first.wait()
                asked = asyncio.create_task(client.get(url))  # while nobody is there
                second = await start(listener)
                try:
                    assert (await asked).text == "OK"
                finally:
                    second.terminate()
                    await second.wait()

    asyncio.run(scene())
