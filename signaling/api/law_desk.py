"""Notices of changes of the law, for those who keep the catalogue: written, looked at, sent, withdrawn.

Sending hands one to the round of notices, which tells whom it concerns as it tells everything else: once, not
at night, at most three mails a week. What has not left can be withdrawn.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TypeAlias

from field_assist import Person, Session, Store, concierge, exclusive, new_id
from signaling import slot_intake
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.call_desk import Forbidden
from signaling.api.notice_desk import NoticeDesk, Offer
from signaling.api.recap_desk import MailNotSetUp
from signaling.clock import Clock

law_notices, Topic = concierge.law_notices, concierge.following.Topic
LawNotice: TypeAlias = concierge.law_notices.LawNotice
NoticeState = concierge.subscribers.NoticeState
LANGUAGES = ("ja", "ja-easy", "en")


class LawMeansNobody(Exception):
    """No licence and no category, or one that nobody can follow."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a keeper writes: `titles` and `texts` by language, Japanese always."""

    titles: dict[str, str]
    texts: dict[str, str]
    in_force_on: date
    basis: str
    source: str
    source_url: str
    source_on: date
    contact: str
    phone: str
    licences: list[str]
    categories: list[str]
    area: str


@dataclass(frozen=True, slots=True)
class LawSheet:
    """One, and how its notices stand; None once those are forgotten."""

    row: LawNotice
    waiting: int | None
    gone_out: int | None
    on_page: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom it reaches now at least, and what they read; `written` are the languages it has words in."""

    audience: concierge.law_notices.Audience
    written: frozenset[str]
    shown: tuple[tuple[str, concierge.notice_words.Told], ...]


class LawDesk:
    """One per installation; `address` is where the acting person's request came from."""

    def __init__(self, store: Store, clock: Clock, notices: NoticeDesk) -> None:
        self._store, self._clock, self._notices = store, clock, notices

    async def all(self, person: Person) -> tuple[list[LawSheet], Offer]:
        """The last ones, newest first, and whom one can be for; raises Forbidden."""
        _keeper(person)
        at = self._clock.wall()

        def work(session: Session) -> list[LawSheet]:
            rows = law_notices.newest(session)
            counts = law_notices.counts(session, [row.item for row in rows])
            return [_sheet(row, counts.get(row.item, {}), at) for row in rows]

        return await self._store.read(work), await self._notices.offer()

    async def write(self, person: Person, written: Written, address: str) -> str:
        """A draft; answers its id. Raises Forbidden and LawMeansNobody."""
        offer = await self._notices.offer()

        def work(session: Session, at: datetime) -> str:
            return law_notices.add(session, _row(written, offer, at)).id

        return await self._act(person, Action.LAW_WRITTEN, address, work)

    async def change(self, person: Person, law_id: str, written: Written, address: str) -> str:
        """Another wording of a draft; raises like `write`, LawUnknown and LawSent."""
        offer = await self._notices.offer()

        def work(session: Session, at: datetime) -> str:
            row = law_notices.draft_of(session, law_id)
            law_notices.change(session, row, _row(written, offer, at))
            return law_id

        return await self._act(person, Action.LAW_WRITTEN, address, work)

    async def drop(self, person: Person, law_id: str, address: str) -> None:
        """Throw a draft away; raises Forbidden, LawUnknown and LawSent."""

        def work(session: Session, at: datetime) -> str:
            session.delete(law_notices.draft_of(session, law_id))
            return law_id

        await self._act(person, Action.LAW_DROPPED, address, work)

    async def preview(self, person: Person, law_id: str) -> Preview:
        """Whom a draft reaches and what they read; raises Forbidden and LawUnknown."""
        _keeper(person)
        offer, at = await self._notices.offer(), self._clock.wall()

        def work(session: Session) -> Preview:
            row = law_notices.by_id(session, law_id)
            kept = _somebody(row, offer)
            shown = tuple((each, law_notices.draft(row, kept, each, at).told) for each in LANGUAGES)
            written = frozenset(each for each in LANGUAGES if row.titles.get(each) and row.texts.get(each))
            return Preview(law_notices.audience(session, row), written, shown)

        return await self._store.read(work)

    async def send(self, person: Person, law_id: str, previewed: int, address: str) -> None:
        """Tell everybody whom it concerns, who are as many as was previewed at least.

        Raises Forbidden, LawUnknown, LawSent, LawReachesFewer and MailNotSetUp.
        """
        _keeper(person)
        if not self._notices.is_open:
            raise MailNotSetUp

        def work(session: Session, at: datetime) -> str:
            exclusive(session, slot_intake.ROUND)
            law_notices.send(session, law_notices.draft_of(session, law_id), previewed, at)
            return law_id

        await self._act(person, Action.LAW_SENT, address, work)
        self._notices.rounds.look()

    async def withdraw(self, person: Person, law_id: str, address: str) -> None:
        """What of it has not left never does; raises Forbidden, LawUnknown and LawSent."""

        def work(session: Session, at: datetime) -> str:
            exclusive(session, slot_intake.ROUND)
            row = law_notices.by_id(session, law_id)
            law_notices.withdraw(session, row)
            slot_intake.end(session, [row.item], at)
            return law_id

        await self._act(person, Action.LAW_WITHDRAWN, address, work)

    async def _act(
        self, person: Person, action: Action, address: str, work: Callable[[Session, datetime], str]
    ) -> str:
        _keeper(person)
        at = self._clock.wall()

        def act(session: Session) -> str:
            law_id = work(session, at)
            access_log.acted(session, person, address, action, law_id, at)
            return law_id

        return await self._store.write(act)


def _keeper(person: Person) -> None:
    if not concierge.catalogue_people.may_keep_catalogue(person):
        raise Forbidden


def _row(written: Written, offer: Offer, at: datetime) -> LawNotice:
    are_known = set(written.licences) <= {key for key, _ in offer.licences}
    are_known = are_known and set(written.categories) <= set(offer.categories)
    if not are_known or not (written.licences or written.categories):
        raise LawMeansNobody
    row = LawNotice(id=new_id(at), state=law_notices.LawState.DRAFT.value, changed_at=at, **asdict(written))
    row.licences, row.categories = sorted(set(written.licences)), sorted(set(written.categories))
    return row


def _somebody(row: LawNotice, offer: Offer) -> concierge.subscribers.FollowRow:
    """As if they followed the first thing that it concerns."""
    names = dict(offer.licences)
    topic, key = (Topic.LICENCE, row.licences[0]) if row.licences else (Topic.CATEGORY, row.categories[0])
    return concierge.subscribers.FollowRow(
        id="",
        subscriber_id="",
        topic=topic.value,
        key=key,
        label=names.get(key, key),
        area=row.area,
        latitude=0.0,
        longitude=0.0,
        radius_m=0,
    )


def _sheet(row: LawNotice, counts: Mapping[concierge.subscribers.NoticeState, int], at: datetime) -> LawSheet:
    is_kept = row.sent_at is not None and row.sent_at > at - concierge.subscribers.NOTICES_KEPT
    if not is_kept:
        return LawSheet(row, None, None, None)
    states = (NoticeState.WAITING, NoticeState.MAILED, NoticeState.LISTED)
    return LawSheet(row, *(counts.get(state, 0) for state in states))
