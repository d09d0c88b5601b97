"""How long a recording is kept.

Sound and pictures that only serve to write the record go soon after it is confirmed; what is kept
as evidence goes by the classes of 文書管理規程, whose years are counted from 1 April after the fiscal year in
which the matter closed. A legal hold outlasts everything. Sans-IO.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

JST = timezone(timedelta(hours=9))
AFTER_CONFIRMATION = timedelta(days=30)
UNCONFIRMED = timedelta(days=180)
"""A record nobody confirms must not keep voices for ever."""


class Retention(StrEnum):
    """保存期間の区分."""

    RECORD = "record"  # until the record is confirmed, and a little longer
    YEAR_1 = "1y"
    YEARS_3 = "3y"
    YEARS_5 = "5y"
    YEARS_10 = "10y"
    YEARS_30 = "30y"


_YEARS = {
    Retention.YEAR_1: 1,
    Retention.YEARS_3: 3,
    Retention.YEARS_5: 5,
    Retention.YEARS_10: 10,
    Retention.YEARS_30: 30,
}


def due_at(retention: Retention, ended_at: datetime, confirmed_at: datetime | None) -> datetime:
    """When it is to be disposed of, unless somebody holds it."""
    if retention is Retention.RECORD:
        return confirmed_at + AFTER_CONFIRMATION if confirmed_at is not None else ended_at + UNCONFIRMED
    local = ended_at.astimezone(JST)
    first_april = local.year + (local.month >= 4)
    return datetime(first_april + _YEARS[retention], 4, 1, tzinfo=JST).astimezone(UTC)
