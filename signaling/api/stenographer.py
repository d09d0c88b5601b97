"""Who is listened to at this moment, and what becomes of what they said.

A voice is taken only while its own speaker's consent to being written down stands, and while nobody present
is kept from hearing it (hold, whisper). What was said for good is written to the database first and shown
second; what is still being said is only shown, and gives way first where the machine falls behind. Without
an engine nothing is taken, and everything else works.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from livekit.protocol.models import TrackInfo, TrackSource, Transcription, TranscriptionSegment
from livekit.protocol.webhook import WebhookEvent

from field_assist import (
    CallSheet,
    Purpose,
    Session,
    Store,
    StoreUnavailable,
    TranscriptLine,
    calls,
    transcripts,
)
from media import Tap
from signaling.accounts import invitations
from signaling.accounts.invitations import Invitation
from signaling.api import refilling
from signaling.api.audiences import Audiences
from signaling.api.consent_desk import ConsentDesk
from signaling.api.event_streams import EventHub, OfCall
from signaling.api.live_rooms import LiveRooms
from signaling.api.transcript_keeping_desk import TRANSCRIPT_CHANGED, forget_unwanted
from signaling.clock import Clock
from signaling.speech.transcriber import Transcriber
from signaling.speech.voice import Heard, Speaker, Unheard, Voice

RETRY_S = 1.0
_AHEAD_S = 20.0
_EVENTS = frozenset({"track_published", "track_unpublished", "participant_joined", "participant_left"})

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Taken:
    """A voice that is listened to."""

    call_id: str
    identity: str
    track_sid: str
    language: str
    voice: Voice
    tap: Tap | None = None  # none where it is heard again


@dataclass(frozen=True, slots=True)
class _Said:
    """Something to write down."""

    taken: _Taken
    what: Heard | Unheard


class Stenographer:
    """One per installation; use `running` around it.

    `transcriber` is None where there is no engine; `settings` are what staff speak and where journals are.
    """

    def __init__(
        self,
        store: Store,
        rooms: LiveRooms,
        rules: tuple[ConsentDesk, Audiences],
        told: tuple[EventHub, Clock],
        transcriber: Transcriber | None,
        settings: tuple[str, Path],
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._consents, self._audiences = rules
        self._hub, self._clock = told
        self._transcriber = transcriber
        self._language, self._recordings = settings
        self._taken: dict[str, dict[str, _Taken]] = {}  # by call and track sid
        self._said: asyncio.Queue[_Said | None] = asyncio.Queue()
        self._stale: set[str] = set()
        self._has_unwanted = False
        self._loop: asyncio.AbstractEventLoop
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[Stenographer]":
        """Listen while the block runs; then write what was said."""
        self._loop = asyncio.get_running_loop()
        self._consents.observe_deletions(lambda call_id, identity, purposes: self._delete())
        if self._transcriber is not None:
            self._rooms.observe(self._hear_room)
            self._consents.observe(self._agreed)
            self._audiences.observe(self.refresh)
        async with AsyncExitStack() as stack:
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            tasks.create_task(self._write())
            stack.callback(self._said.put_nowait, None)
            stack.callback(tasks.create_task(self._look()).cancel)
            self._delete()  # what was wished while nobody was here
            if self._transcriber is not None:
                await stack.enter_async_context(self._transcriber.running())
                stack.callback(tasks.create_task(self._refill_all(self._transcriber)).cancel)
            yield self

    # -- who is listened to

    def refresh(self, call_id: str) -> None:
        """Stop at once what may not be taken any more; what may be taken now begins a moment later."""
        present = self._rooms.participants(call_id)
        identities = [person.identity for person in present]
        for taken in self._taken.get(call_id, {}).values():
            is_heard = self._audiences.reaches_all(call_id, taken.identity, identities, "audio")
            taken.voice.is_withheld = taken.voice.is_live and not is_heard
        self._look_again(call_id)

    def _agreed(self, call_id: str, identity: str, purposes: frozenset[Purpose]) -> None:
        if Purpose.TRANSCRIPT not in purposes:
            for taken in list(self._taken.get(call_id, {}).values()):
                if taken.identity == identity and self._transcriber is not None:
                    self._transcriber.forget(taken.voice)
                    if taken.tap is not None:
                        taken.tap.close()
                    self._let_go(taken)
        self._look_again(call_id)

    def _hear_room(self, event: WebhookEvent) -> None:
        if event.event in _EVENTS:
            self.refresh(event.room.name)

    def _look_again(self, call_id: str) -> None:
        self._stale.add(call_id)
        self._wake.set()

    def _delete(self) -> None:
        self._has_unwanted = True
        self._wake.set()

    async def _look(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            (stale, self._stale), (has_unwanted, self._has_unwanted) = (
                (self._stale, set()),
                (self._has_unwanted, False),
            )
            try:
                if has_unwanted:
                    await self._forget_unwanted()
                for call_id in stale:
                    await self._take_all(call_id)
            except StoreUnavailable:
                log.warning("transcript_waits_for_the_database")
                self._stale, self._has_unwanted = self._stale | stale, has_unwanted or self._has_unwanted
                await asyncio.sleep(RETRY_S)
                self._wake.set()
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("transcript_failed")

    async def _take_all(self, call_id: str) -> None:
        for taken in list(self._taken.get(call_id, {}).values()):
            if taken.tap is not None and taken.tap.is_closed:
                self._let_go(taken)
        for identity, track in self._wanted(call_id):
            language = await self._store.read(partial(_language, call_id=call_id, identity=identity))
            # It may have been taken back while the database was asked.
            if (identity, track.sid) in [(who, which.sid) for who, which in self._wanted(call_id)]:
                self._take(call_id, identity, track.sid, language or self._language)

    def _wanted(self, call_id: str) -> list[tuple[str, TrackInfo]]:
        """Voices that may be taken and are not."""
        if self._transcriber is None:
            return []
        taken, present = self._taken.get(call_id, {}), self._rooms.participants(call_id)
        return [
            (person.identity, track)
            for person, track in self._consents.tracks(call_id, present, Purpose.TRANSCRIPT)
            if track.source == TrackSource.MICROPHONE and track.sid not in taken
        ]

    def _take(self, call_id: str, identity: str, track_sid: str, language: str) -> None:
        if self._transcriber is None:
            return
        taken = self._begin(self._transcriber, call_id, identity, track_sid, language)
        taken.tap = self._rooms.tap(call_id, track_sid, taken.voice)
        if taken.tap is None:
            taken.voice.handle_close()
            self._let_go(taken)
            return
        taken.voice.understand(taken.tap.codecs)
        self.refresh(call_id)
        log.info("voice_taken", extra={"call": call_id, "participant": identity})

    def _begin(
        self, transcriber: Transcriber, call_id: str, identity: str, track_sid: str, language: str
    ) -> _Taken:
        begun: list[_Taken] = []
        speaker = Speaker(language, lambda what: self._report(begun[0], what))
        voice = transcriber.open(f"{call_id} {track_sid} {self._loop.time()}", speaker)
        begun.append(_Taken(call_id, identity, track_sid, language, voice))
        self._taken.setdefault(call_id, {})[track_sid] = begun[0]
        return begun[0]

    async def _refill_all(self, transcriber: Transcriber) -> None:
        """Hear again what a crash cut off and the recording has."""
        find = partial(refilling.missing, folder=self._recordings, at=self._clock.wall())
        try:
            for gap in await self._store.read(find):
                await self._refill(transcriber, gap)
        except Exception:  # the record stays as it is, and the calls of today go on
            log.exception("transcript_not_refilled")

    async def _refill(self, transcriber: Transcriber, gap: refilling.Missing) -> None:
        codecs, packets = await asyncio.to_thread(refilling.packets, gap)
        read = partial(_language, call_id=gap.call_id, identity=gap.identity)
        language = await self._store.read(read) or self._language
        taken = self._begin(transcriber, gap.call_id, gap.identity, gap.path.stem, language)
        voice, epoch_s = taken.voice, self._clock.wall().timestamp() - self._loop.time()
        voice.is_live = False
        voice.understand(codecs)
        for at_us, packet in packets:
            while voice.waiting_s > _AHEAD_S:  # noqa: ASYNC110  # the listener is another process
                await asyncio.sleep(_AHEAD_S / 100)
            voice.handle_packet(at_us / 1e6 - epoch_s, packet)
        voice.handle_close()
        log.info("voice_heard_again", extra={"call": gap.call_id, "packets": len(packets)})

    def _let_go(self, taken: _Taken) -> None:
        call = self._taken.get(taken.call_id, {})
        if call.get(taken.track_sid) is taken:
            del call[taken.track_sid]
        if not call:
            self._taken.pop(taken.call_id, None)

    # -- what they said

    def _report(self, taken: _Taken, what: Heard | Unheard) -> None:
        if isinstance(what, Heard) and not (what.is_final and what.text):
            self._show(taken, what, 0, 0)  # what is shown for a moment has no place in the record yet
        else:
            self._said.put_nowait(_Said(taken, what))

    def _show(self, taken: _Taken, heard: Heard, started_ms: int, ended_ms: int) -> None:
        if not taken.voice.is_live:  # said long ago
            return
        segment = TranscriptionSegment(
            id=f"{taken.track_sid}-{heard.start}",
            text=heard.text,
            start_time=started_ms,
            end_time=ended_ms,
            final=heard.is_final,
            language=taken.language,
        )
        said = Transcription(
            transcribed_participant_identity=taken.identity, track_id=taken.track_sid, segments=[segment]
        )
        self._rooms.caption(taken.call_id, said)

    async def _write(self) -> None:
        while (said := await self._said.get()) is not None:
            while True:
                try:
                    written = await self._store.write(partial(self._keep, said=said))
                    break
                except StoreUnavailable:
                    log.warning("transcript_waits_for_the_database")
                    await asyncio.sleep(RETRY_S)
                except Exception:  # the same
                    log.exception("line_not_written")
                    written = None
                    break
            if written is None:
                continue
            row, sheet = written
            if isinstance(said.what, Heard):
                log.info(
                    "line_written", extra={"line": row.line_id, "delay_ms": round(said.what.delay_s * 1000)}
                )
                self._show(said.taken, said.what, row.started_ms, row.ended_ms)
            self._hub.publish(TRANSCRIPT_CHANGED, OfCall(sheet.facts))

    def _keep(self, session: Session, said: _Said) -> tuple[TranscriptLine, CallSheet] | None:
        taken, what, at = said.taken, said.what, self._clock.wall()
        if taken.voice.is_forgotten:
            return None
        sheet = calls.sheet(session, taken.call_id)
        began = at - timedelta(seconds=self._loop.time()) - sheet.call.started_at
        times = (began + timedelta(seconds=moment) for moment in (what.began_at, what.ended_at))
        started_ms, ended_ms = (max(0, round(time.total_seconds() * 1000)) for time in times)
        name = _name(session, sheet, taken.identity)
        speech = transcripts.Speech(taken.identity, name, taken.language, started_ms, ended_ms)
        if isinstance(what, Unheard):
            row = transcripts.mark_unheard(session, taken.call_id, speech, what.reason.value, at)
        else:
            words = transcripts.Words(what.text, what.engine, what.confidence, what.is_doubtful)
            row = transcripts.write(session, taken.call_id, speech, words, at)
        return row, sheet

    # -- what may not be kept

    async def _forget_unwanted(self) -> None:
        at = self._clock.wall()
        await self._store.write(lambda session: forget_unwanted(session, at))


def _name(session: Session, sheet: CallSheet, identity: str) -> str:
    """What this participant is called: staff of the call, or a guest by link."""
    for member in sheet.members:
        if member.identity == identity:
            return member.name
    link = _link(session, sheet.call.id, identity)
    return link.shown_name if link is not None else ""


def _language(session: Session, call_id: str, identity: str) -> str:
    """In which language this participant is expected to speak; empty where nobody said."""
    link = _link(session, call_id, identity)
    return link.language.partition("-")[0] if link is not None else ""


def _link(session: Session, call_id: str, identity: str) -> Invitation | None:
    links = invitations.of_call(session, call_id)
    return next((link for link in links if link.guest().identity == identity), None)
