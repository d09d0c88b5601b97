"""Who speaks, told as changes only: louder, quieter, stopped.

Follows `SpeakersChanged` in `livekit_rtc.proto`. Levels are rounded to eighths so that a steady voice
causes no messages. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterable

from livekit.protocol.models import SpeakerInfo
from livekit.protocol.rtc import SignalResponse, SpeakersChanged

from media import Speaker
from signaling.rtc.audience import Audience
from signaling.rtc.members import Members
from signaling.rtc.participant import Participant

LEVEL_STEPS = 8


class SpeakerReports:
    """Speaking participants of one room, as last told."""

    def __init__(self, members: Members, audience: Audience) -> None:
        self._members = members
        self._audience = audience
        self._levels: dict[str, float] = {}

    def update(self, speakers: Iterable[Speaker]) -> list[str]:
        """Tell everybody what changed about the speakers they hear; the sids of those who speak now."""
        owners = {
            track.sid: member for member in self._members for track in member.publications.published.values()
        }
        levels: dict[str, float] = {}
        for speaker in speakers:
            owner = owners.get(speaker.producer_id)
            if owner is not None:
                # Active means audible: never rounded down to nothing.
                level = max(1, round(min(speaker.level, 1.0) * LEVEL_STEPS)) / LEVEL_STEPS
                levels[owner.sid] = max(level, levels.get(owner.sid, 0.0))
        changed = [
            SpeakerInfo(sid=sid, level=levels.get(sid, 0.0), active=sid in levels)
            for sid in sorted(self._levels.keys() | levels.keys(), key=lambda sid: -levels.get(sid, 0.0))
            if self._levels.get(sid) != levels.get(sid)
        ]
        self._levels = levels
        if changed:
            self._tell(changed)
        return list(levels)

    def _tell(self, changed: list[SpeakerInfo]) -> None:
        by_sid = {member.sid: member for member in self._members}
        for listener in by_sid.values():
            heard = [info for info in changed if self._hears(listener, by_sid.get(info.sid))]
            if heard:
                listener.send(SignalResponse(speakers_changed=SpeakersChanged(speakers=heard)))

    def _hears(self, listener: Participant, speaker: Participant | None) -> bool:
        if speaker is None or speaker is listener:
            return speaker is listener
        if not self._audience.reaches(speaker.identity, listener.identity, "audio"):
            return False
        return any(sid in listener.subscriptions.consumers for sid in speaker.publications.published)
