"""Lists that other organisations publish: fetched again when they are due, by a timer of the operator's.

They are called as `fetching` calls: a server in the house's own network, or without TLS, has to be named in
GENBA_FEED_ORIGINS. What could not be fetched or taken in leaves the list as it was; why stands beside it for
the administrator.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from field_assist import Session, Store, concierge
from signaling import catalogue_intake, fetching
from signaling.accounts.access_log import COMMAND_LINE

MAX_BYTES = 128 * 1024 * 1024
ANSWER_S = 30.0
"""Without a byte; a long list may take longer."""
MAX_HOPS = 3


def due(
    rows: list[concierge.catalogue.CatalogueList], at: datetime
) -> list[concierge.catalogue.CatalogueList]:
    """Those with an address of which a new one may be expected; one that failed is tried again each time."""
    return [
        row
        for row in rows
        if row.address and (row.fault or at >= row.fetched_at + timedelta(days=row.every_days))
    ]


def fetch(
    store: Store,
    rows: list[concierge.catalogue.CatalogueList],
    at: datetime,
    allowed: tuple[str, ...] = (),
) -> Iterator[tuple[concierge.catalogue.CatalogueList, str]]:
    """Fetch and take in each; answers what was wrong, "" where nothing was. `allowed`: see `fetching`."""
    for row in rows:
        fault = _fetch_one(store, row, at, allowed)
        if fault:
            store.write_now(lambda session, of=row.id, why=fault: _failed(session, of, why, at))  # type: ignore[misc]
        yield row, fault


def _fetch_one(
    store: Store, row: concierge.catalogue.CatalogueList, at: datetime, allowed: tuple[str, ...]
) -> str:
    try:
        content = asyncio.run(_content(row.address, allowed))
    except fetching.NotFetched as why:
        return "refused" if why.reason == "refused" else "unreachable"
    origin = concierge.lists.Origin(row.owner, row.licence, at, row.owner_code)
    with catalogue_intake.compare(store, row.name, content, origin) as prepared:
        try:
            store.write_now(
                lambda session: catalogue_intake.take_in(
                    session, row.name, prepared, COMMAND_LINE, at, may_shrink=False
                )
            )
        except concierge.intake.ListFaulty:
            return "faulty"
        except concierge.intake.ManyWouldGo:
            return "shrunk"
    return ""


async def _content(address: str, allowed: tuple[str, ...]) -> bytes:
    """The list; raises NotFetched. Portals lead to where their files are, a step or two."""
    async with fetching.client(ANSWER_S) as client:
        return (await fetching.fetch(client, address, allowed, MAX_BYTES, hops=MAX_HOPS)).content or b""


def _failed(session: Session, list_id: str, fault: str, at: datetime) -> None:
    row = concierge.catalogue.by_id(session, list_id)
    row.fault, row.tried_at = fault, at
    session.add(row)
