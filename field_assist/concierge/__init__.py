"""The concierge: which public service fits a need, always with its source. The core works without it.

`lists` reads what municipalities publish into `entries`, by the headings of `columns`, repairing `cells`, and
tells what it saw as `remarks`; `intake` compares that with the `catalogue` and takes it in; `consistency`
finds what cannot all be true; `report` says both in words, and `open_data` gives it out again. `eligibility`
judges by an entry's rule and somebody's `circumstances` for whom it is meant.
"""

from field_assist.concierge import (
    catalogue,
    catalogue_people,
    cells,
    circumstances,
    columns,
    consistency,
    eligibility,
    entries,
    intake,
    lists,
    open_data,
    remarks,
    report,
)

__all__ = [
    "catalogue",
    "catalogue_people",
    "cells",
    "circumstances",
    "columns",
    "consistency",
    "eligibility",
    "entries",
    "intake",
    "lists",
    "open_data",
    "remarks",
    "report",
]
