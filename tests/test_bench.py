"""The bench runner condenses figures honestly; the benches themselves are never part of the tests."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from media.packets import build_rtp
from media.rtcp import TransportFeedback, parse_compound
from tests.bench.__main__ import HEADLINES, condense, headline
from tests.bench.adaptation import Sample, decisions
from tests.bench.soak import trend
from tests.peers import Peer


@pytest.mark.parametrize(
    ("values", "bounds", "budget", "is_within"),
    [
        ([3.0, 1.0, 2.0], {}, "", True),
        ([3.0, 1.0, 2.0], {"BUDGETS": {"delay_ms": 2}}, "≤ 2", True),
        ([3.0, 1.0, 2.1], {"BUDGETS": {"delay_ms": 2}}, "≤ 2", False),
        ([3.0, 1.0, 2.0], {"AT_LEAST": {"delay_ms": 2.5}}, "≥ 2.5", False),
    ],
)
def test_the_median_is_held_against_the_bound(
    values: list[float], bounds: dict[str, object], budget: str, is_within: bool
) -> None:
    figure = condense(SimpleNamespace(**bounds), "sample", "delay_ms", values)

    assert (figure.median, figure.lowest, figure.highest, figure.runs) == (sorted(values)[1], 1.0, 3.0, 3)
    assert (figure.budget, figure.is_within) == (budget, is_within)


def test_what_was_not_measured_has_a_reason_and_no_number() -> None:
    missing = condense(SimpleNamespace(), "sample", "ratio_n10", ["janus is not installed"] * 3)
    partly = condense(SimpleNamespace(), "sample", "ratio_n20", ["janus broke", 0.5])

    assert (missing.median, missing.runs, missing.reason) == (None, 0, "janus is not installed")
    assert (partly.median, partly.runs, partly.reason) == (0.5, 1, "1 of 2 runs not measured: janus broke")
    assert headline([missing, partly]) == dict.fromkeys(HEADLINES) | {"ratio_n20": 0.5}


@pytest.mark.parametrize(
    ("values", "slope", "confidence"),
    [([5.0, 5.0, 5.0, 5.0], 0.0, 0.0), ([1.0, 3.0, 5.0, 7.0], 2.0, 0.0), ([0.0, 1.0, 0.0, 1.0], 0.2, 0.554)],
)
def test_a_trend_comes_with_its_confidence(values: list[float], slope: float, confidence: float) -> None:
    points = [(float(at), value) for at, value in enumerate(values)]

    assert trend(points) == pytest.approx((slope, confidence), abs=0.001)


def test_a_peer_reports_arrivals_as_a_browser_does() -> None:
    async def scene() -> None:
        sender, receiver = (Peer(host="127.0.0.1") for _ in range(2))
        await sender.face(receiver)
        reports: asyncio.Queue[bytes] = asyncio.Queue()
        sender.on_rtcp = reports.put_nowait
        receiver.report_arrivals(extension=4)
        for number in (7, 9):
            sender.send_rtp(_numbered(number))

        (report,) = parse_compound(await asyncio.wait_for(reports.get(), 5))

        assert isinstance(report, TransportFeedback)
        assert (report.base_sequence, [delta is not None for delta in report.deltas]) == (
            7,
            [True, False, True],
        )
        for peer in (sender, receiver):
            await peer.close()

    asyncio.run(scene())


def _numbered(number: int) -> bytes:
    """A packet with this transport-wide sequence number."""
    return build_rtp(
        payload_type=111,
        marker=False,
        sequence_number=number,
        timestamp=0,
        ssrc=1000,
        extensions=((4, number.to_bytes(2, "big")),),
        payload=b"sound",
    )


def test_a_picture_that_slows_down_is_told_from_one_that_stops() -> None:
    frames = [*range(0, 80, 8), *[80] * 4, *[81] * 30]  # every half second: moving, one still, nothing
    samples = [Sample(at / 2, 0, 0, 640, count, 0, 0) for at, count in enumerate(frames)]

    bands = decisions(samples)

    assert [band.name for band in bands] == ["no frames", "640", "stills", "no frames"]
    assert [band.end_s for band in bands[:-1]] == [band.start_s for band in bands[1:]]
