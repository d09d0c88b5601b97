"""The residents' own page of public services under /api/services: for everybody, no account, no cookie."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request

from field_assist import JST, concierge
from signaling.accounts.sign_in import network_of
from signaling.api import portal_schema as schema
from signaling.api.auth import STAFF_COOKIE, Address, Parts
from signaling.api.catalogue_routes import concierge_on
from signaling.api.portal_desk import Shown
from signaling.api.services import Services, spend

_PER_PAGE = 20
_LONGEST_ID = 110
_RECOMMENDED = 3
_CHANGES_SHOWN_FOR = timedelta(days=90)
_MOST_CHANGES, _MOST_NEEDS, _MOST_ERRANDS = 5, 6, 30
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|monitor|headless|curl|wget|python|java/|go-http|okhttp|axios", re.I
)

Entry, Item, Key, Kind = (
    concierge.entries.Entry,
    concierge.shelf.Item,
    concierge.entries.Key,
    concierge.entries.Kind,
)


async def _limited(parts: Parts, address: Address) -> None:
    await spend(parts, parts.limits.portal, network_of(address))


router = APIRouter(tags=["services"], dependencies=[Depends(concierge_on), Depends(_limited)])


@router.get("/services")
async def open_portal(parts: Parts) -> schema.PortalView:
    """What there is: kinds, municipalities, events in a life, and what many look at now."""
    desk = parts.concierge.portal
    counts, events, towns = await desk.of_shelf(
        lambda shelf, today: (shelf.counts(today), shelf.life_events(today), shelf.towns())
    )
    trends = {trend.item.key: trend for trend in await desk.trends()}
    words = await desk.words_of([trend.item for trend in trends.values()])
    return schema.PortalView(
        organisation=parts.organisation,
        office_phone=parts.office_phone,
        takes_subscribers=parts.concierge.notices.is_open,
        towns=towns,
        counts={kind.value: counts[kind] for kind in sorted(concierge.search.PUBLIC)},
        life_events=[event.value for event in concierge.life_events.LifeEvent if event in events],
        trending=[
            schema.TrendingItem(
                service=_item(item, entry),
                ratio=round(trends[item.key].ratio, 1),
                viewers=trends[item.key].viewers,
            )
            for item, entry in words
        ],
    )


@router.get("/services/list")
async def list_services(
    parts: Parts,
    kind: schema.PublicKind | None = None,
    town: Annotated[str, Query(max_length=20)] = "",
    category: Annotated[str, Query(max_length=40)] = "",
    closing: Annotated[bool, Query(description="only what has a last day, by that day")] = False,
    offset: Annotated[int, Query(ge=0, le=200_000)] = 0,
) -> schema.ServicesList:
    """Records that are not over, twenty at a time."""
    desk = parts.concierge.portal
    kinds = frozenset({Kind(kind)}) if kind else _closing_kinds() if closing else concierge.search.PUBLIC
    wish = concierge.shelf.Wish(kinds, town, category, closing)
    found = await desk.of_shelf(lambda shelf, today: shelf.leaf(wish, today))
    words = await desk.words_of(found[offset : offset + _PER_PAGE])
    return schema.ServicesList(total=len(found), services=_items(words))


@router.get("/services/life/{event}")
async def read_checklist(
    event: schema.LifeEventName, parts: Parts, town: Annotated[str, Query(max_length=20)] = ""
) -> schema.Checklist:
    """What to see to when this happens, by when it is due."""
    desk, of = parts.concierge.portal, concierge.life_events.LifeEvent(event)
    found = await desk.of_shelf(lambda shelf, today: shelf.checklist(of, town, today)[:_MOST_ERRANDS])
    return schema.Checklist(
        life_event=event,
        errands=[
            schema.ErrandItem(
                service=_item(item, entry),
                window=_window(item.errands[of].window),
                with_notice=item.errands[of].with_notice,
            )
            for item, entry in await desk.words_of(found)
        ],
    )


@router.get("/services/records/{kind}/{service_id}")
async def read_service(kind: schema.PublicKind, service_id: str, parts: Parts) -> schema.ServicePage:
    """One record; `service_id` is the owner's code and ID, like 992011-P016."""
    shown = await parts.concierge.portal.record(_key(kind, service_id))
    related = await parts.concierge.portal.words_of(shown.related)
    return _page(shown, related, parts)


@router.post("/services/records/{kind}/{service_id}/seen", status_code=204)
async def count_view(
    kind: schema.PublicKind,
    service_id: str,
    request: Request,
    parts: Parts,
    address: Address,
    user_agent: Annotated[str, Header()] = "",
) -> None:
    """A page that somebody opened says so: counted once a day for a network, staff and robots never."""
    if STAFF_COOKIE in request.cookies or not user_agent or _ROBOT.search(user_agent):
        return
    await parts.concierge.portal.looked_at(_key(kind, service_id), network_of(address))


@router.get("/services/places")
async def list_places(parts: Parts) -> schema.PlacesAnswer:
    """The places around which works can be looked for: no address is asked for."""
    offer = await parts.concierge.notices.offer()
    return schema.PlacesAnswer(
        places=[schema.PlaceChoice(key=each.key, name=each.label) for each in offer.where]
    )


@router.post("/services/works-nearby")
async def works_nearby(body: schema.NearbyRequest, parts: Parts) -> schema.NearbyWorks:
    """Works around a place; it is asked for in a body, so that no address and no log has it."""
    offer, desk = await parts.concierge.notices.offer(), parts.concierge.portal
    place = next((each for each in offer.where if each.key == body.place), None)
    if place is None:
        raise concierge.catalogue.EntryUnknown
    spot = place.latitude, place.longitude
    found = await desk.of_shelf(lambda shelf, today: shelf.works_near(spot, body.radius_m, today))
    metres = {item.key: far for item, far in found}
    words = await desk.words_of([item for item, _ in found[:_PER_PAGE]])
    works = [
        schema.NearbyWork(service=_item(item, entry), metres=round(metres[item.key] / 50) * 50)
        for item, entry in words
    ]
    return schema.NearbyWorks(total=len(found), works=works)


@router.post("/services/recommended")
async def recommend(body: schema.RecommendRequest, parts: Parts, address: Address) -> schema.Recommendations:
    """What may concern whoever looked at these, with the reason; the question is answered and forgotten."""
    await spend(parts, parts.limits.concierge, network_of(address))
    desk = parts.concierge.portal
    found = await desk.of_shelf(
        lambda shelf, today: concierge.recommending.recommend(
            shelf,
            [concierge.recommending.Seen(_key(one.kind, one.id), one.days_ago) for one in body.seen],
            unwanted=[_key(one.kind, one.id) for one in body.unwanted],
            later=[_key(one.kind, one.id) for one in body.later],
            today=today,
            limit=_RECOMMENDED,
        )
    )
    why = {one.item.key: one.reasons for one in found}
    words = await desk.words_of([one.item for one in found])
    return schema.Recommendations(
        recommended=[
            schema.RecommendedItem(
                service=_item(item, entry),
                reasons=[
                    schema.RecommendReason(why=reason.why.value, words=reason.words, shared=reason.shared)
                    for reason in why[item.key]
                ],
            )
            for item, entry in words
        ]
    )


def _closing_kinds() -> frozenset[concierge.entries.Kind]:
    """Works end as well, but that is no last day for anybody."""
    return frozenset({Kind.PROGRAMME, Kind.EVENT})


def _key(kind: str, service_id: str) -> concierge.entries.Key:
    return concierge.entries.key_from(kind, service_id[:_LONGEST_ID])


def _items(words: Iterable[tuple[concierge.shelf.Item, concierge.entries.Entry]]) -> list[schema.ServiceItem]:
    return [_item(item, entry) for item, entry in words]


def _item(item: concierge.shelf.Item, entry: concierge.entries.Entry) -> schema.ServiceItem:
    source = entry.source
    return schema.ServiceItem(
        kind=entry.kind.value,
        id=item.key.written,
        title=entry.title,
        title_en=entry.title_en,
        summary=entry.summary or entry.facts.get(_SUMMARIES.get(entry.kind, ""), ""),
        easy=entry.easy,
        english=entry.summary_en,
        starts=entry.starts,
        ends=entry.ends,
        place=entry.place,
        owner=source.owner,
        updated=source.updated,
        contact=entry.contact,
        phone=entry.phone,
        is_sensitive=item.is_sensitive,
    )


def _page(
    shown: Shown,
    related: Iterable[tuple[concierge.shelf.Item, concierge.entries.Entry]],
    parts: Services,
) -> schema.ServicePage:
    entry, item = shown.entry, shown.item
    facts = entry.facts
    since = parts.clock.wall() - _CHANGES_SHOWN_FOR
    changes = [
        schema.ServiceChange(
            on=one.at.astimezone(JST).date(), heading=one.field, before=one.before, after=one.after
        )
        for one in shown.changes
        if one.at >= since and concierge.following.is_told(one.field)
    ]
    followed = entry.kind is not Kind.LICENCE
    return schema.ServicePage(
        service=_item(item, entry),
        needs=list(entry.needs[:_MOST_NEEDS]),
        facts=[
            schema.ServiceFact(name=name, value=facts[heading])
            for heading, name in _FACTS[entry.kind].items()
            if facts.get(heading)
        ],
        papers=[paper for paper in facts.get("手続書類", "").split(";") if paper],
        categories=list(entry.categories),
        life_events=[event.value for event in item.errands],
        changes=changes[:_MOST_CHANGES],
        related=_items(related),
        url=entry.url,
        licence=entry.source.licence,
        fetched_on=entry.source.fetched_at.astimezone(JST).date(),
        is_stale=shown.is_stale,
        has_check=entry.kind is Kind.PROGRAMME,
        follow_key=concierge.following.entry_key(entry) if followed else "",
    )


def _window(window: concierge.life_events.Window | None) -> schema.DueWindow | None:
    return window and schema.DueWindow(number=window.number, unit=window.unit, since=window.since)


_SUMMARIES = {Kind.WORK: "住民向け説明", Kind.LICENCE: "更新・届出の要件"}
_FACTS: Mapping[concierge.entries.Kind, Mapping[str, str]] = {
    Kind.PROGRAMME: {
        "対象者": "for_whom",
        "用途・対象費": "pays_for",
        "内容": "content",
        "給付金額": "gives",
        "補助率": "rate",
        "利用・申請方法": "how",
        "根拠法令": "law",
    },
    Kind.FACILITY: {
        "所在地_連結表記": "address",
        "利用可能曜日": "weekdays",
        "開始時間": "opens",
        "終了時間": "closes",
        "利用可能時間特記事項": "hours_note",
        "車椅子可": "wheelchair",
        "バリアフリートイレ": "toilet",
        "優先駐車場": "parking_reserved",
        "授乳室": "nursing_room",
    },
    Kind.EVENT: {
        "開始時間": "begins_at",
        "終了時間": "ends_at",
        "開始日時特記事項": "time_note",
        "場所名称": "where",
        "所在地_連結表記": "address",
        "料金(基本)": "price",
        "料金(詳細)": "price_note",
        "参加条件": "conditions",
        "定員": "places",
        "参加申込終了日": "apply_until",
        "参加申込方法": "apply_how",
        "アクセス方法": "access",
        "駐車場情報": "parking",
    },
    Kind.WORK: {
        "工事種別": "work_kind",
        "路線名": "road",
        "規制場所始点": "from",
        "規制場所終点": "to",
        "規制種別": "restriction",
        "規制理由": "restriction_why",
        "規制開始日": "restriction_from",
        "規制開始時間": "restriction_begins",
        "規制終了日": "restriction_until",
        "規制終了時間": "restriction_ends",
        "迂回路": "detour",
        "生活への影響": "effects",
        "進捗率": "progress",
    },
    Kind.LICENCE: {
        "有効期間": "valid",
        "受付開始": "renew_from",
        "受付終了": "renew_until",
        "更新・届出の要件": "renew_needs",
        "その他の届出": "other_notices",
        "注意喚起・制度改正": "attention",
        "根拠法令": "law",
    },
}
"""Which columns of a list residents read, in order, each with the name of its words."""
