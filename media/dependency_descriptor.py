"""The AV1 dependency descriptor: which frame a packet belongs to, and which layers need that frame.

RTP header extension of any layered codec (RTP Payload Format For AV1 v1.0, appendix A). A key frame's
first packet attaches a *structure* of frame templates; all packets after it name a template, so the caller
keeps the last structure per stream. A *decode target* is a way to watch the stream, e.g. medium picture at
half the frames; each frame says of each target whether that needs it. Sans-IO.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

# Indications of a frame for one decode target, in the standard's symbols "-", "D", "S" and "R".
NOT_PRESENT, DISCARDABLE, SWITCH, REQUIRED = range(4)

_MOST_TEMPLATES = 64
_MOST_SPATIAL, _MOST_TEMPORAL = 4, 8
_STRUCTURE, _ACTIVE_TARGETS, _INDICATIONS, _DIFFERENCES, _CHAINS = 0x10, 0x08, 0x04, 0x02, 0x01
_OWN_FRAME = _INDICATIONS | _DIFFERENCES | _CHAINS
_NEXT_TEMPORAL, _NEXT_SPATIAL, _NO_MORE = 1, 2, 3


class Template(NamedTuple):
    """What frames of one kind have in common."""

    spatial: int  # 0..3
    temporal: int  # 0..7
    indications: tuple[int, ...]  # for each decode target
    frame_differences: tuple[int, ...]  # to the frames it refers to, as distances in frame numbers
    chain_differences: tuple[int, ...]  # to the last frame of each chain, 0 where the chain begins


class Structure(NamedTuple):
    """The templates in use until the next structure comes."""

    id: int  # template ids count from here, modulo 64
    templates: tuple[Template, ...]
    targets: tuple[tuple[int, int], ...]  # highest (spatial, temporal) of each decode target
    chains: tuple[int, ...]  # which chain protects each decode target; empty without chains
    chain_count: int
    resolutions: tuple[tuple[int, int], ...]  # (width, height) per spatial layer, where given

    @property
    def every_target(self) -> int:
        """The bit mask of all decode targets."""
        return (1 << len(self.targets)) - 1


class Descriptor(NamedTuple):
    """One packet's descriptor, its template filled in."""

    starts_frame: bool
    ends_frame: bool
    frame_number: int  # 16 bits; a spatial layer of a picture is a frame of its own
    frame: Template
    active_targets: int | None  # bit mask of what the sender sends from now on; None: as before
    structure: Structure  # to be kept for the following packets
    has_structure: bool  # it is attached to this packet: a key frame begins


def parse_descriptor(data: bytes, structure: Structure | None) -> Descriptor:
    """Read the extension's value, with the last structure of the stream.

    Raises ValueError when it is cut off, contradicts itself or needs a structure that did not come.
    """
    size = len(data)
    if size < 3:
        raise ValueError("dependency descriptor shorter than its mandatory fields")
    first = data[0]
    flags = data[3] >> 3 if size > 3 else 0
    bits = _Bits(data, 29)
    has_structure = flags & _STRUCTURE != 0
    if has_structure:
        structure, length = _read_structure(data[3:])
        bits.read(length)
    if structure is None:
        raise ValueError("dependency descriptor before its structure")
    index = (first - structure.id) % _MOST_TEMPLATES  # modulo 64: the two flags above the id vanish
    if index >= len(structure.templates):
        raise ValueError("dependency descriptor names an unknown template")
    frame = structure.templates[index]
    active = structure.every_target if has_structure else None
    if flags & _ACTIVE_TARGETS:
        active = bits.read(len(frame.indications))
    if flags & _OWN_FRAME:
        frame = _read_changes(bits, frame, flags)
    return Descriptor(
        first >= 0x80, first & 0x40 != 0, data[1] << 8 | data[2], frame, active, structure, has_structure
    )


def _read_changes(bits: _Bits, frame: Template, flags: int) -> Template:
    """What one frame has otherwise than its template."""
    if flags & _INDICATIONS:
        frame = frame._replace(indications=tuple(bits.read(2) for _ in frame.indications))
    if flags & _DIFFERENCES:
        differences = []
        while nibbles := bits.read(2):
            differences.append(bits.read(4 * nibbles) + 1)
        frame = frame._replace(frame_differences=tuple(differences))
    if flags & _CHAINS:
        frame = frame._replace(chain_differences=tuple(bits.read(8) for _ in frame.chain_differences))
    return frame


@lru_cache(maxsize=64)  # an encoder attaches the same one to every key frame
def _read_structure(data: bytes) -> tuple[Structure, int]:
    """The structure behind the five flags, and its length in bits."""
    bits = _Bits(data, 5)
    structure_id = bits.read(6)
    target_count = bits.read(5) + 1
    layers = _read_layers(bits)
    indications = [tuple(bits.read(2) for _ in range(target_count)) for _ in layers]
    differences = []
    for _ in layers:
        found = []
        while bits.read(1):
            found.append(bits.read(4) + 1)
        differences.append(tuple(found))
    chain_count = bits.read_below(target_count + 1)
    chains: tuple[int, ...] = ()
    chain_differences: list[tuple[int, ...]] = [()] * len(layers)
    if chain_count:
        chains = tuple(bits.read_below(chain_count) for _ in range(target_count))
        chain_differences = [tuple(bits.read(4) for _ in range(chain_count)) for _ in layers]
    resolutions: tuple[tuple[int, int], ...] = ()
    if bits.read(1):
        resolutions = tuple((bits.read(16) + 1, bits.read(16) + 1) for _ in range(layers[-1][0] + 1))
    templates = tuple(
        Template(spatial, temporal, *rest)
        for (spatial, temporal), *rest in zip(
            layers, indications, differences, chain_differences, strict=True
        )
    )
    targets = tuple(_highest_layer(templates, target) for target in range(target_count))
    structure = Structure(structure_id, templates, targets, chains, chain_count, resolutions)
    return structure, 8 * len(data) - 5 - bits.left


def _read_layers(bits: _Bits) -> list[tuple[int, int]]:
    """The layer of each template, in their order: by spatial, then by temporal layer."""
    spatial = temporal = 0
    layers: list[tuple[int, int]] = []
    while len(layers) < _MOST_TEMPLATES:
        layers.append((spatial, temporal))
        step = bits.read(2)
        if step == _NO_MORE:
            return layers
        if step == _NEXT_TEMPORAL:
            temporal += 1
        elif step == _NEXT_SPATIAL:
            spatial, temporal = spatial + 1, 0
        if spatial >= _MOST_SPATIAL or temporal >= _MOST_TEMPORAL:
            raise ValueError("dependency structure with too many layers")
    raise ValueError("dependency structure with too many templates")


def _highest_layer(templates: tuple[Template, ...], target: int) -> tuple[int, int]:
    present = [t for t in templates if t.indications[target] != NOT_PRESENT]
    return max((t.spatial for t in present), default=0), max((t.temporal for t in present), default=0)


class _Bits:
    """Reads a bit string from its highest bit on."""

    __slots__ = ("_value", "left")

    def __init__(self, data: bytes, offset: int) -> None:
        self._value = int.from_bytes(data, "big")
        self.left = 8 * len(data) - offset

    def read(self, count: int) -> int:
        """The next bits as a number."""
        self.left -= count
        if self.left < 0:
            raise ValueError("dependency descriptor is cut off")
        return self._value >> self.left & (1 << count) - 1

    def read_below(self, limit: int) -> int:
        """A number below a limit, in the standard's ns(n) code (AV1 specification section 4.10.7)."""
        width = limit.bit_length()
        short = (1 << width) - limit
        value = self.read(width - 1)
        return value if value < short else (value << 1) - short + self.read(1)
