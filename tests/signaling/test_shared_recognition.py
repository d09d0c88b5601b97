"""Utterances recognised by `genba transcribe` over a real Redis: nothing is lost, and no sound stays behind.

The workers are real processes with the tiny Whisper; the node is an `Exchange` in this process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
import redis

from signaling.__main__ import main
from signaling.speech.dispatch import Work
from signaling.speech.exchange import Exchange
from signaling.speech.messages import RATE, Message
from signaling.speech.parcels import GROUP, Parcels
from signaling.speech.voice import Speaker, Voice
from signaling.speech.workers import Unanswered
from tests.machines import TINY_MODEL, transcribing
from tests.services import Redis

pytestmark = pytest.mark.service

KEY = "5e" * 32
CRACK, PICTURE = "橋の下にひび割れがあります", "写真を撮ってください"
LONG_S = 60.0


def samples(name: str) -> bytes:
    """A sentence out of `tests/tiny_whisper`, as the listener cuts it."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(TINY_MODEL.parent / f"{name}.flac")) as file:
        parts = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.int16).tobytes()


class Utterances:
    """What one voice says, asked of the exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self.voice = Voice("somebody", Speaker("ja", lambda what: None))
        self._exchange = exchange

    async def ask(self, name: str, *, is_final: bool = True) -> str:
        """The text of a sentence."""
        work = Work(self.voice, 0, 0, samples(name), is_final, 0.0)
        question = Message({"language": "ja", "words": ""}, work.samples)
        return str((await self._exchange.ask(work, question)).facts["text"])


def play(url: str, scene: Callable[[Exchange], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Exchange(url, Parcels(KEY)).running() as exchange, asyncio.timeout(LONG_S):
            await scene(exchange)

    asyncio.run(run())


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110  # what is awaited is another process
        await asyncio.sleep(0.05)


def left_behind(url: str) -> tuple[int, int]:
    """How many sounds lie in Redis, and how many entries wait."""
    parcels = Parcels(KEY)
    with redis.Redis.from_url(url) as client:
        return len(list(client.scan_iter(parcels.sound("*")))), client.xlen(parcels.work)


def in_hand(url: str) -> int:
    """How many utterances workers have."""
    with redis.Redis.from_url(url) as client:
        return int(client.xpending(Parcels(KEY).work, GROUP)["pending"])


@pytest.fixture(scope="module")
def machine(redis_server: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psutil.Process]:
    """A machine with one worker, for all tests here."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with transcribing(redis_server.url, folder, GENBA_TRANSCRIPTION_KEY=KEY) as process:
        yield psutil.Process(process.pid)


def model(machine: psutil.Process) -> psutil.Process:
    """The process of its worker."""
    [found] = machine.children()
    return found


def test_what_a_killed_machine_had_is_taken_over_by_another_and_no_sound_stays(
    machine: psutil.Process, redis_url: str, tmp_path: Path
) -> None:
    async def scene(exchange: Exchange) -> None:
        spoken = Utterances(exchange)
        with transcribing(redis_url, tmp_path, GENBA_TRANSCRIPTION_KEY=KEY) as other:
            await until(lambda: exchange.workers == 2)
            doomed = model(psutil.Process(other.pid))
            doomed.suspend()  # so that it surely has one in hand
            async with asyncio.TaskGroup() as tasks:
                asked = [tasks.create_task(spoken.ask(name)) for name in ("picture", "crack", "picture")]
                await until(lambda: left_behind(redis_url) == (1, 1) and in_hand(redis_url) == 1)
                doomed.kill()
                other.kill()
        assert [each.result() for each in asked] == [PICTURE, CRACK, PICTURE]
        assert left_behind(redis_url) == (0, 0) and in_hand(redis_url) == 0
        await until(lambda: exchange.workers == 1)

    play(redis_url, scene)


def test_a_redis_that_forgets_everything_loses_no_utterance(
    machine: psutil.Process, redis_server: Redis, redis_url: str
) -> None:
    async def scene(exchange: Exchange) -> None:
        spoken = Utterances(exchange)
        model(machine).suspend()
        async with asyncio.TaskGroup() as tasks:
            asked = [tasks.create_task(spoken.ask(name)) for name in ("picture", "crack")]
            await until(lambda: left_behind(redis_url) == (2, 2) and in_hand(redis_url) == 1)
            redis_server.stop()
            redis_server.start()  # it keeps nothing on disk
            model(machine).resume()
        assert [each.result() for each in asked] == [PICTURE, CRACK]
        assert left_behind(redis_url)[0] == 0

    play(redis_url, scene)


def test_a_process_that_dies_hands_on_what_it_had_and_what_kills_everybody_is_given_up(
    machine: psutil.Process, redis_url: str
) -> None:
    async def scene(exchange: Exchange) -> None:
        spoken, work = Utterances(exchange), Parcels(KEY).work
        await until(lambda: exchange.workers == 1)
        for deaths, is_given_up in ((1, False), (3, True)):
            doomed = model(machine)
            doomed.suspend()
            asked = asyncio.create_task(spoken.ask("crack"))
            await until(lambda: in_hand(redis_url) == 1)
            with redis.Redis.from_url(redis_url) as client:
                [one] = client.xpending_range(work, GROUP, "-", "+", 1)
                client.xclaim(work, GROUP, one["consumer"], 0, [one["message_id"]], retrycount=deaths)
            doomed.kill()
            if not is_given_up:
                assert await asked == CRACK
        with pytest.raises(Unanswered) as failed:
            await asked
        assert failed.value.is_for_good

    play(redis_url, scene)


def test_what_nobody_may_hear_any_more_leaves_redis_at_once_and_interims_when_they_are_late(
    machine: psutil.Process, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.speech.exchange._INTERIM_S", 0.3)

    async def scene(exchange: Exchange) -> None:
        spoken = Utterances(exchange)
        model(machine).suspend()
        with pytest.raises(Unanswered):
            await spoken.ask("crack", is_final=False)
        assert left_behind(redis_url) == (0, 0)

        asked = asyncio.create_task(spoken.ask("crack"))
        await until(lambda: left_behind(redis_url) == (1, 1))
        spoken.voice.forget()
        with pytest.raises(Unanswered):
            await asked
        assert left_behind(redis_url) == (0, 0)
        model(machine).resume()

    play(redis_url, scene)


def test_strangers_in_redis_read_nothing_and_are_not_believed(
    machine: psutil.Process, redis_url: str
) -> None:
    async def scene(exchange: Exchange) -> None:
        spoken, parcels = Utterances(exchange), Parcels(KEY)
        model(machine).suspend()
        asked = asyncio.create_task(spoken.ask("crack"))
        await until(lambda: left_behind(redis_url) == (1, 1))
        with redis.Redis.from_url(redis_url) as client:
            [(_, facts)] = client.xrange(parcels.work)
            number, node = facts[b"number"].decode(), facts[b"node"].decode()
            sealed = client.get(parcels.sound(number))
            assert isinstance(sealed, bytes) and samples("crack")[:64] not in sealed
            forged = Message({"failed": True})
            for answer in (b"", b"junk", sealed, Parcels("00" * 32).seal(forged, f"answer {number}")):
                client.xadd(parcels.answers(node), {"number": number, "answer": answer})
            client.xadd(parcels.work, {"number": "junk", "node": node, "final": "1"})
            client.set(parcels.sound("junk"), b"junk")
            client.xadd(parcels.work, {"strange": "entry"})
        model(machine).resume()
        assert await asked == CRACK
        await until(lambda: left_behind(redis_url)[1] == 0)

    play(redis_url, scene)


def test_a_machine_that_cannot_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*more: str) -> str:
        assert main(["transcribe", "--data", str(tmp_path), *more]) == 1
        return capsys.readouterr().err

    model = ("--model", str(TINY_MODEL))
    assert "no model was chosen" in refused()
    assert "GENBA_REDIS_URL is not set" in refused(*model)
    monkeypatch.setenv("GENBA_REDIS_URL", "redis://127.0.0.1:1")
    assert "genba transcribe --show-key" in refused(*model)
    assert list(tmp_path.iterdir()) == []
