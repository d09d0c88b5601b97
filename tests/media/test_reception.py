"""Reception of one stream: arrivals, reports and requests for what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.reception import Arrival, Reception

NEW, LATE, DUPLICATE, RESTART = Arrival.NEW, Arrival.LATE, Arrival.DUPLICATE, Arrival.RESTART
CLOCK = 90000


def feed(reception: Reception, *sequence_numbers: int, at: float = 0.0) -> list[Arrival]:
    return [reception.receive(at, number, 0, 100) for number in sequence_numbers]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 3), (NEW, NEW, NEW)),
        ((65534, 65535, 0, 1), (NEW, NEW, NEW, NEW)),
        ((1, 1, 2, 1), (NEW, DUPLICATE, NEW, DUPLICATE)),
        ((1, 4, 2, 3, 3), (NEW, NEW, LATE, LATE, DUPLICATE)),
        ((65535, 1, 0, 65535), (NEW, NEW, LATE, DUPLICATE)),
        ((10, 9, 9, 11), (NEW, LATE, DUPLICATE, NEW)),  # reordered at the very start
        ((0, 65535, 1), (NEW, LATE, NEW)),
        ((1, 3001, 2, 3000), (NEW, NEW, DUPLICATE, LATE)),  # 2 lies too far back to tell
        ((1, 3002, 3003), (NEW, RESTART, NEW)),
        ((5000, 100, 101, 102), (NEW, DUPLICATE, RESTART, NEW)),  # two in a row mean it
        ((5000, 100, 5001, 200, 5002), (NEW, DUPLICATE, NEW, DUPLICATE, NEW)),  # strays
        ((1, 40000, 40001), (NEW, DUPLICATE, RESTART)),  # half the numbers away: behind, by RFC 3550
    ],
)
def test_each_packet_is_told_apart(numbers: tuple[int, ...], expected: tuple[Arrival, ...]) -> None:
    assert tuple(feed(Reception(CLOCK), *numbers)) == expected


def test_counters_tell_what_happened() -> None:
    reception = Reception(CLOCK)

    feed(reception, 1, 2, 5, 3, 3)

    assert (reception.packets, reception.bytes, reception.duplicates, reception.lost) == (4, 400, 1, 1)


@given(
    start=st.integers(0, 0xFFFF),
    steps=st.lists(st.tuples(st.integers(-300, 300), st.booleans()), max_size=200),
)
def test_every_number_is_accepted_exactly_once(start: int, steps: list[tuple[int, bool]]) -> None:
    reception = Reception(CLOCK)
    reception.receive(0.0, start, 0)
    highest, seen = start, {start}
    for step, over_rtx in steps:
        number = highest + step
        method = reception.recover if over_rtx else reception.receive
        arrival = method(0.0, number & 0xFFFF, 0)
        assert (arrival is DUPLICATE) == (number in seen)
        assert arrival in ((DUPLICATE, NEW) if number > highest else (DUPLICATE, LATE))
        seen.add(number)
        highest = max(highest, number)
    assert reception.packets == len(seen)


# Reports


def test_a_report_before_any_packet_says_nothing() -> None:
    report = Reception(CLOCK).report_block(5, 1.0)

    assert (report.ssrc, report.fraction_lost, report.packets_lost, report.highest_sequence) == (5, 0, 0, 0)
    assert (report.last_sr, report.delay_since_last_sr) == (0, 0)


def test_reports_give_the_loss_of_their_interval_and_the_total() -> None:
    reception = Reception(CLOCK)
    feed(reception, *range(65530, 65536), 0, 1)

    first = reception.report_block(5, 1.0)
    feed(reception, 4, 5)  # 2 and 3 lost of four
    second = reception.report_block(5, 2.0)
    third = reception.report_block(5, 3.0)

    assert (first.fraction_lost, first.packets_lost, first.highest_sequence) == (0, 0, 0x10001)
    assert (second.fraction_lost, second.packets_lost, second.highest_sequence) == (128, 2, 0x10005)
    assert (third.fraction_lost, third.packets_lost) == (0, 2)


def test_a_late_packet_takes_its_loss_back() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3)
    reception.report_block(5, 1.0)

    feed(reception, 2)
    report = reception.report_block(5, 2.0)

    assert (report.fraction_lost, report.packets_lost) == (0, 0)


def test_a_packet_recovered_over_rtx_stays_a_loss_in_the_report() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3)

    assert reception.recover(0.1, 2, 0, 100) is LATE

    assert (reception.packets, reception.recovered, reception.lost) == (3, 1, 1)
    assert reception.nacks(1.0) == ()


def test_what_came_only_when_asked_for_is_told_apart_from_what_was_overtaken() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3, 2)
    feed(reception, 6, 7, 8, at=1.0)
    assert reception.nacks(1.02) == (4, 5)

    feed(reception, 4, at=1.05)
    reception.recover(1.05, 5, 0)

    assert (reception.answered, reception.recovered, reception.lost) == (1, 1, 1)


def test_packets_before_the_first_one_do_not_make_the_loss_negative() -> None:
    reception = Reception(CLOCK)

    feed(reception, 10, 9, 8)

    assert reception.report_block(5, 1.0).packets_lost == 0


def test_nearly_everything_lost_fits_the_fraction() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1)
    reception.report_block(5, 1.0)

    feed(reception, 2000)

    assert reception.report_block(5, 2.0).fraction_lost == 255


def test_a_restart_begins_the_loss_anew_and_keeps_the_numbers_growing() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3, 9000, 9001)

    report = reception.report_block(5, 1.0)

    assert (report.fraction_lost, report.packets_lost, report.highest_sequence) == (0, 0, 9001)
    feed(reception, 10, 11)
    assert reception.report_block(5, 2.0).highest_sequence == 0x10000 + 11


def test_the_sender_report_comes_back_with_its_delay() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1)
    reception.sender_report(10.0, 0x1122_3344_5566_7788)

    report = reception.report_block(5, 10.5)

    assert report.last_sr == 0x3344_5566
    assert report.delay_since_last_sr == 32768
    assert reception.report_block(5, 1e6).delay_since_last_sr == 0xFFFFFFFF


def test_a_steady_stream_has_no_jitter() -> None:
    reception = Reception(CLOCK)
    for number in range(60):
        reception.receive(number / 30, number, (number * 3000 - 60000) & 0xFFFFFFFF)

    assert reception.jitter_s == pytest.approx(0, abs=1e-9)


def test_jitter_approaches_the_mean_deviation() -> None:
    reception = Reception(CLOCK)
    for number in range(400):
        reception.receive(number * 0.02 + (0.005 if number % 2 else 0.0), number, number * 1800)

    assert reception.jitter_s == pytest.approx(0.005, rel=0.01)
    assert reception.report_block(5, 8.0).jitter == pytest.approx(450, abs=5)


def test_the_packets_of_one_frame_a_late_packet_and_a_pause_are_not_jitter() -> None:
    reception = Reception(CLOCK)
    reception.receive(0.0, 1, 0)
    reception.receive(0.009, 2, 0)  # same frame, paced
    reception.receive(1 / 30, 4, 3000)
    reception.receive(0.3, 3, 0)  # retransmitted
    reception.receive(60.0, 5, 6000)  # camera was off
    reception.receive(60.0 + 1 / 30, 6, 9000)

    assert reception.jitter_s == pytest.approx(0, abs=1e-9)


# Requests


def test_nothing_is_asked_for_while_nothing_is_missing() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 2, 3)

    assert reception.nacks(1.0) == ()
    assert reception.poll_timeout() is None


def test_a_gap_is_asked_for_after_ten_milliseconds() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3, at=1.0)

    assert reception.nacks(1.0) == ()
    assert reception.poll_timeout() == pytest.approx(1.01)
    assert reception.nacks(1.009) == ()
    assert reception.nacks(1.010) == (2,)


def test_a_gap_is_asked_for_after_two_later_packets() -> None:
    reception = Reception(CLOCK)

    feed(reception, 1, 3, at=1.0)
    assert reception.nacks(1.0) == ()
    feed(reception, 4, at=1.001)

    assert reception.poll_timeout() == pytest.approx(1.001)
    assert reception.nacks(1.001) == (2,)


def test_late_packets_of_the_same_reordering_do_not_hurry_the_request() -> None:
    reception = Reception(CLOCK)

    feed(reception, 1, 5, 2, 3, at=1.0)

    assert reception.nacks(1.0) == ()
    assert feed(reception, 4, at=1.001) == [LATE]
    assert reception.poll_timeout() is None


def test_a_gap_across_the_wrap_is_asked_for_by_its_wire_numbers() -> None:
    reception = Reception(CLOCK)
    feed(reception, 65534, 1)

    assert reception.nacks(0.1) == (65535, 0)


def test_requests_go_twice_and_repeat_at_the_round_trip_until_ten() -> None:
    reception = Reception(CLOCK)
    reception.set_rtt(0.05)
    feed(reception, 1, 3)

    asked_at = []
    now = 0.0
    while (timeout := reception.poll_timeout()) is not None:
        now = max(now, timeout)
        if reception.nacks(now):
            asked_at.append(now)

    assert asked_at[::2] == pytest.approx([0.01 + 0.05 * n for n in range(10)])
    assert asked_at[1::2] == pytest.approx([0.015 + 0.05 * n for n in range(10)])
    assert reception.abandoned == 1
    assert not reception.needs_key_frame


def test_without_a_known_round_trip_requests_are_a_hundred_milliseconds_apart() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3)

    assert reception.nacks(0.010) == (2,)
    assert reception.nacks(0.015) == (2,)
    assert reception.nacks(0.109) == ()
    assert reception.nacks(0.110) == (2,)


@pytest.mark.parametrize(("round_trip_s", "repeat_s"), [(0.001, 0.021), (0.040, 0.060), (0.400, 0.420)])
def test_the_round_trip_is_learnt_from_answered_requests(round_trip_s: float, repeat_s: float) -> None:
    reception = Reception(CLOCK)
    feed(reception, *range(0, 40, 2))
    reception.nacks(0.010)
    reception.nacks(0.015)
    for number in range(1, 17, 2):
        reception.recover(0.010 + round_trip_s * (3 if number < 7 else 1), number, 0)  # three lost once

    feed(reception, 100, at=1.0)
    for now in (1.010, 1.015, 1.010 + repeat_s - 0.001):
        reception.nacks(now)

    assert reception.poll_timeout() == pytest.approx(1.010 + repeat_s)


def test_on_a_local_network_requests_are_twenty_milliseconds_apart() -> None:
    reception = Reception(CLOCK)
    reception.set_rtt(0.001)
    feed(reception, 1, 3)

    assert reception.nacks(0.010) == (2,)
    assert reception.nacks(0.015) == (2,)
    assert reception.nacks(0.029) == ()
    assert reception.nacks(0.030) == (2,)


def test_after_a_second_nobody_needs_the_packet_any_more() -> None:
    reception = Reception(CLOCK)
    reception.set_rtt(0.6)
    feed(reception, 1, 3)

    assert reception.nacks(0.01) == (2,)
    assert reception.nacks(0.61) == (2,)
    assert reception.nacks(1.21) == ()
    assert reception.poll_timeout() is None
    assert reception.abandoned == 1


def test_a_later_gap_keeps_its_own_clock() -> None:
    reception = Reception(CLOCK)
    feed(reception, 1, 3, at=0.0)
    feed(reception, 5, at=0.005)

    assert reception.nacks(0.005) == (2,)  # overtaken by 3 and 5
    assert reception.nacks(0.010) == (2,)  # the same once more
    assert reception.poll_timeout() == pytest.approx(0.015)
    assert reception.nacks(0.015) == (4,)


def test_a_gap_too_wide_to_repair_asks_for_a_key_frame() -> None:
    reception = Reception(CLOCK, most_missing=8)
    feed(reception, 1, 4)

    feed(reception, 12)

    assert reception.needs_key_frame
    assert reception.abandoned == 9
    assert reception.nacks(1.0) == ()
    assert feed(reception, 11) == [LATE]  # still welcome


@pytest.mark.parametrize("next_number", [2600, 9000])
def test_a_jump_asks_for_a_key_frame(next_number: int) -> None:
    reception = Reception(CLOCK)

    feed(reception, 1, 2, next_number)

    assert reception.needs_key_frame
    assert reception.poll_timeout() is None


def test_a_stream_without_requests_never_asks() -> None:
    reception = Reception(48000, most_missing=0)

    assert feed(reception, 1, 3, 900, 2) == [NEW, NEW, NEW, LATE]

    assert reception.nacks(1.0) == ()
    assert reception.poll_timeout() is None
    assert not reception.needs_key_frame
    assert reception.lost == 896


def test_rtx_ahead_of_the_stream_counts_as_the_stream() -> None:
    reception = Reception(CLOCK)

    assert reception.recover(0.0, 7, 0) is NEW
    assert reception.recover(0.0, 8, 0) is NEW
    assert feed(reception, 8) == [DUPLICATE]


@pytest.mark.parametrize("number", [10, 5000 - 2048, 9000])
def test_rtx_never_restarts_a_stream(number: int) -> None:
    reception = Reception(CLOCK)
    feed(reception, 5000)

    assert reception.recover(0.0, number, 0) is DUPLICATE
    assert reception.recover(0.0, number + 1, 0) in (DUPLICATE, LATE)
    assert feed(reception, 5001) == [NEW]
