"""What kind of browser a web client runs in, as far as the server must treat it differently.

The JavaScript SDK does not say; the User-Agent header does. Only families are told apart: every browser on
iOS is WebKit whatever it calls itself, and WebKit does not notice a second track on an old media section.
Sans-IO.
"""

from __future__ import annotations

from livekit.protocol.models import ClientInfo

_IOS = ("iPhone", "iPad", "iPod")
_NOT_SAFARI = ("Chrome/", "Chromium/", "Android")
_WEB_SDKS = (
    ClientInfo.SDK.UNKNOWN,
    ClientInfo.SDK.JS,
    ClientInfo.SDK.REACT_NATIVE,
    ClientInfo.SDK.FLUTTER,
    ClientInfo.SDK.UNITY_WEB,
)


def described(client: ClientInfo, user_agent: str) -> ClientInfo:
    """`client` with its browser filled in, where it is one and did not say so itself."""
    if client.browser or client.sdk not in _WEB_SDKS:
        return client
    named = ClientInfo()
    named.CopyFrom(client)
    named.browser = _family(user_agent)
    return named


def reuses_sections(client: ClientInfo) -> bool:
    """Whether the client notices a new track on a media section that carried another before."""
    return client.browser.lower() not in ("safari", "webkit")


def _family(user_agent: str) -> str:
    if any(device in user_agent for device in _IOS):
        return "safari"
    if "Firefox/" in user_agent:
        return "firefox"
    # iPads ask for desktop pages under the name of a Mac; desktop Chrome names Safari too.
    if "Safari/" in user_agent and not any(mark in user_agent for mark in _NOT_SAFARI):
        return "safari"
    return "chrome" if "Chrome/" in user_agent else ""
