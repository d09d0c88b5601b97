"""A push service and the browsers behind it: real HTTP on loopback, and messages that are really decrypted.

The decryption is RFC 8291 and RFC 8188 section 2 by hand, so that sender and receiver share no code.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_bytes, token_hex
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

REASONS = {201: "Created", 410: "Gone", 429: "Too Many Requests", 404: "Not Found", 302: "Found"}


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


class Device:
    """A browser's subscription: its keys, and how it reads what arrives."""

    def __init__(self, origin: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = token_bytes(16)
        self.path = f"/push/{token_hex(8)}"
        self.endpoint = origin + self.path

    def subscription(self, label: str = "Chrome, Android") -> dict[str, str]:
        """What the page sends to our server."""
        keys = {"p256dh": _unpadded(self._point()), "auth": _unpadded(self._secret)}
        return {"endpoint": self.endpoint, "language": "ja", "label": label} | keys

    def read(self, content: bytes) -> Any:
        """Decrypt one message of one record; Any: what is in JSON."""
        salt, key_length = content[:16], content[20]
        sender, record = content[21 : 21 + key_length], content[21 + key_length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self._key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + self._point() + sender
        secret = _derived(shared, self._secret, info, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02", "not the last record"
        return json.loads(plain[:-1])

    def _point(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    content: bytes


@dataclass
class PushService:
    """Answers `status` and keeps what came."""

    origin: str = ""
    status: list[int] = field(default_factory=lambda: [201])
    received: list[Received] = field(default_factory=list)

    def bodies(self, device: Device) -> list[Any]:  # Any: as read
        """Everything that came for a device, decrypted, in order."""
        return [device.read(each.content) for each in self.received if each.path == device.path]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request per connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received.append(Received(head[0].split(" ")[1], headers, content))
        status = self.status.pop(0) if len(self.status) > 1 else self.status[0]
        location = "Location: http://127.0.0.1:1/\r\n" if status == 302 else ""
        line = f"HTTP/1.1 {status} {REASONS[status]}\r\n{location}"
        writer.write(f"{line}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


def claims_of(received: Received, public_key: str) -> dict[str, Any]:  # Any: claims
    """What the VAPID header claims, its signature checked with the key browsers were given (RFC 8292)."""
    scheme, _, rest = received.headers["authorization"].partition(" ")
    parameters = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid" and parameters["k"] == public_key
    raw = base64.urlsafe_b64decode(public_key + "==")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    claims: dict[str, Any] = jwt.decode(
        parameters["t"], key, algorithms=["ES256"], audience=f"http://{received.headers['host']}"
    )
    return claims


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """A push service on loopback."""
    service = PushService()
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    service.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield service
