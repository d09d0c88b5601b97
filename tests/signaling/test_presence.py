"""Presence: whoever is heard stays, whoever is silent goes in the end, and asking never turns in circles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.rtc import LeaveRequest

from signaling.rtc.presence import FAILURE_GRACE_S, GOING_AWAY_GRACE_S, LOST_S, Presence

ABSENCE_S = 60.0
EVENTS = st.lists(
    st.tuples(st.sampled_from(["heard", "lost", "closed", "resumed"]), st.floats(0.01, 40.0)), max_size=30
)


def settle(presence: Presence, until: float, start: float) -> str:
    """Ask whenever a deadline comes, as a room does; how it ended: `here` or `gone`."""
    now, asked = start, 0
    while now < until:
        asked += 1
        assert asked < 100, "a deadline that does not lie ahead would keep a room busy for ever"
        verdict = presence.verdict(now)
        if verdict is not None and verdict.is_farewell:
            return "gone"
        if verdict is not None:
            assert verdict.action == LeaveRequest.Action.RESUME and presence.is_signalled
            presence.signal_lost(now)
        presence.is_lost(now)
        deadline = presence.next_deadline(now)
        assert deadline > now
        now = deadline
    return "here"


def apply(presence: Presence, event: str, now: float) -> None:
    """One event."""
    match event:
        case "heard":
            presence.heard(now)
        case "lost":
            presence.signal_lost(now)
        case "closed":
            presence.signal_lost(now, is_going_away=True)
        case "resumed":
            presence.resumed(now)


@given(EVENTS)
def test_silence_ends_a_stay_and_sound_never_does(events: list[tuple[str, float]]) -> None:
    presence, now = Presence(0.0, 60.0, ABSENCE_S), 0.0
    presence.activated(now)
    heard_at = given_a_chance_at = now
    for event, later in events:
        if settle(presence, now + later, now) == "gone":
            assert now + later - heard_at >= GOING_AWAY_GRACE_S, "gone though it was heard"
            return
        now += later
        apply(presence, event, now)
        heard_at = now if event == "heard" else heard_at
        given_a_chance_at = now if event in ("heard", "resumed") else given_a_chance_at

    assert settle(presence, given_a_chance_at + ABSENCE_S + 1, now) == "gone"


@given(EVENTS)
def test_a_connection_that_ended_for_good_is_never_waited_for(events: list[tuple[str, float]]) -> None:
    presence = Presence(0.0, 60.0, ABSENCE_S)
    presence.activated(0.0)
    presence.media_failed(0.0)
    for event, _ in events:
        apply(presence, event, 1.0)

    assert presence.verdict(FAILURE_GRACE_S - 0.1) is None
    assert presence.verdict(FAILURE_GRACE_S) is not None


def test_lost_is_said_after_a_while_and_taken_back_at_once() -> None:
    presence = Presence(0.0, 60.0, ABSENCE_S)
    assert not presence.is_lost(1e6), "nothing came yet that could be missed"
    presence.activated(10.0)

    assert not presence.is_lost(9.9 + LOST_S)
    assert presence.is_lost(10.0 + LOST_S)
    presence.heard(23.0)
    assert not presence.is_lost(23.0)
