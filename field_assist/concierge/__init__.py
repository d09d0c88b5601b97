"""The concierge: which public service fits a need, always with its source. The core works without it.

`lists` reads what municipalities publish into `entries`, by the headings of `columns`, repairing `cells`, and
tells what it saw as `remarks`; `intake` compares that with the `catalogue` and takes it in.

`questions` understands what somebody needs, `search` finds what fits it in the `search_index`, by `terms` and
by `meaning`, and `ranking` says in which order and why; `sensitive` topics are caught before.
"""

from field_assist.concierge import (
    catalogue,
    cells,
    columns,
    entries,
    intake,
    lists,
    meaning,
    questions,
    ranking,
    remarks,
    search,
    search_index,
    topics,
)

__all__ = [
    "catalogue",
    "cells",
    "columns",
    "entries",
    "intake",
    "lists",
    "meaning",
    "questions",
    "ranking",
    "remarks",
    "search",
    "search_index",
    "topics",
]
