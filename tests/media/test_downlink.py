"""A viewer's line gets narrow and wide again: what is sent follows, in good order, and the voice first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from media.downlink import Downlink
from media.pacing import Priority
from media.packets import RtpPacket, parse_rtp
from media.rtcp import TransportFeedback
from tests.media.downlink_scene import CC, Line, Second
from tests.media.wire import write_to
from tests.network import Conditions

NEAR = Conditions(delay_s=0.02, rate_bps=2_000_000)
FAR = Conditions(delay_s=0.3, rate_bps=2_000_000)


def median_quality(seconds: list[Second]) -> float:
    shown = sorted(max(second.qualities, default=-1) for second in seconds)
    return shown[len(shown) // 2]


def share_of_voice(seconds: list[Second]) -> float:
    """Frames of voice that arrived, of those spoken."""
    return sum(second.audio_frames for second in seconds) / (50 * len(seconds))


def steps(line: Line, base: Conditions, *kbps: int) -> None:
    for rate in kbps:
        line.down.conditions = replace(base, rate_bps=rate * 1000)
        line.run(12)


def test_a_good_line_carries_the_best_picture_within_seconds() -> None:
    line = Line(NEAR)

    line.run(8)
    later = line.run(20)

    assert median_quality(later) == 2
    assert max(second.queue_s for second in later) < 0.1
    assert share_of_voice(later) > 0.99


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "600 ms"])
def test_a_line_that_narrows_is_followed_within_three_seconds(base: Conditions) -> None:
    line = Line(base)
    line.run(12)

    line.down.conditions = replace(base, rate_bps=256_000)
    line.run(3)
    later = line.run(9)

    assert max(second.target_bps for second in later) < 280_000
    assert share_of_voice(later) > 0.98
    assert all(max(second.qualities, default=0) <= 2 for second in later)
    assert sum(second.video_bps for second in later) / len(later) < 240_000


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "600 ms"])
def test_a_picture_stops_for_the_voice_and_comes_back_by_itself(base: Conditions) -> None:
    line = Line(base)
    steps(line, base, 2000, 256)

    line.down.conditions = replace(base, rate_bps=64_000)
    line.run(4)
    narrow = line.run(10)
    line.down.conditions = replace(base, rate_bps=2_000_000)
    line.run(10)
    wide = line.run(10)

    assert all(second.is_starved for second in narrow)
    assert share_of_voice(narrow) > 0.95
    assert not any(second.is_starved for second in wide)
    assert median_quality(wide) >= 1


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "600 ms"])
@pytest.mark.parametrize("kbps", [64, 32])
def test_a_voice_fits_a_line_that_carries_nothing_else(base: Conditions, kbps: int) -> None:
    line = Line(base, voice_bytes=50)  # 20 kbps of Opus, 45 with all headers in packets of 20 ms
    steps(line, base, 2000, 256)

    line.down.conditions = replace(base, rate_bps=kbps * 1000)
    line.run(6)
    narrow = line.run(20)

    assert share_of_voice(narrow) > 0.95
    late = sorted(delay for second in narrow for delay in second.audio_delays_s)
    assert late[len(late) // 2] < base.delay_s + 0.15


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "600 ms"])
@pytest.mark.parametrize("loss", [0.05, 0.2])
def test_a_voice_is_repeated_where_packets_get_lost(base: Conditions, loss: float) -> None:
    line = Line(replace(base, rate_bps=300_000, loss=loss))
    line.run(8)

    assert share_of_voice(line.run(20)) > 0.96


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "600 ms"])
def test_a_voice_without_a_picture_is_repeated_again_after_a_narrow_spell(base: Conditions) -> None:
    lossy = replace(base, loss=0.15)
    line = Line(replace(lossy, rate_bps=40_000))
    line.consumer.set_paused(line.now, True)  # nothing is left to probe with
    line.run(10)

    line.down.conditions = replace(lossy, rate_bps=1_000_000)
    line.run(15)

    assert share_of_voice(line.run(20)) > 0.96


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "600 ms"])
@pytest.mark.parametrize("spell_s", [3, 8, 30])
@pytest.mark.parametrize("kbps", [64, 30, 12, 0])
def test_a_picture_that_nobody_speaks_beside_comes_back_as_well(
    base: Conditions, kbps: int, spell_s: int
) -> None:
    line = Line(base, voice_bytes=0)  # once the picture has stopped nothing is sent, and nothing reported
    steps(line, base, 2000)
    line.down.conditions = replace(base, rate_bps=256_000)
    line.run(5)

    line.down.conditions = replace(base, rate_bps=kbps * 1000 or 2_000_000, is_down=not kbps)
    line.run(spell_s)
    line.down.conditions = base
    line.run(12)
    wide = line.run(5)

    assert not any(second.is_starved for second in wide)
    assert median_quality(wide) == 2


@pytest.mark.parametrize("kbps", [600, 300])
def test_a_picture_too_large_is_given_up_within_three_seconds(kbps: int) -> None:
    line = Line(NEAR)
    line.run(12)

    line.down.conditions = replace(NEAR, rate_bps=kbps * 1000)
    seconds = line.run(5)

    assert seconds[2].is_starved or max(seconds[2].qualities) < 2


@pytest.mark.parametrize("base", [NEAR, FAR], ids=["40 ms", "300 ms"])
@pytest.mark.parametrize("kbps", [3000, 1600, 700, 256])
def test_on_a_steady_line_the_picture_stays_as_it_is(base: Conditions, kbps: int) -> None:
    line = Line(replace(base, rate_bps=kbps * 1000, queue_s=0.5))
    line.run(15)
    layers = set()
    for _ in range(300):
        line.run(0.1)
        stream = line.consumer.stream
        layers.add((line.consumer.is_starved, stream.quality if stream else -1))

    assert len(layers) == 1


@pytest.mark.parametrize("longer_s", [0.1, 0.2, 0.3])
def test_a_way_that_has_become_longer_is_not_taken_for_a_queue_for_long(longer_s: float) -> None:
    line = Line(replace(NEAR, rate_bps=3_000_000))
    line.run(15)

    line.down.conditions = replace(line.down.conditions, delay_s=NEAR.delay_s + longer_s)
    line.run(5)
    assert line.run(1)[0].target_bps > 1_500_000
    line.run(4)
    assert median_quality(line.run(5)) == 2


def test_starvation_is_told_once_each_way() -> None:
    line = Line(NEAR)
    told: list[bool] = []
    line.consumer.on_starved = lambda consumer: told.append(consumer.is_starved)

    steps(line, NEAR, 2000, 64, 2000)

    assert told == [True, False]


def test_what_gets_lost_is_sent_again_at_once() -> None:
    line = Line(replace(NEAR, loss=0.05, rate_bps=5_000_000))

    line.run(20)

    lost = len(line.nacked)
    assert lost > 100
    assert line.recovered / lost > 0.98  # asked for once: one in twenty repairs is lost, rarely both of two


def test_pictures_are_never_mixed_up_by_the_changes() -> None:
    line = Line(NEAR)
    numbers: list[int] = []
    original = line._count

    def count(second: Second, packet: RtpPacket, size: int, delay_s: float) -> None:
        if packet.ssrc == 77:
            numbers.append(packet.sequence_number)
        original(second, packet, size, delay_s)

    line._count = count  # type: ignore[method-assign]  # a tap on what arrives
    steps(line, replace(NEAR, queue_s=30.0), 2000, 700, 2000, 700)  # nothing is lost, however long it takes

    assert {(b - a) & 0xFFFF for a, b in pairwise(numbers)} == {1}
    assert {0, 1, 2} <= {quality for second in line.history for quality in second.qualities}


def test_a_limit_set_from_above_is_kept() -> None:
    line = Line(NEAR)
    line.run(6)

    line.downlink.limit_bps = 300_000
    line.run(2)
    later = line.run(8)

    assert max(second.video_bps for second in later) < 300_000


def test_without_reports_of_arrival_everything_leaves_at_once() -> None:
    sent: list[bytes] = []
    downlink = Downlink(write_to(sent.append), lambda at: None)

    for number in range(1000):
        downlink.send(0.0, Priority.VIDEO, 96, number, 0, 77, b"", bytes(1000))

    assert len(sent) == 1000
    assert parse_rtp(sent[0]).extensions == ()
    assert downlink.poll_timeout() is None
    downlink.handle_feedback(0.0, TransportFeedback(1, 77, 0, 0, 0, (0,)))  # nothing was numbered: no matter


@pytest.mark.parametrize(
    ("cc", "block"),
    [
        (CC, b""),
        (CC, bytes.fromhex("be de 00 01 52 aa bb cc")),  # beside a one-byte element
        (CC, bytes.fromhex("10 00 00 02 05 04 aa bb cc dd 00 00")),  # beside a two-byte one
        (200, b""),
        (200, bytes.fromhex("10 00 00 02 05 04 aa bb cc dd 00 00")),
    ],
)
def test_running_numbers_join_the_extensions_that_are_there(cc: int, block: bytes) -> None:
    sent: list[RtpPacket] = []
    downlink = Downlink(write_to(lambda packet: sent.append(parse_rtp(packet))), lambda at: None)
    downlink.negotiated(0.0, cc)

    for number in range(300):
        downlink.send(0.0, None, 96, number, 0, 77, block, b"payload")

    assert [packet.extension(cc) for packet in sent] == [n.to_bytes(2, "big") for n in range(300)]
    assert {packet.payload for packet in sent} == {b"payload"}
    others = {packet.extension(5) for packet in sent}
    assert others == (
        {bytes.fromhex("aa bb cc") if block[0] == 0xBE else bytes.fromhex("aa bb cc dd")} if block else {None}
    )
