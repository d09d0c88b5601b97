"""The round of notices: finds what concerns whom, plans for everybody who is due, and notes how mails went.

All of it lies in the database, a step at a time, each in one transaction: a server that dies anywhere goes
on where it was. What was told is told once, since the database knows each notice by person, thing and change;
and a mail is in the outbox exactly when the plan that made it is noted. Few mails wait in the outbox at a
time, so that one to somebody who was in a call never stands behind thousands.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from field_assist import JST, Session, Store, StoreUnavailable, concierge, exclusive, new_id
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.accounts.vault import Vault, VaultSealed
from signaling.beside import beside, woken
from signaling.clock import Clock
from signaling.mail import outbox
from signaling.mail.notices import Item, Sender, notice_mail
from signaling.mail.outbox import Content
from signaling.mail.post import PostOffice
from signaling.slot_intake import ROUND

LOOK_AGAIN_S = 10.0
RETRY_S = 1.0
MOST_IN_OUTBOX = 200
PEOPLE_AT_A_TIME = 20
FOLLOWS_AT_A_TIME = 200
CHANGES = "catalogue"
_ENDED_FOR_GOOD = ("recipient_5", "content_5", "VaultSealed", "ValueError")

log = logging.getLogger(__name__)

following, licence_dates = concierge.following, concierge.licence_dates
notices, subscribers = concierge.notices, concierge.subscribers
law_notices = concierge.law_notices
slots, slot_lists = concierge.slots, concierge.slot_lists


@dataclass(frozen=True, slots=True)
class House:
    """Whose notices these are, and under which address our pages are ("" = nowhere, so nothing is sent)."""

    organisation: str
    phone: str
    public_url: str


class Keys:
    """The links of subscribers: one to their page, and one that can only stop, for the header of a mail."""

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._vault = vault
        self._public_url = public_url.rstrip("/")

    def new(self, to: str, at: datetime, of: str = "") -> subscribers.Key:
        """What somebody with this address is kept by, with a fresh code; `of` whom they are a proxy."""
        subscriber_id, code = new_id(at), invitations.new_code()
        return subscribers.Key(
            id=subscriber_id,
            address=(
                self._vault.digest(f"{of}/{to.casefold()}" if of else to.casefold(), "subscriber.address"),
                self._vault.seal(to, address_context(subscriber_id)),
            ),
            code=(self.digest(code), self._vault.seal(code, code_context(subscriber_id))),
        )

    def digest(self, code: str) -> str:
        """What the database finds a link by."""
        return self._vault.digest(code, "subscriber")

    def page(self, row: subscribers.Subscriber) -> str:
        """Their own page; raises VaultSealed."""
        return f"{self._public_url}/n/{self._vault.open(row.code_sealed, code_context(row.id))}"

    def stop(self, subscriber_id: str) -> str:
        """Where one click of a mail program stops everything (RFC 8058)."""
        return f"{self._public_url}/api/notice-stop/{subscriber_id}/{self.stop_token(subscriber_id)}"

    def stop_token(self, subscriber_id: str) -> str:
        """What proves that a stop comes from a mail of ours."""
        return self._vault.digest(subscriber_id, "notices.stop")[:40]


def code_context(subscriber_id: str) -> str:
    """The place of a sealed code, for the vault."""
    return f"subscriber.code/{subscriber_id}"


def address_context(subscriber_id: str) -> str:
    """The place of a sealed address, for the vault."""
    return f"subscriber.address/{subscriber_id}"


class NoticeRound:
    """One per installation; use `running` around it. `source` is the catalogue."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, post: PostOffice, house: House) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._post = post
        self._house = house
        self._keys = Keys(vault, house.public_url)
        self._wake = asyncio.Event()
        post.on_drained = self.look
        self.on_pushes: Callable[[], None] = lambda: None
        """Called when pushes wait to be sent."""
        self.source: notices.EntrySource = concierge.listed.Listed()

    @property
    def is_open(self) -> bool:
        """Whether anything can be sent: there is a mail server, and pages that mails can link to."""
        return self._post.is_open and self._house.public_url != ""

    def look(self) -> None:
        """Something changed: somebody follows something, or the catalogue was taken in."""
        self._wake.set()

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[NoticeRound]":
        """Go round while the block runs."""
        async with beside(self._run()):
            yield self

    async def _run(self) -> None:
        while self.is_open:
            wait_s = LOOK_AGAIN_S
            try:
                await self.turn()
            except StoreUnavailable:
                log.warning("notices_wait_for_the_database")
                wait_s = RETRY_S
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("notices_failed")
            await woken(self._wake, wait_s)

    async def turn(self) -> None:
        """Once round."""
        await self._note_results()
        await self._read_openings()
        await self._read_changes()
        for law_id in await self._store.read(law_notices.sending):
            while await self._store.write(partial(self._tell_law, law_id=law_id)):
                pass
        while await self._store.write(self._check_licences) == FOLLOWS_AT_A_TIME:
            pass
        while await self._store.write(self._mail_some) == PEOPLE_AT_A_TIME:
            self._post.look()
        self._post.look()
        self.on_pushes()

    async def _note_results(self) -> None:
        after = await self._store.write(lambda session: self._settle(session, ""))
        while after:
            after = await self._store.write(partial(self._settle, after=after))

    def _settle(self, session: Session, after: str) -> str:
        """Note how mails ended; answers where the next page begins, "" at the end."""
        exclusive(session, ROUND)
        at, page = self._clock.wall(), notices.out(session, after, FOLLOWS_AT_A_TIME)
        ends = outbox.ends(session, page)
        results = {
            each: _result(ends[each]) if each in ends else notices.MailingState.UNCLEAR for each in page
        }
        notices.have_arrived(session, [each for each in page if results[each] is notices.MailingState.SENT])
        for mailing_id, state in results.items():
            if state is not None and state is not notices.MailingState.SENT:
                notices.settle(session, session.get_one(notices.Mailing, mailing_id), state, at)
        return page[-1] if len(page) == FOLLOWS_AT_A_TIME else ""

    async def _read_openings(self) -> None:
        """Tell of each slot that was given back those who wait for it, and note that they were told."""
        for row, feed in await self._store.read(slot_lists.untold):
            opening = _Opening(self.source, row, slot_lists.source_of(feed, self._clock.wall()))
            after: str | None = ""
            while after is not None:
                after = await self._store.write(partial(opening.tell, after=after))

    async def _read_changes(self) -> None:
        at = self._clock.wall()
        since = await self._store.write(lambda session: notices.read_until(session, CHANGES, at))
        changes = await self._store.read(lambda session: list(self.source.changes_since(session, since)))
        for change in changes:
            after: str | None = ""
            while after is not None:
                after = await self._store.write(_Teller(change, after).tell)
        if changes:
            until = max(change.at for change in changes)
            await self._store.write(lambda session: notices.have_read(session, CHANGES, until))
            log.info("notices_made_of_changes", extra={"changes": len(changes)})

    def _tell_law(self, session: Session, law_id: str) -> bool:
        """A page of those whom a change of the law concerns; answers whether there may be more."""
        exclusive(session, ROUND)
        at, row = self._clock.wall(), law_notices.by_id(session, law_id)
        if row.state != law_notices.LawState.SENDING:
            return False
        page = law_notices.page(session, row, FOLLOWS_AT_A_TIME)
        told = [
            notices.tell(session, person, law_notices.draft(row, kept, person.language, at), kept.id)
            for person, kept in page
        ]
        is_more = len(page) == FOLLOWS_AT_A_TIME
        until = page[-1][0].id if is_more else ""
        law_notices.have_told(session, row, until, sum(each is not None for each in told))
        return is_more

    def _check_licences(self, session: Session) -> int:
        """A page of licences whose day has come; answers how many there were."""
        exclusive(session, ROUND)
        at = self._clock.wall()
        today = at.astimezone(JST).date()
        page = notices.holders(session, today, FOLLOWS_AT_A_TIME)
        known: dict[str, concierge.entries.Entry | None] = {}
        for row, kept in page:
            if kept.key not in known:
                known[kept.key] = self.source.entry(session, kept.key)
            entry = known[kept.key]
            if entry is not None:
                made = following.licence_draft(kept.follow, entry, at, row.language)
                if made is not None:
                    notices.tell(session, row, made, kept.id)
            notices.checked(session, kept, _next_check(entry, kept.expires_on, today))
        return len(page)

    def _mail_some(self, session: Session) -> int:
        """Plan for some of those who are due, and put their mail into the outbox, or note their push."""
        exclusive(session, ROUND)
        at = self._clock.wall()
        has_room = (
            outbox.room(session, MOST_IN_OUTBOX) >= PEOPLE_AT_A_TIME
        )  # not one by one behind a full outbox
        rows, sent = notices.due(session, at, PEOPLE_AT_A_TIME) if has_room else [], []
        for row in rows:
            plan, waiting = notices.planned(session, row, at)
            mailing_id, channel = new_id(at), _channel(session, row)
            if plan.send and plan.until is not None and channel is subscribers.Channel.MAIL:
                try:
                    content = self._content(row, plan, [waiting[each] for each in plan.send])
                except VaultSealed:
                    log.error("notice_sealed", extra={"subscriber": row.id})
                    row.look_at = None
                    continue
                outbox.put(session, self._vault, content, mailing_id, at, until=plan.until)
            if plan.send:
                is_mail = channel is subscribers.Channel.MAIL
                action = Action.NOTICES_MAILED if is_mail else Action.NOTICES_PUSHED
                sent.append(Entry(SYSTEM, action, mailing_id, detail=row.id))
            notices.carry_out(session, row, (plan, waiting), (mailing_id, channel), at)
        for entry in sent:
            access_log.append(session, entry, at)
        return len(rows)

    def _content(
        self,
        row: subscribers.Subscriber,
        plan: concierge.notice_plan.Plan,
        told: list[subscribers.Notice],
    ) -> Content:
        sender = Sender(self._house.organisation, self._house.phone, self._keys.page(row))
        items = [
            Item(
                title=each.title,
                lines=each.text.splitlines(),
                reason=each.reason,
                source=each.source,
                source_day=each.source_day,
                contact=each.contact,
                phone=each.phone,
                url=each.url,
            )
            for each in told
        ]
        subject, text, html = notice_mail(
            row.language, items, len(plan.left_out), sender, is_digest=plan.is_digest
        )
        to = self._vault.open(row.address_sealed, address_context(row.id))
        stop = self._keys.stop(row.id)
        return Content(to, subject, text, html=html, unsubscribe=stop, is_once=True)


@dataclass(frozen=True, slots=True)
class _Opening:
    """One slot that was given back; `tell` answers after whom to go on, None at the end."""

    source: notices.EntrySource
    row: concierge.slot_lists.SlotRow
    owner: concierge.entries.Source

    def tell(self, session: Session, after: str) -> str | None:
        exclusive(session, ROUND)
        row, facility = self.row, self.source.entry(session, self.row.facility)
        page = []
        if facility is not None and row.opened_at is not None and slot_lists.is_open(session, row):
            page = notices.waiting_for_slots(session, row.facility, after, FOLLOWS_AT_A_TIME)
            for person, kept in page:
                place = facility, self.owner
                made = slots.slot_draft(kept.follow, row.id, row.slot, place, row.opened_at, person.language)
                if made is not None:
                    notices.tell(session, person, made, kept.id)
        if len(page) == FOLLOWS_AT_A_TIME:
            return page[-1][1].id
        slot_lists.have_told(session, row)
        return None


@dataclass(frozen=True, slots=True)
class _Teller:
    """One change for the people after this one; `tell` answers after whom to go on, None at the end."""

    change: concierge.following.Change
    after: str

    def tell(self, session: Session) -> str | None:
        exclusive(session, ROUND)
        rows = notices.followers(session, self.change, self.after, FOLLOWS_AT_A_TIME)
        people = {row.id: row for row, _ in rows}
        for row in people.values():
            theirs = {kept.id: kept.follow for whose, kept in rows if whose.id == row.id}
            found = following.nearest(theirs, self.change, row.language)
            if found is not None:
                notices.tell(session, row, found[1], found[0])
        return max(people) if people else None


def _channel(session: Session, row: subscribers.Subscriber) -> subscribers.Channel:
    """As they chose; by mail where no browser of theirs is left."""
    is_push = row.channel == subscribers.Channel.PUSH and subscribers.devices(session, row.id)
    return subscribers.Channel.PUSH if is_push else subscribers.Channel.MAIL


def _next_check(entry: concierge.entries.Entry | None, expires_on: date | None, today: date) -> date | None:
    """When to look at a licence again; tomorrow, where the catalogue does not know it today."""
    if entry is None:
        return today + timedelta(days=1)
    terms = licence_dates.terms(entry.facts)
    plan = licence_dates.schedule(terms, expires_on) if expires_on is not None else None
    return plan.next_on(today) if plan is not None else None


def _result(end: outbox.End) -> notices.MailingState | None:
    """How a mailing ended; None while it is on its way."""
    if end.state in (outbox.State.WAITING, outbox.State.LEAVING):
        return None
    if end.state == outbox.State.SENT:
        return notices.MailingState.SENT
    if end.reason == outbox.UNCLEAR:
        return notices.MailingState.UNCLEAR
    is_refused = end.reason.startswith(_ENDED_FOR_GOOD)
    return notices.MailingState.REFUSED if is_refused else notices.MailingState.MISSED
