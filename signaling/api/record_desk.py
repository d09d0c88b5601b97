"""The record of a call as it is gone through afterwards: what people agreed to, and what stood before them.

What was said, decided, photographed and recorded has desks of its own; the page puts all on one timeline.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from field_assist import (
    CallSheet,
    CallUnknown,
    Consent,
    Person,
    Presentation,
    Session,
    Store,
    calls,
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


class RecordDesk:
    """One per installation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._readings = Readings(store, clock)

    async def read(self, person: Person, call_id: str, address: str) -> CallRecord:
        """What is on record of a call; reading it is an act of its own. Raises CallUnknown."""

        def work(session: Session) -> CallRecord:
            sheet = calls.sheet(session, call_id)
            if not people.may_read_record(person, sheet.facts):
                raise CallUnknown
            rows = presentations.history(session, call_id)
            return CallRecord(
                sheet,
                tuple(consents.of_call(session, call_id)),
                tuple(rows),
                presentable.about(session, rows),
            )

        found = await self._store.read(work)
        await self._readings.note(person, address, Action.RECORD_READ, call_id)
        return found
