"""The concierge: which public service fits a need, always with its source. The core works without it.

`following` finds what concerns a resident who follows something, in `notice_words`; `notice_plan` says when
they are told, and `licence_dates` knows the days of a licence; `subscribers` keeps the people, and `notices`
what they are told.
"""

from field_assist.concierge import (
    entries,
    following,
    licence_dates,
    notice_plan,
    notice_words,
    notices,
    subscribers,
)

__all__ = ["entries", "following", "licence_dates", "notice_plan", "notice_words", "notices", "subscribers"]
