"""Whether a picture is the one that was taken: its manifest, the device's signature, a verdict per file.

A still is evidence by three small files beside the picture. The *manifest* (RFC 8785 canonical JSON) says
what the picture is (SHA-256, size), when, where, by whom and by which device key. The *signature* is the
device's, ECDSA P-256 over SHA-256 of the manifest's bytes (r and s, 64 bytes, as WebCrypto writes them); its
file also holds the hashes of manifest and key. The *public key* is a DER SubjectPublicKeyInfo (RFC 5480).
Each file is thus bound twice, which is why one changed byte can be traced to its file. Sans-IO.

What this proves: whoever held the device's key made this manifest, and the picture is the one it names.
Whether that key is one of ours the fingerprint tells, compared with the installation's list.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "signature.json", "public_key.der"
ORIGINALS = {
    "image/jpeg": "original.jpg",
    "image/png": "original.png",
    "image/webp": "original.webp",
}
ALGORITHM = "ES256"
MAX_FILE_BYTES = 100_000_000
"""More than any still has; what an archive claims beyond that is not unpacked."""
_HALF_BYTES = 32
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class KeyRefused(Exception):
    """This is no ECDSA P-256 public key as a DER SubjectPublicKeyInfo."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One file and what is wrong with it: `missing`, `unexpected`, `changed`."""

    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, nothing when the still is whole; `manifest` is empty unless it can be trusted."""

    faults: tuple[Fault, ...]
    key_sha256: str
    manifest: Mapping[str, Any] = field(default_factory=dict)  # JSON

    @property
    def is_whole(self) -> bool:
        """Every file is as it was when the still was taken."""
        return not self.faults


def canonical(value: Any) -> bytes:
    """RFC 8785 canonical JSON of what JSON can say."""
    return rfc8785.dumps(value)


def sha256(content: bytes) -> str:
    """Lowercase hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_key(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """A device's public key; raises KeyRefused for any other kind and any other way to write it."""
    try:
        key = load_der_public_key(public_key)
    except Exception as error:  # the library raises several kinds for what is no key
        raise KeyRefused from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyRefused
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != public_key:
        raise KeyRefused
    return key


def is_signed(manifest: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the key's holder signed exactly these bytes; False also for what is no key or signature."""
    if len(signature) != 2 * _HALF_BYTES:
        return False
    r, s = (int.from_bytes(half) for half in (signature[:_HALF_BYTES], signature[_HALF_BYTES:]))
    try:
        read_key(public_key).verify(encode_dss_signature(r, s), manifest, ec.ECDSA(SHA256()))
    except (InvalidSignature, KeyRefused, ValueError):
        return False
    return True


def signature_file(manifest: bytes, signature: bytes, public_key: bytes) -> bytes:
    """The bytes of `signature.json`."""
    return canonical(
        {
            "alg": ALGORITHM,
            "manifest_sha256": sha256(manifest),
            "public_key_sha256": sha256(public_key),
            "signature": signature.hex(),
        }
    )


def examine(files: Mapping[str, bytes]) -> Verdict:
    """The verdict on an exported still; `files` are the contents by name."""
    known = {MANIFEST, SIGNATURE, PUBLIC_KEY}
    originals = [name for name in ORIGINALS.values() if name in files]
    missing = [*(name for name in sorted(known) if name not in files), *([] if originals else ["original"])]
    if missing:
        return Verdict(tuple(Fault(name, "missing") for name in missing), "")
    faults = [Fault(name, "unexpected") for name in sorted(set(files) - known - set(originals[:1]))]
    manifest, public_key = _object(files[MANIFEST]), files[PUBLIC_KEY]
    changed = _changed_around(files, manifest)
    picture = manifest.get("picture") if manifest else None
    if not changed and isinstance(picture, dict):
        name, content = originals[0], files[originals[0]]
        found = {"file": name, "sha256": sha256(content), "size_bytes": len(content)}
        if any(picture.get(fact) != value for fact, value in found.items()):
            changed.append(name)
    faults += [Fault(name, "changed") for name in changed]
    is_trusted = MANIFEST not in changed and PUBLIC_KEY not in changed and SIGNATURE not in changed
    return Verdict(tuple(faults), sha256(public_key), manifest if manifest and is_trusted else {})


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP whose bytes depend on these files and their order alone: stored, without times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 3
            archive.writestr(entry, content)
    return target.getvalue()


def examine_archive(name: str, content: bytes) -> Verdict:
    """The verdict on a ZIP as `packed` writes it; a fault of the archive itself is one of `name`."""
    files: dict[str, bytes] = {}
    damaged = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                try:
                    files[entry.filename] = _unpacked(archive, entry)
                except Exception:  # zipfile has a dozen ways to say that bytes are wrong
                    damaged.append(entry.filename)
    except Exception:
        return Verdict((Fault(name, "changed"),), "")
    if damaged:
        return Verdict(tuple(Fault(each, "changed") for each in damaged), "")
    verdict = examine(files)
    if verdict.is_whole and packed(files) != content:
        return Verdict((Fault(name, "changed"),), verdict.key_sha256)
    return verdict


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > MAX_FILE_BYTES:
        raise zipfile.BadZipFile
    return archive.read(entry)


def _changed_around(files: Mapping[str, bytes], manifest: dict[str, Any] | None) -> list[str]:
    """Which of manifest, signature and key are not what the other two say."""
    changed = []
    seal = _seal(files[SIGNATURE])
    key_sha256, manifest_sha256 = sha256(files[PUBLIC_KEY]), sha256(files[MANIFEST])
    device = manifest.get("device") if manifest else None
    key_by_manifest = device.get("key_sha256") if isinstance(device, dict) else None
    key_by_seal = seal["public_key_sha256"] if seal else None
    if key_sha256 not in (key_by_manifest, key_by_seal):
        return [PUBLIC_KEY]  # nothing else can be said without it
    if manifest is None or key_by_manifest != key_sha256 or not isinstance(manifest.get("picture"), dict):
        changed.append(MANIFEST)
    if seal is None or key_by_seal != key_sha256:
        return [*changed, SIGNATURE]
    if is_signed(files[MANIFEST], bytes.fromhex(seal["signature"]), files[PUBLIC_KEY]):
        return changed if seal["manifest_sha256"] == manifest_sha256 else [*changed, SIGNATURE]
    suspect = SIGNATURE if seal["manifest_sha256"] == manifest_sha256 else MANIFEST
    return changed if suspect in changed else [*changed, suspect]


def _object(content: bytes) -> dict[str, Any] | None:
    """A JSON object written canonically, or None."""
    try:
        value = json.loads(content, parse_float=_no_fraction)
        is_canonical = isinstance(value, dict) and canonical(value) == content
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return None
    return value if is_canonical else None


def _no_fraction(number: str) -> float:
    raise ValueError(number)  # a manifest has none, so that writing numbers is no question of taste


_SEAL_LENGTHS = {"manifest_sha256": 64, "public_key_sha256": 64, "signature": 128}


def _seal(content: bytes) -> dict[str, str] | None:
    """The signature file, or None where it is not written as `signature_file` does."""
    seal = _object(content)
    if seal is None or set(seal) != {"alg", *_SEAL_LENGTHS} or seal["alg"] != ALGORITHM:
        return None
    for name, length in _SEAL_LENGTHS.items():
        value = seal[name]
        if not isinstance(value, str) or len(value) != length or set(value) - set("0123456789abcdef"):
            return None
    return seal
