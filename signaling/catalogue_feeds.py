"""Lists that other organisations publish: fetched again when they are due, by a timer of the operator's.

What could not be fetched or taken in leaves the list as it was; why stands beside it for the administrator.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx

from field_assist import Session, Store, concierge
from signaling import catalogue_intake
from signaling.accounts.access_log import COMMAND_LINE

MAX_BYTES = 128 * 1024 * 1024
TIMEOUT_S = 30.0
"""Without a byte; a long list may take longer."""


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
    store: Store, rows: list[concierge.catalogue.CatalogueList], at: datetime
) -> Iterator[tuple[concierge.catalogue.CatalogueList, str]]:
    """Fetch and take in each; answers what was wrong, "" where nothing was."""
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=True, max_redirects=3) as client:
        for row in rows:
            fault = _fetch_one(store, client, row, at)
            if fault:
                store.write_now(lambda session, of=row.id, why=fault: _failed(session, of, why, at))  # type: ignore[misc]
            yield row, fault


def _fetch_one(
    store: Store, client: httpx.Client, row: concierge.catalogue.CatalogueList, at: datetime
) -> str:
    try:
        content = _content(client, row.address)
    except (httpx.HTTPError, httpx.InvalidURL):
        content = None
    if content is None:
        return "unreachable"
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


def _content(client: httpx.Client, address: str) -> bytes | None:
    """The list, or None where it is longer than any."""
    with client.stream("GET", address) as answer:
        answer.raise_for_status()
        pieces, size = [], 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > MAX_BYTES:
                return None
            pieces.append(piece)
    return b"".join(pieces)


def _failed(session: Session, list_id: str, fault: str, at: datetime) -> None:
    row = concierge.catalogue.by_id(session, list_id)
    row.fault, row.tried_at = fault, at
    session.add(row)
