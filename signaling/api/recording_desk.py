"""Recordings as people handle them: started and stopped, opened with a fresh code, kept, held, disposed of.

`Recorder` takes what is said; this desk decides who may, writes each act into the access log, and answers
those who opened a recording. Opening lasts for one session and a while (`OPEN_S`); what is played is read
from the journals by `Remuxer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from field_assist import (
    CallSheet,
    CallUnknown,
    LineState,
    Person,
    RedactionRecord,
    Session,
    Store,
    TranscriptLine,
    calls,
    people,
    transcripts,
)
from recordings import (
    UNREADABLE,
    Caption,
    Hidden,
    Job,
    Layout,
    Media,
    NothingThere,
    Outline,
    Part,
    Remuxer,
    Retention,
    Whole,
    catalogue,
    journal,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.accounts.sign_in import SignedIn, SignInDesk
from signaling.api import withholding
from signaling.api.call_desk import CallDesk, Forbidden, publish_change
from signaling.api.event_streams import EventHub
from signaling.api.recorder import Recorder
from signaling.api.recording_exports import Export, RecordingExports
from signaling.clock import Clock

OPEN_S = 30 * 60
"""How long a recording stays open to the session that opened it, after it last asked for something."""
LONGEST_SPAN_MS = 120_000
"""Of one piece of media: a player asks for many small ones."""


class RecordingLocked(Exception):
    """This session did not open the recording, or not lately: a fresh code is needed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A call's recording and its tracks; with outlines, of those that have media, where it was opened."""

    sheet: CallSheet
    row: catalogue.Recording | None
    tracks: tuple[catalogue.RecordedTrack, ...] = ()
    outlines: dict[str, Outline] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Whether it is being made: not after its call, even in the moment before that is written down."""
        return self.row is not None and self.row.stopped_at is None and self.sheet.facts.is_open


Change = Callable[[Session, catalogue.Recording], None]


class RecordingDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(
        self,
        store: Store,
        desks: tuple[CallDesk, SignInDesk],
        recorder: tuple[Recorder, Remuxer, RecordingExports],
        hub: EventHub,
        clock: Clock,
    ) -> None:
        self._store = store
        self._call_desk, self._sign_ins = desks
        self._recorder, self._remuxer, self._exports = recorder
        self._recorder.observe_erased(self._exports.drop)
        self._hub = hub
        self._clock = clock
        self._opened: dict[tuple[str, str], float] = {}  # until when, by session and call; monotonic

    # -- while the call lasts

    async def start(self, person: Person, call_id: str, address: str) -> None:
        """Record from now on, of whoever consents. Raises CallUnknown, CallClosed, Forbidden."""
        state = await self._call_desk.read(person, call_id, people.may_record)
        at = self._clock.wall()

        def work(session: Session) -> catalogue.Recording:
            row, is_news = catalogue.start(session, state.sheet.call, person.id, at)
            if is_news:
                access_log.acted(session, person, address, Action.RECORDING_STARTED, call_id, at)
            return row

        self._recorder.begin(await self._store.write(work))
        publish_change(self._hub, state.sheet)

    async def stop(self, person: Person, call_id: str, address: str) -> None:
        """Record nothing more; raises CallUnknown, CallClosed, Forbidden."""
        state = await self._call_desk.read(person, call_id, people.may_record)
        at = self._clock.wall()
        self._recorder.end(call_id)  # at once, whatever the database says

        def work(session: Session) -> None:
            if catalogue.stop(session, call_id, at) is not None:
                access_log.acted(session, person, address, Action.RECORDING_STOPPED, call_id, at)

        await self._store.write(work)
        publish_change(self._hub, state.sheet)

    def observe_erased(self, observer: Callable[[Path], object]) -> None:
        """Hear, by the folder of a recording, that something of it is about to go: copies go as well."""
        self._recorder.observe_erased(observer)

    def taken_of(self, call_id: str) -> set[str]:
        """Identities of whom something is recorded at this moment."""
        return self._recorder.identities(call_id)

    # -- afterwards

    async def state(self, person: Person, call_id: str) -> Kept:
        """How a call's recording stands; `row` is None where there is none. Raises CallUnknown."""
        return await self._store.read(lambda session: _kept(session, person, call_id))

    async def open(self, signed_in: SignedIn, call_id: str, code: str, address: str) -> Kept:
        """Open a recording. Raises CallUnknown, RecordingUnknown, and what `step_up` raises."""
        person = signed_in.person
        await self.state(person, call_id)  # who may not learns nothing from a code
        await self._sign_ins.step_up(signed_in, code, address)
        at = self._clock.wall()

        def work(session: Session) -> None:
            catalogue.kept_of_call(session, call_id)
            access_log.acted(session, person, address, Action.RECORDING_OPENED, call_id, at)

        await self._store.write(work)
        now = self._clock.monotonic()
        self._opened = {key: until for key, until in self._opened.items() if until > now}
        self._opened[signed_in.token, call_id] = now + OPEN_S
        return await self.read(signed_in, call_id)

    def is_open(self, signed_in: SignedIn, call_id: str) -> bool:
        """Whether this session opened the recording and may go on."""
        return self._opened.get((signed_in.token, call_id), 0.0) > self._clock.monotonic()

    async def read(self, signed_in: SignedIn, call_id: str) -> Kept:
        """A recording this session opened, with what its journals hold. Raises RecordingLocked."""
        self._go_on(signed_in, call_id)
        await self._recorder.written()
        kept = await self.state(signed_in.person, call_id)
        zero_us, found = journal.microseconds(kept.sheet.call.started_at), dict[str, Outline]()
        row = kept.row
        gone = await self._store.read(lambda session: catalogue.unwanted(session, row)) if row else set()
        for track in kept.tracks:
            if track.deleted_at is None and track.id not in gone:
                try:
                    path = self._recorder.path_of(track)
                    found[track.id] = await self._remuxer.outline(path, zero_us)
                except (*UNREADABLE, BrokenProcessPool):
                    continue  # nothing came before it ended
        return Kept(kept.sheet, kept.row, kept.tracks, found)

    async def media(
        self, signed_in: SignedIn, call_id: str, track_id: str, from_ms: float, to_ms: float
    ) -> Media:
        """A span of one track, in milliseconds since the call began, without what is hidden from this person.

        Raises RecordingLocked, RecordingUnknown, NothingThere.
        """
        self._go_on(signed_in, call_id)
        to_ms = min(to_ms, from_ms + LONGEST_SPAN_MS)

        def work(session: Session) -> tuple[catalogue.RecordedTrack, datetime, Hidden]:
            kept = _kept(session, signed_in.person, call_id)
            if kept.row is None:
                raise catalogue.RecordingUnknown
            track = catalogue.track(session, kept.row.id, track_id)
            if track.id in catalogue.unwanted(session, kept.row):
                raise catalogue.RecordingUnknown
            records = withholding.hidden_from(session, signed_in.person, kept.sheet.facts)
            return track, kept.sheet.call.started_at, withholding.stretches(records)

        track, began_at, hidden = await self._store.read(work)
        path, zero_us = self._recorder.path_of(track), journal.microseconds(began_at)
        try:
            return await self._remuxer.span(path, zero_us, from_ms, to_ms, hidden)
        except UNREADABLE:
            raise NothingThere from None

    async def copy(
        self, track: catalogue.RecordedTrack, began_at: datetime, target: Path, hidden: Hidden
    ) -> Whole | None:
        """Write all of a track but what is hidden into a file; None where nothing came of it.

        Who may is the caller's business. `began_at` is when its call began.
        """
        await self._recorder.written()
        path, zero_us = self._recorder.path_of(track), journal.microseconds(began_at)
        try:
            return await self._remuxer.whole(path, zero_us, target, hidden)
        except (*UNREADABLE, NothingThere):
            return None

    # -- one file of it

    async def export(
        self, signed_in: SignedIn, call_id: str, layout: Layout, address: str, *, burnt_in: bool = False
    ) -> list[Export]:
        """Have one file made of it, with captions of what was said, which can be burnt into the pictures.

        Raises RecordingLocked, RecordingUnknown, RecordingRunning.
        """
        self._go_on(signed_in, call_id)
        person, at = signed_in.person, self._clock.wall()

        def work(session: Session) -> Kept:
            kept = _kept(session, person, call_id)
            catalogue.kept_of_call(session, call_id)
            if kept.is_running:
                raise catalogue.RecordingRunning
            access_log.acted(session, person, address, Action.RECORDING_EXPORTED, call_id, at, layout)
            return kept

        kept = await self._store.write(work)
        await self._recorder.written()
        leaving = await self._store.read(lambda session: _leaving(session, kept))
        parts = [
            Part(str(self._recorder.path_of(track)), track.identity, track.name, track.kind, track.mime_type)
            for track in kept.tracks
            if track.deleted_at is None and track.id not in leaving.gone
        ]
        folder, zero_us = self._folder(kept), journal.microseconds(kept.sheet.call.started_at)
        watermark = f"{person.staff_no} {at:%Y-%m-%d %H:%M}Z"
        self._exports.start(
            folder,
            Job(
                target="",
                zero_us=zero_us,
                layout=layout,
                watermark=watermark,
                parts=tuple(parts),
                captions=tuple(_captions(leaving.lines, leaving.hidden)),
                burnt_in=burnt_in,
                hidden=withholding.stretches(leaving.hidden),
            ),
            leaving.basis,
        )
        return self._exports.of(folder, leaving.basis)

    async def exports(self, signed_in: SignedIn, call_id: str) -> list[Export]:
        """What files there are, and how far others are. Raises RecordingLocked, RecordingUnknown."""
        self._go_on(signed_in, call_id)
        folder = self._folder(await self.state(signed_in.person, call_id))
        return self._exports.of(
            folder, await self._store.read(lambda session: withholding.basis(session, [call_id]))
        )

    async def exported(self, signed_in: SignedIn, call_id: str, layout: Layout, address: str) -> Path:
        """A file that is ready. Raises RecordingLocked, RecordingUnknown."""
        ready = {entry.layout: entry for entry in await self.exports(signed_in, call_id)}.get(layout)
        if ready is None or ready.state != "ready":
            raise catalogue.RecordingUnknown
        person, at = signed_in.person, self._clock.wall()
        await self._store.write(
            lambda session: access_log.acted(
                session, person, address, Action.RECORDING_TAKEN, call_id, at, layout
            )
        )
        return ready.file

    def drop_exports(self, recording_id: str) -> None:
        """Something else of it may be heard from now on: files made before are none of it."""
        self._exports.drop(self._recorder.folder / recording_id)

    def _folder(self, kept: Kept) -> Path:
        if kept.row is None or kept.row.disposed_at is not None:
            raise catalogue.RecordingUnknown
        return self._recorder.folder / kept.row.id

    # -- keeping and disposing

    async def confirm(self, person: Person, call_id: str, address: str) -> Kept:
        """The record of the call was confirmed: the short retention begins."""
        at = self._clock.wall()
        return await self._change(
            *(person, call_id, address, Action.RECORDING_CONFIRMED),
            lambda session, row: catalogue.confirm(session, row, at),
        )

    async def keep(self, person: Person, call_id: str, retention: Retention, address: str) -> Kept:
        """Put it into another class of retention."""
        return await self._change(
            *(person, call_id, address, Action.RECORDING_CLASSED),
            lambda session, row: catalogue.keep(session, row, retention),
        )

    async def hold(self, person: Person, call_id: str, reason: str, address: str) -> Kept:
        """Nothing of it may go, however long it lasts (legal hold)."""
        at = self._clock.wall()
        return await self._change(
            *(person, call_id, address, Action.RECORDING_HELD),
            lambda session, row: catalogue.hold(session, row, person.id, reason, at),
        )

    async def release(self, person: Person, call_id: str, address: str) -> Kept:
        """It may go again when it is due."""
        return await self._change(person, call_id, address, Action.RECORDING_RELEASED, catalogue.release)

    async def dispose(self, signed_in: SignedIn, call_id: str, reason: str, code: str, address: str) -> Kept:
        """Give up its media now, for good; takes a fresh code. Raises RecordingHeld, RecordingRunning too."""
        person, at = signed_in.person, self._clock.wall()
        await self._may_keep(person, call_id)
        await self._sign_ins.step_up(signed_in, code, address)
        kept = await self._change(
            *(person, call_id, address, Action.RECORDING_DISPOSED),
            lambda session, row: catalogue.dispose(session, row, person.id, reason, at),
        )
        await self._recorder.erase()
        return kept

    async def tidy(self) -> None:
        """Housekeeping: stop what outlived its call, dispose of what is due, delete what people wish."""
        at = self._clock.wall()
        await self._recorder.stop_over()

        def work(session: Session) -> None:
            for row in catalogue.due(session, at):
                catalogue.dispose(session, row, None, "", at)
                entry = Entry(SYSTEM, Action.RECORDING_DISPOSED, object=row.call_id, reason="retention")
                access_log.append(session, entry, at)

        await self._store.write(work)
        await self._recorder.carry_out_deletions()

    async def _change(
        self, person: Person, call_id: str, address: str, action: Action, change: Change
    ) -> Kept:
        at = self._clock.wall()
        await self._may_keep(person, call_id)

        def work(session: Session) -> Kept:
            change(session, catalogue.kept_of_call(session, call_id))
            access_log.acted(session, person, address, action, call_id, at)
            return _kept(session, person, call_id)

        return await self._store.write(work)

    async def _may_keep(self, person: Person, call_id: str) -> None:
        kept = await self.state(person, call_id)
        if not people.may_dispose_recording(person, kept.sheet.facts):
            raise Forbidden

    def _go_on(self, signed_in: SignedIn, call_id: str) -> None:
        if not self.is_open(signed_in, call_id):
            raise RecordingLocked
        self._opened[signed_in.token, call_id] = self._clock.monotonic() + OPEN_S


def _captions(lines: Sequence[TranscriptLine], hidden: Sequence[RedactionRecord]) -> Iterator[Caption]:
    """What was said and by whom, but for what is hidden; what nobody confirmed says so."""
    for line in lines:
        if line.text and withholding.covering(hidden, line) is None:
            mark = "（自動）" if line.state == LineState.AUTOMATIC.value else ""
            yield Caption(line.started_ms, line.ended_ms, f"{line.name}：{line.text}{mark}")


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What of a record may stand in a file that leaves; `gone` are tracks nobody plays any more."""

    lines: list[TranscriptLine]
    hidden: list[RedactionRecord]
    gone: set[str]
    basis: str


def _leaving(session: Session, kept: Kept) -> _Leaving:
    call = kept.sheet.call
    return _Leaving(
        transcripts.readable(session, call.id),
        withholding.hidden_from(session, None, kept.sheet.facts),
        catalogue.unwanted(session, kept.row) if kept.row is not None else set(),
        withholding.basis(session, [call.id]),
    )


def _kept(session: Session, person: Person, call_id: str) -> Kept:
    sheet = calls.sheet(session, call_id)
    if not people.may_read_record(person, sheet.facts):
        raise CallUnknown
    row = catalogue.find(session, call_id)
    return Kept(sheet, row, tuple(catalogue.tracks(session, row.id)) if row is not None else ())
