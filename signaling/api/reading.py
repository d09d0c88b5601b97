"""Reading as an act of the access log, noted once: a page that asks again at every hint is no new reader."""

from field_assist import Person, Store
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.clock import Clock

READS_ON_S = 600.0
"""Whoever asks again within this time is still reading."""


class Readings:
    """Who reads what at this moment, on this node."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}

    async def note(self, person: Person, address: str, action: Action, about: str) -> None:
        """Somebody reads this: into the log, before they are answered, unless they only read on."""
        now, key = self._clock.monotonic(), (person.identity, about)
        if self._until.get(key, 0.0) <= now:
            at = self._clock.wall()
            await self._store.write(
                lambda session: access_log.acted(session, person, address, action, about, at)
            )
            self._until = {each: until for each, until in self._until.items() if until > now}
        self._until[key] = now + READS_ON_S
