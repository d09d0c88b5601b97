"""Session descriptions as plain values (RFC 8866), with what WebRTC adds to them (RFC 9429).

Only the lines an SFU acts on are kept: everything else in a client's description is dropped, so a
hostile line can never travel to another client. Rids and simulcast (RFC 8851, RFC 8853) are kept,
codec names keep their case: Chromium sends nothing, silently, when an answer says ``vp9``.
Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

Kind = Literal["audio", "video", "application"]
Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]

MAX_LENGTH = 256_000
MAX_SECTIONS = 512
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class SdpError(ValueError):
    """The description cannot be read or asks for something this server does not do."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type of a section: ``rtpmap``, ``fmtp`` and ``rtcp-fb`` together."""

    payload_type: int
    name: str
    clock_rate_hz: int
    channels: int = 1
    parameters: str = ""
    feedback: tuple[str, ...] = ()

    def parameter(self, name: str) -> str | None:
        """Value of one ``key=value`` of the fmtp line, None when it is absent."""
        for part in self.parameters.split(";"):
            key, _, value = part.strip().partition("=")
            if key.lower() == name:
                return value.strip()
        return None

    @property
    def is_rtx(self) -> bool:
        return self.name.lower() == "rtx"

    @property
    def associated(self) -> int | None:
        """For RTX, the payload type it repeats (RFC 4588 section 8.1)."""
        value = self.parameter("apt")
        return int(value) if value is not None and value.isdigit() else None


@dataclass(frozen=True, slots=True)
class MediaSection:
    """One ``m=`` section. ``rids`` are those the sender of the description would send."""

    kind: Kind
    mid: str
    direction: Direction = "inactive"
    rejected: bool = False
    codecs: tuple[Codec, ...] = ()
    extensions: tuple[tuple[int, str], ...] = ()
    stream_id: str = ""
    track_id: str = ""
    ssrcs: tuple[int, ...] = ()
    rtx_ssrcs: tuple[tuple[int, int], ...] = ()  # (media SSRC, RTX SSRC), from ssrc-group:FID
    rids: tuple[str, ...] = ()
    sctp_port: int = 0
    max_message_size: int = 65536


@dataclass(frozen=True, slots=True)
class Description:
    """A whole description. ICE and DTLS parameters are those of the bundle."""

    sections: tuple[MediaSection, ...]
    ice_ufrag: str
    ice_pwd: str
    fingerprints: tuple[tuple[str, str], ...]  # (algorithm, value)
    setup: str = "actpass"
    is_ice_lite: bool = False
    candidates: tuple[str, ...] = ()
    bundle: tuple[str, ...] = field(default=())
    session_id: int = 0
    version: int = 1


def parse(text: str) -> Description:
    """Read an offer or answer; raises SdpError, and nothing else, on any text."""
    if len(text) > MAX_LENGTH:
        raise SdpError("description is too long")
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line]
    if not lines or not lines[0].startswith("v=0"):
        raise SdpError("description does not start with v=0")
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("m="):
            blocks.append([])
        blocks[-1].append(line)
    if len(blocks) - 1 > MAX_SECTIONS:
        raise SdpError("too many media sections")
    try:
        sections = tuple(_parse_section(block) for block in blocks[1:])
        transport = _TransportLines.of(blocks)
    except (ValueError, IndexError) as error:
        raise SdpError(f"unreadable description: {error}") from error
    mids = [section.mid for section in sections]
    if len(set(mids)) != len(mids):
        raise SdpError("two media sections share one mid")
    return Description(
        sections=sections,
        ice_ufrag=transport.ufrag,
        ice_pwd=transport.pwd,
        fingerprints=transport.fingerprints,
        setup=transport.setup,
        is_ice_lite="a=ice-lite" in blocks[0],
        bundle=transport.bundle or tuple(mids),
    )


def read_offer(text: str) -> tuple[MediaSection, ...]:
    """The sections of somebody's offer, to look at it before a transport takes it. Raises SdpError."""
    return parse(text).sections


@dataclass(slots=True)
class _TransportLines:
    ufrag: str = ""
    pwd: str = ""
    setup: str = "actpass"
    fingerprints: tuple[tuple[str, str], ...] = ()
    bundle: tuple[str, ...] = ()

    @classmethod
    def of(cls, blocks: Sequence[Sequence[str]]) -> _TransportLines:
        found = cls()
        fingerprints: list[tuple[str, str]] = []
        for block in blocks:
            if block and block[0].startswith("m=") and block[0].split()[1] == "0" and found.ufrag:
                continue  # a rejected section's transport lines mean nothing
            for line in block:
                name, _, value = line[2:].partition(":")
                if name == "ice-ufrag" and not found.ufrag:
                    found.ufrag = value.strip()
                elif name == "ice-pwd" and not found.pwd:
                    found.pwd = value.strip()
                elif name == "setup":
                    found.setup = value.strip()
                elif name == "fingerprint":
                    algorithm, _, digest = value.strip().partition(" ")
                    if (algorithm.lower(), digest) not in fingerprints:
                        fingerprints.append((algorithm.lower(), digest))
                elif name == "group" and value.startswith("BUNDLE"):
                    found.bundle = tuple(value.split()[1:])
        found.fingerprints = tuple(fingerprints)
        return found


def _parse_section(lines: Sequence[str]) -> MediaSection:
    kind, port, protocol, *formats = lines[0][2:].split()
    if kind not in ("audio", "video", "application"):
        raise SdpError(f"unknown media kind {kind[:16]!r}")
    attributes = [_attribute(line) for line in lines[1:] if line.startswith("a=")]
    mid = _first(attributes, "mid") or ""
    direction = next((name for name, _ in attributes if name in DIRECTIONS), "sendrecv")
    section = MediaSection(
        kind=cast(Kind, kind),
        mid=mid[:64],
        direction=cast(Direction, direction),
        rejected=port == "0" and "bundle-only" not in (name for name, _ in attributes),
    )
    if kind == "application":
        if "SCTP" not in protocol:
            raise SdpError("application section without SCTP")
        return replace(
            section,
            sctp_port=int(_first(attributes, "sctp-port") or 5000),
            max_message_size=int(_first(attributes, "max-message-size") or 65536),
        )
    stream_id, track_id = _msid(attributes)
    groups = [value.split() for name, value in attributes if name == "ssrc-group"]
    rtx = tuple((int(g[1]), int(g[2])) for g in groups if g[0] == "FID" and len(g) == 3)
    ssrcs = dict.fromkeys(int(value.split()[0]) for name, value in attributes if name == "ssrc")
    repairs = {repair for _, repair in rtx}
    return replace(
        section,
        codecs=tuple(_codecs([int(f) for f in formats], attributes)),
        extensions=tuple(_extensions(attributes)),
        stream_id=stream_id,
        track_id=track_id,
        ssrcs=tuple(ssrc for ssrc in ssrcs if ssrc not in repairs),
        rtx_ssrcs=rtx,
        rids=_sent_rids(attributes),
    )


def _attribute(line: str) -> tuple[str, str]:
    name, _, value = line[2:].partition(":")
    return name, value.strip()


def _first(attributes: Sequence[tuple[str, str]], wanted: str) -> str | None:
    return next((value for name, value in attributes if name == wanted), None)


def _msid(attributes: Sequence[tuple[str, str]]) -> tuple[str, str]:
    value = _first(attributes, "msid")
    if value is None:  # older clients put it on the ssrc lines only
        marked = (v.partition(" msid:")[2] for n, v in attributes if n == "ssrc" and " msid:" in v)
        value = next(marked, "")
    stream_id, _, track_id = value.partition(" ")
    return stream_id[:256], track_id.strip()[:256]


def _extensions(attributes: Sequence[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    for name, value in attributes:
        if name == "extmap":
            number, uri = value.split()[:2]
            identifier = int(number.partition("/")[0])
            if 1 <= identifier <= 255:
                yield identifier, uri


def _sent_rids(attributes: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    declared = {v.split()[0] for n, v in attributes if n == "rid" and v.split()[1:2] == ["send"]}
    simulcast = (_first(attributes, "simulcast") or "").split()
    if "send" not in simulcast:
        return tuple(rid for rid in sorted(declared))
    listed = simulcast[simulcast.index("send") + 1].split(";")
    return tuple(
        rid
        for alternatives in listed
        if (rid := alternatives.split(",")[0].lstrip("~")) in declared and rid.isalnum()
    )[:8]


def _codecs(formats: Sequence[int], attributes: Sequence[tuple[str, str]]) -> Iterator[Codec]:
    maps: dict[int, str] = {}
    parameters: dict[int, str] = {}
    feedback: dict[int, list[str]] = {}
    for name, value in attributes:
        if name not in ("rtpmap", "fmtp", "rtcp-fb"):
            continue
        number, _, rest = value.partition(" ")
        targets = formats if number == "*" else [int(number)]
        for target in targets:
            if name == "rtpmap":
                maps[target] = rest
            elif name == "fmtp":
                parameters[target] = rest.strip()
            else:
                feedback.setdefault(target, []).append(rest.strip())
    for payload_type in formats:
        if payload_type not in maps or not 0 <= payload_type <= 127:
            continue
        name, clock, *channels = maps[payload_type].strip().split("/")
        yield Codec(
            payload_type=payload_type,
            name=name,
            clock_rate_hz=int(clock),
            channels=int(channels[0]) if channels else 1,
            parameters=parameters.get(payload_type, ""),
            feedback=tuple(dict.fromkeys(feedback.get(payload_type, ()))),
        )


def write(description: Description, cname: str) -> str:
    """Print an offer or answer of this server, all sections in one bundle on one transport."""
    lines = [
        "v=0",
        f"o=- {description.session_id} {description.version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
    ]
    if description.bundle:
        lines.append("a=group:BUNDLE " + " ".join(description.bundle))
    lines.append("a=extmap-allow-mixed")
    lines.append("a=msid-semantic: WMS *")
    if description.is_ice_lite:
        lines.append("a=ice-lite")
    for section in description.sections:
        lines.extend(_write_section(section, description, cname))
    return "\r\n".join(lines) + "\r\n"


def _write_section(section: MediaSection, description: Description, cname: str) -> Iterator[str]:
    port = 0 if section.rejected else 9
    if section.kind == "application":
        yield f"m=application {port} UDP/DTLS/SCTP webrtc-datachannel"
    else:
        formats = " ".join(str(codec.payload_type) for codec in section.codecs) or "0"
        yield f"m={section.kind} {port} UDP/TLS/RTP/SAVPF {formats}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a=mid:{section.mid}"
    if section.rejected:
        yield "a=inactive"
        return
    yield f"a=ice-ufrag:{description.ice_ufrag}"
    yield f"a=ice-pwd:{description.ice_pwd}"
    for algorithm, digest in description.fingerprints:
        yield f"a=fingerprint:{algorithm} {digest}"
    yield f"a=setup:{description.setup}"
    if section.mid in description.bundle[:1]:
        for candidate in description.candidates:
            yield f"a=candidate:{candidate}"
        yield "a=end-of-candidates"
    if section.kind == "application":
        yield f"a=sctp-port:{section.sctp_port}"
        yield f"a=max-message-size:{section.max_message_size}"
        return
    yield from _write_media(section, cname)


def _write_media(section: MediaSection, cname: str) -> Iterator[str]:
    yield f"a={section.direction}"
    yield "a=rtcp-mux"
    yield "a=rtcp-rsize"
    for identifier, uri in section.extensions:
        yield f"a=extmap:{identifier} {uri}"
    for codec in section.codecs:
        channels = f"/{codec.channels}" if codec.channels > 1 else ""
        yield f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate_hz}{channels}"
        if codec.parameters:
            yield f"a=fmtp:{codec.payload_type} {codec.parameters}"
        for item in codec.feedback:
            yield f"a=rtcp-fb:{codec.payload_type} {item}"
    if section.direction == "recvonly":
        for rid in section.rids:
            yield f"a=rid:{rid} recv"
        if section.rids:
            yield "a=simulcast:recv " + ";".join(section.rids)
        return
    if section.track_id:
        yield f"a=msid:{section.stream_id} {section.track_id}"
        for media_ssrc, rtx_ssrc in section.rtx_ssrcs:
            yield f"a=ssrc-group:FID {media_ssrc} {rtx_ssrc}"
        for ssrc in (*section.ssrcs, *(repair for _, repair in section.rtx_ssrcs)):
            yield f"a=ssrc:{ssrc} cname:{cname}"
            yield f"a=ssrc:{ssrc} msid:{section.stream_id} {section.track_id}"
