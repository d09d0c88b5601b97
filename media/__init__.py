"""The SFU: forwards packets between clients without decoding them. Knows streams, never people."""

from . import opus_frames, payloads
from .allocation import Rank
from .capabilities import ReceiveOptions
from .consumer import Consumer
from .opus_order import OpusFrame, OpusOrder
from .packets import RtpPacket, build_rtp, parse_rtp
from .producer import Producer
from .red import parse_red
from .router import Router
from .rtcp import SenderReport
from .sdp import Codec as SdpCodec
from .sdp import MediaSection as SdpSection
from .sdp import SdpError, read_offer
from .server import MediaServer, MediaSettings
from .speakers import Speaker
from .streams import LineReport
from .tap import Tap, TapSink
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
    "OpusFrame",
    "OpusOrder",
    "Producer",
    "Rank",
    "ReceiveOptions",
    "RemoteOffer",
    "Router",
    "RtpPacket",
    "SdpCodec",
    "SdpError",
    "SdpSection",
    "SenderReport",
    "SendingSection",
    "Shortage",
    "Speaker",
    "Tap",
    "TapSink",
    "Transport",
    "TransportListener",
    "TransportState",
    "build_rtp",
    "opus_frames",
    "parse_red",
    "parse_rtp",
    "payloads",
    "read_offer",
]
