"""The words of the administration, accounts and access log: what `schema` is for the rest."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from signaling.api.schema import Person


class AdminStaffEntry(Person):
    """A row of the staff administration."""

    disabled: bool
    enrolled: bool
    locked_until: datetime | None
    last_signed_in_at: datetime | None
    recovery_codes_left: int
    hours: str
    boss_id: str | None
    deputy_ids: list[str]


class AdminStaffAnswer(BaseModel):
    """GET /api/admin/staff."""

    staff: list[AdminStaffEntry]


class AccessLogRow(BaseModel):
    """One row of the hash-chained access log; ids only, names are looked up by the reader."""

    seq: int
    at: datetime
    actor: str
    address: str
    action: str
    object: str
    result: Literal["ok", "refused"]
    reason: str
    detail: str
    prev_hash: str
    hash: str


class AccessLogAnswer(BaseModel):
    """Rows with `seq` greater than `after`, and the `after` of the next page (null at the end)."""

    rows: list[AccessLogRow]
    next_after: int | None
    total: int
