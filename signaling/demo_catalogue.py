"""The demo's public services: the lists of the fictional あまね県, taken in as others are."""

from datetime import datetime
from pathlib import Path

from field_assist import Store, concierge
from signaling import catalogue_intake
from signaling.accounts.access_log import COMMAND_LINE

FILES = Path(__file__).resolve().parent / "demo_files" / "catalogue"
LICENCE = "CC BY 4.0"
OWNER, OWNER_CODE = "あまね県", "990001"


def fill(store: Store, at: datetime) -> int:
    """Take in what is new or changed; how many entries. Documents and decisions are elsewhere already."""
    taken = 0
    for path in sorted(FILES.glob("*.csv")):
        origin = concierge.lists.Origin(OWNER, LICENCE, at, OWNER_CODE)
        with catalogue_intake.compare(store, path.stem, path.read_bytes(), origin) as prepared:
            if prepared.kind in concierge.entries.STAFF_ONLY:
                continue
            counts = prepared.counts
            if counts.added or counts.changed or counts.gone:
                store.write_now(
                    lambda session, of=prepared, name=path.stem: catalogue_intake.take_in(  # type: ignore[misc]
                        session, name, of, COMMAND_LINE, at, may_shrink=True
                    )
                )
                taken += counts.added + counts.changed
    return taken
