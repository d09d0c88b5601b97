"""Cases shared with other organisations (協力機関): who opens one to whom, and what their guests then read.

A guest who may not know of a case gets the same answer as for one that does not exist. Every reading by a
guest is a row of the access log.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import (
    CaseShare,
    CaseSheet,
    CaseUnknown,
    Guest,
    Organisation,
    OrganisationKind,
    Person,
    Session,
    Store,
    cases,
    people,
    sharing,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import case_timeline
from signaling.api.call_desk import Forbidden
from signaling.api.case_desk import CaseDesk, Done, OpenFile
from signaling.api.case_timeline import Sources
from signaling.clock import Clock


class EntryNotShareable(Exception):
    """The timeline has no such entry, or none that is ever shown to others."""


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A case as an organisation's guests read it."""

    sheet: CaseSheet
    sources: Sources


class SharingDesk:
    """One per installation; acts on cases go through the `case_desk`."""

    def __init__(self, store: Store, case_desk: CaseDesk, clock: Clock) -> None:
        self._store = store
        self._case_desk = case_desk
        self._clock = clock

    async def organisations(self, person: Person) -> list[Organisation]:
        """All organisations; raises Forbidden."""
        if not people.may_see_organisations(person):
            raise Forbidden
        return await self._store.read(sharing.everybody)

    async def add_organisation(
        self, person: Person, name: str, kind: OrganisationKind, address: str
    ) -> Organisation:
        """A new one; raises Forbidden, OrganisationExists."""
        if not people.may_add_organisation(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> Organisation:
            found = sharing.add(session, name, kind, person, at)
            access_log.acted(session, person, address, Action.ORGANISATION_ADDED, found.id, at)
            return found

        return await self._store.write(work)

    async def share(
        self, person: Person, case_id: str, organisation_id: str, days: int, address: str
    ) -> OpenFile:
        """Open a case to an organisation; the same again moves the end. Raises OrganisationUnknown."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done:
            whom = sharing.organisation(session, organisation_id)
            sharing.share(session, sheet.case, whom, person, at, at + timedelta(days=days))
            cases.happened(session, sheet.case, cases.EventKind.SHARED, person, at, whom.name)
            return Done(Action.CASE_SHARED, organisation_id)

        return await self._case_desk.act(person, case_id, address, act, rule=people.may_share_case)

    async def end(self, person: Person, case_id: str, share_id: str, address: str) -> OpenFile:
        """Close a share at once, on a closed case as well. Raises ShareUnknown."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done:
            ended: CaseShare = sharing.end(session, sheet.case, share_id, person, at)
            whom = sharing.organisation(session, ended.organisation_id)
            cases.happened(session, sheet.case, cases.EventKind.SHARE_ENDED, person, at, whom.name)
            return Done(Action.CASE_SHARE_ENDED, whom.id)

        return await self._case_desk.act(
            person, case_id, address, act, rule=people.may_change_case, even_closed=True
        )

    async def mark(
        self, person: Person, case_id: str, entry_id: str, address: str, *, is_shared: bool
    ) -> OpenFile:
        """Let the organisations read an entry, or no longer. Raises EntryNotShareable, Forbidden."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done | None:
            if not is_shared:
                taken = sharing.unmark(session, sheet.case, entry_id)
                return Done(Action.CASE_ENTRY_WITHDRAWN, entry_id) if taken else None
            if not people.may_share_case(person, sheet.facts):
                raise Forbidden
            lines = case_timeline.entries(case_timeline.read(session, sheet))
            if not any(line.id == entry_id and line.kind in case_timeline.SHAREABLE for line in lines):
                raise EntryNotShareable
            marked = sharing.mark(session, sheet.case, entry_id, person, at)
            return Done(Action.CASE_ENTRY_SHARED, entry_id) if marked else None

        return await self._case_desk.act(
            person, case_id, address, act, rule=people.may_change_case, even_closed=True
        )

    async def preview(self, person: Person, case_id: str) -> SharedFile:
        """What the organisations read of a case, for staff who may see it. Raises CaseUnknown."""

        def work(session: Session) -> SharedFile:
            sheet = cases.sheet(session, case_id)
            if not people.may_see_case(person, sheet.facts):
                raise CaseUnknown
            return SharedFile(sheet, case_timeline.read(session, sheet))

        return await self._store.read(work)

    async def shared_with(self, guest: Guest) -> tuple[str, list[CaseSheet]]:
        """The name of the guest's organisation, and what is open to it now; nothing for other guests."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[str, list[CaseSheet]]:
            if guest.organisation_id is None:
                return "", []
            whom = sharing.organisation(session, guest.organisation_id)
            found = [cases.sheet(session, case_id) for case_id in sharing.cases_of(session, whom.id, at)]
            return whom.name, [
                sheet for sheet in found if people.guest_may_see_case(guest, sheet.facts, {whom.id})
            ]

        return await self._store.read(work)

    async def read(self, guest: Guest, case_id: str, address: str) -> SharedFile:
        """One case as a guest may read it; raises CaseUnknown also for one that is not shared with them."""
        at = self._clock.wall()

        def work(session: Session) -> SharedFile:
            sheet = cases.sheet(session, case_id)
            open_to = {share.organisation_id for share in sharing.good(session, case_id, at)}
            if not people.guest_may_see_case(guest, sheet.facts, open_to):
                raise CaseUnknown
            organisation = guest.organisation_id or ""
            access_log.acted(session, guest, address, Action.CASE_READ, case_id, at, organisation)
            return SharedFile(sheet, case_timeline.read(session, sheet))

        return await self._store.write(work)
