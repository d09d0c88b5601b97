"""What a call looks at together: surfaces presented to it, marks drawn on them, who looks at what.

Database first, then the room: what is decided here travels to it as packets of topic `genba.shown`, on which
nobody but the server can speak (`data_relay`), and only to those who may see it. A page that missed one reads
again. While a call is on hold nothing here crosses between staff and guests, and what staff do meanwhile is
theirs: a presentation until the hold ends, marks for good.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from field_assist import (
    Audience,
    CallClosed,
    CallSheet,
    Guest,
    Mark,
    MarkRow,
    Paper,
    Person,
    Presentation,
    Session,
    Store,
    Surface,
    SurfaceKind,
    SurfaceUnknown,
    SurfaceView,
    calls,
    holds,
    marks,
    new_id,
    people,
    presentations,
    surfaces,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import presentable
from signaling.api import view_schema as schema
from signaling.api.call_desk import Forbidden
from signaling.api.document_desk import DocumentDesk
from signaling.api.live_rooms import LiveRooms
from signaling.clock import Clock

TOPIC = "genba.shown"
_PACKET_CHARS = 10_000  # of a reliable data packet, which livekit-client sends up to 15 kB of

Speaker = Person | Guest


@dataclass(frozen=True, slots=True)
class Scene:
    """A call and what it looks at, read in one transaction."""

    sheet: CallSheet
    held_since: datetime | None
    rows: tuple[Presentation, ...]
    looking: tuple[SurfaceView, ...]
    about: Mapping[str, presentable.About]

    def standing(self, *, is_guest: bool) -> Presentation | None:
        """What stands before staff, or guests, now."""
        if is_guest:
            row = presentations.shown_to_guests(self.rows, self.held_since)
            return row if row is not None and self._is_for_guests(row) else None
        return self.rows[-1] if self.rows and self.rows[-1].ended_at is None else None

    def subjects(self, *, is_guest: bool) -> dict[str, Presentation]:
        """All that was presented, each as it was shown last, by subject."""
        rows = presentations.for_guests(self.rows, self.held_since) if is_guest else self.rows
        return {_subject(row.surface): row for row in rows if not is_guest or self._is_for_guests(row)}

    def together(self, *, is_guest: bool) -> schema.Together:
        """What staff, or guests, may know of it."""
        row = self.standing(is_guest=is_guest)
        subjects = self.subjects(is_guest=is_guest)
        before = [self._shown(each) for each in subjects.values()]
        seen = [view for view in self.looking if not is_guest or _subject(view.surface) in subjects]
        return schema.Together(
            shown=self._shown(row) if row is not None else None,
            looking=[schema.look_view(view) for view in seen],
            before=before[::-1],
        )

    def kept(self, counts: Mapping[str, int]) -> list[schema.Kept]:
        """For staff: of each subject the pages with marks (`counts` by surface), or the one shown last."""
        return [
            schema.Kept(surface=key, marks=counts.get(key, 0), shown=self._shown(row))
            for subject, row in self.subjects(is_guest=False).items()
            for key in sorted((each for each in counts if _subject(each) == subject), key=_page)
            or [row.surface]
        ]

    def pages(self, subject: str) -> int:
        """How many pages a subject has."""
        return self.about[subject].pages if subject in self.about else 0

    def _shown(self, row: Presentation) -> schema.Shown:
        return schema.shown_view(row, self.about[_subject(row.surface)])

    def _is_for_guests(self, row: Presentation) -> bool:
        return self.about[_subject(row.surface)].is_for_guests


class ViewDesk:
    """All of it; one per installation."""

    def __init__(self, store: Store, rooms: LiveRooms, documents: DocumentDesk, clock: Clock) -> None:
        self._store = store
        self._documents = documents
        self._rooms = rooms
        self._clock = clock

    async def together(self, speaker: Speaker, call_id: str) -> schema.Together:
        """What this person may know; that they may speak in the call was asked before."""
        scene = await self._store.read(lambda session: _scene(session, call_id))
        return scene.together(is_guest=isinstance(speaker, Guest))

    async def present(self, person: Person, call_id: str, key: str, address: str) -> schema.Together:
        """Put a surface before the call; an empty key is a new board. Raises SurfaceUnknown, Forbidden."""
        at = self._clock.wall()
        wanted = surfaces.parse(key) if key else Surface(SurfaceKind.BOARD, new_id(at), 1)

        def work(session: Session) -> Scene:
            scene = _presentable(session, person, call_id)
            before = scene.standing(is_guest=False)
            audience = Audience.ALL if _is_for_all(session, scene, person, wanted, key) else Audience.STAFF
            presentations.present(session, call_id, wanted, audience, _sender(person), at)
            if before is None or _subject(before.surface) != wanted.subject:
                access_log.acted(session, person, address, Action.SURFACE_PRESENTED, wanted.key, at, call_id)
            return _scene(session, call_id)

        return await self._told(await self._store.write(work))

    async def may_look(self, speaker: Speaker, call_id: str, key: str) -> None:
        """Whether this person may look at a surface in this call now; raises SurfaceUnknown."""
        surface = surfaces.parse(key)
        await self._store.read(lambda session: _check_may_look(_scene(session, call_id), speaker, surface))

    async def take_away(self, person: Person, call_id: str, address: str) -> schema.Together:
        """Nothing is presented any more; raises CallUnknown, Forbidden."""
        at = self._clock.wall()

        def work(session: Session) -> Scene:
            before = _presentable(session, person, call_id).standing(is_guest=False)
            if before is not None and presentations.stop(session, call_id, at):
                access_log.acted(
                    session, person, address, Action.SURFACE_TAKEN_AWAY, before.surface, at, call_id
                )
            return _scene(session, call_id)

        return await self._told(await self._store.write(work))

    async def marks(self, speaker: Speaker, call_id: str, key: str) -> list[MarkRow]:
        """The marks this person may see on a surface, undone ones too; raises SurfaceUnknown."""
        surface = surfaces.parse(key)

        def work(session: Session) -> list[MarkRow]:
            scene = _scene(session, call_id)
            _check_may_look(scene, speaker, surface)
            return marks.on_surface(session, call_id, key, _reader(speaker, scene))

        return await self._store.read(work)

    async def marks_of_pages(self, speaker: Speaker, call_id: str, subject: str) -> dict[str, list[MarkRow]]:
        """The same for all pages of a subject that have any; raises SurfaceUnknown."""
        first = surfaces.parse_subject(subject)

        def work(session: Session) -> dict[str, list[MarkRow]]:
            scene = _scene(session, call_id)
            _check_may_look(scene, speaker, first)
            return marks.on_subject(session, call_id, subject, _reader(speaker, scene))

        return await self._store.read(work)

    async def draw(self, speaker: Speaker, call_id: str, key: str, drawn: Sequence[Mark]) -> list[MarkRow]:
        """Merge marks of this person; answers what changed. Raises SurfaceUnknown, CallClosed, MarksFull."""
        at, surface = self._clock.wall(), surfaces.parse(key)

        def work(session: Session) -> tuple[Scene, list[MarkRow]]:
            scene = _scene(session, call_id)
            _check_may_look(scene, speaker, surface)
            if isinstance(speaker, Person) and not people.may_draw(speaker, scene.sheet.facts):
                raise CallClosed
            is_before_guests = scene.held_since is None and _is_before(scene, surface, is_guest=True)
            is_among_staff = isinstance(speaker, Person) and not is_before_guests
            given = [_for_staff(mark) if is_among_staff else mark for mark in drawn]
            return scene, marks.put(session, (call_id, key), _sender(speaker), given, at)

        scene, changed = await self._store.write(work)
        for is_guest in (False, True):
            seen = [row for row in changed if _reaches(row, scene, is_guest=is_guest)]
            for packet in _packets(key, seen):
                await self._tell(scene, packet, to_guests=is_guest)
        return changed

    async def look(self, speaker: Speaker, call_id: str, key: str | None, address: str) -> schema.Together:
        """This person's page shows a surface now; None = none any more. Raises SurfaceUnknown."""
        at, surface = self._clock.wall(), surfaces.parse(key) if key else None

        def work(session: Session) -> tuple[Scene, bool]:
            scene = _scene(session, call_id)
            if surface is not None:
                _check_may_look(scene, speaker, surface)
            is_news = presentations.see(session, call_id, key, _sender(speaker), at)
            if is_news and surface is not None and surface.kind is SurfaceKind.PAGE:
                access_log.acted(session, speaker, address, Action.SURFACE_SEEN, surface.key, at, call_id)
            return replace(scene, looking=tuple(presentations.looking(session, call_id))), is_news

        scene, is_news = await self._store.write(work)
        for is_guest in (False, True) if is_news else ():
            packet = schema.Packet(looking=scene.together(is_guest=is_guest).looking)
            await self._tell(scene, packet, to_guests=is_guest)
        return scene.together(is_guest=isinstance(speaker, Guest))

    async def image(self, speaker: Speaker, call_id: str, key: str, width: int) -> bytes:
        """The picture of a page as WebP, of what was presented to this person. Raises SurfaceUnknown."""
        surface = surfaces.parse(key)
        scene = await self._store.read(lambda session: _scene(session, call_id))
        _check_may_look(scene, speaker, surface)
        if surface.kind is not SurfaceKind.PAGE:
            raise SurfaceUnknown
        return await self._documents.page_image(surface.name, surface.page, width)

    async def kept(self, person: Person, call_id: str) -> list[schema.Kept]:
        """What was shown, and the pages that were drawn on; that it may be read was asked before."""

        def work(session: Session) -> list[schema.Kept]:
            scene = _scene(session, call_id)
            counts = marks.counted(session, call_id, marks.Reader(person.identity, is_staff=True))
            return scene.kept(counts)

        return await self._store.read(work)

    async def views(self, call_id: str) -> tuple[schema.Viewed, Paper]:
        """Who looked at what in a call, and what was not printed; that it may be read was asked before."""

        def work(session: Session) -> tuple[schema.Viewed, Paper]:
            known = presentable.about(session, presentations.history(session, call_id))
            views = presentations.views(session, call_id)
            return [(row, known.get(_subject(row.surface))) for row in views], presentations.paper(
                session, [call_id]
            )

        return await self._store.read(work)

    async def _told(self, scene: Scene) -> schema.Together:
        """Tell the room what stands before it; answers what the presenter may know."""
        for is_guest in (False, True):
            together = scene.together(is_guest=is_guest)
            packet = schema.Packet(presented=schema.Presented(shown=together.shown, before=together.before))
            await self._tell(scene, packet, to_guests=is_guest)
        return scene.together(is_guest=False)

    async def _tell(self, scene: Scene, packet: schema.Packet, *, to_guests: bool) -> None:
        """Tell staff, hidden listeners too, or guests."""
        call_id = scene.sheet.call.id
        everybody = [entry.identity for entry in self._rooms.participants(call_id)]
        there = [who for who in everybody if people.is_staff_identity(who) is not to_guests]
        if there and not (to_guests and scene.held_since is not None and packet.marks is None):
            payload = packet.model_dump_json(exclude_unset=True).encode()
            await self._rooms.send_data(call_id, payload, topic=TOPIC, identities=there)


def _scene(session: Session, call_id: str) -> Scene:
    rows = presentations.history(session, call_id)
    return Scene(
        calls.sheet(session, call_id),
        holds.since(session, call_id),
        tuple(rows),
        tuple(presentations.looking(session, call_id)),
        presentable.about(session, rows),
    )


def _presentable(session: Session, person: Person, call_id: str) -> Scene:
    scene = _scene(session, call_id)
    if not scene.sheet.facts.is_open:
        raise CallClosed
    if not people.may_present(person, scene.sheet.facts):
        raise Forbidden
    return scene


def _is_for_all(session: Session, scene: Scene, person: Person, wanted: Surface, key: str) -> bool:
    """Whether guests see it too. A board is new, turned, or has a page added; raises SurfaceUnknown."""
    if wanted.kind is not SurfaceKind.BOARD:
        return presentable.check_presentable(session, person, scene.sheet, wanted)
    pages = scene.pages(wanted.subject)
    if key and not (pages > 0 and wanted.page <= pages + 1):
        raise SurfaceUnknown
    return True


def _check_may_look(scene: Scene, speaker: Speaker, surface: Surface) -> None:
    if not _is_before(scene, surface, is_guest=isinstance(speaker, Guest)):
        raise SurfaceUnknown
    if surface.kind in surfaces.PAGED_KINDS and surface.page > scene.pages(surface.subject):
        raise SurfaceUnknown


def _reader(speaker: Speaker, scene: Scene) -> marks.Reader:
    is_staff = isinstance(speaker, Person)
    return marks.Reader(speaker.identity, is_staff, None if is_staff else scene.held_since)


def _is_before(scene: Scene, surface: Surface, *, is_guest: bool) -> bool:
    """Live pictures are everybody's in the call; all else is looked at once it was presented."""
    return surface.kind in surfaces.LIVE_KINDS or surface.subject in scene.subjects(is_guest=is_guest)


def _reaches(row: MarkRow, scene: Scene, *, is_guest: bool) -> bool:
    """Whether a mark that was just drawn goes to staff, or to guests."""
    if scene.held_since is not None and people.is_staff_identity(row.author) is is_guest:
        return False
    if not _is_before(scene, surfaces.parse(row.surface), is_guest=is_guest):
        return False
    return row.audience == Audience.ALL or (row.audience == Audience.STAFF and not is_guest)


def _packets(key: str, rows: Sequence[MarkRow]) -> Iterator[schema.Packet]:
    """The marks in as many packets as they need."""
    bundle: list[schema.MarkEntry] = []
    size = 0
    for row in rows:
        if bundle and size + len(row.points) > _PACKET_CHARS:
            yield schema.Packet(marks=schema.MarksAnswer(surface=key, marks=bundle))
            bundle, size = [], 0
        bundle.append(schema.mark_view(row))
        size += len(row.points) + len(row.text) + 200
    if bundle:
        yield schema.Packet(marks=schema.MarksAnswer(surface=key, marks=bundle))


def _for_staff(mark: Mark) -> Mark:
    if mark.content.audience is not Audience.ALL:
        return mark
    return replace(mark, content=replace(mark.content, audience=Audience.STAFF))


def _sender(speaker: Speaker) -> calls.Sender:
    return calls.Sender(speaker.identity, speaker.name, speaker.role)


def _page(key: str) -> int:
    return surfaces.parse(key).page


def _subject(key: str) -> str:
    return surfaces.parse(key).subject
