"""The concierge: which public service fits a need, always with its source. The core works without it.

`lists` reads what municipalities publish into `entries`, by the headings of `columns`, repairing `cells`, and
tells what it saw as `remarks`.
"""

from field_assist.concierge import cells, columns, entries, lists, remarks

__all__ = ["cells", "columns", "entries", "lists", "remarks"]
