"""What residents do about their notices: ask for them, say yes, choose, and stop. No account, no password.

Whoever asks is answered the same whether the address is known or not, and nothing but one mail goes to it
before its owner opened the link and said yes. Whoever holds the link changes what is behind it; guessing it
is stopped as for invitations.
"""

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from field_assist import JST, Session, Store, concierge
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.accounts.sign_in import NOBODY
from signaling.accounts.vault import Vault
from signaling.api.notice_pushes import NoticePushes
from signaling.api.notice_round import House, Keys, NoticeRound, address_context
from signaling.api.push_desk import PushDeviceUnknown
from signaling.api.recap_desk import MailNotSetUp
from signaling.api.wrong_codes import WrongCodes
from signaling.clock import Clock
from signaling.mail import outbox
from signaling.mail.notices import Sender, confirm_mail, proxy_mail
from signaling.mail.outbox import Content
from signaling.mail.post import PostOffice
from signaling.push.devices import Subscription

T = TypeVar("T")

TEXT_VERSION = "2026-11"
"""Of the words somebody agrees to when they subscribe; it is kept with their yes."""
MAILS_LAST = timedelta(days=2)
MAX_ASKING_MAILS = 3
"""So often at most an address gets the mail with the link within two days."""
MOST_CHOICES = 500
LONGEST_MANDATE_DAYS = 366
"""Whoever receives notices for somebody is asked for anew each year."""
RADII_M = (500, 1000, 2000, 5000)

Kind, Topic = concierge.entries.Kind, concierge.following.Topic
following, notices, subscribers = concierge.following, concierge.notices, concierge.subscribers
licence_dates = concierge.licence_dates
_KINDS = {
    Topic.LICENCE: (Kind.LICENCE,),
    Topic.SERIES: (Kind.EVENT,),
    Topic.SLOT: (Kind.FACILITY,),
    Topic.ENTRY: (Kind.PROGRAMME, Kind.FACILITY, Kind.EVENT, Kind.WORK),
}


class NotConfirmed(Exception):
    """The owner of the address has not said yes."""


class NotProxied(Exception):
    """Nobody receives notices on somebody's behalf so long, or of somebody who is a proxy."""


class ProxyUnknown(Exception):
    """No such proxy of this person."""


class NotFollowable(Exception):
    """There is nothing of that name to follow, or a day or a place is missing."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing somebody follows; a licence has its days, where its list plans any."""

    row: subscribers.FollowRow
    schedule: licence_dates.Schedule | None
    stage: licence_dates.Stage | None


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody's own page; `address` is masked, so that a page left open tells nobody.

    `proxies` have the names that this person calls them by, `proxy_for` is whose notices these are.
    """

    subscriber: subscribers.Subscriber
    address: str
    follows: tuple[Followed, ...]
    told: tuple[subscribers.Notice, ...]
    devices: tuple[subscribers.ResidentDevice, ...]
    proxies: tuple[tuple[subscribers.Subscriber, str], ...]
    proxy_for: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to follow, by keys of `Offer`."""

    topic: following.Topic
    key: str
    area: str = ""
    radius_m: int = 0
    expires_on: date | None = None
    weekdays: str = ""
    from_hour: int = 0
    until_hour: int = 24

    @property
    def query(self) -> str:
        """Behind the address of somebody's page: what they are asked there whether to follow."""
        return "?follow=" + quote(f"{self.topic}:{self.key}", safe="")


@dataclass(frozen=True, slots=True)
class AskedProxy:
    """Somebody who is to receive these topics until a day: what one calls them, and what they know one by."""

    to: str
    name: str
    from_name: str
    mandate: subscribers.Mandate


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be followed: key and name each, events with their day."""

    places: tuple[tuple[str, str], ...]
    licences: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    areas: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str, date | None], ...]
    programmes: tuple[tuple[str, str], ...]
    facilities: tuple[tuple[str, str], ...]
    where: tuple[following.Place, ...] = ()
    """The places again, with their position."""


class NoticeDesk:
    """All of it; one per installation. `address` is where the request came from."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        clock: Clock,
        mailing: tuple[PostOffice, House],
        rounds: NoticeRound,
        pushes: NoticePushes,
    ) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._post, self._house = mailing
        self._keys = Keys(vault, self._house.public_url)
        self._wrong_codes = WrongCodes(clock)
        self._offered: tuple[tuple[str, date, tuple[str, ...]], Offer] | None = None
        self.rounds = rounds
        self.pushes = pushes

    @property
    def is_open(self) -> bool:
        """Whether anybody can subscribe here."""
        return self.rounds.is_open

    async def ask(self, to: str, language: str, address: str, wish: Wanted | None = None) -> None:
        """Send the mail with the link; raises MailNotSetUp, and NotFollowable for the wish.

        The wish travels in the link: nobody's follows become others before the owner of the address opens it.
        """
        if not self.is_open:
            raise MailNotSetUp
        at = self._clock.wall()

        def work(session: Session) -> None:
            if wish is not None:
                self._meant(session, wish, at)
            row = subscribers.ask(session, self._keys.new(to, at), language, TEXT_VERSION, at)
            recent = [mail for mail in outbox.about(session, [row.id]) if mail.created_at > at - MAILS_LAST]
            if len(recent) >= MAX_ASKING_MAILS:
                return
            is_known = row.state == subscribers.State.CONFIRMED
            page = self._keys.page(row) + (wish.query if wish is not None else "")
            sender = Sender(self._house.organisation, self._house.phone, page)
            subject, text = confirm_mail(language, sender, is_known=is_known)
            content = Content(to, subject, text)
            outbox.put(session, self._vault, content, row.id, at, until=at + MAILS_LAST)
            access_log.append(session, Entry(Actor(NOBODY, address), Action.NOTICES_ASKED, row.id), at)

        await self._store.write(work)
        self._post.look()

    async def open(self, code: str, address: str) -> Page:
        """Their page; raises RateLimited, SubscriberUnknown."""
        return await self._act(code, address, lambda session, row, at: None)

    async def confirm(self, code: str, address: str) -> Page:
        """They say yes; raises like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action | None:
            return Action.NOTICES_CONFIRMED if subscribers.confirm(session, row, at) else None

        return await self._act(code, address, act)

    async def choose(self, code: str, chosen: subscribers.Choices, address: str) -> Page:
        """Rhythm, language and what is switched off; raises like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            subscribers.choose(session, row, chosen, at)
            return Action.NOTICES_CHANGED

        return await self._act(code, address, act)

    async def follow(self, code: str, wanted: Wanted, address: str) -> Page:
        """One thing more; raises NotFollowable, FollowsFull, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            subscribers.add_follow(session, row, self._meant(session, wanted, at), at)
            return Action.NOTICES_CHANGED

        return await self._act(code, address, act)

    async def unfollow(self, code: str, follow_id: str, address: str) -> Page:
        """One thing less; raises FollowUnknown, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            subscribers.drop_follow(session, row, follow_id)
            return Action.NOTICES_CHANGED

        return await self._act(code, address, act)

    async def renewed(self, code: str, follow_id: str, address: str) -> Page:
        """They have dealt with a licence; raises FollowUnknown, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            subscribers.renewed(session, subscribers.follow_of(session, row, follow_id))
            return Action.NOTICES_CHANGED

        return await self._act(code, address, act)

    async def add_device(self, code: str, given: Subscription, label: str, address: str) -> Page:
        """A browser that shows their notices; raises EndpointRefused, NotConfirmed, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            if row.state != subscribers.State.CONFIRMED:
                raise NotConfirmed
            subscribers.add_device(session, row, self.pushes.device(row.id, given, label))
            return Action.NOTICES_DEVICE_ADDED

        return await self._act(code, address, act)

    async def drop_device(self, code: str, device_id: str, address: str) -> Page:
        """A browser that shows none any more; raises PushDeviceUnknown, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            if not subscribers.drop_device(session, row, device_id):
                raise PushDeviceUnknown
            return Action.NOTICES_DEVICE_REMOVED

        return await self._act(code, address, act)

    async def ask_proxy(self, code: str, asked: AskedProxy, address: str) -> Page:
        """Ask somebody whether they receive the same; raises ProxiesFull, NotProxied, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            days = (asked.mandate.until - at.astimezone(JST).date()).days
            is_theirs = row.state == subscribers.State.CONFIRMED and row.proxy_of is None
            if not (is_theirs and 0 < days <= LONGEST_MANDATE_DAYS):
                raise NotProxied
            self._ask_proxy(session, row, asked, at)
            return Action.NOTICES_PROXY_ASKED

        page = await self._act(code, address, act)
        self._post.look()
        return page

    async def end_proxy(self, code: str, proxy_id: str, address: str) -> Page:
        """Somebody receives nothing any more, and is forgotten; raises ProxyUnknown, and like `open`."""

        def act(session: Session, row: subscribers.Subscriber, at: datetime) -> Action:
            known = {each.id: each for each in subscribers.proxies(session, row.id)}
            if proxy_id not in known:
                raise ProxyUnknown
            self._stop(session, known[proxy_id], address, at)
            return Action.NOTICES_PROXY_ENDED

        return await self._act(code, address, act)

    def _ask_proxy(
        self, session: Session, row: subscribers.Subscriber, asked: AskedProxy, at: datetime
    ) -> None:
        key = self._keys.new(asked.to, at, of=row.id)
        proxy = subscribers.ask_proxy(session, row, key, asked.mandate, at)
        names = json.dumps([asked.name, asked.from_name], ensure_ascii=False)
        proxy.proxy_sealed = self._vault.seal(names, _proxy_context(proxy.id))
        session.add(proxy)
        recent = [mail for mail in outbox.about(session, [proxy.id]) if mail.created_at > at - MAILS_LAST]
        if proxy.state == subscribers.State.ASKED and len(recent) < MAX_ASKING_MAILS:
            sender = Sender(self._house.organisation, self._house.phone, self._keys.page(proxy))
            subject, text = proxy_mail(row.language, sender, asked.from_name, asked.mandate.until)
            content = Content(asked.to, subject, text)
            outbox.put(session, self._vault, content, proxy.id, at, until=at + MAILS_LAST)

    async def stop(self, code: str, address: str) -> None:
        """Everything stops and is forgotten; raises like `open`."""
        await self._with_code(code, address, lambda session, row, at: self._stop(session, row, address, at))

    async def stop_by_mail(self, subscriber_id: str, token: str, address: str) -> None:
        """One click in a mail program, once or again (RFC 8058); raises SubscriberUnknown."""
        self._must_be_ours(subscriber_id, token)
        at = self._clock.wall()

        def work(session: Session) -> None:
            self._stop(session, subscribers.by_id(session, subscriber_id), address, at)

        await self._store.write(work)

    async def page_of_mail(self, subscriber_id: str, token: str) -> str:
        """Where somebody goes who opens the address of the click: their page. Raises SubscriberUnknown."""
        self._must_be_ours(subscriber_id, token)

        def work(session: Session) -> str:
            row = subscribers.by_id(session, subscriber_id)
            if row.state == subscribers.State.STOPPED:
                raise subscribers.SubscriberUnknown
            return self._keys.page(row)

        return await self._store.read(work)

    async def offer(self) -> Offer:
        """What can be followed."""
        return await self._store.read(self._offer)

    def _offer(self, session: Session) -> Offer:
        """Read anew when the catalogue became another one, or what can be booked: anybody may ask."""
        today, bookable = self._clock.wall().astimezone(JST).date(), concierge.slot_lists.facilities(session)
        key = self.rounds.source.version(session), today, tuple(bookable)
        if self._offered is None or self._offered[0] != key:
            self._offered = key, self._read_offer(session, today, bookable)
        return self._offered[1]

    def _read_offer(self, session: Session, today: date, bookable: Sequence[str]) -> Offer:
        source = self.rounds.source
        places = following.places(source.entries(session, (Kind.FACILITY,)))
        events, programmes, categories, areas = [], [], set[str](), dict[str, str]()
        for entry in source.entries(session, (Kind.EVENT, Kind.PROGRAMME)):
            categories.update(entry.categories)
            areas[entry.source.owner_code] = entry.source.owner
            if entry.kind is Kind.EVENT:
                events.append((following.entry_key(entry), entry.title, entry.starts))
            elif entry.ends is None or entry.ends >= today:
                programmes.append((following.entry_key(entry), entry.title))
        licences = [
            (following.entry_key(entry), entry.title)
            for entry in source.entries(session, (Kind.LICENCE,))
            if licence_dates.terms(entry.facts).steps
        ]
        rooms = ((each, source.entry(session, each)) for each in bookable)
        facilities = sorted(((each, entry.title) for each, entry in rooms if entry), key=lambda each: each[1])
        return Offer(
            places=tuple((place.key, place.label) for place in places[:MOST_CHOICES]),
            licences=tuple(licences[:MOST_CHOICES]),
            categories=tuple(sorted(categories)[:MOST_CHOICES]),
            areas=tuple(sorted((code, name) for code, name in areas.items() if code[2:5] != "000")),
            events=tuple(sorted(events, key=lambda each: each[1])[:MOST_CHOICES]),
            programmes=tuple(sorted(programmes, key=lambda each: each[1])[:MOST_CHOICES]),
            facilities=tuple(facilities[:MOST_CHOICES]),
            where=tuple(places[:MOST_CHOICES]),
        )

    def _meant(self, session: Session, wanted: Wanted, at: datetime) -> following.Follow:
        source = self.rounds.source
        if wanted.topic is Topic.WORKS:
            found = following.places(source.entries(session, (Kind.FACILITY,)))
            place = next((each for each in found if each.key == wanted.key), None)
            if place is None or wanted.radius_m not in RADII_M:
                raise NotFollowable
            where = place.latitude, place.longitude, wanted.radius_m
            return following.Follow(Topic.WORKS, place.key, place.label, "", *where)
        if wanted.topic is Topic.CATEGORY:
            if wanted.key not in self._offer(session).categories:
                raise NotFollowable
            return following.Follow(Topic.CATEGORY, wanted.key, wanted.key, wanted.area)
        entry = source.entry(session, wanted.key)
        if entry is None or entry.kind not in _KINDS[wanted.topic]:
            raise NotFollowable
        if wanted.topic is Topic.LICENCE:
            today = at.astimezone(JST).date()
            if wanted.expires_on is None or abs((wanted.expires_on - today).days) > 366 * 15:
                raise NotFollowable
        if wanted.topic is Topic.SLOT:
            is_whole = wanted.weekdays != "" and wanted.from_hour < wanted.until_hour
            if not is_whole or wanted.key not in concierge.slot_lists.facilities(session):
                raise NotFollowable
            days = "".join(sorted(set(wanted.weekdays)))
            hours = wanted.from_hour, wanted.until_hour
            return following.Follow(Topic.SLOT, wanted.key, entry.title, "", 0.0, 0.0, 0, None, days, *hours)
        expires_on = wanted.expires_on if wanted.topic is Topic.LICENCE else None
        return following.Follow(wanted.topic, wanted.key, entry.title, expires_on=expires_on)

    async def _act(
        self,
        code: str,
        address: str,
        act: Callable[[Session, subscribers.Subscriber, datetime], Action | None],
    ) -> Page:
        def work(session: Session, row: subscribers.Subscriber, at: datetime) -> Page:
            action = act(session, row, at)
            page = self._page(session, row, at)
            if action is not None:
                access_log.append(session, Entry(Actor(NOBODY, address), action, row.id), at)
            return page

        page = await self._with_code(code, address, work)
        self.rounds.look()
        return page

    async def _with_code(
        self, code: str, address: str, work: Callable[[Session, subscribers.Subscriber, datetime], T]
    ) -> T:
        self._wrong_codes.check(address)
        at = self._clock.wall()

        def known(session: Session) -> T:
            if not invitations.is_code(code):
                raise subscribers.SubscriberUnknown
            return work(session, subscribers.by_code(session, self._keys.digest(code), at), at)

        try:
            return await self._store.write(known)
        except subscribers.SubscriberUnknown:
            self._wrong_codes.count(address)
            raise

    def _stop(self, session: Session, row: subscribers.Subscriber, address: str, at: datetime) -> None:
        proxy_ids = [each.id for each in subscribers.proxies(session, row.id)]
        if not subscribers.stop(session, row, at):
            return
        for mailing_id in (row.id, *proxy_ids, *notices.out_of(session, row.id)):
            outbox.withdraw(session, mailing_id, at)
        access_log.append(session, Entry(Actor(NOBODY, address), Action.NOTICES_STOPPED, row.id), at)

    def _page(self, session: Session, row: subscribers.Subscriber, at: datetime) -> Page:
        today = at.astimezone(JST).date()
        followed = [self._followed(session, kept, today) for kept in subscribers.follows(session, row.id)]
        told = notices.told(session, row.id)
        to = self._vault.open(row.address_sealed, address_context(row.id))
        proxies = [(each, self._names(each)[0]) for each in subscribers.proxies(session, row.id)]
        return Page(
            row,
            masked(to),
            tuple(followed),
            tuple(told),
            tuple(subscribers.devices(session, row.id)),
            tuple(proxies),
            self._names(row)[1] if row.proxy_of is not None else "",
            at,
        )

    def _names(self, proxy: subscribers.Subscriber) -> tuple[str, str]:
        """What somebody calls their proxy, and what the proxy knows them by."""
        name, from_name = json.loads(self._vault.open(proxy.proxy_sealed, _proxy_context(proxy.id)))
        return str(name), str(from_name)

    def _followed(self, session: Session, kept: subscribers.FollowRow, today: date) -> Followed:
        entry = self.rounds.source.entry(session, kept.key) if kept.expires_on is not None else None
        if entry is None or kept.expires_on is None:
            return Followed(kept, None, None)
        plan = licence_dates.schedule(licence_dates.terms(entry.facts), kept.expires_on)
        return Followed(kept, plan, plan.stage(today) if plan is not None else None)

    def _must_be_ours(self, subscriber_id: str, token: str) -> None:
        if not hmac.compare_digest(token.encode(), self._keys.stop_token(subscriber_id).encode()):
            raise subscribers.SubscriberUnknown


def _proxy_context(subscriber_id: str) -> str:
    return f"subscriber.proxy/{subscriber_id}"


def masked(address: str) -> str:
    """sa***@mail.example: enough to know one's own."""
    local, _, domain = address.rpartition("@")
    return f"{local[:2] if len(local) > 2 else local[:1]}***@{domain}"
