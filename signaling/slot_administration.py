"""What the command line does to feeds of free slots: `genba slots set`, `import`, `list` and `remove`."""

# ruff: noqa: T201 - a command line prints

import argparse
from datetime import UTC, datetime

from field_assist import Session, Store, concierge
from signaling import slot_intake
from signaling.accounts import access_log
from signaling.accounts.access_log import COMMAND_LINE, Action, Entry

slots, slot_lists = concierge.slots, concierge.slot_lists


class NotTaken(Exception):
    """Nothing was changed; the sentence says why."""


def put(options: argparse.Namespace, store: Store, organisation: str) -> int:
    """A feed with an address, which the running server fetches from then on."""
    at = datetime.now(UTC)
    if options.every < slot_lists.LEAST_EVERY_S:
        raise NotTaken(f"--every: {slot_lists.LEAST_EVERY_S}秒より短くはできません")
    feed = _described(options, organisation, at)
    feed.address, feed.every_s = options.address, options.every

    def work(session: Session) -> None:
        kept = slot_lists.put_feed(session, feed)
        access_log.append(session, Entry(COMMAND_LINE, Action.SLOT_FEED_SET, kept.id), at)

    store.write_now(work)
    print(f"{feed.name}: {feed.every_s}秒ごとに見ます。")
    return 0


def take_in(options: argparse.Namespace, store: Store, organisation: str) -> int:
    """A list that somebody brings; raises NotTaken."""
    at = datetime.now(UTC)
    feed = _described(options, organisation, at)
    try:
        found = slots.read(options.path.read_bytes(), slots.Form(feed.form), feed.facility_id)
    except slots.SlotsFaulty as faulty:
        sentence = (
            f"{options.path.name}: {faulty.place}行目を直してください（{faulty.reason} {faulty.value}）"
        )
        raise NotTaken(sentence) from None

    def work(session: Session) -> concierge.slot_lists.Taken:
        known = [each for each in slot_lists.feeds(session) if each.name == feed.name]
        kept = known[0] if known else slot_lists.put_feed(session, feed)
        return slot_intake.take_in(session, kept, found, "", COMMAND_LINE, at)

    taken = store.write_now(work)
    print(f"{feed.name}: {len(found)}件。新しく空いた {taken.opened}件、埋まった {len(taken.gone)}件")
    return 0


def show(_options: argparse.Namespace, store: Store, _organisation: str) -> int:
    """Every feed, and how it went."""
    for feed in store.read_now(slot_lists.feeds):
        fetched = feed.fetched_at.isoformat(timespec="seconds") if feed.fetched_at else "まだ"
        print(
            f"{feed.name}\t{feed.form}\t{feed.address or '（持ち込み）'}\t{fetched}\t{feed.fault or 'よい'}"
        )
    return 0


def remove(options: argparse.Namespace, store: Store, _organisation: str) -> int:
    """Forget a feed and its slots; raises NotTaken."""
    at = datetime.now(UTC)

    def work(session: Session) -> None:
        slot_intake.remove(session, slot_lists.by_name(session, options.name), COMMAND_LINE, at)

    try:
        store.write_now(work)
    except slot_lists.FeedUnknown:
        raise NotTaken(f"{options.name}: ありません") from None
    print(f"{options.name}: やめました。")
    return 0


def _described(options: argparse.Namespace, organisation: str, at: datetime) -> concierge.slot_lists.SlotFeed:
    owner = options.owner or organisation, options.code
    feed = slot_lists.new_feed(options.name, options.form, owner, at)
    feed.facility_id, feed.licence = options.facility, options.licence
    return feed
