"""A line's rating falls with whatever is bad about it, and is told as changes to whom it concerns."""

from __future__ import annotations

import pytest
from livekit.protocol.models import ConnectionQuality

from media import LineReport
from signaling.rtc.attendance import ASSESSMENT_INTERVAL_S
from signaling.rtc.line_quality import PERFECT, rate
from tests.signaling.scripted_room import Client, Script

EXCELLENT, GOOD, POOR = ConnectionQuality.EXCELLENT, ConnectionQuality.GOOD, ConnectionQuality.POOR


@pytest.mark.parametrize(
    ("report", "quality"),
    [
        (LineReport(), EXCELLENT),
        (LineReport(rtt_s=0.08, jitter_s=0.005), EXCELLENT),
        (LineReport(loss_down=0.01), EXCELLENT),
        (LineReport(loss_up=0.05), GOOD),
        (LineReport(loss_down=0.05), GOOD),
        (LineReport(rtt_s=0.6), GOOD),  # a satellite
        (LineReport(rtt_s=0.6, loss_down=0.1), POOR),
        (LineReport(loss_up=0.2), POOR),
        (LineReport(loss_up=1.0), POOR),  # LOST is never decided here
        (LineReport(is_reduced=True), GOOD),
        (LineReport(is_starved=True), POOR),
    ],
)
def test_a_line_is_as_good_as_its_worst_side(report: LineReport, quality: ConnectionQuality) -> None:
    assert rate([LineReport(), report]).quality == quality


def test_scores_are_opinions_from_one_to_five_and_fall_with_loss() -> None:
    scores = [rate([LineReport(loss_down=loss / 100)]).score for loss in range(101)]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 4.3 and scores[-1] == 1.0
    assert rate([]).quality == PERFECT.quality


def ratings(client: Client) -> dict[str, ConnectionQuality]:
    updates = [info for update in client.told("connection_quality") for info in update.updates]
    return {info.participant_sid: info.quality for info in updates}


def test_a_change_is_told_once_to_everybody_and_taken_back() -> None:
    script = Script()
    clients = one, _ = script.joined("a"), script.joined("b")
    script.elapse(ASSESSMENT_INTERVAL_S)
    for client in clients:
        client.outbox()

    one.up.line = LineReport(loss_down=0.3)
    script.elapse(ASSESSMENT_INTERVAL_S)
    assert [ratings(client) for client in clients] == [{one.member.sid: POOR}] * 2

    script.elapse(3 * ASSESSMENT_INTERVAL_S)
    assert [ratings(client) for client in clients] == [{}, {}]

    one.up.line = LineReport()
    script.elapse(ASSESSMENT_INTERVAL_S)
    assert [ratings(client) for client in clients] == [{one.member.sid: EXCELLENT}] * 2


def test_a_picture_that_starves_is_told_to_its_viewer_alone() -> None:
    script = Script()
    publisher, viewer, other = script.joined("p"), script.joined("v"), script.joined("o")
    sid = publisher.publish("camera", is_video=True)
    consumer = viewer.consumers[sid]
    for client in (viewer, other):
        client.outbox()

    for is_starved in (True, False):
        consumer.is_starved = is_starved
        assert callable(consumer.on_starved)
        consumer.on_starved(consumer)

    states = [state for update in viewer.told("stream_state_update") for state in update.stream_states]
    assert [(state.track_sid, state.state) for state in states] == [(sid, 1), (sid, 0)]
    assert other.told("stream_state_update") == []
