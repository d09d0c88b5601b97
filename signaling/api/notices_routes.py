"""Notices to residents under /api: asked for, confirmed, chosen, followed and stopped, without an account.

The code of a link is all it takes. The address of one click (RFC 8058) takes a POST with whatever body a mail
program sends, and only stops; a person who opens it in a browser is led to their page.
"""

from datetime import datetime
from typing import get_args

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from field_assist import concierge
from signaling.accounts.sign_in import network_of
from signaling.api import notices_schema as schema
from signaling.api.auth import Address, Parts
from signaling.api.notice_desk import RADII_M, AskedProxy, Followed, Page, Wanted
from signaling.api.services import Services, spend
from signaling.push.devices import Subscription

router = APIRouter(tags=["notices"])

following, subscribers = concierge.following, concierge.subscribers


@router.get("/notices")
async def offer_notices(parts: Parts, address: Address) -> schema.NoticesOffer:
    """What can be followed."""
    await _take(parts, address)
    offer = await parts.concierge.notices.offer()
    return schema.NoticesOffer(
        organisation=parts.organisation,
        office_phone=parts.office_phone,
        is_open=parts.concierge.notices.is_open,
        places=_choices(offer.places),
        radii_m=list(RADII_M),
        licences=_choices(offer.licences),
        categories=_choices(tuple((name, name) for name in offer.categories)),
        areas=_choices(offer.areas),
        events=[schema.Choice(key=key, name=name, day=day) for key, name, day in offer.events],
        programmes=_choices(offer.programmes),
        facilities=_choices(offer.facilities),
    )


@router.post("/notices", status_code=202)
async def ask_for_notices(body: schema.NoticesRequest, parts: Parts, address: Address) -> None:
    """Send the mail with the link; the answer never says whether the address is known."""
    await spend(parts, parts.limits.subscribe, network_of(address))
    wish = Wanted(following.Topic(body.wish.topic), body.wish.key) if body.wish else None
    await parts.concierge.notices.ask(body.address, body.language, address, wish)


@router.get("/notices/{code}")
async def read_notices(code: str, parts: Parts, address: Address) -> schema.NoticesView:
    """Somebody's own page."""
    await _take(parts, address)
    return _view(parts, await parts.concierge.notices.open(code, address))


@router.post("/notices/{code}/confirm")
async def confirm_notices(code: str, parts: Parts, address: Address) -> schema.NoticesView:
    """The owner of the address says yes."""
    await _take(parts, address)
    return _view(parts, await parts.concierge.notices.confirm(code, address))


@router.post("/notices/{code}/choices")
async def choose_notices(
    code: str, body: schema.ChoicesRequest, parts: Parts, address: Address
) -> schema.NoticesView:
    """When, how often, in which language, and what not."""
    await _take(parts, address)
    quiet = body.quiet_from, body.quiet_until
    rhythm = concierge.notice_plan.Rhythm(body.per_week, *quiet, body.wakes_for_same_day, body.digest_on)
    off = frozenset(following.Topic(topic) for topic in body.switched_off)
    chosen = subscribers.Choices(rhythm, body.language, off, subscribers.Channel(body.channel))
    return _view(parts, await parts.concierge.notices.choose(code, chosen, address))


@router.post("/notices/{code}/follows", status_code=201)
async def follow(code: str, body: schema.FollowRequest, parts: Parts, address: Address) -> schema.NoticesView:
    """Follow one thing more, or the same with another day or radius."""
    await _take(parts, address)
    topic = following.Topic(body.topic)
    times = body.weekdays, body.from_hour, body.until_hour
    wanted = Wanted(topic, body.key, body.area, body.radius_m, body.expires_on, *times)
    return _view(parts, await parts.concierge.notices.follow(code, wanted, address))


@router.post("/notices/{code}/follows/{follow_id}/remove")
async def unfollow(code: str, follow_id: str, parts: Parts, address: Address) -> schema.NoticesView:
    """Follow one thing less."""
    await _take(parts, address)
    return _view(parts, await parts.concierge.notices.unfollow(code, follow_id, address))


@router.post("/notices/{code}/follows/{follow_id}/done")
async def licence_renewed(code: str, follow_id: str, parts: Parts, address: Address) -> schema.NoticesView:
    """A licence was dealt with: nothing more is told about this 満了日."""
    await _take(parts, address)
    return _view(parts, await parts.concierge.notices.renewed(code, follow_id, address))


@router.post("/notices/{code}/devices", status_code=201)
async def add_notice_device(
    code: str, body: schema.DeviceRequest, parts: Parts, address: Address
) -> schema.NoticesView:
    """Let this browser show notices, in place of mail."""
    await _take(parts, address)
    given = Subscription(body.endpoint, body.p256dh, body.auth)
    return _view(parts, await parts.concierge.notices.add_device(code, given, body.label, address))


@router.post("/notices/{code}/devices/{device_id}/remove")
async def remove_notice_device(
    code: str, device_id: str, parts: Parts, address: Address
) -> schema.NoticesView:
    """Let it show none any more; without any, mail comes again."""
    await _take(parts, address)
    return _view(parts, await parts.concierge.notices.drop_device(code, device_id, address))


@router.post("/notices/{code}/proxies", status_code=201)
async def ask_notice_proxy(
    code: str, body: schema.ProxyRequest, parts: Parts, address: Address
) -> schema.NoticesView:
    """Ask somebody of the family whether they receive the same until a day."""
    await spend(parts, parts.limits.subscribe, network_of(address))
    mandate = subscribers.Mandate(body.until, frozenset(following.Topic(topic) for topic in body.topics))
    asked = AskedProxy(body.address, body.name, body.from_name, mandate)
    return _view(parts, await parts.concierge.notices.ask_proxy(code, asked, address))


@router.post("/notices/{code}/proxies/{proxy_id}/remove")
async def end_notice_proxy(code: str, proxy_id: str, parts: Parts, address: Address) -> schema.NoticesView:
    """They receive nothing any more, and are forgotten."""
    await _take(parts, address)
    return _view(parts, await parts.concierge.notices.end_proxy(code, proxy_id, address))


@router.post("/notices/{code}/stop", status_code=204)
async def stop_notices(code: str, parts: Parts, address: Address) -> None:
    """Everything stops, and what was kept is forgotten."""
    await _take(parts, address)
    await parts.concierge.notices.stop(code, address)


@router.post("/notice-stop/{subscriber_id}/{token}", status_code=200)
async def stop_by_mail(subscriber_id: str, token: str, parts: Parts, address: Address) -> None:
    """One click in a mail program."""
    await _take(parts, address)
    await parts.concierge.notices.stop_by_mail(subscriber_id, token, address)


@router.get("/notice-stop/{subscriber_id}/{token}", response_model=None)
async def page_of_mail(subscriber_id: str, token: str, parts: Parts, address: Address) -> Response:
    """Somebody opened the address of the click: only looking at it stops nothing."""
    await _take(parts, address)
    return RedirectResponse(await parts.concierge.notices.page_of_mail(subscriber_id, token), status_code=303)


def _view(parts: Services, page: Page) -> schema.NoticesView:
    row = page.subscriber
    return schema.NoticesView(
        organisation=parts.organisation,
        office_phone=parts.office_phone,
        state=row.state,
        address=page.address,
        language=row.language,
        per_week=row.per_week,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        switched_off=_topics(row.switched_off),
        follows=[_follow(each) for each in page.follows],
        told=[_told(notice, page.at) for notice in page.told],
        next_digest_at=concierge.notice_plan.next_digest(page.at, row.digest_on),
        digest_on=row.digest_on,
        wakes_for_same_day=row.wakes_for_same_day,
        channel=row.channel,
        push_key=parts.concierge.notices.pushes.public_key,
        devices=[
            schema.NoticeDevice(id=each.id, label=each.label, added_at=each.added_at) for each in page.devices
        ],
        proxies=[_proxy(proxy, name) for proxy, name in page.proxies],
        proxy_for=_proxy_for(page),
    )


def _proxy(proxy: subscribers.Subscriber, name: str) -> schema.Proxy:
    return schema.Proxy(
        id=proxy.id,
        name=name,
        topics=_topics(proxy.proxy_topics),
        until=proxy.proxy_until,
        is_confirmed=proxy.state != subscribers.State.ASKED,
    )


def _proxy_for(page: Page) -> schema.ProxyFor | None:
    row = page.subscriber
    if row.proxy_of is None:
        return None
    return schema.ProxyFor(name=page.proxy_for, topics=_topics(row.proxy_topics), until=row.proxy_until)


def _topics(values: list[str]) -> list[schema.Topic]:
    return [topic for topic in get_args(schema.Topic) if topic in values]


def _follow(followed: Followed) -> schema.Follow:
    row, plan = followed.row, followed.schedule
    days = None
    if plan is not None and followed.stage is not None:
        days = schema.LicenceDays(
            opens_on=plan.opens_on, closes_on=plan.closes_on, safe_on=plan.safe_on, stage=followed.stage
        )
    return schema.Follow(
        id=row.id,
        topic=row.topic,
        key=row.key,
        label=row.label,
        area=row.area,
        radius_m=row.radius_m,
        expires_on=row.expires_on,
        weekdays=row.weekdays,
        from_hour=row.from_hour,
        until_hour=row.until_hour,
        is_done=row.expires_on is not None and row.done_on == row.expires_on,
        days=days,
    )


def _told(notice: subscribers.Notice, at: datetime) -> schema.ToldNotice:
    return schema.ToldNotice(
        id=notice.id,
        topic=notice.topic,
        title=notice.title,
        lines=notice.text.splitlines(),
        reason=notice.reason,
        source=notice.source,
        source_day=notice.source_day,
        contact=notice.contact,
        phone=notice.phone,
        url=notice.url,
        made_at=notice.made_at,
        is_over=notice.expires_at is not None and notice.expires_at <= at,
    )


def _choices(pairs: tuple[tuple[str, str], ...]) -> list[schema.Choice]:
    return [schema.Choice(key=key, name=name) for key, name in pairs]


async def _take(parts: Services, address: str) -> None:
    await spend(parts, parts.limits.join, network_of(address))
