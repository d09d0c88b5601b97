"""Waking devices: which ones somebody has, and pushing rings to them when no page of theirs reacts.

A ring goes to the devices of whoever has no page open at once, of whoever has one after a few seconds without
any page showing it. It says that somebody asks and about what, never who or of which case. When it is over,
the same devices are told so, and the notification turns quiet. A decision that waits for somebody reaches all
their devices once, without a word of what it is about.
"""

import asyncio
import base64
import binascii
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from field_assist import (
    Person,
    Session,
    Store,
    StoreUnavailable,
    consultations,
    people,
    rings,
    topics,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.accounts.vault import Vault, VaultSealed
from signaling.api.call_desk import Forbidden
from signaling.api.event_streams import EventHub
from signaling.clock import Clock
from signaling.push import devices, endpoints
from signaling.push.devices import PushDevice, Subscription
from signaling.push.endpoints import EndpointRefused
from signaling.push.sender import Push, PushSender

REACT_S = 4.0
"""An open page that does not show a ring after so long may be asleep: then the devices are woken as well."""
DECISION_TTL_S = 3600
MAX_TOLD = 1_000  # rings whose end is still to be told

Reached = Callable[[str, str, rings.Delivery], Awaitable[None]]

log = logging.getLogger(__name__)


class PushDeviceUnknown(Exception):
    """No such device of this person."""


@dataclass(frozen=True, slots=True)
class PushParts:
    """What the desk works with."""

    store: Store
    vault: Vault
    hub: EventHub
    clock: Clock


class PushDesk:
    """One per node; use `running` around it. `on_reached` hears how far a ring came.

    A push service drops what it could not deliver within `ttl_s`: nobody rings any more then.
    """

    def __init__(self, parts: PushParts, sender: PushSender, *, ttl_s: int) -> None:
        self.on_reached: Reached | None = None
        self._store = parts.store
        self._vault = parts.vault
        self._hub = parts.hub
        self._clock = parts.clock
        self.sender = sender
        self._ttl_s = ttl_s
        self._told: dict[rings.Told, list[PushDevice]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._running: set[asyncio.Task[None]] = set()

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        return self.sender.signer.public_key

    @asynccontextmanager
    async def running(self) -> AsyncIterator["PushDesk"]:
        """Push while the block runs."""
        async with self.sender.running(), asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                yield self
            finally:
                self._tasks = None
                for task in list(self._running):
                    task.cancel()

    async def own(self, person: Person) -> list[PushDevice]:
        """This person's devices; raises Forbidden for those who are never rung."""
        _check(person)
        return await self._store.read(lambda session: devices.of(session, [person.id]))

    async def add(
        self, person: Person, given: Subscription, names: tuple[str, str], address: str
    ) -> PushDevice:
        """Note a device, with its language and label; raises Forbidden, EndpointRefused."""
        _check(person)
        endpoints.check(given.endpoint, self.sender.services)
        check_keys(given)
        at = self._clock.wall()

        def work(session: Session) -> PushDevice:
            row = devices.add(session, self._vault, person.id, given, names, at)
            access_log.acted(session, person, address, Action.PUSH_DEVICE_ADDED, row.id, at)
            return row

        return await self._store.write(work)

    async def remove(self, person: Person, device_id: str, address: str) -> None:
        """Forget a device; raises Forbidden, PushDeviceUnknown."""
        _check(person)
        at = self._clock.wall()

        def work(session: Session) -> None:
            if not devices.remove(session, device_id, person.id):
                raise PushDeviceUnknown
            access_log.acted(session, person, address, Action.PUSH_DEVICE_REMOVED, device_id, at)

        await self._store.write(work)

    async def test(self, person: Person, device_id: str) -> None:
        """Let a device show a notification; raises Forbidden, PushDeviceUnknown."""
        for device in await self.own(person):
            if device.id == device_id:
                self._push(device, {"kind": "test"}, f"test{device.id}"[:32])
                return
        raise PushDeviceUnknown

    def changed(self, changes: rings.Changes) -> None:
        """Somebody is rung from now on, or no more; never blocks."""
        for told in changes.started:
            self._begin(partial(self._ring, told))
        for told in changes.stopped:
            self._begin(partial(self._stop, told))

    def decision_waits(self, staff_ids: Set[str], decision_id: str) -> None:
        """A decision waits for these people from now on; never blocks."""
        self._begin(partial(self._tell_decision, staff_ids, decision_id))

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:  # Any: what a coroutine is sent
        if self._tasks is None:
            return
        task = self._tasks.create_task(self._guard(work()))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _tell_decision(self, staff_ids: Set[str], decision_id: str) -> None:
        found = await self._store.read(lambda session: devices.of(session, sorted(staff_ids)))
        for device in found:
            body = {"kind": "decision", "id": decision_id}
            self._push(device, body, decision_id, ttl_s=DECISION_TTL_S)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:  # Any: what a coroutine is sent
        try:
            await work
        except (StoreUnavailable, VaultSealed):
            log.warning("push_skipped")
        except Exception:  # waking devices must not end the ringing beside it
            log.exception("push_failed")

    async def _ring(self, told: rings.Told) -> None:
        found = await self._store.read(lambda session: devices.of(session, [told.person]))
        if not found:
            return
        if told.person in self._hub.present():
            await asyncio.sleep(REACT_S)
        topic = await self._store.read(lambda session: _still_unseen(session, told))
        if topic is None:
            return
        while len(self._told) >= MAX_TOLD:
            del self._told[next(iter(self._told))]
        self._told[told] = found
        for device in found:
            label = topics.label(topic, device.language)
            body = {"kind": "ring", "id": told.request, "topic": label}
            self._push(device, body, told.request, told)

    async def _stop(self, told: rings.Told) -> None:
        for device in self._told.pop(told, []):
            self._push(device, {"kind": "stop", "id": told.request}, told.request)

    def _push(
        self,
        device: PushDevice,
        body: dict[str, Any],  # Any: what goes into JSON
        topic: str,
        told: rings.Told | None = None,
        ttl_s: int | None = None,
    ) -> None:
        async def on_taken() -> None:
            at = self._clock.wall()
            await self._store.write(lambda session: devices.used(session, device.id, at))
            if told is not None and self.on_reached is not None:
                await self.on_reached(told.person, told.request, rings.Delivery.PUSHED)

        async def on_gone() -> None:
            await self._store.write(lambda session: devices.remove(session, device.id))

        self.sender.send(
            Push(
                device_id=device.id,
                to=device.subscription(self._vault),
                body=body | {"language": device.language},
                ttl_s=self._ttl_s if ttl_s is None else ttl_s,
                topic=topic,
                on_taken=on_taken,
                on_gone=on_gone,
            )
        )


def _check(person: Person) -> None:
    if not people.may_have_devices(person):
        raise Forbidden


def check_keys(given: Subscription) -> None:
    """The browser's key must be a point of P-256 and its secret 16 bytes (RFC 8291 section 2)."""
    try:
        point = base64.urlsafe_b64decode(given.p256dh + "==")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        is_whole = len(point) == 65 and len(base64.urlsafe_b64decode(given.auth + "==")) == 16
    except (ValueError, binascii.Error):
        is_whole = False
    if not is_whole:
        raise EndpointRefused


def _still_unseen(session: Session, told: rings.Told) -> str | None:
    """The topic of a ring that no page of theirs shows yet; None when it is over or shown."""
    for ring in rings.of(session, told.request):
        if ring.staff_id == told.person and ring.stopped_at is None:
            is_shown = ring.delivery == rings.Delivery.SHOWN
            return None if is_shown else consultations.by_id(session, told.request).topic
    return None
