"""The concierge: which public service fits a need, always with its source. The core works without it.

`following` finds what concerns a resident who follows something, `notice_plan` when they are told, and
`licence_dates` the days of a licence; `subscribers` keeps them.
"""
