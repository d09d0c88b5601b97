"""Browser families by their User-Agent headers."""

from __future__ import annotations

import pytest
from livekit.protocol.models import ClientInfo

from signaling.rtc.user_agents import described, reuses_sections

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1"
CHROME = f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/126.0 Safari/537.36"
EDGE = f"{CHROME} Edg/126.0"
ANDROID = f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/126.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/17.4 Safari/605.1.15"
IPHONE = f"{IOS} Version/17.4 Mobile Safari/604.1"
IPHONE_CHROME = f"{IOS} CriOS/126.0 Safari/604.1"
LINE_IN_APP = f"{IOS} Mobile/15E148 Safari Line/14.5"


@pytest.mark.parametrize(
    ("user_agent", "browser", "reuses"),
    [
        (CHROME, "chrome", True),
        (EDGE, "chrome", True),
        (ANDROID, "chrome", True),
        (FIREFOX, "firefox", True),
        (SAFARI, "safari", False),
        (IPHONE, "safari", False),
        (IPHONE_CHROME, "safari", False),
        (LINE_IN_APP, "safari", False),
        ("", "", True),
    ],
)
def test_family_decides_about_sections(user_agent: str, browser: str, reuses: bool) -> None:
    client = described(ClientInfo(sdk=ClientInfo.SDK.JS), user_agent)

    assert client.browser == browser
    assert reuses_sections(client) is reuses


def test_what_the_client_says_itself_stands() -> None:
    native = ClientInfo(sdk=ClientInfo.SDK.SWIFT)
    named = ClientInfo(sdk=ClientInfo.SDK.JS, browser="firefox")

    assert described(native, IPHONE) is native
    assert described(named, IPHONE) is named
