"""The bus, in the process and over a real Redis: the same suite for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.bus import Body, Bus
from signaling.bus.in_process import Exchange, InProcessBus
from signaling.bus.over_redis import RedisBus
from signaling.rate_limits import Rate, RateLimiter
from signaling.shared_limits import SharedLimiter
from tests import waiting
from tests.services import Redis

Make = Callable[[], Bus]
SLOW = Rate(burst=3, per_minute=0.5)


@pytest.fixture(params=["in process", pytest.param("over redis", marks=pytest.mark.service)])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes the ends of one bus of each kind."""
    if request.param == "in process":
        exchange = Exchange()
        return lambda: InProcessBus(exchange)
    url = str(request.getfixturevalue("redis_url"))
    return lambda: RedisBus(url, "test")


until = partial(waiting.until, within_s=10)


@asynccontextmanager
async def nodes(make: Make, count: int) -> AsyncIterator[list[Bus]]:
    async with AsyncExitStack() as stack:
        made = [make() for _ in range(count)]
        for bus in made:
            await stack.enter_async_context(bus.running())
        yield made


def run(make: Make, count: int, scene: Callable[..., Awaitable[None]]) -> None:
    async def play() -> None:
        async with nodes(make, count) as made:
            await scene(*made)

    asyncio.run(play())


def test_all_others_hear_in_order_and_the_speaker_does_not(make: Make) -> None:
    async def scene(first: Bus, second: Bus, third: Bus) -> None:
        heard: dict[str, list[tuple[str, Body]]] = {bus.node: [] for bus in (first, second, third)}
        for bus in (first, second, third):
            bus.listen("word", lambda node, body, bus=bus: heard[bus.node].append((node, body)))  # type: ignore[misc]
        said = [(first.node, {"number": number, "橋": ["北", None]}) for number in range(20)]

        for _, body in said:
            first.tell("word", body)
        first.tell("other", {})

        await until(lambda: len(heard[second.node]) == len(heard[third.node]) == 20)
        assert heard == {first.node: [], second.node: said, third.node: said}

    run(make, 3, scene)


def test_who_has_left_hears_nothing_more(make: Make) -> None:
    async def scene(first: Bus, second: Bus) -> None:
        heard: list[Body] = []
        async with nodes(make, 1) as [guest]:
            guest.listen("word", lambda _, body: heard.append(body))
            first.tell("word", {"number": 1})
            await until(lambda: heard)
        first.tell("word", {"number": 2})
        told: list[Body] = []
        second.listen("last", lambda _, body: told.append(body))
        first.tell("last", {})
        await until(lambda: told)
        assert heard == [{"number": 1}]

    run(make, 2, scene)


def test_a_limit_is_one_for_all_nodes_and_each_key_has_its_own(make: Make) -> None:
    async def scene(first: Bus, second: Bus) -> None:
        waits = [await bus.take("sign_in", SLOW, "a") for bus in (first, second, first, second)]

        assert waits[:3] == [0.0, 0.0, 0.0]
        assert waits[3] is not None and 110 < waits[3] <= 120
        assert await first.take("sign_in", SLOW, "b") == 0.0
        assert await second.take("chat", SLOW, "a") == 0.0

    run(make, 2, scene)


def test_a_shared_limit_refills(make: Make) -> None:
    async def scene(bus: Bus) -> None:
        quick = Rate(burst=1, per_minute=60 * 50)
        assert await bus.take("quick", quick, "a") == 0.0
        async with asyncio.timeout(5):
            while True:
                if await bus.take("quick", quick, "a") == 0.0:
                    return
                await asyncio.sleep(0.005)

    run(make, 1, scene)


def test_a_limiter_asks_the_bus_and_keeps_its_own_count(make: Make) -> None:
    async def scene(first: Bus, second: Bus) -> None:
        here, there = (SharedLimiter("join", SLOW, bus) for bus in (first, second))
        assert [await here.take("a", 1.0), await there.take("a", 1.0), await here.take("a", 1.0)] == [0.0] * 3
        assert await there.take("a", 1.0) > 0  # three of them, over both nodes

    run(make, 2, scene)


@given(st.lists(st.floats(min_value=0, max_value=200), max_size=12))
def test_without_the_bus_a_limiter_counts_like_a_local_one(steps: list[float]) -> None:
    async def play() -> None:
        cut_off = RedisBus("redis://127.0.0.1:1/0", "test")  # never entered: not linked
        shared, local, now = SharedLimiter("join", SLOW, cut_off), RateLimiter(SLOW), 1000.0
        for step in steps:
            now += step
            assert await shared.take("a", now) == local.take("a", now)

    asyncio.run(play())


@pytest.mark.service
def test_a_redis_that_goes_away_is_noticed_and_found_again(tmp_path: Path) -> None:
    async def play(server: Redis) -> None:
        async with nodes(lambda: RedisBus(server.url, "test"), 2) as [first, second]:
            links: list[bool] = []
            heard: list[Body] = []
            second.watch(links.append)
            second.listen("word", lambda _, body: heard.append(body))
            first.tell("word", {"number": 1})
            await until(lambda: heard)

            await asyncio.to_thread(server.stop)
            await until(lambda: not (first.is_linked or second.is_linked))
            first.tell("word", {"number": 2})
            assert await first.take("sign_in", SLOW, "a") is None

            await asyncio.to_thread(server.start)
            await until(lambda: first.is_linked and second.is_linked)
            first.tell("word", {"number": 3})
            await until(lambda: len(heard) == 2)
            assert heard[1] == {"number": 3}
            assert links == [False, True]
            assert await first.take("sign_in", SLOW, "a") == 0.0

    with Redis(tmp_path) as server:
        asyncio.run(play(server))


@pytest.mark.service
def test_a_redis_that_hangs_counts_as_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.bus.over_redis.SILENT_S", 0.3)
    monkeypatch.setattr("signaling.bus.over_redis.BEAT_S", 0.1)

    async def play(server: Redis) -> None:
        async with nodes(lambda: RedisBus(server.url, "test"), 1) as [bus]:
            assert bus.is_linked
            server.freeze()
            await until(lambda: not bus.is_linked)
            server.thaw()
            await until(lambda: bus.is_linked)

    with Redis(tmp_path) as server:
        asyncio.run(play(server))


@pytest.mark.service
def test_installations_on_one_redis_do_not_hear_each_other(redis_url: str) -> None:
    async def play() -> None:
        ours, theirs = RedisBus(redis_url, "ours"), RedisBus(redis_url, "theirs")
        third = RedisBus(redis_url, "ours")
        async with ours.running(), theirs.running(), third.running():
            heard: list[str] = []
            theirs.listen("word", lambda *_: heard.append("theirs"))
            third.listen("word", lambda *_: heard.append("ours"))
            ours.tell("word", {})
            await until(lambda: heard)
            assert await theirs.take("sign_in", SLOW, "a") == 0.0  # what was said before has arrived by now
            assert heard == ["ours"]

    asyncio.run(play())


@pytest.mark.service
def test_what_strangers_say_is_refused_and_hearing_goes_on(redis_url: str) -> None:
    import redis

    async def play() -> None:
        async with nodes(lambda: RedisBus(redis_url, "test"), 2) as [first, second]:
            heard: list[Body] = []
            second.listen("word", lambda _, body: heard.append(body))
            with redis.Redis.from_url(redis_url) as stranger:
                for said in (b"\xff\xfe", b"{}", b"[1]", b'["a", "word", 7]', b'["a", ["word"], {}]'):
                    stranger.publish("genba.test", said)
            first.tell("word", {"number": 1})
            await until(lambda: heard)
            assert heard == [{"number": 1}]

    asyncio.run(play())
