"""LiveKit's RoomService: the server API by which other programs manage rooms (`livekit_room.proto`).

Grants as the reference server reads them: a missing grant is `unauthenticated`, not `permission_denied`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from livekit.protocol.models import ParticipantInfo, UserPacket
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.room import (
    CreateRoomRequest,
    DeleteRoomRequest,
    DeleteRoomResponse,
    ListParticipantsRequest,
    ListParticipantsResponse,
    ListRoomsRequest,
    ListRoomsResponse,
    MuteRoomTrackRequest,
    MuteRoomTrackResponse,
    PerformRpcRequest,
    PerformRpcResponse,
    RemoveParticipantResponse,
    RoomConfiguration,
    RoomParticipantIdentity,
    SendDataRequest,
    SendDataResponse,
    UpdateParticipantRequest,
    UpdateRoomMetadataRequest,
    UpdateSubscriptionsRequest,
    UpdateSubscriptionsResponse,
)
from livekit.protocol.rtc import MuteTrackRequest, RequestResponse, SignalResponse, UpdateSubscription
from starlette.requests import Request
from starlette.responses import Response

from signaling.rtc.admission import MAX_NAME_LENGTH, Refusal, bearer_token
from signaling.rtc.participant import MAX_METADATA_BYTES, Participant
from signaling.rtc.room import Room
from signaling.rtc.rooms import Rooms, ShuttingDown, new_id
from signaling.rtc.rtc_socket import OPEN_TO_ALL
from signaling.rtc.server_calls import CallFailed, perform
from signaling.rtc.tokens import Grants, TokenError, verify
from signaling.rtc.twirp import Method, TwirpError, decode, encode, encode_error, read_body

log = logging.getLogger(__name__)


class RoomService:
    """The calls of `livekit.RoomService`. `keys` maps API key to secret."""

    def __init__(self, rooms: Rooms, keys: Mapping[str, str]) -> None:
        self._rooms = rooms
        self._keys = keys
        self._methods = {
            "CreateRoom": Method(CreateRoomRequest, self._create_room),
            "ListRooms": Method(ListRoomsRequest, self._list_rooms),
            "DeleteRoom": Method(DeleteRoomRequest, self._delete_room),
            "ListParticipants": Method(ListParticipantsRequest, self._list_participants),
            "GetParticipant": Method(RoomParticipantIdentity, self._get_participant),
            "RemoveParticipant": Method(RoomParticipantIdentity, self._remove_participant),
            "MutePublishedTrack": Method(MuteRoomTrackRequest, self._mute_published_track),
            "UpdateParticipant": Method(UpdateParticipantRequest, self._update_participant),
            "UpdateSubscriptions": Method(UpdateSubscriptionsRequest, self._update_subscriptions),
            "SendData": Method(SendDataRequest, self._send_data),
            "PerformRpc": Method(PerformRpcRequest, self._perform_rpc),
            "UpdateRoomMetadata": Method(UpdateRoomMetadataRequest, self._update_room_metadata),
        }

    async def call(self, request: Request) -> Response:
        """POST `/twirp/livekit.<Service>/<Method>`."""
        if request.method == "OPTIONS":
            return Response(headers=OPEN_TO_ALL)
        service, name = request.path_params["service"], request.path_params["method"]
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            grants = self._authenticate(request)
            method = self._methods.get(name) if service == "livekit.RoomService" else None
            if method is None:
                # As a 4xx, because clients repeat calls that fail with 501.
                raise TwirpError("bad_route", f"{service[:64]}/{name[:64]} is not implemented by this server")
            message = decode(method.request_type, content_type, await read_body(request))
            return encode(await method.call(grants, message), content_type, OPEN_TO_ALL)
        except TwirpError as error:
            return encode_error(error, OPEN_TO_ALL)
        except Exception:
            log.exception("room_service_failed")
            return encode_error(TwirpError("internal", "internal error"), OPEN_TO_ALL)

    def _authenticate(self, request: Request) -> Grants:
        try:
            return verify(bearer_token(request.headers.get("authorization")), self._keys, time.time())
        except (TokenError, Refusal) as error:
            raise TwirpError("unauthenticated", error.reason) from error

    # -- rooms

    async def _create_room(self, grants: Grants, request: CreateRoomRequest) -> RoomInfo:
        _require(grants.room_create)
        if not 0 < len(request.name) <= MAX_NAME_LENGTH:
            raise TwirpError("invalid_argument", "room name is empty or too long")
        _limit_metadata(request.metadata)
        config = RoomConfiguration(
            empty_timeout=request.empty_timeout,
            departure_timeout=request.departure_timeout,
            max_participants=request.max_participants,
            metadata=request.metadata,
        )
        limits = self._rooms.settings.limits.configured(config)
        try:
            return await self._rooms.create_room(request.name, limits)
        except ShuttingDown as error:
            raise TwirpError("unavailable", "the server is shutting down") from error

    async def _list_rooms(self, grants: Grants, request: ListRoomsRequest) -> ListRoomsResponse:
        _require(grants.room_list)
        names = set(request.names)
        rooms = [room for room in self._rooms.rooms() if not names or room.name in names]
        return ListRoomsResponse(rooms=rooms)

    async def _delete_room(self, grants: Grants, request: DeleteRoomRequest) -> DeleteRoomResponse:
        _require(grants.room_create)
        if self._rooms.find(request.room) is None:
            raise TwirpError("not_found", "room does not exist")
        await self._rooms.delete_room(request.room)
        return DeleteRoomResponse()

    async def _update_room_metadata(self, grants: Grants, request: UpdateRoomMetadataRequest) -> RoomInfo:
        room = self._room(grants, request.room)
        _limit_metadata(request.metadata)
        room.change_metadata(request.metadata)
        return room.info()

    async def _send_data(self, grants: Grants, request: SendDataRequest) -> SendDataResponse:
        room = self._room(grants, request.room)
        if len(request.nonce) not in (0, 16):
            raise TwirpError("invalid_argument", "nonce must be empty or 16 bytes")
        packet = UserPacket(
            payload=request.data,
            destination_sids=request.destination_sids,
            destination_identities=request.destination_identities,
            nonce=request.nonce,
        )
        if request.HasField("topic"):
            packet.topic = request.topic
        room.send_data(packet, request.kind, self._rooms.now())
        return SendDataResponse()

    # -- participants

    async def _list_participants(
        self, grants: Grants, request: ListParticipantsRequest
    ) -> ListParticipantsResponse:
        room = self._room(grants, request.room)
        return ListParticipantsResponse(participants=[member.info() for member in room.members])

    async def _get_participant(self, grants: Grants, request: RoomParticipantIdentity) -> ParticipantInfo:
        return self._member(grants, request.room, request.identity)[1].info()

    async def _remove_participant(
        self, grants: Grants, request: RoomParticipantIdentity
    ) -> RemoveParticipantResponse:
        self._member(grants, request.room, request.identity)
        await self._rooms.remove_participant(request.room, request.identity)
        return RemoveParticipantResponse()

    async def _mute_published_track(
        self, grants: Grants, request: MuteRoomTrackRequest
    ) -> MuteRoomTrackResponse:
        room, member = self._member(grants, request.room, request.identity)
        if not request.muted and not self._rooms.settings.may_unmute_remotely:
            raise TwirpError("failed_precondition", "remote unmute is not enabled")
        order = MuteTrackRequest(sid=request.track_sid, muted=request.muted)
        track = room.publishing.mute(member, order)
        if track is None:
            raise TwirpError("not_found", "track does not exist")
        member.send(SignalResponse(mute=order))
        room.changed(self._rooms.now())
        return MuteRoomTrackResponse(track=track)

    async def _update_participant(self, grants: Grants, request: UpdateParticipantRequest) -> ParticipantInfo:
        room, member = self._member(grants, request.room, request.identity)
        now = self._rooms.now()
        if request.name or request.metadata or request.attributes:
            outcome = room.change_profile(member, request.name, request.metadata, request.attributes, now)
            if outcome != RequestResponse.Reason.OK:
                raise TwirpError("invalid_argument", "name, metadata or attributes too large")
        if request.HasField("permission"):
            room.change_permission(member, request.permission, now)
        room.changed(now)
        return member.info()

    async def _update_subscriptions(
        self, grants: Grants, request: UpdateSubscriptionsRequest
    ) -> UpdateSubscriptionsResponse:
        room, member = self._member(grants, request.room, request.identity)
        update = UpdateSubscription(
            track_sids=request.track_sids,
            subscribe=request.subscribe,
            participant_tracks=request.participant_tracks,
        )
        now = self._rooms.now()
        room.subscribing.update(member, update, now)
        room.changed(now)
        return UpdateSubscriptionsResponse()

    def _room(self, grants: Grants, name: str) -> Room:
        _require(grants.room_admin and grants.room == name)
        room = self._rooms.find(name)
        if room is None:
            raise TwirpError("not_found", "room does not exist")
        return room

    async def _perform_rpc(self, grants: Grants, request: PerformRpcRequest) -> PerformRpcResponse:
        room, callee = self._member(grants, request.room, request.destination_identity)
        try:
            return PerformRpcResponse(payload=await perform(room, callee, request, new_id("RPC_")))
        except CallFailed as error:
            raise TwirpError("failed_precondition", f"{error.code}: {error.message}") from error

    def _member(self, grants: Grants, room_name: str, identity: str) -> tuple[Room, Participant]:
        room = self._room(grants, room_name)
        member = room.members.find(identity)
        if member is None:
            raise TwirpError("not_found", "participant does not exist")
        return room, member


def _require(is_granted: bool) -> None:
    if not is_granted:
        raise TwirpError("unauthenticated", "permissions denied")


def _limit_metadata(metadata: str) -> None:
    if len(metadata.encode()) > MAX_METADATA_BYTES:
        raise TwirpError("invalid_argument", "metadata too large")
