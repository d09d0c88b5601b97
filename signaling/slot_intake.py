"""Taking in what a feed says is free, and ending at once what is told of slots that are gone.

Both happen in one transaction, and in turn with the round of notices: no mail about a slot is planned after
it was taken, and what waits in the outbox about it is withdrawn.
"""

from collections.abc import Sequence
from datetime import datetime

from field_assist import Session, concierge, exclusive
from signaling.accounts import access_log
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.mail import outbox

ROUND = "notices.round"
"""One step of the round of notices, of one node, at a time: no two find the same thing untold."""


def take_in(
    session: Session,
    feed: concierge.slot_lists.SlotFeed,
    found: Sequence[concierge.slots.Slot],
    tag: str,
    actor: Actor,
    at: datetime,
) -> concierge.slot_lists.Taken:
    """The whole list of a feed; what changed stands in the access log."""
    exclusive(session, ROUND)
    taken = concierge.slot_lists.take_in(session, feed, found, tag, at)
    end(session, taken.gone, at)
    if taken.opened or taken.gone:
        reason = f"+{taken.opened} -{len(taken.gone)}"
        access_log.append(session, Entry(actor, Action.SLOTS_TAKEN, feed.id, reason=reason), at)
    return taken


def remove(session: Session, feed: concierge.slot_lists.SlotFeed, actor: Actor, at: datetime) -> None:
    """Forget a feed: nobody can say any more what of it is free."""
    exclusive(session, ROUND)
    end(session, concierge.slot_lists.remove(session, feed), at)
    access_log.append(session, Entry(actor, Action.SLOT_FEED_REMOVED, feed.id), at)


def end(session: Session, gone: Sequence[str], at: datetime) -> None:
    """What is told of these things is over: nothing of it leaves any more. The caller holds `ROUND`."""
    if gone:
        for mailing_id in concierge.notices.end(session, gone, at):
            outbox.withdraw(session, mailing_id, at)
