"""Connection parameters of both protocol versions, honest and hostile."""

from __future__ import annotations

import base64
import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.models import ClientInfo, ReconnectReason
from livekit.protocol.rtc import (
    AddTrackRequest,
    ConnectionSettings,
    JoinRequest,
    SessionDescription,
    WrappedJoinRequest,
)

from signaling.rtc.client_connect import MAX_JOIN_REQUEST_BYTES, ConnectError, from_join_request, from_query

GZIP = WrappedJoinRequest.Compression.GZIP


def wrapped(request: JoinRequest | bytes, *, is_packed: bool = False) -> str:
    plain = request if isinstance(request, bytes) else request.SerializeToString()
    wrapper = WrappedJoinRequest(join_request=plain)
    if is_packed:
        wrapper = WrappedJoinRequest(join_request=gzip.compress(plain, mtime=0), compression=GZIP)
    return base64.urlsafe_b64encode(wrapper.SerializeToString()).decode()


def test_v0_parameters() -> None:
    connect = from_query(
        {
            "sdk": "js",
            "protocol": "16",
            "client_protocol": "2",
            "version": "2.23.0",
            "os": "Android",
            "adaptive_stream": "true",
            "capabilities": "CAP_PACKET_TRAILER,CAP_UNHEARD_OF",
            "attributes": base64.urlsafe_b64encode(json.dumps({"k": "v"}).encode()).decode(),
            "publish": "screen",
        }
    )

    assert connect.client.sdk == ClientInfo.SDK.JS
    assert (connect.client.protocol, connect.client.client_protocol) == (16, 2)
    assert list(connect.client.capabilities) == [ClientInfo.Capability.CAP_PACKET_TRAILER]
    assert connect.auto_subscribe and connect.adaptive_stream
    assert not connect.single_peer_connection and not connect.is_reconnect
    assert connect.attributes == {"k": "v"}
    assert connect.publish_leg == "screen"


@pytest.mark.parametrize(
    ("name", "sdk"),
    [
        ("ios", ClientInfo.SDK.SWIFT),
        ("reactnative", ClientInfo.SDK.REACT_NATIVE),
        ("rust", ClientInfo.SDK.RUST),
        ("", ClientInfo.SDK.UNKNOWN),
        ("toaster", ClientInfo.SDK.UNKNOWN),
    ],
)
def test_v0_sdk_names(name: str, sdk: ClientInfo.SDK) -> None:
    assert from_query({"sdk": name}).client.sdk == sdk


def test_v0_reconnect_and_refused_subscriptions() -> None:
    connect = from_query({"auto_subscribe": "0", "reconnect": "1", "sid": "PA_1", "reconnect_reason": "2"})

    assert connect.is_reconnect and connect.participant_sid == "PA_1"
    assert connect.reconnect_reason == ReconnectReason.RR_PUBLISHER_FAILED
    assert not connect.auto_subscribe


@pytest.mark.parametrize("query", [{"protocol": "-1"}, {"protocol": "9" * 40}, {"reconnect_reason": "99"}])
def test_v0_absurd_numbers_read_as_zero(query: dict[str, str]) -> None:
    connect = from_query(query)

    assert connect.client.protocol == 0
    assert connect.reconnect_reason == ReconnectReason.RR_UNKNOWN


@pytest.mark.parametrize("is_packed", [False, True])
def test_v1_join_request(is_packed: bool) -> None:
    request = JoinRequest(
        client_info=ClientInfo(sdk=ClientInfo.SDK.PYTHON),
        connection_settings=ConnectionSettings(auto_subscribe=True),
        add_track_requests=[AddTrackRequest(cid="c")],
        publisher_offer=SessionDescription(type="offer", sdp="v=0", id=7),
        participant_attributes={"k": "v"},
    )

    connect = from_query({"join_request": wrapped(request, is_packed=is_packed)})

    assert connect.single_peer_connection and connect.auto_subscribe
    assert [track.cid for track in connect.tracks] == ["c"]
    assert connect.offer is not None and connect.offer.id == 7
    assert connect.attributes == {"k": "v"}


def test_v1_absent_settings_mean_no() -> None:
    connect = from_join_request(wrapped(JoinRequest()))

    assert not connect.auto_subscribe
    assert connect.offer is None and connect.sync_state is None


@pytest.mark.parametrize("strip", [True, False])
def test_v1_either_alphabet_with_or_without_padding(strip: bool) -> None:
    request = JoinRequest(metadata="ÿ>?~" * 11)
    raw = WrappedJoinRequest(join_request=request.SerializeToString()).SerializeToString()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(raw).decode()
        assert from_join_request(text.rstrip("=") if strip else text).metadata == request.metadata


def test_v1_bomb_is_refused_without_unpacking_it() -> None:
    bomb = gzip.compress(b"\x00" * (64 << 20))
    wrapper = WrappedJoinRequest(join_request=bomb, compression=GZIP)

    with pytest.raises(ConnectError, match="join_request too large"):
        from_join_request(base64.urlsafe_b64encode(wrapper.SerializeToString()).decode())


def test_v1_largest_request_is_read() -> None:
    request = JoinRequest(metadata="m" * (MAX_JOIN_REQUEST_BYTES - 100))

    assert len(from_join_request(wrapped(request, is_packed=True)).metadata) > 1_000_000


@pytest.mark.parametrize(
    "encoded",
    [
        "!!!",
        "AAAA",
        "A",
        wrapped(b"\xff\xff"),
        base64.urlsafe_b64encode(
            WrappedJoinRequest(join_request=b"not gzip", compression=GZIP).SerializeToString()
        ).decode(),
        base64.urlsafe_b64encode(
            WrappedJoinRequest(
                join_request=gzip.compress(b"x" * 99, mtime=0)[:-4], compression=GZIP
            ).SerializeToString()
        ).decode(),
    ],
)
def test_v1_malformed_request_is_refused(encoded: str) -> None:
    with pytest.raises(ConnectError, match="join_request"):
        from_join_request(encoded)


@given(st.text(max_size=80))
def test_any_join_request_is_read_or_refused(encoded: str) -> None:
    try:
        from_join_request(encoded)
    except ConnectError:
        pass


@given(st.binary(max_size=80), st.booleans())
def test_any_wrapped_bytes_are_read_or_refused(raw: bytes, is_packed: bool) -> None:
    packed = zlib.compress(raw, wbits=zlib.MAX_WBITS | 16) if is_packed else raw
    wrapper = WrappedJoinRequest(join_request=packed, compression=GZIP if is_packed else None)
    try:
        from_join_request(base64.urlsafe_b64encode(wrapper.SerializeToString()).decode())
    except ConnectError:
        pass


@given(
    st.dictionaries(st.sampled_from(["sdk", "protocol", "attributes", "capabilities"]), st.text(max_size=20))
)
def test_any_query_is_read_or_refused(query: dict[str, str]) -> None:
    try:
        from_query(query)
    except ConnectError as error:
        assert str(error) == "malformed attributes"
