"""When to (re)negotiate what a participant receives, as two small clocks.

With two peer connections the server offers: one offer outstanding, changes in between collapse into the next.
With a single peer connection only clients offer: the server asks for media sections, never twice for the same
shortage, and ever more slowly when asking does not help. Sans-IO.
"""

from __future__ import annotations

from typing import Literal

from livekit.protocol.rtc import MediaSectionsRequirement

from media import Shortage

DEBOUNCE_S = 0.01
OFFER_INTERVAL_S = 0.15
ANSWER_TIMEOUT_S = 15.0
REQUEST_TIMEOUT_S = 10.0
MAX_REQUEST_INTERVAL_S = 5.0


class ServerOffers:
    """The offers of a subscriber peer connection."""

    def __init__(self) -> None:
        self.offer_id = 0
        self._due: float | None = None
        self._is_dirty = False
        self._offered_at: float | None = None
        self._earliest = 0.0

    @property
    def is_outstanding(self) -> bool:
        """Whether an offer waits for its answer."""
        return self._offered_at is not None

    def changed(self, now: float) -> None:
        """Something needs negotiating."""
        if self._offered_at is not None:
            self._is_dirty = True
        elif self._due is None:
            self._due = max(now + DEBOUNCE_S, self._earliest)

    def offered(self, now: float) -> int:
        """An offer goes out; returns its id."""
        self.offer_id += 1
        self._offered_at = now
        self._earliest = now + OFFER_INTERVAL_S
        self._due = None
        self._is_dirty = False
        return self.offer_id

    def is_current(self, answer_id: int) -> bool:
        """Whether an answer belongs to the outstanding offer; some clients always say 0."""
        return self.is_outstanding and answer_id in (0, self.offer_id)

    def answered(self, now: float) -> None:
        """The outstanding offer was answered."""
        self._offered_at = None
        if self._is_dirty:
            self.changed(now)

    def abandoned(self) -> None:
        """The outstanding offer will never be answered: its connection is gone."""
        self._offered_at = None

    def poll(self, now: float) -> Literal["offer", "timeout"] | None:
        """What is due: make an offer, or give the client up because it does not answer."""
        if self._offered_at is not None:
            return "timeout" if now >= self._offered_at + ANSWER_TIMEOUT_S else None
        return "offer" if self._due is not None and now >= self._due else None

    def next_deadline(self) -> float | None:
        """When `poll` will have something to say."""
        return self._due if self._offered_at is None else self._offered_at + ANSWER_TIMEOUT_S


class SectionRequests:
    """Requests for more media sections in a client's single peer connection."""

    def __init__(self) -> None:
        self._due: float | None = None
        self._requested_at: float | None = None
        self._asked = Shortage(0, 0)
        self._has_offered = False
        self._attempts = 0
        self._earliest = 0.0

    def changed(self, now: float) -> None:
        """Something needs negotiating; before the client's first offer there is nothing to ask for."""
        self._attempts = 0
        self._schedule(now)

    def offer_answered(self, now: float, *, is_incomplete: bool) -> None:
        """The client's offer was answered, which settles all requests so far."""
        self._has_offered = True
        self._requested_at = None
        self._asked = Shortage(0, 0)
        self._due = None
        if is_incomplete:
            self._schedule(now)

    def _schedule(self, now: float) -> None:
        if self._has_offered and self._due is None:
            self._due = max(now + DEBOUNCE_S, self._earliest)

    def poll(
        self, now: float, shortage: Shortage, needs_negotiation: bool
    ) -> MediaSectionsRequirement | None:
        """The request due now, if any: what is missing beyond what was asked for already."""
        if self._requested_at is not None and now >= self._requested_at + REQUEST_TIMEOUT_S:
            self._requested_at = None
            self._asked = Shortage(0, 0)
            self._schedule(now)
        if self._due is None or now < self._due:
            return None
        self._due = None
        audio = max(0, shortage.audio - self._asked.audio)
        video = max(0, shortage.video - self._asked.video)
        if not (audio or video) and (self._requested_at is not None or not needs_negotiation):
            return None
        self._asked = Shortage(self._asked.audio + audio, self._asked.video + video)
        self._requested_at = now
        self._attempts += 1
        self._earliest = now + min(OFFER_INTERVAL_S * 2 ** (self._attempts - 1), MAX_REQUEST_INTERVAL_S)
        return MediaSectionsRequirement(num_audios=audio, num_videos=video)

    def next_deadline(self) -> float | None:
        """When `poll` will have something to say."""
        timeout = None if self._requested_at is None else self._requested_at + REQUEST_TIMEOUT_S
        return min((time for time in (self._due, timeout) if time is not None), default=None)
