"""Staff administration and the access log under /api, for admin; every act and every reading is logged."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from field_assist import Person, Session, calls, people
from signaling.accounts import access_log, credentials
from signaling.accounts.access_log import AccessLogRow, Action, Actor, Entry
from signaling.accounts.credentials import Account, ResetYourself
from signaling.api import admin_schema
from signaling.api import schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.call_desk import Forbidden
from signaling.api.services import Services
from signaling.api.views import account_view, log_row_view

router = APIRouter(tags=["admin"], dependencies=[Depends(signed_in)])


@router.get("/access-log")
async def read_access_log(
    session: Staff,
    parts: Parts,
    address: Address,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=access_log.PAGE_LIMIT)] = 100,
) -> admin_schema.AccessLogAnswer:
    """Rows after `after`, oldest first."""
    if not people.may_read_access_log(session.person):
        raise Forbidden
    at = parts.clock.wall()

    def work(database: Session) -> tuple[list[AccessLogRow], int]:
        rows = access_log.page(database, after, limit)
        entry = Entry(_actor(session.person, address), Action.ACCESS_LOG_READ, detail=f"after={after}")
        access_log.append(database, entry, at)
        return rows, access_log.total(database)

    rows, total = await parts.store.write(work)
    next_after = rows[-1].seq if len(rows) == limit else None
    return admin_schema.AccessLogAnswer(
        rows=[log_row_view(row) for row in rows], next_after=next_after, total=total
    )


@router.get("/admin/staff")
async def list_admin_staff(session: Staff, parts: Parts, address: Address) -> admin_schema.AdminStaffAnswer:
    """Everybody with the state of their account."""
    if not people.may_administer(session.person):
        raise Forbidden
    at = parts.clock.wall()

    def work(database: Session) -> list[Account]:
        actor = _actor(session.person, address)
        access_log.append(database, Entry(actor, Action.STAFF_LISTED), at)
        return credentials.listing(database, parts.vault)

    found = await parts.store.write(work)
    return admin_schema.AdminStaffAnswer(staff=[account_view(account) for account in found])


@router.post("/admin/staff/{staff_id}/reset-otp")
async def reset_otp(
    staff_id: str, session: Staff, parts: Parts, address: Address
) -> admin_schema.AdminStaffEntry:
    """Forget an authenticator; the person is signed out everywhere and enrols at the next sign-in."""
    if not people.may_administer(session.person):
        raise Forbidden
    if not people.may_reset_one_time_password(session.person, staff_id):
        raise ResetYourself
    at = parts.clock.wall()

    def work(database: Session) -> tuple[Account, list[str]]:
        credentials.reset_otp(database, staff_id, _actor(session.person, address), at)
        rooms = [sheet.call.id for sheet in calls.still_open(database)]
        return credentials.account(database, parts.vault, staff_id), rooms

    account, rooms = await parts.store.write(work)
    await _send_out(parts, account.staff.person(), rooms)
    return account_view(account)


@router.post("/admin/staff/{staff_id}/unlock")
async def unlock_staff(
    staff_id: str, session: Staff, parts: Parts, address: Address
) -> admin_schema.AdminStaffEntry:
    """Forget the failures of an account."""
    if not people.may_administer(session.person):
        raise Forbidden
    at = parts.clock.wall()

    def work(database: Session) -> Account:
        credentials.unlock(database, parts.vault, staff_id, _actor(session.person, address), at)
        return credentials.account(database, parts.vault, staff_id)

    return account_view(await parts.store.write(work))


async def _send_out(parts: Services, person: Person, rooms: list[str]) -> None:
    """Whoever is signed out everywhere is also out of every room and stream."""
    parts.hub.close_of(person.id)
    for room in rooms:
        await parts.rooms.remove_participant(room, person.identity)


def _actor(person: Person, address: str) -> Actor:
    return Actor(person.identity, address)
