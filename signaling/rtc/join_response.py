"""The first message a client gets, when it joins and when it resumes.

Follows `JoinResponse` and `ReconnectResponse` in `livekit_rtc.proto`. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Sequence

from livekit.protocol.models import Codec, ParticipantInfo, ServerInfo
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.rtc import JoinResponse, ReconnectResponse

from signaling.rtc.ice_servers import ice_servers
from signaling.rtc.participant import Participant
from signaling.rtc.room_settings import RoomSettings
from signaling.rtc.tracks import PUBLISH_CODECS

# Clients switch features by these two: newer versions promise layer modes this server does not have.
SERVER_VERSION = "1.13.6"
SERVER_PROTOCOL = 17
# Must not be zero: clients abort or never notice a dead connection.
PING_INTERVAL_S = 5
PING_TIMEOUT_S = 15


def join_response(
    room: RoomInfo,
    member: Participant,
    others: Sequence[ParticipantInfo],
    settings: RoomSettings,
    sif_trailer: bytes,
    epoch_now_s: float,
) -> JoinResponse:
    """What a joining client needs to know; `epoch_now_s` is the time by the wall clock."""
    return JoinResponse(
        room=room,
        participant=member.info(),
        other_participants=others,
        server_version=SERVER_VERSION,
        server_region=settings.region,
        server_info=_server_info(settings),
        ice_servers=ice_servers(settings.turn, member.identity, epoch_now_s),
        # Single peer connection: false, or Firefox never negotiates.
        subscriber_primary=member.uses_subscriber_connection,
        fast_publish=member.permission.can_publish,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        sif_trailer=sif_trailer,
        enabled_publish_codecs=[Codec(mime=mime) for mime in PUBLISH_CODECS],
    )


def reconnect_response(
    member: Participant, settings: RoomSettings, last_sequence: int, epoch_now_s: float
) -> ReconnectResponse:
    """What a resuming client needs to know; of its reliable data the server has all up to `last_sequence`."""
    return ReconnectResponse(
        ice_servers=ice_servers(settings.turn, member.identity, epoch_now_s),
        server_info=_server_info(settings),
        last_message_seq=last_sequence,
    )


def _server_info(settings: RoomSettings) -> ServerInfo:
    return ServerInfo(
        edition=ServerInfo.Edition.Standard,
        version=SERVER_VERSION,
        protocol=SERVER_PROTOCOL,
        region=settings.region,
        node_id=settings.node_id,
    )
