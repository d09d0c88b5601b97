"""The supervisor's wall: which calls break a limit, in which order they stand, who could answer."""

from datetime import UTC, datetime, timedelta

from field_assist.wall import Breach, Desk, Limits, Post, Specialist, breaches, desks, in_order

NOW = datetime(2026, 11, 27, 1, 25, tzinfo=UTC)
LIMITS = Limits(wait_s=180)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def test_a_request_that_waits_longer_than_the_limit_breaks_it() -> None:
    assert breaches(NOW, Post("c", ago(200), waiting_since=ago(180)), LIMITS) == ()
    assert breaches(NOW, Post("c", ago(200), waiting_since=ago(181)), LIMITS) == (Breach.WAIT,)


def test_a_guest_alone_for_a_minute_is_graver_than_any_wait() -> None:
    post = Post("c", ago(400), waiting_since=ago(380), guests_in=1)

    assert breaches(NOW, post, LIMITS) == (Breach.UNATTENDED, Breach.WAIT)
    assert breaches(NOW, Post("c", ago(400), guests_in=1, staff_in=1), LIMITS) == ()
    assert breaches(NOW, Post("c", ago(30), guests_in=1), LIMITS) == ()


def test_a_call_that_is_over_and_owes_a_call_back_ages_from_the_ticket() -> None:
    assert breaches(NOW, Post("c", None, ticket_since=ago(3601)), LIMITS) == (Breach.TICKET,)


def test_what_breaks_a_limit_stands_first_and_the_oldest_of_a_kind_before_the_others() -> None:
    posts = [
        Post("quiet and old", ago(3000)),
        Post("waits", ago(300), waiting_since=ago(200)),
        Post("lost", ago(100), has_lost=True, staff_in=2),
        Post("waits longer", ago(500), waiting_since=ago(400)),
        Post("quiet", ago(50)),
    ]

    ordered = [post.id for post, _ in in_order(NOW, posts, LIMITS)]

    assert ordered == ["waits longer", "waits", "lost", "quiet and old", "quiet"]


def test_staffing_counts_who_could_answer_who_talks_and_what_waits() -> None:
    specialists = [
        Specialist(("road", "slope"), may_ring=True, is_in_call=False),
        Specialist(("slope",), may_ring=False, is_in_call=True),
    ]

    found = {desk.topic: desk for desk in desks(specialists, ["slope", "building"])}

    assert found["slope"] == Desk("slope", free=1, talking=1, waiting=1)
    assert found["building"] == Desk("building", free=0, talking=0, waiting=1)
    assert "farm" not in found
