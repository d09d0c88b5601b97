"""The staff list under /api, for admin: a CSV looked at and taken in, all or nothing; one row by hand.

First passwords of new accounts are answered once, to whoever takes the list in, and kept nowhere else.
"""

import asyncio
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from field_assist import Session, StaffUnknown, staff, staff_list, topics
from field_assist import people as rules
from signaling.accounts import access_log, credentials
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.api import admin_schema, schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.call_desk import Forbidden
from signaling.api.services import Services
from signaling.api.views import account_view

MAX_NEW = 100
"""New accounts of one list: each first password takes a tenth of a second. More go by the command line."""
SHOWN_ROWS, SHOWN_FAULTS = 200, 100

router = APIRouter(tags=["admin"], dependencies=[Depends(signed_in)])


class TooManyNew(Exception):
    """More new people than one request may bring; the command line takes them."""

    def __init__(self, allowed: int) -> None:
        super().__init__("too many")
        self.allowed = allowed


class WouldRunInCircles(Exception):
    """Somebody would be their own superior, by whatever way around."""


class StaffListRow(BaseModel):
    """A row that was understood; line as a spreadsheet counts it."""

    line: int
    staff_no: str
    name: str
    role: schema.StaffRole
    department: str
    is_new: bool


class StaffListFault(BaseModel):
    """One thing to put right; `reason` is a key of the web client's messages."""

    line: int
    column: str
    reason: staff_list.Reason
    value: str


class FirstPassword(BaseModel):
    """Told once."""

    staff_no: str
    name: str
    password: str


class StaffListAnswer(BaseModel):
    """What a list says, or what became of it: counts, the first rows and faults, first passwords."""

    rows: int
    new: int
    changed: int
    shown: list[StaffListRow]
    faults: list[StaffListFault]
    fault_count: int
    first_passwords: list[FirstPassword]


class StaffChangeRequest(schema.Request):
    """Superior, those who stand in, hours in words ("" for the office's), skills by key."""

    boss_id: Annotated[str, Field(max_length=40)] | None = None
    deputy_ids: Annotated[list[str], Field(max_length=10)] = Field(default_factory=list)
    hours: schema.WorkHoursText = ""
    skills: Annotated[list[str], Field(max_length=20)] = Field(default_factory=list)


@router.put("/admin/staff-list")
async def take_in_staff_list(
    request: Request,
    session: Staff,
    parts: Parts,
    address: Address,
    check: Annotated[bool, Query(description="look only, change nothing")] = True,
) -> StaffListAnswer:
    """A CSV as the body: what it says, and with `check=false` taken in, all or nothing."""
    if not rules.may_administer(session.person):
        raise Forbidden
    content, at = await request.body(), parts.clock.wall()
    known = await parts.store.read(staff.numbers)
    rows, faults = await asyncio.to_thread(staff_list.read, content, known)
    new = [row for row in rows if row.new.staff_no not in known]
    answer = _answer(rows, {row.new.staff_no for row in new}, faults)
    if faults or check:
        return answer
    if len(new) > MAX_NEW:
        raise TooManyNew(MAX_NEW)
    first = {row.new.staff_no: secrets.token_urlsafe(12) for row in new}
    hashes = await asyncio.to_thread(_hash_all, parts, first)
    actor = Actor(session.person.identity, address)
    added, changed = await parts.store.write(
        lambda database: credentials.take_in(database, rows, hashes, actor, at)
    )
    parts.directory.changed()
    told = [
        FirstPassword(staff_no=row.new.staff_no, name=row.new.name, password=first[row.new.staff_no])
        for row in new
    ]
    return answer.model_copy(update={"new": added, "changed": changed, "first_passwords": told})


@router.post("/admin/staff/{staff_id}")
async def change_staff(
    staff_id: str, body: StaffChangeRequest, session: Staff, parts: Parts, address: Address
) -> admin_schema.AdminStaffEntry:
    """Who is their superior, who stands in for them, when they work, what they know."""
    if not rules.may_administer(session.person):
        raise Forbidden
    at = parts.clock.wall()

    def work(database: Session) -> credentials.Account:
        account = credentials.account(database, parts.vault, staff_id)
        everybody = {row.id: row for row in staff.everybody(database)}
        if {staff_id, *body.deputy_ids} - everybody.keys():
            raise StaffUnknown
        if body.boss_id is not None and body.boss_id not in everybody:
            raise StaffUnknown
        _must_end(staff_id, body.boss_id, {row.id: row.boss_id for row in everybody.values()})
        skills = [key for key in body.skills if key in topics.TOPIC_KEYS]
        deputies = [each for each in dict.fromkeys(body.deputy_ids) if each != staff_id]
        staff.describe(database, account.staff, skills, body.hours)
        staff.answer_to(database, account.staff, body.boss_id, deputies)
        actor = Actor(session.person.identity, address)
        access_log.append(database, Entry(actor, Action.STAFF_CHANGED, staff_id), at)
        return credentials.account(database, parts.vault, staff_id)

    account = await parts.store.write(work)
    parts.directory.changed()
    return account_view(account)


def _must_end(staff_id: str, boss_id: str | None, bosses: dict[str, str | None]) -> None:
    seen = {staff_id}
    while boss_id is not None:
        if boss_id in seen:
            raise WouldRunInCircles
        seen.add(boss_id)
        boss_id = bosses.get(boss_id)


def _hash_all(parts: Services, first: dict[str, str]) -> dict[str, str]:
    return {number: parts.passwords.hash_now(password) for number, password in first.items()}


def _answer(rows: list[staff_list.Row], new: set[str], faults: list[staff_list.Fault]) -> StaffListAnswer:
    return StaffListAnswer(
        rows=len(rows),
        new=len(new),
        changed=0,
        shown=[
            StaffListRow(
                line=row.line,
                staff_no=row.new.staff_no,
                name=row.new.name,
                role=row.new.role.value,
                department=row.new.department,
                is_new=row.new.staff_no in new,
            )
            for row in rows[:SHOWN_ROWS]
        ],
        faults=[
            StaffListFault(line=each.line, column=each.column, reason=each.reason, value=each.value)
            for each in faults[:SHOWN_FAULTS]
        ],
        fault_count=len(faults),
        first_passwords=[],
    )
