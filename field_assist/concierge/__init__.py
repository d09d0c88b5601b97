"""The concierge: which public service fits a need, always with its source. The core works without it.

`lists` reads what municipalities publish into `entries`, by the headings of `columns`, repairing `cells`, and
tells what it saw as `remarks`; `intake` compares that with the `catalogue` and takes it in; `consistency`
finds what cannot all be true; `report` says both in words, and `open_data` gives it out again. `eligibility`
judges by an entry's rule and somebody's `circumstances` for whom it is meant.

`questions` understands what somebody needs, `search` finds what fits it in the `search_index`, by `terms` and
by `meaning`, and `ranking` says in which order and why; `sensitive` topics are caught before. The index is
made to `follow` the catalogue; `cards` are what residents are shown.
"""

from field_assist.concierge import (
    cards,
    catalogue,
    catalogue_people,
    cells,
    circumstances,
    columns,
    consistency,
    eligibility,
    entries,
    follow,
    intake,
    lists,
    meaning,
    open_data,
    questions,
    ranking,
    remarks,
    report,
    search,
    search_index,
    topics,
)

__all__ = [
    "cards",
    "catalogue",
    "catalogue_people",
    "cells",
    "circumstances",
    "columns",
    "consistency",
    "eligibility",
    "entries",
    "follow",
    "intake",
    "lists",
    "meaning",
    "open_data",
    "questions",
    "ranking",
    "remarks",
    "report",
    "search",
    "search_index",
    "topics",
]
