"""Faults on request, for those who test clients: `SimulateScenario` of `livekit_rtc.proto`.

Only where the node's settings allow it, because any participant can ask. What a scenario leaves for later
stands in `Faults`, one per participant. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import CandidateProtocol, LeaveRequest, SimulateScenario

from media import Speaker

if TYPE_CHECKING:
    from signaling.rtc.participant import Participant
    from signaling.rtc.room import Room


@dataclass(slots=True)
class Faults:
    """What is wrong with one participant's connection on purpose.

    `resume` is how its next resume fails, `speaks_until` how long it is said to speak.
    """

    resume: Literal["after messages", "before messages"] | None = None
    speaks_until: float = 0.0


def simulate(room: Room, member: Participant, scenario: SimulateScenario, now: float) -> None:
    """Make happen what `member` asks for."""
    match scenario.WhichOneof("scenario"):
        case "speaker_update":
            member.faults.speaks_until = now + scenario.speaker_update
        case "node_failure" | "migration":
            # Gone without a word: with one node, a room that moved is a room that was lost.
            member.outbox.drain()
            member.outbox.close(scenario.WhichOneof("scenario") or "")
            room.remove(member, DisconnectReason.STATE_MISMATCH, now)
        case "server_leave":
            room.remove(member, DisconnectReason.SERVER_SHUTDOWN, now)
        case "leave_request_full_reconnect":
            action = LeaveRequest.Action.RECONNECT
            room.remove(member, DisconnectReason.STATE_MISMATCH, now, action=action)
        case "switch_candidate_protocol":
            _prefer_tcp(room, member, scenario.switch_candidate_protocol != CandidateProtocol.UDP, now)
        case "subscriber_bandwidth":
            member.peer.limit_downlink(scenario.subscriber_bandwidth or None)
        case "disconnect_signal_on_resume":
            member.faults.resume = "after messages"
        case "disconnect_signal_on_resume_no_messages":
            member.faults.resume = "before messages"
        case _:
            pass


def pretended_speakers(members: Iterable[Participant], now: float) -> list[Speaker]:
    """Those who are said to speak, by their first track."""
    speaking = [member for member in members if member.faults.speaks_until > now]
    return [Speaker(sid, 1.0) for member in speaking for sid in list(member.publications.published)[:1]]


def _prefer_tcp(room: Room, member: Participant, is_preferred: bool, now: float) -> None:
    """Offer only TCP candidates, or all again: now, and to the same identity when it joins anew."""
    (room.tcp_only.add if is_preferred else room.tcp_only.discard)(member.identity)
    member.peer.is_tcp_only = is_preferred
    member.peer.resumed(now)
