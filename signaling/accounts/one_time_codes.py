"""Time-based one-time passwords (RFC 6238, six digits, 30 s, SHA-1) and recovery codes, without IO.

A code is accepted one step early or late, because clocks differ, and each step is accepted once (RFC 6238
section 5.2): whoever reads a code over a shoulder cannot use it again. All three candidates are always
compared, in constant time. Sans-IO.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

import pyotp

STEP_S = 30
WINDOW_STEPS = 1
"""RFC 6238 section 5.2 recommends at most one step of drift."""

RECOVERY_CODE_COUNT = 10
RECOVERY_CODE_BYTES = 10
"""80 random bits: a hash of them cannot be searched, so no slow hash is needed."""

_RECOVERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters without 0, 1, I and O."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok` with the step to remember, `used` for a replay, `wrong` for anything else."""

    kind: Literal["ok", "used", "wrong"]
    step: int = 0


def check(secret: str, typed: str, at: datetime, last_used_step: int | None) -> Verdict:
    """Judge a typed code for the base32 `secret` at time `at`."""
    code = digits(typed)
    now_step = int(at.timestamp()) // STEP_S
    generator = pyotp.TOTP(secret, interval=STEP_S)
    matched: int | None = None
    for step in range(now_step - WINDOW_STEPS, now_step + WINDOW_STEPS + 1):
        if hmac.compare_digest(generator.generate_otp(step), code):
            matched = step
    if matched is None:
        return Verdict("wrong")
    if last_used_step is not None and matched <= last_used_step:
        return Verdict("used")
    return Verdict("ok", matched)


def digits(typed: str) -> str:
    """What was typed as six ASCII digits, or "" when it is none: spaces, hyphens and full width are fine."""
    plain = unicodedata.normalize("NFKC", typed[:64])
    kept = "".join(character for character in plain if not character.isspace() and character not in "-‐ー−")
    return kept if len(kept) == 6 and kept.isascii() and kept.isdigit() else ""


def current_code(secret: str, at: datetime) -> str:
    """The code an authenticator shows now (demo table, tests)."""
    return pyotp.TOTP(secret, interval=STEP_S).generate_otp(int(at.timestamp()) // STEP_S)


def otpauth_uri(secret: str, staff_no: str, issuer: str) -> str:
    """The key URI authenticator apps read from the QR code."""
    label = quote(f"{issuer}:{staff_no}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}&digits=6&period={STEP_S}"


def format_recovery_code(randomness: bytes) -> str:
    """Ten random bytes as 16 characters nobody misreads, in groups of four."""
    value = int.from_bytes(randomness, "big")
    characters = "".join(_RECOVERY_ALPHABET[(value >> shift) & 31] for shift in range(75, -5, -5))
    return "-".join(characters[start : start + 4] for start in range(0, 16, 4))


def recovery_code(typed: str) -> str:
    """What was typed as the 16 characters that are hashed, or "" when it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed[:64]).upper()
    kept = "".join(c for c in plain if not c.isspace() and c not in "-‐ー−")
    return kept if len(kept) == 16 and all(c in _RECOVERY_ALPHABET for c in kept) else ""
