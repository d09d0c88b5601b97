"""The estimate finds what a path carries, follows it, shares it, and believes nobody who lies.

Everything runs in simulated time through `flows`; reports cross a link of their own as bytes.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.bandwidth import FLOOR_BPS, Bandwidth
from media.probing import Probe
from media.rtcp import TransportFeedback
from tests.media.flows import MediaFlow, SharedLink, TcpFlow
from tests.network import Conditions

KBPS, MBPS = 1e3, 1e6
STEPS = ((0, 2 * MBPS), (20, 256 * KBPS), (40, 64 * KBPS), (60, 24 * KBPS), (80, 64 * KBPS), (100, 2 * MBPS))


def call(seconds: float, conditions: Conditions, **flow: float) -> MediaFlow:
    """One flow alone on a link for so long."""
    shared = SharedLink(conditions)
    media = MediaFlow(shared, **flow)  # type: ignore[arg-type]  # numbers by name
    shared.run(seconds)
    return media


@pytest.mark.parametrize("rtt_s", [0.02, 0.2])
@pytest.mark.parametrize("rate_bps", [300 * KBPS, 1 * MBPS, 3 * MBPS])
@pytest.mark.parametrize("queue_s", [0.3, 1.0])
def test_a_steady_link_is_used_and_its_queue_stays_short(
    rate_bps: float, rtt_s: float, queue_s: float
) -> None:
    flow = call(45, Conditions(rate_bps=rate_bps, delay_s=rtt_s / 2, queue_s=queue_s))

    record = flow.record
    assert 0.75 <= record.rate_bps(15, 45) / rate_bps <= 1
    assert record.queueing_ms(15, 45, 0.5, rtt_s / 2) < 50
    assert record.queueing_ms(15, 45, 0.95, rtt_s / 2) < 100
    assert record.time_until(0, 45, above=0.75 * rate_bps) < 2
    assert flow.bandwidth.rtt_s == pytest.approx(rtt_s + 0.06, abs=0.06)  # with the wait for the report
    assert flow.bandwidth.loss < 0.02


@pytest.mark.parametrize("rtt_s", [0.02, 0.2, 0.6])
@pytest.mark.parametrize("queue_s", [0.3, 1.0])
def test_steps_are_followed_down_in_three_seconds_and_up_in_ten(rtt_s: float, queue_s: float) -> None:
    shared = SharedLink(Conditions(rate_bps=STEPS[0][1], delay_s=rtt_s / 2, queue_s=queue_s))
    for at, rate_bps in STEPS[1:]:
        shared.change(at, rate_bps=rate_bps)
    flow = MediaFlow(shared)
    shared.run(120)

    record = flow.record
    for (_, before), (at, rate_bps) in pairwise(STEPS):
        end = at + 20
        if rate_bps < before:
            assert record.time_until(at, end, below=rate_bps) < 3
        else:
            assert record.time_until(at, end, above=0.75 * rate_bps) < 10
        settled = [bps for when, bps in record.targets if at + 12 < when < end]
        assert 0.4 * rate_bps < min(settled) and max(settled) < 1.4 * rate_bps
        assert record.rate_bps(at + 10, end) > 0.55 * rate_bps
        assert record.queueing_ms(at + 10, end, 0.5, rtt_s / 2) < 100


@pytest.mark.parametrize("loss", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("rate_bps", [300 * KBPS, 3 * MBPS])
def test_random_loss_does_not_drive_the_rate_down(rate_bps: float, loss: float) -> None:
    flow = call(60, Conditions(rate_bps=rate_bps, delay_s=0.05, loss=loss))

    assert flow.record.rate_bps(20, 60) > 0.75 * (1 - loss) * rate_bps
    assert flow.record.queueing_ms(20, 60, 0.5, 0.05) < 100
    assert flow.bandwidth.loss == pytest.approx(loss, abs=0.08)


@pytest.mark.parametrize("loss", [0.05, 0.2])
def test_steps_are_followed_with_loss_and_a_satellite_round_trip(loss: float) -> None:
    shared = SharedLink(Conditions(rate_bps=2 * MBPS, delay_s=0.3, loss=loss))
    shared.change(20, rate_bps=256 * KBPS)
    shared.change(40, rate_bps=64 * KBPS)
    flow = MediaFlow(shared)
    shared.run(60)

    for at, rate_bps in ((20, 256 * KBPS), (40, 64 * KBPS)):
        assert flow.record.time_until(at, at + 20, below=rate_bps) < 3
        assert flow.record.rate_bps(at + 8, at + 20) > 0.5 * (1 - loss) * rate_bps


def test_losses_of_a_queue_too_short_to_be_seen_are_congestion() -> None:
    shared = SharedLink(Conditions(rate_bps=1 * MBPS, delay_s=0.05, queue_s=0.04))
    flow = MediaFlow(shared)
    shared.run(60)

    assert flow.record.rate_bps(15, 60) > 0.75 * MBPS
    assert max(bps for at, bps in flow.record.targets if at > 15) < 1.5 * MBPS
    assert shared.link.lost < 0.1 * shared.link.sent


@pytest.mark.parametrize("rate_bps", [300 * KBPS, 3 * MBPS])
def test_two_of_us_share(rate_bps: float) -> None:
    shared = SharedLink(Conditions(rate_bps=rate_bps, delay_s=0.02, queue_s=0.3))
    first = MediaFlow(shared)
    second = MediaFlow(shared, starts_at=15)
    shared.run(90)

    shares = [flow.record.rate_bps(40, 90) / rate_bps for flow in (first, second)]
    assert min(shares) > 0.15
    assert 0.75 < sum(shares) <= 1
    assert first.record.queueing_ms(40, 90, 0.5, 0.02) < 100


@pytest.mark.parametrize("rate_bps", [1 * MBPS, 3 * MBPS])
@pytest.mark.parametrize("queue_s", [0.3, 1.0])
def test_a_download_and_we_share(rate_bps: float, queue_s: float) -> None:
    shared = SharedLink(Conditions(rate_bps=rate_bps, delay_s=0.1, queue_s=queue_s))
    media = MediaFlow(shared)
    download = TcpFlow(shared, starts_at=15)
    shared.run(90)

    assert media.record.rate_bps(40, 90) > 0.1 * rate_bps
    assert download.record.rate_bps(40, 90) > 0.2 * rate_bps


def test_what_is_not_used_neither_grows_nor_sags() -> None:
    conditions = Conditions(rate_bps=3 * MBPS, delay_s=0.025, jitter_s=0.03)

    idle = call(120, conditions, uses_bps=100 * KBPS, wants_bps=0)

    targets = [bps for at, bps in idle.record.targets if at > 5]
    assert idle.probes == 0
    assert max(targets) < 400 * KBPS
    assert min(targets) > 200 * KBPS


def test_an_upgrade_that_is_wanted_is_found_by_probing_and_kept() -> None:
    conditions = Conditions(rate_bps=3 * MBPS, delay_s=0.025)

    flow = call(60, conditions, uses_bps=150 * KBPS, wants_bps=1.7 * MBPS)

    assert flow.record.time_until(0, 60, above=1.7 * MBPS) < 3
    assert min(bps for at, bps in flow.record.targets if at > 5) >= 1.7 * MBPS
    assert flow.probes < 10


def test_a_probe_does_not_find_what_is_not_there() -> None:
    conditions = Conditions(rate_bps=300 * KBPS, delay_s=0.025)

    flow = call(60, conditions, uses_bps=100 * KBPS, wants_bps=1.7 * MBPS)

    assert max(bps for at, bps in flow.record.targets) < 330 * KBPS
    assert flow.record.queueing_ms(0, 60, 0.95, 0.025) < 100


@pytest.mark.parametrize("rtt_s", [0.05, 0.6])
def test_the_rate_is_back_soon_after_a_tunnel(rtt_s: float) -> None:
    shared = SharedLink(Conditions(rate_bps=2 * MBPS, delay_s=rtt_s / 2))
    shared.change(20, is_down=True)
    shared.change(50, is_down=False)
    flow = MediaFlow(shared)
    shared.run(70)

    assert flow.record.target_at(50) <= 2 * FLOOR_BPS
    assert flow.record.time_until(50, 70, above=1 * MBPS) < 5


def test_lost_reports_are_not_lost_packets() -> None:
    shared = SharedLink(Conditions(rate_bps=1 * MBPS, delay_s=0.05))
    flow = MediaFlow(shared, back=Conditions(delay_s=0.05, jitter_s=0.05, loss=0.3, reorder=0.1))
    shared.run(45)

    assert flow.record.rate_bps(15, 45) > 0.75 * MBPS
    assert flow.bandwidth.loss < 0.02


def test_reordering_and_jitter_are_not_congestion() -> None:
    flow = call(45, Conditions(rate_bps=1 * MBPS, delay_s=0.05, jitter_s=0.02, reorder=0.02))

    assert flow.record.rate_bps(15, 45) > 0.75 * MBPS


def test_a_client_that_is_never_heard_gets_less_and_less() -> None:
    bandwidth = Bandwidth(0.0)
    for number in range(200):
        bandwidth.packet_sent(number / 50, 200)
        bandwidth.handle_timeout(number / 50)

    assert bandwidth.target_bps == 300_000  # nothing is known of the client yet

    for number in range(200, 3000):
        bandwidth.packet_sent(number / 50, 200)
        bandwidth.handle_timeout(number / 50)

    assert bandwidth.target_bps < 50_000


def test_a_report_that_does_not_come_in_time_means_a_queue() -> None:
    bandwidth = Bandwidth(0.0)
    bandwidth.packet_sent(0.0, 1000)
    assert not bandwidth.is_clogged(9.0)  # perhaps this client never reports
    bandwidth.handle_feedback(0.1, feedback(0, (0,)))
    assert not bandwidth.is_clogged(9.0)  # nothing is in flight

    bandwidth.packet_sent(1.0, 1000)
    bandwidth.packet_sent(1.1, 1000)
    assert not bandwidth.is_clogged(1.2)
    assert bandwidth.is_clogged(1.3)

    bandwidth.handle_feedback(1.3, feedback(1, (0,), 1024))
    assert not bandwidth.is_clogged(1.32)  # of the second one it may still come
    bandwidth.handle_feedback(1.4, feedback(2, (0,), 1088))
    assert not bandwidth.is_clogged(9.0)


def test_after_a_collapse_the_rate_of_the_new_line_is_looked_for_at_once() -> None:
    shared = SharedLink(Conditions(rate_bps=2 * MBPS, delay_s=0.025))
    shared.change(20, rate_bps=256 * KBPS)
    flow = MediaFlow(shared)
    shared.run(40)

    assert flow.record.time_until(22, 40, above=200 * KBPS) < 2


def test_the_last_packet_before_a_pause_may_get_lost() -> None:
    bandwidth = Bandwidth(0.0)
    for index in range(20):
        bandwidth.packet_sent(index / 50, 200)
    bandwidth.handle_feedback(0.5, feedback(0, (4,) * 19))

    for second in range(1, 60):
        bandwidth.handle_timeout(second)
    bandwidth.packet_sent(60.0, 200)
    bandwidth.handle_timeout(60.1)

    assert bandwidth.target_bps == 300_000
    assert bandwidth.poll_timeout() == pytest.approx(61 + 2 * (bandwidth.rtt_s or 0))


def test_numbers_wrap_and_are_never_given_twice_in_a_row() -> None:
    bandwidth = Bandwidth(0.0)

    numbers = [bandwidth.packet_sent(index / 1000, 100) for index in range(70_000)]

    assert numbers[:3] == [0, 1, 2]
    assert numbers[65_535:65_538] == [65_535, 0, 1]


def test_reports_go_on_after_the_numbers_and_the_clock_wrap() -> None:
    flow = call(400, Conditions(rate_bps=1.8 * MBPS, delay_s=0.01))  # 65,536 packets are 300 s of it

    assert flow.record.rate_bps(350, 400) > 0.75 * 1.8 * MBPS


# -- clients without transport-wide feedback -------------------------------------------------------


def test_a_client_that_reports_loss_alone_is_followed() -> None:
    bandwidth = Bandwidth(0.0)
    targets = []
    for second in range(60):
        lost = 0.0 if second < 30 else 0.3
        for packet in range(50):
            bandwidth.packet_sent(second + packet / 50, bandwidth.target_bps // 400)
        bandwidth.handle_loss_report(second + 1, lost, 0.08)
        targets.append(bandwidth.target_bps)

    assert targets[29] > 900_000
    assert targets[59] < 100_000
    assert bandwidth.rtt_s == pytest.approx(0.08)
    assert bandwidth.loss > 0.25


def test_a_bound_of_the_client_is_heeded() -> None:
    bandwidth = Bandwidth(0.0)

    bandwidth.handle_remb(1.0, 120_000)
    assert bandwidth.target_bps == 120_000
    assert bandwidth.next_probe(1.0, 2e6) is None

    bandwidth.handle_remb(2.0, 5_000_000)
    assert bandwidth.target_bps == 300_000


# -- lies --------------------------------------------------------------------------------------------


def feedback(base: int, deltas: tuple[int | None, ...], reference_ms: int = 0) -> TransportFeedback:
    return TransportFeedback(1, 2, base, reference_ms, 0, deltas)


def test_packets_that_were_never_sent_count_for_nothing() -> None:
    bandwidth = Bandwidth(0.0)
    for index in range(100):
        bandwidth.packet_sent(index / 100, 1000)

    for index in range(50):
        bandwidth.handle_feedback(1 + index / 100, feedback(200 + index * 1000, (1,) * 1000))

    assert bandwidth.target_bps == 300_000
    assert bandwidth.rtt_s is None


def test_a_client_cannot_claim_more_than_it_was_sent() -> None:
    bandwidth = Bandwidth(0.0)
    for index in range(20_000):  # 200 kbps for 100 s, said to arrive all at once, again and again
        number = bandwidth.packet_sent(index / 200, 125)
        if index % 20 == 19:
            for _ in range(3):
                report = feedback(number - 19 & 0xFFFF, (0,) * 20, int(index / 200 * 1000) // 64 * 64)
                bandwidth.handle_feedback(index / 200, report)

    assert bandwidth.target_bps <= 1.5 * 200_000 + 10_000


def test_a_probe_shows_no_more_than_it_sent() -> None:
    bandwidth = Bandwidth(0.0)
    probe = bandwidth.next_probe(0.0, 5e6)
    assert probe is not None
    count = probe.size_bytes // probe.packet_bytes + 1
    spacing_s = 8 * probe.packet_bytes / probe.rate_bps
    for index in range(count):
        bandwidth.packet_sent(index * spacing_s, probe.packet_bytes, probe.id)

    bandwidth.handle_feedback(0.2, feedback(0, (4, *[3] * (count - 1))))

    assert bandwidth.target_bps <= 1.05 * probe.rate_bps


deltas = st.one_of(st.none(), st.integers(-0x8000, 0x7FFF), st.integers(0, 20))
reports = st.builds(
    feedback,
    st.integers(0, 0xFFFF),
    st.lists(deltas, max_size=60).map(tuple),
    st.one_of(
        st.integers(0, 400).map(lambda n: n * 64), st.integers(-(1 << 23), 1 << 23).map(lambda n: n * 64)
    ),
)
steps = st.tuples(
    st.floats(0, 3),
    st.one_of(
        reports,
        st.integers(0, 1500),
        st.floats(-1, 2),
        st.sampled_from(["probe", "timeout", "remb"]),
    ),
)


@given(st.lists(steps, max_size=80))
def test_nothing_raises_and_the_target_stays_within_its_bounds(
    script: list[tuple[float, TransportFeedback | int | float | str]],
) -> None:
    bandwidth = Bandwidth(0.0, floor_bps=20_000, ceiling_bps=2_000_000)
    probe: Probe | None = None
    now = 0.0
    for wait_s, step in script:
        now += wait_s
        if isinstance(step, TransportFeedback):
            bandwidth.handle_feedback(now, step)
        elif isinstance(step, int):
            for index in range(10):
                bandwidth.packet_sent(now + index / 1000, step, probe.id if probe else 0)
            now += 0.01
        elif isinstance(step, float):
            bandwidth.handle_loss_report(now, step, abs(step))
        elif step == "probe":
            probe = bandwidth.next_probe(now, 1e6) or probe
        elif step == "timeout":
            bandwidth.handle_timeout(now)
        else:
            bandwidth.handle_remb(now, int(wait_s * 200_000))
        assert 20_000 <= bandwidth.target_bps <= 2_000_000
        assert 0 <= bandwidth.loss <= 1
        assert bandwidth.rtt_s is None or 0 < bandwidth.rtt_s <= 5
        timeout = bandwidth.poll_timeout()
        assert timeout is None or timeout > 0
