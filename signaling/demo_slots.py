"""The demo's free slots: thirty days of the tennis courts, and of the nursery for sick children.

Each time the demo is filled again, the courts' next Saturday morning is given back, or taken again: so that
whoever follows them sees both notices.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from field_assist import JST, Session, Store, concierge
from signaling import slot_intake
from signaling.accounts.access_log import COMMAND_LINE

DAYS = 30
FEEDS = (
    ("demo", ("あまね県", "990001"), "F020", ("1番コート", "2番コート", "3番コート"), range(8, 20, 2)),
    ("demo-city", ("あまね市", "992011"), "F036", ("",), range(8, 18, 10)),
)
_SATURDAY = 5

slots, slot_lists = concierge.slots, concierge.slot_lists


def fill(store: Store, at: datetime) -> None:
    """Take in both lists as of this moment."""

    def work(session: Session) -> None:
        known = {feed.name: feed for feed in slot_lists.feeds(session)}
        for name, owner, facility_id, rooms, hours in FEEDS:
            is_again = name in known
            feed = known.get(name) or slot_lists.put_feed(
                session, slot_lists.new_feed(name, "csv", owner, at)
            )
            times = list(_times(at.astimezone(JST).date(), hours))
            saturday = next(start for start, _ in times if start.weekday() == _SATURDAY)
            is_given_back = is_again and not slot_lists.is_known_free(session, feed, saturday)
            found = [
                slots.Slot(
                    facility_id,
                    room,
                    start,
                    end,
                    int(is_given_back if start == saturday else (start.day + start.hour + number) % 5 == 0),
                )
                for start, end in times
                for number, room in enumerate(rooms)
            ]
            slot_intake.take_in(session, feed, found, "", COMMAND_LINE, at)

    store.write_now(work)


def _times(today: date, hours: range) -> Iterator[tuple[datetime, datetime]]:
    for ahead in range(1, DAYS + 1):
        midnight = datetime.combine(today + timedelta(days=ahead), time(), JST)
        for hour in hours:
            yield midnight + timedelta(hours=hour), midnight + timedelta(hours=hour + hours.step)
