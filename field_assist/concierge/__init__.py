"""The concierge: which public service fits a need, always with its source. The core works without it.

`lists` reads what municipalities publish into `entries`, by the headings of `columns`, repairing `cells`, and
tells what it saw as `remarks`; `intake` compares that with the `catalogue` and takes it in; `consistency`
finds what cannot all be true; `report` says both in words, and `open_data` gives it out again. `eligibility`
judges by an entry's rule and somebody's `circumstances` for whom it is meant.

`questions` understands what somebody needs, `search` finds what fits it in the `search_index`, by `terms` and
by `meaning`, and `ranking` says in which order and why; `sensitive` topics are caught before. The index is
made to `follow` the catalogue; `cards` are what residents are shown, and `showings` what a
call was shown. `proposals` are words that staff may add to こんなとき.

`following` finds what concerns a resident who follows something `listed`, in `notice_words`; `notice_plan`
says when they are told, and `licence_dates` knows the days of a licence; `slots` reads what can be booked,
and `slot_lists` keeps it; `subscribers` keeps the people, and `notices` what they are told; `law_notices`
are of changes of the law, as keepers of the catalogue write them.

Residents leaf through a `shelf` of it: by the `life_events` that bring errands, by what `recommending` says
may concern them, and by what is `trending`, of which `view_days` keeps the counts.
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
    following,
    intake,
    law_notices,
    licence_dates,
    life_events,
    listed,
    lists,
    meaning,
    notice_plan,
    notice_words,
    notices,
    open_data,
    proposals,
    questions,
    ranking,
    recommending,
    remarks,
    report,
    search,
    search_index,
    shelf,
    showings,
    slot_lists,
    slots,
    subscribers,
    topics,
    trending,
    view_days,
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
    "following",
    "intake",
    "law_notices",
    "licence_dates",
    "life_events",
    "listed",
    "lists",
    "meaning",
    "notice_plan",
    "notice_words",
    "notices",
    "open_data",
    "proposals",
    "questions",
    "ranking",
    "recommending",
    "remarks",
    "report",
    "search",
    "search_index",
    "shelf",
    "showings",
    "slot_lists",
    "slots",
    "subscribers",
    "topics",
    "trending",
    "view_days",
]
