"""A real SMTP server (aiosmtpd) on loopback: what it took can be read, and it refuses when it is told to."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from signaling.certificates import CertificateFiles
from tests.services import free_port

USER, PASSWORD = "genba", "a mail password"


@dataclass
class MailServer:
    """Context manager; `refusals` are answered, first ones first, in place of taking mail."""

    files: CertificateFiles | None = None
    refusals: list[str] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    is_impatient: bool = False
    """Takes one mail of a connection and no second one."""
    greetings: int = 0
    """How often a client began to speak: once a connection, and again after STARTTLS."""

    @property
    def settings(self) -> dict[str, Any]:  # settings of different fields
        """Settings of an installation that sends by this server."""
        return {
            "smtp_host": "localhost" if self.files else "127.0.0.1",
            "smtp_port": self._controller.port,
            "smtp_security": "starttls" if self.files else "none",
            "smtp_sender": "genba@pref.example.jp",
        }

    def messages(self) -> list[EmailMessage]:
        """What was taken, read as a mail program reads it."""
        return [_read(envelope) for envelope in self.taken]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Somebody begins."""
        self.greetings += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse an address."""
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Another mail is to come, after one that was taken or refused."""
        return "421 enough of you" if self.is_impatient else "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        self.taken.append(envelope)
        return "250 OK"

    def __enter__(self) -> Self:
        options: dict[str, Any] = {}  # of aiosmtpd's SMTP
        if self.files:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.files.certificate, self.files.key)
            options = {
                "tls_context": context,
                "require_starttls": True,
                "auth_required": True,
                "authenticator": _authenticate,
            }
        host = "localhost" if self.files else "127.0.0.1"
        self._controller = Controller(self, hostname=host, port=free_port(), **options)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: LoginPassword
) -> AuthResult:
    is_right = (auth.login, auth.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


def _read(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    assert isinstance(content, bytes)
    return message_from_bytes(content, policy=policy.default)
