"""封印: what the installation signs, Ed25519 (RFC 8032) over the SHA-256 of a text, written in hexadecimal.

A seal shows that the holder of a key wrote something, whose key that is, its fingerprint shows: it is noted
outside. Sans-IO.
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal(text_hash: str, key: Ed25519PrivateKey) -> str:
    """The seal over a digest."""
    return key.sign(bytes.fromhex(text_hash)).hex()


def is_sealed(text_hash: str, sealed: str, key: Ed25519PublicKey) -> bool:
    """Whether this is the seal over a digest, by this key; nothing is expected of either."""
    try:
        key.verify(bytes.fromhex(sealed), bytes.fromhex(text_hash))
    except (InvalidSignature, ValueError):
        return False
    return True


def written(key: Ed25519PublicKey) -> str:
    """A public key as it is written down."""
    return _raw(key).hex()


def read(text: str) -> Ed25519PublicKey:
    """The public key that was written down so. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key: what is compared with the one noted outside."""
    return hashlib.sha256(_raw(key)).hexdigest()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
