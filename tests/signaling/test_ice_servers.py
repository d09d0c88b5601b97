"""Credentials for the relay: each participant's own, expiring, without a name."""

from __future__ import annotations

import base64
import hashlib
import hmac

from signaling.rtc.ice_servers import TurnSettings, ice_servers

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
