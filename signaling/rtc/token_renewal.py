"""Tokens a long call needs to come back: signed by this server, with the participant's present rights.

Sans-IO.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from signaling.rtc.participant import Participant
from signaling.rtc.tokens import MIN_REFRESH_TTL_S, sign


def renewed_token(member: Participant, room: str, keys: Mapping[str, str], now: float) -> str:
    """A token valid at least as long as the one `member` came with; empty without a key to sign with.

    `now` is in epoch seconds.
    """
    old = member.grants
    api_key = old.api_key if old.api_key in keys else next(iter(keys), "")
    if not api_key:
        return ""
    allowed = member.permission
    grants = replace(
        old,
        api_key=api_key,
        identity=member.identity,
        expires_at_s=max(old.expires_at_s, now + MIN_REFRESH_TTL_S),
        name=member.name,
        metadata=member.metadata,
        attributes=member.attributes,
        room=room,
        can_publish=allowed.can_publish,
        can_subscribe=allowed.can_subscribe,
        can_publish_data=allowed.can_publish_data,
        can_publish_sources=tuple(allowed.can_publish_sources),
        can_update_own_metadata=allowed.can_update_metadata,
        hidden=allowed.hidden,
    )
    return sign(grants, keys[api_key], now)
