"""Settings: what the environment may say, and that all problems are told together."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_assist import queueing
from signaling.settings import LONGEST_RING_S, Secret, Settings, SettingsError, check, read

LONG = "a secret that is long enough for HS256"


def test_defaults_run_a_demo() -> None:
    settings = read({}, {})

    assert settings == Settings()
    assert settings.store_url == "sqlite:///data/genba.sqlite3"
    assert queueing.Patience(settings.next_circle_s, settings.ring_s) == queueing.Patience()
    assert LONGEST_RING_S == queueing.LONGEST_WAIT_S


def test_the_command_line_wins_over_the_environment() -> None:
    environ = {
        "GENBA_PORT": "81",
        "GENBA_MEDIA_PORT": "82",
        "GENBA_TLS_PORT": "444",
        "GENBA_DATA_DIR": "/srv/genba",
        "GENBA_TRUSTED_PROXIES": "10.0.0.1, fd00::/8",
        "GENBA_MEDIA_UDP": "no",
        "GENBA_API_KEY": "key",
        "GENBA_API_SECRET": LONG,
        "HOME": "/root",
    }

    settings = read(environ, {"port": 80, "media_port": None})

    assert (settings.port, settings.media_port, settings.tls_port) == (80, 82, 444)
    assert settings.data_dir == Path("/srv/genba")
    assert settings.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.media_udp is False
    assert settings.api_secret.reveal() == LONG


def test_all_problems_are_told_together() -> None:
    environ = {
        "GENBA_PORT": "eighty",
        "GENBA_MEDIA_PORT": "70000",
        "GENBA_API_SECRET": "short",
        "GENBA_PUBLIC_URL": "genba.example",
        "GENBA_TRUSTED_PROXIES": "proxy",
        "GENBA_DATABASE_URL": "mysql://x",
        "GENBA_IDLE_S": "5",
        "GENBA_NEXT_CIRCLE_S": "90",
        "GENBA_LOG_LEVEL": "LOUD",
        "GENBA_TURN_URLS": "turn.example.jp:443, turns:turn.example.jp:443?transport=tcp",
        "GENBA_TURN_TTL_S": "5",
        "GENBA_MEDIA_TCP": "maybe",
        "GENBA_PROT": "80",
    }

    with pytest.raises(SettingsError) as refused:
        read(environ, {})

    named = [problem.split(":")[0] for problem in refused.value.problems]
    assert named == [
        "GENBA_PORT",
        "GENBA_MEDIA_TCP",
        "GENBA_PROT",
        "media_port",
        "api_key and api_secret",
        "api_secret",
        "public_url",
        "turn_urls",
        "turn_secret",
        "turn_ttl_s",
        "trusted_proxies",
        "database_url",
        "idle_s and absolute_s",
        "next_circle_s and ring_s",
        "log_level",
    ]


@pytest.mark.parametrize(
    ("tiles", "is_good"),
    [
        ("https://tiles.example.jp/xyz/pale/{z}/{x}/{y}.png", True),
        ("/tiles/{z}/{x}/{y}.png", True),
        ("https://tiles.example.jp/{z}/{x}.png", False),
        ("https://tiles.example.jp; script-src *;/{z}/{x}/{y}", False),
        ("javascript:alert(1)//{z}/{x}/{y}", False),
    ],
)
def test_tiles_are_an_address_with_three_places_for_figures(tiles: str, is_good: bool) -> None:
    settings = Settings(map_tiles=tiles, map_attribution="地理院タイル")

    assert [problem.partition(":")[0] for problem in check(settings)] == ([] if is_good else ["map_tiles"])


def test_tiles_come_with_the_name_of_whose_they_are() -> None:
    [problem] = check(Settings(map_tiles="/tiles/{z}/{x}/{y}.png"))

    assert problem.startswith("map_attribution")


def test_a_secret_never_prints() -> None:
    settings = read({"GENBA_API_KEY": "key", "GENBA_API_SECRET": LONG}, {})

    assert LONG not in repr(settings) + str(settings) + f"{settings.api_secret}"
    assert str(Secret("x")) == "***"


def test_a_mail_server_needs_a_sender_and_a_known_kind_of_security() -> None:
    with pytest.raises(SettingsError) as told:
        read({"GENBA_SMTP_HOST": "mail.example.jp", "GENBA_SMTP_SECURITY": "ssl", "GENBA_SMTP_USER": "u"}, {})

    assert [problem.split(":")[0] for problem in told.value.problems] == [
        "smtp_security",
        "smtp_sender",
        "smtp_user and smtp_password",
    ]


def test_speech_recognised_elsewhere_needs_a_redis_and_a_whole_key() -> None:
    elsewhere = {"GENBA_TRANSCRIPTION_WORKERS": "0"}
    with pytest.raises(SettingsError) as refused:
        read(elsewhere | {"GENBA_TRANSCRIPTION_KEY": "5e"}, {})
    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "transcription_workers",
        "transcription_key",
    ]

    settings = read(
        elsewhere | {"GENBA_REDIS_URL": "redis://redis", "GENBA_TRANSCRIPTION_KEY": "5e" * 32}, {}
    )
    assert settings.transcription_is_elsewhere
    assert "5e5e" not in repr(settings)
