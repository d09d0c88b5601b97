"""A participant comes back over another socket: who may, what it is told, what it believes.

Follows `ReconnectResponse` and `SyncState` in `livekit_rtc.proto`. Media goes on meanwhile; only what was
said over the lost socket is made good. Sans-IO.
"""

from __future__ import annotations

import logging

from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest, ParticipantUpdate, RoomUpdate, SignalResponse, SyncState

from signaling.rtc.client_connect import ClientConnect
from signaling.rtc.join_response import reconnect_response
from signaling.rtc.outbox import Outbox
from signaling.rtc.participant import Participant
from signaling.rtc.room import Room

log = logging.getLogger(__name__)


def find_resumable(room: Room, identity: str, connect: ClientConnect) -> Participant | None:
    """Who comes back with these parameters; None when there is nothing left to resume."""
    member = room.members.find(identity)
    if member is None or member.presence.has_failed or not member.was_active:
        return None
    if connect.participant_sid not in ("", member.sid):
        return None  # somebody else has the identity now
    return member if connect.single_peer_connection == member.is_single_peer_connection else None


def resume(room: Room, member: Participant, outbox: Outbox, now: float) -> None:
    """`member` signals over another socket; what it may have missed is told again."""
    fault, member.faults.resume = member.faults.resume, None
    if fault == "before messages":
        outbox.close("simulated")
    last_sequence = room.data.last_sequence(member)
    news = reconnect_response(member, room.settings, last_sequence, room.wall_s(now))
    outbox.put(SignalResponse(reconnect=news))
    gone = room.members.departures_since(member.presence.unread_since(now))
    room.attendance.resumed(member, outbox, now)
    present = [member.info(), *room.members.visible_to(member)]
    member.send(SignalResponse(update=ParticipantUpdate(participants=[*gone, *present])))
    member.send(SignalResponse(room_update=RoomUpdate(room=room.info())))
    room.renew_token(member, now)
    room.publishing.acknowledge_pending(member)
    room.subscribing.dynacast.repeat(member)
    room.data_tracks.resumed(member)
    room.attendance.tell_all(member)
    with room.members.isolated(member):
        member.peer.resumed(now)
    if fault is not None:
        outbox.close("simulated")
    log.info("participant_resumed", extra={"room": room.sid, "participant": member.sid})
    room.changed(now)


def synchronise(room: Room, member: Participant, state: SyncState, now: float) -> None:
    """What a client that resumed believes: taken over, or, when it cannot be true, started anew."""
    known = member.publications
    data_sids = {track.sid for track in member.data_tracks.values()}
    if any(known.find(published.track.sid) is None for published in state.publish_tracks) or any(
        published.info.sid not in data_sids for published in state.publish_data_tracks
    ):
        action = LeaveRequest.Action.RECONNECT
        room.remove(member, DisconnectReason.STATE_MISMATCH, now, action=action)
        return
    room.subscribing.synchronise(member, state, now)
    if state.data_subscription.updates:
        room.data_tracks.update(member, state.data_subscription)
    if state.datachannel_receive_states:
        # Clients that keep no such account would not notice what they get twice.
        received = {entry.publisher_sid: entry.last_seq for entry in state.datachannel_receive_states}
        room.data.replay(member, received, now)
