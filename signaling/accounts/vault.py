"""Secrets at rest: one random master key in the data directory, and what is derived from it.

The key file (mode 0600) is made on first use and stays outside the database, so a stolen database or
backup of it opens no authenticator, no invitation and no session. Derived by HKDF-SHA256 (RFC 5869): an
AES-256-GCM key for values that must be read again, an HMAC-SHA256 key for tokens that are only compared, an
Ed25519 key (RFC 8032) that seals what others have to be able to check.
A sealed value is bound to its place (`context`), so a row copied onto another row does not open.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_FILE = "master.key"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class VaultSealed(Exception):
    """A sealed value does not open: wrong key file, or the row was tampered with."""


class Vault:
    """Seals, opens and digests with keys derived from `master_key` (32 bytes)."""

    def __init__(self, master_key: bytes) -> None:
        self._sealing = AESGCM(_derive(master_key, b"genba sealing v1"))
        self._digesting = _derive(master_key, b"genba digest v1")
        self.signing_key = Ed25519PrivateKey.from_private_bytes(_derive(master_key, b"genba signing v1"))

    def seal(self, plain: str, context: str) -> str:
        """Encrypt `plain` for the place `context`, as base64url."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._sealing.encrypt(nonce, plain.encode(), context.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, context: str) -> str:
        """Decrypt what `seal` made for the same place; raises VaultSealed."""
        try:
            raw = base64.urlsafe_b64decode(sealed.encode())
            return self._sealing.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise VaultSealed from error

    def digest(self, secret: str, purpose: str) -> str:
        """What the database keeps of a random token or code: HMAC-SHA256 as hex."""
        message = purpose.encode() + b"\0" + secret.encode()
        return hmac.new(self._digesting, message, hashlib.sha256).hexdigest()


def open_vault(directory: Path) -> Vault:
    """The vault of a data directory; its key is made on first use."""
    return Vault(read_or_make(directory / MASTER_KEY_FILE, lambda: secrets.token_bytes(_KEY_BYTES)))


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of a private file (mode 0600), made once, complete or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: then its file counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


def _derive(master_key: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(master_key)
