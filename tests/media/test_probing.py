"""A probe is asked for when it is wanted, goes up while it finds room, and waits when it does not."""

from __future__ import annotations

import pytest

from media.probing import Finding, Probes, measure

RTT_S = 0.1


def send(probes: Probes, probe_id: int, size_bytes: int) -> None:
    probes.sent(probe_id, 1, size_bytes)


def test_nobody_probes_for_what_nobody_wants() -> None:
    probes = Probes(0.0)

    assert probes.next(0.0, 300_000, 300_000, RTT_S, 0.0) is None


def test_the_first_probe_is_three_times_the_target_and_small() -> None:
    probe = Probes(0.0).next(0.0, 300_000, 10e6, RTT_S, 0.0)

    assert probe is not None
    assert probe.rate_bps == 900_000
    assert probe.size_bytes * 8 <= 0.08 * 300_000  # on a path that is full at the target: 80 ms of queue
    assert probe.size_bytes >= 5 * probe.packet_bytes


def test_room_is_followed_by_a_higher_probe_at_once_but_not_beyond_what_is_wanted() -> None:
    probes = Probes(0.0)
    rates = []
    target = 300_000.0
    for step in range(6):
        probe = probes.next(step, target, 2e6, RTT_S, 0.0)
        if probe is None:
            break
        rates.append(probe.rate_bps)
        send(probes, probe.id, probe.size_bytes)
        assert probes.is_sent
        target = probe.rate_bps
        probes.finish(step, Finding(target, is_full=False), target)

    assert rates == [900_000, 1_800_000, 2_300_000]


def test_a_full_path_is_left_alone_for_seconds() -> None:
    probes = Probes(0.0)
    probe = probes.next(0.0, 300_000, 2e6, RTT_S, 0.0)
    assert probe is not None
    send(probes, probe.id, probe.size_bytes)

    probes.finish(0.2, Finding(280_000, is_full=True), 300_000)

    assert probes.next(3.0, 300_000, 2e6, RTT_S, 0.0) is None
    assert probes.next(3.3, 300_000, 2e6, RTT_S, 0.0) is not None


def test_a_limit_far_above_what_was_known_is_looked_at_again_soon() -> None:
    probes = Probes(0.0)
    probe = probes.next(0.0, 250_000, 2e6, RTT_S, 0.0)
    assert probe is not None
    send(probes, probe.id, probe.size_bytes)

    probes.finish(0.2, Finding(440_000, is_full=True), 250_000)

    assert probes.next(1.0, 440_000, 2e6, RTT_S, 0.0) is None
    assert probes.next(1.3, 440_000, 2e6, RTT_S, 0.0) is not None


def test_failures_before_a_collapse_do_not_count_after_it() -> None:
    probes = Probes(0.0)
    for at in (0.0, 5.0, 10.0):
        probe = probes.next(at, 300_000, 2e6, RTT_S, 0.0)
        assert probe is not None
        send(probes, probe.id, probe.size_bytes)
        probes.finish(at + 0.2, Finding(280_000, is_full=True), 300_000)

    probes.wait(11.0)
    assert probes.next(12.1, 250_000, 2e6, RTT_S, 0.0) is None
    probes.wait(11.0, is_collapse=True)
    assert probes.next(12.1, 100_000, 2e6, RTT_S, 0.0) is not None


def test_a_probe_that_got_lost_is_repeated() -> None:
    probes = Probes(0.0)
    probe = probes.next(0.0, 300_000, 2e6, RTT_S, 0.0)
    assert probe is not None

    assert probes.next(1.0, 300_000, 2e6, RTT_S, 0.0) is None  # its feedback may still come
    assert probes.next(1.3, 300_000, 2e6, RTT_S, 0.0) is None
    again = probes.next(2.4, 300_000, 2e6, RTT_S, 0.0)

    assert again is not None
    assert again.id != probe.id
    assert again.rate_bps == probe.rate_bps


@pytest.mark.parametrize(
    ("sent_s", "arrived_s", "found"),
    [
        (0.02, 0.02, Finding(400_000, is_full=False)),
        (0.02, 0.04, Finding(0.95 * 200_000, is_full=True)),
        (0.02, 0.015, Finding(400_000, is_full=False)),  # never more than was sent
        (0.02, 0.005, None),  # held up and let go somewhere: no measure
        (0.0, 0.02, None),
        (0.02, -1.0, None),
    ],
)
def test_what_a_thousand_bytes_show(sent_s: float, arrived_s: float, found: Finding | None) -> None:
    assert measure(1000, sent_s, arrived_s, 1000) == found
