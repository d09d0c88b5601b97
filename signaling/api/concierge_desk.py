"""The concierge for those who ask: staff and residents by typing, staff in a call by what is said there.

The index follows the catalogue beside the calls, analysed in a process of its own, because that computes for
seconds. Nothing that is asked or said is kept here: a question comes, is answered and is gone. In a call only
words of those are heard whose consent to it (`concierge`) stands at that moment; without one, nothing is
derived from speech at all.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TypeAlias

from field_assist import (
    JST,
    CallUnknown,
    LineState,
    Person,
    Purpose,
    Session,
    Store,
    StoreUnavailable,
    SurfaceKind,
    calls,
    concierge,
    documents,
    people,
    presentations,
    surfaces,
    transcripts,
)
from recordings import polite_processes
from signaling.api.consent_desk import ConsentDesk
from signaling.beside import beside, woken
from signaling.clock import Clock

Asker: TypeAlias = concierge.questions.Asker
Found: TypeAlias = concierge.search.Found
Kind: TypeAlias = concierge.entries.Kind
Key: TypeAlias = concierge.entries.Key
Sign: TypeAlias = concierge.proposals.Sign

LOOKED_AFTER_S = 5.0
"""How long after a list was taken in its entries can be missing from what is found."""
RETRY_S = 30.0
HEARD_BACK = timedelta(seconds=45)
"""What was said this long before the last line belongs to it."""
_LINES = 6
_ASKED_AGAIN = 20
"""Among so many of its kind an entry that was found is found again."""
_OF_PAGE = 200
"""Characters of a page, after its document's title: what it is about, not all it says."""
_AT_ONCE = 8
"""Entries the process is given at once: some tenths of a second, which a server that stops waits for."""
_NICE = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Overheard:
    """What fits what is being said in a call, and what is presented in it."""

    is_consented: bool
    """Somebody in the call agreed to it; otherwise nobody was listened to."""
    words: str
    """What was heard, for those who are in the call; empty where it is sensitive."""
    found: Found
    paper: str
    """The title of the document that is presented, "" where none is."""
    by_paper: Found


@dataclass(frozen=True, slots=True)
class Led:
    """Why an entry fits what led to it, in the entry's own words, and what may be kept of what was typed."""

    reasons: tuple[concierge.ranking.Reason, ...] = ()
    keepable: str = ""


_NOTHING = Found(())


class ConciergeDesk:
    """One per installation; use `running` around it. `has_meaning` is whether the model is used."""

    def __init__(self, store: Store, consents: ConsentDesk, clock: Clock, *, has_meaning: bool) -> None:
        self._store = store
        self._consents = consents
        self._clock = clock
        self._has_meaning = has_meaning
        meaning = concierge.meaning.SentenceEncoder() if has_meaning else None
        self._concierge = concierge.search.Concierge(concierge.follow.lookup, meaning)
        self._wake = asyncio.Event()
        self._followed = ""
        self._pool: ProcessPoolExecutor | None = None

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[ConciergeDesk]":
        """Follow the catalogue while the block runs."""
        try:
            async with beside(self._follow_always()):
                yield self
        finally:
            await self._put_away()

    async def search(self, text: str, asker: Asker, kinds: frozenset[Kind], limit: int) -> Found:
        """What fits; at most `limit` entries of these kinds."""
        ask = partial(
            self._concierge.search, text=text, asker=asker, today=self._today(), kinds=kinds, limit=limit
        )
        return await self._store.read(lambda session: ask(session))

    async def search_as_staff(self, text: str, asker: Asker, limit: int) -> Found:
        """The same for staff; that nothing fitted is counted, so that somebody may mend it."""
        found = await self.search(text, asker, frozenset(Kind), limit)
        if not found.suggestions and not found.is_sensitive:
            await self._note(text, None, Sign.MISSED)
        return found

    async def reject(self, text: str, of: tuple[Kind, str]) -> None:
        """これではない: with these words something else was looked for. Kept unless it is sensitive."""
        if not (await self.search(text, Asker.RESIDENT, frozenset({of[0]}), 1)).is_sensitive:
            await self._note(text, of, Sign.REJECTED)

    async def _note(self, text: str, of: tuple[Kind, str] | None, sign: Sign) -> None:
        words = await asyncio.to_thread(concierge.proposals.words_of, text)
        at = self._clock.wall()
        if words:
            await self._store.write(
                lambda session: concierge.proposals.note(session, words, of, sign, at) and None
            )

    async def overheard(self, person: Person, call_id: str, limit: int) -> Overheard:
        """What fits, rather than comes close to, the last words and the open paper; raises CallUnknown."""
        words, is_consented = await self._store.read(partial(self._words, person=person, call_id=call_id))
        paper, text = await self._store.read(partial(_presented, person=person, call_id=call_id))
        heard = await self._fitting(words, limit)
        return Overheard(
            is_consented,
            "" if heard.is_sensitive else words,
            heard,
            paper,
            await self._fitting(text, limit),
        )

    async def _fitting(self, words: str, limit: int) -> Found:
        if not words:
            return _NOTHING
        found = await self.search(words, Asker.RESIDENT, frozenset(Kind), limit)
        return Found(found.suggestions, found.desks, is_sensitive=found.is_sensitive)

    async def led_to(self, person: Person, call_id: str, key: Key, found_by: str, typed: str) -> Led:
        """Why this entry fits what staff typed, what was said or what is presented; raises CallUnknown."""
        words = typed if found_by == "typed" else ""
        if found_by == "talk":
            words, _ = await self._store.read(partial(self._words, person=person, call_id=call_id))
        elif found_by == "document":
            _, words = await self._store.read(partial(_presented, person=person, call_id=call_id))
        if not words:
            return Led()
        found = await self.search(words, Asker.RESIDENT, frozenset({key.kind}), _ASKED_AGAIN)
        if found.is_sensitive:
            return Led()
        fits = (match for match in found.matches if concierge.entries.key_of(match.entry) == key)
        match = next(fits, None)
        keepable = await asyncio.to_thread(concierge.proposals.words_of, typed) if found_by == "typed" else ""
        return Led(tuple(match.reasons) if match else (), keepable)

    def _words(self, session: Session, person: Person, call_id: str) -> tuple[str, bool]:
        """What those who agreed said last, and whether anybody did."""
        sheet = calls.sheet(session, call_id)
        if not people.may_read_record(person, sheet.facts):
            raise CallUnknown
        lines = [
            line
            for line in transcripts.of_call(session, call_id)
            if line.state != LineState.UNHEARD and self._agrees(call_id, line.identity)
        ]
        is_consented = self._consents.anybody_allows(call_id, Purpose.CONCIERGE)
        if not lines or lines[-1].at < self._clock.wall() - 4 * HEARD_BACK:
            return "", is_consented
        since_ms = lines[-1].ended_ms - HEARD_BACK / timedelta(milliseconds=1)
        return "。".join(line.text for line in lines[-_LINES:] if line.started_ms >= since_ms), is_consented

    def _agrees(self, call_id: str, identity: str) -> bool:
        return self._consents.allows(call_id, identity, Purpose.CONCIERGE)

    def _today(self) -> date:
        return self._clock.wall().astimezone(JST).date()

    # -- the index

    async def follow(self) -> int:
        """Index what became different in the catalogue since the last time; how many entries."""
        version = await self._store.read(concierge.follow.version)
        if version == self._followed:
            return 0
        count, after, is_last = 0, 0, False
        while not is_last:
            read = partial(concierge.follow.page, after=after, has_meaning=self._has_meaning)
            changed, after, is_last = await self._store.read(read)
            if changed:
                analysed = await self._analysed(changed)
                await self._store.write(partial(concierge.search_index.store, found=analysed))
                count += len(changed)
        gone = await self._store.read(concierge.follow.gone)
        if gone:
            await self._store.write(partial(concierge.search_index.remove, gone=gone))
        self._followed = version
        await self._put_away()
        if count or gone:
            log.info("concierge_index_followed", extra={"entries": count, "gone": len(gone)})
        return count + len(gone)

    async def _analysed(
        self, entries: tuple[concierge.entries.Entry, ...]
    ) -> list[concierge.search_index.Analysed]:
        if self._pool is None:
            self._pool = polite_processes(1, _NICE)
        found: list[concierge.search_index.Analysed] = []
        for start in range(0, len(entries), _AT_ONCE):
            some = entries[start : start + _AT_ONCE]
            found += await asyncio.wrap_future(self._pool.submit(_analyse, some, self._has_meaning))
        return found

    async def _put_away(self) -> None:
        """A process with a model in it is for when there is something to do."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    async def _follow_always(self) -> None:
        prepared_for = ""
        while True:
            wait_s = LOOKED_AFTER_S
            try:
                before = self._followed
                await self.follow()
                # At the second look: a server that starts has calls to take up first.
                if before == self._followed != prepared_for:
                    await self._store.read(self._concierge.prepare)
                    prepared_for = before
            except (StoreUnavailable, BrokenProcessPool):
                log.warning("concierge_index_waits")
                await self._put_away()
                wait_s = RETRY_S
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("concierge_index_failed")
                wait_s = RETRY_S
            await woken(self._wake, wait_s)


def _presented(session: Session, person: Person, call_id: str) -> tuple[str, str]:
    """Title of the document before the call and what its page is about, for whoever may see it."""
    row = presentations.current(session, call_id)
    surface = surfaces.parse(row.surface) if row else None
    if surface is None or surface.kind is not SurfaceKind.PAGE:
        return "", ""
    if not people.may_see_document(person, documents.facts(session, surface.name)):
        return "", ""
    version = documents.version(session, surface.name)
    title = documents.document(session, version.document_id).title
    text = documents.page_text(session, surface.name, surface.page)
    return title, f"{title}。{' '.join(text.split())[:_OF_PAGE]}"


def _analyse(
    entries: tuple[concierge.entries.Entry, ...], has_meaning: bool
) -> list[concierge.search_index.Analysed]:
    """In a process of its own."""
    meaning = concierge.meaning.SentenceEncoder() if has_meaning else None
    return concierge.search_index.analyse(entries, meaning)
