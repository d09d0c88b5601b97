"""The bus over Redis: one channel for all that is said, and token buckets kept by a script.

The channel's name is derived from the installation's secret, so two installations on one Redis do not hear
each other. Every node also hears itself, and beats while nobody speaks: silence means that the link is
broken, however the network broke it.
"""

import asyncio
import hashlib
import json
import logging
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from signaling.bus import Body, Listener, Watcher
from signaling.rate_limits import Rate

BEAT_S = 2.0
SILENT_S = 6.0  # three beats were lost
CONNECT_S = 2.0
TAKE_S = 0.25  # a limit is not worth a longer wait
RETRY_S = (0.2, 0.5, 1.0, 2.0)
MAX_WAITING = 2_000
"""Messages; beyond that the oldest are dropped, as when the link is lost."""

# Redis' own clock, so nodes need not agree on the time. Answers the wait in seconds.
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local burst, per_s = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'level', 'seen')
local level, seen = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
level = math.min(burst, level + math.max(0, now - seen) * per_s)
local wait = 0
if level >= 1 then level = level - 1 else wait = (1 - level) / per_s end
redis.call('HSET', KEYS[1], 'level', string.format('%.9f', level), 'seen', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst / per_s + 1) * 1000))
return string.format('%.6f', wait)
"""

log = logging.getLogger(__name__)


class RedisBus:
    """A node's end. `channel` is the installation's, the same on all its nodes; `url` is Redis' own form."""

    def __init__(self, url: str, channel: str) -> None:
        self.node = secrets.token_hex(8)
        self.is_linked = False
        self._url = url
        self._channel = f"genba.{channel}"
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._watchers: list[Watcher] = []
        self._waiting: deque[str] = deque(maxlen=MAX_WAITING)
        self._wake = asyncio.Event()
        self._first = asyncio.Event()
        self._redis: Redis | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["RedisBus"]:
        """See `Bus`; waits for the first link, but not for long."""
        redis = self._redis = Redis.from_url(
            self._url,
            socket_connect_timeout=CONNECT_S,
            socket_timeout=SILENT_S,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            async with redis, asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(self._keep_hearing(redis)),
                    tasks.create_task(self._keep_speaking(redis)),
                ]
                try:
                    async with asyncio.timeout(CONNECT_S):
                        await self._first.wait()
                except TimeoutError:
                    log.warning("bus_not_reached")
                try:
                    yield self
                finally:
                    self._redis = None
                    for task in running:
                        task.cancel()
        finally:
            self._redis = None

    def tell(self, kind: str, body: Body) -> None:
        """See `Bus`."""
        if self.is_linked:
            self._waiting.append(json.dumps([self.node, kind, body]))
            self._wake.set()

    def listen(self, kind: str, listener: Listener) -> None:
        """See `Bus`."""
        self._listeners[kind].append(listener)

    def watch(self, watcher: Watcher) -> None:
        """See `Bus`."""
        self._watchers.append(watcher)

    async def take(self, name: str, rate: Rate, key: str) -> float | None:
        """See `Bus`; Redis is told neither addresses nor names."""
        if not self.is_linked or self._redis is None:
            return None
        hidden = hashlib.blake2s(f"{name}\0{key}".encode()).hexdigest()
        arguments = [str(rate.burst), str(rate.per_minute / 60)]
        try:
            async with asyncio.timeout(TAKE_S):
                # Any: what a script answers is of no type the library knows.
                answer: Any = await self._redis.eval(TAKE, 1, f"{self._channel}.limit.{hidden}", *arguments)
            return float(answer)
        except (RedisError, OSError, TimeoutError, ValueError):
            return None

    # -- hearing -----------------------------------------------------------------------------------

    async def _keep_hearing(self, redis: Redis) -> None:
        tries = 0
        while self._redis is not None:
            try:
                async for _ in self._hear(redis):
                    tries = 0
            except (RedisError, OSError, TimeoutError) as error:
                if self.is_linked:
                    log.warning("bus_lost", extra={"reason": type(error).__name__})
            self._link(False)
            await _forget_connections(redis)
            await asyncio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
            tries += 1

    async def _hear(self, redis: Redis) -> AsyncIterator[None]:
        """Deliver what is said, until silence or a fault; yields for each message."""
        async with redis.pubsub() as subscription:
            await subscription.subscribe(self._channel)
            while True:
                async with asyncio.timeout(SILENT_S):
                    message = await subscription.get_message(timeout=None)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    self._link(True)
                elif message["type"] == "message":
                    self._deliver(message["data"])
                yield

    def _deliver(self, said: bytes) -> None:
        try:
            node, kind, body = json.loads(said)
            listeners = self._listeners.get(str(kind), []) if node != self.node else []
            for listener in listeners:
                listener(str(node), dict(body))
        except Exception:  # whatever another version of us or a stranger says must not end the hearing
            log.exception("bus_message_refused")

    def _link(self, is_linked: bool) -> None:
        if is_linked == self.is_linked:
            return
        self.is_linked = is_linked
        self._waiting.clear()
        self._wake.set()
        if is_linked:
            self._first.set()
            log.info("bus_linked")
        for watcher in self._watchers:
            watcher(is_linked)

    # -- speaking ----------------------------------------------------------------------------------

    async def _keep_speaking(self, redis: Redis) -> None:
        while self._redis is not None:  # the library swallows a cancellation now and then
            try:
                async with asyncio.timeout(BEAT_S):
                    await self._wake.wait()
            except TimeoutError:
                self.tell("beat", {})
            self._wake.clear()
            while self._waiting:
                said = self._waiting.popleft()
                try:
                    await redis.publish(self._channel, said)
                except (RedisError, OSError, TimeoutError):
                    self._waiting.clear()  # hearing finds out, and heals


async def _forget_connections(redis: Redis) -> None:
    """What was open to a server that went away would fail the first thing said to the next."""
    try:
        await redis.connection_pool.disconnect()
    except (RedisError, OSError):
        log.debug("bus_connection_broken")
