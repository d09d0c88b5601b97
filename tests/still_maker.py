"""What a field worker's device does, for tests: a key, a picture, a manifest, a signature."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from field_assist import Person, calls, evidence, stills
from signaling.api.services import Services
from signaling.pictures import EDGES_PX, copy_of

Json = dict[str, Any]  # what a manifest holds is the test's business


def picture(
    width: int = 64, height: int = 48, kind: str = "JPEG", orientation: int = 1, text: str = ""
) -> bytes:
    """A small picture, red on the left and blue on the right; `text` is hidden in its EXIF data."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    if text:
        exif[0x010E] = text
    target = io.BytesIO()
    image.save(target, kind, exif=exif)
    return target.getvalue()


@dataclass
class Device:
    """A device with a key of its own."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, content: bytes) -> bytes:
        """As WebCrypto does: r and s, 32 bytes each."""
        r, s = decode_dss_signature(self.key.sign(content, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def manifest(self, content: bytes, **changed: Any) -> Json:
        """What it says of a picture of 64 x 48."""
        said = {
            "v": 1,
            "kind": "still",
            "id": str(uuid4()),
            "taken_at": "2026-11-24T10:21:07.250+09:00",
            "call": {"id": "call", "number": "R8-東土-0142"},
            "case": None,
            "by": {"id": "staff", "name": "川上 拓也"},
            "device": {"key_sha256": evidence.sha256(self.public_key), "label": "タブレット"},
            "picture": {
                "file": "original.jpg",
                "media_type": "image/jpeg",
                "width": 64,
                "height": 48,
                "size_bytes": len(content),
                "sha256": evidence.sha256(content),
            },
            "camera": {"way": "photo", "of": "S-staff", "label": "", "max_width": 64, "max_height": 48},
            "place": {"latitude_e7": 352345678, "longitude_e7": 1354852471, "accuracy_cm": 800},
            "heading_cdeg": 12350,
            "board": {
                "work": "川辺橋 P2橋脚 ひび割れ調査",
                "work_type": "橋梁補修工",
                "spot": "P2 上流側",
                "witness": "早瀬 専門職員",
                "designed": "",
                "measured": "0.4 mm",
                "note": "",
            },
            "consent": "nobody",
        }
        return said | changed

    def exported(self, content: bytes, **changed: Any) -> dict[str, bytes]:
        """The four files of an export."""
        manifest = evidence.canonical(self.manifest(content, **changed))
        return {
            "original.jpg": content,
            "manifest.json": manifest,
            "signature.json": evidence.signature_file(manifest, self.sign(manifest), self.public_key),
            "public_key.der": self.public_key,
        }


class Stills:
    """Stills of one member of staff, put into an installation without a browser."""

    def __init__(self, parts: Services, taker: Person) -> None:
        self._parts = parts
        self._taker = taker
        self._device = Device()

    async def signed(self, call_id: str) -> tuple[Json, bytes]:
        """A manifest for this call and its picture; its key is registered."""
        desk, content = self._parts.still_desk, picture()
        await desk.register_key(self._taker, self._device.public_key, "tablet", "")
        sheet = await self._parts.store.read(lambda session: calls.sheet(session, call_id))
        said = {
            "call": {"id": call_id, "number": sheet.call.number},
            "by": {"id": self._taker.id, "name": self._taker.name},
        }
        return self._device.manifest(content, **said), content

    async def body(self, call_id: str) -> Json:
        """What announces it."""
        manifest = evidence.canonical((await self.signed(call_id))[0])
        return {"manifest": manifest.decode(), "signature": self._device.sign(manifest).hex()}

    async def arrived(self, call_id: str, *, complete: bool) -> str:
        """The id of one whose bytes are here; completed without being decoded, which takes a process."""
        manifest, content = await self.signed(call_id)
        desk, text = self._parts.still_desk, evidence.canonical(manifest)
        await desk.begin(self._taker, call_id, text.decode(), self._device.sign(text).hex())
        if not complete:
            return str(manifest["id"])
        still = await desk.add(self._taker, manifest["id"], 0, content)
        at = self._parts.clock.wall()
        await self._parts.store.write(lambda session: stills.complete(session, still, at))
        for edge in EDGES_PX:
            desk.files.path(copy_of(Path(still.id), edge).name).write_bytes(b"RIFF")
        return still.id

    def key_id(self) -> str:
        """The fingerprint of its device."""
        return evidence.sha256(self._device.public_key)
