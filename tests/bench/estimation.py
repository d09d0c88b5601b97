"""How well the estimate finds, follows and shares what a link carries, and what a packet costs it.

Everything but the cost runs in simulated time (`tests/media/flows.py`). `build/estimation.svg` shows the
rate, the capacity and the queueing delay over the steps of the worst line we promise to follow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from math import inf, log
from pathlib import Path

from media.arrivals import Arrivals
from media.bandwidth import Bandwidth
from media.pacing import Pacer
from tests.media.flows import MediaFlow, Record, SharedLink, TcpFlow
from tests.network import Conditions

RUNS = 1  # simulated time gives the same figures each run; the costs take the best of several themselves
PLOT = Path(__file__).resolve().parent.parent.parent / "build" / "estimation.svg"

LINKS = [(rate_kbps, rtt_ms) for rate_kbps in (300, 1000, 3000) for rtt_ms in (20, 200)]
STEPS_KBPS = (2000, 256, 64, 24, 64, 256, 2000)
STEP_S = 20
LINES = [(rtt_ms, loss) for rtt_ms in (20, 200, 600) for loss in (0, 5, 20)]
BEYOND_S = 99.0  # shown for "not within the step"

BUDGETS = {
    **{f"queue_ms_p95 ({rate} kbps, {rtt} ms)": 100.0 for rate, rtt in LINKS},
    **{f"seconds_down ({rtt} ms, {loss} % loss)": 3.0 for rtt, loss in LINES},
    **{f"seconds_up ({rtt} ms, {loss} % loss)": 10.0 for rtt, loss in LINES},
    "packet_sent_us": 0.5,
    "may_send_us": 0.5,
    "feedback_us_per_packet (300 packets/s in bursts of 5)": 2.0,
}
AT_LEAST = {
    **{f"used_percent ({rate} kbps, {rtt} ms)": 75.0 for rate, rtt in LINKS},
    "least_share_percent (two of us)": 15.0,
    "least_share_percent (we beside a download)": 5.0,
    "least_share_percent (a download beside us)": 15.0,
}


def run() -> dict[str, float]:
    """All figures, and the plot."""
    figures: dict[str, float] = {}
    for rate_kbps, rtt_ms in LINKS:
        _steady(figures, rate_kbps, rtt_ms)
    for rtt_ms, loss in LINES:
        record = _steps(figures, rtt_ms, loss)
        if (rtt_ms, loss) == (200, 0):
            PLOT.parent.mkdir(exist_ok=True)
            PLOT.write_text(_plot(record, rtt_ms / 2000), encoding="utf-8")
    _sharing(figures)
    figures["packet_sent_us"] = _best(_packet_sent_us)
    figures["may_send_us"] = _best(_may_send_us)
    figures["feedback_us_per_packet (300 packets/s in bursts of 5)"] = _best(lambda: _feedback_us(300, 5))
    figures["feedback_us_per_packet (150 packets/s, evenly)"] = _best(lambda: _feedback_us(150, 1))
    return {name: round(value, 2) for name, value in figures.items()}


def _steady(figures: dict[str, float], rate_kbps: int, rtt_ms: int) -> None:
    delay_s, rate_bps = rtt_ms / 2000, rate_kbps * 1000
    shared = SharedLink(Conditions(rate_bps=rate_bps, delay_s=delay_s))
    record = MediaFlow(shared).record
    shared.run(90)
    name = f"({rate_kbps} kbps, {rtt_ms} ms)"
    figures[f"used_percent {name}"] = 100 * record.rate_bps(20, 90) / rate_bps
    figures[f"queue_ms_median {name}"] = record.queueing_ms(20, 90, 0.5, delay_s)
    figures[f"queue_ms_p95 {name}"] = record.queueing_ms(20, 90, 0.95, delay_s)


def _steps(figures: dict[str, float], rtt_ms: int, loss: int) -> Record:
    """The longest times to follow a step down and a step up; the median queue once it has settled."""
    shared = SharedLink(
        Conditions(rate_bps=STEPS_KBPS[0] * 1000, delay_s=rtt_ms / 2000, queue_s=1.0, loss=loss / 100)
    )
    for index, rate_kbps in enumerate(STEPS_KBPS[1:], 1):
        shared.change(index * STEP_S, rate_bps=rate_kbps * 1000)
    record = MediaFlow(shared).record
    shared.run(len(STEPS_KBPS) * STEP_S)
    down = up = 0.0
    for index in range(1, len(STEPS_KBPS)):
        start, rate_bps = index * STEP_S, STEPS_KBPS[index] * 1000
        is_down = STEPS_KBPS[index] < STEPS_KBPS[index - 1]
        if is_down:
            seconds = record.time_until(start, start + STEP_S, below=rate_bps)
        else:
            seconds = record.time_until(start, start + STEP_S, above=0.75 * rate_bps)
        seconds = BEYOND_S if seconds == inf else seconds
        down, up = (max(down, seconds), up) if is_down else (down, max(up, seconds))
    name = f"({rtt_ms} ms, {loss} % loss)"
    figures[f"seconds_down {name}"] = down
    figures[f"seconds_up {name}"] = up
    return record


def _sharing(figures: dict[str, float]) -> None:
    """The smallest share over links, round trips and queues."""
    ours: list[float] = []
    beside: list[float] = []
    downloads: list[float] = []
    for rate_kbps, rtt_ms in LINKS:
        link = Conditions(rate_bps=rate_kbps * 1000, delay_s=rtt_ms / 2000, queue_s=0.3)
        shared = SharedLink(link)
        pair = [MediaFlow(shared), MediaFlow(shared, starts_at=15)]
        shared.run(120)
        ours += [flow.record.rate_bps(45, 120) / rate_kbps / 10 for flow in pair]

        shared = SharedLink(link)
        media, download = MediaFlow(shared), TcpFlow(shared, starts_at=15)
        shared.run(120)
        beside.append(media.record.rate_bps(45, 120) / rate_kbps / 10)
        downloads.append(download.record.rate_bps(45, 120) / rate_kbps / 10)
    figures["least_share_percent (two of us)"] = min(ours)
    figures["least_share_percent (we beside a download)"] = min(beside)
    figures["least_share_percent (a download beside us)"] = min(downloads)


# -- cost --------------------------------------------------------------------------------------------

PACKETS = 20_000


def _best(measure: Callable[[], float]) -> float:
    return min([measure() for _ in range(7)])


def _packet_sent_us() -> float:
    packet_sent = Bandwidth(0.0).packet_sent
    started = time.process_time()
    for index in range(PACKETS):
        packet_sent(index * 1e-3, 1100)
    return (time.process_time() - started) / PACKETS * 1e6


def _may_send_us() -> float:
    may_send = Pacer[int](0.0, 20_000_000).may_send
    started = time.process_time()
    for index in range(PACKETS):
        may_send(index * 1e-3, 1100)
    return (time.process_time() - started) / PACKETS * 1e6


def _feedback_us(packets_per_s: int, burst: int) -> float:
    """`handle_feedback` alone, per packet reported."""
    bandwidth, arrivals = Bandwidth(0.0, 3_000_000), Arrivals(1)
    now = spent_s = 0.0
    for _ in range(PACKETS // 2 // burst):
        for index in range(burst):
            arrivals.receive(now + 0.02 + index / 1000, bandwidth.packet_sent(now, 1100))
        now += burst / packets_per_s
        while (report := arrivals.feedback(now)) is not None:
            started = time.process_time()
            bandwidth.handle_feedback(now + 0.02, report)
            spent_s += time.process_time() - started
    return spent_s / (PACKETS // 2) * 1e6


# -- plot --------------------------------------------------------------------------------------------

WIDTH, HEIGHT, MARGIN = 960, 220, 50
RATES_KBPS = (10, 100, 1000)
QUEUES_MS = (0, 250, 500, 750, 1000)


def _plot(record: Record, delay_s: float) -> str:
    """Two panels over time: rates (logarithmic), queueing delay."""
    end = len(STEPS_KBPS) * STEP_S
    low, high = 8.0, 4000.0

    def x(at: float) -> float:
        return MARGIN + at / end * WIDTH

    def y_rate(kbps: float) -> float:
        return 30 + HEIGHT * (1 - _log_share(kbps, low, high))

    def y_queue(ms: float) -> float:
        return 70 + 2 * HEIGHT - HEIGHT * min(ms, QUEUES_MS[-1]) / QUEUES_MS[-1]

    capacity = []
    for index, kbps in enumerate(STEPS_KBPS):
        capacity += [(x(index * STEP_S), y_rate(kbps)), (x((index + 1) * STEP_S), y_rate(kbps))]
    targets = [(x(at), y_rate(bps / 1000)) for at, bps in record.targets[::5]]
    arrived = [(x(at + 0.5), y_rate(max(low, record.rate_bps(at, at + 1) / 1000))) for at in range(end - 1)]
    queue = [(x(at), y_queue(1000 * (delay - delay_s))) for at, delay, _ in record.arrivals[::7]]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 2 * MARGIN} {2 * HEIGHT + 110}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for kbps in RATES_KBPS:
        parts.append(_rule(y_rate(kbps), f"{kbps} kbps"))
    for ms in QUEUES_MS:
        parts.append(_rule(y_queue(ms), f"{ms} ms"))
    for at in range(0, end + 1, STEP_S):
        parts.append(f'<text x="{x(at):.0f}" y="{2 * HEIGHT + 90}" text-anchor="middle">{at} s</text>')
    parts += [
        _line(capacity, "#888", 3),
        _line(arrived, "#2a7", 1.5),
        _line(targets, "#c33", 1.5),
        _line(queue, "#36c", 1),
        f'<text x="{MARGIN}" y="18">capacity (grey), target (red), arrived (green);'
        " below: queueing delay (blue); 200 ms round trip</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _log_share(value: float, low: float, high: float) -> float:
    return log(max(value, low) / low) / log(high / low)


def _rule(y: float, label: str) -> str:
    return (
        f'<line x1="{MARGIN}" x2="{MARGIN + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        f'<text x="{MARGIN - 4}" y="{y + 4:.1f}" text-anchor="end" font-size="10">{label}</text>'
    )


def _line(points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join([f"{x:.1f},{y:.1f}" for x, y in points])
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
