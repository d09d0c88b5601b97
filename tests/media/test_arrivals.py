"""Transport-wide arrival reports: complete, in time, small enough, and right about when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.arrivals import Arrivals
from media.rtcp import TransportFeedback, compose, parse_compound


def arrival_times(report: TransportFeedback) -> dict[int, float | None]:
    """What the sender learns: seconds (modulo the reference time's wrap) by sequence number."""
    times: dict[int, float | None] = {}
    ticks = report.reference_time_ms * 4
    for index, delta in enumerate(report.deltas):
        if delta is not None:
            ticks += delta
        times[report.base_sequence + index & 0xFFFF] = None if delta is None else ticks / 4000
    return times


def report(arrivals: Arrivals, now: float) -> TransportFeedback:
    """The due report, after a journey over the wire."""
    feedback = arrivals.feedback(now)
    assert feedback is not None
    data = compose([feedback])
    assert len(data) <= 1200
    assert parse_compound(data) == [feedback]
    return feedback


def test_nothing_is_reported_before_a_packet_arrives() -> None:
    arrivals = Arrivals(1)

    assert arrivals.poll_timeout() is None
    assert arrivals.feedback(1.0) is None


def test_a_report_is_due_fifty_milliseconds_after_the_first_packet() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 10, 77)
    arrivals.receive(1.02, 11, 77)

    assert arrivals.poll_timeout() == pytest.approx(1.05)
    assert arrivals.feedback(1.049) is None
    feedback = report(arrivals, 1.051)

    assert (feedback.sender_ssrc, feedback.media_ssrc, feedback.feedback_count) == (1, 77, 0)
    assert feedback.base_sequence == 10
    assert feedback.reference_time_ms == 960
    assert feedback.deltas == (160, 80)
    assert arrivals.poll_timeout() is None
    assert arrivals.feedback(2.0) is None


def test_losses_between_two_reports_are_in_the_second() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 10)
    report(arrivals, 1.1)
    arrivals.receive(1.2, 13)

    feedback = report(arrivals, 1.3)

    assert (feedback.base_sequence, feedback.feedback_count) == (11, 1)
    assert arrival_times(feedback) == {11: None, 12: None, 13: 1.2}


def test_numbers_wrap_and_the_count_wraps() -> None:
    arrivals = Arrivals(1)
    counts = []
    for number in range(65400, 65400 + 300):
        arrivals.receive(number * 1.0, number & 0xFFFF)
        feedback = report(arrivals, number + 0.1)
        assert list(arrival_times(feedback)) == [number & 0xFFFF]
        counts.append(feedback.feedback_count)

    assert counts == [n & 0xFF for n in range(300)]


@pytest.mark.parametrize("first", [0, 1, 65535])
def test_a_reordered_start_is_reported(first: int) -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, first)
    arrivals.receive(1.03125, (first - 1) & 0xFFFF)

    feedback = report(arrivals, 1.1)

    assert feedback.base_sequence == (first - 1) & 0xFFFF
    assert feedback.deltas[1] == -125


def test_a_late_packet_is_reported_again_with_its_neighbours() -> None:
    arrivals = Arrivals(1)
    for number in (1, 2, 4, 5):
        arrivals.receive(1.0 + number / 100, number)
    assert report(arrivals, 1.1).deltas[2] is None
    arrivals.receive(1.12, 3)

    times = arrival_times(report(arrivals, 1.2))

    assert times == pytest.approx({3: 1.12, 4: 1.04, 5: 1.05}, abs=0.001)


def test_a_packet_that_comes_after_its_neighbours_are_forgotten_is_ignored() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 1)
    arrivals.receive(1.0, 3)
    report(arrivals, 1.1)
    arrivals.receive(2.0, 4)
    report(arrivals, 2.1)

    arrivals.receive(2.2, 2)

    assert arrivals.poll_timeout() is None


def test_a_duplicate_does_not_change_the_first_arrival() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 1)
    arrivals.receive(1.02, 1)

    assert arrival_times(report(arrivals, 1.1)) == {1: 1.0}
    arrivals.receive(1.15, 1)
    assert arrivals.poll_timeout() is None


def test_a_burst_is_reported_in_several_messages_at_once() -> None:
    arrivals = Arrivals(1)
    for number in range(2500):
        arrivals.receive(1.0 + number / 100_000, number)

    times: dict[int, float | None] = {}
    while arrivals.poll_timeout() is not None:
        times.update(arrival_times(report(arrivals, 1.06)))

    assert list(times) == list(range(2500))
    assert None not in times.values()


def test_many_losses_are_spread_over_messages_of_a_thousand() -> None:
    arrivals = Arrivals(1)
    for number in range(0, 30_000, 900):
        arrivals.receive(1.0, number)

    seen = []
    while arrivals.poll_timeout() is not None:
        feedback = report(arrivals, 1.06)
        assert len(feedback.deltas) <= 1000
        seen += [number for number, at in arrival_times(feedback).items() if at is not None]

    assert seen == list(range(21_600, 30_000, 900)), "the newest; older ones than 8192 back are given up"


def test_a_wide_gap_is_not_reported_as_losses() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 1)
    report(arrivals, 1.1)
    arrivals.receive(9.0, 5000)

    assert arrival_times(report(arrivals, 9.1)) == {5000: 9.0}


def test_numbers_that_begin_anew_are_followed() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 60_000)
    arrivals.receive(1.01, 40_000)
    arrivals.receive(1.02, 40_001)
    arrivals.receive(1.03, 39_999)  # before the new beginning

    assert arrival_times(report(arrivals, 1.1)) == pytest.approx({40_000: 1.01, 40_001: 1.02}, abs=0.001)


def test_arrivals_too_far_apart_for_a_delta_go_into_two_messages() -> None:
    arrivals = Arrivals(1)
    arrivals.receive(1.0, 1)
    arrivals.receive(11.0, 2)

    first = report(arrivals, 12.0)
    second = report(arrivals, 12.0)

    assert arrival_times(first) == {1: 1.0}
    assert arrival_times(second) == {2: 11.0}
    assert arrivals.poll_timeout() is None


@given(
    start=st.integers(0, 0xFFFF),
    packets=st.lists(
        st.tuples(st.booleans(), st.floats(0, 0.03), st.floats(0, 0.08)), min_size=1, max_size=150
    ),
)
def test_the_sender_learns_every_arrival_to_a_tick(
    start: int, packets: list[tuple[bool, float, float]]
) -> None:
    """Packets leave in order with gaps, get lost, or arrive late by their own delay."""
    events = []
    sent_at = 100.0
    for index, (is_lost, gap, delay) in enumerate(packets):
        sent_at += gap
        if not is_lost:
            events.append((sent_at + delay, (start + index) & 0xFFFF))
    events.sort()
    arrivals = Arrivals(1)
    learnt: dict[int, float] = {}

    def collect(now: float) -> None:
        while (due := arrivals.poll_timeout()) is not None and due <= now:
            for number, at in arrival_times(report(arrivals, max(due, now))).items():
                if at is not None:
                    learnt[number] = at

    for now, number in events:
        collect(now)
        arrivals.receive(now, number)
    collect(sent_at + 10)

    assert learnt == pytest.approx({number: at for at, number in events}, abs=0.000251)
