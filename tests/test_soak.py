"""A bounded soak: churn, loss, cut signalling and changing addresses leave the node as it was."""

from __future__ import annotations

import asyncio

import pytest

from tests.bench.soak import soak

pytestmark = pytest.mark.long

MINUTES = 1.0
# A leaked call holds half a megabyte, and about forty-five come and go after the warm-up.
MAX_GROWTH_MIB = 8.0
MAX_FAILED_PERCENT = 10.0  # of joins, on a link that loses 2 % each way


def test_a_minute_of_churn_on_bad_links_leaves_nothing_behind() -> None:
    figures = asyncio.run(soak(MINUTES, seed=7))

    slope, confidence = figures["memory_kib_per_minute"], figures["memory_kib_per_minute_confidence_95"]
    print(f"memory: {slope:.0f} ± {confidence:.0f} KiB/min")
    assert figures["visits"] > MINUTES * 60 / 2
    assert figures["visits_failed_percent"] < MAX_FAILED_PERCENT
    assert (figures["tasks_left"], figures["files_left"], figures["rooms_left"]) == (0, 0, 0)
    assert figures["memory_growth_mib"] < MAX_GROWTH_MIB
