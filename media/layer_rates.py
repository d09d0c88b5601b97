"""What each layer of a video costs, measured where it arrives.

Layers are (quality, temporal) pairs; what a viewer of one pays includes everything below it, and the
headers of every packet on the wire. Rates are averages over about a second, key frames left out: they are ten
times dearer, come when somebody asks, and must not make the layer they begin look unaffordable. Sans-IO.
"""

from __future__ import annotations

from .allocation import Layer

WIRE_OVERHEAD_BYTES = 64  # RTP header, transport-cc extension, AES-GCM tag, UDP and IPv4 (12 + 8 + 16 + 28)
TEMPORAL_LAYERS = 4
_WINDOW_S = 0.5
_SMOOTHING = 0.5  # of a window's rate in the average


class LayerRates:
    """Rates of one SSRC, whose packets may belong to several spatial and temporal layers."""

    __slots__ = ("_bytes", "_is_measured", "_key_frame", "_rates_bps", "_since", "key_frame_bytes")

    def __init__(self) -> None:
        self._bytes: dict[int, int] = {}  # by spatial * TEMPORAL_LAYERS + temporal, in this window
        self._rates_bps: dict[int, float] = {}
        self._since = 0.0
        self._is_measured = False
        self._key_frame: int | None = None  # bytes so far of the one that is arriving
        self.key_frame_bytes = 0  # of the last one, 0 before the first

    def picture_begins(self, *, is_key_frame: bool) -> None:
        """The next packets belong to another picture."""
        if self._key_frame is not None:
            self.key_frame_bytes = self._key_frame
        self._key_frame = 0 if is_key_frame else None

    def count(self, now: float, layer: int, size_bytes: int) -> None:
        """A packet of `spatial * TEMPORAL_LAYERS + temporal` arrived."""
        if now - self._since >= _WINDOW_S:
            self._close_window(now)
        size = size_bytes + WIRE_OVERHEAD_BYTES
        if self._key_frame is not None:
            self._key_frame += size
        else:
            counted = self._bytes
            counted[layer] = counted.get(layer, 0) + size

    def layers(self, quality: int) -> list[Layer]:
        """What a viewer may choose from, low to high; spatial layers count from `quality` up."""
        if not self._is_measured:
            return []
        rates = self._rates_bps
        found = []
        for spatial in sorted({layer // TEMPORAL_LAYERS for layer in rates}):
            temporals = [layer % TEMPORAL_LAYERS for layer in rates if layer // TEMPORAL_LAYERS == spatial]
            for temporal in sorted(temporals):
                bps = sum(
                    rate
                    for layer, rate in rates.items()
                    if layer // TEMPORAL_LAYERS <= spatial and layer % TEMPORAL_LAYERS <= temporal
                )
                found.append(Layer(quality + spatial, temporal, int(bps)))
        return found

    def _close_window(self, now: float) -> None:
        span_s = now - self._since
        counted, self._bytes, self._since = self._bytes, {}, now
        if span_s > 2 * _WINDOW_S:  # after a pause nothing is known
            self._is_measured = False
            self._rates_bps = {}
            return
        rates = self._rates_bps
        for layer in {**rates, **counted}:
            rate = 8 * counted.get(layer, 0) / span_s
            rates[layer] = rate if layer not in rates else rates[layer] + (rate - rates[layer]) * _SMOOTHING
            if rates[layer] < 1.0:
                del rates[layer]  # a layer the sender gave up
        self._is_measured = True
