"""What those who keep the catalogue may mend: words for こんなとき that staff typed, and contradictions.

Nothing is taken by itself: somebody takes a proposal, for the entry it names or another, or dismisses it, and
can undo either. The index follows by itself.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeAlias

from field_assist import JST, Person, Session, Store, concierge
from signaling import catalogue_intake
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.call_desk import Forbidden
from signaling.clock import Clock

Contradiction: TypeAlias = concierge.consistency.Contradiction
Decision = Literal["take", "dismiss", "open"]
Key: TypeAlias = concierge.entries.Key
NeedProposal: TypeAlias = concierge.proposals.NeedProposal
key_from = concierge.entries.key_from

SHOWN, SHOWN_TAKEN, SHOWN_CONTRADICTIONS = 100, 20, 200


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with the title and owner of its entry, or of the one it was taken for; "" for none."""

    row: NeedProposal
    title: str
    owner: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What waits, the most often met first, and what was taken last."""

    waiting: tuple[Proposed, ...]
    taken: tuple[Proposed, ...]


class ProposalDesk:
    """One per installation; `address` is where the acting person's request came from."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._reading = asyncio.Lock()

    async def contradictions(self, person: Person) -> list[Contradiction]:
        """What cannot all be true of the catalogue as it is; raises Forbidden."""
        _keeper(person)
        today = self._clock.wall().astimezone(JST).date()
        async with self._reading:  # all entries at once: one reading at a time
            noted = concierge.consistency.Consistency()
            await asyncio.to_thread(catalogue_intake.note_others, self._store, noted, ())
        return list(islice(noted.contradictions(today), SHOWN_CONTRADICTIONS))

    async def proposals(self, person: Person) -> Proposals:
        """What staff typed and what came of it; raises Forbidden."""
        _keeper(person)
        return await self._store.read(_proposals)

    async def decide(
        self, person: Person, proposal_id: str, decision: Decision, of: Key | None, address: str
    ) -> Proposals:
        """Take it for `of`, else for its own entry, dismiss it, or undo that.

        Raises Forbidden, ProposalUnknown, ProposalDecided, EntryUnknown.
        """
        _keeper(person)
        at = self._clock.wall()

        def work(session: Session) -> Proposals:
            row = concierge.proposals.by_id(session, proposal_id)
            match decision:
                case "take":
                    found = _present(session, of or _own(row))
                    concierge.proposals.take(session, row, (found.kind, found.written), person.id, at)
                    action = Action.NEED_TAKEN
                case "dismiss":
                    concierge.proposals.dismiss(session, row, person.id, at)
                    action = Action.NEED_DISMISSED
                case "open":
                    concierge.proposals.open_again(session, row)
                    action = Action.NEED_OPENED
            access_log.acted(session, person, address, action, row.id, at, row.taken_key or row.entry_key)
            return _proposals(session)

        return await self._store.write(work)


def _keeper(person: Person) -> None:
    if not concierge.catalogue_people.may_keep_catalogue(person):
        raise Forbidden


def _own(row: NeedProposal) -> Key:
    if not row.entry_key:
        raise concierge.catalogue.EntryUnknown
    return key_from(row.kind, row.entry_key)


def _present(session: Session, key: Key) -> Key:
    if key not in concierge.follow.lookup(session, [key]):
        raise concierge.catalogue.EntryUnknown
    return key


def _proposals(session: Session) -> Proposals:
    waiting = concierge.proposals.open_ones(session, SHOWN)
    taken = concierge.proposals.recently_taken(session, SHOWN_TAKEN)
    about = {row.id: (row.taken_kind or row.kind, row.taken_key or row.entry_key) for row in waiting + taken}
    keys = {row_id: key_from(kind, written) for row_id, (kind, written) in about.items() if written}
    entries = concierge.follow.lookup(session, list(keys.values()))

    def named(rows: Sequence[NeedProposal]) -> tuple[Proposed, ...]:
        found = ((row, entries.get(keys[row.id]) if row.id in keys else None) for row in rows)
        return tuple(
            Proposed(row, entry.title if entry else "", entry.source.owner if entry else "")
            for row, entry in found
        )

    return Proposals(named(waiting), named(taken))
