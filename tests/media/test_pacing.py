"""The pacer keeps its rate and its order, lets audio through, and gives up what waited too long."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.pacing import Pacer, Priority

RATE_BPS = 800_000  # 100 bytes a millisecond


def drain(pacer: Pacer[str], now: float, until: float) -> list[tuple[float, str]]:
    left = []
    while (due_at := pacer.poll_timeout()) is not None and due_at <= until:
        now = max(now, due_at)
        left += [(now, item) for item in pacer.due(now)]
    return left


def test_a_burst_of_forty_milliseconds_leaves_at_once_and_the_next_packet_waits() -> None:
    pacer: Pacer[str] = Pacer(0.0, RATE_BPS)

    passed = [pacer.may_send(1.0, 1000) for _ in range(6)]

    assert passed == [True, True, True, True, False, False]


def test_a_slow_rate_still_passes_one_packet() -> None:
    pacer: Pacer[str] = Pacer(0.0, 10_000)

    assert pacer.may_send(0.0, 1200)
    assert pacer.may_send(0.0, 1200)
    assert not pacer.may_send(0.0, 1200)


def test_what_waits_leaves_at_the_rate_and_in_order() -> None:
    pacer: Pacer[str] = Pacer(0.0, RATE_BPS)
    while pacer.may_send(1.0, 1000):
        pass
    for item in "abcd":
        pacer.queue(Priority.VIDEO, item, 1000, 1.0)

    left = drain(pacer, 1.0, 2.0)

    assert "".join(item for _, item in left) == "abcd"
    assert [at for at, _ in left[1:]] == pytest.approx([1.01, 1.02, 1.03], abs=1e-6)
    assert pacer.queued_bytes == 0
    assert pacer.poll_timeout() is None


def test_nothing_overtakes_what_waits() -> None:
    pacer: Pacer[str] = Pacer(0.0, RATE_BPS)
    pacer.queue(Priority.VIDEO, "first", 1000, 1.0)

    assert not pacer.may_send(1.0, 100)


def test_repairs_go_before_video_and_padding_goes_last() -> None:
    pacer: Pacer[str] = Pacer(0.0, RATE_BPS)
    pacer.queue(Priority.PADDING, "padding", 200, 1.0)
    pacer.queue(Priority.VIDEO, "video", 1000, 1.0)
    pacer.queue(Priority.REPAIR, "repair", 1000, 1.0)

    assert pacer.due(1.0) == ["repair", "video", "padding"]


def test_audio_takes_its_share_without_asking() -> None:
    pacer: Pacer[str] = Pacer(0.0, RATE_BPS)
    for _ in range(50):
        pacer.take(1.0, 100)
    pacer.queue(Priority.VIDEO, "video", 1000, 1.0)

    assert pacer.due(1.0) == []
    assert pacer.poll_timeout() == pytest.approx(1.01)


def test_a_flood_of_audio_holds_video_back_for_half_a_second_at_most() -> None:
    pacer: Pacer[str] = Pacer(0.0, RATE_BPS)
    for _ in range(10_000):
        pacer.take(1.0, 100)
    pacer.queue(Priority.VIDEO, "video", 1000, 1.0)

    due_at = pacer.poll_timeout()

    assert due_at is not None and due_at < 1.6


def test_what_waited_two_seconds_is_dropped_with_its_kind_and_reported() -> None:
    pacer: Pacer[str] = Pacer(0.0, 10_000)
    for _ in range(10):
        pacer.queue(Priority.VIDEO, "old", 1200, 0.0)
    pacer.due(0.0)
    pacer.queue(Priority.VIDEO, "young", 1200, 1.9)
    pacer.queue(Priority.REPAIR, "repair", 100, 1.9)

    left = pacer.due(2.5)

    assert left == ["repair"]
    assert pacer.dropped == 1
    assert pacer.queued_bytes == 0


def test_what_nobody_needs_any_more_is_thrown_away_and_told() -> None:
    pacer: Pacer[str] = Pacer(0.0, 10_000)
    for number, item in enumerate(("a1", "b1", "a2", "b2")):
        pacer.queue(Priority.VIDEO, item, 1000, number / 10)
    pacer.queue(Priority.REPAIR, "a1", 500, 1.0)
    assert pacer.oldest_at(Priority.VIDEO) == 0.0
    assert pacer.oldest_at(Priority.PADDING) == inf

    assert pacer.discard(Priority.VIDEO, lambda item: item.startswith("a")) == ["a1", "a2"]

    assert pacer.queued_bytes == 2500
    assert pacer.oldest_at(Priority.VIDEO) == 0.1
    assert [item for _, item in drain(pacer, 1.0, 10.0)] == ["a1", "b1", "b2"]


@given(
    st.lists(
        st.tuples(st.floats(0, 0.1), st.sampled_from(Priority), st.integers(1, 1500), st.booleans()),
        max_size=200,
    ),
    st.integers(8_000, 10_000_000),
)
def test_never_faster_than_the_rate_and_a_burst(
    steps: list[tuple[float, Priority, int, bool]], rate_bps: int
) -> None:
    pacer: Pacer[int] = Pacer(0.0, rate_bps)
    now = 0.0
    sent_bytes = queued_bytes = 0
    for wait_s, priority, size_bytes, may_pass in steps:
        now += wait_s
        if may_pass and pacer.may_send(now, size_bytes):
            sent_bytes += size_bytes
        else:
            pacer.queue(priority, size_bytes, size_bytes, now)
            queued_bytes += size_bytes
        left = sum(pacer.due(now))
        sent_bytes += left
        queued_bytes -= left
        if not pacer.dropped:
            assert pacer.queued_bytes == queued_bytes
        burst = max(rate_bps / 8 * 0.04, 1500)
        assert sent_bytes <= now * rate_bps / 8 + 2 * burst + 1500 + 1
    if pacer.queued_bytes:
        assert pacer.poll_timeout() is not None
