"""The SFU: forwards packets between clients without decoding them. Knows streams, never people."""

from .allocation import Rank
from .capabilities import ReceiveOptions
from .consumer import Consumer
from .producer import Producer
from .router import Router
from .sdp import MediaSection as SdpSection
from .sdp import SdpError, read_offer
from .server import MediaServer, MediaSettings
from .speakers import Speaker
from .streams import LineReport
from .transport import (
    Description,
    RemoteOffer,
    SendingSection,
    Shortage,
    Transport,
    TransportListener,
    TransportState,
)

__all__ = [
    "Consumer",
    "Description",
    "LineReport",
    "MediaServer",
    "MediaSettings",
    "Producer",
    "Rank",
    "ReceiveOptions",
    "RemoteOffer",
    "Router",
    "SdpError",
    "SdpSection",
    "SendingSection",
    "Shortage",
    "Speaker",
    "Transport",
    "TransportListener",
    "TransportState",
    "read_offer",
]
