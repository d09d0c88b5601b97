"""The concierge: which public service fits a need, always with its source. The core works without it.

`lists` reads what municipalities publish into `entries`, by the headings of `columns`, repairing `cells`, and
tells what it saw as `remarks`; `intake` compares that with the `catalogue` and takes it in.
"""

from field_assist.concierge import catalogue, cells, columns, entries, intake, lists, remarks

__all__ = ["catalogue", "cells", "columns", "entries", "intake", "lists", "remarks"]
