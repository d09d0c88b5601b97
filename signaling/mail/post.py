"""Who sends: one mail after the other over SMTP (RFC 5321), with TLS (RFC 3207, RFC 8314), in a thread.

A call never waits for it: desks put mail into the outbox and go on. A mail server that is away, busy or
refuses the password gets the mail again later; one that says the address does not exist ends it. Addresses
and words never reach the log.
"""

import asyncio
import logging
import smtplib
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import SMTP, Policy
from functools import partial

from field_assist import Session, Store, StoreUnavailable
from signaling.accounts.vault import Vault, VaultSealed
from signaling.beside import beside, woken
from signaling.clock import Clock
from signaling.mail import outbox
from signaling.mail.mail_settings import MailSettings
from signaling.mail.outbox import Content

LOOK_AGAIN_S = 30.0
RETRY_S = 1.0
MAILS_OF_A_CONNECTION = 50
"""Mail servers end long ones of their own accord, many after a hundred."""
_WITHDRAWN = "withdrawn"

log = logging.getLogger(__name__)


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header that is one long word: the library would encode it, and no mail program would find the URL."""

    def fold(self, *, policy: "Policy[Message[str, str]]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Verbatim)
_POLICY = SMTP.clone(header_factory=_HEADERS)


class PostOffice:
    """Sends what is in the outbox; use `running` around it."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, settings: MailSettings) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._wake = asyncio.Event()
        self.on_drained: Callable[[], None] = lambda: None
        """Called when everything that was due has been tried."""

    @property
    def is_open(self) -> bool:
        """Whether there is a mail server to send by."""
        return self._settings.host != ""

    @property
    def domain(self) -> str:
        """Where our mail comes from, for identifiers that are to be the only ones in the world."""
        return self._settings.sender.rpartition("@")[2] or "genba.invalid"

    def look(self) -> None:
        """Something was put into the outbox."""
        self._wake.set()

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[PostOffice]":
        """Send while the block runs."""
        async with beside(self._run()):
            yield self

    async def _run(self) -> None:
        while self.is_open:
            try:
                if await self._send_all():
                    self.on_drained()
                wait_s = await self._wait_s()
            except StoreUnavailable:
                log.warning("mail_waits_for_the_database")
                wait_s = RETRY_S
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("mail_failed")
                wait_s = LOOK_AGAIN_S
            await woken(self._wake, wait_s)

    async def _wait_s(self) -> float:
        due = await self._store.read(outbox.next_due)
        if due is None:
            return LOOK_AGAIN_S
        return min(LOOK_AGAIN_S, max(0.0, (due - self._clock.wall()).total_seconds()))

    async def _send_all(self) -> int:
        """Send what is due, one after the other; how many. Each is noted as the next one is claimed."""
        count, outcome, line = 0, None, _Line(self._settings)
        try:
            while (
                row := await self._store.write(partial(self._note_and_claim, outcome=outcome))
            ) is not None:
                outcome, count = await self._send_one(line, row), count + 1
            await asyncio.to_thread(line.close)
        finally:
            line.abandon()
        return count

    async def _send_one(self, line: "_Line", row: outbox.Mail) -> "_Outcome":
        at, reason, for_good = self._clock.wall(), "", False
        try:
            content = outbox.content(self._vault, row)
            message = compose(self._settings, row.id, content, at)
            leaving = partial(self._note_leaving, row.id) if content.is_once else None
            await asyncio.to_thread(line.send, *message, leaving)
        except smtplib.SMTPRecipientsRefused as refused:
            code = max(code for code, _ in refused.recipients.values())
            reason, for_good = f"recipient_{code}", code >= 500
        except smtplib.SMTPDataError as refused:
            reason, for_good = f"content_{refused.smtp_code}", refused.smtp_code >= 500
        except smtplib.SMTPResponseException as refused:  # the greeting, the password, our own address
            reason = f"server_{refused.smtp_code}"
        except (OSError, smtplib.SMTPException) as error:
            reason = type(error).__name__
            if await self._store.read(lambda session: outbox.is_leaving(session, row.id)):
                reason, for_good = outbox.UNCLEAR, True
        except outbox.Withdrawn:
            reason = _WITHDRAWN  # while we spoke to the mail server, which has not had its words
        except (VaultSealed, ValueError) as error:
            reason, for_good = type(error).__name__, True
        return _Outcome(row.id, reason, for_good)

    def _note_leaving(self, mail_id: str) -> None:
        self._store.write_now(lambda session: outbox.leaving(session, mail_id))

    def _note_and_claim(self, session: Session, outcome: "_Outcome | None") -> outbox.Mail | None:
        at = self._clock.wall()
        if outcome is not None and outcome.reason != _WITHDRAWN:
            facts = {"mail": outcome.mail_id, "reason": outcome.reason, "for_good": outcome.for_good}
            if outcome.reason:
                outbox.failed(session, outcome.mail_id, outcome.reason, at, for_good=outcome.for_good)
                log.warning("mail_not_sent", extra=facts)
            else:
                outbox.sent(session, outcome.mail_id, at)
                log.info("mail_sent", extra=facts)
        return outbox.claim(session, at)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How it went; `reason` is empty for what was sent."""

    mail_id: str
    reason: str
    for_good: bool


def compose(settings: MailSettings, mail_id: str, content: Content, at: datetime) -> tuple[str, bytes]:
    """Where it goes and what goes there. Raises ValueError for an address or subject that is none.

    The address is set as parts: carriers in Japan gave out local parts with dots in a row, which RFC 5322
    wants quoted. A line break in any header is refused by the library.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    local, _, domain = content.to.rpartition("@")
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = content.subject
    message["Date"] = at
    message["Message-ID"] = f"<{mail_id}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer it
    if content.unsubscribe:
        message["List-Unsubscribe"] = f"<{content.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 section 3.1
    message.set_content(content.text, cte="base64")
    if content.html:
        message.add_alternative(content.html, subtype="html", cte="base64")
    if content.calendar:
        message.add_attachment(
            content.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="genba.ics",
            params={"charset": "utf-8", "method": _method(content.calendar)},
        )
    return content.to, message.as_bytes()


def _method(calendar: str) -> str:
    """RFC 6047 section 2.4: the part's method is the calendar's."""
    return "CANCEL" if "METHOD:CANCEL" in calendar else "PUBLISH"


class _Line:
    """The way to the mail server: one connection while mail follows mail. Blocks; one thread at a time."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None
        self._taken = 0
        self._in_use = threading.Lock()
        self._is_abandoned = False

    def send(self, to: str, message: bytes, leaving: Callable[[], None] | None = None) -> None:
        """One mail; raises OSError and smtplib's exceptions.

        `leaving` is called when the server has taken both addresses, before it gets the words: what fails
        until then was surely not sent.
        """
        with self._in_use:
            server = self._ready()
            try:
                _hand_over(server, self._settings.sender, to, message, leaving)
                self._taken += 1
            except BaseException:
                self._server = None  # in the middle of something: not one for the next mail
                server.close()
                raise
        if self._is_abandoned:
            self.abandon()

    def close(self) -> None:
        """Say good-bye; what was handed over stays so, however it ends."""
        with self._in_use:
            self._end()

    def abandon(self) -> None:
        """Nothing more is sent: never waits, and lets a thread that still speaks come to its end."""
        self._is_abandoned = True
        if self._in_use.acquire(blocking=False):
            server, self._server = self._server, None
            self._in_use.release()
            if server is not None:
                server.close()

    def _ready(self) -> smtplib.SMTP:
        """The connection of the mail before if the server still wants it (RFC 5321 section 4.1.1.5)."""
        if self._server is not None and self._taken < MAILS_OF_A_CONNECTION:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.rset()[0] == 250:
                    return self._server
        self._end()
        self._server, self._taken = _connected(self._settings), 0
        return self._server

    def _end(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _connected(settings: MailSettings) -> smtplib.SMTP:
    address, timeout_s = (settings.host, settings.port), settings.timeout_s
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            *address, timeout=timeout_s, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(*address, timeout=timeout_s)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password)
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _hand_over(
    server: smtplib.SMTP, sender: str, to: str, message: bytes, leaving: Callable[[], None] | None
) -> None:
    _must(server.mail(sender), smtplib.SMTPResponseException)
    code, answer = server.rcpt(to)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({to: (code, answer)})
    if leaving is not None:
        leaving()
    _must(server.data(message), smtplib.SMTPDataError)


def _must(answer: tuple[int, bytes], refusal: type[smtplib.SMTPResponseException]) -> None:
    if answer[0] != 250:
        raise refusal(*answer)
