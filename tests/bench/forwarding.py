"""Server CPU per forwarded packet, ours beside Janus in the same minutes, and the delay of forwarding.

The load is `_load`'s. Ours and Janus take turns, and who begins changes from shape to shape; a ratio is of
two runs that followed each other. `…_cc` is ours with viewers that report arrivals as browsers do;
`…_one_core` has all threads of a server on one core, which suits Janus with its thread for each connection.

A packet's delay is measured from one end of the load generator to the other, so `delay_direct_ms_…` tells
what the same ends take with no server between them; `delay_added_ms_…` is the difference of the quantiles.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import uvloop

from tests.bench import _janus, _private_network
from tests.bench._load import Result, Server, Shape, measure, measure_direct
from tests.bench._media_node import media_node

Figures = dict[str, float | str]
Start = Callable[[str], AbstractAsyncContextManager[Server]]

SECONDS = 6.0
QUICK_SECONDS = 3.0
SHAPES = {
    "n1": Shape(1),
    "n5": Shape(5),
    "n10": Shape(10),
    "n20": Shape(20),
    "n10_650": Shape(10, scale=4),  # 650 packets/s in
    "n10_one_core": Shape(10, has_one_core=True),
}
QUICK_SHAPES = {name: SHAPES[name] for name in ("n10", "n20")}
CC = Shape(10, reports_arrivals=True, warm_up_s=6.0)
LOOPBACK = "127.0.0.1"

BUDGETS = {  # the issue's, and delays at 2,000 packets/s out
    "ratio_n10": 0.7,
    "ratio_n20": 0.7,
    "delay_added_ms_median": 0.5,
    "delay_added_ms_p99": 5.0,
}
AT_LEAST = {"delivered_n10": 0.999, "delivered_n20": 0.999, "delivered_n10_cc": 0.99}


def run() -> Figures:
    """One pair of runs for every shape."""
    return _measured(SHAPES, SECONDS)


def quick() -> Figures:
    """One short pair for the shapes the last line needs."""
    return _measured(QUICK_SHAPES, QUICK_SECONDS)


def _measured(shapes: dict[str, Shape], seconds: float) -> Figures:
    janus_missing = _janus.why_not()
    address = LOOPBACK
    if not janus_missing:
        try:
            address = _private_network.enter()
        except OSError as problem:
            janus_missing = str(problem)
    return uvloop.run(_figures(shapes, seconds, address, janus_missing))


async def _figures(shapes: dict[str, Shape], seconds: float, address: str, janus_missing: str) -> Figures:
    figures: Figures = {}
    delays: list[float] = []
    for index, (name, shape) in enumerate(shapes.items()):
        starts: dict[str, Start] = {"ours": media_node}
        if not janus_missing:
            starts["janus"] = _janus.janus
        results: dict[str, Result] = {}
        for who in sorted(starts, reverse=index % 2 == 0):
            async with starts[who](address) as server:
                results[who] = await measure(server, shape, address, seconds)
        ours = results["ours"]
        figures[f"forward_us_{name}"] = round(ours.cpu_us, 2)
        figures[f"delivered_{name}"] = round(ours.delivered, 4)
        if name == "n10":
            delays = ours.delays_ms
        if janus_missing:
            figures |= {f"janus_us_{name}": janus_missing, f"ratio_{name}": janus_missing}
            continue
        figures[f"janus_us_{name}"] = round(results["janus"].cpu_us, 2)
        figures[f"janus_delivered_{name}"] = round(results["janus"].delivered, 4)
        figures[f"ratio_{name}"] = round(ours.cpu_us / results["janus"].cpu_us, 3)
    async with media_node(address) as server:
        reporting = await measure(server, CC, address, seconds)
    figures["forward_us_n10_cc"] = (
        round(reporting.cpu_us, 2) if reporting.reports else "the server does not agree to transport-cc"
    )
    figures["delivered_n10_cc"] = round(reporting.delivered, 4)
    direct = await measure_direct(10, address, seconds)
    for label, share in (("median", 0.5), ("p90", 0.9), ("p99", 0.99)):
        through, alone = _quantile(delays, share), _quantile(direct, share)
        figures[f"delay_ms_{label}"] = round(through, 3)
        figures[f"delay_direct_ms_{label}"] = round(alone, 3)
        figures[f"delay_added_ms_{label}"] = round(through - alone, 3)
    return figures


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[int(share * (len(ordered) - 1))]
