"""Bringing lists into the catalogue, as the command line, the demo and the administrator's page do."""

from collections.abc import Collection
from datetime import datetime

from field_assist import Session, Store, concierge
from signaling.accounts import access_log
from signaling.accounts.access_log import Action, Actor, Entry


def compare(
    store: Store,
    name: str,
    content: bytes,
    origin: concierge.lists.Origin,
    noted: concierge.consistency.Consistency | None = None,
) -> concierge.intake.Prepared:
    """The list and what taking it in would do; blocks as long as it takes to read it. Close what comes."""
    row = store.read_now(lambda session: concierge.catalogue.by_name(session, name))

    def look_up(kind: concierge.entries.Kind) -> concierge.intake.KnownEntries:
        return store.read_now(lambda session: concierge.intake.known(session, kind))

    return concierge.intake.Prepared(content, origin, look_up, row, None if noted is None else noted.note)


def note_others(store: Store, noted: concierge.consistency.Consistency, brought: Collection[str]) -> None:
    """What is in the catalogue from other lists than those that are brought now."""

    def work(session: Session) -> None:
        for one in concierge.catalogue.kept(session):
            if one.list_name not in brought:
                entry = one.entry
                row = concierge.lists.Row(entry.source.owner_code, entry.entry_id, entry.facts)
                noted.note(entry.kind, row)

    store.read_now(work)


def take_in(
    session: Session,
    name: str,
    prepared: concierge.intake.Prepared,
    actor: Actor,
    at: datetime,
    *,
    may_shrink: bool,
) -> concierge.catalogue.CatalogueList:
    """As `intake.take_in`, and says so in the access log where anything changed."""
    row = concierge.intake.take_in(session, name, prepared, at, may_shrink=may_shrink)
    counts = prepared.counts
    reason = f"+{counts.added} ~{counts.changed} -{counts.gone}"
    access_log.append(session, Entry(actor, Action.CATALOGUE_TAKEN, row.id, reason=reason), at)
    return row
