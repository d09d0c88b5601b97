"""Access tokens: who issued them, when they hold, and what an absent grant means."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit import api
from livekit.protocol.models import ParticipantInfo, TrackSource
from livekit.protocol.room import RoomConfiguration

from signaling.rtc.tokens import Grants, TokenError, mint, permission, sign, verify

SECRET = "a secret that is long enough for everybody's taste, the longest algorithm included"
KEYS = {"key": SECRET, "other": "another secret, long enough for everybody's taste"}
NOW = 1_800_000_000.0


def token(**claims: Any) -> str:  # claims are JSON of any shape
    return token_signed_with(SECRET, **claims)


def token_signed_with(secret: str, **claims: Any) -> str:
    whole = {"iss": "key", "sub": "me", "exp": NOW + 60, **claims}
    given = {name: value for name, value in whole.items() if value is not None}
    return jwt.PyJWS().encode(json.dumps(given).encode(), secret, "HS256")


def test_minted_token_verifies_to_the_same_grants() -> None:
    minted = mint(
        api_key="key",
        api_secret=SECRET,
        identity="S-1",
        name="早瀬",
        room="call",
        now=NOW,
        ttl_s=60,
        attributes={"genba.role": "field"},
        metadata="m",
        can_publish=False,
        hidden=True,
        room_admin=True,
    )

    grants = verify(minted, KEYS, NOW)

    assert (grants.identity, grants.name, grants.room) == ("S-1", "早瀬", "call")
    assert grants.attributes == {"genba.role": "field"}
    assert grants.room_join and grants.room_admin and grants.hidden
    assert not grants.can_publish and grants.can_subscribe and grants.can_publish_data
    assert grants.expires_at_s == NOW + 60


def test_all_claims_survive_a_round_trip() -> None:
    grants = Grants(
        api_key="other",
        identity="agent",
        expires_at_s=NOW + 10,
        kind=ParticipantInfo.Kind.AGENT,
        kind_details=(ParticipantInfo.KindDetail.CLOUD_AGENT,),
        has_video_grant=True,
        room="r",
        room_join=True,
        can_publish_sources=(TrackSource.CAMERA, TrackSource.SCREEN_SHARE_AUDIO),
        can_subscribe_metrics=True,
        recorder=True,
        agent=True,
        sha256="x",
        room_config=RoomConfiguration(max_participants=3),
    )

    assert verify(sign(grants, KEYS["other"], NOW), KEYS, NOW) == grants


def test_official_library_reads_ours_and_we_read_theirs() -> None:
    now = time.time()
    ours = mint(api_key="key", api_secret=SECRET, identity="a", name="A", room="r", now=now, ttl_s=60)
    theirs = (
        api.AccessToken("key", SECRET)
        .with_identity("b")
        .with_kind("agent")
        .with_ttl(datetime.timedelta(minutes=1))
        .with_grants(api.VideoGrants(room_join=True, room="r", can_publish=False))
        .with_room_config(api.RoomConfiguration(empty_timeout=7))
        .to_jwt()
    )

    read = api.TokenVerifier("key", SECRET).verify(ours)
    grants = verify(theirs, KEYS, now)

    assert (read.identity, read.video and read.video.room) == ("a", "r")
    assert (grants.identity, grants.kind, grants.room) == ("b", ParticipantInfo.Kind.AGENT, "r")
    assert not grants.can_publish
    assert grants.room_config == RoomConfiguration(empty_timeout=7)


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        ("", "no access token"),
        ("nonsense", "malformed access token"),
        ("x" * (2 << 20), "access token too large"),
        (token(iss="stranger"), "unknown API key"),
        (token(iss=None), "unknown API key"),
        (token(iss=["key"]), "unknown API key"),
        (token_signed_with(KEYS["other"]), "invalid token signature"),
        (jwt.encode({"iss": "key", "exp": NOW + 60}, SECRET, "HS512"), "invalid token signature"),
        (jwt.encode({"iss": "key", "exp": NOW + 60}, "", "none"), "invalid token signature"),
        (token(exp=None), "access token has no expiry"),
        (token(exp="tomorrow"), "access token has no expiry"),
        (token(exp=True), "access token has no expiry"),
        (token(exp=NOW - 61), "token is expired"),
        (token(nbf=NOW + 61), "token is not valid yet"),
        (token(sub=5), "malformed claims in access token"),
        (token(video={"canPublish": "yes"}), "malformed claims in access token"),
        (token(video={"canPublishSources": "camera"}), "malformed claims in access token"),
        (token(attributes=["a"]), "malformed claims in access token"),
        (token(kindDetails=["NO_SUCH"]), "malformed claims in access token"),
        (token(roomConfig={"emptyTimeout": "soon"}), "malformed claims in access token"),
    ],
)
def test_refused_token_says_why(refused: str, reason: str) -> None:
    with pytest.raises(TokenError) as refusal:
        verify(refused, KEYS, NOW)

    assert refusal.value.reason == reason


@pytest.mark.parametrize("claims", [{"exp": NOW - 59}, {"nbf": NOW + 59}])
def test_clocks_may_differ_by_a_minute(claims: dict[str, Any]) -> None:
    assert verify(token(**claims), KEYS, NOW).identity == "me"


@pytest.mark.parametrize(
    ("video", "publish", "subscribe", "data"),
    [
        ({}, True, True, True),
        ({"canPublish": False}, False, True, False),
        ({"canPublish": False, "canPublishData": True}, False, True, True),
        ({"canPublishData": False}, True, True, False),
        ({"canSubscribe": False}, True, False, True),
    ],
)
def test_absent_grants_take_livekits_defaults(
    video: dict[str, bool], publish: bool, subscribe: bool, data: bool
) -> None:
    allowed = permission(verify(token(video=video), KEYS, NOW))

    assert (allowed.can_publish, allowed.can_subscribe, allowed.can_publish_data) == (
        publish,
        subscribe,
        data,
    )
    assert not allowed.can_update_metadata


def test_identity_falls_back_to_the_token_id() -> None:
    assert verify(token(sub=None, jti="id"), KEYS, NOW).identity == "id"


def test_unknown_kinds_and_sources_are_harmless() -> None:
    grants = verify(token(kind="martian", video={"canPublishSources": ["camera", "smell"]}), KEYS, NOW)

    assert grants.kind == ParticipantInfo.Kind.STANDARD
    assert grants.can_publish_sources == (TrackSource.CAMERA, TrackSource.UNKNOWN)


@given(st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: f"eyJhbGciOiJIUzI1NiJ9.{raw.hex()}.x"))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(TokenError):
        verify(text, KEYS, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CLAIM = st.sampled_from(
    ["sub", "name", "metadata", "attributes", "kind", "kindDetails", "video", "roomConfig"]
)


@given(st.dictionaries(CLAIM, JSON, max_size=4))
def test_signed_nonsense_is_read_or_refused(claims: dict[str, Any]) -> None:
    try:
        verify(token(**claims), KEYS, NOW)
    except TokenError as refusal:
        assert refusal.reason == "malformed claims in access token"
