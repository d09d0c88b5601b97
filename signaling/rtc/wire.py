"""LiveKit signal frames: protobuf in binary WebSocket messages, protojson in text ones.

A client that speaks JSON is answered in JSON from then on. Follows `livekit_rtc.proto`; unknown variants
decode to a request without a message, which callers ignore. Sans-IO.
"""

from __future__ import annotations

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError
from livekit.protocol.rtc import SignalRequest, SignalResponse

MAX_FRAME_BYTES = 2 << 20


class WireError(ValueError):
    """A frame that is not a signal request; the message says why in a few words."""


class SignalCodec:
    """Frames of one connection; remembers which form the client speaks."""

    def __init__(self) -> None:
        self.is_text = False

    def decode(self, frame: bytes | str) -> SignalRequest:
        """The request in `frame`. Raises `WireError` for an oversized or malformed one."""
        if len(frame) > MAX_FRAME_BYTES:
            raise WireError("signal message too large")
        self.is_text = isinstance(frame, str)
        try:
            if isinstance(frame, str):
                return Parse(frame, SignalRequest(), ignore_unknown_fields=True)
            return SignalRequest.FromString(frame)
        except (ParseError, DecodeError, RecursionError, ValueError) as error:
            raise WireError("malformed signal message") from error

    def encode(self, response: SignalResponse) -> bytes | str:
        """The frame to send, in the form the client last used."""
        return MessageToJson(response, indent=None) if self.is_text else response.SerializeToString()
