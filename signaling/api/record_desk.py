"""The record of a call as it is gone through afterwards: what people agreed to, what stood before them, and
which cards of the concierge they were shown.

What was said, decided, photographed and recorded has desks of its own; the page puts all on one timeline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from field_assist import (
    JST,
    CallSheet,
    CallUnknown,
    Consent,
    Person,
    Presentation,
    Session,
    Store,
    calls,
    concierge,
    consents,
    people,
    presentations,
)
from signaling.accounts.access_log import Action
from signaling.api import presentable
from signaling.api.reading import Readings
from signaling.clock import Clock


@dataclass(frozen=True, slots=True)
class CallRecord:
    """Read in one transaction; `about` names what was shown, by subject."""

    sheet: CallSheet
    consents: tuple[Consent, ...]
    shown: tuple[Presentation, ...]
    about: Mapping[str, presentable.About]
    cards: tuple[concierge.showings.ShownCard, ...]
    looks: Mapping[str, Sequence[concierge.showings.CardLook]]
    today: date


class RecordDesk:
    """One per installation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._readings = Readings(store, clock)

    async def read(self, person: Person, call_id: str, address: str) -> CallRecord:
        """What is on record of a call; reading it is an act of its own. Raises CallUnknown."""

        def work(session: Session) -> CallRecord:
            sheet = calls.sheet(session, call_id)
            if not people.may_read_record(person, sheet.facts):
                raise CallUnknown
            rows = presentations.history(session, call_id)
            cards = concierge.showings.of_calls(session, [call_id])
            return CallRecord(
                sheet,
                tuple(consents.of_call(session, call_id)),
                tuple(rows),
                presentable.about(session, rows),
                tuple(cards),
                concierge.showings.looks(session, [card.id for card in cards]),
                self._clock.wall().astimezone(JST).date(),
            )

        found = await self._store.read(work)
        await self._readings.note(person, address, Action.RECORD_READ, call_id)
        return found
