"""Notices by push: what was planned for somebody's browsers, handed over once, in a few tries.

A push waits as its `Mailing` in the database, so a restart loses none. It is noted as leaving before a push
service hears of it: a crash in between leaves it unclear, and it is not sent again. A browser the service no
longer knows (404, 410) is forgotten; whoever has none left is told by mail again, this notice first. The push
says what the notice's title says, and no more: what it opens is the person's own page, if it is known there.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from field_assist import Session, Store, StoreUnavailable, concierge, exclusive, new_id
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.accounts.vault import Vault, VaultSealed
from signaling.api.notice_round import NoticeRound
from signaling.api.push_desk import check_keys
from signaling.beside import beside, woken
from signaling.clock import Clock
from signaling.push import endpoints
from signaling.push.devices import Subscription
from signaling.push.sender import Push, PushSender
from signaling.slot_intake import ROUND

AT_A_TIME = 8
CLAIM = timedelta(minutes=2)
LOOK_AGAIN_S = 10.0
FIRST_RETRY_S, LONGEST_RETRY_S = 10.0, 900.0
LONGEST_TITLE = 200
LONGEST_TTL_S = 12 * 3600

log = logging.getLogger(__name__)

notices, subscribers = concierge.notices, concierge.subscribers


class NoticePushes:
    """One per node; use `running` around it."""

    def __init__(
        self, store: Store, vault: Vault, clock: Clock, sender: PushSender, rounds: NoticeRound
    ) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._sender = sender
        self._rounds = rounds
        self._wake = asyncio.Event()
        rounds.on_pushes = self._wake.set

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        return self._sender.signer.public_key

    def device(
        self, subscriber_id: str, given: Subscription, label: str
    ) -> concierge.subscribers.ResidentDevice:
        """A browser's row; raises EndpointRefused."""
        endpoints.check(given.endpoint, self._sender.services)
        check_keys(given)
        at = self._clock.wall()
        device_id = new_id(at)
        return subscribers.ResidentDevice(
            id=device_id,
            subscriber_id=subscriber_id,
            endpoint=given.endpoint,
            keys=self._vault.seal(f"{given.p256dh} {given.auth}", _context(device_id)),
            label=label,
            added_at=at,
        )

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[NoticePushes]":
        """Send while the block runs."""
        async with beside(self._run()):
            yield self

    async def _run(self) -> None:
        while True:
            try:
                while await self.turn():
                    pass
            except StoreUnavailable:
                log.warning("notice_pushes_wait_for_the_database")
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("notice_pushes_failed")
            await woken(self._wake, LOOK_AGAIN_S)

    async def turn(self) -> int:
        """Send some of those that are due; answers how many."""
        claimed = await self._store.write(self._claim)
        async with asyncio.TaskGroup() as tasks:
            for mailing in claimed:
                tasks.create_task(self._send(mailing))
        return len(claimed)

    def _claim(self, session: Session) -> list[concierge.notices.Mailing]:
        exclusive(session, ROUND)
        return notices.claim_pushes(session, self._clock.wall(), CLAIM, AT_A_TIME)

    async def _send(self, mailing: concierge.notices.Mailing) -> None:
        found = await self._store.read(lambda session: _content(session, mailing))
        statuses: dict[str, int] = {}  # of nobody, where they stopped or everything is over meanwhile
        if found is not None:
            body, devices, urgency = found
            statuses = {device.id: await self._try(device, mailing, body, urgency) for device in devices}
        await self._store.write(lambda session: self._note(session, mailing.id, statuses))

    async def _try(
        self,
        device: concierge.subscribers.ResidentDevice,
        mailing: concierge.notices.Mailing,
        body: dict[str, Any],  # Any: what goes into JSON
        urgency: str,
    ) -> int:
        try:
            p256dh, _, auth = self._vault.open(device.keys, _context(device.id)).partition(" ")
        except VaultSealed:
            return 410  # nobody can write to it any more
        at = self._clock.wall()
        left_s = int((mailing.until - at).total_seconds()) if mailing.until is not None else LONGEST_TTL_S
        push = Push(
            device_id=device.id,
            to=Subscription(device.endpoint, p256dh, auth),
            body=body,
            ttl_s=max(0, min(LONGEST_TTL_S, left_s)),
            topic=mailing.id,
            urgency=urgency,
        )
        return await self._sender.try_once(push)

    def _note(self, session: Session, mailing_id: str, statuses: dict[str, int]) -> None:
        exclusive(session, ROUND)
        at, mailing = self._clock.wall(), session.get(notices.Mailing, mailing_id)
        if mailing is None or mailing.state != notices.MailingState.LEAVING:
            return
        row = subscribers.by_id(session, mailing.subscriber_id)
        for device_id, status in statuses.items():
            if status in (404, 410) and subscribers.drop_device(session, row, device_id):
                log.info("notice_device_gone", extra={"device": device_id})
                access_log.append(session, Entry(SYSTEM, Action.NOTICES_DEVICE_REMOVED, row.id), at)
        is_taken = any(200 <= status < 300 for status in statuses.values())
        may_come = any(status in (0, 408, 429) or status >= 500 for status in statuses.values())
        if is_taken:
            notices.settle(session, mailing, notices.MailingState.SENT, at)
        elif may_come:
            wait_s = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** (mailing.tries - 1))
            notices.later(session, mailing, at, timedelta(seconds=wait_s))
        else:
            if statuses and subscribers.devices(
                session, row.id
            ):  # refused for good: mail is the way that is left
                row.channel = subscribers.Channel.MAIL.value
            notices.settle(session, mailing, notices.MailingState.MISSED, at)
        if not is_taken:
            log.warning("notice_not_pushed", extra={"mailing": mailing_id})
            self._rounds.look()


def _content(
    session: Session, mailing: concierge.notices.Mailing
) -> tuple[dict[str, Any], list[concierge.subscribers.ResidentDevice], str] | None:  # Any: JSON
    told = [each for each in notices.of_mailing(session, mailing.id) if each.ended_at is None]
    row = session.get(subscribers.Subscriber, mailing.subscriber_id)
    if not told or row is None:
        return None
    body = {
        "kind": "notice",
        "id": told[0].id,
        "language": row.language,
        "title": told[0].title[:LONGEST_TITLE],
        "more": len(told) - 1,
    }
    is_hurried = any(each.urgency == concierge.notice_plan.Urgency.SAME_DAY for each in told)
    return body, subscribers.devices(session, row.id), "high" if is_hurried else "normal"


def _context(device_id: str) -> str:
    return f"subscriber.device/{device_id}"
