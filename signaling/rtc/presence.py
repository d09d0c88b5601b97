"""Whether one participant is still there: what its signalling and its media say, weighed over time.

A lost socket alone means nothing while media flows; silence on both ways is borne for as long as a tunnel
is. Media that says good-bye (DTLS close), or a socket that does and media that is silent, is a closed tab.
Sans-IO.
"""

from __future__ import annotations

from dataclasses import dataclass

from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest

# Clients check every 2.5 s when all is well, and more often when answers are missing: nobody is silent for
# this long by chance.
LOST_S = 12.0
# What was said this long before a socket's end was noticed may never have been read.
UNREAD_S = 60.0
# Signalling works and media does not: its own notice takes a client twice as long.
MEDIA_SILENCE_S = 15.0
# A client that leaves may close its media before its farewell, or its socket's end, arrives.
FAILURE_GRACE_S = 2.0
# A browser closed the page: twice as long as its last connectivity check may lie back.
GOING_AWAY_GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has to happen to a participant: told to resume, or removed with this reason and advice."""

    reason: DisconnectReason
    action: LeaveRequest.Action

    @property
    def is_farewell(self) -> bool:
        """Whether the participant's stay ends."""
        return self.action != LeaveRequest.Action.RESUME


_NEVER_CAME = Verdict(DisconnectReason.JOIN_FAILURE, LeaveRequest.Action.DISCONNECT)
_CLOSED = Verdict(DisconnectReason.SIGNAL_CLOSE, LeaveRequest.Action.DISCONNECT)
_BROKEN = Verdict(DisconnectReason.CONNECTION_TIMEOUT, LeaveRequest.Action.RECONNECT)
_MUTE = Verdict(DisconnectReason.CONNECTION_TIMEOUT, LeaveRequest.Action.RESUME)


class Presence:
    """One participant's. `absence_timeout_s` is how long it may be silent on every way."""

    def __init__(self, now: float, join_timeout_s: float, absence_timeout_s: float) -> None:
        self.has_failed = False
        self._signal_lost_at: float | None = None
        self._is_going_away = False
        self._absence_timeout_s = absence_timeout_s
        self._join_deadline: float | None = now + join_timeout_s
        self._failed_at = 0.0
        self._heard_at = now
        self._patient_since = now  # silence counts from here when a resume gave the media another chance

    @property
    def is_signalled(self) -> bool:
        """Whether there is a socket, as far as is known."""
        return self._signal_lost_at is None

    # -- what happened

    def activated(self, now: float) -> None:
        """Media came up."""
        self._join_deadline = None
        self.heard(now)

    def heard(self, at: float | None) -> None:
        """When media last came from the client, as far as known."""
        if at is not None:
            self._heard_at = max(self._heard_at, at)

    def media_failed(self, now: float) -> None:
        """A connection ended for good."""
        if not self.has_failed:
            self.has_failed = True
            self._failed_at = now

    def signal_lost(self, now: float, *, is_going_away: bool = False) -> None:
        """The socket ended without a farewell, or because its page is closed (RFC 6455 section 7.4.1)."""
        if self._signal_lost_at is None:
            self._signal_lost_at = now
            self._is_going_away = is_going_away

    def resumed(self, now: float) -> None:
        """Another socket took over."""
        self._signal_lost_at = None
        self._is_going_away = False
        self._patient_since = now

    def unread_since(self, now: float) -> float:
        """Since when the client may have missed what it was told."""
        return (now if self._signal_lost_at is None else self._signal_lost_at) - UNREAD_S

    # -- what follows

    def is_lost(self, now: float) -> bool:
        """Whether nothing arrives from the client, though something did before."""
        return self._join_deadline is None and now - self._heard_at >= LOST_S

    def verdict(self, now: float) -> Verdict | None:
        """What is due now."""
        if self.has_failed:
            # Nobody is there to be told anything; with a socket the client can start again.
            due = now >= self._failed_at + FAILURE_GRACE_S
            return (_BROKEN if self.is_signalled else _CLOSED) if due else None
        if self._join_deadline is not None:
            return _NEVER_CAME if now >= self._join_deadline else None
        silent_since = max(self._heard_at, self._patient_since)
        if not self.is_signalled and now >= silent_since + self._patience_s:
            return _CLOSED if self._is_going_away else _BROKEN
        if now >= silent_since + self._absence_timeout_s:
            return _BROKEN
        if self.is_signalled and now >= silent_since + MEDIA_SILENCE_S:
            return _MUTE
        return None

    def next_deadline(self, now: float) -> float:
        """When `verdict` or `is_lost` may change, if nothing is heard until then."""
        if self.has_failed:
            return self._failed_at + FAILURE_GRACE_S
        if self._join_deadline is not None:
            return self._join_deadline
        silent_since = max(self._heard_at, self._patient_since)
        ends_at = silent_since + self._patience_s
        lost_at = self._heard_at + LOST_S
        return min(ends_at, lost_at) if now < lost_at else ends_at

    @property
    def _patience_s(self) -> float:
        """How long silence is borne as things are."""
        if self.is_signalled:
            return min(MEDIA_SILENCE_S, self._absence_timeout_s)
        return GOING_AWAY_GRACE_S if self._is_going_away else self._absence_timeout_s
