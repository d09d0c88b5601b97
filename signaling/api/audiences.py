"""Who hears whom in each call: what is decided about it, put together and given to its room.

Two things keep a voice from somebody. *Hold*: staff and guests neither hear nor see each other. *Whisper*:
one participant is heard, though seen as before, by nobody but the named ones. Whoever decides writes it to
the database first, where it has to outlive a restart, and says it here second.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime

from field_assist import people
from signaling.api.live_rooms import LiveRooms
from signaling.rtc.audience import Kind, Rule


class Audiences:
    """One per installation. Identities are those of the rooms."""

    def __init__(self, rooms: LiveRooms) -> None:
        self._rooms = rooms
        self._holds: dict[str, datetime] = {}
        self._whispers: dict[str, dict[str, frozenset[str]]] = {}
        self._rules: dict[str, Rule] = {}
        self._observers: list[Callable[[str], object]] = []

    def observe(self, observer: Callable[[str], object]) -> None:
        """Call this with a call's id whenever it was decided anew who hears whom there, and took effect."""
        self._observers.append(observer)

    def reaches_all(self, call_id: str, speaker: str, present: Iterable[str], kind: Kind) -> bool:
        """Whether this voice or picture is kept from nobody who is there: only then others may keep it."""
        rule = self._rules.get(call_id)
        return rule is None or all(rule(speaker, who, kind) for who in present if who != speaker)

    def hold(self, call_id: str, since: datetime) -> None:
        """Part staff and guests of a call. Everybody in the room is told that they are, and since when."""
        self._holds[call_id] = since
        self._apply(call_id)

    def release(self, call_id: str) -> None:
        """Bring them together again."""
        if self._holds.pop(call_id, None) is not None:
            self._apply(call_id)

    def whisper(self, call_id: str, speaker: str, listeners: frozenset[str]) -> None:
        """Let nobody hear this participant but these. Nobody is told."""
        self._whispers.setdefault(call_id, {})[speaker] = listeners
        self._apply(call_id)

    def speak_up(self, call_id: str, speaker: str) -> None:
        """Let everybody hear this participant again."""
        if self._whispers.get(call_id, {}).pop(speaker, None) is not None:
            self._apply(call_id)

    def forget(self, call_id: str) -> None:
        """The call is over."""
        self._holds.pop(call_id, None)
        self._whispers.pop(call_id, None)
        self._apply(call_id)

    def _apply(self, call_id: str) -> None:
        since, whispers = self._holds.get(call_id), dict(self._whispers.get(call_id, {}))
        metadata = json.dumps({"hold": {"since": since.isoformat()}}) if since is not None else ""
        is_open = since is None and not whispers
        rule = None if is_open else _rule(whispers, is_on_hold=since is not None)
        if rule is None:
            self._rules.pop(call_id, None)
        else:
            self._rules[call_id] = rule
        self._rooms.set_audience(call_id, rule, metadata)
        for observer in self._observers:
            observer(call_id)


def _rule(whispers: dict[str, frozenset[str]], *, is_on_hold: bool) -> Rule:
    def reaches(speaker: str, listener: str, kind: Kind) -> bool:
        if is_on_hold and not people.are_on_one_side(speaker, listener):
            return False
        return kind != "audio" or speaker not in whispers or listener in whispers[speaker]

    return reaches
