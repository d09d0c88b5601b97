"""Voices in, words out: the listener and the workers, started when the first voice comes, and when they die.

Nothing that was said is lost with a process: frames are kept until the listener is done with them
(`Voice`), utterances until they were answered (`Dispatch`). Without workers finished utterances wait.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

from signaling.beside import woken
from signaling.speech.dispatch import Dispatch, Work
from signaling.speech.guards import Kind, judge
from signaling.speech.messages import Message, PipeBroken
from signaling.speech.processes import Process, started
from signaling.speech.recogniser import Recognised
from signaling.speech.voice import Heard, Reason, Speaker, Unheard, Voice
from signaling.speech.workers import Hire, Unanswered, Worker

_FEED_S: Final = 0.06
_SHORT_S: Final = 10.0
_MOST_SHORT_LIVES: Final = 3
_FINISH_S: Final = 5.0
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.2, 60.0

Run = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


class Transcriber:
    """One per server; use `running` around it. `words` are names that may occur."""

    def __init__(self, hires: Sequence[Hire], words: str, now: Callable[[], float]) -> None:
        self._hires = hires
        self._words = words
        self._now = now
        self._voices: dict[str, Voice] = {}
        self._dispatch = Dispatch()
        self._is_needed = asyncio.Event()
        self._has_work = asyncio.Event()
        self._busy = 0
        self._changed = asyncio.Event()
        self._short_lives = 0

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[Transcriber]":
        """Listen and recognise while the block runs; then finish what was said, if that is soon."""
        async with asyncio.TaskGroup() as tasks:
            runs: list[Run] = [self._listen, *(partial(self._work, hire) for hire in self._hires)]
            running = [tasks.create_task(self._for_ever(run)) for run in runs]
            try:
                yield self
            finally:
                for voice in self._voices.values():
                    voice.handle_close()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_FINISH_S if self._is_needed.is_set() else 0):
                        await self._finished()
                for task in running:
                    task.cancel()

    async def _finished(self) -> None:
        while self._voices or len(self._dispatch) or self._busy:
            self._changed.clear()
            await self._changed.wait()

    def open(self, name: str, speaker: Speaker) -> Voice:
        """A voice that is listened to from now until its tap closes; the name is used for no other."""
        voice = self._voices[name] = Voice(name, speaker)
        self._is_needed.set()
        return voice

    def forget(self, voice: Voice) -> None:
        """What this voice said and is not written yet is to be nowhere."""
        voice.forget()
        self._dispatch.forget(voice)

    async def _for_ever(self, run: Run) -> None:
        """Start it again when its process dies; at once where it had worked, ever later where it had not."""
        delay_s = _FIRST_DELAY_S
        await self._is_needed.wait()
        while True:
            began_at = self._now()
            try:
                await run()
                continue
            except* (PipeBroken, TimeoutError):
                log.warning("speech_process_died", extra={"listener": run == self._listen})
            if self._now() - began_at > _LONGEST_DELAY_S:
                delay_s = _FIRST_DELAY_S
            await asyncio.sleep(delay_s)
            delay_s = min(2 * delay_s, _LONGEST_DELAY_S)

    # -- the listener

    async def _listen(self) -> None:
        began_at = self._now()
        try:
            await self._listen_once()
        finally:
            self._short_lives = self._short_lives + 1 if self._now() - began_at < _SHORT_S else 0
            if self._short_lives == _MOST_SHORT_LIVES:  # what somebody sends kills it
                self._short_lives = 0
                for voice in self._voices.values():
                    voice.give_up()

    async def _listen_once(self) -> None:
        async with started("listener") as process, asyncio.TaskGroup() as tasks:
            for voice in self._voices.values():
                voice.send_again()
            feeding = tasks.create_task(self._feed(process))
            try:
                while True:
                    self._heard(await process.receive())
            finally:
                feeding.cancel()

    async def _feed(self, process: Process) -> None:
        while True:
            for voice in self._voices.values():
                message = voice.poll(self._now())
                if message is not None:
                    process.send(message)
            await asyncio.sleep(_FEED_S)

    def _heard(self, message: Message) -> None:
        facts = message.facts
        voice = self._voices.get(facts.get("voice", ""))
        if voice is None:
            return
        if facts.get("closed") is True:
            del self._voices[voice.name]
            self._changed.set()
            return
        if "start" in facts and not voice.is_forgotten:
            work = Work(voice, facts["start"], facts["end"], message.content, facts["is_final"], self._now())
            self._dispatch.add(work)
            self._has_work.set()
            self._say_given_up()
        voice.done(int(facts["done"]))

    # -- the workers

    async def _work(self, hire: Hire) -> None:
        async with hire() as worker:
            while (work := await self._next(worker)) is not None:
                self._busy += work.is_final
                try:
                    answer = await worker.ask(work, self._question(work))
                except Unanswered as error:
                    self._failed(work, is_for_good=error.is_for_good)
                except (PipeBroken, TimeoutError, asyncio.CancelledError):
                    self._failed(work)
                    raise
                else:
                    self._answered(work, answer)
                finally:
                    self._busy -= work.is_final
                    self._changed.set()

    async def _next(self, worker: Worker) -> Work | None:
        """Something for this worker, once there is; None where it is not there any more."""
        while worker.is_there:
            work = self._dispatch.take(self._now())
            if work is not None:
                return work
            await woken(self._has_work, None)
        return None

    def _failed(self, work: Work, *, is_for_good: bool = False) -> None:
        self._dispatch.failed(work, is_for_good=is_for_good)
        self._has_work.set()
        self._say_given_up()

    def _question(self, work: Work) -> Message:
        return Message({"language": work.voice.speaker.language, "words": self._words}, work.samples)

    def _answered(self, work: Work, message: Message) -> None:
        facts, voice = message.facts, work.voice
        if voice.is_forgotten:
            return
        names = ("confidence", "no_speech", "compression")
        answer = Recognised(str(facts["text"]), *(float(facts[name]) for name in names))
        verdict = judge(answer)
        if verdict.kind is Kind.UNCLEAR and work.is_final:
            self._unheard(work, Reason.UNCLEAR)
        elif verdict.kind is Kind.LINE or work.is_final:
            heard = Heard(
                start=work.start,
                began_at=voice.time_of(work.start),
                ended_at=voice.time_of(work.end),
                text=answer.text if verdict.kind is Kind.LINE else "",
                is_final=work.is_final,
                is_doubtful=verdict.is_doubtful,
                confidence=answer.confidence,
                engine=str(facts["engine"]),
                delay_s=self._now() - work.since - float(facts["took_s"]),
            )
            voice.speaker.report(heard)

    def _say_given_up(self) -> None:
        for work in self._dispatch.given_up:
            self._unheard(work, Reason.FAILED)
        self._dispatch.given_up.clear()

    def _unheard(self, work: Work, reason: Reason) -> None:
        voice = work.voice
        if not voice.is_forgotten:
            began_at, ended_at = voice.time_of(work.start), voice.time_of(work.end)
            voice.speaker.report(Unheard(work.start, began_at, ended_at, reason))
