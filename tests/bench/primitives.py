"""Microseconds per call of what every packet passes through, hot, in one process.

`run()` serves the bench runner; `python -m tests.bench.primitives [--json]` prints minimum and median here.
"""

from __future__ import annotations

import argparse
import json
import statistics
import timeit
from collections.abc import Callable
from itertools import count

from media.arrivals import Arrivals
from media.packet_cache import PacketCache
from media.packets import build_rtp, parse_rtp, unwrap_rtx, wrap_rtx
from media.payloads import describe_h264, describe_vp8, describe_vp9
from media.reception import Reception
from media.rtcp import Nack, ReceiverReport, ReportBlock, TransportFeedback, compose, parse_compound
from media.speakers import Speakers

CALLS = 20_000
REPEATS = 7
BUDGETS = {"parse_rtp_us": 2.5, "parse_rtp_with_extensions_us": 4.0}


def _video(*extensions: tuple[int, bytes]) -> bytes:
    return build_rtp(
        payload_type=96,
        marker=False,
        sequence_number=4711,
        timestamp=3_000_000_000,
        ssrc=0xDEADBEEF,
        extensions=extensions,
        payload=bytes.fromhex("90e0812305 20b10600") + bytes(1090),
    )


def _arrivals_in_order(interval_s: float, *, every: int = 0) -> Callable[[], object]:
    """Reception of a stream in which each `every`th packet is missing (none when 0), NACKs included."""
    reception = Reception(90_000)
    numbers = count(1)

    def receive() -> None:
        number = next(numbers)
        if not every or number % every:
            now = number * interval_s
            reception.receive(now, number & 0xFFFF, number * 600 & 0xFFFFFFFF, 1100)
            reception.nacks(now)

    return receive


def _reported_arrivals() -> Callable[[], object]:
    arrivals = Arrivals(1)
    numbers = count(1)

    def receive() -> None:
        number = next(numbers)
        arrivals.receive(number / 500, number & 0xFFFF, 7)
        arrivals.feedback(number / 500)

    return receive


def _spoken() -> Callable[[], object]:
    speakers = Speakers()
    numbers = count(1)
    return lambda: speakers.level(next(numbers) / 50, "TR_x", 30, True)


def _stored() -> Callable[[], object]:
    cache = PacketCache()
    numbers = count(1)
    packet = _video()
    return lambda: cache.store(next(numbers) & 0xFFFF, packet)


def subjects() -> dict[str, Callable[[], object]]:
    """What is measured, by metric."""
    plain = _video()
    extended = _video((2, b"abc"), (3, b"ab"), (4, b"0"), (9, b"x"))
    parsed = parse_rtp(extended)
    payload = parsed.payload
    rtx = parse_rtp(wrap_rtx(parsed, payload_type=97, ssrc=2, sequence_number=1))
    block = ReportBlock(1, 2, 3, 4, 5, 6, 7)
    report = compose([ReceiverReport(1, (block, block))])
    nack = compose([Nack(1, 2, (10, 11, 17, 40))])
    deltas = tuple(None if index % 20 == 7 else index % 9 for index in range(60))
    feedback = TransportFeedback(1, 2, 65_500, 64_000, 3, deltas)
    feedback_bytes = compose([feedback])
    cache = PacketCache()
    cache.store(4711, plain)
    return {
        "parse_rtp_us": lambda: parse_rtp(plain),
        "parse_rtp_with_extensions_us": lambda: parse_rtp(extended).extension(3),
        "extension_again_us": lambda: parsed.extension(3),
        "wrap_rtx_us": lambda: wrap_rtx(parsed, payload_type=97, ssrc=2, sequence_number=1),
        "unwrap_rtx_us": lambda: unwrap_rtx(rtx, 96, 1),
        "describe_vp8_us": lambda: describe_vp8(payload),
        "describe_vp9_us": lambda: describe_vp9(payload),
        "describe_h264_us": lambda: describe_h264(payload),
        "cache_store_us": _stored(),
        "cache_get_us": lambda: cache.get(4711),
        "reception_in_order_us": _arrivals_in_order(1 / 150),
        "reception_2_percent_missing_us": _arrivals_in_order(1 / 150, every=50),
        "reception_10_percent_missing_us": _arrivals_in_order(1 / 500, every=10),
        "arrivals_with_feedback_us": _reported_arrivals(),
        "speaker_level_us": _spoken(),
        "parse_compound_report_us": lambda: parse_compound(report),
        "parse_compound_nack_us": lambda: parse_compound(nack),
        "parse_compound_feedback_60_us": lambda: parse_compound(feedback_bytes),
        "compose_feedback_60_us": lambda: compose([feedback]),
    }


def measure() -> dict[str, tuple[float, float]]:
    """Minimum and median microseconds per call, by metric."""
    figures = {}
    for metric, call in subjects().items():
        times = timeit.repeat(call, number=CALLS, repeat=REPEATS)
        figures[metric] = (min(times) / CALLS * 1e6, statistics.median(times) / CALLS * 1e6)
    return figures


def run() -> dict[str, float]:
    """Medians, for the bench runner."""
    return {metric: round(median, 3) for metric, (_, median) in measure().items()}


def main() -> None:
    """Print the figures as a table, or as JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    is_json = parser.parse_args().json
    figures = measure()
    if is_json:
        print(json.dumps({name: {"min": low, "median": mid} for name, (low, mid) in figures.items()}))
        return
    print(f"{'us per call':36}{'min':>9}{'median':>9}")
    for name, (low, mid) in figures.items():
        print(f"{name.removesuffix('_us'):36}{low:9.3f}{mid:9.3f}")


if __name__ == "__main__":
    main()
