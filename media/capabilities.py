"""What this SFU forwards, and how one client's numbers become another's (ORTC matching).

Nothing is decoded, so a codec is only a name, the parameters that make two bitstreams incompatible,
and a payload type that differs per client. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .sdp import Codec, Kind

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
DEPENDENCY_DESCRIPTOR = (
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
)
CAPTURE_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"

# Video orientation is left out on purpose: without it the sender turns the picture itself, so that
# every receiver, old phones included, sees it upright.
RECEIVED: dict[Kind, tuple[str, ...]] = {
    "audio": (MID, AUDIO_LEVEL, TRANSPORT_CC, CAPTURE_TIME),
    "video": (MID, RID, REPAIRED_RID, TRANSPORT_CC, DEPENDENCY_DESCRIPTOR, CAPTURE_TIME),
    "application": (),
}
FORWARDED = (DEPENDENCY_DESCRIPTOR, CAPTURE_TIME)

VIDEO_FEEDBACK = ("ccm fir", "nack", "nack pli", "transport-cc")
AUDIO_FEEDBACK = ("nack", "transport-cc")

_OPUS = "minptime=10;useinbandfec=1"


def _video(payload_type: int, name: str, parameters: str = "") -> tuple[Codec, Codec]:
    media = Codec(payload_type, name, 90000, 1, parameters, VIDEO_FEEDBACK)
    return media, Codec(payload_type + 1, "rtx", 90000, 1, f"apt={payload_type}")


def _h264(payload_type: int, profile: str, mode: int) -> tuple[Codec, Codec]:
    parameters = f"level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id={profile}"
    return _video(payload_type, "H264", parameters)


# Payload types are fixed for all subscriber offers: in a bundle one number must mean one thing.
OFFERED: dict[Kind, tuple[Codec, ...]] = {
    "audio": (
        Codec(63, "red", 48000, 2, "111/111", ("transport-cc",)),
        Codec(111, "opus", 48000, 2, _OPUS, ("transport-cc",)),
    ),
    "video": (
        *_video(96, "VP8"),
        *_video(98, "VP9", "profile-id=0"),
        *_video(100, "VP9", "profile-id=2"),
        *_h264(102, "42e01f", 1),
        *_h264(104, "42e01f", 0),
        *_h264(106, "42001f", 1),
        *_h264(108, "42001f", 0),
        *_h264(114, "4d001f", 1),
        *_h264(116, "64001f", 1),
        *_video(45, "AV1"),
    ),
    "application": (),
}
SUPPORTED: dict[Kind, frozenset[str]] = {
    "audio": frozenset({"opus", "red"}),
    "video": frozenset({"vp8", "vp9", "h264", "av1"}),  # RED for video is another thing, and not done
    "application": frozenset(),
}


@dataclass(frozen=True, slots=True)
class ReceiveOptions:
    """What signalling knows of a track before its packets come.

    ``mime_type`` is preferred over the other codecs of the offer; ``rids`` order the simulcast
    encodings from low to high. What is encrypted end to end cannot be taken apart.
    """

    mime_type: str | None = None
    rids: tuple[str, ...] = ()
    stereo: bool = False
    dtx: bool = True
    red: bool = True
    is_encrypted: bool = False


def mime_type(kind: Kind, codec: Codec) -> str:
    """``video/VP8`` and the like, in the case that clients expect."""
    return f"{kind}/{codec.name}"


def identity(codec: Codec) -> tuple[str, ...]:
    """What must be equal for one decoder to take another encoder's stream."""
    name = codec.name.lower()
    if name == "h264":
        profile = (codec.parameter("profile-level-id") or "42001f").lower()
        # 42e0 is 4200 with a constraint every decoder of 4200 can meet (RFC 6184 section 8.1).
        base = {"42e0": "4200"}.get(profile[:4], profile[:4])
        return name, base, codec.parameter("packetization-mode") or "0"
    if name == "vp9":
        return name, codec.parameter("profile-id") or "0"
    if name == "av1":
        return name, codec.parameter("profile") or "0"
    return name, str(codec.clock_rate_hz)


def accepted(
    kind: Kind, offered: Sequence[Codec], options: ReceiveOptions = ReceiveOptions()
) -> tuple[Codec, ...]:
    """The codecs of a client's section that we take, preferred ones first, each with its RTX."""
    usable = [codec for codec in offered if codec.name.lower() in SUPPORTED[kind]]
    if options.mime_type:
        wanted = options.mime_type.lower()
        usable.sort(key=lambda codec: mime_type(kind, codec).lower() != wanted)
    usable = _with_red(usable, is_wanted=options.red and not options.is_encrypted)
    feedback = VIDEO_FEEDBACK if kind == "video" else AUDIO_FEEDBACK
    result: list[Codec] = []
    for codec in usable:
        kept = tuple(item for item in codec.feedback if item in feedback)
        result.append(replace(codec, feedback=kept, parameters=_received_parameters(codec, options)))
        result.extend(repair for repair in offered if repair.is_rtx and _repairs(repair, codec))
    return tuple(result)


def is_red(codec: Codec) -> bool:
    """Whether the codec is redundant audio (RFC 2198)."""
    return codec.name.lower() == "red"


def _with_red(usable: list[Codec], *, is_wanted: bool) -> list[Codec]:
    """RED in front, so that senders use it, or not at all; it must be a RED of the Opus that is there."""
    opus = next((str(c.payload_type) for c in usable if c.name.lower() == "opus"), "")
    fits = [c for c in usable if is_red(c) and is_wanted and set(c.parameters.split("/")) == {opus}]
    return fits[:1] + [codec for codec in usable if not is_red(codec)]


def _repairs(repair: Codec, codec: Codec) -> bool:
    return repair.associated == codec.payload_type


def _received_parameters(codec: Codec, options: ReceiveOptions) -> str:
    if codec.name.lower() != "opus":
        return codec.parameters
    parts = [part for part in codec.parameters.split(";") if part]
    if options.dtx and codec.parameter("usedtx") is None:
        parts.append("usedtx=1")
    if options.stereo and codec.parameter("stereo") is None:
        parts += ["stereo=1", "maxaveragebitrate=510000"]
    return ";".join(parts)


def extensions(kind: Kind, offered: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """The header extensions of a client's section that we read."""
    wanted = RECEIVED[kind]
    return tuple((number, uri) for number, uri in offered if uri in wanted)


def payload_types(producer: Sequence[Codec], consumer: Sequence[Codec]) -> dict[int, int]:
    """Producer's payload type to consumer's, for every codec both understand (RTX not included)."""
    table: dict[int, int] = {}
    for source in producer:
        if source.is_rtx:
            continue
        exact = [c for c in consumer if not c.is_rtx and identity(c) == identity(source)]
        loose = [c for c in consumer if c.name.lower() == source.name.lower() == "h264"]
        if exact or loose:
            table[source.payload_type] = (exact or loose)[0].payload_type
    return table


def repair_types(codecs: Sequence[Codec]) -> dict[int, int]:
    """Media payload type to the RTX payload type that repairs it."""
    return {c.associated: c.payload_type for c in codecs if c.is_rtx and c.associated is not None}


def extension_numbers(
    producer: Iterable[tuple[int, str]], consumer: Iterable[tuple[int, str]]
) -> dict[int, int]:
    """Producer's extension number to consumer's, for the extensions that travel on."""
    targets = {uri: number for number, uri in consumer}
    return {n: targets[uri] for n, uri in producer if uri in FORWARDED and uri in targets}


def offered_extensions(kind: Kind) -> tuple[tuple[int, str], ...]:
    """Numbers of the extensions in our own offers."""
    if kind == "video":
        return ((3, CAPTURE_TIME), (4, TRANSPORT_CC), (5, DEPENDENCY_DESCRIPTOR))
    return ((3, CAPTURE_TIME), (4, TRANSPORT_CC)) if kind == "audio" else ()
