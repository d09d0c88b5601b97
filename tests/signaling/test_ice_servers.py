"""Credentials for the relay: each participant's own, expiring, without a name."""

from __future__ import annotations

import base64
import hashlib
import hmac

from signaling.rtc.ice_servers import TurnSettings, ice_servers
from signaling.rtc.room_settings import RoomSettings
from tests.signaling.scripted_room import EPOCH_S, START, Script

NOW = 1_800_000_000.25
TURN = TurnSettings(("turns:turn.example.jp:443?transport=tcp",), "shared", ttl_s=600)


def test_no_relay_no_servers() -> None:
    assert ice_servers(TurnSettings(), "S-1", NOW) == []


def test_the_credential_is_what_coturn_computes() -> None:
    [server] = ice_servers(TURN, "S-1", NOW)

    expected = hmac.new(b"shared", server.username.encode(), hashlib.sha1).digest()
    assert list(server.urls) == ["turns:turn.example.jp:443?transport=tcp"]
    assert server.username.split(":")[0] == "1800000600"
    assert base64.b64decode(server.credential) == expected


def test_a_user_name_is_one_persons_and_names_nobody() -> None:
    [mine], [later], [other] = (
        ice_servers(TURN, who, at) for who, at in (("山田 花子", NOW), ("山田 花子", NOW + 60), ("S-2", NOW))
    )

    assert mine.username.split(":")[1] == later.username.split(":")[1] != other.username.split(":")[1]
    assert mine.username.isascii() and mine.credential != later.credential


def test_the_secret_never_prints() -> None:
    assert "shared" not in repr(TURN)


def test_who_joins_and_who_resumes_gets_credentials_good_from_then_on() -> None:
    script = Script(RoomSettings(keys={"key": "s" * 32}, turn=TURN))
    client = script.join("me")
    [joined] = client.outbox()[0].join.ice_servers
    client.up.become("connected")

    client.lose_socket()
    script.elapse(30)
    again = client.resume()
    assert again is not None
    [resumed] = again.outbox()[0].reconnect.ice_servers

    expiry = [int(server.username.split(":")[0]) for server in (joined, resumed)]
    assert expiry[0] == int(EPOCH_S + START + TURN.ttl_s)
    assert expiry[1] - expiry[0] >= 30
