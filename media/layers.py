"""Which packets of a layered video stream one viewer gets: temporal layers, and the spatial ones of SVC.

`LayerReader` describes each incoming packet once; a `LayerFilter` per viewer decides on it. Both speak of
*targets*: ways to watch, a bit (8 * spatial + temporal) each. A frame is needed by some targets and *opens*
some: they can be watched from it on, whatever was sent before. The filter keeps the set of *intact*
targets, of which everything needed has been forwarded since they were opened; it may move to any of them,
up or down, with any frame. This one rule covers VP8's layer sync, VP9's switching points, and K-SVC, where
the way down needs a key frame as well because small pictures are not sent along with large ones.

The dependency descriptor counts where there is one. Without it VP8 (RFC 7741) and VP9 (RFC 9628) tell in
their payload descriptors, other codecs have one layer. What is forwarded keeps its numbers, but for VP8
picture ids: libwebrtc's RtpVp8RefFinder holds back a frame of an upper temporal layer while an id between
it and the frames it refers to is missing, so each picture left out whole is reported for renumbering. Its
RtpVp9RefFinder finds a frame's place in the group of frames by the picture id, which must therefore stay.
Sans-IO.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from .dependency_descriptor import NOT_PRESENT, SWITCH, Descriptor, Structure, parse_descriptor
from .payloads import describe_av1, describe_h264, describe_vp8, describe_vp9

SPATIAL, TEMPORAL = 4, 8  # most layers; the dependency descriptor allows no more
EVERY = (1 << SPATIAL * TEMPORAL) - 1  # all targets

DROP: Final = 0
DROP_PICTURE: Final = 1  # the first packet of a picture nothing is forwarded of: VP8 picture ids close up
FORWARD: Final = 2
MARK: Final = 3  # forward with the marker bit: the picture ends here for this viewer

_HEAD_BYTES = 6  # a VP8 payload descriptor as libwebrtc writes it; packets with a shorter one differ by it
_REMEMBERED_FRAMES = 64  # by a reader: references reach back a dozen frames
_REMEMBERED_SWITCHES = 16  # by a filter, for late packets
_PATIENCE_FRAMES = 60  # for a point to switch up in time; libwebrtc's patterns repeat after 8 or 16


def target(spatial: int, temporal: int) -> int:
    """The bit of one target."""
    return 1 << TEMPORAL * spatial + temporal


def _targets(spatial: range, temporal: range) -> int:
    return sum(target(s, t) for s in spatial for t in temporal)


# For a frame's own layer: the targets at or above it, and those of its very spatial or temporal layer.
_AT_LEAST = [
    [_targets(range(s, SPATIAL), range(t, TEMPORAL)) for t in range(TEMPORAL)] for s in range(SPATIAL)
]
_SAME_SPATIAL = [_targets(range(s, s + 1), range(TEMPORAL)) for s in range(SPATIAL)]
_SAME_TEMPORAL = [_targets(range(SPATIAL), range(t, t + 1)) for t in range(TEMPORAL)]
_UP_TO = [[_targets(range(s + 1), range(t + 1)) for t in range(TEMPORAL)] for s in range(SPATIAL)]


class Layout:
    """The decode targets of a dependency structure that are sent now, standing in for all 32 targets."""

    __slots__ = ("_masks", "real", "structure")

    def __init__(self, structure: Structure, active: int) -> None:
        self.structure = structure
        self._masks: dict[tuple[int, ...], tuple[int, int]] = {}
        offered = {layer: n for n, layer in enumerate(structure.targets) if active >> n & 1}
        lowest = min(offered, default=(0, 0))
        self.real = [
            offered.get(max((x for x in offered if x[0] <= s and x[1] <= t), default=lowest), 0)
            for s in range(SPATIAL)
            for t in range(TEMPORAL)
        ]

    def masks(self, indications: tuple[int, ...]) -> tuple[int, int]:
        """The targets that need a frame with these indications, and those it opens."""
        masks = self._masks.get(indications)
        if masks is None:
            needed_by = sum(1 << bit for bit, n in enumerate(self.real) if indications[n] != NOT_PRESENT)
            opens = sum(1 << bit for bit, n in enumerate(self.real) if indications[n] == SWITCH)
            masks = self._masks[indications] = needed_by, opens
        return masks

    def carry_over(self, intact: int, other: Layout | None) -> int:
        """Intact targets of another layout as targets of this one."""
        if other is None or other.structure is not self.structure:
            return 0
        real = {n for bit, n in enumerate(other.real) if intact >> bit & 1}
        return sum(1 << bit for bit, n in enumerate(self.real) if n in real)


class PacketLayers(NamedTuple):
    """What one packet is to the viewers of its stream. The last three fields count where a frame starts."""

    picture: int  # RTP timestamp
    spatial: int
    temporal: int
    starts_frame: bool  # a spatial layer of a picture is a frame of its own
    ends_frame: bool
    needed_by: int  # targets
    layout: Layout | None  # what the targets stand for; None: for layers of the payload descriptor
    is_independent: bool  # refers to no other frame
    opens: int  # targets that can be watched from here on
    decodable_by: int  # viewers of any of these targets have what the frame refers to


class LayerReader:
    """Describes the packets of one incoming stream; remembers its structure and recent frames."""

    __slots__ = (
        "_active",
        "_frames",
        "_head",
        "_highest",
        "_last",
        "_layout",
        "_mime_type",
        "_newest",
        "_picture",
        "_structure",
    )

    def __init__(self, mime_type: str) -> None:
        self._mime_type = mime_type.lower()
        self._structure: Structure | None = None
        self._active = 0
        self._layout: Layout | None = None
        self._newest = 0  # frame number
        self._frames = [(-1, 0)] * _REMEMBERED_FRAMES  # (frame number, targets that need it)
        self._highest = (0, 0)  # spatial and temporal layer seen in payload descriptors
        self._picture = -1
        self._head = b""  # descriptor or payload descriptor of what was read last
        self._last = _undescribed(-1, False)

    @property
    def is_layered(self) -> bool:
        """Whether there is anything to filter so far."""
        if self._structure is not None:
            return len(self._structure.targets) > 1
        return self._highest > (0, 0)

    def read(self, payload: bytes, picture: int, marker: bool, descriptor: bytes | None) -> PacketLayers:
        """Describe a packet: its payload, RTP timestamp, marker bit and dependency descriptor, if any."""
        head = descriptor or payload[:_HEAD_BYTES]
        last = self._last
        if head == self._head and picture == last.picture and not marker:
            return last
        layers = self._read(payload, picture, marker, descriptor)
        if not (layers.starts_frame or layers.ends_frame):  # the next one is mostly the same
            self._head, self._last = head, layers
        return layers

    def _read(self, payload: bytes, picture: int, marker: bool, descriptor: bytes | None) -> PacketLayers:
        if descriptor is not None:
            try:
                return self._read_descriptor(parse_descriptor(descriptor, self._structure), picture)
            except ValueError:
                pass  # also before the first structure: the payload says what it can
        if self._mime_type == "video/vp8":
            return self._read_vp8(payload, picture, marker)
        if self._mime_type == "video/vp9":
            return self._read_vp9(payload, picture, marker)
        return self._read_single(payload, picture, marker)

    def _read_descriptor(self, parsed: Descriptor, picture: int) -> PacketLayers:
        number, frame = parsed.frame_number, parsed.frame
        layout = self._layout
        if layout is None or parsed.has_structure or parsed.active_targets not in (None, self._active):
            layout = self._renew(parsed)
        needed_by, opens = layout.masks(frame.indications)
        decodable_by = 0
        if parsed.starts_frame:
            decodable_by = EVERY
            for difference in frame.frame_differences:
                known, needed = self._frames[(number - difference) % _REMEMBERED_FRAMES]
                decodable_by &= needed if known == (number - difference) & 0xFFFF else 0
            self._frames[number % _REMEMBERED_FRAMES] = number, needed_by
        return PacketLayers(
            picture,
            frame.spatial,
            frame.temporal,
            parsed.starts_frame,
            parsed.ends_frame,
            needed_by,
            layout,
            not frame.frame_differences,
            opens,
            decodable_by,
        )

    def _renew(self, parsed: Descriptor) -> Layout:
        """The layout with a new structure or other active targets; of late packets, for them alone."""
        structure, active = parsed.structure, parsed.active_targets
        if active is None:
            active = structure.every_target
        layout = self._layout
        if layout is None or structure != layout.structure or active != self._active:
            layout = Layout(structure, active)
        if not 0 < (self._newest - parsed.frame_number) & 0xFFFF <= _REMEMBERED_FRAMES:
            self._newest = parsed.frame_number
            self._structure, self._active, self._layout = layout.structure, active, layout
        return layout

    def _read_vp8(self, payload: bytes, picture: int, marker: bool) -> PacketLayers:
        read = describe_vp8(payload)
        if read is None:
            return _undescribed(picture, marker)
        temporal = read.tid or 0
        is_top = self._note(0, temporal)
        opens = decodable_by = 0
        if read.is_key_frame:
            opens = decodable_by = EVERY
        elif read.layer_sync and temporal:
            # It refers to the lowest layer only, but what follows in its layer may refer to the one below.
            opens = _AT_LEAST[0][temporal] if is_top else _SAME_TEMPORAL[temporal]
            decodable_by = _AT_LEAST[0][temporal - 1]
        return PacketLayers(
            picture,
            0,
            temporal,
            read.starts_frame,
            marker,
            _AT_LEAST[0][temporal],
            None,
            read.is_key_frame,
            opens,
            decodable_by,
        )

    def _read_vp9(self, payload: bytes, picture: int, marker: bool) -> PacketLayers:
        read = describe_vp9(payload)
        if read is None or (read.sid or 0) >= SPATIAL:
            return _undescribed(picture, marker)
        spatial, temporal = read.sid or 0, read.tid or 0
        is_top = self._note(spatial, temporal)
        opens = decodable_by = 0
        layer = _AT_LEAST[spatial][temporal] if is_top else _SAME_SPATIAL[spatial] & _AT_LEAST[0][temporal]
        if read.is_key_frame:
            opens = decodable_by = EVERY
        elif not read.inter_picture_predicted and spatial:
            opens = layer
            decodable_by = _SAME_SPATIAL[spatial - 1] & _AT_LEAST[0][temporal]
        elif read.switching_up:
            opens = decodable_by = layer
        return PacketLayers(
            picture,
            spatial,
            temporal,
            read.starts_frame,
            read.ends_frame,
            _AT_LEAST[spatial][temporal],
            None,
            read.is_key_frame,
            opens,
            decodable_by,
        )

    def _read_single(self, payload: bytes, picture: int, marker: bool) -> PacketLayers:
        is_key_frame = is_continuation = False
        if self._mime_type == "video/h264":
            h264 = describe_h264(payload)
            is_key_frame, is_continuation = h264 is not None and h264.is_key_frame, False
        elif self._mime_type == "video/av1":
            av1 = describe_av1(payload)
            is_key_frame = av1 is not None and av1.is_key_frame
            is_continuation = av1 is not None and av1.is_continuation
        starts_frame = picture != self._picture and not is_continuation
        self._picture = picture
        opens = EVERY if is_key_frame else 0
        return PacketLayers(picture, 0, 0, starts_frame, marker, EVERY, None, is_key_frame, opens, opens)

    def _note(self, spatial: int, temporal: int) -> bool:
        """Remember the highest layers; whether these are."""
        known = self._highest
        if spatial > known[0] or temporal > known[1]:
            known = self._highest = max(spatial, known[0]), max(temporal, known[1])
        return spatial >= known[0] and temporal >= known[1]


def _undescribed(picture: int, marker: bool) -> PacketLayers:
    """A packet that says nothing goes the way of the others."""
    return PacketLayers(picture, 0, 0, False, marker, EVERY, None, False, 0, 0)


class LayerFilter:
    """One viewer's choice of one stream, packet by packet. It begins with a key frame."""

    __slots__ = (
        "_allowed",
        "_bit",
        "_dropped",
        "_highest",
        "_intact",
        "_layout",
        "_picture",
        "_switches",
        "_waited",
        "_wanted",
    )

    def __init__(self, spatial: int = SPATIAL - 1, temporal: int = TEMPORAL - 1) -> None:
        self._bit = 0  # of the target that is forwarded; 0: nothing
        self._intact = 0
        self._layout: Layout | None = None
        self._highest = 0  # extended sequence number, from 0x10000 on
        self._switches: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED_SWITCHES)  # (from number on, bit)
        self._picture = self._dropped = -1
        self._waited = 0
        self.want(spatial, temporal)

    @property
    def layer(self) -> tuple[int, int] | None:
        """The (spatial, temporal) layer up to which it forwards; None while it forwards nothing."""
        return divmod(self._bit.bit_length() - 1, TEMPORAL) if self._bit else None

    @property
    def needs_key_frame(self) -> bool:
        """Whether what is wanted cannot be reached without one."""
        if self._real(self._bit) == self._real(self._wanted):
            return False
        is_smaller = self._bit.bit_length() - 1 >> 3 < self._wanted.bit_length() - 1 >> 3
        return not self._bit or is_smaller or self._waited > _PATIENCE_FRAMES

    def want(self, spatial: int, temporal: int) -> None:
        """Forward up to this layer from the next frame on that allows it."""
        spatial, temporal = min(spatial, SPATIAL - 1), min(temporal, TEMPORAL - 1)
        self._wanted = target(spatial, temporal)
        self._allowed = _UP_TO[spatial][temporal]
        self._waited = 0

    def select(self, sequence_number: int, layers: PacketLayers) -> int:
        """DROP, DROP_PICTURE, FORWARD or MARK. Packets may come late and repeatedly."""
        ahead = (sequence_number - self._highest) & 0xFFFF
        if not self._highest:
            self._highest, ahead = 0x10000 + sequence_number, 1
            self._switches.append((self._highest, 0))
        elif ahead < 0x8000:
            self._highest += ahead
        else:
            return self._select_late(self._highest - 0x10000 + ahead, layers)
        if ahead and layers.starts_frame:
            self._start_frame(layers)
        bit = self._bit
        if layers.needed_by & bit:
            if layers.ends_frame and bit.bit_length() - 1 >> 3 == layers.spatial:
                return MARK
            return FORWARD
        self._intact &= ~layers.needed_by
        if layers.spatial or layers.picture == self._dropped:
            return DROP
        self._dropped = layers.picture
        return DROP_PICTURE

    def _select_late(self, extended: int, layers: PacketLayers) -> int:
        """As was decided when its frame's time was, so that no frame is cut in half."""
        for first, bit in reversed(self._switches):
            if extended >= first:
                if layers.needed_by & bit:
                    is_end = layers.ends_frame and bit.bit_length() - 1 >> 3 == layers.spatial
                    return MARK if is_end else FORWARD
                break
        return DROP

    def _start_frame(self, layers: PacketLayers) -> None:
        """Move to the best target that can be watched from this frame on."""
        if layers.layout is not self._layout:
            self._intact = layers.layout.carry_over(self._intact, self._layout) if layers.layout else 0
            self._layout = layers.layout
        intact = self._intact
        if layers.is_independent or layers.decodable_by & intact:
            intact |= layers.opens
        bit = self._bit
        candidates = intact & self._allowed
        is_new_picture = layers.picture != self._picture
        if is_new_picture:
            self._picture = layers.picture
        best = 1 << candidates.bit_length() - 1 if candidates else 0
        if best > bit or (best < bit and is_new_picture):  # within a picture, its end has been promised
            self._bit = bit = best
            self._switches.append((self._highest, best))
        self._waited = self._waited + 1 if bit != self._wanted else 0
        if layers.needed_by & bit:
            self._intact = intact

    def _real(self, bit: int) -> int:
        """What a target stands for: equal for targets that are the same to this stream."""
        if not bit:
            return -1
        return self._layout.real[bit.bit_length() - 1] if self._layout else bit
