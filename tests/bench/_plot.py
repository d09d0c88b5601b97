"""A plot of rates over time as an SVG file: steps, lines and a band of decisions. Sans-IO."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BAND, BOTTOM = 70, 150, 30, 26, 50
_GRID_COLOUR, _TEXT_COLOUR = "#d9dce1", "#333840"


@dataclass(frozen=True, slots=True)
class Series:
    """Points of (seconds, kbit/s), drawn as a line, or as steps that hold until the next point."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    is_steps: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """What was decided from one second to another."""

    start_s: float
    end_s: float
    name: str
    colour: str


def plot(title: str, series: Sequence[Series], bands: Sequence[Band]) -> str:
    """The whole file. The rate axis is logarithmic from 8 kbit/s up; what is below lies on the axis."""
    end_s = max((at for one in series for at, _ in one.points), default=1.0) or 1.0
    top_kbps = max((value for one in series for _, value in one.points), default=100.0)
    scale = _Scale(end_s, max(top_kbps, 16.0) * 1.3)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        f' font-size="12" fill="{_TEXT_COLOUR}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{escape(title)}</text>',
        *_grid(scale),
        *_bands(scale, bands),
    ]
    for number, one in enumerate(series):
        body.append(_line(scale, one))
        y = TOP + 20 + 20 * number
        x = WIDTH - RIGHT + 12
        body.append(f'<path d="M{x} {y - 4}h18" stroke="{one.colour}" stroke-width="3"/>')
        body.append(f'<text x="{x + 24}" y="{y}">{escape(one.name)}</text>')
    return "\n".join([*body, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Scale:
    end_s: float
    top_kbps: float

    def x(self, at_s: float) -> float:
        return round(LEFT + at_s / self.end_s * (WIDTH - LEFT - RIGHT), 1)

    def y(self, kbps: float) -> float:
        share = math.log2(max(kbps, 8.0) / 8) / math.log2(self.top_kbps / 8)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP - BAND), 1)


def _grid(scale: _Scale) -> Iterator[str]:
    kbps = 8.0
    while kbps <= scale.top_kbps:
        y = scale.y(kbps)
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{_GRID_COLOUR}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{kbps:g}</text>'
        kbps *= 2
    for at_s in range(0, int(scale.end_s) + 1, 10):
        x = scale.x(at_s)
        yield f'<path d="M{x} {TOP}V{HEIGHT - BOTTOM}" stroke="{_GRID_COLOUR}"/>'
        yield f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{at_s}</text>'
    yield f'<text x="{LEFT - 8}" y="{TOP + 10}" text-anchor="end">kbit/s</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">seconds</text>'


def _bands(scale: _Scale, bands: Sequence[Band]) -> Iterator[str]:
    for band in bands:
        x, end = scale.x(band.start_s), scale.x(band.end_s)
        width = round(max(end - x, 1.0), 1)
        yield f'<rect x="{x}" y="{TOP}" width="{width}" height="{BAND - 6}" fill="{band.colour}"/>'
        if width > 9 * len(band.name):
            yield f'<text x="{x + 4}" y="{TOP + 14}">{escape(band.name)}</text>'


def _line(scale: _Scale, one: Series) -> str:
    commands = []
    for number, (at_s, kbps) in enumerate(one.points):
        x, y = scale.x(at_s), scale.y(kbps)
        commands.append(f"M{x} {y}" if number == 0 else f"H{x}V{y}" if one.is_steps else f"L{x} {y}")
    return f'<path d="{"".join(commands)}" fill="none" stroke="{one.colour}" stroke-width="2"/>'
