"""After the call: staff write and confirm what came of it, and hand the resident a letter about it.

A letter is read by whoever holds its link, so guessing is stopped as it is for invitations, and what it
says leaves the names of residents out. A mail address is asked for with consent, sealed while the mail
waits, and forgotten when it was sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from field_assist import (
    CallSheet,
    CallUnknown,
    Consultation,
    Guest,
    Letter,
    LetterOver,
    LetterUnknown,
    Person,
    Recap,
    Role,
    Session,
    Store,
    calls,
    concierge,
    consultations,
    new_id,
    people,
    questions,
    recaps,
    staff,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.accounts.invitations import Invitation
from signaling.accounts.sign_in import NOBODY
from signaling.accounts.vault import Vault
from signaling.api.consent_desk import ParticipantUnknown
from signaling.api.wrong_codes import WrongCodes
from signaling.clock import Clock
from signaling.mail import outbox
from signaling.mail.letters import letter_mail
from signaling.mail.outbox import Mail
from signaling.mail.post import PostOffice
from signaling.rate_limits import RateLimited

T = TypeVar("T")

MAIL_LASTS = timedelta(days=2)
MAX_MAILS = 5
"""So often at most one letter goes out as mail: its link must not become a way to send mail to strangers."""


class LetterNotPersonal(Exception):
    """This letter is for nobody in particular: it opens nobody's consents."""


class MailNotSetUp(Exception):
    """This installation has no mail server."""


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of a call once it is over, read in one transaction."""

    sheet: CallSheet
    guests: tuple[Invitation, ...]
    consultations: tuple[Consultation, ...]
    recap: Recap | None
    letters: tuple[tuple[Letter, tuple[Mail, ...]], ...]
    names: dict[str, str]  # of staff, by id


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter and the call it is about."""

    letter: Letter
    sheet: CallSheet


class RecapDesk:
    """All of it; one per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, post: PostOffice) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._post = post
        self._wrong_codes = WrongCodes(clock)

    @property
    def can_mail(self) -> bool:
        """Whether letters can go out as mail."""
        return self._post.is_open

    async def read(self, person: Person, call_id: str) -> Account:
        """What is known and written of a call; raises CallUnknown."""
        return await self._store.read(lambda session: _account(session, person, call_id))

    async def save(
        self,
        person: Person,
        call_id: str,
        written: recaps.Written,
        address: str,
        *,
        is_confirmed: bool,
    ) -> Account:
        """Write it down, and answer for it where `is_confirmed`. Raises CallUnknown, RecapChanged."""
        at = self._clock.wall()

        def work(session: Session) -> Account:
            _sheet(session, person, call_id)
            row = recaps.save(session, call_id, written, person.id, at)
            action = Action.RECAP_SAVED
            if is_confirmed:
                recaps.confirm(session, row, person.id, at)
                action = Action.RECAP_CONFIRMED
            access_log.acted(session, person, address, action, call_id, at)
            return _account(session, person, call_id)

        return await self._store.write(work)

    async def write(self, person: Person, call_id: str, new: recaps.NewLetter, address: str) -> Account:
        """Make a letter, with the questions and the cards as they stand.

        Raises CallUnknown, LettersFull, ParticipantUnknown.
        """
        at = self._clock.wall()

        def work(session: Session) -> Account:
            _sheet(session, person, call_id)
            if new.guest_id is not None and new.guest_id not in _guests(session, call_id):
                raise ParticipantUnknown
            letter_id, code = new_id(at), invitations.new_code()
            sealed = self._vault.seal(code, _context(letter_id))
            kept = recaps.Code(letter_id, self._digest(code), sealed)
            cards = tuple(row.content for row in _cards(session, call_id))
            complete = replace(new, questions=_questions(session, call_id), cards=cards)
            recaps.write_letter(session, call_id, kept, complete, at)
            access_log.acted(session, person, address, Action.LETTER_WRITTEN, letter_id, at, call_id)
            return _account(session, person, call_id)

        return await self._store.write(work)

    async def revoke(self, person: Person, letter_id: str, address: str) -> Account:
        """Take a letter back, with the mail that waits; raises LetterUnknown."""
        at = self._clock.wall()

        def work(session: Session) -> Account:
            letter = _own_letter(session, person, letter_id)
            if recaps.revoke(session, letter, at):
                outbox.withdraw(session, letter_id, at)
                access_log.acted(session, person, address, Action.LETTER_REVOKED, letter_id, at)
            return _account(session, person, letter.call_id)

        return await self._store.write(work)

    async def mail(self, person: Person, letter_id: str, to: str, mailer: "Mailer", address: str) -> Account:
        """Send a letter to an address the resident gave; raises LetterUnknown, LetterOver, MailNotSetUp."""
        actor = Actor(person.identity, address)

        def work(session: Session) -> Account:
            letter = _own_letter(session, person, letter_id)
            self._put(session, letter, to, mailer, actor)
            return _account(session, person, letter.call_id)

        return await self._sending(work)

    async def open(self, code: str, address: str) -> OpenLetter:
        """What a link shows; raises RateLimited, LetterUnknown, LetterOver."""
        return await self._by_code(code, address, Action.LETTER_READ, lambda session, letter: None)

    async def mail_by_code(self, code: str, to: str, mailer: "Mailer", address: str) -> OpenLetter:
        """The resident has it sent to their own address; raises like `open`, and MailNotSetUp."""
        actor = Actor(NOBODY, address)

        def put(session: Session, letter: Letter) -> None:
            self._put(session, letter, to, mailer, actor)

        found = await self._by_code(code, address, None, put)
        self._post.look()
        return found

    async def holder(self, code: str, address: str) -> tuple[OpenLetter, Guest]:
        """Whose letter it is; raises like `open`, and LetterNotPersonal."""
        found = await self._by_code(code, address, None, lambda session, letter: None)
        return found, await self._store.read(lambda session: _guest(session, found.letter))

    async def note_withdrawal(self, letter: Letter, detail: str, address: str) -> str:
        """Keep in the access log what was taken back by a letter; answers the number it has there."""
        at = self._clock.wall()
        number = new_id(at)[-10:]
        entry = Entry(Actor(NOBODY, address), Action.LETTER_WITHDRAWN, letter.id, detail=f"{number} {detail}")
        await self._store.write(lambda session: access_log.append(session, entry, at))
        return number

    def url(self, letter: Letter, base_url: str) -> str:
        """A letter's link, to show it again to staff; "" once it opens nothing."""
        if not letter.opens(self._clock.wall()):
            return ""
        return f"{base_url}/l/{self._vault.open(letter.code_sealed, _context(letter.id))}"

    def _put(self, session: Session, letter: Letter, to: str, mailer: "Mailer", actor: Actor) -> None:
        if not self._post.is_open:
            raise MailNotSetUp
        at = self._clock.wall()
        if not letter.opens(at):
            raise LetterOver
        if len(outbox.about(session, [letter.id])) >= MAX_MAILS:
            raise RateLimited(MAIL_LASTS.total_seconds())
        talked_at = calls.sheet(session, letter.call_id).call.started_at
        url = self.url(letter, mailer.base_url)
        subject, text = letter_mail(letter, talked_at, mailer.organisation, mailer.phone, url)
        content = outbox.Content(to, subject, text)
        outbox.put(session, self._vault, content, letter.id, at, until=at + MAIL_LASTS)
        access_log.append(session, Entry(actor, Action.LETTER_MAILED, letter.id), at)

    async def _sending(self, work: Callable[[Session], T]) -> T:
        answer = await self._store.write(work)
        self._post.look()
        return answer

    async def _by_code(
        self, code: str, address: str, action: Action | None, act: Callable[[Session, Letter], None]
    ) -> OpenLetter:
        self._wrong_codes.check(address)
        at, actor = self._clock.wall(), Actor(NOBODY, address)

        def work(session: Session) -> OpenLetter:
            if not invitations.is_code(code):
                raise LetterUnknown
            letter = recaps.letter_by_code(session, self._digest(code))
            if not letter.opens(at):
                raise LetterOver
            act(session, letter)
            if action is not None:
                access_log.append(session, Entry(actor, action, letter.id), at)
            return OpenLetter(letter, calls.sheet(session, letter.call_id))

        try:
            return await self._store.write(work)
        except (LetterUnknown, LetterOver) as refusal:
            if isinstance(refusal, LetterUnknown):
                self._wrong_codes.count(address)
            reason = type(refusal).__name__.removeprefix("Letter").lower()
            refused = Entry(actor, Action.LETTER_REFUSED, "", False, reason)
            await self._store.write(lambda session: access_log.append(session, refused, at))
            raise

    def _digest(self, code: str) -> str:
        return self._vault.digest(code, "letter")


@dataclass(frozen=True, slots=True)
class Mailer:
    """Whose mail it is, and under which address our pages are."""

    organisation: str
    phone: str
    base_url: str


def _guests(session: Session, call_id: str) -> dict[str, Guest]:
    return {link.id: link.guest() for link in invitations.of_call(session, call_id)}


def _guest(session: Session, letter: Letter) -> Guest:
    found = _guests(session, letter.call_id).get(letter.guest_id or "")
    if found is None:
        raise LetterNotPersonal
    return found


def _account(session: Session, person: Person, call_id: str) -> Account:
    sheet = _sheet(session, person, call_id)
    links = invitations.of_call(session, call_id)
    letters = recaps.letters(session, call_id)
    mails = outbox.about(session, [letter.id for letter in letters])
    asked, recap = consultations.of_call(session, call_id), recaps.recap(session, call_id)
    ids = {row.answered_by for row in asked} | {letter.created_by for letter in letters}
    if recap is not None:
        ids |= {recap.edited_by, recap.confirmed_by}
    known = staff.people(session, sorted(staff_id for staff_id in ids if staff_id is not None))
    return Account(
        sheet=sheet,
        guests=tuple(link for link in links if link.first_used_at is not None),
        consultations=tuple(asked),
        recap=recap,
        letters=tuple(
            (letter, tuple(mail for mail in mails if mail.about == letter.id)) for letter in letters
        ),
        names={staff_id: colleague.name for staff_id, colleague in known.items()},
    )


def _sheet(session: Session, person: Person, call_id: str) -> CallSheet:
    sheet = calls.sheet(session, call_id)
    if not people.may_write_recap(person, sheet.facts):
        raise CallUnknown
    return sheet


def _questions(session: Session, call_id: str) -> tuple[recaps.Asked, ...]:
    """As they stand; what a partner organisation asked is nothing for the resident."""
    links = invitations.of_call(session, call_id)
    partners = {link.guest().identity for link in links if link.kind == Role.PARTNER}
    return tuple(
        {"text": row.text, "answer": row.answer, "due": row.due_on.isoformat() if row.due_on else ""}
        for row in questions.of_call(session, call_id)
        if row.state != questions.State.DROPPED and row.asked_by not in partners
    )


def _cards(session: Session, call_id: str) -> list[concierge.showings.ShownCard]:
    """What the resident was shown and staff did not take back."""
    return concierge.showings.for_guests(concierge.showings.of_calls(session, [call_id]), None)


def _own_letter(session: Session, person: Person, letter_id: str) -> Letter:
    letter = recaps.letter(session, letter_id)
    try:
        _sheet(session, person, letter.call_id)
    except CallUnknown:
        raise LetterUnknown from None  # whoever may not see the call learns nothing of its letters
    return letter


def _context(letter_id: str) -> str:
    return f"letter.code/{letter_id}"
