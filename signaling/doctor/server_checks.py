"""Looking at a server over HTTP: does it answer, does it take our tokens, does it refuse forged ones?"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from signaling.doctor.findings import Finding, green, red
from signaling.rtc.tokens import mint

HTTP_TIMEOUT_S = 5.0
TOKEN_TTL_S = 600


@dataclass(frozen=True, slots=True)
class Subject:
    """The server under examination: its http(s) URL and one API key pair."""

    url: str
    api_key: str
    api_secret: str
    room: str

    @property
    def signal_url(self) -> str:
        """Where LiveKit clients connect."""
        return "ws" + self.url.removeprefix("http")

    def token(self, identity: str, *, secret: str = "") -> str:
        """A participant's token for the doctor's room; with another `secret` a forged one."""
        return mint(
            api_key=self.api_key,
            api_secret=secret or self.api_secret,
            identity=identity,
            name="Genba doctor",
            room=self.room,
            now=time.time(),
            ttl_s=TOKEN_TTL_S,
        )


def check_http(url: str) -> Finding:
    """Whether anything answers at the address."""
    try:
        response = httpx.get(url, timeout=HTTP_TIMEOUT_S, follow_redirects=True)
    except httpx.HTTPError as error:
        return red(
            "http",
            f"nothing answers at {url} ({_reason(error)})",
            "Start the server (genba serve), or name its address with --url.",
        )
    took_ms = response.elapsed.total_seconds() * 1000
    if response.status_code != httpx.codes.OK:
        return red(
            "http",
            f"{url} answers with status {response.status_code}",
            "Is this really Genba's address? A proxy in between says more in its log; so does genba serve.",
        )
    return green("http", f"{url} answers in {took_ms:.0f} ms", response_ms=took_ms)


def choose_keys(subjects: Sequence[Subject]) -> tuple[Subject, Finding]:
    """The first key pair the server accepts, and what to say about tokens. `subjects` is not empty."""
    answer = ""
    for subject in subjects:
        status, answer = _validate(subject, subject.token("doctor"))
        if status == httpx.codes.OK:
            return subject, _check_forgery(subject)
    tried = ", ".join(subject.api_key for subject in subjects)
    return subjects[0], red(
        "token",
        f"the server refuses tokens of the API key {tried}: {answer}",
        "Pass the server's own --api-key and --api-secret, or run this where its data directory is (--data).",
    )


def _check_forgery(subject: Subject) -> Finding:
    status, _ = _validate(subject, subject.token("doctor", secret=secrets.token_hex(32)))
    if status != httpx.codes.UNAUTHORIZED:
        return red(
            "token",
            f"a token signed with a wrong secret was not refused (status {status})",
            "Stop the server: anybody can join. Then look at what stands between it and its clients.",
        )
    return green("token", f"tokens of {subject.api_key} are accepted, forged ones refused")


def _validate(subject: Subject, token: str) -> tuple[int, str]:
    try:
        response = httpx.get(
            f"{subject.url}/rtc/validate",
            headers={"Authorization": f"Bearer {token}"},
            timeout=HTTP_TIMEOUT_S,
        )
    except httpx.HTTPError as error:
        return 0, _reason(error)
    return response.status_code, response.text[:200].strip()


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
