"""Who comes with nothing but a bearer token: encoders and players (`rtc.whip`), which cannot open a link.

The token is a room token, or the code of an invitation: then the invitation is redeemed, as by a browser, for
a room token that the server itself uses up at once. Wrong codes cost what they cost at the landing page, and
every use is in the access log.
"""

from collections.abc import Mapping

from field_assist import CallClosed, StoreUnavailable
from signaling.accounts.invitations import (
    InvitationExpired,
    InvitationRevoked,
    InvitationUnknown,
    is_code,
)
from signaling.accounts.sign_in import network_of
from signaling.api.call_desk import CallDesk, publish_change
from signaling.api.event_streams import EventHub
from signaling.api.guest_desk import GuestDesk
from signaling.clock import Clock
from signaling.rate_limits import RateLimited
from signaling.rtc.admission import Refusal
from signaling.rtc.tokens import TokenError, verify
from signaling.shared_limits import SharedLimiter


class BearerDesk:
    """One per installation. `keys` maps API key to secret; `limit` is that of joining."""

    def __init__(
        self,
        guest_desk: GuestDesk,
        call_desk: CallDesk,
        hub: EventHub,
        clock: Clock,
        *,
        keys: Mapping[str, str],
        limit: SharedLimiter,
    ) -> None:
        self._guest_desk = guest_desk
        self._call_desk = call_desk
        self._hub = hub
        self._clock = clock
        self._keys = keys
        self._limit = limit

    async def room_token(self, bearer: str, address: str) -> str:
        """A room token for whoever holds `bearer`. Raises `Refusal`."""
        if await self._limit.take(network_of(address), self._clock.monotonic()) > 0:
            raise Refusal(429, "too many attempts, try again later")
        try:
            if is_code(bearer):
                return await self._redeemed(bearer, address)
            grants = verify(bearer, self._keys, self._clock.wall().timestamp())
            if not await self._guest_desk.admit(grants):
                raise Refusal(401, "no longer invited to this call")
        except TokenError as error:
            raise Refusal(401, error.reason) from error
        except StoreUnavailable as error:
            raise Refusal(503, "busy, try again later") from error
        return bearer

    async def _redeemed(self, code: str, address: str) -> str:
        try:
            redeemed = await self._guest_desk.redeem(code, "", address)
        except RateLimited as error:
            raise Refusal(429, "too many attempts, try again later") from error
        except InvitationUnknown as error:
            raise Refusal(401, "no such invitation") from error
        except (InvitationExpired, InvitationRevoked) as error:
            raise Refusal(403, "the invitation is not good any more, ask for a new one") from error
        except CallClosed as error:
            raise Refusal(409, "the call is over") from error
        publish_change(self._hub, redeemed.sheet)
        return self._call_desk.room_token(redeemed.guest, redeemed.guest.call_id)
