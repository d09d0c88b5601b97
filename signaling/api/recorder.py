"""What is recorded at this moment: each track only while its own publisher's consent stands.

That follows from four facts, compared anew whenever one of them changes: the call's recording runs, the
track is there, its publisher consents, and nobody present is kept from hearing them (hold, whisper: such a
track is paused). Packets go to the journals' thread; rows follow in a queue, in order. What a crash left open
is closed at the next start from what its journal holds.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from livekit.protocol.models import ParticipantInfo, TrackInfo, TrackSource, TrackType
from livekit.protocol.webhook import WebhookEvent

from field_assist import Purpose, Role, Session, Store, StoreUnavailable, consents, new_id
from media import Tap
from recordings import UNREADABLE, TrackSink, Writer, Written, catalogue, journal, mapped
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Actor, Entry
from signaling.api.audiences import Audiences
from signaling.api.consent_desk import ConsentDesk
from signaling.api.live_rooms import LiveRooms
from signaling.clock import Clock
from signaling.rtc.audience import Kind

FOLDER = "recordings"
RETRY_S = 1.0
_SOURCES = {
    TrackSource.CAMERA: "camera",
    TrackSource.MICROPHONE: "microphone",
    TrackSource.SCREEN_SHARE: "screen",
    TrackSource.SCREEN_SHARE_AUDIO: "screen_audio",
}

log = logging.getLogger(__name__)

Row = Callable[[Session], object]


@dataclass(slots=True)
class _Taken:
    """A track that is being recorded."""

    track_id: str
    identity: str
    kind: Kind
    sink: TrackSink
    tap: Tap


class Recorder:
    """One per installation; use `running` around it."""

    def __init__(
        self,
        store: Store,
        rooms: LiveRooms,
        rules: tuple[ConsentDesk, Audiences],
        clock: Clock,
        data_dir: Path,
    ) -> None:
        self.folder = data_dir / FOLDER
        self._on_erased: list[Callable[[Path], object]] = []
        self._store = store
        self._rooms = rooms
        self._consents, self._audiences = rules
        self._clock = clock
        self._writer = Writer(self.folder)
        self._recordings: dict[str, catalogue.Recording] = {}  # those that run, by call
        self._taken: dict[str, dict[str, _Taken]] = {}  # by call and track sid
        self._rows: asyncio.Queue[Row | None] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop
        self._tasks: asyncio.TaskGroup

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Recorder]:
        """Close what a crash left open, go on with what was being recorded; write while the block runs."""
        self._loop = asyncio.get_running_loop()
        await self._recover()
        self._rooms.observe(self._hear)
        self._consents.observe(lambda call_id, identity, purposes: self.refresh(call_id))
        self._audiences.observe(self.refresh)
        self._consents.observe_deletions(self._hear_deletion)
        async with asyncio.TaskGroup() as self._tasks:
            self._tasks.create_task(self._write_rows())
            try:
                await asyncio.to_thread(self._writer.__enter__)
                for recording in await self._store.read(catalogue.running):
                    self.begin(recording)
                yield self
            finally:
                for call_id in list(self._taken):
                    self._let_go(call_id, set(), "server ended")
                await asyncio.to_thread(self._writer.__exit__)
                self._loop.call_soon(self._rows.put_nowait, None)  # behind what the writer told last

    def begin(self, recording: catalogue.Recording) -> None:
        """Record this call from now on."""
        self._recordings[recording.call_id] = recording
        self._rooms.set_recorded(recording.call_id, is_recorded=True)
        self.refresh(recording.call_id)

    def end(self, call_id: str) -> None:
        """Record nothing more of this call."""
        self._recordings.pop(call_id, None)
        self._rooms.set_recorded(call_id, is_recorded=False)
        self.refresh(call_id)

    def identities(self, call_id: str) -> set[str]:
        """Of whom something is taken at this moment."""
        return {taken.identity for taken in self._taken.get(call_id, {}).values() if not taken.sink.is_paused}

    def path_of(self, track: catalogue.RecordedTrack) -> Path:
        """Where a track's journal is."""
        return track.file_in(self.folder)

    def observe_erased(self, observer: Callable[[Path], object]) -> None:
        """Hear, by the folder of a recording, that something of it or of its captions is about to go."""
        self._on_erased.append(observer)

    async def written(self) -> None:
        """Return once everything taken so far is in the files, and everything known in the rows."""
        await asyncio.to_thread(self._writer.settle)
        await asyncio.sleep(0)  # what the thread told arrives
        await self._rows.join()

    async def stop_over(self) -> None:
        """Stop the recordings whose calls are over."""
        at = self._clock.wall()

        def work(session: Session) -> list[str]:
            over = [row.call_id for row in catalogue.running_of_ended_calls(session)]
            for call_id in over:
                catalogue.stop(session, call_id, at)
                entry = Entry(SYSTEM, Action.RECORDING_STOPPED, object=call_id, reason="call ended")
                access_log.append(session, entry, at)
            return over

        for call_id in await self._store.write(work):
            self.end(call_id)

    async def carry_out_deletions(self) -> None:
        """Delete what people wish deleted of themselves, as far as it was not yet."""
        at = self._clock.wall()

        def work(session: Session) -> None:
            for wish in consents.deletions(session):
                if wish.purpose is not Purpose.RECORDING:
                    continue
                row = catalogue.find(session, wish.call_id)
                if row is not None and catalogue.delete_of(session, row, wish.identity, wish.before, at):
                    entry = Entry(Actor(wish.identity), Action.RECORDING_WITHDRAWN, object=wish.call_id)
                    access_log.append(session, entry, at)

        await self._rows.join()  # the last track's own row
        await self._store.write(work)
        await self.erase()

    async def erase(self) -> None:
        """Remove the files of tracks whose rows say that their media is gone."""
        files = await asyncio.to_thread(lambda: list(self.folder.glob("*/*.journal")))
        gone = await self._store.read(lambda s: catalogue.without_media(s, [file.stem for file in files]))
        found = [file for file in files if file.stem in gone]
        for folder in {file.parent for file in found}:
            for observer in self._on_erased:
                observer(folder)
        await asyncio.to_thread(_unlink, found)

    # -- what is recorded

    def refresh(self, call_id: str) -> None:
        """Bring what is taken in line with what may be."""
        recording = self._recordings.get(call_id)
        present = self._rooms.participants(call_id) if recording is not None else []
        wanted = set()
        if recording is not None:
            for person, track in self._consents.tracks(call_id, present, Purpose.RECORDING):
                wanted.add(track.sid)
                if track.sid not in self._taken.get(call_id, {}):
                    self._take(recording, person, track)
        self._let_go(call_id, wanted, "stopped")
        now, identities = self._loop.time(), [person.identity for person in present]
        for taken in self._taken.get(call_id, {}).values():
            is_heard = self._audiences.reaches_all(call_id, taken.identity, identities, taken.kind)
            taken.sink.set_paused(now, not is_heard)

    def _take(self, recording: catalogue.Recording, person: ParticipantInfo, track: TrackInfo) -> None:
        at = self._clock.wall()
        kind: Kind = "video" if track.type == TrackType.VIDEO else "audio"
        row = catalogue.RecordedTrack(
            id=new_id(at),
            recording_id=recording.id,
            identity=person.identity,
            name=person.name,
            role=person.attributes.get("genba.role", Role.RESIDENT.value),
            source=_SOURCES.get(track.source, kind),
            kind=kind,
            mime_type=track.mime_type.lower(),
            started_at=at,
        )
        now, began_us = self._loop.time(), journal.microseconds(at)
        sink = TrackSink(began_us - int(now * 1e6), is_picture=kind == "video")
        tap = self._rooms.tap(recording.call_id, track.sid, sink)
        if tap is None:
            return
        opening = row.opening(recording.call_id, began_us, _red_type(tap))
        sink.paper = self._writer.open(self.path_of(row), opening, self._written)
        sink.ask_key_frame = tap.ask_key_frame
        taken = _Taken(row.id, person.identity, kind, sink, tap)
        self._taken.setdefault(recording.call_id, {})[track.sid] = taken
        sink.on_close = partial(self._closed, recording.call_id, track.sid, taken)
        self._rows.put_nowait(lambda session: catalogue.add_track(session, row))

    def _let_go(self, call_id: str, wanted: set[str], why: str) -> None:
        for sid, taken in list(self._taken.get(call_id, {}).items()):
            if sid not in wanted:
                taken.sink.why = why
                taken.tap.close()

    def _closed(self, call_id: str, sid: str, taken: _Taken) -> None:
        """A tap has nothing more to say."""
        call = self._taken.get(call_id, {})
        if call.get(sid) is taken:
            del call[sid]
        if not call:
            self._taken.pop(call_id, None)
        taken.sink.finish(self._loop.time())
        self._writer.hurry()

    def _hear(self, event: WebhookEvent) -> None:
        if event.room.name in self._recordings:
            self.refresh(event.room.name)
            if event.event == "room_finished":  # for good, or everybody lost their line
                self._tasks.create_task(self._quietly(self.stop_over))

    def _hear_deletion(self, call_id: str, identity: str, purposes: frozenset[Purpose]) -> None:
        if Purpose.RECORDING in purposes:
            self._tasks.create_task(self._quietly(self.carry_out_deletions))
        if Purpose.TRANSCRIPT in purposes:  # copies have captions
            self._tasks.create_task(self._quietly(partial(self._forget_copies, call_id)))

    async def _forget_copies(self, call_id: str) -> None:
        row = await self._store.read(lambda session: catalogue.find(session, call_id))
        if row is not None:
            for observer in self._on_erased:
                observer(self.folder / row.id)

    async def _quietly(self, act: Callable[[], Coroutine[None, None, None]]) -> None:
        """Housekeeping does it again where the database does not answer now."""
        try:
            await act()
        except StoreUnavailable:
            log.error("recording_act_waits")

    # -- rows

    def _written(self, written: Written) -> None:
        """In the writer's thread."""
        ended = catalogue.Ended(self._clock.wall(), written.size_bytes, written.sha256, written.missing)
        row = partial(catalogue.end_track, track_id=written.path.stem, ended=ended)
        self._loop.call_soon_threadsafe(self._rows.put_nowait, row)

    async def _write_rows(self) -> None:
        while (row := await self._rows.get()) is not None:
            while True:
                try:
                    await self._store.write(row)
                    break
                except StoreUnavailable:
                    log.error("recording_row_waits")
                    await asyncio.sleep(RETRY_S)
                except Exception:  # one row that does not fit ends no call; its journal is on the disk
                    log.exception("recording_row_refused")
                    break
            self._rows.task_done()
        self._rows.task_done()

    async def _recover(self) -> None:
        """End the tracks that a crash interrupted, with what their journals hold."""
        for track in await self._store.read(catalogue.unended):
            ended = await asyncio.to_thread(_examined, self.path_of(track), track.started_at)
            await self._store.write(partial(catalogue.end_track, track_id=track.id, ended=ended))
            log.warning("recording_was_interrupted", extra={"track": track.id, "bytes": ended.size_bytes})


def _unlink(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _red_type(tap: Tap) -> int:
    """The payload type of RED, -1 without."""
    return next((codec.payload_type for codec in tap.codecs if codec.name.lower() == "red"), -1)


def _examined(path: Path, started_at: datetime) -> catalogue.Ended:
    """What is left of an interrupted journal. Blocks."""
    try:
        with mapped(path) as content:
            digest, end_us = hashlib.sha256(content).hexdigest(), journal.contents(content).end_us
            return catalogue.Ended(journal.moment(end_us), len(content), digest, is_interrupted=True)
    except UNREADABLE:
        return catalogue.Ended(started_at, 0, "", is_interrupted=True)
