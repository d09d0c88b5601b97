"""Which layers of its pictures a publisher need not send, because nobody watches them.

The wish for a track is the highest layer that any subscriber asked for: what a subscriber's line carries does
not count, or its picture could never get better again. More is told at once, less after `PATIENCE_S`, so that
somebody who only looks away does not cost a key frame. Follows `SubscribedQualityUpdate` in
`livekit_rtc.proto`. Sans-IO.
"""

from __future__ import annotations

from dataclasses import dataclass

from livekit.protocol.models import VideoQuality
from livekit.protocol.rtc import SignalResponse, SubscribedCodec, SubscribedQuality, SubscribedQualityUpdate

from signaling.rtc.participant import Participant
from signaling.rtc.tracks import Track

PATIENCE_S = 5.0
NOTHING = -1
_QUALITIES = (VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH)


@dataclass(slots=True)
class _Wish:
    publisher: Participant
    track: Track
    told: int
    wanted: int
    lower_at: float | None = None


class Dynacast:
    """Wishes for the video tracks of one room."""

    def __init__(self) -> None:
        self._wishes: dict[str, _Wish] = {}

    def wanted(self, publisher: Participant, track: Track, quality: int, now: float) -> None:
        """The highest layer anybody wants now: 0 low, 1 medium, 2 high, `NOTHING`."""
        if len(track.info.layers) < 2:
            return  # there is nothing to leave out but everything, and that is what muting is for
        wish = self._wishes.get(track.sid)
        if wish is None:
            # Publishers begin with all they have.
            wish = self._wishes[track.sid] = _Wish(publisher, track, told=2, wanted=2)
        wish.wanted = quality
        if quality > wish.told:
            self._tell(wish)
        elif quality == wish.told:
            wish.lower_at = None
        elif wish.lower_at is None:
            wish.lower_at = now + PATIENCE_S

    def ended(self, track: Track) -> None:
        """The track is gone."""
        self._wishes.pop(track.sid, None)

    def repeat(self, publisher: Participant) -> None:
        """A publisher may have missed something: tell it again."""
        for wish in self._wishes.values():
            if wish.publisher is publisher:
                self._send(wish)

    def poll(self, now: float) -> None:
        """Tell what has been due for long enough."""
        for wish in self._wishes.values():
            if wish.lower_at is not None and now >= wish.lower_at:
                self._tell(wish)

    def next_deadline(self) -> float | None:
        """When `poll` will have something to say."""
        times = (wish.lower_at for wish in self._wishes.values() if wish.lower_at is not None)
        return min(times, default=None)

    def _tell(self, wish: _Wish) -> None:
        wish.told, wish.lower_at = wish.wanted, None
        self._send(wish)

    def _send(self, wish: _Wish) -> None:
        qualities = [SubscribedQuality(quality=q, enabled=int(q) <= wish.told) for q in _QUALITIES]
        codec = wish.track.info.mime_type.partition("/")[2].lower()
        update = SubscribedQualityUpdate(
            track_sid=wish.track.sid,
            subscribed_qualities=qualities,
            subscribed_codecs=[SubscribedCodec(codec=codec, qualities=qualities)],
        )
        wish.publisher.send(SignalResponse(subscribed_quality_update=update))
