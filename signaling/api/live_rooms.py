"""What the product needs of the running rooms; `rooms.Rooms` is it, a recording fake stands in for tests."""

from collections.abc import Callable, Sequence
from typing import Protocol

from livekit.protocol.models import ConnectionQuality, ParticipantInfo, Transcription
from livekit.protocol.webhook import WebhookEvent

from media import Tap, TapSink
from signaling.rtc.audience import Rule


class LiveRooms(Protocol):
    """Rooms of this node, as seen from accounts, calls and invitations."""

    def participants(self, room: str) -> list[ParticipantInfo]:
        """Who is connected; empty when there is no such room."""

    def qualities(self, room: str) -> dict[str, ConnectionQuality]:
        """How well each visible participant's line carries, by identity; empty when there is no such room."""

    def observe(self, observer: Callable[[WebhookEvent], None]) -> None:
        """Call `observer` synchronously on every room event (the webhook events)."""

    def tap(self, room: str, track_sid: str, sink: TapSink) -> Tap | None:
        """Have everything of a track heard by the server itself; None when there is no such track now.

        A track exists from its event `track_published` on; those of before are in `participants`.
        """

    def set_recorded(self, room: str, *, is_recorded: bool) -> None:
        """Have everybody told whether the room is recorded (`Room.active_recording`), now and later."""

    def set_audience(self, room: str, rule: Rule | None, metadata: str = "") -> None:
        """Decide who may hear and see whom, also in a room that opens later; `metadata` is told to all."""

    async def remove_participant(self, room: str, identity: str) -> bool:
        """Disconnect somebody; False when they were not there."""

    async def send_data(
        self, room: str, payload: bytes, *, topic: str, identities: Sequence[str] = ()
    ) -> None:
        """Send a reliable data packet to the room; nothing happens when there is no such room."""

    def caption(self, room: str, said: Transcription) -> None:
        """Show what somebody said to everybody who may hear them; nothing happens without a room."""

    def shut_down(self) -> None:
        """Ask everybody to come back to the server that starts next, and admit nobody any more."""

    async def delete_room(self, name: str) -> None:
        """Disconnect everybody; nothing happens when there is no such room."""


def joined_identities(rooms: LiveRooms, room: str) -> set[str]:
    """Identities of those who are visibly in the room."""
    return {entry.identity for entry in rooms.participants(room) if not entry.permission.hidden}
